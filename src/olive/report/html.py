"""The report as one HTML file that needs nothing else and prints well."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from olive.native.files import write_text
from olive.report.page import page
from olive.report.pictures import pictures_as_svg
from olive.report.words import word

if TYPE_CHECKING:
    from jinja2 import Template

    from olive.places.labels import Language
    from olive.report.build import Report


def write_html(
    report: Report,
    path: Path,
    language: Language,
    *,
    detail: bool = False,
    every_assumption: bool = False,
) -> None:
    """Write the page of the terminal, with both pictures, as one HTML file.

    Styles and pictures are inside the file: it loads nothing, runs no script, and can be sent and
    printed as it is.

    Parameters
    ----------
    language : {"zh", "en"}
    detail, every_assumption : bool
        As in `olive.report.text.print_report`.
    """
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    # SVG drawn by matplotlib, which escapes every text in it.
    drawn = pictures_as_svg(report, language)
    text = _template().render(
        page=page(report, language, detail=detail, every_assumption=every_assumption),
        language=language,
        pictures={name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704
        pictures_of={"targets": list(drawn)},
        captions={name: word(f"picture_{name}", language) for name in drawn},
    )
    write_text(path, text)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - heavy

    environment = Environment(
        loader=PackageLoader("olive.report"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html")
