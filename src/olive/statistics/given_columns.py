"""Columns that users give to statistics: numbers, and weights that count, checked once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.given_numbers import as_float
from olive.native.sums import Extent, extent
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
