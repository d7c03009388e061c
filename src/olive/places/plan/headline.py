"""The headline targets of a plan: what is measured, and what it should reach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from olive.errors import PlanError
from olive.places.labels import Label
from olive.places.plan.clause_files import Comparator, clause_of, read_clauses
from olive.places.plan.plan_files import PlanFiles

if TYPE_CHECKING:
    from collections.abc import Mapping


Statistic = Literal["per_capita_mean", "share"]


@dataclass(frozen=True, slots=True)
class Target:
    """A headline target of a plan.

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

    Attributes
    ----------
    id : str
        The clause that states it.
    label : Label
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
    label: Label
    statistic: Statistic
    value: float
    unit: str
    comparator: Comparator
    year: int
    bounds: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """Name of its indicator: the clause without what all targets begin with."""
        return self.id.removeprefix("targets.")


@cache
def read_targets(plan: PlanFiles) -> tuple[Target, ...]:
    """Return the headline targets that ``plan.yaml`` declares, with the figures of their clauses.

    Raises
    ------
    PlanError
        When a clause names no figure with a year.
    """
    return tuple(_target(plan, entry) for entry in plan.settings["targets"])


def _target(plan: PlanFiles, entry: Mapping[str, Any]) -> Target:
    clause_id = entry["clause"]
    quantity = clause_of(read_clauses(plan.folder), clause_id).quantity
    if quantity is None or quantity.deadline_year is None:
        raise PlanError(
            "clause {clause_id!r} names no quantity with a year, so it cannot be a target",
            clause_id,
        )
    statistic: Statistic = entry["statistic"]
    if statistic not in get_args(Statistic):
        raise PlanError(
            "target {clause_id!r}: statistic {statistic!r} is none of {get_args}",
            clause_id,
            statistic,
            get_args(Statistic),
        )
    bounds = entry.get("bounds")
    return Target(
        id=clause_id,
        label=Label(entry["zh"], entry["en"]),
        statistic=statistic,
        value=quantity.value / 100 if statistic == "share" else quantity.value,
        unit=entry["unit"],
        comparator=quantity.comparator,
        year=quantity.deadline_year,
        bounds=(float(bounds[0]), float(bounds[1])) if bounds else None,
    )
