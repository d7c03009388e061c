"""Wanted spread of per-capita income: by kind of place and size of household.

The shape comes from grouped incomes of another place (a proxy), its spread from the shares that
were published for the province, its low tail from the number of dibao recipients.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize, special

from olive.china.recipes.recipe import LARGEST, SIZE_CLASSES, value_of
from olive.china.recipes.solving.published_fits import published_fit
from olive.statistics.distributions import (
    Distribution,
    IncomeFit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.population import Population

    Array = NDArray[np.float64]

RANKS = np.concatenate(
    [
        np.geomspace(2e-5, 0.005, 20, endpoint=False),
        np.linspace(0.005, 0.995, 199),
        1.0 - np.geomspace(0.005, 2e-5, 21)[1:],
    ]
)
THREE_PERSON_BRACKETS = np.array([[100_000.0, 500_000.0], [200_000.0, 600_000.0]]) / 3.0
_AREAS = ("rural", "urban")
_FAMILIES = SIZE_CLASSES - 1  # size classes of families; the last class is collective
_COLLECTIVE_SPREAD = 0.8  # of log income, relative to families: an assumption
_LARGEST_CORRELATION = 0.95
_LEAST_KAPPA, _LARGEST_KAPPA = 0.7, 1.2
_MEAN_STEPS = 6
_LOW_STEPS = 100  # points below the line
_SCORES = np.linspace(-3.5, 3.5, 141)


@dataclass(frozen=True, slots=True)
class WantedIncomes:
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


@dataclass(frozen=True, slots=True)
class ShapeCells:
    """Incomes per head of a shape by place and size class, up to their level.

    Attributes
    ----------
    quantiles : numpy.ndarray of float64, shape (2, size classes, ranks)
        At a factor of one on log spread. Any other factor is a power of them: the ranks of income
        and of size hang together in the same way whatever the spread.
    households, persons : numpy.ndarray of float64, shape (2, size classes)
        Relative numbers.
    """

    quantiles: Array
    households: Array
    persons: Array


def shape_fits(spread: Mapping[str, Any]) -> dict[str, IncomeFit]:
    """Return the fits of the shape for ``urban`` and ``rural`` households.

    Their size gradient is that of the settings, where it is given.
    """
    family, own = spread["family"], spread.get("size_gradient", {})
    fits = {area: published_fit(spread["shape"][area], family) for area in ("urban", "rural")}
    return {
        area: replace(fit, size_gradient=float(own.get(area, fit.size_gradient)))
        for area, fit in fits.items()
    }


def size_shares(people: Population) -> Array:
    """Return households by place, size and kind, relative to all, shape (2, 7, 2)."""
    owned = people.arrays().households
    urban, collective = owned["urban"].astype(int), owned["collective"].astype(int)
    shares = np.zeros((2, LARGEST, 2))
    np.add.at(shares, (urban, np.minimum(people.size, LARGEST) - 1, collective), people.weight)
    return np.asarray(shares / shares.sum())


def shape_by_size(fits: Mapping[str, IncomeFit], shares: Array) -> ShapeCells:
    """Return a shape divided among the size classes, so that larger households have less per head.

    Parameters
    ----------
    fits : mapping
        ``urban`` and ``rural`` shapes, from `shape_fits`.
    shares : numpy.ndarray, shape (2, 7, 2)
        From `size_shares`.
    """
    sizes = np.arange(1, LARGEST + 1)
    persons = shares * sizes[:, None]
    quantiles = np.empty((2, SIZE_CLASSES, len(RANKS)))
    for place, area in enumerate(_AREAS):
        fitted = fits[area]
        families = _by_class(shares)[place, :_FAMILIES]
        mean_size = _by_class(persons)[place, :_FAMILIES] / families
        quantiles[place, :_FAMILIES] = _by_size(
            fitted.households, fitted.size_gradient, families / families.sum(), mean_size
        )
        quantiles[place, -1] = fitted.households.spread(_COLLECTIVE_SPREAD).quantile(RANKS)
    return ShapeCells(quantiles, _by_class(shares), _by_class(persons))


def _by_class(amounts: Array) -> Array:
    """Return amounts by place and size class of amounts by place, size and kind."""
    family, collective = amounts[..., 0], amounts[..., 1]
    largest = family[:, _FAMILIES - 1 :].sum(axis=1)
    return np.column_stack([family[:, : _FAMILIES - 1], largest, collective.sum(axis=1)])


def three_person_shares(
    cells: ShapeCells, settings: Mapping[str, Any], kappa: float, low_tail: float
) -> Array:
    """Return the province's shares of families in the two brackets of income per head times three.

    The province's incomes per person are taken to be those of its families: shares and incomes were
    published from one survey of households.

    Parameters
    ----------
    cells : ShapeCells
        Shape by size class.
    settings : mapping
        The place's settings; ``spread.province`` holds the province's incomes per person.
    kappa, low_tail : float
        See `wanted_spread`. Lines in yuan stand at the same part of the province's mean
        income as of the place's; that mean is weighed by households, since persons are not given.
    """
    province = settings["spread"]["province"]
    parts = np.array([1.0 - province["urban_households"], province["urban_households"]])
    means = np.array([province[area] for area in _AREAS])
    relative = parts @ means / value_of(settings["income"]["mean"])
    in_families = cells.persons * (np.arange(SIZE_CLASSES) < _FAMILIES)
    tail = _low_tail(settings, low_tail, relative)
    quantiles = _incomes(replace(cells, persons=in_families), means, kappa, tail, 1.0)
    families = cells.households[:, :_FAMILIES]
    families = families / families.sum(axis=1, keepdims=True)
    shares = np.zeros(len(THREE_PERSON_BRACKETS))
    for place, part in enumerate(parts):
        for family, row in zip(families[place], quantiles[place, :_FAMILIES], strict=True):
            ranks = np.interp(THREE_PERSON_BRACKETS, row, RANKS, left=0.0, right=1.0)
            shares += part * family * np.diff(ranks, axis=1)[:, 0]
    return shares


def fit_kappa(cells: ShapeCells, settings: Mapping[str, Any], low_tail: float) -> float:
    """Return the factor on log spread that best meets the published shares of the province."""
    published = np.array(settings["spread"]["province"]["shares"])

    def miss(kappa: float) -> float:
        shares = three_person_shares(cells, settings, kappa, low_tail)
        return float(np.sum((shares - published) ** 2))

    bounds = (_LEAST_KAPPA, _LARGEST_KAPPA)
    return float(optimize.minimize_scalar(miss, bounds=bounds, method="bounded").x)


def wanted_spread(
    settings: Mapping[str, Any], shares: Array, means: Array, low_tail: float
) -> WantedIncomes:
    """Return the wanted incomes per head by place and size class.

    Parameters
    ----------
    settings : mapping
        The place's settings.
    shares : numpy.ndarray, shape (2, 7, 2)
        From `size_shares`.
    means : numpy.ndarray, shape (2,)
        Published income per person, rural and urban.
    low_tail : float
        How much the proxy's low tail is thinned, here and in the province that sets the spread:
        the share of families of ``spread.low_tail.from_size`` and more below
        ``spread.low_tail.line`` is divided by it, see ``_lifted``. In families of all sizes
        those below lack the more of the line the higher ``spread.low_tail.depth`` is.
    """
    cells = shape_by_size(shape_fits(settings["spread"]), shares)
    kappa = fit_kappa(cells, settings, low_tail)
    tail = _low_tail(settings, low_tail, 1.0)
    relative = value_of(settings["collective_income"])
    return WantedIncomes(_incomes(cells, means, kappa, tail, relative), kappa)


@dataclass(frozen=True, slots=True)
class _LowTail:
    """Where households are thinned, in yuan per head, how much by size class, and how deep.

    ``line`` and ``below`` by place, rural and urban.
    """

    line: Array
    below: Array
    depth: float
    divisor: Array


def _low_tail(settings: Mapping[str, Any], divisor: float, relative: float) -> _LowTail:
    bounds = settings["spread"]["low_tail"]
    size = np.arange(1, SIZE_CLASSES + 1)
    thinned = (size >= bounds["from_size"]) & (size <= _FAMILIES)
    return _LowTail(
        relative * np.array([bounds["line"][area] for area in _AREAS]),
        relative * np.array([bounds["below"][area] for area in _AREAS]),
        bounds["depth"],
        np.where(thinned, divisor, 1.0),
    )


def _incomes(
    cells: ShapeCells, means: Array, kappa: float, tail: _LowTail, relative: float
) -> Array:
    """Return incomes per head in yuan: a thinner tail, and the wanted means over persons.

    Persons of collective households have ``relative`` times the income of those of families.
    """
    quantiles = cells.quantiles**kappa
    for place, persons in enumerate(cells.persons):
        mean = _means(quantiles[place])
        families = persons[:_FAMILIES] @ mean[:_FAMILIES] / persons[:_FAMILIES].sum()
        quantiles[place, -1] *= relative * families / mean[-1]
        quantiles[place] = _thinned(quantiles[place], persons, means[place], tail, place)
    return quantiles


def _means(quantiles: Array) -> Array:
    """Return the mean of each row of quantiles: trapezoids between the ranks, flat outside."""
    ranks = np.concatenate([[0.0], RANKS, [1.0]])
    padded = np.concatenate([quantiles[..., :1], quantiles, quantiles[..., -1:]], axis=-1)
    return np.asarray(np.trapezoid(padded, ranks, axis=-1))


def _thinned(quantiles: Array, persons: Array, mean: float, tail: _LowTail, place: int) -> Array:
    """Return quantiles in yuan with the wanted mean over persons and a thinner low tail."""
    thinner = quantiles
    bounds = float(tail.line[place]), float(tail.below[place])
    for _ in range(_MEAN_STEPS):
        overall = persons @ _means(thinner) / persons.sum()
        quantiles = quantiles * mean / overall
        thinner = quantiles.copy()
        for row in range(_FAMILIES):
            thinner[row] = _lifted(quantiles[row], *bounds, float(tail.divisor[row]), tail.depth)
    return thinner


def _lifted(quantiles: Array, line: float, below: float, divisor: float, depth: float) -> Array:
    """Return quantiles with ``divisor`` times fewer households below ``line``, and those deeper.

    Below the line the density falls from nought on as what is lacking to the power ``depth``. That
    above rises to that of the shape at ``below``, and all of it is raised alike to make up for
    those who were taken away: a density that rises does so still, and no income gathers them.
    """
    poor = float(np.interp(np.log(line), np.log(quantiles), RANKS, left=0.0, right=1.0))
    fewer = poor / divisor
    part = np.linspace(0.0, 1.0, _LOW_STEPS + 1)[1:]
    low, ranks = line * part, fewer * (1.0 - (1.0 - part) ** (depth + 1.0))
    income = np.concatenate([[line], quantiles[quantiles > line]])
    old = np.concatenate([[poor], RANKS[quantiles > line], [1.0]])
    middle = np.sqrt(income * np.append(income[1:], income[-1]))
    kept = 1.0 / divisor + (1.0 - 1.0 / divisor) * _rise(middle, line, below)
    above = np.cumsum(kept * np.diff(old))
    ranks_above = fewer + (1.0 - fewer) * above[:-1] / above[-1]
    logarithms = np.log(np.concatenate([low, income[1:]]))
    ranks = np.concatenate([ranks, ranks_above])
    return np.asarray(np.exp(np.interp(RANKS, ranks, logarithms)))


def _rise(income: Array, low: float, high: float) -> Array:
    """Return what rises smoothly from nought at ``low`` to one at ``high``, over equal ratios."""
    place = np.clip(np.log(income / low) / np.log(high / low), 0.0, 1.0)
    return np.asarray(place * place * (3.0 - 2.0 * place))


def _by_size(households: Distribution, gradient: float, shares: Array, sizes: Array) -> Array:
    """Return quantiles by size class: ranks of income and of size share a normal copula."""
    edges = special.ndtri(np.concatenate([[0.0], np.cumsum(shares)[:-1], [1.0]]))
    correlation = _correlation_for(households, gradient, edges, sizes)
    score = np.linspace(-5.0, 5.0, 2001)
    income = households.quantile(np.clip(special.ndtr(score), 1e-7, 1 - 1e-7))
    density = _normal_density(score)
    rows = []
    for low, high in pairwise(edges):
        inside = _between(score, correlation, low, high) * density
        below = np.cumsum(inside) / inside.sum()
        rows.append(np.exp(np.interp(RANKS, below, np.log(income))))
    return np.array(rows)


def _normal_density(score: Array) -> Array:
    """Return the density of the standard normal; `scipy.stats` takes long to load."""
    return np.asarray(np.exp(-(score**2) / 2.0) / np.sqrt(2.0 * np.pi))


def _between(score: Array, correlation: float, low: float, high: float) -> Array:
    """Return P(size score in (low, high) | income score): sizes fall with income."""
    spread = np.sqrt(1.0 - correlation**2)
    upper = special.ndtr((high + correlation * score) / spread)
    return np.asarray(upper - special.ndtr((low + correlation * score) / spread))


def _correlation_for(
    households: Distribution, gradient: float, edges: Array, sizes: Array
) -> float:
    """Return the correlation at which expected size falls as income to the power ``-gradient``."""
    log_income = np.log(households.quantile(special.ndtr(_SCORES)))
    weight = _normal_density(_SCORES)

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
