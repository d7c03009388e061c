"""Indicators of many policies: simulated in groups, each reduced to its figures at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.figures import Figure, figures
from olive.analysis.indicators import Incomes, income_variables, incomes, measures_of
from olive.native.cores import available_cores
from olive.simulation import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.engine import Policy
    from olive.population import Population
    from olive.progress import Told
    from olive.simulation.result import Result

# Incomes kept at a time by all workers: policies are simulated in groups of as many as fit in it.
_KEPT = 24_000_000
_MOST_AT_ONCE = 256
# Policies that are simulated together even where they keep more: what they agree in is computed
# once, and a group of two takes more than half as long as one of 32. They are fewer where their
# incomes would keep more than 1.5 GB: for more than 2.9 million households.
_FEWEST_AT_ONCE = 32
_MOST_KEPT = 1_500_000_000 // 8
_WORKERS = 4


def figures_of(
    population: Population,
    policies: Sequence[tuple[Policy, ...]],
    *,
    seed: int,
    every: Sequence[Figure[Incomes]] | None = None,
    progress: Told = None,
) -> NDArray[np.float64]:
    """Return every measure under every policy; the draws of persons are those of one seed.

    Policies of a row belong together, such as before and after; rows are told as they are done.
    Figures are those of brackets in nominal yuan by default. Shape (rows, policies of a row,
    measures).
    """
    width = len(policies[0])
    outputs = income_variables(population.place)
    wanted = every or measures_of(population.place)
    cores = available_cores()
    workers = min(_WORKERS, cores)
    at_once = _KEPT // (2 * width * workers * len(population))
    fewest = max(width, min(_FEWEST_AT_ONCE, _MOST_KEPT // (2 * len(population))))
    if at_once * width < fewest:
        workers, at_once = 1, max(at_once * workers, fewest // width)
    at_once = min(_MOST_AT_ONCE, at_once)
    groups = [policies[first : first + at_once] for first in range(0, len(policies), at_once)]

    def measured(group: Sequence[tuple[Policy, ...]]) -> NDArray[np.float64]:
        # Policies that differ least stand beside each other: they share what they agree in.
        columns = [row[place] for place in range(width) for row in group]
        threads = max(1, cores // min(workers, len(groups)))
        result = simulate(population, columns, outputs=outputs, seed=seed, threads=threads)
        found = reduced(result, wanted, threads)
        return found.reshape(width, len(group), -1).transpose(1, 0, 2)

    done, parts = 0, []
    # Where groups are small, one is prepared while another is computed.
    with ThreadPoolExecutor(workers) as pool:
        for group, part in zip(groups, pool.map(measured, groups), strict=True):
            parts.append(part)
            done += len(group)
            if progress is not None:
                progress(done, len(policies))
    return np.concatenate(parts)


def reduced(result: Result, every: Sequence[Figure[Incomes]], threads: int) -> NDArray[np.float64]:
    """Return the measures of each policy, shape (policies, measures).

    Policies with the same incomes are measured once.
    """
    keys = [
        tuple(result.arrays[position, name].ctypes.data for name in result.outputs)
        for position in range(len(result.policies))
    ]
    first = {key: position for position, key in reversed(list(enumerate(keys)))}

    def figured(position: int) -> list[float]:
        return figures(every, incomes(result, position))

    with ThreadPoolExecutor(threads) as pool:
        rows = dict(zip(first, pool.map(figured, first.values()), strict=True))
    return np.array([rows[key] for key in keys])
