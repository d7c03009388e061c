"""How incomes are distributed, in bars of equal width, and what lies within the brackets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from olive import statistics
from olive.analysis.indicators import bracket_rows, incomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.simulation.result import Result
    from olive.statistics.brackets import Definition

_BARS = 80


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Shares of the units of a definition by income.

    Attributes
    ----------
    edges : float64 array, shape (bars + 1,)
        Yuan a year.
    shares : float64 array, shape (bars,)
        Fractions of all units; incomes beyond the edges are in no bar.
    """

    edges: NDArray[np.float64]
    shares: NDArray[np.float64]


def income_histogram(result: Result, policy: int | str, definition: Definition) -> Histogram:
    """Return the distribution of income under a policy, in 80 bars of equal width.

    They reach a third beyond the highest bracket of the place (for Taizhou 800,000 yuan in bars of
    10,000), or to the highest hundredth of incomes where it has none.

    Collective households are left out, as in the shares.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> found = income_histogram(olive.simulate(city, olive.law(year=2023)), 0, "household")
    >>> len(found.shares), bool(0.9 < found.shares.sum() <= 1.0)
    (80, True)
    """
    values, weights = bracket_rows(incomes(result, policy), definition)
    edges = np.linspace(0.0, _largest(result, values), _BARS + 1)
    return Histogram(edges, np.histogram(values, edges, weights=weights)[0] / weights.sum())


def _largest(result: Result, values: NDArray[np.float64]) -> float:
    """Return the income at which bars end, such that bars are of a round width."""
    highest = max((each.high for each in result.place.brackets_shown()), default=0.0)
    end = highest * 4.0 / 3.0 if highest else max(float(np.quantile(values, 0.99)), 1.0)
    digit = 10.0 ** np.floor(np.log10(end / _BARS))
    return float(_BARS * digit * np.ceil(round(end / _BARS / digit, 6)))


def bracket_shares(
    result: Result, policy: int | str, definition: Definition
) -> dict[tuple[float, float], float]:
    """Return the share within each bracket of the place."""
    values, weights = bracket_rows(incomes(result, policy), definition)
    brackets = ((each.low, each.high) for each in result.place.brackets_shown())
    return {
        (low, high): statistics.share_between(values, weights, low=low, high=high)
        for low, high in brackets
    }
