"""Where olive's time goes in the fourteen rules, and how far they are from the memory limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import olive_engine
from generate import Table
from memory_limit import memory_limit

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Phases:
    """Seconds of each phase of a run, the fastest as for the memory limit of the rules beside it.

    Attributes
    ----------
    tables : float
        Columns are taken in: names, and where each household begins.
    rules : float
        Rules 1 to 13 of both policies.
    figures : float
        Rule 14 of both policies.
    limit : float
        The least time to read the columns and write the results, see `memory_limit`.
    """

    tables: float
    rules: float
    figures: float
    limit: float


def phases(persons: Table, households: Table, *, threads: int) -> Phases:
    """Return the phases of olive's run on these tables."""
    data = olive_engine.tables(persons, households)

    def rules() -> Any:
        return olive_engine.simulate(data, backend="compiled", threads=threads)

    results, weight = rules(), households["weight"]
    limit = memory_limit(persons, households, threads=threads)
    return Phases(
        tables=_fastest(lambda: olive_engine.tables(persons, households)),
        rules=_fastest(rules),
        figures=_fastest(lambda: olive_engine.figures_of_both(results, weight)),
        limit=limit.seconds,
    )


def _fastest(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        seconds.append(perf_counter() - began)
    return min(seconds)
