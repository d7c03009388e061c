"""What a survey lacks: which levers rest on columns that were filled, and what they carry.

A column that a survey lacks is taken as neutral: no such income, status or cost. A lever whose
reach such a column decides then moves everybody or nobody, so its effect is made by the filling,
not seen in the data. A target must not be called met or missed on such an effect without a word.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.figures import figures
from olive.analysis.indicators import (
    MEAN,
    Incomes,
    IndicatorMeasure,
    income_variables,
    incomes,
    indicator_labels,
    measures,
)
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, UNIT_OF_ROW, ColumnWords, several
from olive.errors import DataError, DataWarning
from olive.messages import Message
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.places.registry import place as place_of
from olive.progress import Progress, watched
from olive.simulation.run import simulate

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.engine.parameters import Parameter
    from olive.engine.ruleset import RuleSet
    from olive.places.place import Place
    from olive.simulation.result import Result

_WORDS = {
    **COLUMNS,
    "change_observed": ColumnWords(Label("其中：依据数据", "of which observed"), UNIT_OF_ROW),
    "change_filled": ColumnWords(Label("其中：依据填补的列", "of which filled"), UNIT_OF_ROW),
    "share_filled": ColumnWords(Label("填补部分所占比重", "share that is filled"), "1"),
    "parameter": ColumnWords(Label("参数", "parameter"), ""),
    "columns": ColumnWords(Label("缺少的列", "columns lacking"), ""),
}
_RULE = Label(
    "数据缺少的列按中性值处理（没有这项收入、身份或支出）。一项措施的参数由某条规则读取，该规则所读的列，或决定其对象的身份"
    "（非金额变量）所依据的列有缺少的，该措施即算依据填补的列；比重＝|填补部分|÷（|填补部分|＋|其余部分|）。",
    "Columns that the data lack are taken as neutral (no such income, status or cost). A lever "
    "rests on them when a rule that reads its parameter reads such a column, itself or through "
    "statuses (variables that are no amounts of money). The share is |filled| over |filled| plus "
    "|observed|.",
)


@dataclass(frozen=True, slots=True, eq=False)
class ThinData:
    """How far the effect of a reform rests on columns that the data lack.

    Attributes
    ----------
    filled : tuple of str
        Columns that rules read and the data lack.
    behind : mapping of str to tuple of str
        For each parameter that differs between the two policies and rests on filled columns:
        these columns.
    differing : tuple of str
        All parameters that differ between the two policies and move disposable income.
    effect : Table
        One row for each ``indicator`` and ``definition``: ``change``, ``change_observed``
        (levers that rest on nothing filled), ``change_filled`` (the rest), ``share_filled`` (from
        0 to 1; missing where nothing changes). Shares are fractions of 1, money is yuan a year.
    levers : Table
        One row for each parameter of ``behind``: ``parameter`` and ``columns``.
    """

    filled: tuple[str, ...]
    behind: Mapping[str, tuple[str, ...]]
    differing: tuple[str, ...]
    effect: Table
    levers: Table

    @property
    def notes(self) -> tuple[Label, ...]:
        """What a table of the effect must say; empty when nothing rests on filled columns."""
        return self.levers.notes[1:]

    @property
    def headline(self) -> Label | None:
        """One sentence for the first lines of a report; None when nothing rests on filled columns.

        It belongs beside every word of a target that is met or missed.
        """
        share = self.share("per_capita_income")
        if not self.behind or np.isnan(share):
            return None
        return Label(
            f"数据缺少 {len(self.filled)} 列："
            f"方案带来的人均收入变化有 {share:.0%} 依据按中性值填补的列。",
            f"The data lack {len(self.filled)} columns: {share:.0%} of what moves income per head "
            "rests on columns that were filled as neutral.",
        )

    def share(self, indicator: str, definition: str | None = None) -> float:
        """Return the share of the change of an indicator that rests on filled columns.

        Raises
        ------
        DataError
            When there is no such indicator or definition.
        """
        frame = self.effect.frame
        counted = (definition is None) | (frame["definition"] == definition)
        rows = frame[(frame["indicator"] == indicator) & counted]
        if rows.empty:
            raise DataError(
                "no indicator {indicator!r} in the definition {definition!r}", indicator, definition
            )
        return float(rows["share_filled"].iloc[0])


@checked_objects
def thin_data(
    result: Result,
    before: int | str = 0,
    after: int | str | None = None,
    *,
    rule: BracketRule | None = None,
    progress: Progress = None,
) -> ThinData:
    """Return how far the effect of a reform rests on columns that the data lack.

    One more policy is simulated: the one after, with every lever that rests on filled columns
    left as before. What then remains of the change is observed, the rest is filled.

    Parameters
    ----------
    result : Result
        From `olive.simulate`, with the outputs that are kept by default.
    before, after : int or str, optional
        Policies by position or label; by default the first and the last.
    rule : BracketRule
        How the bounds of the income brackets are applied.
    progress : callable or bool, optional
        Called with (policies measured, three in all); True shows a bar.

    Examples
    --------
    A survey without the schemes that people are insured in: to enrol the uninsured seems to
    reach everybody.

    >>> import warnings
    >>> import olive
    >>> people = {"household_id": [1, 2], "age": [40, 50], "contractual_wage": [90e3, 60e3]}
    >>> homes = {"household_id": [1, 2], "weight": [1, 1], "county": ["linhai"] * 2,
    ...          "urban": [True, True]}
    >>> survey = olive.Population.from_frames(homes, people, year=2023)
    >>> law = olive.law(year=2023)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     result = olive.simulate(survey, [law, law | olive.plan.scenario()])
    ...     found = thin_data(result)
    >>> len(found.filled) > 50, found.share("per_capita_income") > 0.5
    (True, True)
    """
    last = len(result.policies) - 1
    positions = [result.position(before), result.position(last if after is None else after)]
    policies = [result.policies[position] for position in positions]
    kept = income_variables(result.place)
    differing = _differing(policies[0], policies[1], kept)
    filled = result.filled
    behind = {
        name: columns
        for name in (differing if filled else ())
        if (columns := columns_behind(policies[1].rules, name, filled, kept))
    }
    every = measures(rule or BracketRule(place=result.place))
    sides = [partial(incomes, result, position) for position in positions]
    if behind:  # else all of the change is observed
        sides.append(partial(_observed, result, policies, behind))
    found = [figures(every, side()) for side in watched(sides, progress, Message("compare"))]
    frame = pd.DataFrame(map(_row, every, found[0], found[1], found[-1]))
    place, names = result.place, policies[1].rules.parameters
    notes = (_RULE, *_notes(filled, behind, differing, frame, parameters=names, place=place))
    synthetic = result.population.is_synthetic
    effect = placed_table(
        place,
        frame,
        Label("变化有多少依据填补的列", "How much of the change rests on filled columns"),
        _WORDS,
        words={"indicator": indicator_labels(place), "definition": DEFINITION_LABELS},
        notes=notes,
        synthetic=synthetic,
    )
    lacking = {
        name: Label("、".join(place.columns[each].zh for each in columns), ", ".join(columns))
        for name, columns in behind.items()
    }
    levers = placed_table(
        place,
        pd.DataFrame(
            [(name, each.en) for name, each in lacking.items()], columns=["parameter", "columns"]
        ),
        Label("依据填补的列的措施", "Levers that rest on filled columns"),
        _WORDS,
        words={
            "parameter": {name: Label(names[name].zh or name, name) for name in behind},
            "columns": {each.en: each for each in lacking.values()},
        },
        notes=notes,
        synthetic=synthetic,
    )
    return ThinData(filled, MappingProxyType(behind), differing, effect, levers)


def columns_behind(
    rules: RuleSet, parameter: str, filled: Collection[str], outputs: Sequence[str]
) -> tuple[str, ...]:
    """Return the filled columns that decide whom a parameter reaches, or what it is applied to.

    They are read by the rules that read the parameter, directly or through variables that are no
    amounts of money: statuses, numbers of months, shares. Amounts are followed no further, since
    in the end every income stands behind every means test.

    Parameters
    ----------
    outputs : sequence of str
        Only rules behind these variables count.
    """
    reached = rules.depends_on([name for name in outputs if name in rules.rules])
    readers = [name for name in rules.rules if name in reached and parameter in rules.reads(name)]
    waiting = [name for reader in readers for name in rules.reads(reader)]
    money = place_of(rules.place).is_money
    amounts = {name for name, rule in rules.rules.items() if money(rule.unit or "")}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in rules.rules and name not in amounts:
            waiting.extend(rules.reads(name))
        seen.add(name)
    return tuple(name for name in filled if name in seen)


def _differing(before: Policy, after: Policy, kept: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters whose values differ and that disposable income depends on."""
    used = after.rules.depends_on(kept)
    return tuple(
        name
        for name, value in sorted(after.values.items())
        if name in used and not value.same_as(before.values.get(name))
    )


def _observed(
    result: Result, policies: Sequence[Policy], behind: Mapping[str, tuple[str, ...]]
) -> Incomes:
    """Return incomes under the policy after, without levers that rest on filled columns."""
    before, after = policies
    kept = {name: before.values[name] for name in behind if name in before.values}
    policy = replace(after, values=MappingProxyType({**after.values, **kept})).renamed("observed")
    outputs = income_variables(result.place)
    with warnings.catch_warnings():
        # What the data lack was told when the result was computed.
        warnings.simplefilter("ignore", DataWarning)
        found = simulate(result.population, policy, outputs=outputs, seed=result.seed)
    return incomes(found, 0)


def _row(
    measure: IndicatorMeasure, before: float, after: float, observed: float
) -> dict[str, object]:
    change, seen = after - before, observed - before
    made = change - seen
    size = abs(made) + abs(seen)
    return {
        **measure.keys,
        "change": change,
        "change_observed": seen,
        "change_filled": made,
        "share_filled": abs(made) / size if size > 0 else np.nan,
    }


def _notes(
    filled: Sequence[str],
    behind: Mapping[str, tuple[str, ...]],
    differing: Sequence[str],
    frame: pd.DataFrame,
    *,
    parameters: Mapping[str, Parameter],
    place: Place,
) -> tuple[Label, ...]:
    """Return what must be said beside the targets, or nothing."""
    if not behind:
        return ()
    mean = frame[frame["indicator"] == MEAN].iloc[0]
    reasons = sorted({name for columns in behind.values() for name in columns})
    levers = several([Label(parameters[name].zh or name, name) for name in behind], "等")
    lacking = [Label(place.columns[name].zh, name) for name in reasons]
    columns = several(lacking, f"等 {len(reasons)} 列")
    head = Label(
        f"数据缺少 {len(filled)} 列，按中性值填补。与比较基准不同的 {len(differing)} 项参数中，"
        f"{len(behind)} 项依据填补的列（{levers.zh}；缺少：{columns.zh}）。",
        f"The data lack {len(filled)} columns, taken as neutral. Of {len(differing)} parameters "
        f"that differ, {len(behind)} rest on filled columns ({levers.en}; lacking: {columns.en}).",
    )
    if np.isnan(mean["share_filled"]):
        return (head,)
    change, made, share = mean["change"], mean["change_filled"], mean["share_filled"]
    money = place.currency
    return (
        Label(
            f"{head.zh}人均可支配收入的变化 {change:+z,.0f} {money.zh}中，"
            f"{made:+z,.0f} {money.zh}依据填补的列"
            f"（占 {share:.0%}）：是否达到目标不能只看这一数字。",
            f"{head.en} Of the change in income per head, {change:+z,.0f} {money.en}, they "
            f"carry {made:+z,.0f} ({share:.0%} of what moves): no target is met or missed by this "
            "figure alone.",
        ),
    )
