"""Totals, means and shares: statistics that need no order."""

from __future__ import annotations

import math

import numpy as np

from olive.errors import DataError
from olive.native.sums import product_and_extents
from olive.statistics.given_columns import (
    FloatArray,
    Numbers,
    checked_extent,
    finite,
    finite_extent,
    floats,
    given_weights,
    numbers,
    only_counted,
)
from olive.statistics.money import Closed, edge_at, edges_between
from olive.statistics.samples import Values, sampled


def person_weights(household_weight: Numbers, household_size: Numbers) -> FloatArray:
    """Return the weights that make a household count for each of its persons.

    Parameters
    ----------
    household_weight : array-like, shape (households,)
        How many households each row stands for.
    household_size : array-like, shape (households,)
        Persons in the household, 0 or more.

    Returns
    -------
    float64 array, shape (households,)
        How many persons each row stands for.

    Raises
    ------
    DataError
        When weights or sizes cannot be used.

    Examples
    --------
    >>> person_weights([2.0, 1.0], [3, 1])
    array([6., 1.])
    """
    size = floats(household_size, "household_size")
    weight = given_weights(household_weight, size.size)
    persons, of_weight, of_size = product_and_extents(weight, size)
    lowest, highest = checked_extent(weight, of_weight)
    if lowest == 0.0:
        counted = weight > 0.0
        size = only_counted(finite(size, "household_size", counted), counted, 0.0)
        persons, _, of_size = product_and_extents(weight, size)
    smallest, largest = finite_extent(size, "household_size", found=of_size)
    if smallest < 0.0:
        raise DataError(
            "household_size is negative ({min}) at position {row}; it must be 0 or more persons",
            smallest,
            int(size.argmin()),
        )
    if largest == 0.0:
        raise DataError("household_size is 0 in every row, so nobody is counted")
    if math.isfinite(highest * largest):  # no product is larger
        return persons
    return finite(persons, "household_weight x household_size")


def total(values: Values, weights: Numbers = None) -> float:
    """Return the weighted sum, in the unit of the values.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When values or weights cannot be used.

    Examples
    --------
    >>> total([10.0, 20.0], [1, 3])
    70.0
    """
    sample = sampled(values, weights)
    return sample.total_amount * sample.unit


def mean(values: Values, weights: Numbers = None) -> float:
    """Return the weighted mean, in the unit of the values.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When values or weights cannot be used.

    Examples
    --------
    >>> mean([10.0, 20.0], [1, 3])
    17.5
    """
    return sampled(values, weights).mean


def share_between(
    values: Values, weights: Numbers = None, *, low: float, high: float, closed: Closed = "low"
) -> float:
    """Return the share of the weight whose value lies between two bounds.

    With household weights it is a share of households, with `person_weights` one of persons.
    Values within half a fen of a bound count as equal to it (`olive.statistics.money`).

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    low, high : float
        Bounds in the unit of the values; ``-inf`` and ``inf`` leave a side open.
    closed : {"low", "high", "both", "neither"}
        Which bounds belong to the interval; by default low <= y < high.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When values, weights or bounds cannot be used.

    Examples
    --------
    >>> share_between([50_000, 100_000, 500_000], [1, 2, 1], low=100_000, high=500_000)
    0.5
    """
    sample = sampled(values, weights)
    edges = edges_between(low, high, closed)
    return sample.weight_between(*edges) / sample.total_weight


def band_shares(values: Values, weights: Numbers = None, *, thresholds: Numbers) -> FloatArray:
    """Return the share of the weight in each band between ascending thresholds.

    The bands are disjoint: below the first threshold, from each threshold (included) up to the
    next (excluded), and from the last threshold upwards. They add up to 1.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    thresholds : array-like, shape (k,)
        Strictly ascending, in the unit of the values.

    Returns
    -------
    float64 array, shape (k + 1,)

    Raises
    ------
    DataError
        When values or weights cannot be used, or thresholds do not ascend.

    Examples
    --------
    >>> band_shares([5.0, 10.0, 20.0, 30.0], 1, thresholds=[10.0, 30.0])
    array([0.25, 0.5 , 0.25])
    """
    sample = sampled(values, weights)
    edges = ascending(thresholds, "thresholds")
    reached = [edge_at(edge) for edge in edges.tolist()]
    band = np.searchsorted(reached, sample.values, side="right")
    weight = np.bincount(band, sample.weights, minlength=edges.size + 1)
    return weight / sample.total_weight


def ascending(thresholds: Numbers, name: str) -> FloatArray:
    """Return thresholds checked to ascend strictly.

    Raises
    ------
    DataError
        With the first pair that does not ascend.
    """
    edges = numbers(thresholds, name)
    steps = np.diff(edges)
    if (steps <= 0.0).any():
        position = int(np.argmax(steps <= 0.0))
        raise DataError(
            "{name} must ascend, but {edges} is followed by {edges2}; sort them and "
            "drop repeated ones",
            name,
            edges[position],
            edges[position + 1],
        )
    return edges
