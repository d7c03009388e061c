"""How much all incomes would still have to grow, alike, for a target to be met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, shown
from olive.native.given_numbers import as_float, finite_number, listed
from olive.native.sorting import stable_order
from olive.statistics.money import edge_at
from olive.statistics.samples import sampled

# Growth is looked for up to a quadrupling of incomes, in steps of a tenth of a per cent.
_LARGEST_GROWTH = 3.0
_STEP = 0.001


@dataclass(frozen=True, slots=True)
class GrowthNeeded:
    """Uniform growth of disposable incomes that a target still needs.

    Attributes
    ----------
    growth : float or None
        Smallest growth (0.05 is five per cent) at which the target is met, to a tenth of a per
        cent; 0 when it is met already; None when no uniform growth meets it.
    best : float
        The largest value that uniform growth reaches.
    """

    growth: float | None
    best: float


def growth_for_share(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    edges: tuple[float, float],
    target: float,
) -> GrowthNeeded:
    """Return the uniform growth at which the share between two edges reaches a target.

    The share rises while households cross the lower bound and falls once more cross the upper
    one, so it may never be reached.

    Parameters
    ----------
    values : float64 array, shape (n,)
        Incomes, yuan a year.
    weights : float64 array, shape (n,)
    edges : (float, float)
        An income counts from the first up to, but without, the second; yuan a year.
    target : float
        Share, as a fraction of 1.

    Raises
    ------
    DataError
        For values, weights, edges or a target that are no numbers.

    Examples
    --------
    >>> growth_for_share(np.array([90.0, 120.0]), np.ones(2), (100.0, 500.0), 1.0)
    GrowthNeeded(growth=0.112, best=1.0)
    """
    ends = listed(edges)
    if ends is None or len(ends) != 2 or not all(as_float(end) is not None for end in ends):
        raise DataError("edges are {shown}; give two amounts: (100_000, 500_000)", shown(edges))
    target = finite_number("target", target)
    sample = sampled(values, weights)
    order = stable_order(sample.values)
    ordered = sample.values[order]
    below = np.concatenate([[0.0], np.cumsum(sample.weights[order])])
    growth = np.arange(0.0, _LARGEST_GROWTH + _STEP / 2, _STEP)
    low, high = (np.searchsorted(ordered, edge / (1.0 + growth)) for edge in ends)
    shares = (below[high] - below[low]) / below[-1]
    # Sums of weights are rounded: seven households of ten may be a share of 0.6999999999999999.
    met = np.flatnonzero(shares >= edge_at(target))
    return GrowthNeeded(round(float(growth[met[0]]), 4) if met.size else None, float(shares.max()))


def growth_for_mean(mean: float, target: float) -> GrowthNeeded:
    """Return the growth at which a mean reaches a target; none does from a mean of 0 or less.

    >>> growth_for_mean(60_000, 75_000)
    GrowthNeeded(growth=0.25, best=75000.0)

    Raises
    ------
    DataError
        When one of them is no finite number.
    """
    mean, target = finite_number("mean", mean), finite_number("target", target)
    if mean <= 0.0 < target:
        return GrowthNeeded(None, mean)
    return GrowthNeeded(max(0.0, target / mean - 1.0), max(mean, target))
