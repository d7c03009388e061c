"""Many replicates in one pass: rows are sorted once and gathered into narrow cells.

A statistic of a replicate is computed from the cells: their values do not vary, their weights are
added up for a few replicates at a time. Up to `CELLS` rows, every row is a cell and the result is
exact. Beyond, rows next to each other in the order share a cell, except the lowest and highest,
on which measures of the tails depend; what is lost is the variance inside cells, below a
thousandth of the total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from olive.errors import DataError, shown
from olive.messages import Message
from olive.native.cell_sums import cell_sums
from olive.statistics.arguments import mapping_of
from olive.statistics.given_columns import FloatArray
from olive.statistics.replicates import ReplicateWeights, checked_replicates
from olive.statistics.samples import Ordered, in_order

CELLS = 16_384
SINGLE_LOWEST = 1_024
SINGLE_HIGHEST = 4_096
REPLICATES_AT_ONCE = 8

OrderedStatistic = Callable[[Ordered], float]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows in ascending order, gathered into cells of neighbours.

    Attributes
    ----------
    sample : Ordered
        The cells as if they were rows.
    starts : int64 array, shape (cells + 1,)
        Where each cell begins among the rows in ascending order.
    """

    sample: Ordered
    starts: NDArray[np.int64]


def gather_cells(sample: Ordered) -> Cells:
    """Gather the rows of a sample into at most `CELLS` cells.

    Examples
    --------
    >>> from olive.statistics import ordered
    >>> gather_cells(ordered([3.0, 1.0, 2.0], 1)).sample.values
    array([1., 2., 3.])
    """
    rows = sample.values.size
    if rows <= CELLS:
        return Cells(sample, np.arange(rows + 1))
    middle = CELLS - SINGLE_LOWEST - SINGLE_HIGHEST
    between = rows - SINGLE_LOWEST - SINGLE_HIGHEST
    grouped = SINGLE_LOWEST + np.arange(middle) * between // middle
    highest = np.arange(rows - SINGLE_HIGHEST, rows + 1)
    starts = np.concatenate((np.arange(SINGLE_LOWEST), grouped, highest))
    weights = np.add.reduceat(sample.weights, starts[:-1])
    amounts = np.add.reduceat(sample.weights * sample.values, starts[:-1])
    least, largest = sample.values[starts[:-1]], sample.values[starts[1:] - 1]
    # Rounding must not move the value of a cell past those of its rows.
    values = np.clip(amounts / weights, least, largest)
    return Cells(in_order(values, weights, None, weights.size, sample.unit), starts)


def cell_weights(
    cells: Cells, sample: Ordered, replicates: ReplicateWeights
) -> Callable[[int, int], FloatArray]:
    """Return the function of start and stop that gives the weights of all cells in replicates.

    Its result has the shape (stop - start, cells). What does not depend on the replicate is
    prepared once.
    """
    rows = np.arange(sample.rows) if sample.positions is None else sample.positions
    complete = replicates.complete
    if complete is not None:
        factors = sample.weights / complete.base[rows]
        every = np.ascontiguousarray(cell_sums(complete.matrix, factors, rows, cells.starts).T)
        return lambda start, stop: every[start:stop]
    units = rows if replicates.unit_of_row is None else replicates.unit_of_row[rows]
    shape = (cells.starts.size - 1, 1 + int(units.max()))
    addition = scipy.sparse.csr_array((sample.weights, units, cells.starts), shape=shape)

    def sums(start: int, stop: int) -> FloatArray:
        factors = np.ascontiguousarray(replicates.multipliers(start, stop)[: shape[1]])
        return np.ascontiguousarray((addition @ factors).T)

    return sums


def replicate_values(
    statistics: Mapping[str, OrderedStatistic], samples: list[Ordered], replicates: ReplicateWeights
) -> tuple[FloatArray, FloatArray]:
    """Return statistics of several samples of the same rows, in full and for each replicate.

    Parameters
    ----------
    statistics : mapping of name to function of Ordered
    samples : list of Ordered
        Such as incomes before and after a reform.

    Returns
    -------
    full : float64 array, shape (samples, statistics)
        From the cells, which the replicates are compared with.
    each : float64 array, shape (replicates, samples, statistics)

    Raises
    ------
    DataError
        When the samples have other rows than the replicate weights, or a statistic is not
        defined in a replicate.
    """
    checked_replicates(replicates)
    for sample in samples:
        if sample.rows != replicates.rows:
            raise DataError(
                "the replicate weights have {rows} rows and the data {rows2}; a subgroup "
                "keeps all rows, with weight 0 outside it",
                replicates.rows,
                sample.rows,
            )
    gathered = [gather_cells(sample) for sample in samples]
    pairs = zip(gathered, samples, strict=True)
    weights_of = [cell_weights(cells, sample, replicates) for cells, sample in pairs]
    whole = Message("the sample")
    full = np.array([_all_of(statistics, cells.sample, whole) for cells in gathered])
    each = np.empty((replicates.count, *full.shape))
    for start in range(0, replicates.count, REPLICATES_AT_ONCE):
        stop = min(start + REPLICATES_AT_ONCE, replicates.count)
        for position, cells in enumerate(gathered):
            for offset, own in enumerate(weights_of[position](start, stop)):
                replicate = _reweighted(cells.sample, own)
                name = f"replicate {start + offset}"
                each[start + offset, position] = _all_of(statistics, replicate, name)
    return full, each


def _reweighted(sample: Ordered, weights: FloatArray) -> Ordered:
    if weights.all():
        return in_order(sample.values, weights, None, weights.size, sample.unit)
    kept = np.flatnonzero(weights)
    if kept.size == 0:
        raise DataError("a replicate gives no row any weight; use fewer or other replicates")
    return in_order(sample.values[kept], weights[kept], None, kept.size, sample.unit)


def _all_of(statistics: Mapping[str, OrderedStatistic], sample: Ordered, where: str) -> list[float]:
    values = []
    for name, statistic in mapping_of("statistics", statistics).items():
        if not callable(statistic):
            raise DataError(
                "statistics: {name} is {shown}; give a function of a sample", name, shown(statistic)
            )
        try:
            values.append(float(statistic(sample)))
        except DataError as error:
            raise DataError("{name} in {where}: {error}", name, where, error) from error
    return values
