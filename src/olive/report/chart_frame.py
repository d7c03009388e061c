"""What charts of tables have in common: axes, title and legend, short labels, and their file."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from olive.errors import DataError
from olive.messages import joined
from olive.native.files import write_bytes
from olive.places.labels import Label, Language
from olive.report.charts import use_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from olive.analysis.table import Table

Corner = Literal["lower right", "upper right", "upper left", "best"]
FORMATS = ("svg", "png", "pdf")
LOWER, HIGHER = "#6b8fb5", "#d98a4a"
GAIN, LOSS, GREY = "#6a994e", "#bc4749", "#555555"
_LONGEST, _TITLE = 46, 84  # characters of a line: of a label, of the title
_LEGEND_COLUMNS = 4
_SYNTHETIC = Label("——合成数据", " - synthetic data")


def axes_for(rows: int, height: float = 0.34) -> Axes:
    """Return axes of a new figure with room for some rows."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    _, axes = plt.subplots(figsize=(9.5, max(3.0, 1.4 + height * rows)), layout="constrained")
    return axes


def axes_beside(number: int, rows: int, height: float = 0.34) -> tuple[Axes, ...]:
    """Return axes that stand beside each other in a new figure with room for some rows."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    size = (9.5, max(3.0, 1.6 + height * rows))
    _, axes = plt.subplots(1, number, figsize=size, layout="constrained")
    return tuple(axes)


def axes_below(heights: Sequence[float], height: float) -> tuple[Axes, ...]:
    """Return axes that stand below each other in a new figure, each so many rows high."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    size = (9.5, max(3.0, 1.6 + height * sum(heights)))
    figure = plt.figure(figsize=size, layout="constrained")
    axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights)
    return tuple(axes[:, 0])


def finished(
    axes: Axes, table: Table, language: Language, *, legend: Corner | None = "best"
) -> Axes:
    """Set the title of a table, a legend and a font that has the language."""
    axes.set_title(_title(table, language), loc="left", fontsize=10)
    if legend is not None and axes.get_legend_handles_labels()[0]:
        axes.legend(edgecolor="none", framealpha=0.9, loc=legend, fontsize=8)
    use_font(axes, language)
    return axes


def finished_beside(every: Sequence[Axes], table: Table, language: Language) -> Axes:
    """Set title and legend of axes that share a figure; return the first of them.

    The legend is one for all of them, below, where it covers no line.
    """
    figure = every[0].figure
    figure.suptitle(_title(table, language), x=0.01, ha="left", fontsize=10)
    told = [axes.get_legend_handles_labels() for axes in every]
    handles = {label: handle for own in told for handle, label in zip(*own, strict=True)}
    if handles:
        figure.legend(
            list(handles.values()),
            list(handles),
            edgecolor="none",
            loc="outside lower center",
            ncols=_LEGEND_COLUMNS,
            fontsize=8,
        )
    use_font(figure, language)
    return every[0]


def _title(table: Table, language: Language) -> str:
    title = table.title.in_language(language)
    if table.synthetic:
        title += _SYNTHETIC.in_language(language)
    return "\n".join(textwrap.wrap(title, _TITLE if title.isascii() else _TITLE // 2))


def note(axes: Axes, text: str, at: tuple[float, float], shift: int, **style: Any) -> None:
    """Write a small text to the right of a point, or to the left for a negative shift."""
    axes.annotate(
        text, at, xytext=(shift, 0), textcoords="offset points", va="center", fontsize=8, **style
    )


def in_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows of a chart, the first on top."""
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.invert_yaxis()


def bar_starts(parts: Iterable[NDArray[np.float64]]) -> Iterator[NDArray[np.float64]]:
    """Yield where each part of stacked bars starts: what adds above 0, what takes away below.

    >>> [start.tolist() for start in bar_starts(np.array([[1.0, -1.0], [2.0, 2.0], [1.0, 1.0]]))]
    [[0.0, 0.0], [1.0, 0.0], [3.0, 2.0]]
    """
    above, below = np.zeros(1), np.zeros(1)
    for part in parts:
        yield np.where(part >= 0.0, above, below)
        above, below = above + np.maximum(part, 0.0), below + np.minimum(part, 0.0)


def short(text: str, longest: int = _LONGEST) -> str:
    """Return a label in two lines at most, so that it leaves room for the bars.

    A line has so many letters, or half as many Chinese characters.

    >>> short("Raise of pay")
    'Raise of pay'
    >>> short("a long name " * 9).count(chr(10))
    1
    """
    lines = textwrap.wrap(text, longest if text.isascii() else longest // 2)
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")


def checked_chart(path: Path) -> str:
    """Return the format that a chart's file name asks for.

    Raises
    ------
    DataError
        For an ending that charts cannot be written in.

    Examples
    --------
    >>> checked_chart(Path("shares.svg"))
    'svg'
    """
    ending = path.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise DataError(
            "{path}: a chart is written as {formats} or {formats2}; end the file's "
            "name in one of them",
            path,
            joined(FORMATS[:-1]),
            FORMATS[-1],
        )
    return ending


def write_axes(axes: Axes, path: Path) -> None:
    """Write the figure that axes stand in to a file, and close it."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = axes.figure
    assert isinstance(figure, Figure), "each chart makes a figure of its own here"
    write_bytes(path, figure_bytes(figure, checked_chart(path)))
    plt.close(figure)


def figure_bytes(figure: Figure, ending: str) -> bytes:
    """Return a figure in a format, the same bytes for the same content."""
    import matplotlib as mpl  # noqa: PLC0415 - heavy

    stream = io.BytesIO()
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(ending, {})
    with mpl.rc_context({"svg.hashsalt": "olive", "svg.fonttype": "path"}):
        figure.savefig(stream, format=ending, dpi=150, metadata=undated)
    return stream.getvalue()
