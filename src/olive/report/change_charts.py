"""Charts of why a distribution changed: parts of a change, growth and density at each rank."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from olive.places.labels import Label, Language
from olive.report.chart_frame import GAIN, GREY, HIGHER, LOWER, axes_beside, finished_beside, short
from olive.report.charts import drawable
from olive.report.words import word_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from olive.analysis.table import Table

_COLOURS = (LOWER, HIGHER, GAIN)
_LONGEST = 32  # letters of a label's line: axes that stand beside each other are narrow
_KEYS = ("indicator", "definition", "line", "unit")
_LEVELS = ("before", "after", "change")
_WORDS = {
    "points": ("百分点", "percentage points"),
    "growth": ("增长（%）", "growth, %"),
    "interval": ("95%区间", "95 % interval"),
    "as_before": ("与之前相同", "as before"),
}
_word = partial(word_of, _WORDS)


def parts_of_change(table: Table, language: Language = "en") -> Axes:
    """Draw the parts of each indicator's change, stacked from 0; a mark shows the whole change.

    Parameters
    ----------
    table : Table
        From `olive.growth_and_shape` or `olive.decompose`.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.

    Returns
    -------
    matplotlib Axes
        Of the shares; incomes stand beside them in the figure.
    """
    language = drawable(language)
    frame = table.frame
    shares, money = frame[frame["unit"] == "1"], frame[~frame["unit"].isin(["1", "ratio"])]
    left, right = axes_beside(2, len(shares), 0.36)
    for axes, rows, scale in ((left, shares, 100.0), (right, money, 1.0)):
        _stacked(axes, table, rows, scale, language)
    left.set_xlabel(_word("points", language))
    right.set_xlabel(table.words["unit"][str(money["unit"].iloc[0])].in_language(language))
    right.xaxis.set_major_formatter("{x:,.0f}")
    right.locator_params(axis="x", nbins=5)
    return finished_beside((left, right), table, language)


def _stacked(
    axes: Axes, table: Table, rows: pd.DataFrame, scale: float, language: Language
) -> None:
    """Stack what adds to the right of 0 and what takes away to the left."""
    parts = [name for name in rows.columns if name not in (*_KEYS, *_LEVELS)]
    places = np.arange(len(rows))
    more, less = np.zeros(len(rows)), np.zeros(len(rows))
    for colour, part in zip(_COLOURS, parts, strict=False):
        label = table.labels[part].in_language(language)
        steps = scale * rows[part].to_numpy()
        start = np.where(steps > 0.0, more, less)
        axes.barh(places, steps, left=start, color=colour, label=label, height=0.7)
        more, less = more + np.maximum(steps, 0.0), less + np.minimum(steps, 0.0)
    whole = table.labels["change"].in_language(language)
    axes.plot(scale * rows["change"], places, "k|", markersize=13, label=whole)
    axes.set_yticks(places, [_named(table, row, language) for row in rows.to_dict("records")])
    axes.tick_params(axis="y", labelsize=7)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.use_sticky_edges = False  # the mark of the whole change stands off the frame
    axes.invert_yaxis()


def _named(table: Table, row: Mapping[Hashable, Any], language: Language) -> str:
    indicator, counted = (table.words[key][row[key]].in_language(language) for key in _KEYS[:2])
    line = "" if np.isnan(row["line"]) else f" · {row['line']:,.0f}"
    return f"{short(indicator, _LONGEST)}\n{counted}{line}"


def growth_of_ranks(growth: Table, relative: Table, language: Language = "en") -> Axes:
    """Draw the growth incidence curve, and beside it the relative distribution.

    Parameters
    ----------
    growth, relative : Table
        From ``olive.compare(...)``: ``growth_incidence()`` and ``relative_distribution()``.

    Returns
    -------
    matplotlib Axes
        Of the growth; the relative distribution stands beside it in the figure.
    """
    language = drawable(language)
    left, right = axes_beside(2, 7)
    rows = growth.frame
    left.plot(100.0 * rows["rank"], 100.0 * rows["growth"], color=GAIN, marker=".")
    if "growth_low" in rows:
        low, high = (100.0 * rows[f"growth_{end}"] for end in ("low", "high"))
        word = _word("interval", language)
        left.fill_between(100.0 * rows["rank"], low, high, color=GAIN, alpha=0.25, label=word)
    left.axhline(0.0, color=GREY, linewidth=0.8)
    left.set_ylabel(_word("growth", language))
    rows = relative.frame
    width = 100.0 / len(rows)
    middles = 100.0 * rows["rank"] - width / 2.0
    density, shape = (relative.labels[name].in_language(language) for name in ("density", "shape"))
    heights = rows["density"].to_numpy()
    right.bar(middles, heights - 1.0, bottom=1.0, width=0.9 * width, color=LOWER, label=density)
    if "density_low" in rows:
        reach = np.abs(rows[["density_low", "density_high"]].to_numpy().T - heights)
        word = _word("interval", language)
        right.errorbar(middles, heights, reach, fmt="none", ecolor=GREY, capsize=2, label=word)
    right.plot(middles, rows["shape"], color=HIGHER, marker=".", label=shape)
    right.axhline(1.0, color=GREY, linestyle="--", label=_word("as_before", language))
    right.set_ylabel(density)
    for axes in (left, right):
        axes.set_xlabel(_RANK.in_language(language))
        axes.set_xlim(0.0, 100.0)
    return finished_beside((left, right), growth, language)


_RANK = Label("位次（其下人口，%）", "rank: % of persons below")
