"""Charts of a result, drawn with matplotlib."""

from __future__ import annotations

from contextlib import suppress
from functools import cache, partial
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive.analysis.bracket_rule import check_definition
from olive.analysis.histogram import bracket_shares, income_histogram
from olive.analysis.indicators import indicator_labels
from olive.analysis.words import DEFINITION_LABELS
from olive.errors import ChartWarning, tell
from olive.places.labels import Language, policy_label
from olive.report.words import word_of
from olive.statistics.brackets import Definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from olive.analysis.assumption_range import AssumptionRanges
    from olive.analysis.comparison import Comparison
    from olive.analysis.table import Table
    from olive.simulation.result import Result

_SHADES = ("#d9ead3", "#b6d7a8")
_MARKERS = "o^sDvP*X"
_CHINESE_LINES = 1.4  # of the height of Latin letters, above which its characters rise
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
_NAMED_POLICIES = (
    "frozen",
    "frozen, indexed",
    "in force",
    "credited elsewhere",
    "plan",
    "year before",
)
_WORDS = {
    "bracket": (
        "{low:g}—{high:g}{unit}：{before:.1%} → {after:.1%}，目标{share:.0%}",
        "{low:g}-{high:g}: {before:.1%} to {after:.1%}, target {share:.0%}",
    ),
    "bracket_alone": (
        "{low:g}—{high:g}{unit}：{before:.1%} → {after:.1%}",
        "{low:g}-{high:g}: {before:.1%} to {after:.1%}",
    ),
    "10000": ("万{money}", "10,000 {money}"),
    "1000": ("千{money}", "1,000 {money}"),
    "income": ("年可支配收入（{unit}）", "disposable income, {unit} a year"),
    "households": ("每{width:g}{unit}组占户数的%", "% of households per {width:g} x {unit}"),
    "households_one": ("每{unit}组占户数的%", "% of households per {unit}"),
    "persons": ("每{width:g}{unit}组占人数的%", "% of persons per {width:g} x {unit}"),
    "persons_one": ("每{unit}组占人数的%", "% of persons per {unit}"),
    "distribution": (
        "收入分布（{definition}），{year}年",
        "Income distribution ({definition}), {year}",
    ),
    "synthetic": ("——合成数据", " - synthetic data"),
    "shares": ("占比与目标，{year}年", "Shares and targets, {year}"),
    "shares_alone": ("占比，{year}年", "Shares, {year}"),
    "target": ("目标{share:.0%}", "target {share:.0%}"),
    "range": ("配方范围（{policy}）", "recipe range ({policy})"),
    "assumptions": ("假设区间（{policy}）", "assumption range ({policy})"),
    "interval": ("95%置信区间（{policy}）", "95% interval ({policy})"),
    "frozen": ("冻结（名义）", "frozen"),
    "frozen, indexed": ("冻结（指数化）", "frozen, indexed"),
    "credited elsewhere": ("另计措施", "credited elsewhere"),
    "in force": ("现行", "in force"),
    "plan": ("方案", "plan"),
    "year before": ("上年", "year before"),
}
_word = partial(word_of, _WORDS)


def income_distribution(
    result: Result,
    definition: Definition = "household",
    axes: Axes | None = None,
    language: Language = "en",
    policies: Sequence[str] | None = None,
) -> Axes:
    """Draw the distribution of income under policies, with the brackets of the place marked.

    The share within each bracket under the first and the last policy is written on it.

    Parameters
    ----------
    definition : str
        One of the four share definitions.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.
    policies : sequence of str, optional
        Labels of those to draw, before and after; all by default.

    Raises
    ------
    DataError
        For an unknown definition or policy.
    """
    check_definition(definition)
    language = drawable(language)
    labels = list(result.labels if policies is None else policies)
    axes = axes or _new_axes(4.5)
    histograms = [income_histogram(result, label, definition) for label in labels]
    # Chinese counts money in 万; a bar that is narrower than that is shown in thousands.
    width, largest = histograms[0].edges[1], histograms[0].edges[-1]
    scale = 10_000 if width >= 10_000 else 1_000
    unit = _word(str(scale), language, money=result.place.currency.in_language(language))
    top = max(100 * found.shares.max() for found in histograms)
    for found, label, line in zip(histograms, labels, _lines(len(labels)), strict=True):
        bars, name = 100 * found.shares, _policy(result, label, language)
        axes.stairs(bars, found.edges / scale, label=name, linewidth=1.6, **line)
    ends = (labels[0], labels[-1])
    _mark_brackets(axes, result, definition, ends, top=top, units=(scale, unit), language=language)
    axes.set_xlim(0, largest / scale)
    axes.set_ylim(0, 1.45 * top)
    axes.set_xlabel(_word("income", language, unit=unit))
    counted = "persons" if definition.endswith("persons") else "households"
    one = "_one" if width == scale else ""
    axes.set_ylabel(_word(f"{counted}{one}", language, unit=unit, width=width / scale))
    named = DEFINITION_LABELS[definition].in_language(language)
    title = _word("distribution", language, definition=named, year=result.population.year)
    return _titled(axes, title, result, language, loc="center right")


def _lines(count: int) -> list[dict[str, Any]]:
    """Return how each policy is drawn: the first dashed, so that two lines are told apart."""
    colours = ("#555555", "#b5442c", "#2c6fb5", "#3d8b4f", "#8a5bb0")
    return [
        {"color": colours[at % len(colours)], "linestyle": "-" if at or count == 1 else "--"}
        for at in range(count)
    ]


def _mark_brackets(
    axes: Axes,
    result: Result,
    definition: Definition,
    labels: tuple[str, str],
    *,
    top: float,
    units: tuple[int, str],
    language: Language,
) -> None:
    """Shade each bracket and write its share before and after, and the target, above the bars."""
    before, after = (bracket_shares(result, label, definition) for label in labels)
    place = result.place
    brackets = place.brackets_shown()
    targets = {x.name: x.value for x in place.plan.targets()} if place.has_plan else {}
    for shade, (number, bracket) in zip(cycle(_SHADES), enumerate(brackets), strict=False):
        low, high = bracket.low / units[0], bracket.high / units[0]
        axes.axvspan(low, high, color=shade, alpha=0.35, zorder=0)
        height = (1.09 + 0.16 * number) * top
        axes.annotate(
            "", (low, height), (high, height), arrowprops={"arrowstyle": "<->", "color": "#333333"}
        )
        key = "bracket" if bracket.name in targets else "bracket_alone"
        span, share = (bracket.low, bracket.high), targets.get(bracket.name)
        shares = {"before": before[span], "after": after[span], "share": share}
        text = _word(key, language, low=low, high=high, unit=units[1], **shares)
        axes.text((low + high) / 2, height + 0.015 * top, text, ha="center", va="bottom")


def shares_and_targets(
    comparison: Comparison,
    axes: Axes | None = None,
    language: Language = "en",
    doubt: AssumptionRanges | None = None,
) -> Axes:
    """Draw each share in its four definitions under every policy, with the plan's targets.

    A bar behind the points shows the recipe range (synthetic data) or the 95 % interval (real
    data) of the policy after; a line under them its assumption range, where that was drawn.

    Parameters
    ----------
    comparison : Comparison
        From `olive.compare`.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.
    doubt : AssumptionRanges, optional
        How far assumptions move the two policies of the comparison.
    """
    table, result = comparison.targets(), comparison.result
    after = result.labels[comparison.positions[1]]
    return draw_shares(
        table, result, result.labels, after, axes=axes, language=language, doubt=doubt
    )


def draw_shares(
    table: Table,
    result: Result,
    labels: Sequence[str],
    after: str,
    *,
    axes: Axes | None = None,
    language: Language = "en",
    doubt: AssumptionRanges | None = None,
) -> Axes:
    """Draw a table of targets that is at hand; see `shares_and_targets`.

    Parameters
    ----------
    table : Table
        From `olive.analysis.Comparison.targets`.
    result : Result
        What it was made from.
    labels : sequence of str
        Policies to draw, in order.
    after : str
        The policy that ranges belong to.
    axes, language, doubt
        As in `shares_and_targets`.
    """
    language = drawable(language)
    frame = table.frame
    shares = [each.name for each in result.place.brackets_shown()]
    names_of = indicator_labels(result.place)
    rows = frame[frame["indicator"].isin(shares)].iloc[::-1].reset_index(drop=True)
    axes = axes or _new_axes(4.8)
    of = _policy(result, after, language)
    for key, ends in (("range", "after_range"), ("interval", "after")):
        if f"{ends}_low" in rows:
            low, high = rows[f"{ends}_low"], rows[f"{ends}_high"]
            name = _word(key, language, policy=of)
            axes.barh(rows.index, 100 * (high - low), left=100 * low, color="#d5d5d5", label=name)
    _draw_assumption_range(axes, rows, _word("assumptions", language, policy=of), doubt)
    for position, (label, line) in enumerate(zip(labels, _lines(len(labels)), strict=True)):
        height = rows.index + 0.3 * ((len(labels) - 1) / 2 - position) / max(len(labels) - 1, 1) * 2
        marker, name = _MARKERS[position % len(_MARKERS)], _policy(result, label, language)
        axes.plot(100 * rows[label], height, marker, markersize=5, color=line["color"], label=name)
    for indicator in shares:
        here = rows.index[rows["indicator"] == indicator]
        target = rows["target"][here[0]]
        if pd.notna(target):
            low, high = here.min() - 0.45, here.max() + 0.45
            axes.vlines(100 * target, low, high, colors="black", linestyles="dashed")
            text = _word("target", language, share=target)
            axes.annotate(text, (100 * target, high), ha="center", va="bottom")
    names = [
        f"{names_of[share].in_language(language)}\n"
        f"{DEFINITION_LABELS[definition].in_language(language)}"
        for share, definition in zip(rows["indicator"], rows["definition"], strict=True)
    ]
    axes.set_yticks(rows.index, names, fontsize=8)
    axes.set_ylim(-0.6, len(rows) - 0.1)
    axes.set_xlabel("%")
    axes.use_sticky_edges = False  # a bar does not end at the frame
    axes.margins(x=0.05)
    key = "shares" if result.place.has_plan else "shares_alone"
    title = _word(key, language, year=result.population.year)
    below = (0.5, -0.1)
    return _titled(axes, title, result, language, loc="upper center", bbox_to_anchor=below, ncols=3)


def _new_axes(height: float) -> Axes:
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    return plt.subplots(figsize=(9, height), layout="constrained")[1]


def _titled(axes: Axes, title: str, result: Result, language: Language, **legend: Any) -> Axes:
    """Set a title that says where data are synthetic, a legend, and a font of the language."""
    if result.population.is_synthetic:
        title += _word("synthetic", language)
    axes.set_title(title, loc="left", fontsize=11, wrap=True)
    axes.legend(frameon=False, **legend)
    use_font(axes, language)
    return axes


def _draw_assumption_range(
    axes: Axes, rows: pd.DataFrame, name: str, doubt: AssumptionRanges | None
) -> None:
    if doubt is None:
        return
    spreads = [doubt.of(*key) for key in zip(rows["indicator"], rows["definition"], strict=True)]
    axes.hlines(
        rows.index - 0.32,
        [100 * each.after_low for each in spreads],
        [100 * each.after_high for each in spreads],
        colors="#b5442c",
        linewidth=3,
        label=name,
    )


def _policy(result: Result, label: str, language: Language) -> str:
    if label in _NAMED_POLICIES:
        return _word(label, language)
    return policy_label(result.policies[result.position(label)]).in_language(language)


def _chinese_font() -> str | None:
    """Return an installed font that has Chinese characters."""
    return _first_known_font() or _first_new_font()


def _first_known_font() -> str | None:
    from matplotlib import font_manager  # noqa: PLC0415

    known = set(font_manager.get_font_names())
    return next((font for font in _CHINESE_FONTS if font in known), None)


@cache
def _first_new_font() -> str | None:
    """Look at fonts installed after matplotlib made its list, which it keeps between processes."""
    from matplotlib import font_manager  # noqa: PLC0415

    known = {each.fname for each in font_manager.fontManager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        with suppress(OSError, RuntimeError):  # a file that is no font that can be drawn
            font_manager.fontManager.addfont(path)
    return _first_known_font()


def drawable(language: Language) -> Language:
    """Return the language that can be drawn: English where no font has Chinese characters."""
    if language == "zh" and _chinese_font() is None:
        tell(
            "no Chinese font is installed, so the chart is in English; install one, such as {font}",
            _CHINESE_FONTS[0],
            category=ChartWarning,
        )
        return "en"
    return language


def use_font(drawing: Artist, language: Language) -> None:
    """Set a font with Chinese characters on every text of axes or of a whole figure."""
    from matplotlib.text import Text  # noqa: PLC0415

    font = _chinese_font()
    if language == "en" or font is None:
        return
    for text in drawing.findobj(match=Text):
        text.set(fontfamily=[font, "DejaVu Sans"])
        if "\n" in text.get_text():
            text.set_linespacing(_CHINESE_LINES)
