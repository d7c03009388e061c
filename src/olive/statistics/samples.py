"""What the statistics count: checked values with their weights, and the same in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.room import empty
from olive.native.sorting import ascends, sorted_together, sorts_by_machine, stable_order
from olive.native.sums import (
    extent,
    ranked_sum,
    running_sums,
    unit_below,
    weight_between,
    weighted_sum,
)
from olive.statistics.given_columns import (
    FloatArray,
    Numbers,
    Truth,
    finite,
    floats,
    weights_and_extent,
)


@dataclass(frozen=True, eq=False)  # no slots: the total weight is kept when it was asked for
class Sample:
    """Checked values with weights; rows of zero weight are left out.

    Attributes
    ----------
    values, weights : float64 array, shape (m,)
        The rows that count (weight above 0).
    counted : int array, shape (m,), or None
        Which of the rows that were given have weight; None when all have.
    rows : int
        Number of rows that were given.
    unit : float
        What the weights were divided by: 1, unless they were so small or large that their sums
        would vanish or overflow.
    """

    values: FloatArray
    weights: FloatArray
    counted: NDArray[np.intp] | None
    rows: int
    unit: float

    @property
    def positions(self) -> NDArray[np.intp] | None:
        """Where the rows stand in the data that were given; None when all stand in place."""
        return self.counted

    @property
    def given_weights(self) -> FloatArray:
        """The weights as they were given, not divided by their unit."""
        return self.weights if self.unit == 1.0 else self.weights * self.unit

    @cached_property
    def total_weight(self) -> float:
        """Sum of the weights, in their unit."""
        return float(self.weights.sum())

    @property
    def total_amount(self) -> float:
        """Weighted sum of the values, in the unit of the weights."""
        return weighted_sum(self.values, self.weights)

    @property
    def lowest(self) -> float:
        """The least value."""
        return float(self.values.min())

    @property
    def mean(self) -> float:
        """Weighted mean of the values."""
        return self.total_amount / self.total_weight

    def weight_between(self, first: float, second: float) -> float:
        """Return the sum of the weights of rows with first <= value < second."""
        return weight_between(self.values, self.weights, first, second)

    @property
    def is_counted(self) -> Truth | None:
        """Which of the given rows have weight; None for all of them."""
        if self.counted is None:
            return None
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[self.counted] = True
        return mask

    def in_own_order(self, column: NDArray[Any]) -> NDArray[Any]:
        """Return a given column for the rows and in the order of the sample."""
        return column if self.positions is None else column[self.positions]

    def in_given_order(self, column: FloatArray) -> FloatArray:
        """Return a column of this sample in the order of the data given, 0 where no weight."""
        if self.positions is None:
            return column
        placed = np.zeros(self.rows)
        placed[self.positions] = column
        return placed


@dataclass(frozen=True, eq=False)  # no slots: the order is kept when it was asked for
class Ordered(Sample):
    """A sample in ascending order of its values: one sort, shared by all statistics.

    Attributes
    ----------
    cumulative_weights : float64 array, shape (m,)
        Sum of the weights up to and including each row.
    amount : float
        Sum of weight x value, added in this order.
    ranked : float or None
        Sum of weight x value x cumulative weight at the middle of the row, where it is known.
    order : function that returns an int array, shape (m,), or None
        Which of the rows that count stand here; None when they were in this order.
    """

    cumulative_weights: FloatArray
    amount: float
    ranked: float | None
    order: Callable[[], NDArray[np.intp]] | None = None

    @cached_property
    def positions(self) -> NDArray[np.intp] | None:
        """Where the rows stand in the data that were given; None when all stand in place."""
        if self.order is None:
            return self.counted
        order = self.order()
        return order if self.counted is None else self.counted[order]

    @cached_property
    def total_weight(self) -> float:
        """Sum of the weights, in their unit."""
        return float(self.cumulative_weights[-1])

    @property
    def total_amount(self) -> float:
        """Weighted sum of the values, in the unit of the weights."""
        return self.amount

    @property
    def lowest(self) -> float:
        """The least value."""
        return float(self.values[0])

    def weight_between(self, first: float, second: float) -> float:
        """Return the sum of the weights of rows with first <= value < second."""
        return weight_between(self.values, self.weights, first, second, ascending=True)

    @property
    def ranked_amount(self) -> float:
        """Sum of weight x value x cumulative weight at the middle of the row."""
        if self.ranked is not None:
            return self.ranked
        return ranked_sum(self.values, self.weights, self.cumulative_weights)

    @cached_property
    def cumulative_amounts(self) -> FloatArray:
        """Sum of weight x value up to and including each row, float64 array of shape (m,)."""
        return (self.weights * self.values).cumsum()


Values = Numbers | Sample
"""Numbers, or a sample that has its weights."""


def sampled(values: Values, weights: Numbers = None) -> Sample:
    """Check values and weights, once for any number of statistics.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        A `Sample` is returned as it is; weights are then left out.
    weights : array-like, shape (n,), or number
        Household or person weights, 0 or more; 1 counts every row alike.

    Raises
    ------
    DataError
        When values or weights cannot be used.

    Examples
    --------
    >>> sampled([10.0, 20.0, 30.0], [1, 0, 2]).values
    array([10., 30.])
    """
    if isinstance(values, Sample):
        if weights is not None:
            raise DataError("the sample already has its weights; leave weights out")
        return values
    array = floats(values, "values")
    weight, lowest, highest = weights_and_extent(weights, array.size)
    unit = unit_below(highest)
    if unit != 1.0:
        weight = weight / unit
        lowest = extent(weight)[0]
    if lowest > 0.0:
        return Sample(finite(array, "values"), weight, None, array.size, unit)
    finite(array, "values", weight > 0.0)
    counted = np.flatnonzero(weight)
    return Sample(array[counted], weight[counted], counted, array.size, unit)


def ordered(values: Values, weights: Numbers = None) -> Ordered:
    """Check and sort values with their weights, once for any number of statistics.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
        Household or person weights, 0 or more; 1 counts every row alike.

    Raises
    ------
    DataError
        When values or weights cannot be used.

    Examples
    --------
    >>> from olive.statistics import gini, median
    >>> sample = ordered([30.0, 10.0, 20.0], 1)
    >>> median(sample), round(gini(sample), 4)
    (20.0, 0.2222)
    """
    sample = sampled(values, weights)
    if isinstance(sample, Ordered):
        return sample
    values, weights = sample.values, sample.weights
    about = sample.counted, sample.rows, sample.unit
    # Copies, because a sample outlives changes to the data it was made from.
    if ascends(values):
        return in_order(values.copy(), weights.copy(), *about)
    if not sorts_by_machine(values.size):
        order = partial(np.asarray, ascending := stable_order(values))
        values, weights = values[ascending], weights[ascending]
    else:
        kept = empty(values.size)
        order = partial(stable_order, kept)
        values, weights = sorted_together(values, weights, kept=kept)
    return in_order(values, weights, *about, order=order)


def in_order(
    values: FloatArray,
    weights: FloatArray,
    counted: NDArray[np.intp] | None,
    rows: int,
    unit: float = 1.0,
    *,
    order: Callable[[], NDArray[np.intp]] | None = None,
) -> Ordered:
    """Return an `Ordered` of values that ascend already and weights above 0."""
    return Ordered(values, weights, counted, rows, unit, *running_sums(values, weights), order)
