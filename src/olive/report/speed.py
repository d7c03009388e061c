"""How long olive takes on this machine: each of its works on a drawn city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import pandas as pd

from olive.analysis.table import Table
from olive.messages import Message
from olive.native.cores import available_cores
from olive.native.this_machine import this_machine
from olive.places.labels import Label
from olive.places.registry import place
from olive.progress import Progress, watched
from olive.report.works import WORKS, Job, Work, Workbench

_ROUNDS, _ENOUGH, _SHORTEST = 5, 1.0, 0.01  # rounds; seconds of all rounds, and of one round


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each round, by the clock and of the processor (all threads together)."""

    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]


def timed(job: Job) -> Timing:
    """Return how long a job takes; a short one is called many times a round.

    Examples
    --------
    >>> timing = timed(lambda: sum(range(1_000)))
    >>> 0 < min(timing.seconds) < 0.01, len(timing.seconds)
    (True, 5)
    """
    rounds = [_round(job, 1)]
    calls = int(_SHORTEST / max(rounds[0][0], 1e-9))
    if calls > 1:
        rounds = []
    while not rounds or (len(rounds) < _ROUNDS and sum(took for took, _ in rounds) < _ENOUGH):
        rounds.append(_round(job, max(calls, 1)))
    seconds, processor_seconds = zip(*rounds, strict=True)
    return Timing(seconds, processor_seconds)


def _round(job: Job, calls: int) -> tuple[float, float]:
    """Return mean seconds and processor seconds of some calls."""
    began, processor = perf_counter(), process_time()
    for _ in range(calls):
        job()
    return (perf_counter() - began) / calls, (process_time() - processor) / calls


def measure_speed(
    households: int = 20_000,
    works: Sequence[Work] = WORKS,
    *,
    threads: int | None = None,
    progress: Progress = None,
) -> Table:
    """Return how long each work takes on this machine.

    Parameters
    ----------
    households : int
        Sample households of the drawn city, of the default place.
    threads : int, optional
        By default as many as there are cores.
    progress : callable or bool, optional
        Called with (works done, works in all); True shows a bar.

    Returns
    -------
    Table
        One row a work: ``households`` it ran on, ``time`` by the clock and ``processor_time`` of
        all threads (milliseconds, medians of the rounds), ``per_second`` (households a second).

    Examples
    --------
    >>> table = measure_speed(500, [WORKS[0]], threads=1)
    >>> table["work"].tolist(), table["households"].tolist()
    (['draw'], [500])
    """
    used = threads or available_cores()
    rules = place().rules.rules
    works = [work for work in works if not work.rule or work.rule in rules]
    rows = []
    with TemporaryDirectory() as folder:
        benches: dict[int, Workbench] = {}
        for work in watched(works, progress, Message("measure")):
            size = work.size(households)
            bench = benches.setdefault(size, Workbench(size, used, Path(folder) / str(size)))
            job = work.prepare(bench)
            if work.divisor <= 1:  # the long ones run what the others have imported and compiled
                job()
            timing = timed(job)
            seconds = median(timing.seconds)
            processor = 1e3 * median(timing.processor_seconds)
            rows.append((work.key, size, 1e3 * seconds, processor, size / seconds))
    columns = {
        "work": ("", Label("工作", "work")),
        "households": ("households", Label("户数", "households")),
        "time": ("milliseconds", Label("毫秒", "ms")),
        "processor_time": ("milliseconds", Label("处理器毫秒", "processor ms")),
        "per_second": ("households", Label("每秒户数", "households a second")),
    }
    return Table(
        frame=pd.DataFrame(rows, columns=list(columns)),
        title=Label("olive在这台机器上的速度", "How fast olive is on this machine"),
        units={name: unit for name, (unit, _) in columns.items()},
        labels={name: label for name, (_, label) in columns.items()},
        words={"work": {work.key: work.label for work in works}},
        notes=(_machine(used),),
        synthetic=True,
    )


def _machine(threads: int) -> Label:
    machine = this_machine()
    facts = f"{machine.processor}, {machine.system}, {machine.python}"
    return Label(
        f"{facts}；核数{machine.cores}，线程{threads}；各轮的中位数，机器忙时时间变长。",
        f"{facts}; cores: {machine.cores}, threads: {threads}; medians of the rounds, longer on a "
        "busy machine.",
    )
