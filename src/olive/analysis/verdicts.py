"""Whether the targets are met, how sure that is, and what it depends on, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive.analysis.indicators import MEAN
from olive.places.labels import Label
from olive.statistics.money import edge_at

if TYPE_CHECKING:
    from olive.analysis.assumption_range import AssumptionRanges, Range
    from olive.analysis.table import Table
    from olive.places.place import Place

_DECISIVE = 3
# Each income that the shares can be read by, with its definitions counted by households, persons.
_READINGS = (
    (Label("本户收入", "own income"), ("household", "household_persons")),
    (
        Label("人均×3（三口之家）", "three times income per head"),
        ("three_person", "three_person_persons"),
    ),
)
_COUNTED = (Label("按户", "households"), Label("按人", "persons"))
# What changes incomes from the policy before to the policy after.
THE_PLAN = Label("方案", "the plan")
THE_LAW = Label("新法律", "the new law")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target by one definition: met or not, by how much, and how sure.

    Attributes
    ----------
    indicator, definition : str
    value, target : float
        Under the policy after, and what it should reach; shares as fractions of 1.
    recipes : (float, float) or None
        Least and largest value over the recipes of a synthetic city.
    interval : (float, float) or None
        95 % interval of real data.
    draws : float or None
        Share of the draws of the assumptions in which the target is met.
    """

    indicator: str
    definition: str
    value: float
    target: float
    recipes: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    draws: float | None = None

    @property
    def met(self) -> bool:
        """Whether the value reaches the target."""
        return self.value >= edge_at(self.target)

    def certainty(self) -> Label | None:
        """Return how sure the verdict is, in words; None where nothing was computed.

        >>> own = Verdict("share_10_50", "household", 0.63, 0.7, recipes=(0.56, 0.66), draws=0.0)
        >>> own.certainty().en
        'sure'
        >>> Verdict("share_10_50", "household", 0.69, 0.7, (0.6, 0.72), None, 0.2).certainty().en
        'depends on the recipe, met in 20% of draws'
        """
        if (self.recipes, self.interval, self.draws) == (None, None, None):
            return None
        parts = [
            doubtful
            for ends, doubtful in (
                (self.recipes, Label("取决于配方", "depends on the recipe")),
                (self.interval, Label("在抽样误差之内", "within the sampling error")),
            )
            if ends is not None and ends[0] < self.target <= ends[1]
        ]
        if self.draws is not None and 0.0 < self.draws < 1.0:
            share = _percent(self.draws)
            parts.append(Label(f"{share}的假设抽取中达到", f"met in {share} of draws"))
        parts = parts or [Label("确定", "sure")]
        return Label("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def verdicts(targets: Table, policy: str, doubt: AssumptionRanges | None) -> tuple[Verdict, ...]:
    """Return a verdict on every target and definition of a table of targets.

    Parameters
    ----------
    targets : Table
        From `olive.analysis.Comparison.targets`.
    policy : str
        Label of the policy after.
    doubt : AssumptionRanges or None
    """
    found = []
    for row in targets.frame.dropna(subset="target").to_dict("records"):
        drawn = doubt.of(row["indicator"], row["definition"]) if doubt else None
        found.append(
            Verdict(
                row["indicator"],
                row["definition"],
                row[policy],
                row["target"],
                _ends(row, "after_range_low", "after_range_high"),
                _ends(row, "after_low", "after_high"),
                drawn.met if drawn else None,
            )
        )
    return tuple(found)


def _ends(row: Any, low: str, high: str) -> tuple[float, float] | None:
    if low not in row or pd.isna(row[low]):
        return None
    return float(row[low]), float(row[high])


def verdict_sentences(found: Sequence[Verdict], place: Place) -> tuple[Label, ...]:
    """Return a sentence for the mean, and one for each share by each reading of income."""
    by_key = {(each.indicator, each.definition): each for each in found}
    sentences = [_of_mean(each, place.currency) for each in found if each.indicator == MEAN]
    for indicator, bracket in _spans(place).items():
        for income, definitions in _READINGS:
            parts = [
                (counted, by_key[indicator, definition])
                for counted, definition in zip(_COUNTED, definitions, strict=True)
                if (indicator, definition) in by_key
            ]
            if parts:
                target = _percent(parts[0][1].target)
                zh = "；".join(f"{counted.zh}{_share(each).zh}" for counted, each in parts)
                en = "; ".join(f"{counted.en} {_share(each).en}" for counted, each in parts)
                sentences.append(
                    Label(
                        f"{bracket.zh}占{target}的目标，{income.zh}：{zh}。",
                        f"{target} with {bracket.en}, {income.en}: {en}.",
                    )
                )
    return tuple(sentences)


def _spans(place: Place) -> dict[str, Label]:
    return {each.name: each.span(place.currency) for each in place.brackets_shown()}


def _of_mean(each: Verdict, money: Label) -> Label:
    sure = _bracketed(each.certainty())
    value, target, gap = f"{each.value:,.0f}", f"{each.target:,.0f}", abs(each.value - each.target)
    if each.met:
        return Label(
            f"人均可支配收入：{value}{money.zh}，达到{target}{money.zh}的目标{sure.zh}。",
            f"Income per head: {value} {money.en}, the target of {target} is met{sure.en}.",
        )
    return Label(
        f"人均可支配收入：{value}{money.zh}，未达到{target}{money.zh}，差{gap:,.0f}{money.zh}{sure.zh}。",
        f"Income per head: {value} {money.en}, not met, {gap:,.0f} short of {target}{sure.en}.",
    )


def _share(each: Verdict) -> Label:
    sure = _bracketed(each.certainty())
    value, points = f"{100 * each.value:.1f}%", f"{100 * abs(each.value - each.target):.1f}"
    if each.met:
        return Label(f"{value}，达到{sure.zh}", f"{value}, met{sure.en}")
    return Label(
        f"{value}，未达到，差{points}个百分点{sure.zh}",
        f"{value}, not met, {points} points short{sure.en}",
    )


def _bracketed(sure: Label | None) -> Label:
    return Label("", "") if sure is None else Label(f"（{sure.zh}）", f" ({sure.en})")


def definition_sentence(
    targets: Table, before: str, after: str, place: Place, cause: Label = THE_PLAN
) -> Label | None:
    """Return what the choice of a definition is worth for each share, and what the plan is worth.

    None where the place has no income brackets. The worth of the definition is the largest share
    of the four less the smallest, under the policy after; that of the plan is the change from the
    policy before, by definition.
    """
    parts, cause_wins = [], False
    for indicator, bracket in _spans(place).items():
        rows = targets.frame[targets.frame["indicator"] == indicator]
        worth = rows[after].max() - rows[after].min()
        changes = rows[after] - rows[before]
        cause_wins |= worth <= changes.abs().max()
        points, low, high = 100 * worth, 100 * changes.min(), 100 * changes.max()
        parts.append(
            Label(
                f"{bracket.zh}：口径之间相差{points:.1f}个百分点，"
                f"{cause.zh}带来{low:+z.2f}至{high:+z.2f}个百分点",
                f"{bracket.en}: {points:.1f} points between definitions, "
                f"{low:+z.2f} to {high:+z.2f} by {cause.en}",
            )
        )
    zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    if not parts:
        return None
    if not cause_wins:
        return Label(
            f"口径的影响大于{cause.zh}。{zh}。",
            f"How one counts matters more than {cause.en}. {en}.",
        )
    return Label(
        f"口径和{cause.zh}的影响各有多大。{zh}。", f"What counting and {cause.en} are worth. {en}."
    )


def sign_sentence(
    change: float, spread: Range | None, draws: int, money: Label, cause: Label = THE_PLAN
) -> Label:
    """Return whether the sign of the effect on income per head survives the assumptions.

    Parameters
    ----------
    change : float
        Of income per head, yuan a year.
    spread : Range or None
        Of income per head; None when the assumptions were not drawn.
    money : Label
        Currency of the place.
    cause : Label
        What changes incomes.
    """
    said, first = f"{change:+z,.0f}", cause.en[0].upper() + cause.en[1:]
    what = Label(
        f"{cause.zh}使人均收入变化{said}{money.zh}",
        f"{first} changes income per head by {said} {money.en}",
    )
    if spread is None and cause != THE_PLAN:
        return Label(f"{what.zh}。", f"{what.en}.")
    if spread is None:
        return Label(
            f"{what.zh}；假设对它的影响未计算，见 olive uncertainty。",
            f"{what.en}; how far its assumptions move that was not computed here: see olive "
            "uncertainty.",
        )
    low, high = f"{spread.change_low:+z,.0f}", f"{spread.change_high:+z,.0f}"
    share, sign = _percent(spread.rises), Label("符号不确定", "of unknown sign")
    if spread.sign_is_known:
        sign = Label("符号经得起假设", "its sign survives them")
    return Label(
        f"{what.zh}，假设区间{low}至{high}{money.zh}：{sign.zh}（{draws:,}次抽取中{share}为正）。",
        f"{what.en}, {low} to {high} over its assumptions: {sign.en} (above 0 in {share} of "
        f"{draws:,} draws).",
    )


def decisive_sentence(doubt: AssumptionRanges | None, money: Label) -> Label | None:
    """Return the three assumptions that move the effect most; None when nothing was drawn."""
    if doubt is None or not doubt.decisive:
        return None
    parts = [
        (each, f"{each.change_at_low:+z,.0f}", f"{each.change_at_high:+z,.0f}")
        for each in doubt.decisive[:_DECISIVE]
    ]
    zh = "；".join(f"{each.zh}（{low}至{high}{money.zh}）" for each, low, high in parts)
    en = "; ".join(
        f"{each.en[0].lower()}{each.en[1:]} ({low} to {high} {money.en})"
        for each, low, high in parts
    )
    return Label(f"起决定作用的假设：{zh}。", f"What decides it: {en}.")


def _percent(share: float) -> str:
    """Return a share in whole per cent; what is not all or nothing never looks like it.

    >>> _percent(0.7), _percent(0.999), _percent(1.0), _percent(0.001)
    ('70%', '>99%', '100%', '<1%')
    """
    if 0.99 < share < 1.0:
        return ">99%"
    return "<1%" if 0.0 < share < 0.01 else f"{100 * share:.0f}%"
