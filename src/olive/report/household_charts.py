"""Charts of what happens to households: budget lines, rates, cliffs, crossings, falling back."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from olive.places.labels import Label, Language
from olive.report.chart_frame import (
    GAIN,
    GREY,
    HIGHER,
    LOSS,
    LOWER,
    axes_below,
    axes_for,
    bar_starts,
    finished,
    finished_beside,
    in_rows,
    note,
    short,
)
from olive.report.charts import drawable, use_font
from olive.report.words import word_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from olive.analysis.table import Table

_PIECE = 8  # columns of a budget line that are not parts of the rate
_COLOURS = (LOWER, "#8a5bb0", HIGHER, GREY, "#3d8b4f", "#c9a227", "#2c6fb5", "#d5879f")
_WORDS = {
    "income": ("可支配收入（{unit}）", "disposable income, {unit}"),
    "amount": ("金额（{unit}）", "amount, {unit}"),
    "kept": ("全部留下", "if all of it were kept"),
    "cliff": ("悬崖 {loss:,.0f}", "cliff {loss:,.0f}"),
    "rate": ("边际有效税率（%）", "effective marginal rate, %"),
    "median": ("中位数", "median"),
    "p90": ("90%分位", "90 % of earners below"),
    "before_cliff": ("“悬崖”前户数（千户）", "households before the cliff, thousands"),
    "loss": ("平均损失{loss:,.0f}{unit}", "mean loss {loss:,.0f} {unit}"),
    "percent": ("%", "%"),
    "to": ("之后", "after"),
    "from": ("之前", "before"),
    "expected": (
        "预计一年跌破比例（%）；横线为概率区间",
        "expected to fall below within a year, %; lines: range of the probabilities",
    ),
}
_word = partial(word_of, _WORDS)


def budget_line(table: Table, language: Language = "en") -> Axes:
    """Draw disposable income over an amount with its cliffs, and below it the parts of the rate.

    Parameters
    ----------
    table : Table
        From `olive.budget_line`.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.

    Returns
    -------
    matplotlib Axes
        The upper ones, of income.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    language = drawable(language)
    _, (upper, lower) = plt.subplots(
        2, 1, figsize=(9.5, 6.5), layout="constrained", sharex=True, height_ratios=(3, 2)
    )
    rows = table.frame
    ends = rows[["from", "to"]].to_numpy()
    upper.plot(ends.ravel(), rows[["income_from", "income_to"]].to_numpy().ravel(), color=GAIN)
    start = rows["income_from"].iloc[0]
    whole = np.array([ends[0, 0], ends[-1, 1]])
    kept, label = start + whole - whole[0], _word("kept", language)
    upper.plot(whole, kept, color=GREY, linewidth=0.8, linestyle="dotted", label=label)
    for _, row in rows[rows["notch"] < -1.0].iterrows():
        upper.annotate(
            _word("cliff", language, loss=row["notch"]),
            (row["to"], row["income_to"]),
            xytext=(0, 14),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=LOSS,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            arrowprops={"arrowstyle": "-", "color": LOSS},
        )
    for axis in (upper.yaxis, lower.xaxis):
        axis.set_major_formatter("{x:,.0f}")
    upper.set_ylabel(_word("income", language, unit=table.unit_of("income_from", language)))
    _stacked_rates(lower, table, language)
    lower.set_xlabel(_word("amount", language, unit=table.unit_of("from", language)))
    use_font(lower, language)
    return finished(upper, table, language, legend="lower right")


def _stacked_rates(axes: Axes, table: Table, language: Language) -> None:
    """Stack the parts of the rate over each piece; what lowers it stands below 0."""
    rows = table.frame
    starts, widths = rows["from"], rows["to"] - rows["from"]
    names = [str(name) for name in rows.columns[_PIECE:]]
    parts = [100.0 * rows[name].to_numpy() for name in names]
    for name, part, base, colour in zip(
        names, parts, bar_starts(parts), cycle(_COLOURS), strict=False
    ):
        label = short(table.labels[name].in_language(language))
        axes.bar(starts, part, widths, bottom=base, align="edge", color=colour, label=label)
    axes.stairs(
        100.0 * rows["marginal_rate"],
        [*starts, rows["to"].iloc[-1]],
        color="black",
        baseline=None,
        label=table.labels["marginal_rate"].in_language(language),
    )
    axes.axhline(0.0, color="black", linewidth=0.8)
    axes.set_ylabel(_word("rate", language))
    axes.legend(frameon=False, fontsize=7, ncols=2)


def marginal_rates(table: Table, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw the mean marginal rate of each group from its parts, with the median and a high rate.

    Parameters
    ----------
    table : Table
        From `olive.marginal_rates`.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}

    Returns
    -------
    matplotlib Axes
    """
    language = drawable(language)
    rows = table.frame
    axes = axes or axes_for(len(rows), 0.45)
    at = np.arange(len(rows))
    names = ("tax", "contribution", "benefit", "not_received")
    parts = [100.0 * rows[name].fillna(0.0).to_numpy() for name in names]
    for name, part, base, colour in zip(names, parts, bar_starts(parts), _COLOURS, strict=False):
        label = table.labels[name].in_language(language)
        axes.barh(at, part, 0.6, left=base, color=colour, label=label)
    for name, marker, size in (("median", "|", 10), ("p90", "D", 4)):
        label = _word(name, language)
        axes.plot(100.0 * rows[name], at, marker, color="black", markersize=size, label=label)
    in_rows(axes, _named(table, "category", rows["category"], language))
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set_xlabel(_word("rate", language))
    return finished(axes, table, language)


def cliffs(table: Table, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw how many households stand before each cliff, with what they lose.

    Parameters
    ----------
    table : Table
        From `olive.cliffs`.
    axes, language
        See `marginal_rates`.

    Returns
    -------
    matplotlib Axes
    """
    language = drawable(language)
    rows = table.frame[table.frame["falls"] != "all"].dropna(subset=["households"])
    rows = rows.reset_index(drop=True)
    axes = axes or axes_for(len(rows), 0.5)
    counts = rows["households"] / 1_000.0
    axes.barh(rows.index, counts, 0.6, color=LOSS)
    unit = table.unit_of("mean_loss", language)
    for place, (count, loss) in enumerate(zip(counts, rows["mean_loss"], strict=True)):
        note(axes, _word("loss", language, loss=loss, unit=unit), (count, place), 4)
    in_rows(axes, _named(table, "falls", rows["falls"], language))
    axes.set_xlabel(_word("before_cliff", language))
    axes.set_xlim(0.0, 1.4 * (float(counts.max()) if len(rows) else 1.0))
    return finished(axes, table, language, legend=None)


def crossing_profile(table: Table, language: Language = "en") -> Axes:
    """Draw the shares of those who cross beside those who stay, aspect by aspect.

    Parameters
    ----------
    table : Table
        From `olive.crossing_profile`.
    language
        See `marginal_rates`.

    Returns
    -------
    matplotlib Axes
        Of the households; below it stand their incomes, of which some may be negative.
    """
    language = drawable(language)
    rows = table.frame[~table.frame["aspect"].isin(["all", "instrument"])]
    rows = rows[(rows["share"] != 0.0) | (rows["share_of_others"] != 0.0)]
    of_income = rows["aspect"].isin(["source", "moved"])
    panels = [part.reset_index(drop=True) for part in (rows[~of_income], rows[of_income])]
    panels = [part for part in panels if len(part)]
    heights = [len(part) + 0.7 * part["aspect"].nunique() + 1.0 for part in panels]
    every = axes_below(heights, 0.25)
    for axes, part in zip(every, panels, strict=True):
        _aspects(axes, table, part, language)
    every[-1].set_xlabel(_word("percent", language))
    return finished_beside(every, table, language)


def _aspects(axes: Axes, table: Table, rows: pd.DataFrame, language: Language) -> None:
    """Draw two bars for each category, and over those of an aspect its name."""
    first = rows["aspect"] != rows["aspect"].shift()
    at = np.arange(len(rows)) + 0.7 * first.cumsum().to_numpy()
    for name, colour, shift in (("share", GAIN, -0.2), ("share_of_others", "#bbbbbb", 0.2)):
        label = table.labels[name].in_language(language)
        axes.barh(at + shift, 100.0 * rows[name], 0.38, color=colour, label=label)
    for place in np.flatnonzero(first):
        word = table.words["aspect"][rows["aspect"][place]].in_language(language)
        left = {"xycoords": ("axes fraction", "data"), "fontweight": "bold"}
        note(axes, word, (0.0, at[place] - 0.85), 4, **left)
    axes.set_yticks(at, _named(table, "category", rows["category"], language), fontsize=8)
    axes.set_ylim(at[-1] + 0.7, at[0] - 1.3)
    axes.axvline(0.0, color="black", linewidth=0.8)


def vulnerability(table: Table, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw how many are expected to fall below the bound, with the range of the probabilities.

    Parameters
    ----------
    table : Table
        From `olive.vulnerability`.
    axes, language
        See `marginal_rates`.

    Returns
    -------
    matplotlib Axes
    """
    language = drawable(language)
    frame = table.frame
    groups, shocks = (list(dict.fromkeys(frame[name])) for name in ("who", "shock"))
    axes = axes or axes_for(len(frame), 0.45)
    for place, (who, colour) in enumerate(zip(groups, (HIGHER, LOWER), strict=False)):
        rows = frame[frame["who"] == who].set_index("shock").loc[shocks]
        low, middle, high = (
            100.0 * rows[name].to_numpy() for name in ("expected_low", "expected", "expected_high")
        )
        at, spread = np.arange(len(shocks)) + 0.4 * (place - 0.5), [middle - low, high - middle]
        label = _named(table, "who", [who], language)[0]
        axes.barh(at, middle, 0.38, xerr=spread, color=colour, ecolor=GREY, capsize=3, label=label)
    in_rows(axes, _named(table, "shock", shocks, language))
    axes.set_xlabel(_word("expected", language))
    return finished(axes, table, language)


def transitions(table: Table, axes: Axes | None = None, language: Language = "en") -> Axes:
    """Draw where the households of each income cell are afterwards, as a map.

    Parameters
    ----------
    table : Table
        From `olive.transitions`.
    axes, language
        See `marginal_rates`.

    Returns
    -------
    matplotlib Axes
    """
    language = drawable(language)
    cells = list(dict.fromkeys(table.frame["from"]))
    matrix = 100.0 * table.frame["share_of_row"].to_numpy().reshape(len(cells), len(cells))
    axes = axes or axes_for(len(cells), 0.6)
    axes.imshow(matrix, cmap="Greens", vmin=0.0, vmax=100.0, aspect="auto")
    for (row, column), value in np.ndenumerate(matrix):
        if not np.isnan(value):
            ink = "white" if value > 60.0 else "black"
            text = f"{value:.2f}%"
            axes.text(column, row, text, ha="center", va="center", fontsize=8, color=ink)
    names = _named(table, "from", cells, language)
    axes.set_xticks(range(len(cells)), names, fontsize=8, rotation=15)
    axes.set_yticks(range(len(cells)), names, fontsize=8)
    axes.set_xlabel(_word("to", language))
    axes.set_ylabel(_word("from", language))
    return finished(axes, table, language, legend=None)


def _named(
    table: Table, column: str, codes: Sequence[str] | pd.Series[str], language: Language
) -> list[str]:
    words = table.words[column]
    return [short(words.get(each, Label(each, each)).in_language(language)) for each in codes]
