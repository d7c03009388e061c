"""Distributions that meet a mean and several shares: solved, searched for, or bounded.

References
----------
Kleiber and Kotz (2003), Statistical Size Distributions in Economics and Actuarial Sciences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy
from numpy.typing import NDArray

from olive.statistics.distributions import DistributionError, dagum, singh_maddala

if TYPE_CHECKING:
    from olive.statistics.distributions import Distribution, GeneralizedBeta

FloatArray = NDArray[np.float64]

FAMILIES = {"dagum": dagum, "singh_maddala": singh_maddala}
# Where a search for exact solutions starts, and how far it goes (on the logarithmic scale).
_STARTS_OF_SHAPE = (1.5, 3.0, 8.0)
_STARTS_OF_TAIL = (0.1, 0.5, 5.0)
_REACH = (np.log([1.01, 0.02]), np.log([50.0, 1e5]))
_EXACT = 1e-9
_CELL = 10_000.0
_TOP = 2_000_000.0
_HIGHEST_MODE = 500_000.0


@dataclass(frozen=True, slots=True)
class Bracket:
    """A share that should be reached: of incomes from ``low`` up to, but without, ``high``."""

    name: str
    low: float
    high: float
    target: float

    def share(self, incomes: Distribution) -> float:
        """Return the share of a distribution that lies in the bracket."""
        return float(incomes.cdf(self.high) - incomes.cdf(self.low))


def largest_spread(
    share: Callable[[FloatArray], FloatArray],
    target: float,
    spreads: FloatArray,
    found: FloatArray | None = None,
) -> tuple[float, float]:
    """Return the largest spread at which a share reaches its target, and its largest value.

    ``share`` gives the share at each of several spreads; ``found`` are those at ``spreads``, where
    they are known. The spread is missing (NaN) when the target is reached nowhere, and the last one
    looked at when it is still reached there.
    """
    found = share(spreads) if found is None else found
    reached = np.flatnonzero(found >= target)
    best = float(found.max())
    if not reached.size:
        return np.nan, best
    last = int(reached[-1])
    if last + 1 == spreads.size:
        return float(spreads[-1]), best

    def over(spread: float) -> float:
        return float(share(np.array([spread]))[0] - target)

    root = scipy.optimize.brentq(over, spreads[last], spreads[last + 1], xtol=1e-9)
    # A share of sample households falls in steps: the reached side of the step counts.
    while over(root) < 0.0:
        root = np.nextafter(root, 0.0) - 1e-9
    return float(root), best


def tighter(brackets: Sequence[Bracket], spreads: Sequence[float]) -> str:
    """Return the bracket that leaves the least room: none at all, or the smallest spread.

    >>> tighter([Bracket("a", 1.0, 5.0, 0.7), Bracket("b", 2.0, 6.0, 0.45)], [0.7, 0.4])
    'b'
    """
    return brackets[int(np.argmin(np.nan_to_num(spreads, nan=-1.0)))].name


def rows_of_most(
    most: Mapping[Bracket, tuple[float, float]],
    called: str,
    share: Callable[[Bracket, float], float],
    gini: Callable[[float], float],
) -> list[dict[str, Any]]:
    """Return a row of each bracket, of what `largest_spread` found, and one of all together.

    Each has the spread, under the name that it is ``called``, and the Gini and all shares there.
    """
    spreads = [spread for spread, _ in most.values()]
    together = min(spreads) if np.isfinite(spreads).all() else np.nan
    # The tightest share must leave the others at their targets as well.
    met = np.isfinite(together) and all(
        share(each, together) >= each.target - _EXACT for each in most
    )
    every = {each.name: found for each, found in most.items()}
    every["both"] = (together if met else np.nan, np.nan)
    return [
        {
            "bracket": name,
            "best": best,
            called: spread,
            "gini": gini(spread) if np.isfinite(spread) else np.nan,
            **{x.name: share(x, spread) if np.isfinite(spread) else np.nan for x in most},
            "binds": tighter([*most], spreads) if name == "both" else "",
        }
        for name, (spread, best) in every.items()
    ]


def exact_shape(family: str, mean: float, brackets: Sequence[Bracket]) -> dict[str, float]:
    """Return the least unequal distribution of a family that meets mean and shares exactly.

    Parameters
    ----------
    family : {"dagum", "singh_maddala"}
    mean : float
        Household income, yuan a year.
    brackets : sequence of Bracket
        Two: with the mean, as many conditions as the family has parameters.

    Returns
    -------
    dict of str to float
        ``shape``, ``scale``, ``tail``, ``gini``, ``below`` (share below the lowest bound);
        all missing when no start of the search leads to a solution.
    """
    make = FAMILIES[family]
    ends = np.array([[each.low, each.high] for each in brackets])
    targets = np.array([each.target for each in brackets])

    def incomes(logs: FloatArray) -> GeneralizedBeta:
        shape, tail = np.exp(logs)
        unit = make(1.0, float(shape), float(tail))
        return unit.scaled(mean / unit.mean)

    def miss(logs: FloatArray) -> FloatArray:
        try:
            found = incomes(logs)
        except DistributionError:  # a tail without a mean: far from any solution
            return np.ones(len(brackets))
        below = found.cdf(ends)
        return np.asarray(below[:, 1] - below[:, 0] - targets)

    solutions = []
    for start in product(_STARTS_OF_SHAPE, _STARTS_OF_TAIL):
        result = scipy.optimize.least_squares(
            miss, np.log(start), bounds=_REACH, xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=100
        )
        if np.abs(result.fun).max() < _EXACT:
            solutions.append(incomes(result.x))
    if not solutions:
        return dict.fromkeys(("shape", "scale", "tail", "gini", "below"), np.nan)
    best = min(solutions, key=lambda each: each.gini)
    return {
        "shape": best.shape,
        "scale": best.scale,
        "tail": best.low if family == "dagum" else best.high,
        "gini": best.gini,
        "below": float(best.cdf(min(each.low for each in brackets))),
    }


def least_means(brackets: Sequence[Bracket]) -> dict[str, float]:
    """Return the least mean income with which the shares are possible: any shape, and one mode.

    Without an assumption on the shape every income may lie at the lower end of its cell; with
    one mode incomes are spread evenly within each cell.
    """
    cells = np.arange(0.0, _TOP, _CELL)
    inside = np.array([(each.low <= cells) & (cells < each.high) for each in brackets])
    equal = np.vstack([np.ones(cells.size), inside.astype(float)])
    wanted = np.array([1.0, *(each.target for each in brackets)])
    modes = range(int(_HIGHEST_MODE / _CELL))
    return {
        "none": _least(cells, equal, wanted),
        "unimodal": min(_least(cells + _CELL / 2.0, equal, wanted, mode) for mode in modes),
    }


def _least(
    incomes: FloatArray, equal: FloatArray, wanted: FloatArray, mode: int | None = None
) -> float:
    """Return the least mean of cell shares; with a mode, they rise up to it and fall after it."""
    steps = np.diff(np.eye(incomes.size), axis=0)  # row i: cell i + 1 less cell i
    slopes = {}
    if mode is not None:
        rising = np.where(np.arange(steps.shape[0])[:, None] < mode, -steps, steps)
        slopes = {"A_ub": rising, "b_ub": np.zeros(steps.shape[0])}
    found = scipy.optimize.linprog(incomes, A_eq=equal, b_eq=wanted, method="highs", **slopes)
    return float(found.fun) if found.success else np.inf
