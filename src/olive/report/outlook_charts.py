"""Charts of what it would take and when: years, the frontier of cost, room for inequality."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from olive.analysis.bracket_rule import check_definition
from olive.places.labels import Language
from olive.report.chart_frame import (
    GREY,
    HIGHER,
    LOWER,
    axes_beside,
    axes_for,
    finished,
    finished_beside,
)
from olive.report.charts import drawable
from olive.report.words import word_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from olive.analysis.table import Table

_COLOURS = (LOWER, HIGHER, "#6a994e", "#7b5ea7")
_WORDS = {
    "in_force": ("现行", "in force"),
    "range": ("假设区间（5%—95%）", "assumption range (5 % to 95 %)"),
    "target": ("目标", "target"),
    "published": ("公布", "published"),
    "shares": ("比例（%）", "share, %"),
    "cost": ("公共成本（亿{money}）", "public cost, 100 million {money}"),
    "largest_gini": ("可容许的最大基尼系数", "largest Gini coefficient"),
    "of_target": ("占目标的百分比", "% of the target"),
}
_word = partial(word_of, _WORDS)


def year_by_year(table: Table, definition: str = "household", language: Language = "en") -> Axes:
    """Draw the plan's indicators over the years, with targets, doubt and what was published.

    Parameters
    ----------
    table : Table
        From `olive.project`.
    definition : str
        Of the shares.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.

    Returns
    -------
    matplotlib Axes
        Of the shares, on the left; income per head stands beside them in the figure.
    """
    check_definition(definition)
    language = drawable(language)
    frame = table.frame
    left, right = axes_beside(2, 6)
    shares = frame[(frame["unit"] == "1") & (frame["definition"] == definition)]
    for axes, rows, scale in ((left, shares, 100.0), (right, frame[frame["unit"] != "1"], 1.0)):
        groups = rows.groupby("indicator", sort=False)
        for colour, (name, own) in zip(_COLOURS, groups, strict=False):
            years = own["year"].astype(int).to_numpy()
            label = table.words["indicator"][str(name)].in_language(language)
            axes.plot(years, scale * own["plan"], color=colour, label=label, marker=".")
            axes.plot(years, scale * own["in_force"], color=colour, linestyle=":")
            low, high = (scale * own[f"plan_{end}"].to_numpy() for end in ("low", "high"))
            axes.fill_between(years, low, high, color=colour, alpha=0.25, linewidth=0.0)
            axes.axhline(scale * own["target"].iloc[0], color=colour, linestyle="--", linewidth=0.9)
            seen = own["observed"].notna()
            if seen.any():
                label = _word("published", language)
                axes.plot(years[seen], own.loc[seen, "observed"], "kx", label=label)
        axes.locator_params(axis="x", integer=True)
    left.plot([], [], color=GREY, linestyle="--", label=_word("target", language))
    left.plot([], [], color=GREY, linestyle=":", label=_word("in_force", language))
    left.fill_between([], [], color=GREY, alpha=0.25, label=_word("range", language))
    counted = table.words["definition"][definition].in_language(language)
    left.set_ylabel(f"{_word('shares', language)} · {counted}")
    (unit,) = frame.loc[frame["unit"] != "1", "unit"].unique()
    right.set_ylabel(table.words["unit"][str(unit)].in_language(language))
    right.yaxis.set_major_formatter("{x:,.0f}")
    return finished_beside((left, right), table, language)


def frontier(table: Table, targets: Table, language: Language = "en") -> Axes:
    """Draw how near the cheapest policies come to each target, over their public cost.

    Parameters
    ----------
    table, targets : Table
        ``frontier`` and ``targets`` of what `olive.reach` found.
    """
    language = drawable(language)
    axes = axes_for(8)
    cost = table.frame["cost"] / 1e8
    rows = targets.frame[["indicator", "target"]].itertuples(index=False)
    for colour, (indicator, target) in zip(_COLOURS, rows, strict=False):
        label = targets.words["indicator"][str(indicator)].in_language(language)
        share = 100.0 * table.frame[str(indicator)] / target
        axes.plot(cost, share, color=colour, marker=".", label=label)
    axes.axhline(100.0, color=GREY, linestyle="--", label=_word("target", language))
    axes.set_xlabel(_word("cost", language, money=table.unit_of("cost", language)))
    axes.set_ylabel(_word("of_target", language))
    return finished(axes, table, language)


def room_for_inequality(table: Table, language: Language = "en") -> Axes:
    """Draw how unequal incomes may be for each share, and for both, over the household's size.

    Parameters
    ----------
    table : Table
        From ``olive.feasibility().by_size()``.
    """
    language = drawable(language)
    axes = axes_for(8)
    groups = table.frame.groupby("bracket", sort=False)
    for colour, (name, rows) in zip(_COLOURS, groups, strict=False):
        label = table.words["bracket"][str(name)].in_language(language)
        if name == "both":
            axes.fill_between(rows["size"], 0.0, rows["gini"], color=GREY, alpha=0.2, label=label)
        else:
            axes.plot(rows["size"], rows["gini"], color=colour, marker=".", label=label)
    axes.set_xlabel(table.labels["size"].in_language(language))
    axes.set_ylabel(_word("largest_gini", language))
    axes.set_ylim(bottom=0.0)
    return finished(axes, table, language)
