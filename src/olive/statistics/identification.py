"""Polarisation by identification and alienation: Esteban-Ray and Duclos-Esteban-Ray."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.blas import sum_of_products
from olive.statistics.arguments import one_number
from olive.statistics.domains import positive_mean
from olive.statistics.given_columns import FloatArray, Numbers, floats
from olive.statistics.labels import labels
from olive.statistics.samples import Ordered, Sample, Values, ordered, sampled

# Cells of the density in a bandwidth, and how many bandwidths the kernel reaches.
_CELLS = 16
_REACH = 6
_MOST_CELLS = 2**22


def esteban_ray(values: Numbers, groups: Numbers, weights: Numbers, *, alpha: float = 1.3) -> float:
    """Return the polarisation between groups of Esteban and Ray, relative to the mean.

    The sum over pairs of groups of p_i^(1 + alpha) p_j |m_i - m_j| / m, with p the share of the
    weight and m the mean of a group: who has many like them (identification) and others far
    away (alienation) adds to it. Nothing within the groups counts.

    Parameters
    ----------
    values : array-like, shape (n,)
        Mean above 0.
    groups : array-like, shape (n,)
        Codes or names, such as classes of income, or counties.
    weights : array-like, shape (n,), or number
    alpha : float
        Weight of identification, above 0 up to 1.6; 0 would be twice the Gini between groups.

    Returns
    -------
    float
        0 or more; 0 when all groups have the same mean.

    Raises
    ------
    DataError
        When values, groups, weights or alpha cannot be used.

    References
    ----------
    Esteban and Ray (1994), "On the measurement of polarization", Econometrica 62(4).

    Examples
    --------
    >>> round(esteban_ray([1.0, 3.0], ["poor", "rich"], 1, alpha=1.0), 12)
    0.25
    """
    alpha = one_number("alpha", alpha)
    if not 0.0 < alpha <= 1.6:
        raise DataError("alpha is {alpha}; it must be above 0 and at most 1.6", alpha)
    sample = sampled(floats(values, "values"), weights)
    _, share, means = between_groups(sample, groups)
    return float(share ** (1.0 + alpha) @ np.abs(means[:, None] - means) @ share)


def between_groups(
    sample: Sample, groups: Numbers
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Return the group of every row, and shares and means (relative to that of all) of groups."""
    mean = positive_mean(sample, "polarisation between groups")
    group_of_row = labels(groups, sample.rows, "groups", sample.is_counted)
    group = np.unique(sample.in_own_order(group_of_row), return_inverse=True)[1]
    weight = np.bincount(group, sample.weights)
    means = np.bincount(group, sample.weights * sample.values) / weight / mean
    return group, weight / weight.sum(), means


def duclos_esteban_ray(values: Values, weights: Numbers = None, *, alpha: float = 0.5) -> float:
    """Return the polarisation of Duclos, Esteban and Ray, of a continuous distribution.

    The mean over y of f(y)^alpha a(y), values being relative to their mean: f is the density at
    y (how many are alike), a the mean distance to all others. The density is estimated with a
    normal kernel and the bandwidth that the authors give for this index.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Mean above 0.
    weights : array-like, shape (n,), or number
    alpha : float
        Weight of identification, from 0.25 to 1; 0 is twice the Gini and is admitted too.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    DataError
        When values, weights or alpha cannot be used, or all values are equal.

    References
    ----------
    Duclos, Esteban and Ray (2004), "Polarization: concepts, measurement, estimation",
    Econometrica 72(6).

    Examples
    --------
    >>> round(duclos_esteban_ray([0.0, 1.0], 1, alpha=0.0), 12)
    1.0
    """
    return Identified.of(ordered(values, weights), alpha).value


@dataclass(frozen=True, slots=True, eq=False)
class Identified:
    """Density and mean distance of every row, values being relative to their mean."""

    relative: FloatArray
    share: FloatArray
    identification: FloatArray
    alienation: FloatArray

    @property
    def value(self) -> float:
        """The index: share-weighted mean of identification x alienation."""
        return sum_of_products(self.share, self.identification * self.alienation)

    @staticmethod
    def of(sample: Ordered, alpha: float) -> Identified:
        """Return the parts of the index; see `duclos_esteban_ray` for what is refused."""
        alpha = one_number("alpha", alpha)
        if not (alpha == 0.0 or 0.25 <= alpha <= 1.0):
            raise DataError("alpha is {alpha}; it must be from 0.25 to 1, or 0", alpha)
        mean = positive_mean(sample, "the polarisation index")
        relative = sample.values / mean
        share = sample.weights / sample.total_weight
        distance = mean_distance(relative, share)
        if not distance.any():
            raise DataError("all values are equal, so they have no density; polarisation is 0")
        identification = np.ones(relative.size)
        if alpha > 0.0:
            identification = _density(relative, share, alpha) ** alpha
        return Identified(relative, share, identification, distance)


def mean_distance(ascending: FloatArray, share: FloatArray) -> FloatArray:
    """Return the mean distance |x - y| from every value to all, weighted by shares.

    >>> mean_distance(np.array([0.0, 1.0]), np.array([0.25, 0.75]))
    array([0.75, 0.25])
    """
    reached, amount = share.cumsum(), (share * ascending).cumsum()
    return np.asarray(ascending * (2.0 * reached - reached[-1]) + amount[-1] - 2.0 * amount)


def _density(ascending: FloatArray, share: FloatArray, alpha: float) -> FloatArray:
    """Return the density at every value, by a normal kernel on narrow cells."""
    centre = sum_of_products(share, ascending)
    deviation = math.sqrt(sum_of_products(share, (ascending - centre) ** 2))
    effective = 1.0 / sum_of_products(share, share)
    bandwidth = 4.7 * effective**-0.5 * deviation * alpha**0.1
    reach = float(ascending[-1] - ascending[0])
    width = max(bandwidth / _CELLS, reach / _MOST_CELLS)
    place = (ascending - ascending[0]) / width
    cell = np.floor(place).astype(np.int64)
    part = place - cell
    cells = int(cell[-1]) + 2
    # Each row is shared by the two cells beside it, in proportion to its nearness.
    mass = np.bincount(cell, share * (1.0 - part), cells)
    mass += np.bincount(cell + 1, share * part, cells)
    steps = np.arange(-_REACH * _CELLS, _REACH * _CELLS + 1) * (width / bandwidth)
    kernel = np.exp(-0.5 * steps**2) / (np.sqrt(2.0 * np.pi) * bandwidth)
    heights = np.convolve(mass, kernel)[_REACH * _CELLS : _REACH * _CELLS + cells]
    return np.asarray((1.0 - part) * heights[cell] + part * heights[cell + 1])
