"""The stable ascending order of values, and sums along it, by machine code where there are many.

Results are those of ``numpy.argsort(values, kind="stable")``, bit by bit, for any number of
threads: rows go to cells that follow each other, and each cell is put into order by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.native.cores import available_cores
from olive.native.lanes import LANES
from olive.native.room import addresses, empty
from olive.native.threads import side_by_side

FEWEST_ROWS = 65_536  # below, numpy is fast enough, and nothing is compiled for a small table
FEWEST_AT_HAND = 1_000  # below, numpy is as fast
ROWS_OF_A_THREAD = 32_768
ROWS_AT_ONCE = 16_384  # up to here they are one cell: to bring them to cells takes longer
ROWS_OF_A_CELL = 1_536  # what stays near the core with room to work
MOST_CELLS = 2_048  # as many lines of the cache are written to side by side
SAMPLED_FOR_A_CELL, SAMPLED_FOR_CELLS = 64, 2_048
BEYOND = 32  # one part in so many of the rows lies in the first cell, one in the last
LOOKED_AT_FIRST = 1_024
FEWEST_FOR_TIES = 512  # below, numpy's stable sort is done before another one's ties are put right
GENERATION = 10  # part of the cache key: raise it when the generated code changes
TITLES = ("count rows of cells", "move rows to cells", "put cells into order")

FloatArray = NDArray[np.float64]


def stable_order(
    values: FloatArray, *, threads: int | None = None, fewest_rows: int | None = None
) -> NDArray[np.intp]:
    """Return the rows in ascending order of their values; equal values keep their order.

    Parameters
    ----------
    values : float64 array, shape (n,)
        Finite numbers; of another type they are converted.
    threads : int, optional
        How many may work; without it, as many as there are cores. The result is the same.
    fewest_rows : int, optional
        Below this number of rows numpy sorts; without it, as `sorts_by_machine` says.

    Returns
    -------
    int array, shape (n,)

    References
    ----------
    Knuth (1998), "The Art of Computer Programming", volume 3, sections
    5.2.1 and 5.2.5 (distribution sorting).

    Examples
    --------
    >>> stable_order(np.array([2.0, 0.0, 1.0, -0.0]))
    array([1, 3, 2, 0])
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    rows = values.size
    if rows == 0 or not (sorts_by_machine(rows) if fewest_rows is None else rows >= fewest_rows):
        return _by_numpy(values)
    ascending, order = empty(rows), np.empty(rows, dtype=np.intp)
    sort_with(values, np.arange(rows), (ascending, order), threads=threads)
    return order


def sorts_by_machine(rows: int) -> bool:
    """Return whether machine code sorts so many rows: it is worth having, or it is at hand.

    The order is the same. For small tables nothing is compiled, nor the compiler imported.
    """
    return rows >= FEWEST_ROWS or (rows >= FEWEST_AT_HAND and _at_hand())


def _at_hand() -> bool:
    library = sys.modules.get("olive.native.machine_library")
    return library is not None and (_sort.cache_info().currsize > 0 or _is_kept())


@cache
def _is_kept() -> bool:
    """Return whether the cache folder held the code when this was first asked: it is not free."""
    from olive.native.machine_library import are_kept  # noqa: PLC0415

    return are_kept(GENERATION, TITLES)


def _by_numpy(values: FloatArray) -> NDArray[np.intp]:
    """Return the stable order: numpy's fastest one, with equal values put right afterwards."""
    if values.size < FEWEST_FOR_TIES:
        return np.argsort(values, kind="stable")
    order = np.argsort(values)
    ascending = values[order]
    same = ascending[1:] == ascending[:-1]
    if same.any():
        tied = np.append(same, False) | np.append(False, same)
        rows = order[tied]
        run = np.append(0, np.cumsum(~same))[tied]
        order[tied] = rows[np.lexsort((rows, run))]
    return order


def sorted_together(
    values: FloatArray,
    weights: FloatArray,
    *,
    kept: FloatArray | None = None,
    threads: int | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return values in ascending order and their weights, by machine code.

    Parameters
    ----------
    values, weights : float64 array, shape (n,)
        Finite numbers, at least one; equal values keep their order.
    kept : float64 array, shape (n,), optional
        Filled with a copy of the values, on the way.
    threads : int, optional
        As `stable_order` takes them.

    Returns
    -------
    two float64 arrays, shape (n,)

    Examples
    --------
    >>> sorted_together(np.array([5.0, 2.0]), np.array([1.0, 3.0]))
    (array([2., 5.]), array([3., 1.]))
    """
    values, weights = (np.ascontiguousarray(each, dtype=np.float64) for each in (values, weights))
    found = empty(values.size), empty(values.size)
    sort_with(values, weights, found, kept=kept, threads=threads)
    return found


def sort_with(
    values: FloatArray,
    words: NDArray[Any],
    found: tuple[FloatArray, NDArray[Any]],
    *,
    kept: FloatArray | None = None,
    threads: int | None = None,
) -> None:
    """Sort values by machine code, with a word of 64 bits that travels with each.

    Parameters
    ----------
    values : float64 array, shape (n,)
        Finite numbers, at least one; contiguous, as all that follow.
    words : array of 64 bits, shape (n,)
    found : float64 array and array of 64 bits, shape (n,)
        Filled with the values in ascending order and their words; equal values keep their order.
    kept : float64 array, shape (n,), optional
        Filled with a copy of the values.
    threads : int, optional
        As `stable_order` takes them.
    """
    rows = values.size
    given, there = addresses(values, words), addresses(*found)
    count, move, settle = _sort()
    if rows <= ROWS_AT_ONCE:
        if kept is not None:
            kept[:] = values
        bounds, room = np.array([0, rows, 0], dtype=np.int64), np.empty((4, rows + LANES))
        bounds_at, pairs_at, _, *rooms = addresses(bounds, *room)
        move(0, rows, 0.0, 0.0, 0.0, *given, bounds_at + 2 * bounds.itemsize, pairs_at)
        settle(0, 1, bounds_at, pairs_at, *rooms, *there)
        return
    pairs = empty((rows, 2))
    (pairs_at,) = addresses(pairs)
    # What nobody wants to keep is overwritten by the pairs.
    kept_at = pairs_at if kept is None else addresses(kept)[0]
    parts = threads or min(available_cores(), max(1, rows // ROWS_OF_A_THREAD))
    cells = min(max(1, rows // ROWS_OF_A_CELL), MOST_CELLS)
    scale = *_scale(values, cells), cells - 1.0
    edges = [rows * part // parts for part in range(parts + 1)]

    def share(edges: list[int], work: Callable[..., None], own: NDArray[Any]) -> None:
        """Let each thread work between two bounds, on what is its own."""
        (first,), step = addresses(own), own.strides[0]
        items = [(*ends, first + part * step) for part, ends in enumerate(pairwise(edges))]
        side_by_side(work, items, parts)

    counts = np.zeros((parts, cells), dtype=np.int64)
    share(edges, lambda first, end, own: count(first, end, *scale, *given, own, kept_at), counts)
    starts = np.zeros(cells + 1, dtype=np.int64)
    counts.sum(axis=0).cumsum(out=starts[1:])
    # Rows of one thread stand before those of the next in each cell.
    places = counts.cumsum(axis=0) - counts + starts[:-1]
    share(edges, lambda first, end, own: move(first, end, *scale, *given, own, pairs_at), places)
    room = np.empty((parts, 2, int(np.diff(starts).max()) + LANES))
    (cells_at,), words_of = addresses(starts), room.strides[1]
    share(
        np.searchsorted(starts, edges).tolist(),
        lambda first, end, own: settle(first, end, cells_at, pairs_at, own, own + words_of, *there),
        room,
    )


def _scale(values: FloatArray, cells: int) -> tuple[float, float]:
    """Return the value from which cells are counted, and the cells a unit of value.

    Few rows lie beyond the first and the last cell, however far.
    """
    sampled = min(SAMPLED_FOR_CELLS, SAMPLED_FOR_A_CELL * cells)
    some = np.sort(values[:: max(1, values.size // sampled)])
    low, high = some[[some.size // BEYOND, -1 - some.size // BEYOND]].tolist()
    span = high - low
    return low, cells / span if span > 0.0 else 0.0


def ascends(values: FloatArray) -> bool:
    """Return whether values are in ascending order already, so that sorting changes nothing.

    Examples
    --------
    >>> ascends(np.array([1.0, 1.0, 2.0])), ascends(np.array([1.0, 0.0, 2.0]))
    (True, False)
    """
    # Values in any other order fail within the first few, and the rest is not looked at.
    return all(bool((part[1:] >= part[:-1]).all()) for part in (values[:LOOKED_AT_FIRST], values))


@cache
def _sort() -> list[Any]:
    # Loaded when first needed: olive.statistics is imported by many who never sort much.
    from olive.native.machine_library import load_functions  # noqa: PLC0415
    from olive.native.machine_sort import (  # noqa: PLC0415
        PARTITION,
        SETTLE,
        partition_module,
        settle_module,
    )

    count, move = (partial(partition_module, moves=moves) for moves in (False, True))
    functions = ((count, PARTITION), (move, PARTITION), (settle_module, SETTLE))
    return load_functions(GENERATION, dict(zip(TITLES, functions, strict=True)))
