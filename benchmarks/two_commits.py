"""The whole law and the plan at two commits, in turns: how much less time does the newer one take?

``python benchmarks/two_commits.py OLD NEW`` checks both commits out beside each other, lets each
draw the same city, and simulates it under the law of 2023 and the plan, one commit after the other.
Printed are the medians of processor time and of wall time, and the ratio of each pair of runs: a
busy machine slows both. Each commit computes the law that it holds: the number of rules says how
much of it there is.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Run inside each commit, by its public interface alone: a run for each line that it is told.
WORKER = """
import resource, sys, time, warnings
warnings.simplefilter("ignore")
import olive
city = olive.Population.synthetic(households=int(sys.argv[1]), seed=1)
before = olive.law(year=2023)
policies = [before, before | olive.plan.scenario()]
how = {"backend": "compiled", "threads": int(sys.argv[2])}
olive.simulate(city, policies, **how)
print("READY", len(policies[1].rules.rules), flush=True)
for _ in sys.stdin:
    used, began = time.process_time(), time.perf_counter()
    olive.simulate(city, policies, **how)
    used, took = time.process_time() - used, time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print("RUN", used, took, peak, flush=True)
"""


class Contender:
    """A commit that has drawn its city and waits for its turn."""

    def __init__(self, commit: str, worker: subprocess.Popen[str]) -> None:
        self.commit = commit
        self._worker = worker
        self.rules = int(self._told("READY")[0])
        self.runs: list[tuple[float, ...]] = []

    def run(self) -> None:
        """Simulate once."""
        assert self._worker.stdin is not None
        print("run", file=self._worker.stdin, flush=True)
        self.runs.append(tuple(map(float, self._told("RUN"))))

    def _told(self, word: str) -> list[str]:
        assert self._worker.stdout is not None
        for line in self._worker.stdout:
            first, *others = line.split()
            if first == word:
                return others
        sys.exit(f"{self.commit} ended before it was done")


@contextmanager
def contender(commit: str, folder: Path, households: int, threads: int) -> Iterator[Contender]:
    """Check a commit out into a folder and let it draw its city."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        with subprocess.Popen(
            [sys.executable, "-c", WORKER, str(households), str(threads)],
            env={**os.environ, "PYTHONPATH": str(folder / "src")},
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as worker:
            yield Contender(commit, worker)
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def main() -> None:
    """Let both commits run in turns and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--households", type=int, default=500_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        old, new = (
            stack.enter_context(
                contender(commit, Path(folder) / name, given.households, given.threads)
            )
            for name, commit in (("old", given.old), ("new", given.new))
        )
        for _ in range(given.rounds):
            old.run()
            new.run()
    print(f"law of 2023 + plan, {given.households:,} households, {given.threads} threads, in turns")
    print(f"{'commit':<12}{'rules':>6}{'processor':>12}{'wall':>10}{'peak MB':>10}")
    for each in (old, new):
        used, took, peak = (statistics.median(column) for column in zip(*each.runs, strict=True))
        print(f"{each.commit:<12}{each.rules:>6}{used:>10.2f} s{took:>8.2f} s{peak:>10.0f}")
    for place, word in enumerate(("processor", "wall")):
        pairs = zip(old.runs, new.runs, strict=True)
        ratios = sorted(newer[place] / older[place] for older, newer in pairs)
        middle = statistics.median(ratios)
        print(f"{word}: new / old {middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
