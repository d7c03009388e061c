"""Sums over rows of values and weights, by machine code where there are many.

Rows are added in one order, so that a sum is the same bits whenever it is taken.
"""

from __future__ import annotations

from ctypes import c_double
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.native.sorting import FEWEST_ROWS, sort_with

GENERATION = 1  # part of the cache key: raise it when the generated code changes

FloatArray = NDArray[np.float64]


def running_sums(
    values: FloatArray, weights: FloatArray, *, fewest_rows: int = FEWEST_ROWS
) -> tuple[FloatArray, FloatArray]:
    """Return the sums of weights and of weight x value up to and including each row.

    Parameters
    ----------
    values, weights : float64 array, shape (n,)
    fewest_rows : int
        Below this number of rows numpy adds; the bits are the same.

    Returns
    -------
    two float64 arrays, shape (n,)

    Examples
    --------
    >>> running_sums(np.array([2.0, 5.0]), np.array([3.0, 1.0]))
    (array([3., 4.]), array([ 6., 11.]))
    """
    if values.size < fewest_rows:
        return weights.cumsum(), (weights * values).cumsum()
    found = np.empty(values.size), np.empty(values.size)
    _call("running", values, weights, *found)
    return found


def sorted_sums(
    values: FloatArray, weights: FloatArray, *, threads: int | None = None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return values in ascending order, their weights, and `running_sums`, by machine code.

    Parameters
    ----------
    values, weights : float64 array, shape (n,)
        Finite numbers, at least one; equal values keep their order.
    threads : int, optional
        How many may work; without it, as many as there are cores. The result is the same.

    Returns
    -------
    four float64 arrays, shape (n,)

    Examples
    --------
    >>> every = sorted_sums(np.array([5.0, 2.0]), np.array([1.0, 3.0]))
    >>> [column.tolist() for column in every]
    [[2.0, 5.0], [3.0, 1.0], [3.0, 4.0], [6.0, 11.0]]
    """
    values, weights = (np.ascontiguousarray(each, dtype=np.float64) for each in (values, weights))
    # One piece of memory, for fresh memory is slow: sums come to stand where the sort worked.
    ascending, weight, *sums = every = np.empty((4, values.size))
    sort_with(values, weights, every[2:], (ascending, weight), threads=threads)
    _call("running", ascending, weight, *sums)
    return ascending, weight, sums[0], sums[1]


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
    fewest_rows: int = FEWEST_ROWS,
) -> float:
    """Return the sum of the weights of rows with first <= value < second.

    >>> weight_between(np.array([2.0, 5.0]), np.array([3.0, 1.0]), 2.0, 5.0)
    3.0
    """
    if values.size < fewest_rows:
        return float((weights * ((values >= first) & (values < second))).sum())
    return float(_call("between", values, weights, numbers=(first, second)))


def ranked_sum(
    values: FloatArray,
    weights: FloatArray,
    cumulative_weights: FloatArray,
    *,
    fewest_rows: int = FEWEST_ROWS,
) -> float:
    """Return the sum of weight x value x the cumulative weight at the middle of the row.

    >>> weights = np.array([3.0, 1.0])
    >>> ranked_sum(np.array([2.0, 5.0]), weights, weights.cumsum())
    26.5
    """
    if values.size < fewest_rows:
        middle = cumulative_weights - 0.5 * weights
        middle *= weights
        middle *= values
        return float(middle.sum())
    return float(_call("ranked", values, weights, cumulative_weights, numbers=(0.5,)))


def _call(title: str, *arrays: FloatArray, numbers: tuple[float, ...] = ()) -> Any:
    held = [np.ascontiguousarray(array, dtype=np.float64) for array in arrays]
    return _functions()[title](held[0].size, *(array.ctypes.data for array in held), *numbers)


@cache
def _functions() -> dict[str, Any]:
    # Loaded when first needed: olive.statistics is imported by many who never add that much.
    from olive.native.machine_library import load_functions  # noqa: PLC0415
    from olive.native.machine_sums import (  # noqa: PLC0415
        RUNNING,
        TERMS,
        running_sums_module,
        sum_kinds,
        sum_module,
    )

    sums = {
        title: (
            partial(sum_module, arrays=arrays, numbers=numbers, term=term),
            sum_kinds(arrays, numbers),
        )
        for title, (arrays, numbers, term) in TERMS.items()
    }
    (running,) = load_functions(GENERATION, {"running sums": (running_sums_module, RUNNING)})
    return {
        "running": running,
        **dict(zip(sums, load_functions(GENERATION, sums, c_double), strict=True)),
    }
