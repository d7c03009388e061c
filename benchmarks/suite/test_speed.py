"""Every work of `olive bench` and the fourteen rules, under pytest-benchmark.

``make bench`` runs it; ``--benchmark-autosave`` and ``--benchmark-compare`` set two commits beside
each other, see the documentation of pytest-benchmark.
"""

from __future__ import annotations

from collections.abc import Mapping

import olive_engine
import pytest
from generate import Table
from pytest_benchmark.fixture import BenchmarkFixture

from olive.report.works import WORKS, Work, Workbench

EACH_WORK = pytest.mark.parametrize("work", WORKS, ids=lambda work: work.key)
THREADS = pytest.mark.parametrize("threads", [1, 2])


@EACH_WORK
def test_work(
    benchmark: BenchmarkFixture, work: Work, households: int, benches: Mapping[int, Workbench]
) -> None:
    job = work.prepare(benches[work.size(households)])
    long = work.divisor > 1
    benchmark.pedantic(job, rounds=1) if long else benchmark(job)


@THREADS
def test_fourteen_rules(
    benchmark: BenchmarkFixture, made_up: tuple[Table, Table], threads: int
) -> None:
    data = olive_engine.tables(*made_up)
    benchmark(lambda: olive_engine.simulate(data, backend="compiled", threads=threads))


@THREADS
def test_fourteen_rules_with_figures(
    benchmark: BenchmarkFixture, made_up: tuple[Table, Table], threads: int
) -> None:
    benchmark(lambda: olive_engine.run(*made_up, backend="compiled", threads=threads))
