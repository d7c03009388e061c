"""olive beside the engines that its users could pick instead, on the same fourteen rules.

``make bench-peers`` makes an environment for each peer (once), draws one city, runs all peers turn
by turn, checks that their figures agree to 1e-9, and prints times, memory and a hash of the
results; then how olive's time grows with the size of the city. ``--write-docs`` puts the tables and
charts into ``docs/benchmarks.md`` and its Chinese edition. Machines are noisy: quote the ratios of
one run, not its seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

import page
from generate import generate
from peers.catalogue import olive, others
from peers.race import race
from peers.tables import write_tables
from phases import phases

TOLERANCE = 1e-9
GROWTH_ROUNDS = 5
LEAST_SECONDS = 0.1
GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)


def main() -> int:
    """Run what the arguments ask for; exit code 1 when figures differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", nargs="+", metavar="KEY", help="only these, beside olive")
    parser.add_argument(
        "--largest", type=int, choices=GROWTH, default=GROWTH[-1], help="end of the size ladder"
    )
    parser.add_argument("--write-docs", action="store_true", help="renew docs/benchmarks*.md")
    chosen = parser.parse_args()
    known = {peer.key: peer for peer in others(chosen.threads)}
    unknown = sorted(set(chosen.peers or ()) - set(known))
    if unknown:
        parser.error(f"no peer {', '.join(unknown)}; there are {', '.join(known)}")
    contenders = [olive(threads) for threads in dict.fromkeys((chosen.threads, 1))]
    contenders += [known[key] for key in chosen.peers or known]

    threads, commit, before = chosen.threads, page.commit(), os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        tables = drawn(folder, chosen.households)
        runs = race([(peer, tables) for peer in contenders], rounds=chosen.rounds, threads=threads)
    print(page.peers_table(runs, "en"), flush=True)
    spent = phases(*generate(chosen.households), threads=threads)
    print(page.phases_table(spent, "en"), flush=True)
    growth = grown([size for size in GROWTH if size <= chosen.largest], threads)
    print(page.growth_table(growth, "en"))
    loads = before, os.getloadavg()[0]
    measured = page.Measured(runs, spent, growth, chosen.households, threads, commit, loads)
    print(page.machine_line(measured, "en"), flush=True)
    if chosen.write_docs:
        page.write(measured)
    differing = [each.peer.label for each in runs if each.largest_difference(runs[0]) > TOLERANCE]
    if differing:
        print(f"figures differ from olive's by more than {TOLERANCE:g}: {', '.join(differing)}")
    return int(bool(differing))


def grown(sizes: Sequence[int], threads: int) -> page.Growth:
    """Return olive's runs on cities of growing size, turn by turn."""
    with TemporaryDirectory() as folder:
        cities = [(olive(threads), drawn(folder, size)) for size in sizes]
        runs = race(cities, rounds=GROWTH_ROUNDS, threads=threads, least_seconds=LEAST_SECONDS)
        return list(zip(sizes, runs, strict=True))


def drawn(folder: str, households: int) -> Path:
    """Return a new folder below another one, with tables of a city of the given size."""
    tables = Path(folder) / str(households)
    write_tables(tables, households)
    return tables


if __name__ == "__main__":
    sys.exit(main())
