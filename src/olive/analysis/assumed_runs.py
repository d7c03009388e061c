"""Indicators of many policies: simulated in groups, each reduced to its figures at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.indicators import incomes, measures
from olive.engine.cores import available_cores
from olive.simulation import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.engine import Policy
    from olive.population import Population
    from olive.simulation.result import Result

INCOMES = ("disposable_income", "cash_disposable_income", "household_size")
Progress = Callable[[int, int], None]
# Incomes kept at a time: policies are simulated in groups, so that large cities fit in memory.
_KEPT = 12_000_000
_MOST_AT_ONCE = 300


def figures_of(
    population: Population,
    policies: Sequence[tuple[Policy, ...]],
    *,
    seed: int,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Return every measure under every policy; the draws of persons are those of one seed.

    Parameters
    ----------
    population : Population
    policies : sequence of tuple of Policy
        Rows of policies that belong together, such as before and after.
    seed : int
    progress : callable, optional
        Called with (rows done, rows in all).

    Returns
    -------
    float64 array, shape (rows, policies of a row, measures)
    """
    width = len(policies[0])
    at_once = min(_MOST_AT_ONCE, max(1, _KEPT // (2 * width * len(population))))
    parts = []
    for first in range(0, len(policies), at_once):
        group = policies[first : first + at_once]
        # Policies that differ least stand beside each other: they share what they agree in.
        columns = [row[place] for place in range(width) for row in group]
        result = simulate(population, columns, outputs=INCOMES, seed=seed)
        found = _reduced(result).reshape(width, len(group), -1)
        parts.append(found.transpose(1, 0, 2))
        if progress is not None:
            progress(first + len(group), len(policies))
    return np.concatenate(parts)


def _reduced(result: Result) -> NDArray[np.float64]:
    """Return the measures of each policy; policies with the same incomes are measured once."""
    keys = [
        tuple(result.arrays[position, name].ctypes.data for name in INCOMES)
        for position in range(len(result.policies))
    ]
    first = {key: position for position, key in reversed(list(enumerate(keys)))}
    every = measures()

    def measured(position: int) -> list[float]:
        one = incomes(result, position)
        return [measure.value(one) for measure in every]

    with ThreadPoolExecutor(available_cores()) as pool:
        rows = dict(zip(first, pool.map(measured, first.values()), strict=True))
    return np.array([rows[key] for key in keys])
