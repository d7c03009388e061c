"""Quantiles of weighted values under named conventions, and groups of equal weight."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, one_of
from olive.native.given_numbers import whole_number
from olive.native.sums import weight_between
from olive.statistics.domains import fraction
from olive.statistics.given_columns import Numbers
from olive.statistics.samples import Ordered, Sample, Values, in_order, ordered, sampled

Convention = Literal["hyndman_fan_1", "hyndman_fan_2", "hyndman_fan_7"]
CONVENTIONS: tuple[Convention, ...] = ("hyndman_fan_1", "hyndman_fan_2", "hyndman_fan_7")

# Sums of weights are rounded; a cumulative weight this close to its target, relative to the
# total, counts as having reached it.
ROUNDING = 1e-11
MOST_UNITS = 1e300
# From so many rows on, only those are sorted that lie near the quantile of some of them.
FEWEST_ROWS = 8_192
LOOKED_AT = 4_096
NEAR = 0.03  # of the weight, on each side


def quantile(
    values: Values, weights: Numbers = None, *, p: float, convention: Convention = "hyndman_fan_1"
) -> float:
    """Return the p-quantile of weighted values.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    p : float
        From 0 (the lowest value) to 1 (the highest).
    convention : {"hyndman_fan_1", "hyndman_fan_2", "hyndman_fan_7"}
        Type 1: the smallest value whose cumulative weight reaches p x the total weight W.
        Type 2: as type 1, but where the cumulative weight is exactly p x W, the middle between
        this value and the next. Type 7: linear interpolation at rank 1 + (W - 1) p, weights
        being numbers of units (W above 1); the only one that depends on the scale of weights.

    Returns
    -------
    float
        In the unit of the values.

    Raises
    ------
    DataError
        When values, weights, p or convention cannot be used.

    References
    ----------
    Hyndman and Fan (1996), "Sample quantiles in statistical packages", The American
    Statistician 50(4).

    Examples
    --------
    >>> quantile([10.0, 20.0, 30.0, 40.0], 1, p=0.5)
    20.0
    >>> quantile([10.0, 20.0, 30.0, 40.0], 1, p=0.5, convention="hyndman_fan_2")
    25.0
    """
    p = fraction(p, "p")
    one_of("convention", convention, CONVENTIONS)
    if convention == "hyndman_fan_7":
        return _interpolated(ordered(values, weights), p)
    sample = _ordered_near(sampled(values, weights), p)
    position = _position(sample, p)
    reached = float(sample.values[position])
    if convention == "hyndman_fan_1" or position + 1 == sample.values.size:
        return reached
    exact = abs(sample.cumulative_weights[position] - p * sample.total_weight)
    if exact > ROUNDING * sample.total_weight:
        return reached
    return 0.5 * (reached + float(sample.values[position + 1]))


def _ordered_near(sample: Sample, p: float) -> Ordered:
    """Return a sample whose rows are in order near the p-quantile; elsewhere they stand as one.

    Floyd and Rivest (1975), "Expected time bounds for selection", Communications of the ACM 18(3).
    """
    if isinstance(sample, Ordered) or sample.values.size < FEWEST_ROWS:
        return ordered(sample)
    values, weights = sample.values, sample.weights
    step = values.size // LOOKED_AT
    some = ordered(values[::step], weights[::step])
    low, high = (
        float(some.values[min(_position(some, edge), some.values.size - 1)])
        for edge in (max(p - NEAR, 0.0), min(p + NEAR, 1.0))
    )
    near = np.flatnonzero((values >= low) & (values <= high))
    middle = ordered(Sample(values[near], weights[near], None, values.size, sample.unit))
    below = weight_between(values, weights, -np.inf, low)
    above = weight_between(values, weights, np.nextafter(high, np.inf), np.inf)
    near_values = np.concatenate(([low], middle.values, [high]))
    near_weights = np.concatenate(([below], middle.weights, [above]))
    found = in_order(near_values, near_weights, None, values.size, sample.unit)
    # The quantile and the value behind it must be rows of their own.
    inside = 1 <= _position(found, p) < middle.values.size
    return found if inside else ordered(sample)


def _position(sample: Ordered, p: float) -> int:
    target = (p - ROUNDING) * sample.total_weight
    return int(np.searchsorted(sample.cumulative_weights, target, side="left"))


def _interpolated(sample: Ordered, p: float) -> float:
    units = sample.total_weight * sample.unit
    if units < 1.0:
        raise DataError(
            "convention 'hyndman_fan_7' reads weights as numbers of units, but they "
            "add up to {units}, below 1; rescale them or use 'hyndman_fan_1'",
            units,
        )
    if units > MOST_UNITS:
        raise DataError(
            "convention 'hyndman_fan_7' reads weights as numbers of units, but they "
            "add up to {units}, more than can be told apart; rescale them or use 'hyndman_fan_1'",
            units,
        )
    rank = 1.0 + (units - 1.0) * p
    below = np.floor(rank + ROUNDING * units)
    last = sample.values.size - 1
    reach = sample.cumulative_weights * sample.unit + ROUNDING * units
    low, high = np.minimum(np.searchsorted(reach, [below, below + 1.0]), last)
    part = max(rank - below, 0.0)
    return float((1.0 - part) * sample.values[low] + part * sample.values[high])


def median(
    values: Values, weights: Numbers = None, *, convention: Convention = "hyndman_fan_1"
) -> float:
    """Return the median: the quantile at p = 1/2.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    convention : str
        See `quantile`.

    Raises
    ------
    DataError
        When values, weights or convention cannot be used.

    Examples
    --------
    >>> median([10.0, 20.0, 90.0], [1, 1, 5])
    90.0
    """
    return quantile(values, weights, p=0.5, convention=convention)


def quantile_groups(
    values: Values, weights: Numbers = None, *, groups: int = 10
) -> NDArray[np.int64]:
    """Return the group of every row when the weight is cut into groups of equal size.

    A row belongs to the group in which the middle of its weight lies. Rows with equal values
    share one group, so no result depends on the order of rows; groups are therefore of equal
    weight only as far as ties and single large weights allow.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    groups : int
        How many: 5 for quintiles, 10 for deciles.

    Returns
    -------
    int64 array, shape (n,)
        0 for the lowest group; -1 for rows without weight.

    Raises
    ------
    DataError
        When values, weights or groups cannot be used.

    Examples
    --------
    >>> quantile_groups([40.0, 10.0, 30.0, 20.0], 1, groups=2)
    array([1, 0, 1, 0])
    """
    whole_number("groups", groups, 1)
    sample = ordered(values, weights)
    middle = middle_weights(sample) / sample.total_weight
    group = np.minimum(np.floor(middle * groups + ROUNDING), groups - 1).astype(np.int64)
    placed = np.full(sample.rows, -1, dtype=np.int64)
    placed[slice(None) if sample.positions is None else sample.positions] = group
    return placed


def middle_weights(sample: Ordered) -> NDArray[np.float64]:
    """Return the cumulative weight at the middle of each row, tied rows counting as one row.

    Examples
    --------
    >>> middle_weights(ordered([1.0, 2.0, 2.0], [2.0, 1.0, 1.0]))
    array([1., 3., 3.])
    """
    reached = sample.cumulative_weights
    tied = np.flatnonzero(sample.values[1:] == sample.values[:-1])
    if tied.size == 0:
        return reached - 0.5 * sample.weights
    last = np.flatnonzero(np.append(sample.values[1:] != sample.values[:-1], True))
    ends = reached[last]
    starts = np.concatenate(([0.0], ends[:-1]))
    return np.repeat(0.5 * (starts + ends), np.diff(last, prepend=-1))
