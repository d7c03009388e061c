"""The memory limit: how fast this machine could possibly run the rules, were computing free.

Definition. For one policy set (baseline and reform in one pass) a program must at least

* read each byte of each input column that the rules need once, since nothing can be known of a
  household that was not looked at, and
* write the results once: disposable income of each household under each policy, one float64 column
  a policy. (The cost of dibao is one number: it is added up where dibao is worked out.)

The limit is the time this takes with nothing else going on. Columns are read by adding them up as
64-bit words, whatever their type: of numpy's passes over memory this is the fastest, while adding
up a narrow column as numbers would be bound by arithmetic. Results are written by filling their
columns with a number other than zero (zeros are written by a short cut of the processor). Bytes are
split evenly over the threads; numpy lets go of the interpreter lock in both. Of several repetitions
the fastest counts, as noise can only add. Where one thread already uses up the memory, two have the
same limit.

The multiple of the limit is a measure of how well an engine uses the machine it runs on, and
means the same on a slow machine as on a fast one. It is measured in the process that runs the
engine, so that both see the same memory and the same neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from generate import HOUSEHOLD_COLUMNS_READ, PERSON_COLUMNS_READ, Table
from numpy.typing import NDArray

Words = NDArray[np.uint64]

RESULT_COLUMNS = 1
REPETITIONS = 9


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit in seconds, and the traffic that it stands for."""

    seconds: float
    bytes_read: int
    bytes_written: int
    threads: int

    @property
    def gigabytes_per_second(self) -> float:
        """Return the bandwidth reached."""
        return (self.bytes_read + self.bytes_written) / self.seconds / 1e9


def memory_limit(
    persons: Table, households: Table, *, policies: int = 2, threads: int = 1
) -> Limit:
    """Return the memory limit of the benchmark set on this machine, now.

    Parameters
    ----------
    persons, households : dict of str to array
        The input tables.
    policies : int
        Policies of the run; each writes its results.
    threads : int
        Threads that share the work.
    """
    columns = [persons[name] for name in PERSON_COLUMNS_READ]
    columns += [households[name] for name in HOUSEHOLD_COLUMNS_READ]
    results = np.empty((policies * RESULT_COLUMNS, len(households["weight"])))
    return stream_limit(columns, [results], threads=threads)


def stream_limit(
    read: Sequence[NDArray[Any]], written: Sequence[NDArray[Any]], *, threads: int = 1
) -> Limit:
    """Return the least time to read some arrays once and to write others once."""
    sources = [_words(array) for array in read]
    targets = [_words(array) for array in written]
    shares = [
        (_share(sources, worker, threads), _share(targets, worker, threads))
        for worker in range(threads)
    ]
    with ThreadPoolExecutor(threads) as pool:
        best = min(_once(pool, shares) for _ in range(REPETITIONS))
    return Limit(best, 8 * sum(map(len, sources)), 8 * sum(map(len, targets)), threads)


def _once(pool: ThreadPoolExecutor, shares: Sequence[tuple[list[Words], list[Words]]]) -> float:
    start = perf_counter()
    for done in [pool.submit(_stream, *share) for share in shares]:
        done.result()
    return perf_counter() - start


def _stream(sources: Iterable[Words], targets: Iterable[Words]) -> None:
    for source in sources:
        np.add.reduce(source)
    for target in targets:
        target.fill(1)


def _share(arrays: Sequence[Words], worker: int, workers: int) -> list[Words]:
    return [
        array[len(array) * worker // workers : len(array) * (worker + 1) // workers]
        for array in arrays
    ]


def _words(array: NDArray[Any]) -> Words:
    """Return an array as 64-bit words, without the last bytes that fill no word."""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return flat[: len(flat) // 8 * 8].view(np.uint64)
