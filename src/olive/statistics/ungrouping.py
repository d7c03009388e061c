"""A sample that meets a published table exactly, after Shorrocks and Wan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from olive.errors import DataError
from olive.native.given_numbers import whole_number
from olive.statistics.given_columns import FloatArray, Numbers, numbers
from olive.statistics.grouped import (
    FamilyName,
    FittedDistribution,
    checked_bands,
    checked_groups,
    fit_bands,
    fit_group_means,
)

POINTS = 100_000


def ungroup_means(
    group_means: Numbers,
    group_weights: Numbers,
    *,
    family: FamilyName = "singh_maddala",
    points: int = POINTS,
) -> tuple[FloatArray, FloatArray]:
    """Return values and weights whose groups have exactly the given means.

    A fitted distribution gives the shape; values are then moved, in order, until the mean of
    each group is met, so the Lorenz curve runs through all points of the table.

    Parameters
    ----------
    group_means : array-like, shape (k,)
        Ascending, above 0.
    group_weights : array-like, shape (k,), or number
        1 for quintiles or deciles.
    family : {"lognormal", "singh_maddala", "dagum", "fisk", "beta_2"}
    points : int
        Rows of the sample, spread evenly over the groups.

    Returns
    -------
    values, weights : float64 arrays, shape (rows,)
        Ascending values; the weights add up to 1.

    Raises
    ------
    DataError
        As `fit_group_means`.

    References
    ----------
    Shorrocks and Wan (2008), "Ungrouping income distributions", UNU-WIDER Research Paper 2008/16.

    Examples
    --------
    >>> from olive.statistics import quantile_shares
    >>> values, weights = ungroup_means([20.0, 35.0, 48.0, 65.0, 112.0], 1)
    >>> quantile_shares(values, weights, groups=5).round(6)
    array([0.071429, 0.125   , 0.171429, 0.232143, 0.4     ])
    """
    means, share = checked_groups(group_means, group_weights)
    fitted = fit_group_means(means, share, family=family)
    each = _points_each(points, means.size)
    edges = np.concatenate(([0.0], share.cumsum()[:-1], [1.0]))
    drawn = [_quantiles(fitted, low, high, each) for low, high in pairwise(edges)]
    own = np.array([column.mean() for column in drawn])
    moved = [_between_means(column, own, means) for column in drawn]
    limits = [0.0, *(0.5 * (low[-1] + high[0]) for low, high in pairwise(moved)), np.inf]
    values = [
        _with_mean(column, mean, low, high)
        for column, mean, (low, high) in zip(moved, means, pairwise(limits), strict=True)
    ]
    return np.concatenate(values), np.repeat(share / each, each)


def ungroup_bands(
    thresholds: Numbers,
    band_weights: Numbers,
    *,
    band_means: Numbers = None,
    family: FamilyName = "singh_maddala",
    points: int = POINTS,
) -> tuple[FloatArray, FloatArray]:
    """Return values and weights with exactly the given shares (and means) of bands.

    Parameters
    ----------
    thresholds : array-like, shape (k,)
        Ascending, above 0.
    band_weights : array-like, shape (k + 1,)
        Counts or shares: below the first threshold, between, and from the last one up.
    band_means : array-like, shape (k + 1,), optional
        Each inside its band.
    family : {"lognormal", "singh_maddala", "dagum", "fisk", "beta_2"}
        The shape within the bands.
    points : int
        Rows of the sample, spread evenly over the bands.

    Returns
    -------
    values, weights : float64 arrays, shape (rows,)
        Ascending values; the weights add up to 1.

    Raises
    ------
    DataError
        As `fit_bands`, or when a mean lies outside its band.

    Examples
    --------
    >>> from olive.statistics import share_between
    >>> values, weights = ungroup_bands([100_000, 200_000, 500_000], [26, 41, 30, 3])
    >>> round(share_between(values, weights, low=100_000, high=500_000), 9)
    0.71
    >>> 0.3 < share_between(values, weights, low=200_000, high=600_000) < 0.33
    True
    """
    edges, share = checked_bands(thresholds, band_weights)
    fitted = fit_bands(edges, share, family=family)
    each = _points_each(points, share.size)
    limits = np.concatenate(([0.0], edges, [np.inf]))
    below = np.concatenate(([0.0], fitted.distribution.cdf(edges), [1.0]))
    columns = [_quantiles(fitted, low, high, each) for low, high in pairwise(below)]
    if band_means is not None:
        means = numbers(band_means, "band_means")
        inside = means.shape == share.shape and (limits[:-1] < means) & (means < limits[1:])
        if not np.all(inside):
            raise DataError(
                "band_means {means} must hold one mean inside each of {size} bands",
                means.tolist(),
                share.size,
            )
        columns = [
            _with_mean(column, mean, low, high)
            for column, mean, (low, high) in zip(columns, means, pairwise(limits), strict=True)
        ]
    weights = np.repeat(share / each, each)
    kept = weights > 0.0
    return np.concatenate(columns)[kept], weights[kept]


def _points_each(points: int, groups: int) -> int:
    return whole_number("points", points, groups) // groups


def _quantiles(fitted: FittedDistribution, low: float, high: float, points: int) -> FloatArray:
    p = low + (high - low) * (np.arange(points) + 0.5) / points
    return fitted.distribution.quantile(p)


def _between_means(column: FloatArray, own: FloatArray, means: FloatArray) -> FloatArray:
    """Move values so that the means of the fitted groups lie on the given ones."""
    moved = np.interp(column, own, means)
    moved = np.where(column < own[0], column * means[0] / own[0], moved)
    return np.where(column > own[-1], column * means[-1] / own[-1], moved)


def _with_mean(column: FloatArray, mean: float, low: float, high: float) -> FloatArray:
    """Press values towards a limit of their group until their mean is the given one."""
    own = float(column.mean())
    if mean > own and np.isfinite(high):
        return high - (high - column) * (high - mean) / (high - own)
    return low + (column - low) * (mean - low) / (own - low)
