"""Draw all blocks of a plan, on several threads, into two tables."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from olive.population.structure import Tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from olive.population.synthetic import Block, Plan

    Progress = Callable[[int, int], None]


def draw_tables(
    whole: Plan, *, threads: int | None = None, progress: Progress | None = None
) -> Tables:
    """Draw every block and return the population's tables.

    Each thread writes its block to its own rows, so the result does not depend on their number.

    Parameters
    ----------
    whole : Plan
        From :func:`olive.population.synthetic.plan`.
    threads : int, optional
        By default as many as there are processors.
    progress : callable, optional
        Called with (households done, households in all) after each block.
    """
    starts = np.concatenate([[0], np.cumsum(whole.sizes, dtype=np.int64)])
    first = whole.block(*whole.blocks[0])
    households = _empty(first.households, whole.households)
    persons = _empty(first.persons, int(starts[-1]))
    done = 0

    def fill(limits: tuple[int, int]) -> int:
        block = first if limits == whole.blocks[0] else whole.block(*limits)
        _put(block, households, persons, starts)
        return limits[1] - limits[0]

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for count in pool.map(fill, whole.blocks):
            done += count
            if progress is not None:
                progress(done, whole.households)
    households["weight"] = _weights(whole, households, persons, starts)
    return Tables(pa.table(households), pa.table(persons), starts)


def _weights(
    whole: Plan,
    households: dict[str, NDArray[Any]],
    persons: dict[str, NDArray[Any]],
    starts: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the weights, calibrated to the recipe's control totals in cities of middling size.

    Smaller ones cannot meet them all; larger ones meet them nearly as they are drawn.
    """
    # Calibration brings linear algebra along, which most users of a population do not need.
    from olive.population.controls import (  # noqa: PLC0415
        LEAST_HOUSEHOLDS,
        MOST_HOUSEHOLDS,
        control_rows,
        controlled_weights,
        tolerances,
    )

    controls = whole.recipe.solved.controls
    if not controls.size or not LEAST_HOUSEHOLDS <= whole.households <= MOST_HOUSEHOLDS:
        return households["weight"]
    bounds = whole.recipe.place["ages"]["bounds"]
    rows = control_rows(households, persons, starts, bounds)
    return controlled_weights(rows, controls, households["weight"], tolerances(bounds))


def _empty(columns: dict[str, NDArray[Any]], rows: int) -> dict[str, NDArray[Any]]:
    return {name: np.empty(rows, column.dtype) for name, column in columns.items()}


def _put(
    block: Block,
    households: dict[str, NDArray[Any]],
    persons: dict[str, NDArray[Any]],
    starts: NDArray[np.int64],
) -> None:
    for name, column in block.households.items():
        households[name][block.first : block.last] = column
    rows = slice(int(starts[block.first]), int(starts[block.last]))
    for name, column in block.persons.items():
        persons[name][rows] = column
