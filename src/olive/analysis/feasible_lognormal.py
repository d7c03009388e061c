"""Lognormal incomes that meet both shares: exactly, with the least mean, mixed over sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy

from olive.analysis.feasible_shapes import Bracket, largest_spread
from olive.statistics.distributions import Lognormal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPREADS = np.linspace(0.01, 2.0, 200)
_SPREADS_OF_MIXTURE = np.linspace(0.02, 2.0, 100)
_SIZE_LIMIT = 40  # the Poisson tail beyond is below 1e-30
_EXACT = 1e-10


def exact_lognormal(brackets: Sequence[Bracket]) -> Lognormal | None:
    """Return the lognormal distribution with two shares exactly; None where none was found.

    Two parameters meet two conditions, so the mean follows.
    """
    start = (np.log(np.mean([np.sqrt(each.low * each.high) for each in brackets])), 0.7)

    def miss(at: NDArray[np.float64]) -> NDArray[np.float64]:
        incomes = Lognormal(float(at[0]), float(np.exp(at[1])))
        return np.array([each.share(incomes) - each.target for each in brackets])

    found = scipy.optimize.least_squares(
        miss, (start[0], np.log(start[1])), xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    if np.abs(found.fun).max() > _EXACT:
        return None
    return Lognormal(float(found.x[0]), float(np.exp(found.x[1])))


def least_lognormal(brackets: Sequence[Bracket]) -> Lognormal | None:
    """Return the lognormal distribution of least mean that has at least every share.

    None where none has, at any mean up to the highest upper bound.
    """

    def slack(mean: float, spread: float) -> float:
        incomes = lognormal_of(mean, spread)
        return min(each.share(incomes) - each.target for each in brackets)

    def most(mean: float) -> tuple[float, float]:
        """Return the largest slack at a mean, and the spread at which it is."""
        at = int(np.argmax([slack(mean, float(each)) for each in _SPREADS]))
        low, high = _SPREADS[max(at - 1, 0)], _SPREADS[min(at + 1, _SPREADS.size - 1)]
        found = scipy.optimize.minimize_scalar(
            lambda spread: -slack(mean, spread), bounds=(low, high), options={"xatol": 1e-9}
        )
        return -float(found.fun), float(found.x)

    lowest, highest = min(each.low for each in brackets), max(each.high for each in brackets)
    means = np.linspace(lowest, highest, 60)
    reached = [mean for mean in means if most(float(mean))[0] >= 0.0]
    if not reached:
        return None
    first = float(reached[0])
    if first == lowest:
        return lognormal_of(first, most(first)[1])
    step = float(means[1] - means[0])
    mean = scipy.optimize.brentq(lambda each: most(each)[0], first - step, first, xtol=1e-6)
    return lognormal_of(mean, most(mean)[1])


def mixture(
    brackets: Sequence[Bracket],
    income_per_head: float,
    size: float,
    counted: str,
    elasticity: float,
) -> dict[str, object]:
    """Return a row of `Feasibility.mixture`."""
    persons = np.arange(1, _SIZE_LIMIT + 1)
    powers = scipy.special.xlogy(persons - 1, size - 1.0)
    logs = powers - (size - 1.0) - scipy.special.gammaln(persons)
    homes = np.exp(logs)
    homes /= homes.sum()
    pattern = persons.astype(float) ** elasticity
    means = pattern * (income_per_head * (homes @ persons) / (homes @ pattern))
    weight = homes if counted == "households" else homes * persons / (homes @ persons)

    def shares(spread: float) -> list[float]:
        by_size = [lognormal_of(float(mean), spread) for mean in means]
        return [float(weight @ [each.share(incomes) for incomes in by_size]) for each in brackets]

    def slack(spread: float) -> float:
        return min(
            share - each.target for share, each in zip(shares(spread), brackets, strict=True)
        )

    spread, _ = largest_spread(slack, 0.0, _SPREADS_OF_MIXTURE)
    found = shares(spread) if np.isfinite(spread) else [np.nan] * len(brackets)
    names = (each.name for each in brackets)
    return {
        "size": size,
        "counted": counted,
        "spread": spread,
        **dict(zip(names, found, strict=True)),
    }


def lognormal_of(mean: float, spread: float) -> Lognormal:
    """Return the lognormal distribution with a mean and a standard deviation of log income."""
    return Lognormal(float(np.log(mean)) - spread**2 / 2.0, spread)
