"""The three headline targets of the plan: what is measured, and what it should reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from olive.errors import PlanError
from olive.messages import Message
from olive.places.plan.clauses import Comparator, clause

Statistic = Literal["per_capita_mean", "share"]


@dataclass(frozen=True, slots=True)
class Target:
    """A headline target of the plan.

    Attributes
    ----------
    id : str
        The clause that states it.
    zh, en : str
        Labels.
    statistic : {"per_capita_mean", "share"}
        What is measured: income over persons, or the share of units within ``bounds``.
    value : float
        What it should reach, in ``unit``; a share as a fraction of 1.
    unit : str
        ``"yuan/year"`` or ``"1"``.
    comparator : {">=", "<=", ">", "="}
        ``">="``: the plan says 达到, which is met by more as well as by exactly that much.
    year : int
        The year it is for.
    bounds : tuple of float or None
        Lower and upper end of the income bracket in yuan a year.
    """

    id: str
    zh: str
    en: str
    statistic: Statistic
    value: float
    unit: str
    comparator: Comparator
    year: int
    bounds: tuple[float, float] | None = None


def targets() -> tuple[Target, ...]:
    """Return the headline targets: income per head, and the two income brackets.

    The plan leaves much of their meaning open. This is how olive reads it, with the other
    readings that a user can ask for:

    ============  ===================================  =====================================
    point         reading                              other readings
    ============  ===================================  =====================================
    per head      weighted income over weighted        mean over households of their income
                  persons of the whole city            per head
    prices        yuan of 2025, brackets included      constant prices
    unit counted  households                           persons who live in them
    bounds        lower <= income < upper              both ends included
    overlap       two shares that overlap between      the disjoint cells 100-200, 200-500
                  200,000 and 500,000 yuan and are     and 500-600 thousand yuan
                  never added (70 + 45 > 100 is no
                  contradiction)
    income        of the household as it is            three times income per head (a family
                                                       of three)
    comparator    at least                             exactly
    baseline      none is stated                       none
    ============  ===================================  =====================================

    From the two shares alone: the share in 100-200 thousand equals 25 points plus the share in
    500-600 thousand when both are met exactly, and 30 percent then lie outside the first bracket.

    Returns
    -------
    tuple of Target
        In the order of the plan, which states them in part one, section three.

    Examples
    --------
    >>> [(target.value, target.bounds) for target in targets()]
    [(75000.0, None), (0.7, (100000.0, 500000.0)), (0.45, (200000.0, 600000.0))]
    """
    return (
        _target(
            "targets.per_capita_income",
            "全市居民人均可支配收入",
            "disposable income per resident",
            "per_capita_mean",
        ),
        _target(
            "targets.share_10_50",
            "家庭年可支配收入10—50万元群体比例",
            "share with a household income of 100,000-500,000 yuan",
            "share",
            (100_000.0, 500_000.0),
        ),
        _target(
            "targets.share_20_60",
            "家庭年可支配收入20—60万元群体比例",
            "share with a household income of 200,000-600,000 yuan",
            "share",
            (200_000.0, 600_000.0),
        ),
    )


def _target(
    clause_id: str,
    zh: str,
    en: str,
    statistic: Statistic,
    bounds: tuple[float, float] | None = None,
) -> Target:
    quantity = clause(clause_id).quantity
    if quantity is None or quantity.deadline_year is None:
        message = Message(
            "clause {clause_id!r} names no quantity with a year, so it cannot be a target",
            clause_id=clause_id,
        )
        raise PlanError(message)
    share = statistic == "share"
    return Target(
        id=clause_id,
        zh=zh,
        en=en,
        statistic=statistic,
        value=quantity.value / 100 if share else quantity.value,
        unit="1" if share else "yuan/year",
        comparator=quantity.comparator,
        year=quantity.deadline_year,
        bounds=bounds,
    )
