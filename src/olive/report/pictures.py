"""The report's two pictures as files: shares and targets, and the distribution of income."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from olive.errors import DataError
from olive.native.files import write_bytes
from olive.report.build import Report
from olive.report.chart_frame import checked_chart, figure_bytes
from olive.report.charts import draw_shares, income_distribution

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from olive.places.labels import Language

    _Draw = Callable[[Report, Axes, Language], None]

_WIDTH, _SHARES_HEIGHT, _DISTRIBUTION_HEIGHT = 6.4, 4.4, 3.6  # inches


def write_chart(report: Report, path: Path, language: Language) -> None:
    """Write both pictures, one above the other, to one file.

    Raises
    ------
    DataError
        For an ending that charts cannot be written in.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy

    ending = checked_chart(path)
    drawn = _pictures(report)
    if not drawn:
        raise DataError("there is no picture of a streamed population without brackets of income")
    heights = [height for _, height, _ in drawn]
    figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    axes = figure.subplots(len(drawn), 1, height_ratios=heights, squeeze=False)[:, 0]
    for each, (_, _, draw) in zip(axes, drawn, strict=True):
        draw(report, each, language)
    write_bytes(path, figure_bytes(figure, ending))


def pictures_as_svg(report: Report, language: Language) -> dict[str, str]:
    """Return both pictures as SVG elements, by name; letters are shapes, so no font is needed."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy

    found = {}
    for name, height, draw in _pictures(report):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(report, figure.subplots(), language)
        text = figure_bytes(figure, "svg").decode("utf-8")
        found[name] = text[text.index("<svg") :]
    return found


def _pictures(report: Report) -> list[tuple[str, float, _Draw]]:
    """Return name, height and drawing of each picture; shares only where there are brackets.

    Of a streamed population there is no picture that needs every household.
    """
    found: list[tuple[str, float, _Draw]] = []
    if report.place.brackets_shown():
        found.append(("shares", _SHARES_HEIGHT, _draw_shares))
    if not report.streamed:
        found.append(("distribution", _DISTRIBUTION_HEIGHT, _draw_distribution))
    return found


def _draw_shares(report: Report, axes: Axes, language: Language) -> None:
    before, after = _sides(report)
    labels, doubt = (before, after, *report.reforms), report.doubt
    draw_shares(
        report.targets, report.result, labels, after, axes=axes, language=language, doubt=doubt
    )


def _sides(report: Report) -> tuple[str, str]:
    """Return the policies before and after of what the report is about."""
    return report.effects[0].before, report.effects[0].after


def _draw_distribution(report: Report, axes: Axes, language: Language) -> None:
    income_distribution(report.result, axes=axes, language=language, policies=_sides(report))
