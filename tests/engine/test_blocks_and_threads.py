"""Threads, blocks and the order of households change nothing."""

from __future__ import annotations

import os

import numpy as np
import pytest
from olive_tests.toy import homes, people, policy, run, select, tables

from olive.engine import (
    draw,
    household_count,
    household_rank,
    household_sum,
    of,
    population_sum,
    run_policies,
    schedule,
    subgroup_sum,
    where,
)
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK, Tables
from olive.errors import OliveError

YEARLY = "yuan/year"
RULES = {
    "charge": people(YEARLY)(lambda wage, tax, allowance: schedule(wage - allowance, tax)),
    "claims": people("bool")(lambda take_up, share, wage: (take_up < share) & (wage > 0)),
    "take_up": draw("take_up"),
    "luck": draw("luck", key="household"),
    "charges": household_sum("charge"),
    "claimants": household_count("claims"),
    "rank": household_rank("wage"),
    "unit_wage": subgroup_sum("wage", by="unit_number"),
    "spouse_charge": of("spouse", "charge"),
    "left": homes(YEARLY)(lambda charges, rent, luck: charges - rent * luck),
    "net": people(YEARLY)(
        lambda left, claimants, wage, spouse_charge, unit_wage: (
            where(claimants > 0, left / claimants, 0.0) + wage - spouse_charge + unit_wage / 7
        )
    ),
}
OUTPUTS = list(RULES)
TOTALS = ["charge", "left", "claims", "net"]
LAW = policy(**RULES)
# Exactly three blocks, and three with a last one of a single household.
COUNTS = [1, HOUSEHOLDS_PER_BLOCK, 3 * HOUSEHOLDS_PER_BLOCK, 2 * HOUSEHOLDS_PER_BLOCK + 1]


@pytest.fixture(autouse=True)
def _every_block_by_itself(monkeypatch):
    """Let threads take block by block: of so little work one of them would do all."""
    monkeypatch.setattr("olive.engine.passes._RESULTS_AT_ONCE", 1)


def both_runs(table, law=LAW, outputs=OUTPUTS, **how):
    return run_policies(table, [law, law | {"allowance": 1_000}], outputs, totals=TOTALS, **how)


@pytest.mark.parametrize("count", COUNTS)
def test_any_number_of_threads_gives_the_same_bits(count) -> None:
    table = tables(count, largest=3)
    one = both_runs(table, backend="compiled", threads=1)
    for threads in (2, 3, 8):
        many = both_runs(table, backend="compiled", threads=threads)
        assert many.totals == one.totals
        for key, array in one.arrays.items():
            assert (many.arrays[key] == array).all(), key


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
@pytest.mark.parametrize("count", [300, 2 * HOUSEHOLDS_PER_BLOCK + 5])
def test_order_of_households(count, backend) -> None:
    table = tables(count, largest=4)
    rows = np.random.default_rng(1).permutation(count)
    whole, mixed = (
        both_runs(table, backend=backend),
        both_runs(select(table, rows), backend=backend),
    )
    members = np.concatenate([np.arange(table.starts[row], table.starts[row + 1]) for row in rows])
    for (position, name), array in whole.arrays.items():
        order = rows if LAW.rules.entity_of(name) == "household" else members
        assert (mixed.arrays[position, name] == array[order]).all(), name
    for key, total in whole.totals.items():
        assert mixed.totals[key] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_a_household_computed_alone_or_in_any_company(backend) -> None:
    """Blocks are cut elsewhere when households go: nobody else's figures change."""
    count = HOUSEHOLDS_PER_BLOCK + 100
    table = tables(count, largest=3)
    whole = run(table, LAW, *OUTPUTS, backend=backend)
    rows = np.sort(np.random.default_rng(2).permutation(count)[: count - 37])
    part = run(select(table, rows), LAW, *OUTPUTS, backend=backend)
    members = np.concatenate([np.arange(table.starts[row], table.starts[row + 1]) for row in rows])
    for name in OUTPUTS:
        order = rows if LAW.rules.entity_of(name) == "household" else members
        assert (part[name] == whole[name][order]).all(), name


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_splitting_the_population_splits_the_totals(backend) -> None:
    table = tables(500)
    whole = both_runs(table, backend=backend).totals
    parts = [
        both_runs(select(table, rows), backend=backend).totals
        for rows in np.array_split(np.arange(500), 3)
    ]
    for key, total in whole.items():
        assert sum(part[key] for part in parts) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_weights_count_like_copies(backend) -> None:
    table = tables(60)
    weight = np.random.default_rng(3).integers(1, 4, 60)
    weighted = Tables(
        {**table.households, "weight": weight}, table.persons, table.starts, table.household_key
    )
    copies = select(table, np.repeat(np.arange(60), weight))
    copies = Tables(
        {**copies.households, "weight": np.ones(weight.sum())},
        copies.persons,
        copies.starts,
        copies.household_key,
    )
    first, second = (both_runs(each, backend=backend).totals for each in (weighted, copies))
    for key in first:
        assert first[key] == pytest.approx(second[key], rel=1e-12)


def test_population_totals_do_not_depend_on_threads() -> None:
    table = tables(2 * HOUSEHOLDS_PER_BLOCK, largest=3)
    law = policy(
        **RULES,
        charges_total=population_sum("charge"),
        share_of_all=people("1")(lambda charge, charges_total: charge / charges_total),
    )
    runs = [
        run_policies(table, [law], ["share_of_all"], backend="compiled", threads=threads)
        for threads in (1, 2, 5)
    ]
    for each in runs[1:]:
        assert each.population_totals == runs[0].population_totals
        assert (each.arrays[0, "share_of_all"] == runs[0].arrays[0, "share_of_all"]).all()


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_progress_reaches_the_end(backend) -> None:
    seen: list[tuple[int, int]] = []
    table = tables(5 * HOUSEHOLDS_PER_BLOCK, largest=1)
    both_runs(table, backend=backend, progress=lambda done, blocks: seen.append((done, blocks)))
    assert seen == sorted(seen)
    assert seen[-1] == (5, 5)


def test_results_cannot_be_written() -> None:
    found = both_runs(tables(5), outputs=["charge", "wage"])
    for array in found.arrays.values():
        with pytest.raises(ValueError, match=r"read-only"):
            array[0] = 1.0


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"backend": "numba"}, r"backend 'numba' is unknown .*one of auto, numpy, compiled"),
        ({"threads": 0}, r"threads is 0; it must be a whole number of at least 1"),
        ({"threads": "2"}, r"threads is '2'; it must be a whole number"),
        ({"threads": 1.5}, r"threads is 1\.5; it must be a whole number"),
        ({"threads": True}, r"threads is True; it must be a whole number"),
        ({"seed": "1"}, r"seed is '1'; it must be a whole number of at least 0"),
        ({"seed": -1}, r"seed is -1; it must be a whole number of at least 0"),
        ({"seed": None}, r"seed is None"),
        ({"progress": "yes"}, r"progress is a str; give True for a bar"),
    ],
)
def test_unknown_ways_to_run(how, words) -> None:
    with pytest.raises(OliveError, match=words):
        both_runs(tables(3), **how)


def test_systems_that_do_not_tell_the_cores_of_a_process(monkeypatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    both_runs(tables(3), outputs=["charge"], backend="compiled")


def test_small_work_runs_on_numpy() -> None:
    assert both_runs(tables(5)).backend == "numpy"
