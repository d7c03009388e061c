"""Charts of what the parts of a reform do: contributions, crossings, interactions, cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.coalitions import TOGETHER
from olive.analysis.uncertainty_views import of_indicator
from olive.errors import DataError, nearest
from olive.places.labels import Label, Language
from olive.report.chart_frame import (
    GAIN,
    GREY,
    HIGHER,
    LOSS,
    LOWER,
    axes_beside,
    axes_for,
    finished,
    finished_beside,
    in_rows,
    note,
    short,
)
from olive.report.charts import drawable, use_font
from olive.report.words import word_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from olive.analysis.table import Table

_WORDS = {
    "points": ("百分点", "percentage points"),
    "up": ("增加", "adds"),
    "down": ("减少", "takes away"),
    "together": ("合计", "together"),
    "bound": ("在{bound:,.0f}界线处（净）", "at the bound of {bound:,.0f}, net"),
    "interaction": ("交互作用（{unit}）", "interaction, {unit}"),
    "cost": ("公共成本（亿{money}）", "public cost, 100 million {money}"),
    "thousands": ("{name}（千户）", "{name}, thousands"),
    "range": ("假设区间（5%—95%）", "assumption range (5 % to 95 %)"),
}
_word = partial(word_of, _WORDS)
#: Decimals of an interaction: of points for shares, of pure numbers such as the Gini.
_DIGITS = {"1": 3, "ratio": 5}


def contributions(
    table: Table,
    indicator: str = "share_10_50",
    definition: str = "household",
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what each part contributes to the change of an indicator, one step after the other.

    Parameters
    ----------
    table : Table
        From `olive.attribute`.
    indicator, definition : str
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.
    """
    language = drawable(language)
    view = of_indicator(table, indicator, definition)
    rows = view.frame[view.frame["part"] != TOGETHER]
    is_share = view.units["contribution"] == "1"
    steps = rows["contribution"].to_numpy() * (100.0 if is_share else 1.0)
    axes = axes or axes_for(len(rows) + 1)
    ends = np.cumsum(steps)
    names = [*(_named(table, part, language) for part in rows["part"]), _word("together", language)]
    for key, colour, chosen in (("up", GAIN, steps >= 0.0), ("down", LOSS, steps < 0.0)):
        at = np.flatnonzero(chosen)
        axes.barh(at, steps[at], left=(ends - steps)[at], color=colour, label=_word(key, language))
    if "error" in rows:
        error = rows["error"].to_numpy() * (100.0 if is_share else 1.0)
        axes.errorbar(ends, range(len(rows)), xerr=error, fmt="none", ecolor="black", capsize=2)
    _total(axes, float(ends[-1]), len(rows))
    _lines_between(axes, ends)
    in_rows(axes, [short(each) for each in names])
    unit = _word("points", language) if is_share else view.unit_of("contribution", language)
    axes.set_xlabel(unit)
    return finished(axes, view, language)


def crossing_waterfall(
    table: Table, share: str = "share_10_50", axes: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw the ledger of one share: what each part takes in and out over its two bounds.

    Parameters
    ----------
    table : Table
        From `olive.crossings_by_part`.
    share : str
        For example ``"share_20_60"``.
    axes, language
        See `contributions`.

    Raises
    ------
    DataError
        When the table has no such share.
    """
    language = drawable(language)
    frame, column = table.frame, f"effect_on_{share}"
    effects = [str(each) for each in frame.columns if str(each).startswith("effect_on_")]
    known = [each.removeprefix("effect_on_") for each in effects]
    if share not in known:
        raise DataError("no share {share!r}{hint}", share, nearest(share, known))
    single = frame[frame["part"] != TOGETHER]
    parts = list(dict.fromkeys(single["part"]))
    bounds = sorted(set(frame.loc[frame[column] != 0.0, "threshold"]))
    axes = axes or axes_for(len(parts) + 1, 0.5)
    reached, ends = 0.0, []
    for place, part in enumerate(parts):
        own = single[single["part"] == part].set_index("threshold")[column]
        for bound, colour, shift in zip(bounds, (LOWER, HIGHER), (-0.2, 0.2), strict=False):
            step = 100.0 * float(own[bound])
            label = _word("bound", language, bound=bound) if not place else None
            axes.barh(place + shift, step, 0.38, left=reached, color=colour, label=label)
            reached += step
        ends.append(reached)
    _total(axes, reached, len(parts))
    _lines_between(axes, np.array(ends))
    names = [*(_named(table, each, language) for each in parts), _word("together", language)]
    in_rows(axes, [short(each) for each in names])
    effect, points = table.labels[column].in_language(language), _word("points", language)
    axes.set_xlabel(f"{effect}（{points}）" if language == "zh" else f"{effect} ({points})")
    return finished(axes, table, language)


def interaction_map(
    table: Table,
    indicator: str = "share_10_50",
    definition: str = "household",
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw how much more each two parts do together than one by one, as a map.

    Parameters
    ----------
    table : Table
        From `olive.interactions`.
    indicator, definition, axes, language
        See `contributions`.
    """
    language = drawable(language)
    view = of_indicator(table, indicator, definition)
    rows = view.frame
    parts = list(dict.fromkeys([*rows["part"], *rows["other"]]))
    is_share = view.units["interaction"] == "1"
    cells = np.full((len(parts), len(parts)), np.nan)
    for part, other, value in rows[["part", "other", "interaction"]].itertuples(index=False):
        one, two = parts.index(part), parts.index(other)
        cells[one, two] = cells[two, one] = value * (100.0 if is_share else 1.0)
    axes = axes or axes_for(len(parts), 0.5)
    top = float(np.nanmax(np.abs(cells), initial=0.0)) or 1.0
    drawn = axes.imshow(cells, cmap="PuOr", vmin=-top, vmax=top, aspect="auto")
    digits = _DIGITS.get(view.units["interaction"], 0)
    for (one, two), value in np.ndenumerate(cells):
        if one != two:
            ink = "white" if abs(value) > 0.7 * top else "black"
            text = f"{round(value, digits) + 0.0:.{digits}f}"
            axes.text(two, one, text, ha="center", va="center", fontsize=7, color=ink)
    names = [short(_named(table, each, language)) for each in parts]
    axes.set_xticks(range(len(parts)), names, rotation=30, ha="right", fontsize=8)
    axes.set_yticks(range(len(parts)), names, fontsize=8)
    unit = _word("points", language) if is_share else view.unit_of("interaction", language)
    bar = axes.figure.colorbar(drawn, ax=axes)
    bar.set_label(_word("interaction", language, unit=unit))
    use_font(bar.ax, language)
    return finished(axes, view, language, legend=None)


def cost_and_effect(table: Table, language: Language = "en") -> Axes:
    """Draw the public cost of each measure beside the households that it takes over the bound.

    Parameters
    ----------
    table : Table
        From `olive.cost_effectiveness`.
    language : {"zh", "en"}

    Returns
    -------
    matplotlib Axes
        Of the cost, on the left; those of the households stand beside them in the figure.
    """
    language = drawable(language)
    frame = table.frame
    over = next(str(each) for each in frame.columns if str(each).startswith("over_"))
    left, right = axes_beside(2, len(frame))
    name = table.labels[over].in_language(language)
    cost = _word("cost", language, money=table.unit_of("public_cost", language))
    for axes, column, unit, colours, label in (
        (left, "public_cost", 1e8, (GREY, GREY), cost),
        (right, over, 1e3, (LOSS, GAIN), _word("thousands", language, name=name)),
    ):
        values = frame[column].to_numpy() / unit
        axes.barh(range(len(frame)), values, color=[colours[int(each > 0.0)] for each in values])
        low, high = (frame[f"{column}_{end}"].to_numpy() / unit for end in ("low", "high"))
        if np.isfinite(low).any():
            axes.hlines(range(len(frame)), low, high, color="black", label=_word("range", language))
        axes.axvline(0.0, color="black", linewidth=0.8)
        axes.use_sticky_edges = False
        axes.set_xlabel(label)
    labels = table.words["measure"]
    in_rows(left, [short(labels[each].in_language(language)) for each in frame["measure"]])
    right.tick_params(labelleft=False)
    right.set_ylim(left.get_ylim())
    return finished_beside((left, right), table, language)


def _total(axes: Axes, value: float, row: int) -> None:
    axes.barh(row, value, color=GREY)
    side, shift = ("left", 4) if value >= 0 else ("right", -4)
    note(axes, f"{value:+,.4g}", (value, row), shift, ha=side)


def _lines_between(axes: Axes, ends: NDArray[np.float64]) -> None:
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.vlines(ends, np.arange(len(ends)), np.arange(len(ends)) + 1.0, colors=GREY, linewidth=0.6)
    axes.use_sticky_edges = False  # a bar does not end at the frame
    axes.margins(x=0.12)


def _named(table: Table, part: str, language: Language) -> str:
    return table.words["part"].get(part, Label(part, part)).in_language(language)
