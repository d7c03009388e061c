"""Who gains, who loses, and how much, by category of household."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from olive.analysis.breakdowns import EVERY, Breakdown
from olive.analysis.disclosure import Figures
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, interval_columns, mean_interval, total_interval
from olive.analysis.pairs import PolicyPair, Truth, policies_of, variables
from olive.analysis.public_purse import instruments_of
from olive.errors import DataError, one_of
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.places.labels import Label
from olive.places.place import Place
from olive.statistics.money import exceeds

OUTCOMES = ("winners", "losers", "contributors", "unchanged")
DEFAULT_YUAN: float = 100.0
DEFAULT_SHARE: float = 0.002

Concept = Literal["disposable_income", "income_before_own_saving"]
CONCEPTS: tuple[Concept, ...] = get_args(Concept)
CONCEPT_LABELS = {
    "disposable_income": Label("可支配收入", "disposable income"),
    "income_before_own_saving": Label(
        "扣除个人账户储蓄前的收入", "income before own-account saving"
    ),
}


def concepts_of(place: Place) -> tuple[Concept, ...]:
    """Return the concepts of income that the law of a place has, disposable income first."""
    return tuple(name for name in CONCEPTS if name in place.rules.rules)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From what on a household counts as winner or loser: the larger of two amounts.

    Attributes
    ----------
    yuan : float
        A year and household.
    share : float
        Of the income before, as a fraction of 1; negative incomes count as 0.

    Examples
    --------
    >>> Threshold().of(np.array([20_000.0, 100_000.0])).tolist()
    [100.0, 200.0]
    """

    yuan: float = DEFAULT_YUAN
    share: float = DEFAULT_SHARE

    def of(self, income: FloatArray) -> FloatArray:
        """Return the threshold of each household, yuan a year."""
        return np.maximum(self.yuan, self.share * np.maximum(income, 0.0))

    def note(self, concept: Concept, place: Place) -> Label:
        """Return in words what winners, losers and contributors are."""
        income = CONCEPT_LABELS[concept]
        zh, en = (f"{self.yuan:,g}{place.currency.zh}", f"{self.yuan:,g} {place.currency.en}")
        if self.share:
            zh = f"{zh}或此前收入的{100 * self.share:.3g}%（取较大者）"
            en = f"{en} or {100 * self.share:.3g} % of what they had, whichever is more"
        return Label(
            f"受益（受损）：家庭{income.zh}一年增加（减少）超过{zh}。仅因缴费受损：加回多缴的社会保险费后不再受损。",
            f"Winners (losers) gain (lose) more than {en}, in {income.en} a year and household. "
            "Losing by contributions only: no loser once the added social contributions are "
            "added back.",
        )


def checked_threshold(threshold: float, relative: float) -> Threshold:
    """Return a threshold of gains.

    Raises
    ------
    DataError
        When one is not a finite number of 0 or more, or the relative one is above 1.
    """
    for name, given, most, what in (
        ("threshold", threshold, math.inf, "money a year"),
        ("relative_threshold", relative, 1.0, "a fraction of the income before, at most 1"),
    ):
        if not is_finite(given) or not 0 <= given <= most:
            raise DataError(
                "{name} is {given!r}; it is the change of a household's income, in "
                "{what}, above which it counts as winner or loser: a finite number of 0 "
                "or more",
                name,
                given,
                what,
            )
    return Threshold(float(threshold), float(relative))


def checked_concept(concept: str) -> Concept:
    """Return an income concept of gains.

    Raises
    ------
    DataError
        When there is no such concept.
    """
    return one_of(Message("income concept"), concept, CONCEPTS)


def winners_and_losers(
    pair: PolicyPair,
    categories: Breakdown,
    threshold: Threshold,
    uncertainty: Uncertainty | None = None,
    concept: Concept = "disposable_income",
) -> pd.DataFrame:
    """Return winners, losers and unchanged households of each category.

    Households that lose only because they pay more social contributions stand apart, as
    ``contributors``: what they pay buys them insurance, and a part is saved. Columns are those of
    `Comparison.winners_and_losers`.

    Parameters
    ----------
    categories : Breakdown
        Categories without sample households are left out.
    threshold : Threshold
        Winners gain more than this, losers and contributors lose more.
    uncertainty : Design, ReplicateWeights or None
        How the sample was drawn; None for no intervals.
    concept : {"disposable_income", "income_before_own_saving"}
        Whose change is looked at.
    """
    before, change = _incomes(pair, concept)
    limit = threshold.of(before)
    gains, loses = exceeds(change, limit), exceeds(-change, limit)
    by_contributions = loses & ~exceeds(-(change + _added_contributions(pair)), limit)
    outcomes = {
        "winners": gains,
        "losers": loses & ~by_contributions,
        "contributors": by_contributions,
        "unchanged": ~gains & ~loses,
        "all": np.ones(change.size, dtype=np.bool_),
    }
    weights = {
        name: pair.family_weight * (categories.codes == code)
        for code, name in enumerate(categories.names)
        if name != EVERY
    }
    every = pair.family_weight * (categories.codes >= 0)
    return pd.DataFrame(
        {"category": category, "outcome": outcome}
        | _figures(pair, change, weight, happened, uncertainty)
        for category, weight in (*weights.items(), ("all", every))
        if category == "all" or weight.any()
        for outcome, happened in outcomes.items()
    )


def _incomes(pair: PolicyPair, concept: Concept) -> tuple[FloatArray, FloatArray]:
    """Return the income before and its change, yuan a year and household."""
    if concept == "disposable_income":
        return pair.before.income, pair.change
    found = variables(pair, [concept])
    before = np.asarray(found[0, concept], dtype=np.float64)
    return before, np.asarray(found[1, concept], dtype=np.float64) - before


def _added_contributions(pair: PolicyPair) -> FloatArray:
    """Return the social contributions after less those before, yuan a year and household."""
    contributions = instruments_of(policies_of(pair))["contribution"]
    found = variables(pair, list(contributions))
    added = (found[1, name] - found[0, name] for name in contributions)
    return sum(added, np.zeros(pair.weight.size))


def _figures(
    pair: PolicyPair,
    change: FloatArray,
    place: FloatArray,
    happened: Truth,
    uncertainty: Uncertainty | None,
) -> dict[str, float]:
    weight, whole = place * happened, float(place.sum())
    households = float(weight.sum())
    total = float((weight * change).sum())
    return {
        "sample": int(np.count_nonzero(weight > 0)),
        "households": households,
        "persons": float((weight * pair.size).sum()),
        "share": households / whole if whole else math.nan,
        "mean_change": total / households if households else math.nan,
        "total_change": total,
        **mean_interval("share", happened.astype(np.float64), place, uncertainty),
        **mean_interval("mean_change", change, weight, uncertainty),
        **total_interval("total_change", change * happened, place, uncertainty),
    }


def change_figures(frame: pd.DataFrame) -> Figures:
    """Return what the guard of small cells must know of changes of income.

    The unchanged change by next to nothing, so the change of all is that of winners and both kinds
    of losers together: it gives a suppressed one away.
    """
    outcomes = ("winners", "losers", "contributors", "all")
    names = (name for name in interval_columns("mean_change", "total_change") if name in frame)
    return Figures(tuple(names), ("sample",), _sums(frame, outcomes, outcomes))


def gain_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that add up to a known row: outcomes of a category, and categories."""
    return _sums(frame, OUTCOMES, (*OUTCOMES, "all"))


def _sums(frame: pd.DataFrame, across: Sequence[str], down: Sequence[str]) -> list[list[int]]:
    """Return the rows of some outcomes in each category, and of some in all categories."""
    keys = zip(frame["category"], frame["outcome"], strict=True)
    position = {key: row for row, key in enumerate(keys)}
    categories = dict.fromkeys(frame["category"])
    parts = [category for category in categories if category != "all"]
    return [
        *([position[category, outcome] for outcome in across] for category in categories),
        *([position[category, outcome] for category in parts] for outcome in down if parts),
    ]
