"""Statistics from a published table of bands or of group means, for users without microdata.

Three ways, from few assumptions to many: bounds that any distribution with these figures obeys;
an ungrouped sample that meets the figures exactly (after Shorrocks and Wan), to which every
function of `olive.statistics` applies; and a fitted parametric distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from olive.errors import DataError, one_of
from olive.native.sums import unit_of
from olive.statistics.distributions.families import Distribution
from olive.statistics.distributions.fitting import FAMILIES
from olive.statistics.domains import fraction
from olive.statistics.given_columns import FloatArray, Numbers, checked_weights
from olive.statistics.means_and_shares import ascending

FamilyName = Literal["lognormal", "singh_maddala", "dagum", "fisk", "beta_2"]


def _above(bound: float, free: float) -> float:
    return bound + float(np.exp(np.clip(free, -20.0, 20.0)))


# From free real numbers to shapes for which the mean exists, and where a fit starts.
_SHAPES: Mapping[str, tuple[Callable[..., tuple[float, ...]], tuple[float, ...]]] = {
    "lognormal": (lambda sigma: (_above(0.0, sigma),), (-0.5,)),
    "singh_maddala": (
        lambda a, q: (_above(0.0, a), _above(1.0, q) / _above(0.0, a)),
        (1.0, 0.5),
    ),
    "dagum": (lambda a, p: (_above(1.0, a), _above(0.0, p)), (0.7, -0.3)),
    "fisk": (lambda a: (_above(1.0, a),), (0.7,)),
    "beta_2": (lambda p, q: (_above(0.0, p), _above(1.0, q)), (1.0, 1.0)),
}


@dataclass(frozen=True, slots=True)
class FittedDistribution:
    """A parametric distribution fitted to a table.

    Attributes
    ----------
    family : {"lognormal", "singh_maddala", "dagum", "fisk", "beta_2"}
    scale : float
        In the unit of the values.
    shapes : tuple of float
        sigma; a and q; a and p; a; p and q, in the notation of Kleiber and Kotz (2003).
    largest_deviation : float
        Largest distance to the table: of a share of the weight for bands, relative for means.
    """

    family: FamilyName
    scale: float
    shapes: tuple[float, ...]
    largest_deviation: float

    @property
    def distribution(self) -> Distribution:
        """The distribution, with density, moments and draws."""
        return FAMILIES[self.family].build(*self.shapes).scaled(self.scale)

    def share_between(self, low: float, high: float) -> float:
        """Return the share between two values; ends do not matter, the density is smooth."""
        if not low < high:
            raise DataError(
                "the bounds {low} and {high} enclose nothing; low must be below high", low, high
            )
        below = self.distribution.cdf([max(low, 0.0), max(high, 0.0)])
        return float(below[1] - below[0])

    def quantile(self, p: float) -> float:
        """Return the p-quantile, 0 < p < 1, in the unit of the values."""
        return float(self.distribution.quantile(fraction(p, "p", closed=False)))

    def lorenz(self, p: float) -> float:
        """Return the share of the total held by the lowest p."""
        return float(self.distribution.lorenz(fraction(p, "p")))

    @property
    def mean(self) -> float:
        """Mean, in the unit of the values."""
        return self.distribution.mean

    @property
    def gini(self) -> float:
        """Gini coefficient."""
        return self.distribution.gini


def gini_bounds(group_means: Numbers, group_weights: Numbers) -> tuple[float, float]:
    """Return bounds of the Gini coefficient that no distribution with these group means leaves.

    Lower: all members of a group are equal, which is possible. Upper: the values of each group lie
    at the means of its neighbours (0 below the first group; one immensely rich in the last), which
    is more than is possible for all groups at once.

    Parameters
    ----------
    group_means : array-like, shape (k,)
        Ascending, above 0.
    group_weights : array-like, shape (k,), or number
        1 for quintiles or deciles.

    Raises
    ------
    DataError
        When the means do not ascend, or weights cannot be used.

    References
    ----------
    Gastwirth (1972), "The estimation of the Lorenz curve and Gini index", Review of Economics and
    Statistics 54(3).

    Examples
    --------
    >>> low, high = gini_bounds([1.0, 2.0, 3.0], 1)
    >>> round(low, 4), round(high, 4)
    (0.2222, 0.3333)
    """
    means, share = checked_groups(group_means, group_weights)
    mean = float((share * means).sum())
    middle = share.cumsum() - 0.5 * share
    lowest = 2.0 * float((share * means * middle).sum()) / mean - 1.0
    below = np.concatenate(([0.0], means[:-1]))
    # Two points at distance d, a part f at the upper: mean absolute difference 2 f (1 - f) d; in
    # the last group f tends to 0 while f d is fixed.
    upper_part = np.append((means - below)[:-1] / (means[1:] - below[:-1]), 0.0)
    spread = 2.0 * (1.0 - upper_part) * (means - below)
    widest = 0.5 * float((share**2 * spread).sum()) / mean
    return lowest, lowest + widest


def checked_groups(group_means: Numbers, group_weights: Numbers) -> tuple[FloatArray, FloatArray]:
    """Return group means and shares of the weight, or refuse them."""
    means = ascending(group_means, "group_means")
    if means.size < 2 or means[0] <= 0.0:
        raise DataError("group_means need at least 2 groups with means above 0")
    weights = checked_weights(group_weights, means.size)
    if (weights == 0.0).any():
        raise DataError("a group has weight 0; leave it out")
    return means, _shares(weights)


def checked_bands(thresholds: Numbers, band_weights: Numbers) -> tuple[FloatArray, FloatArray]:
    """Return thresholds and shares of the bands, or refuse them."""
    edges = ascending(thresholds, "thresholds")
    if edges[0] <= 0.0 or edges.size < 2:
        raise DataError("thresholds need at least 2 values, all above 0")
    weights = checked_weights(band_weights, edges.size + 1)
    return edges, _shares(weights)


def _shares(weights: FloatArray) -> FloatArray:
    """Return weights that add up to 1, however large they were."""
    scaled = weights / unit_of(weights)
    return np.asarray(scaled / scaled.sum())


def _start(name: str) -> tuple[float, ...]:
    one_of("family", name, _SHAPES)
    return _SHAPES[name][1]


def _at(family: str, free: FloatArray) -> tuple[Distribution, tuple[float, ...]]:
    """Return the distribution of scale 1 at free numbers, and its shapes."""
    shapes = _SHAPES[family][0](*free)
    return FAMILIES[family].build(*shapes), shapes


def fit_group_means(
    group_means: Numbers, group_weights: Numbers, *, family: FamilyName = "singh_maddala"
) -> FittedDistribution:
    """Fit a distribution to the means of groups ranked by the same income, such as quintiles.

    Least squares of the logarithms of the group means; the overall mean is met exactly.

    Parameters
    ----------
    group_means : array-like, shape (k,)
        Ascending, above 0.
    group_weights : array-like, shape (k,), or number
        1 for quintiles or deciles.
    family : {"lognormal", "singh_maddala", "dagum", "fisk", "beta_2"}
        One and two shape parameters; the latter need 3 groups.

    Raises
    ------
    DataError
        When means, weights or family cannot be used, or there are too few groups.

    Examples
    --------
    >>> fitted = fit_group_means([20_000, 35_000, 48_000, 65_000, 110_000], 1)
    >>> round(fitted.mean, 6), fitted.largest_deviation < 0.02
    (55600.0, True)
    """
    means, share = checked_groups(group_means, group_weights)
    start = _start(family)
    if means.size <= len(start):
        raise DataError(
            "{size} group means do not determine a {family} distribution; use "
            "lognormal or more groups",
            means.size,
            family,
        )
    mean = float((share * means).sum())
    p = np.concatenate(([0.0], share.cumsum()[:-1], [1.0]))

    def deviations(free: FloatArray) -> FloatArray:
        held = np.diff(_at(family, free)[0].lorenz(p))
        return np.log(np.maximum(held, 1e-300) / share * mean / means)

    found = scipy.optimize.least_squares(deviations, start, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    unscaled, shapes = _at(family, found.x)
    deviation = float(np.abs(np.expm1(deviations(found.x))).max())
    return FittedDistribution(family, mean / unscaled.mean, shapes, deviation)


def fit_bands(
    thresholds: Numbers, band_weights: Numbers, *, family: FamilyName = "singh_maddala"
) -> FittedDistribution:
    """Fit a distribution to how many have an income in each band, by maximum likelihood.

    Parameters
    ----------
    thresholds : array-like, shape (k,)
        Ascending, above 0.
    band_weights : array-like, shape (k + 1,)
        Counts or shares: below the first threshold, between, and from the last one up.
    family : {"lognormal", "singh_maddala", "dagum", "fisk", "beta_2"}

    Raises
    ------
    DataError
        When thresholds, weights or family cannot be used, or there are too few bands.

    References
    ----------
    McDonald (1984), "Some generalized functions for the size distribution of income",
    Econometrica 52(3).

    Examples
    --------
    >>> fitted = fit_bands([100_000, 200_000, 500_000], [26, 41, 30, 3], family="lognormal")
    >>> round(fitted.share_between(100_000, 500_000), 2), fitted.largest_deviation < 0.02
    (0.71, True)
    """
    edges, share = checked_bands(thresholds, band_weights)
    shape_start = _start(family)
    if edges.size < len(shape_start) + 1:
        raise DataError(
            "{size} thresholds do not determine a {family} distribution; use "
            "lognormal or more bands",
            edges.size,
            family,
        )
    logarithms = np.log(edges)
    centre = float(np.interp(0.5, share.cumsum()[:-1], logarithms))

    def predicted(free: FloatArray) -> FloatArray:
        scale = np.exp(centre + np.clip(free[0], -20.0, 20.0))
        below = _at(family, free[1:])[0].cdf(edges / scale)
        return np.diff(np.concatenate(([0.0], below, [1.0])))

    def unlikelihood(free: FloatArray) -> float:
        return -float((share * np.log(np.maximum(predicted(free), 1e-300))).sum())

    start = np.concatenate(([0.0], shape_start))
    options = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20_000, "maxfev": 20_000}
    found = scipy.optimize.minimize(unlikelihood, start, method="Nelder-Mead", options=options)
    deviation = float(np.abs(predicted(found.x) - share).max())
    scale = float(np.exp(centre + found.x[0]))
    return FittedDistribution(family, scale, _at(family, found.x[1:])[1], deviation)
