"""Sums over rows of values and weights, by machine code where there are many.

Rows are added in one order, so that a sum is the same bits whenever it is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import c_double
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.native.lanes import LANES, STEPS
from olive.native.room import addresses, empty
from olive.native.sorting import FEWEST_ROWS, sorts_by_machine

GENERATION = 5  # part of the cache key: raise it when the generated code changes

FloatArray = NDArray[np.float64]
Extent = tuple[float, float]
"""The least and the largest of some numbers."""

# Numbers beyond these bounds are divided by a power of two, which rounds nothing, so that their
# sums and products neither vanish nor overflow.
_SMALLEST_UNIT, _LARGEST_UNIT = 2.0**-200, 2.0**200


def running_sums(
    values: FloatArray, weights: FloatArray, *, fewest_rows: int | None = None
) -> tuple[FloatArray, float, float | None]:
    """Return the sums of weights up to and including each row, and the sum of weight x value.

    The third number is the `ranked_sum` where there are so many rows that it comes on the way.

    Parameters
    ----------
    values, weights : float64 array, shape (n,)
    fewest_rows : int, optional
        Below this number of rows numpy adds, with the same bits; without it, as `sorts_by_machine`
        says.

    Returns
    -------
    float64 array, shape (n,), float, and float or None
        The sum of weight x value is added row by row too.

    Examples
    --------
    >>> running_sums(np.array([2.0, 5.0]), np.array([3.0, 1.0]))
    (array([3., 4.]), 11.0, None)
    """
    rows = values.size
    if not (sorts_by_machine(rows) if fewest_rows is None else rows >= fewest_rows):
        return weights.cumsum(), float((weights * values).cumsum()[-1]), None
    found, amount = empty(rows), np.empty(1)
    ranked = float(_call("running", values, weights, found, amount))
    are_many = rows >= (FEWEST_ROWS if fewest_rows is None else fewest_rows)
    return found, float(amount[0]), ranked if are_many else None


def extent(values: FloatArray, *, fewest_rows: int = FEWEST_ROWS) -> Extent:
    """Return the least and the largest of some numbers; NaN or infinity where one of them is.

    >>> extent(np.array([2.0, 5.0, 3.0]))
    (2.0, 5.0)
    """
    if values.size >= max(fewest_rows, LANES) and values.flags.c_contiguous:
        found = np.empty(2)
        if _call("extent", values, found) == 0.0:
            return float(found[0]), float(found[1])
    return float(np.minimum.reduce(values)), float(np.maximum.reduce(values))


def product_and_extents(
    first: FloatArray, second: FloatArray, *, fewest_rows: int = FEWEST_ROWS
) -> tuple[FloatArray, Extent, Extent]:
    """Return first x second, and the `extent` of each.

    >>> product_and_extents(np.array([2.0, 5.0]), np.array([3.0, 1.0]))
    (array([6., 5.]), (2.0, 5.0), (1.0, 3.0))
    """
    products = empty(first.size)
    if first.size >= max(fewest_rows, LANES):
        found = np.empty(4)
        if _call("product", first, second, found, products) == 0.0:
            lowest, highest, smallest, largest = found.tolist()
            return products, (lowest, highest), (smallest, largest)
    with np.errstate(over="ignore", invalid="ignore"):
        np.multiply(first, second, out=products)
    return products, extent(first), extent(second)


def weighted_sum(
    values: FloatArray, weights: FloatArray, *, fewest_rows: int = FEWEST_ROWS
) -> float:
    """Return the sum of weight x value.

    >>> weighted_sum(np.array([2.0, 5.0]), np.array([3.0, 1.0]))
    11.0
    """
    if values.size < fewest_rows:
        return float((weights * values).sum())
    return float(_call("weighted", values, weights))


def weight_between(
    values: FloatArray,
    weights: FloatArray,
    first: float,
    second: float,
    *,
    ascending: bool = False,
    fewest_rows: int = FEWEST_ROWS,
) -> float:
    """Return the sum of the weights of rows with first <= value < second.

    Where values are in ascending order, most others need not be looked at; the bits are the same.

    >>> weight_between(np.array([2.0, 5.0]), np.array([3.0, 1.0]), 2.0, 5.0)
    3.0
    """
    begin, end = np.searchsorted(values, (first, second)) if ascending else (0, values.size)
    if values.size < fewest_rows:
        if ascending:
            counted = np.zeros(values.size)
            counted[begin:end] = weights[begin:end]
        else:
            inside = values < second
            if first > -math.inf:
                inside &= values >= first
            # The same numbers as those of np.where, which guesses each row before it is known.
            counted = inside.astype(np.float64)
            counted *= weights
        return float(counted.sum())
    # Rows are added by the chunk, and a chunk where none lies between adds nothing.
    chunk = LANES * STEPS
    looked_at = slice(begin // chunk * chunk, -(-end // chunk) * chunk)
    return float(_call("between", values[looked_at], weights[looked_at], numbers=(first, second)))


def ranked_sum(values: FloatArray, weights: FloatArray, cumulative_weights: FloatArray) -> float:
    """Return the sum of weight x value x the cumulative weight at the middle of the row.

    >>> weights = np.array([3.0, 1.0])
    >>> ranked_sum(np.array([2.0, 5.0]), weights, weights.cumsum())
    26.5
    """
    middle = -0.5 * weights
    middle += cumulative_weights
    middle *= weights
    middle *= values
    return float(middle.sum())


def _call(title: str, *arrays: FloatArray, numbers: tuple[float, ...] = ()) -> Any:
    held = [np.ascontiguousarray(array, dtype=np.float64) for array in arrays]
    return _functions()[title](held[0].size, *addresses(*held), *numbers)


@cache
def _functions() -> dict[str, Any]:
    # Loaded when first needed: olive.statistics is imported by many who never add that much.
    from olive.native.machine_library import load_functions  # noqa: PLC0415
    from olive.native.machine_sums import (  # noqa: PLC0415
        EXTENT,
        PRODUCT,
        RUNNING,
        TERMS,
        extent_module,
        running_sums_module,
        sum_kinds,
        sum_module,
    )

    functions: dict[str, tuple[Callable[[str], Any], tuple[Any, ...]]] = {
        "running": (running_sums_module, RUNNING),
        "extent": (partial(extent_module, columns=1), EXTENT),
        "product": (partial(extent_module, columns=2), PRODUCT),
    }
    for title, (arrays, numbers, term) in TERMS.items():
        write = partial(sum_module, arrays=arrays, numbers=numbers, term=term)
        functions[title] = write, sum_kinds(arrays, numbers)
    return dict(zip(functions, load_functions(GENERATION, functions, c_double), strict=True))


def unit_of(array: FloatArray) -> float:
    """Return 1, or the power of two by which numbers must be divided to be added and squared.

    Examples
    --------
    >>> unit_of(np.array([3.0, 0.0])), unit_of(np.array([2.0**300]))
    (1.0, 4.074071952668972e+90)
    """
    return unit_below(max(-float(array.min(initial=0.0)), float(array.max(initial=0.0))))


def unit_below(largest: float) -> float:
    """Return 1, or the power of two by which numbers up to a largest one must be divided."""
    if largest == 0.0 or _SMALLEST_UNIT < largest < _LARGEST_UNIT:
        return 1.0
    return math.ldexp(1.0, min(max(math.frexp(largest)[1], -1020), 1023))
