"""The inner order of a block: laws that hold for households of any sizes, in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from olive_tests.toy import homes, people, policy, select

from olive.engine import (
    Tables,
    draw,
    household_any,
    household_count,
    household_max,
    household_min,
    household_rank,
    household_sum,
    of,
    run_policies,
    subgroup_sum,
    where,
)
from olive.engine.layout import inner_order
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK

RULES = {
    "wages": household_sum("wage"),
    "highest": household_max("wage"),
    "lowest": household_min("wage"),
    "earners": household_count("wage"),
    "any_married": household_any("married"),
    "rank": household_rank("wage"),
    "spouse_wage": of("spouse", "wage"),
    "unit_wage": subgroup_sum("wage", by="unit_number"),
    "luck": draw("luck"),
    "left": homes("yuan/year")(lambda wages, rent: wages - rent),
    "part": people("yuan/year")(
        lambda left, wages, wage, luck: where(wages > 0, left * wage / wages, 0.0) * luck
    ),
}
LAW = policy(**RULES)
# Mostly as in a country, some of one person alone, some as large as a dormitory.
sizes = st.lists(
    st.one_of(st.integers(1, 4), st.just(1), st.integers(1, 12), st.integers(20, 90)),
    min_size=1,
    max_size=40,
)


def country(sizes: list[int], seed: int = 0) -> Tables:
    """Return a country of households of given sizes, with wages that sums round."""
    random = np.random.default_rng(seed)
    size = np.array(sizes)
    starts = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    persons = int(starts[-1])
    number = np.arange(persons) - np.repeat(starts[:-1], size)
    wage = random.choice([0.0, 0.1, 1e16, -1e16, 3.7, 1e-3], persons) + random.integers(0, 3)
    return Tables(
        {"rent": random.normal(9e3, 1e3, size.size), "weight": random.uniform(1, 3, size.size)},
        {
            "wage": wage,
            "married": random.random(persons) < 0.1,
            "spouse": random.integers(-1, np.repeat(size, size)).astype(np.int8),
            "unit_number": random.integers(0, 3, persons).astype(np.int32),
            "person_number": number.astype(np.int16),
        },
        starts,
        random.integers(0, 2**63, size.size).astype(np.uint64),
    )


def compiled(table: Tables):
    return run_policies(table, [LAW], list(RULES), totals=["wages", "part"], backend="compiled")


@given(sizes)
def test_inner_order_goes_by_member_and_then_by_size(sizes) -> None:
    starts = np.concatenate([[0], np.cumsum(sizes)])
    households, persons = inner_order(starts)
    owner = np.repeat(np.arange(len(sizes)), sizes)[persons]
    member = persons - starts[owner]
    assert sorted(households) == list(range(len(sizes)))
    assert sorted(persons) == list(range(starts[-1]))
    # By size, the largest first, households of the same size as they stood.
    assert [(-sizes[each], each) for each in households] == sorted(
        (-size, each) for each, size in enumerate(sizes)
    )
    assert (np.diff(member) >= 0).all()
    for group in range(max(sizes)):
        owners = owner[member == group]
        assert owners.tolist() == households[: owners.size].tolist()


@settings(max_examples=30, deadline=None)
@given(sizes)
@example([1])
@example([700])
@example([1] * 5 + [3_000] + [2] * 5)
@example([1] * (HOUSEHOLDS_PER_BLOCK - 1) + [400, 2, 1])
def test_figures_are_those_of_a_walk_over_persons(sizes) -> None:
    table = country(sizes)
    found = compiled(table).arrays
    wage, spouse = table.persons["wage"], table.persons["spouse"]
    for household, (first, last) in enumerate(zip(table.starts, table.starts[1:], strict=False)):
        own = wage[first:last]
        total = 0.0
        for each in own:  # in the order of persons: these wages round
            total += each
        assert found[0, "wages"][household] == total
        assert found[0, "highest"][household] == own.max()
        assert found[0, "lowest"][household] == own.min()
        assert found[0, "earners"][household] == np.count_nonzero(own)
        married = table.persons["married"][first:last]
        assert found[0, "any_married"][household] == married.any()
        ranks = np.empty(own.size)
        ranks[np.argsort(-own, kind="stable")] = np.arange(own.size)
        assert (found[0, "rank"][first:last] == ranks).all()
        named = spouse[first:last]
        assert (found[0, "spouse_wage"][first:last] == np.where(named < 0, 0, own[named])).all()
        units = table.persons["unit_number"][first:last]
        for unit in np.unique(units):
            shared = 0.0
            for each in own[units == unit]:
                shared += each
            assert (found[0, "unit_wage"][first:last][units == unit] == shared).all()
        left = total - table.households["rent"][household]
        luck = found[0, "luck"][first:last]
        part = left * own / total * luck if total > 0 else np.zeros(own.size)
        assert (found[0, "part"][first:last] == part).all()


@settings(max_examples=25, deadline=None)
@given(sizes, st.integers(0, 99))
def test_order_of_households_and_splitting_change_no_figure(sizes, seed) -> None:
    table = country(sizes, seed)
    random = np.random.default_rng(seed)
    whole = compiled(table)
    mixed = random.permutation(len(sizes))
    cut = int(random.integers(0, len(sizes) + 1))
    for rows in (mixed, mixed[:cut], mixed[cut:]):
        if not rows.size:
            continue
        part = compiled(select(table, rows)).arrays
        members = np.concatenate([np.arange(*table.starts[row : row + 2]) for row in rows])
        for name in RULES:
            order = rows if LAW.rules.entity_of(name) == "household" else members
            assert (part[0, name] == whole.arrays[0, name][order]).all(), name


@settings(max_examples=25, deadline=None)
@given(sizes, st.integers(0, 99))
def test_both_backends_give_the_same_bits(sizes, seed) -> None:
    table = country(sizes, seed)
    one = compiled(table)
    other = run_policies(table, [LAW], list(RULES), totals=["wages", "part"], backend="numpy")
    assert one.totals == other.totals
    for key, array in one.arrays.items():
        assert array.dtype == other.arrays[key].dtype
        assert (array == other.arrays[key]).all(), key


@pytest.mark.parametrize(
    "kind", ["int8", "uint8", "int16", "uint32", "int64", "float32", "float64"]
)
def test_results_leave_into_arrays_of_any_type(kind) -> None:
    table = country([3, 1, 2, 5, 1, 1] * 300)
    into = {"earners": np.zeros(1_800, dtype=kind), "rank": np.zeros(3_900, dtype=kind)}
    run = run_policies(table, [LAW], list(into), into=into, backend="compiled")
    for name, array in into.items():
        assert array.any()
        assert (array == run.arrays[0, name]).all(), name
