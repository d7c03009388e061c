"""Lognormal incomes that meet both shares: exactly, with the least mean, mixed over sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from olive.analysis.feasible_shapes import Bracket, largest_spread
from olive.statistics.distributions import Lognormal

FloatArray = NDArray[np.float64]

_SPREADS = np.linspace(0.01, 2.0, 200)
_SPREADS_OF_MIXTURE = np.linspace(0.02, 2.0, 100)
_SIZE_LIMIT = 40  # the Poisson tail beyond is below 1e-30
_EXACT = 1e-10


def exact_lognormal(brackets: Sequence[Bracket]) -> Lognormal | None:
    """Return the lognormal distribution with two shares exactly; None where none was found.

    Two parameters meet two conditions, so the mean follows.
    """
    start = np.log([np.mean([np.sqrt(each.low * each.high) for each in brackets]), 0.7])

    def miss(at: FloatArray) -> FloatArray:
        incomes = Lognormal(float(at[0]), float(np.exp(at[1])))
        return np.array([each.share(incomes) - each.target for each in brackets])

    found = scipy.optimize.least_squares(miss, start, xtol=1e-15, ftol=1e-15, gtol=1e-15)
    if np.abs(found.fun).max() > _EXACT:
        return None
    return Lognormal(float(found.x[0]), float(np.exp(found.x[1])))


def least_lognormal(brackets: Sequence[Bracket]) -> Lognormal | None:
    """Return the lognormal distribution of least mean that has at least every share.

    None where none has, at any mean up to the highest upper bound.
    """

    def slack(mean: float, spreads: FloatArray) -> FloatArray:
        over = [lognormal_share(each, mean, spreads) - each.target for each in brackets]
        return np.asarray(np.min(over, axis=0))

    def most(mean: float) -> tuple[float, float]:
        """Return the largest slack at a mean, and the spread at which it is."""
        at = int(np.argmax(slack(mean, _SPREADS)))
        low, high = _SPREADS[max(at - 1, 0)], _SPREADS[min(at + 1, _SPREADS.size - 1)]
        found = scipy.optimize.minimize_scalar(
            lambda spread: -float(slack(mean, np.array(spread))),
            bounds=(low, high),
            options={"xatol": 1e-9},
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

    def shares(spreads: FloatArray) -> list[FloatArray]:
        return [weight @ lognormal_share(each, means[:, np.newaxis], spreads) for each in brackets]

    def slack(spreads: FloatArray) -> FloatArray:
        both = zip(shares(spreads), brackets, strict=True)
        return np.asarray(np.min([share - each.target for share, each in both], axis=0))

    spread, _ = largest_spread(slack, 0.0, _SPREADS_OF_MIXTURE)
    found = [float(each[0]) for each in shares(np.array([spread]))]
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


def lognormal_share(bracket: Bracket, means: float | FloatArray, spreads: FloatArray) -> FloatArray:
    """Return the share in a bracket of each of several lognormal distributions.

    >>> some = Bracket("some", 1.0, 4.0, 0.5)
    >>> float(lognormal_share(some, 2.0, np.array([0.5]))[0]) == some.share(lognormal_of(2.0, 0.5))
    True
    """
    location = np.log(means) - spreads**2 / 2.0
    with np.errstate(divide="ignore"):  # a bracket may begin at nothing
        low, high = np.log(bracket.low), np.log(bracket.high)
    below = scipy.special.ndtr((low - location) / spreads)
    return np.asarray(scipy.special.ndtr((high - location) / spreads) - below)
