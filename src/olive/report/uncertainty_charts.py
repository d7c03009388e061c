"""Charts of `olive.uncertainty`: a tornado, ranges of the changes, shares of the variance."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.uncertainty_tables import ASSUMPTION
from olive.analysis.uncertainty_views import of_indicator
from olive.analysis.words import DEFINITION_LABELS
from olive.places.labels import Language
from olive.report.chart_frame import HIGHER, LOWER, axes_for, finished, short
from olive.report.charts import drawable
from olive.report.words import word_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from olive.analysis.table import Table
    from olive.report.chart_frame import Corner

_WORDS = {
    "change": ("方案引起的变化（{unit}）", "what the plan changes, {unit}"),
    "points": ("方案引起的变化（百分点）", "what the plan changes, percentage points"),
    "low": ("取低端（条款：去掉）", "low end (clause: left out)"),
    "high": ("取高端（条款：包含）", "high end (clause: in)"),
    "clause": ("条款：", "clause: "),
    "switch": ("开关：", "switch: "),
    "open_lever": ("未定措施：", "open: "),
    "range": ("5%—95%分位", "5 % to 95 % of the draws"),
    "median": ("中位", "median"),
    "stands": ("各数取设定值", "figures as they stand"),
    "first_order": ("一阶指数", "first-order index"),
    "total": ("总指数", "total index"),
    "variance": ("占变化方差的比例", "share of the variance of the change"),
}
_word = partial(word_of, _WORDS)


def fitting_chart(table: Table, indicator: str, definition: str, language: Language = "en") -> Axes:
    """Draw the chart that fits a table of `olive.uncertainty`.

    Parameters
    ----------
    indicator, definition : str
        Whose change a tornado or Sobol indices are for.
    """
    if "total" in table.frame:
        return variance_shares(table, indicator, definition, language=language)
    if "swing" in table.frame:
        return tornado(table, indicator, definition, language=language)
    return change_ranges(table, language=language)


def tornado(
    table: Table,
    indicator: str = "per_capita_income",
    definition: str = "persons",
    axes: Axes | None = None,
    language: Language = "en",
    *,
    most: int = 12,
) -> Axes:
    """Draw how far assumptions, then clauses, move the change of an indicator, largest on top.

    Parameters
    ----------
    table : Table
        From ``olive.uncertainty(..., method="one_at_a_time")``.
    indicator, definition : str
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.
    most : int
        Bars of each kind.
    """
    language = drawable(language)
    view = of_indicator(table, indicator, definition, most=most)
    scale = _scale(table, indicator)
    whole = table.frame
    standing = whole[(whole["indicator"] == indicator) & (whole["definition"] == definition)]
    middle = scale * float(standing["change"].iloc[0])
    rows = view.frame[view.frame["swing"] > 0].sort_values(
        ["kind", "swing"], ascending=[False, True], kind="stable", ignore_index=True
    )
    axes = axes or axes_for(len(rows))
    for end, colour in (("low", LOWER), ("high", HIGHER)):
        width = scale * rows[f"change_at_{end}"] - middle
        axes.barh(rows.index, width, left=middle, color=colour, label=_word(end, language))
    axes.axvline(middle, color="black", linewidth=1)
    axes.axvline(0.0, color="black", linewidth=0.8, linestyle="dotted")
    names = [
        ("" if kind == ASSUMPTION else _word(kind, language))
        + short(view.words["name"][name].in_language(language))
        for kind, name in zip(rows["kind"], rows["name"], strict=True)
    ]
    axes.set_yticks(rows.index, names, fontsize=8)
    axes.set_xlabel(_change(table, indicator, language))
    return _finished(axes, view, language)


def change_ranges(table: Table, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw between what the joint draws put the change of each share, with zero marked.

    One axis has one unit, percentage points: amounts of money and pure numbers such as the Gini
    stand in the table, and `tornado` draws each of them alone.

    Parameters
    ----------
    table : Table
        From ``olive.uncertainty(..., method="joint")``.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    language = drawable(language)
    frame = table.frame
    rows = frame[frame["unit"] == "1"].iloc[::-1].reset_index(drop=True)
    axes = axes or axes_for(len(rows))
    low, high = (100 * rows[name] for name in ("change_low", "change_high"))
    axes.barh(rows.index, high - low, left=low, color="#cccccc", label=_word("range", language))
    for name, key, marker, colour, size in (
        ("change_median", "median", "|", "black", 12),
        ("change", "stands", "o", HIGHER, 5),
    ):
        label = _word(key, language)
        axes.plot(100 * rows[name], rows.index, marker, color=colour, markersize=size, label=label)
    axes.axvline(0.0, color="black", linewidth=0.8, linestyle="dotted")
    named = rows[["indicator", "definition", "line"]].itertuples(index=False)
    names = [
        table.words["indicator"][indicator].in_language(language)
        + f"\n{DEFINITION_LABELS[definition].in_language(language)}"
        + ("" if np.isnan(line) else f" {line:,.0f}")
        for indicator, definition, line in named
    ]
    axes.set_yticks(rows.index, names, fontsize=8)
    axes.set_xlabel(_word("points", language))
    return _finished(axes, table, language)


def variance_shares(
    table: Table,
    indicator: str = "per_capita_income",
    definition: str = "persons",
    axes: Axes | None = None,
    language: Language = "en",
    *,
    most: int = 12,
) -> Axes:
    """Draw first-order and total Sobol indices with their errors, largest on top.

    Parameters
    ----------
    table : Table
        From ``olive.uncertainty(..., method="sobol")``.
    indicator, definition, axes, language, most
        See `tornado`.
    """
    language = drawable(language)
    view = of_indicator(table, indicator, definition, most=most)
    rows = view.frame.iloc[::-1].reset_index(drop=True)
    axes = axes or axes_for(len(rows))
    for name, shift, colour in (("total", 0.2, HIGHER), ("first_order", -0.2, LOWER)):
        at, error, label = rows.index + shift, rows[f"{name}_error"], _word(name, language)
        axes.barh(at, rows[name], height=0.38, xerr=error, color=colour, label=label)
    names = [short(view.words["name"][each].in_language(language)) for each in rows["name"]]
    axes.set_yticks(rows.index, names, fontsize=8)
    axes.set_xlabel(_word("variance", language))
    return _finished(axes, view, language, legend="lower right")


def _change(table: Table, indicator: str, language: Language) -> str:
    """Return what a change of an indicator is in."""
    units = table.frame.loc[table.frame["indicator"] == indicator, "unit"]
    if (units == "1").any():
        return _word("points", language)
    unit = table.words["unit"][str(units.iloc[0])].in_language(language)
    return _word("change", language, unit=unit)


def _scale(table: Table, indicator: str) -> float:
    """Return 100 for shares, which are shown in points."""
    units = table.frame.loc[table.frame["indicator"] == indicator, "unit"]
    return 100.0 if (units == "1").any() else 1.0


def _finished(axes: Axes, table: Table, language: Language, *, legend: Corner = "best") -> Axes:
    axes.use_sticky_edges = False  # a bar does not end at the frame
    axes.margins(x=0.03, y=0.01)
    return finished(axes, table, language, legend=legend)
