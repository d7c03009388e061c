"""Charts of a result, drawn with matplotlib."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.indicators import incomes
from olive.analysis.words import DEFINITION_LABELS, INDICATOR_LABELS
from olive.errors import DataError
from olive.plan import targets
from olive.report.words import LANGUAGES, Language
from olive.statistics.brackets import DEFINITIONS, Definition, bracket_basis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from olive.analysis.comparison import Comparison
    from olive.simulation.result import Result

_LARGEST = 800_000.0
_WIDTH = 10_000.0
_SHADES = ("#d9ead3", "#b6d7a8")
_SHARES = ("share_10_50", "share_20_60")
_MARKERS = "o^sDvP*X"
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
_WORDS = {
    "bracket": (
        "{low:.0f}—{high:.0f}万元，目标{share:.0%}",
        "{low:.0f}-{high:.0f}, target {share:.0%}",
    ),
    "income": ("年可支配收入（万元）", "disposable income, 10,000 yuan a year"),
    "households": ("每万元组占户数的%", "% of households per 10,000 yuan"),
    "persons": ("每万元组占人数的%", "% of persons per 10,000 yuan"),
    "distribution": (
        "收入分布（{definition}），{year}年",
        "Income distribution ({definition}), {year}",
    ),
    "synthetic": ("——合成数据", " - synthetic data"),
    "shares": ("占比与目标，{year}年", "Shares and targets, {year}"),
    "target": ("目标{share:.0%}", "target {share:.0%}"),
    "range": ("配方范围（{policy}）", "recipe range ({policy})"),
    "interval": ("95%置信区间（{policy}）", "95% interval ({policy})"),
    "frozen": ("冻结", "frozen"),
    "in force": ("现行", "in force"),
    "plan": ("方案", "plan"),
}


def income_distribution(
    result: Result,
    definition: Definition = "household",
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the distribution of income under each policy, with the plan's two brackets shaded.

    Parameters
    ----------
    result : Result
    definition : str
        One of the four share definitions.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    DataError
        For an unknown definition.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    if definition not in DEFINITIONS:
        raise DataError(f"no definition {definition!r}; use one of {', '.join(DEFINITIONS)}")
    language = drawable(language)
    if axes is None:
        _, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    brackets = [target for target in targets() if target.bounds is not None]
    for shade, target in zip(_SHADES, brackets, strict=True):
        assert target.bounds is not None
        low, high = (bound / 10_000 for bound in target.bounds)
        name = _word("bracket", language, low=low, high=high, share=target.value)
        axes.axvspan(low, high, color=shade, alpha=0.45, zorder=0, label=name)
    edges = np.arange(0.0, _LARGEST + _WIDTH, _WIDTH)
    for position, label in enumerate(result.labels):
        one = incomes(result, position)
        values, weights = bracket_basis(
            definition, one.income[one.family], one.size[one.family], one.weight[one.family]
        )
        share = np.histogram(values, edges, weights=weights)[0] / weights.sum()
        name = _policy(label, language)
        axes.stairs(100 * share, edges / 10_000, label=name, linewidth=1.6)
    axes.set_xlim(0, _LARGEST / 10_000)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(_word("income", language))
    counted = "persons" if definition.endswith("persons") else "households"
    axes.set_ylabel(_word(counted, language))
    named = DEFINITION_LABELS[definition].in_language(language)
    year = result.population.year
    title = _word("distribution", language, definition=named, year=year)
    if result.population.is_synthetic:
        title += _word("synthetic", language)
    axes.set_title(title, loc="left")
    axes.legend(frameon=False)
    use_font(axes, language)
    return axes


def shares_and_targets(
    comparison: Comparison, axes: Axes | None = None, language: Language = "en"
) -> Axes:
    """Draw both shares in their four definitions under every policy, with the plan's targets.

    A bar behind the points shows the recipe range (synthetic data) or the 95 % interval (real
    data) of the policy after.

    Parameters
    ----------
    comparison : Comparison
        From `olive.compare`.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    language : {"zh", "en"}
        Chinese needs a font that has it; without one the chart is in English, with a warning.

    Returns
    -------
    matplotlib Axes
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    language = drawable(language)
    result = comparison.result
    frame = comparison.targets().frame
    rows = frame[frame["indicator"].isin(_SHARES)].iloc[::-1].reset_index(drop=True)
    if axes is None:
        _, axes = plt.subplots(figsize=(9, 4.8), layout="constrained")
    after = _policy(result.labels[comparison.positions[1]], language)
    for key, low, high in (
        ("range", "after_range_low", "after_range_high"),
        ("interval", "after_low", "after_high"),
    ):
        if low in rows:
            span = 100 * (rows[high] - rows[low])
            name = _word(key, language, policy=after)
            axes.barh(rows.index, span, left=100 * rows[low], color="#cccccc", label=name)
    count = len(result.labels)
    for position, label in enumerate(result.labels):
        height = rows.index + 0.3 * ((count - 1) / 2 - position) / max(count - 1, 1) * 2
        marker = _MARKERS[position % len(_MARKERS)]
        name = _policy(label, language)
        axes.plot(100 * rows[label], height, marker, markersize=5, label=name)
    for indicator in _SHARES:
        here = rows.index[rows["indicator"] == indicator]
        target = rows["target"][here[0]]
        ends = (here.min() - 0.45, here.max() + 0.45)
        axes.vlines(100 * target, *ends, colors="black", linestyles="dashed")
        text = _word("target", language, share=target)
        axes.annotate(text, (100 * target, ends[1]), ha="center", va="bottom")
    names = [
        f"{INDICATOR_LABELS[share].in_language(language)}\n"
        f"{DEFINITION_LABELS[definition].in_language(language)}"
        for share, definition in zip(rows["indicator"], rows["definition"], strict=True)
    ]
    axes.set_yticks(rows.index, names, fontsize=8)
    axes.set_ylim(-0.6, len(rows) - 0.1)
    axes.set_xlabel("%")
    axes.use_sticky_edges = False  # a bar does not end at the frame
    axes.margins(x=0.05)
    title = _word("shares", language, year=result.population.year)
    if result.population.is_synthetic:
        title += _word("synthetic", language)
    axes.set_title(title, loc="left")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    use_font(axes, language)
    return axes


def _word(key: str, language: Language, **values: object) -> str:
    return _WORDS[key][LANGUAGES.index(language)].format(**values)


def _policy(label: str, language: Language) -> str:
    return _word(label, language) if label in ("frozen", "in force", "plan") else label


def _chinese_font() -> str | None:
    """Return an installed font that has Chinese characters."""
    from matplotlib import font_manager  # noqa: PLC0415

    installed = set(font_manager.get_font_names())
    return next((font for font in _CHINESE_FONTS if font in installed), None)


def drawable(language: Language) -> Language:
    """Return the language that can be drawn: English where no font has Chinese characters."""
    if language == "zh" and _chinese_font() is None:
        warnings.warn(
            "no Chinese font is installed, so the chart is in English; install one, such as "
            f"{_CHINESE_FONTS[0]}",
            stacklevel=3,
        )
        return "en"
    return language


def use_font(axes: Axes, language: Language) -> None:
    """Set a font with Chinese characters on every text, also of axes that were made before."""
    from matplotlib.text import Text  # noqa: PLC0415

    font = _chinese_font()
    if language == "en" or font is None:
        return
    for text in axes.findobj(match=Text):
        if isinstance(text, Text):
            text.set_fontfamily([font, "DejaVu Sans"])
