"""Rule 14, the figures of one run; every way of running the rules must give the same ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one policy.

    Attributes
    ----------
    share_100_500, share_200_600 : float
        Share of households with 100,000 <= disposable income < 500,000 yuan (200,000-600,000).
    mean_per_capita : float
        Disposable income over persons, yuan a year.
    gini_per_capita : float
        Gini coefficient of per-capita disposable income over persons.
    poverty_headcount : float
        Share of persons whose per-capita disposable income is under the marginal line of the
        policy (twice its dibao standard, so the line moves with the policy).
    dibao_cost : float
        Dibao paid, yuan a year.
    """

    share_100_500: float
    share_200_600: float
    mean_per_capita: float
    gini_per_capita: float
    poverty_headcount: float
    dibao_cost: float

    def largest_difference(self, other: Figures) -> float:
        """Return the largest relative difference between two sets of figures."""
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return max(float(abs(one - two) / max(abs(one), abs(two), 1e-300)) for one, two in pairs)
