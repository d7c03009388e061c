"""The whole law of Taizhou: speed, memory, compile times, and many policies in one pass."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from itertools import combinations
from time import perf_counter

from memory_limit import stream_limit

import olive
from olive import plan
from olive.engine.reform import Reform
from olive.places import place

COLD_START = """
import time, olive
city = olive.Population.synthetic(households=2_000, seed=1)
policies = [olive.law(year=2023), olive.law(year=2023) | olive.plan.scenario()]
{edit}
start = time.perf_counter()
result = olive.simulate(city, policies, backend="compiled")
print(time.perf_counter() - start, "; ".join(result.notes))
"""
EDIT = """
from olive.engine import household_rule
@household_rule(unit="yuan/year")
def disposable_income(wage_income, net_operating_income, net_property_income, net_transfer_income):
    return wage_income + net_operating_income + net_property_income + net_transfer_income * 1.0001
policies = [each | olive.Reform(rules=[disposable_income]) for each in policies]
"""


def whole_law(households: int) -> None:
    """Print speed and memory for a city of the given size, before and with the plan."""
    print(f"\n## The whole law, law of 2023 + plan, {households:,} households")
    start = perf_counter()
    city = olive.Population.synthetic(households=households, seed=1)
    arrays = city.arrays()
    persons = int(arrays.starts[-1])
    print(f"generated {persons:,} persons in {perf_counter() - start:.1f} s")
    before = olive.law(year=2023)
    policies = [before, before | plan.scenario()]
    needed = before.rules.depends_on(place().outputs)
    read = [
        column
        for table in (arrays.households, arrays.persons)
        for name, column in table.items()
        if name in needed
    ]
    olive.simulate(city.select(_first(len(city), 2_000)), policies, backend="compiled")
    for threads in (1, 2):
        seconds = []
        for _ in range(3):
            start = perf_counter()
            result = olive.simulate(city, policies, backend="compiled", threads=threads)
            seconds.append(perf_counter() - start)
        written = list({id(array): array for array in result.arrays.values()}.values())
        limit = stream_limit(read, [each.copy() for each in written], threads=threads).seconds
        print(
            f"{threads} thread(s): fastest of 3 {min(seconds):.2f} s = "
            f"{persons / min(seconds) / 1e6:.1f} M persons/s, "
            f"{min(seconds) / limit:.0f} x the memory limit ({limit * 1e3:.0f} ms)"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"rules: {len(before.rules.rules)}; peak memory of the process: {peak:.1f} GiB")
    _compile_times()


def many_policies(households: int) -> None:
    """Print the cost of 256 policies in one pass against one policy alone."""
    city = olive.Population.synthetic(households=households, seed=1)
    levers: list[Reform] = [
        Reform({"dibao_standard": 15_000}),
        Reform({"dibao_marginal_multiple": 2.0}),
        Reform({"tekun_dibao_multiple": 1.5}),
        Reform(multiply={"minimum_wage": 1.1}),
        Reform(multiply={"resident_basic_pension_standard": 1.5}),
        Reform({"basic_deduction": 70_000}),
        Reform({"disability_living_rate": 0.4}),
        Reform({"dibao_take_up_rate": 1.0}),
    ]
    base = olive.law(year=2023)
    subsets = [each for size in range(9) for each in combinations(levers, size)]
    policies = []
    for subset in subsets:
        policy = base
        for lever in subset:
            policy = policy | lever
        policies.append(policy)
    totals = ["disposable_income"]
    seconds = {}
    for name, chosen in (("one", policies[:1]), ("all", policies)):
        best = float("inf")
        for _ in range(2):
            start = perf_counter()
            olive.simulate(city, chosen, outputs=[], totals=totals, backend="compiled", threads=2)
            best = min(best, perf_counter() - start)
        seconds[name] = best
    ratio = seconds["all"] / len(policies) / seconds["one"]
    print(
        f"\n## {len(policies)} policies (all subsets of 8 levers) in one pass, "
        f"{households:,} households\n"
        f"one alone {seconds['one']:.3f} s; all {seconds['all']:.2f} s; "
        f"per policy {ratio:.3f} of one alone"
    )


def _first(length: int, count: int) -> list[bool]:
    return [position < count for position in range(length)]


def _compile_times() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, edit in (("cold", ""), ("from cache", ""), ("after editing one rule", EDIT)):
            done = subprocess.run(
                [sys.executable, "-c", COLD_START.format(edit=edit)],
                env={**os.environ, "OLIVE_CACHE": folder},
                capture_output=True,
                text=True,
                check=True,
            )
            print(f"compile {name}: {done.stdout.strip()}")
