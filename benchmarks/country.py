"""What a country of generated households costs, estimated from a run of some tens of millions.

``python benchmarks/country.py`` draws 41.9 million households block by block, computes the law of
2023 and the plan with the totals of a sample, and prints time, memory and a hash of the results.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

import olive
from olive.native.cores import available_cores

COUNTRY = 494_000_000  # family households of China, census of 2020
RUN = 320 * 131_072  # so many whole blocks


def main() -> None:
    """Make the run and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=RUN)
    parser.add_argument("--threads", type=int, default=available_cores())
    given = parser.parse_args()
    began, used = time.perf_counter(), time.process_time()
    law = olive.law(year=2023)
    sample = olive.simulate(olive.Population.synthetic(20_000), law | olive.plan.scenario())
    prepared = time.process_time() - used
    stream = olive.PopulationStream.synthetic(given.households, progress=True)
    found = olive.simulate_stream(
        stream, [law, sample.settled()], tables=(), threads=given.threads, progress=True
    )
    wall, used = time.perf_counter() - began, time.process_time() - used
    each = (used - prepared) / given.households
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(found.targets())
    print(
        f"{given.households:,} households, {given.threads} threads: {wall:.0f} s, {used:.1f} s of "
        f"a processor, {prepared:.1f} of them before the first household; peak {peak:.0f} MB; load "
        f"{load}"
    )
    print(
        f"{each * 1e6:.2f} millionths of a second a household: {COUNTRY:,} take "
        f"{(prepared + each * COUNTRY) / 60:.1f} minutes of a processor"
    )
    print(f"hash of the results: {found.fingerprint()}")


if __name__ == "__main__":
    main()
