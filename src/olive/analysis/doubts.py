"""How far the assumptions behind two policies move the indicators, as a report needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Between these quantiles of the draws lies what is called the assumption range.
QUANTILES = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator in one definition over draws of the assumptions.

    Attributes
    ----------
    after_low, after_high, change_low, change_high : float
        5 % and 95 % quantile of the figure under the policy after and of its change.
    rising, falling : float
        Share of the draws in which the change is above, or below, 0.
    met : float or None
        Share of the draws in which the policy after meets the target; None without one.
    """

    after_low: float
    after_high: float
    change_low: float
    change_high: float
    rising: float
    falling: float
    met: float | None = None

    @property
    def sign_is_known(self) -> bool:
        """Whether the assumption range of the change lies on one side of 0."""
        return self.change_low > 0.0 or self.change_high < 0.0


@dataclass(frozen=True, slots=True)
class Influence:
    """How far one assumption moves the effect of the policy after on income per head.

    Attributes
    ----------
    parameter : str
    low, high : float
        Ends of its plausible range, in its unit.
    change_low, change_high : float
        Change of income per head, yuan a year, with the parameter at either end.
    """

    parameter: str
    low: float
    high: float
    change_low: float
    change_high: float

    @property
    def reach(self) -> float:
        """Yuan per head between both ends."""
        return abs(self.change_high - self.change_low)


@dataclass(frozen=True, slots=True)
class AssumptionDoubt:
    """All indicators over joint draws of the assumptions, and which of them matter most.

    Attributes
    ----------
    draws : int
    spreads : mapping of (indicator, definition) to Spread
        Indicators with a poverty line are left out.
    influences : tuple of Influence
        From the largest reach to the smallest.
    """

    draws: int
    spreads: Mapping[tuple[str, str], Spread]
    influences: tuple[Influence, ...]

    def of(self, indicator: str, definition: str) -> Spread | None:
        """Return the spread of an indicator; None where it was not drawn."""
        return self.spreads.get((indicator, definition))
