"""All peers in one run, turn by turn, so that a busy moment of the machine falls on each of them.

A peer is one process that stays: it reads the tables, runs once on a small city to import and
compile, and then runs the whole job each time it is asked. Only one peer runs at a time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import IO, Any

from figures import Figures

from peers.catalogue import Peer
from peers.environments import NotInstalled, interpreter

WORKER = Path(__file__).with_name("worker.py")
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "POLARS_MAX_THREADS",
)
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Runs:
    """What was measured of one peer."""

    peer: Peer
    version: str
    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    peak_bytes: int
    figures: tuple[tuple[Figures, Figures], ...]

    @property
    def median(self) -> float:
        """Return the median of wall clock seconds."""
        return median(self.seconds)

    @property
    def processor_median(self) -> float:
        """Return the median of processor seconds, all threads together."""
        return median(self.processor_seconds)

    def largest_difference(self, other: Runs) -> float:
        """Return the largest relative difference of any figure of any run."""
        expected = other.figures[0]
        return max(
            found.largest_difference(right)
            for pair in self.figures
            for found, right in zip(pair, expected, strict=True)
        )

    def digest(self) -> str:
        """Return a hash of the last figures, each rounded to nine significant digits."""
        values = [value for each in self.figures[-1] for value in asdict(each).values()]
        text = " ".join(f"{value:.{DIGITS - 1}e}" for value in values)
        return sha256(text.encode()).hexdigest()[:8]


class _Process:
    """One peer's process, and what it has answered."""

    def __init__(self, peer: Peer, tables: Path, threads: int, least_seconds: float) -> None:
        order = {
            "module": peer.module,
            "options": dict(peer.options),
            "distribution": peer.distribution,
            "tables": str(tables),
            "cores": peer.cores or threads,
            "least_seconds": least_seconds,
        }
        limits = dict.fromkeys(THREAD_VARIABLES, str(threads))
        self.peer, self.answers = peer, list[dict[str, Any]]()
        self.said: IO[str] = TemporaryFile("w+")  # noqa: SIM115 - lives as long as the process
        self.process = subprocess.Popen(
            [interpreter(peer.environment), WORKER, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            env={**os.environ, **limits, **peer.variables},
            text=True,
        )
        self.version: str = self._answer()["version"]

    def run(self) -> None:
        """Run the job, again and again where it is shorter than what is asked for at least."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.answers.append(self._answer())

    def close(self) -> Runs:
        """End the process and return what it measured."""
        self.process.communicate()
        return Runs(
            peer=self.peer,
            version=self.version,
            seconds=tuple(each["seconds"] for each in self.answers),
            processor_seconds=tuple(each["processor_seconds"] for each in self.answers),
            peak_bytes=self.answers[-1]["peak_bytes"],
            figures=tuple(
                (Figures(**each["figures"][0]), Figures(**each["figures"][1]))
                for each in self.answers
            ),
        )

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.said.seek(0)
            raise RuntimeError(f"{self.peer.label} stopped: {self.said.read().strip()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def race(
    contenders: Sequence[tuple[Peer, Path]],
    *,
    rounds: int,
    threads: int,
    least_seconds: float = 0.0,
) -> list[Runs]:
    """Return what was measured of each peer on the tables of its folder, ``rounds`` times in turn.

    A run that is shorter than ``least_seconds`` is repeated until it fills them.
    A peer whose environment cannot be made is told and left out.
    """
    processes = []
    for peer, tables in contenders:
        try:
            processes.append(_Process(peer, tables, threads, least_seconds))
        except NotInstalled as reason:
            print(f"{peer.label} is left out, it could not be installed: {reason}", flush=True)
    for number in range(rounds):
        # Each round begins with another peer, so that none always follows the same one.
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        first = number % len(processes)
        for process in (*processes[first:], *processes[:first]):
            process.run()
    return [process.close() for process in processes]
