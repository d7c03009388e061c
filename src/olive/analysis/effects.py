"""What one policy changes of another: targets, public balance, winners and losers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive.analysis.budget import FEW_RECIPIENTS
from olive.analysis.gains import concepts_of
from olive.analysis.indicators import MEAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from olive.analysis.assumption_range import AssumptionRanges
    from olive.analysis.comparison import Comparison
    from olive.analysis.table import Table
    from olive.places.place import Place


@dataclass(frozen=True, slots=True)
class TargetRow:
    """Income per head, or the share of a bracket, under two policies.

    Attributes
    ----------
    indicator, definition : str
    before, after, change : float
        Shares as fractions of 1, money in yuan a year.
    low, high : float or None
        Assumption range of the change.
    target, gap : float or None
        What should be reached, and the figure after less it; None without a target.
    """

    indicator: str
    definition: str
    before: float
    after: float
    change: float
    low: float | None
    high: float | None
    target: float | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class GainRow:
    """Households with one outcome under one concept of income.

    Attributes
    ----------
    concept, outcome : str
    share : float or None
        Of family households; None where it rests on too few of real data.
    mean_change : float or None
        Yuan a year and household.
    few : bool
        Whether the sample holds so few of them that their mean is unsteady.
    """

    concept: str
    outcome: str
    share: float | None
    mean_change: float | None
    few: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One programme, tax or contribution, or a sum of them, in yuan a year.

    Attributes
    ----------
    kind, id : str
        Kind is also that of its sum; ``is_sum`` says that it is one.
    before, after, change : float or None
        None where they rest on too few sample households of real data.
    recipients : float or None
        Households that receive or pay under the policy after.
    is_sum : bool
    few : bool
        Whether recipients under the policy after are so few in the sample that the amount is
        unsteady.
    """

    kind: str
    id: str
    before: float | None
    after: float | None
    change: float | None
    recipients: float | None
    is_sum: bool
    few: bool


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What one policy changes of another.

    Attributes
    ----------
    before, after : str
        Labels of the policies.
    targets : tuple of TargetRow
    balance : tuple of BalanceRow
    gains : tuple of GainRow
        Over all family households.
    doubt : AssumptionRanges or None
    tables : tuple of Table
        The tables that balance and gains were read from, with their notes.
    """

    before: str
    after: str
    targets: tuple[TargetRow, ...]
    balance: tuple[BalanceRow, ...]
    gains: tuple[GainRow, ...]
    doubt: AssumptionRanges | None
    tables: tuple[Table, ...]

    @property
    def change_of_income(self) -> float:
        """Change of income per head, yuan a year."""
        return next(row.change for row in self.targets if row.indicator == MEAN)


def effect(comparison: Comparison, targets: Table, doubt: AssumptionRanges | None) -> Effect:
    """Return what the policy after of a comparison changes of the one before.

    Targets are those of the same result, and the doubt is of the same two policies.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> result = olive.simulate(city, [law, law | olive.Reform({"dibao_standard": 30_000})])
    >>> comparison = olive.compare(result, model_range=False)
    >>> found = effect(comparison, comparison.targets(), None)
    >>> found.targets[0].indicator, found.change_of_income > 0
    ('per_capita_income', True)
    """
    before, after = (comparison.result.labels[position] for position in comparison.positions)
    budget = comparison.budget()
    place = comparison.result.place
    gains: dict[str, Table] = {
        concept: comparison.winners_and_losers("all", concept=concept)
        for concept in concepts_of(place)
    }
    target_rows = tuple(_target_rows(targets, before, after, doubt, place))
    balance = tuple(map(_balance_row, budget.frame.to_dict("records")))
    tables = (budget, *gains.values())
    return Effect(before, after, target_rows, balance, tuple(_gain_rows(gains)), doubt, tables)


def with_common_gaps(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects with every row of the balance hidden that one of them hides.

    Effects share policies: an amount hidden in one table, because it rests on few sample
    households of real data, must not be worked out from another one.
    """
    hidden = {row.id for each in effects for row in each.balance if row.before is None}
    return tuple(
        replace(
            each, balance=tuple(_hidden(row) if row.id in hidden else row for row in each.balance)
        )
        for each in effects
    )


def _hidden(row: BalanceRow) -> BalanceRow:
    return replace(row, before=None, after=None, change=None, recipients=None, few=False)


def _target_rows(
    targets: Table, before: str, after: str, doubt: AssumptionRanges | None, place: Place
) -> Sequence[TargetRow]:
    found = []
    shown = {MEAN, *(each.name for each in place.brackets_shown())}
    for row in targets.frame.to_dict("records"):
        if row["indicator"] not in shown:
            continue
        indicator, definition = row["indicator"], row["definition"]
        spread = doubt.of(indicator, definition) if doubt else None
        low, high = (spread.change_low, spread.change_high) if spread else (None, None)
        target = None if pd.isna(row["target"]) else row["target"]
        was, now = row[before], row[after]
        change, gap = now - was, None if target is None else now - target
        found.append(TargetRow(indicator, definition, was, now, change, low, high, target, gap))
    return found


def _balance_row(row: Mapping[Any, Any]) -> BalanceRow:
    name, kind, sample = row["programme"], row["kind"], row["sample_after"]
    before, after = _known(row["amount_before"]), _known(row["amount_after"])
    change = _known(row["amount_change"])
    recipients = None if kind == "balance" else _known(row["households_after"])
    is_sum = name.startswith("all_") or kind == "balance"
    few = not is_sum and _is_few(sample)
    return BalanceRow(kind, name, before, after, change, recipients, is_sum, few)


def _gain_rows(gains: Mapping[str, Table]) -> Sequence[GainRow]:
    return [
        GainRow(
            concept,
            row["outcome"],
            _known(row["share"]),
            _known(row["mean_change"]),
            _is_few(row["sample"]),
        )
        for concept, table in gains.items()
        for row in table.frame.to_dict("records")
    ]


def _is_few(sample: float) -> bool:
    return not pd.isna(sample) and 0 < sample < FEW_RECIPIENTS


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
