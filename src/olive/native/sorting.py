"""The stable ascending order of values, and sums along it, by machine code where there are many.

Results are those of ``numpy.argsort(values, kind="stable")``, bit by bit, for any number of
threads: every thread orders the values between two bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive.native.cores import available_cores

if TYPE_CHECKING:
    from llvmlite import ir

FEWEST_ROWS = 131_072  # below, numpy is fast enough, and nothing is compiled for a small table
MOST_ROWS = 2**32  # rows are numbered with 32 bits
ROWS_OF_A_THREAD = 262_144
LOOKED_AT_FIRST = 1_024
SAMPLED_FOR_BOUNDS = 4_096
GENERATION = 2  # part of the cache key: raise it when the generated code changes


def stable_order(
    values: NDArray[np.float64], *, threads: int | None = None, fewest_rows: int = FEWEST_ROWS
) -> NDArray[np.intp]:
    """Return the rows in ascending order of their values; equal values keep their order.

    Parameters
    ----------
    values : float64 array, shape (n,)
        Finite numbers.
    threads : int, optional
        How many may work; without it, as many as there are cores. The result is the same.
    fewest_rows : int
        Below this number of rows numpy sorts.

    Returns
    -------
    int array, shape (n,)

    References
    ----------
    Knuth (1998), "The Art of Computer Programming", volume 3, section 5.2.5 (radix sort).

    Examples
    --------
    >>> stable_order(np.array([2.0, 0.0, 1.0, -0.0]))
    array([1, 3, 2, 0])
    """
    if not fewest_rows <= values.size < MOST_ROWS:
        return _by_numpy(values)
    values = np.ascontiguousarray(values)
    parts = threads or min(available_cores(), max(1, values.size // ROWS_OF_A_THREAD))
    bounds = _bounds(values, parts)
    below = [0, *(int(np.count_nonzero(values < bound)) for bound in bounds[1:-1]), values.size]
    order = np.empty(values.size, dtype=np.int64)
    jobs = [
        (values, low, high, order[first:last])
        for (low, high), (first, last) in zip(pairwise(bounds), pairwise(below), strict=True)
        if first < last
    ]
    if len(jobs) == 1:
        done = [_sorted_between(*jobs[0])]
    else:
        with ThreadPoolExecutor(len(jobs)) as pool:
            done = list(pool.map(lambda job: _sorted_between(*job), jobs))
    return order if all(done) else _by_numpy(values)


def _by_numpy(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the stable order: numpy's fastest one, with equal values put right afterwards."""
    order = np.argsort(values)
    ascending = values[order]
    same = ascending[1:] == ascending[:-1]
    if same.any():
        tied = np.append(same, False) | np.append(False, same)
        rows = order[tied]
        run = np.append(0, np.cumsum(~same))[tied]
        order[tied] = rows[np.lexsort((rows, run))]
    return order


def running_sums(
    order: NDArray[np.intp],
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    fewest_rows: int = FEWEST_ROWS,
) -> tuple[NDArray[np.float64], ...]:
    """Return values and weights in an order, the sums of weights and of weight x value so far.

    Parameters
    ----------
    order : int array, shape (n,)
        Rows, each of them once.
    values, weights : float64 array, shape (n,)
    fewest_rows : int
        Below this number of rows numpy adds.

    Returns
    -------
    four float64 arrays, shape (n,)

    Examples
    --------
    >>> every = running_sums(np.array([1, 0]), np.array([5.0, 2.0]), np.array([1.0, 3.0]))
    >>> [column.tolist() for column in every]
    [[2.0, 5.0], [3.0, 1.0], [3.0, 4.0], [6.0, 11.0]]
    """
    if order.size < fewest_rows:
        ascending, weight = values[order], weights[order]
        return ascending, weight, weight.cumsum(), (weight * ascending).cumsum()
    given = (np.ascontiguousarray(each) for each in (order, values, weights))
    found = tuple(np.empty(order.size) for _ in range(4))
    arrays = (*given, *found)
    _sums()(order.size, *(array.ctypes.data for array in arrays))
    return found


def ascends(values: NDArray[np.float64]) -> bool:
    """Return whether values are in ascending order already, so that sorting changes nothing.

    Examples
    --------
    >>> ascends(np.array([1.0, 1.0, 2.0])), ascends(np.array([1.0, 0.0, 2.0]))
    (True, False)
    """
    # Values in any other order fail within the first few, and the rest is not looked at.
    return all(bool((part[1:] >= part[:-1]).all()) for part in (values[:LOOKED_AT_FIRST], values))


def _bounds(values: NDArray[np.float64], parts: int) -> list[float]:
    """Return bounds that cut the values into parts of about equal size."""
    if parts == 1:
        return [-np.inf, np.inf]
    some = np.sort(values[:: max(1, values.size // SAMPLED_FOR_BOUNDS)])
    inner = some[np.arange(1, parts) * some.size // parts]
    return [-np.inf, *inner.tolist(), np.inf]


def _sorted_between(
    values: NDArray[np.float64], low: float, high: float, order: NDArray[np.int64]
) -> bool:
    from olive.native.machine_sort import COUNTS, EXPONENTS  # noqa: PLC0415

    pairs, others = (np.empty(order.size + 1, dtype=np.uint64) for _ in range(2))
    codes = np.zeros(EXPONENTS + 1, dtype=np.int64)
    counts = np.zeros(COUNTS, dtype=np.int64)
    arrays = (pairs, others, codes, counts, order)
    gave_up = _sort()(
        values.size,
        values.ctypes.data,
        low,
        high,
        order.size,
        *(array.ctypes.data for array in arrays),
    )
    return not gave_up


@cache
def _sort() -> Any:
    # Loaded when first needed: olive.statistics is imported by many who never sort much.
    from olive.native.machine_sort import SORT_PROTOTYPE, sort_module  # noqa: PLC0415

    return _loaded("stable order", sort_module, SORT_PROTOTYPE)


@cache
def _sums() -> Any:
    from olive.native.machine_sums import SUMS_PROTOTYPE, sums_module  # noqa: PLC0415

    return _loaded("running sums", sums_module, SUMS_PROTOTYPE)


def _loaded(title: str, write: Callable[[str], ir.Module], prototype: Any) -> Any:
    from olive.native.machine_library import function_at, kernel_name, load_kernels  # noqa: PLC0415

    name = kernel_name((title, GENERATION))
    addresses, _ = load_kernels({name: lambda: write(name)})
    return function_at(addresses[name], prototype)
