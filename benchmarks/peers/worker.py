"""One peer in a process of its own: reads the tables, then runs the rules whenever it is asked to.

Started by ``race.py`` with the interpreter of the peer's own environment, so it imports nothing but
numpy and what the peer imports. Each line read from standard input asks for a run; each line
written answers with its seconds, processor seconds, figures and the memory held so far.

A run shorter than the seconds that are asked for at least is repeated until it fills them, as
``timeit`` does, and the answer is the mean: what another process has left in the caches would else
be most of what is measured.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from generate import generate

from peers.tables import read_tables

WARM_UP_HOUSEHOLDS = 2_000


def peak_bytes() -> int:
    """Return the peak of the memory that this process has held.

    On Linux the other measure, of ``getrusage``, begins with that of the process that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(status.read_text().partition("VmHWM:")[2].split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def confine(cores: int) -> None:
    """Keep this process to some of the cores that it may use, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def main() -> None:
    """Say that the peer is ready, with its version; then answer."""
    order = json.loads(sys.argv[1])
    confine(order["cores"])
    # What a package prints must not be read as an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**content: object) -> None:
        print(json.dumps(content), file=answers, flush=True)

    run, options = import_module(order["module"]).run, order["options"]
    tables = read_tables(Path(order["tables"]))
    run(*generate(WARM_UP_HOUSEHOLDS), **options)  # imports and compiles what it does lazily
    distribution = order["distribution"]
    answer(version=version(distribution) if distribution else import_module("olive").__version__)
    for _ in sys.stdin:
        began, processor, repeats = perf_counter(), process_time(), 0
        while repeats == 0 or perf_counter() - began < order["least_seconds"]:
            pair = run(*tables, **options)
            repeats += 1
        answer(
            seconds=(perf_counter() - began) / repeats,
            processor_seconds=(process_time() - processor) / repeats,
            peak_bytes=peak_bytes(),
            figures=[asdict(figures) for figures in pair],
        )


if __name__ == "__main__":
    main()
