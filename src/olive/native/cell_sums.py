"""Weighted sums of the rows of a matrix, cell by cell, by machine code where there are many.

Results are the same bits for any number of threads: each cell is added by one thread, row by row.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.native.cores import available_cores
from olive.native.room import addresses
from olive.native.threads import side_by_side

FEWEST_ROWS = 32_768  # below, numpy is fast enough, and nothing is compiled for a small table
GENERATION = 2  # part of the cache key: raise it when the generated code changes


def cell_sums(
    matrix: NDArray[np.float32] | NDArray[np.float64],
    factors: NDArray[np.float64],
    rows: NDArray[np.intp],
    starts: NDArray[np.int64],
    *,
    threads: int | None = None,
    fewest_rows: int = FEWEST_ROWS,
) -> NDArray[np.float64]:
    """Return the sums of factor x row of a matrix over cells of neighbours in an order.

    Parameters
    ----------
    matrix : float32 or float64 array, shape (rows, columns)
        Contiguous, row after row.
    factors : float64 array, shape (n,)
        Of the rows in the order.
    rows : int array, shape (n,)
        The order: which row of the matrix stands in each place.
    starts : int64 array, shape (cells + 1,)
        The place where each cell begins, and the end of the last one. No cell is empty.
    threads : int, optional
        As many as there are cores.
    fewest_rows : int
        Below this number of rows numpy adds.

    Returns
    -------
    float64 array, shape (cells, columns)

    Examples
    --------
    >>> matrix = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> cell_sums(matrix, np.array([1.0, 1.0, 2.0]), np.array([2, 0, 1]), np.array([0, 2, 3]))
    array([[6., 8.],
           [6., 8.]])
    """
    if rows.size < fewest_rows:
        return np.add.reduceat(matrix[rows] * factors[:, None], starts[:-1], axis=0)
    cells, columns = starts.size - 1, matrix.shape[1]
    sums = np.zeros((cells, columns))
    parts = threads or available_cores()
    bounds = np.searchsorted(starts, np.linspace(0, rows.size, parts + 1)).tolist()
    given = addresses(starts, rows, factors, matrix, sums)
    add = _add(matrix.dtype.name)
    side_by_side(
        lambda first, end: add(first, end, columns, *given),
        list(pairwise(bounds)),
        parts,
    )
    return sums


@cache
def _add(stored: str) -> Any:
    # Loaded when first needed: olive.statistics is imported by many who never add that much.
    from olive.native.machine_library import load_functions  # noqa: PLC0415
    from olive.native.machine_sums import cell_kinds, cell_sums_module  # noqa: PLC0415

    write = partial(cell_sums_module, stored=stored)
    (add,) = load_functions(GENERATION, {f"cell sums {stored}": (write, cell_kinds(stored))})
    return add
