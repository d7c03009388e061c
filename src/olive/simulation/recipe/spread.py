"""Wanted spread of per-capita income: by kind of place and size of household.

The shape comes from grouped incomes of another place (a proxy), its spread from the shares that
were published for the province, its low tail from the number of dibao recipients.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize, special, stats

from olive.population.distributions import (
    Distribution,
    IncomeFit,
)
from olive.population.distributions.published_fits import published_fit
from olive.population.recipe import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RANKS = np.concatenate(
    [
        np.geomspace(2e-5, 0.005, 20, endpoint=False),
        np.linspace(0.005, 0.995, 199),
        1.0 - np.geomspace(0.005, 2e-5, 21)[1:],
    ]
)
_LARGEST_CORRELATION = 0.95
_MEAN_STEPS = 6
_SCORES = np.linspace(-3.5, 3.5, 141)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Wanted incomes per head of the households of each cell at the ranks ``RANKS``.

    Attributes
    ----------
    quantiles : numpy.ndarray of float64, shape (2, size classes, ranks)
        Rural and urban; sizes 1, 2, 3, 4, 5 and more, collective households.
    kappa : float
        Factor on log spread relative to the proxy's shape.
    """

    quantiles: Array
    kappa: float


def shape_fits(settings: Mapping[str, Any]) -> dict[str, IncomeFit]:
    """Return the fits of the shape for ``urban`` and ``rural`` households."""
    family = settings["family"]
    return {area: published_fit(settings["shape"][area], family) for area in ("urban", "rural")}


def three_person_shares(
    fits: Mapping[str, IncomeFit], means: Mapping[str, float], urban_households: float, kappa: float
) -> Array:
    """Return shares of households whose income per head times three lies in the two brackets.

    Parameters
    ----------
    fits : mapping
        ``urban`` and ``rural`` shapes.
    means : mapping
        Income per person, yuan a year.
    urban_households : float
        Share of urban households.
    kappa : float
        Factor on log spread.
    """
    brackets = np.array([[100_000.0, 500_000.0], [200_000.0, 600_000.0]]) / 3.0
    shares = np.zeros(2)
    for area, part in (("urban", urban_households), ("rural", 1.0 - urban_households)):
        households = fits[area].reshaped(mean=means[area], spread=kappa).households
        shares += part * np.diff(households.cdf(brackets), axis=1)[:, 0]
    return shares


def fit_kappa(settings: Mapping[str, Any], fits: Mapping[str, IncomeFit]) -> float:
    """Return the factor on log spread that best meets the published shares of the province."""
    province = settings["province"]

    def miss(kappa: float) -> float:
        shares = three_person_shares(
            fits,
            {area: province[area] for area in ("urban", "rural")},
            province["urban_households"],
            kappa,
        )
        return float(np.sum((shares - np.array(province["shares"])) ** 2))

    return float(optimize.minimize_scalar(miss, bounds=(0.7, 1.2), method="bounded").x)


def wanted_spread(
    settings: Mapping[str, Any], size_shares: Array, means: Array, low_tail: float
) -> Wanted:
    """Return the wanted incomes per head by place and size class.

    Parameters
    ----------
    settings : mapping
        The place's settings.
    size_shares : numpy.ndarray, shape (2, 7, 2)
        Households by place, size and kind (family, collective), relative to all.
    means : numpy.ndarray, shape (2,)
        Published income per person, rural and urban.
    low_tail : float
        How much the proxy's low tail is thinned: the share of households below
        ``spread.low_tail.line`` is divided by it. Those taken from there come to lie between that
        line and ``spread.low_tail.below``; incomes above stay as they are.
    """
    spread = settings["spread"]
    fits = shape_fits(spread)
    kappa = fit_kappa(spread, fits)
    relative = value_of(settings["collective_income"])
    quantiles = np.zeros((2, 6, len(RANKS)))
    for place, area in enumerate(("rural", "urban")):
        shaped = fits[area].reshaped(mean=1.0, spread=kappa)
        households = shaped.households
        family, collective = size_shares[place].T
        classes = np.append(family[:4], family[4:].sum())
        sizes = np.append(np.arange(1, 5), family[4:] @ np.arange(5, 8) / family[4:].sum())
        by_size = _by_size(households, shaped.size_gradient, classes / classes.sum(), sizes)
        quantiles[place, :5] = by_size
        quantiles[place, 5] = households.spread(0.8).quantile(RANKS)
        persons = np.append(classes * sizes, collective @ np.arange(1, 8))
        mean = _means(quantiles[place])
        quantiles[place, 5] *= relative * (persons[:5] @ mean[:5]) / persons[:5].sum() / mean[5]
        quantiles[place] = _thinned(
            quantiles[place], persons, means[place], spread["low_tail"], low_tail
        )
    return Wanted(quantiles, kappa)


def _means(quantiles: Array) -> Array:
    """Return the mean of each row of quantiles: trapezoids between the ranks, flat outside."""
    ranks = np.concatenate([[0.0], RANKS, [1.0]])
    padded = np.concatenate([quantiles[..., :1], quantiles, quantiles[..., -1:]], axis=-1)
    return np.asarray(np.trapezoid(padded, ranks, axis=-1))


def _thinned(
    quantiles: Array, persons: Array, mean: float, bounds: Mapping[str, float], low_tail: float
) -> Array:
    """Return quantiles in yuan with the wanted mean over persons and a thinner low tail."""
    thinner = quantiles
    for _ in range(_MEAN_STEPS):
        overall = persons @ _means(thinner) / persons.sum()
        quantiles = quantiles * mean / overall
        thinner = np.array([_lifted(row, bounds, low_tail) for row in quantiles])
    return thinner


def _lifted(quantiles: Array, bounds: Mapping[str, float], low_tail: float) -> Array:
    """Return quantiles of which fewer lie below ``line`` and as many as before below ``below``.

    In between, the divisor of the shares falls evenly in logarithms from ``low_tail`` to one. Far
    below the line the shape of the tail stays: fewer households are poor, but not less poor.
    """
    depth = np.log(bounds["below"] / quantiles) / np.log(bounds["below"] / bounds["line"])
    ranks = RANKS * low_tail ** -np.clip(depth, 0.0, 1.0)
    return np.asarray(np.exp(np.interp(RANKS, ranks, np.log(quantiles))))


def _by_size(households: Distribution, gradient: float, shares: Array, sizes: Array) -> Array:
    """Return quantiles by size class: ranks of income and of size share a normal copula."""
    correlation = _correlation_for(households, gradient, shares, sizes)
    edges = special.ndtri(np.concatenate([[0.0], np.cumsum(shares)[:-1], [1.0]]))
    score = np.linspace(-5.0, 5.0, 2001)
    income = households.quantile(np.clip(special.ndtr(score), 1e-7, 1 - 1e-7))
    density = stats.norm.pdf(score)
    rows = []
    for low, high in pairwise(edges):
        inside = _between(score, correlation, low, high) * density
        below = np.cumsum(inside) / inside.sum()
        rows.append(np.exp(np.interp(RANKS, below, np.log(income))))
    return np.array(rows)


def _between(score: Array, correlation: float, low: float, high: float) -> Array:
    """Return P(size score in (low, high) | income score): sizes fall with income."""
    spread = np.sqrt(1.0 - correlation**2)
    upper = special.ndtr((high + correlation * score) / spread)
    return np.asarray(upper - special.ndtr((low + correlation * score) / spread))


def _correlation_for(
    households: Distribution, gradient: float, shares: Array, sizes: Array
) -> float:
    """Return the correlation at which expected size falls as income to the power ``-gradient``."""
    edges = special.ndtri(np.concatenate([[0.0], np.cumsum(shares)[:-1], [1.0]]))
    log_income = np.log(households.quantile(special.ndtr(_SCORES)))
    weight = stats.norm.pdf(_SCORES)

    def slope(correlation: float) -> float:
        expected = sum(
            size * _between(_SCORES, correlation, low, high)
            for size, (low, high) in zip(sizes, pairwise(edges), strict=True)
        )
        fitted = np.polyfit(log_income, np.log(expected), 1, w=np.sqrt(weight))
        return float(fitted[0]) + gradient

    if slope(0.0) <= 0.0:
        return 0.0
    if slope(_LARGEST_CORRELATION) > 0.0:
        return _LARGEST_CORRELATION
    return float(optimize.brentq(slope, 0.0, _LARGEST_CORRELATION))
