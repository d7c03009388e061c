"""Measure olive: fourteen rules against the memory limit, drawing a city, the whole law.

Run from the repository root: ``python benchmarks/run.py`` (or ``make bench``). Machines are noisy:
quote the ratios of one run, not its seconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import olive_engine
import pandas as pd
import pandas_notebook
import reference_numpy
from generate import generate
from memory_limit import memory_limit

import olive

REPETITIONS = 7


def timed(work: Callable[[], Any], repetitions: int = REPETITIONS) -> tuple[float, float, Any]:
    """Return the fastest and the median time of some repetitions, and the last result."""
    seconds = []
    for _ in range(repetitions):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return min(seconds), statistics.median(seconds), result


def fourteen_rules(households: int) -> None:
    """Print how the fourteen rules run: baseline and reform in one pass."""
    persons, table = generate(households, seed=0)
    print(
        f"\n## Fourteen rules, baseline + reform, {households:,} households "
        f"({len(persons['hh']):,} persons)"
    )
    limits = {n: memory_limit(persons, table, threads=n).seconds for n in (1, 2)}
    for threads, limit in limits.items():
        print(f"memory limit, {threads} thread(s): {limit * 1e3:.1f} ms")
    data = olive_engine.tables(persons, table)
    olive_engine.simulate(data, backend="compiled", threads=1)
    rules: dict[int, float] = {}
    for threads, limit in limits.items():
        fastest, median, run = timed(
            lambda threads=threads: olive_engine.simulate(data, backend="compiled", threads=threads)
        )
        rules[threads] = fastest
        print(
            f"olive rules 1-13, compiled, {threads} thread(s): fastest {fastest * 1e3:.0f} ms, "
            f"median {median * 1e3:.0f} ms = {fastest / limit:.1f} x the limit"
        )
    whole, _, (ours, ours_reform) = timed(
        lambda: olive_engine.run(persons, table, backend="compiled", threads=2), 3
    )
    print(f"olive rules 1-14 (with two sorts for the Ginis), 2 threads: {whole * 1e3:.0f} ms")
    frames = pd.DataFrame(persons), pd.DataFrame(table)
    parameters = (pandas_notebook.PARAMETERS, pandas_notebook.REFORM)
    notebook, _, frame = timed(
        lambda: [pandas_notebook.simulate(*frames, each) for each in parameters], 2
    )
    notebook_whole, _, theirs = timed(lambda: pandas_notebook.run(persons, table), 2)
    print(
        f"pandas notebook, rules 1-13: {notebook:.2f} s = "
        + ", ".join(f"{notebook / each:.0f} x olive on {n} thread(s)" for n, each in rules.items())
    )
    ratio = notebook_whole / whole
    print(f"pandas notebook, rules 1-14: {notebook_whole:.2f} s = {ratio:.1f} x olive")
    del frame
    numpy_seconds, _, plain = timed(lambda: reference_numpy.run(persons, table), 2)
    print(f"plain numpy, rules 1-14: {numpy_seconds:.2f} s = {numpy_seconds / whole:.1f} x olive")
    for name, pair in (("numpy reference", plain), ("pandas notebook", theirs)):
        difference = max(ours.largest_difference(pair[0]), ours_reform.largest_difference(pair[1]))
        print(f"largest relative difference of the figures from the {name}: {difference:.1e}")
        assert difference < 1e-9, name
    del run


def drawing(households: int) -> None:
    """Print how fast a synthetic city is drawn, with all columns, into memory."""
    print(f"\n## Drawing a synthetic city of {households:,} households, all columns")
    olive.Population.synthetic(households=households)  # compiles, and touches the memory once
    for threads in (1, 2):
        fastest, _, _ = timed(
            lambda threads=threads: olive.Population.synthetic(
                households=households, threads=threads
            ),
            3,
        )
        print(
            f"{threads} thread(s): fastest {fastest:.2f} s = "
            f"{households / fastest / 1e6:.2f} million households a second"
        )


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--city-households", type=int, default=2_510_062)
    parser.add_argument("--policies-households", type=int, default=100_000)
    chosen = parser.parse_args()
    print(f"numpy {np.__version__}, python {sys.version.split()[0]}")
    fourteen_rules(chosen.households)
    drawing(chosen.city_households)
    from whole_law import many_policies, whole_law

    whole_law(chosen.city_households)
    many_policies(min(chosen.policies_households, chosen.city_households))


if __name__ == "__main__":
    main()
