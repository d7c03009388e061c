"""What a country of generated households costs, estimated from a run of some tens of millions.

``python benchmarks/country.py`` draws 41.9 million households block by block, computes the law of
2023 and the plan with the totals of a sample, and prints time, memory and a hash of the results.
The hash is the same for any ``--threads``, and for ``--workers`` of a Dask cluster on this machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from contextlib import nullcontext
from typing import Any

import olive
from olive.native.cores import available_cores

COUNTRY = 494_000_000  # family households of China, census of 2020
RUN = 320 * 131_072  # so many whole blocks


def main() -> None:
    """Make the run and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=RUN)
    parser.add_argument("--threads", type=int, default=available_cores())
    parser.add_argument("--workers", type=int, help="Processes of a Dask cluster, not threads.")
    given = parser.parse_args()
    began, used = time.perf_counter(), time.process_time()
    law = olive.law(year=2023)
    sample = olive.simulate(olive.Population.synthetic(20_000), law | olive.plan.scenario())
    prepared = time.process_time() - used
    stream = olive.PopulationStream.synthetic(given.households, progress=True)
    policies = [law, sample.settled()]
    with cluster(given.workers) as client:
        found = olive.simulate_stream(
            stream, policies, tables=(), threads=given.threads, client=client, progress=True
        )
    wall, used = time.perf_counter() - began, time.process_time() - used
    each = (used - prepared) / given.households
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    by = f"{given.threads} threads" if client is None else f"{given.workers} workers"
    print(found.targets())
    print(
        f"{given.households:,} households, {by}: {wall:.0f} s, {used:.1f} s of "
        f"a processor, {prepared:.1f} of them before the first household; peak {peak:.0f} MB; load "
        f"{load}"
    )
    if client is None:  # processes of a cluster tell no processor time
        print(
            f"{each * 1e6:.2f} millionths of a second a household: {COUNTRY:,} take "
            f"{(prepared + each * COUNTRY) / 60:.1f} minutes of a processor"
        )
    print(f"hash of the results: {found.fingerprint()}")


def cluster(workers: int | None) -> Any:
    """Return the client of a Dask cluster with some processes of one thread, or no client."""
    if workers is None:
        return nullcontext()
    from distributed import Client  # an extra

    return Client(n_workers=workers, threads_per_worker=1, dashboard_address=None)


if __name__ == "__main__":
    main()
