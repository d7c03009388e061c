"""What the statistics accept: values and weights as arrays, checked once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.given_numbers import as_float
from olive.native.room import empty
from olive.native.sorting import ascends, sorted_together, sorts_by_machine, stable_order
from olive.native.sums import (
    Extent,
    extent,
    ranked_sum,
    running_sums,
    unit_below,
    weight_between,
    weighted_sum,
)
from olive.statistics.arguments import array_of
from olive.statistics.labels import is_missing

Numbers = Any
"""A one-dimensional numpy array, list, pandas Series or Arrow array of numbers."""

FloatArray = NDArray[np.float64]
Truth = NDArray[np.bool_]


def numbers(data: Numbers, name: str, counted: Truth | None = None) -> FloatArray:
    """Return data as a float64 array of shape (n,).

    Parameters
    ----------
    data : array-like, shape (n,)
        Numbers or truth values; numpy, list, pandas Series or Arrow array.
    name : str
        What the data are called in messages.
    counted : bool array, shape (n,), optional
        Rows that have weight; others may be missing.

    Raises
    ------
    DataError
        When the data are not numbers, not one-dimensional, empty, or contain NaN or infinity.

    Examples
    --------
    >>> numbers([1, 2], "income")
    array([1., 2.])
    """
    return finite(floats(data, name), name, counted)


def floats(data: Numbers, name: str) -> FloatArray:
    """Return data as a float64 array of shape (n,) that may still have missing numbers."""
    array = array_of(name, data)
    if array.ndim != 1:
        raise DataError(
            "{name} has {dimensions} dimensions; give one number per row, an array of shape (n,)",
            name,
            array.ndim,
        )
    if array.size == 0:
        raise DataError("{name} is empty: no statistic is defined without rows", name)
    if array.dtype.kind == "O":
        return _of_objects(array, name)
    if array.dtype.kind not in "biuf":
        raise _no_numbers(name, array[0], 0)
    return array.astype(np.float64, copy=False)


def _of_objects(array: NDArray[Any], name: str) -> FloatArray:
    """Return the numbers of an object column: whole, decimal or missing ones, no text."""
    converted = np.empty(array.size)
    for position, element in enumerate(array):
        number = float(element) if isinstance(element, bool | np.bool_) else as_float(element)
        if number is not None:
            converted[position] = number
        elif is_missing(element):
            converted[position] = np.nan
        else:
            raise _no_numbers(name, element, position)
    return converted


def _no_numbers(name: str, element: object, position: int) -> DataError:
    return DataError(
        "{name} must be numbers, but its elements are of type {type} ({element!r:.60} at position "
        "{position}); convert them to numbers and drop or fill what is missing",
        name,
        type(element).__name__,
        element,
        position,
    )


def finite(array: FloatArray, name: str, counted: Truth | None = None) -> FloatArray:
    """Return an array whose numbers are all there, but for rows that do not count.

    Raises
    ------
    DataError
        With the number and first position of NaN and infinity.
    """
    finite_extent(array, name, counted)
    return array


def finite_extent(
    array: FloatArray, name: str, counted: Truth | None = None, *, found: Extent | None = None
) -> Extent:
    """Return the least and the largest number of an array that `finite` accepts.

    They are looked for where they are not `found` yet.

    Examples
    --------
    >>> finite_extent(np.array([2.0, 1.0]), "income")
    (1.0, 2.0)
    """
    lowest, highest = extent(array) if found is None else found
    # NaN and infinity show in the least or the largest number: most arrays need no closer look.
    if math.isfinite(lowest) and math.isfinite(highest):
        return lowest, highest
    known = np.isfinite(array)
    if counted is not None:
        known |= ~counted
    if not known.all():
        position = int(np.argmin(known))
        raise DataError(
            "{name} has {count} missing or infinite values, the first ({value}) at position "
            "{position}; drop these rows, fill them, or give them a weight of 0",
            name,
            int(np.count_nonzero(~known)),
            array[position],
            position,
        )
    return lowest, highest


def only_counted(array: FloatArray, counted: Truth, other: float) -> FloatArray:
    """Return an array with another number in rows that do not count."""
    return array if counted.all() else np.where(counted, array, other)


def checked_weights(weights: Numbers, rows: int) -> FloatArray:
    """Return weights of shape (rows,); one number stands for the same weight in every row.

    Raises
    ------
    DataError
        When a weight is negative, missing or infinite, when all are zero, or when their number
        is not `rows`.

    Examples
    --------
    >>> checked_weights(1, 3)
    array([1., 1., 1.])
    """
    return weights_and_extent(weights, rows)[0]


def weights_and_extent(weights: Numbers, rows: int) -> tuple[FloatArray, float, float]:
    """Return weights, the least and the largest of them."""
    array = given_weights(weights, rows)
    return array, *checked_extent(array, extent(array))


def given_weights(weights: Numbers, rows: int) -> FloatArray:
    """Return weights of shape (rows,) that may still be missing, infinite or negative."""
    if weights is None:
        raise DataError(
            "weights are needed: household weights count households, person_weights(household_"
            "weight, household_size) counts persons, and 1 counts every row alike"
        )
    given = array_of("weights", weights)
    if given.ndim == 0 and not isinstance(weights, str):
        given = np.full(rows, numbers([weights], "weights")[0])
    array = floats(given, "weights")
    if array.size != rows:
        raise DataError(
            "there are {rows} values and {size} weights; every value needs one weight",
            rows,
            array.size,
        )
    return array


def checked_extent(array: FloatArray, found: Extent) -> Extent:
    """Return the least and the largest weight, which were found, when weights can be used."""
    lowest, highest = finite_extent(array, "weights", found=found)
    if lowest < 0.0:
        raise DataError(
            "{count} weights are negative, the lowest ({value}) at position "
            "{lowest}; weights must be 0 or more",
            int(np.count_nonzero(array < 0.0)),
            lowest,
            int(np.argmin(array)),
        )
    if highest == 0.0:
        raise DataError("all weights are zero, so no row counts; at least one must be above 0")
    return lowest, highest


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
