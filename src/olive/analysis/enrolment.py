"""What joining the employees' pension scheme costs now and earns later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.pairs import PolicyPair, variables
from olive.native.blas import sum_of_products
from olive.places.labels import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.places.place import Place

    FloatArray = NDArray[np.float64]

ENROLMENT_VARIABLES = (
    "pays_enterprise_pension",
    "enterprise_pension_contribution",
    "pension_accrued",
)


@dataclass(frozen=True, slots=True)
class EnrolmentMemo:
    """Those who join the employees' pension scheme from one policy to another.

    Attributes
    ----------
    sample : int
        Persons of the sample.
    persons : float
        Who contribute under the policy after and not under that before.
    contributions : float
        What they pay a year, yuan in all; ``accrued``: the pension a year for life that one year
        of it adds, yuan in all, in today's money and before any indexing.
    accrued : float
    """

    sample: int
    persons: float
    contributions: float
    accrued: float

    @property
    def contribution_each(self) -> float:
        """Yuan that each pays a year."""
        return self.contributions / self.persons if self.persons else 0.0

    @property
    def accrued_each(self) -> float:
        """Yuan a month for life that one year adds for each."""
        return self.accrued / self.persons / 12.0 if self.persons else 0.0

    @property
    def years_to_recover(self) -> float:
        """Years of drawing after which the own contribution has come back; infinite for none."""
        return self.contributions / self.accrued if self.accrued else float("inf")

    def sentence(self, money: Label) -> Label:
        """Return the memo in words."""
        if not self.persons:
            return Label("无人新参加职工养老保险。", "Nobody joins the employees' pension scheme.")
        return Label(
            f"参保备忘：{self.persons / 1e4:,.1f}万人新参加职工养老保险，人均每年缴费"
            f"{self.contribution_each:,.0f}{money.zh}，每缴一年增加终身养老金"
            f"每月{self.accrued_each:,.0f}{money.zh}"
            f"（按当年币值，未计以后调整），领取{self.years_to_recover:.1f}年收回本人缴费："
            "是储蓄和保险，不是损失。",
            f"Pension enrolment, a memo: {self.persons:,.0f} persons join the employees' scheme. "
            f"Each pays {self.contribution_each:,.0f} {money.en} a year, and each year paid adds "
            f"{self.accrued_each:,.0f} {money.en} a month for life (today's money, before "
            f"indexing): it comes back in {self.years_to_recover:.1f} years of drawing. "
            "That is saving and insurance, not a loss.",
        )


def has_scheme(place: Place) -> bool:
    """Return whether the law has an employees' pension scheme that people may join."""
    return all(name in place.rules.rules for name in ENROLMENT_VARIABLES)


def enrolment_memo(pair: PolicyPair) -> EnrolmentMemo:
    """Return who joins the employees' pension scheme, what they pay and what it earns them.

    The pension of one year of contributions is the variable ``pension_accrued``:
    (average wage + own base) / 2 x 1 % and 8 % of the base over the 139 months of the age of 60.
    """
    found = variables(pair, list(ENROLMENT_VARIABLES))
    joins = found[1, "pays_enterprise_pension"] & ~found[0, "pays_enterprise_pension"]
    population = pair.result.population
    weight = np.repeat(population.weight, population.size) * joins
    paid, accrued = (
        np.asarray(found[1, name], dtype=np.float64) - found[0, name]
        for name in ENROLMENT_VARIABLES[1:]
    )
    sample, persons = int(np.count_nonzero(weight)), float(weight.sum())
    return EnrolmentMemo(
        sample, persons, sum_of_products(weight, paid), sum_of_products(weight, accrued)
    )
