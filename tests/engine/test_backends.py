"""Numpy and compiled code give the same figures for every word and every form of rule."""

from __future__ import annotations

import numpy as np
import pytest
from toy import both, people, policy, small, tables

from olive.engine import draw, household_rank, subgroup_sum, where

TABLES = tables(60)


def test_switch_can_be_inverted() -> None:
    @people("yuan/year")
    def unless_generous(wage, generous):
        return where(~generous, wage, 0.0)

    @people("yuan/year")
    def unless_strict(wage, strict):
        return where(~strict & (wage > 0), wage, -1.0)

    law = policy(unless_generous=unless_generous, unless_strict=unless_strict)
    found = both(TABLES, law, "unless_generous", "unless_strict")
    wage = TABLES.persons["wage"]
    assert (found["unless_generous"] == 0).all()
    assert found["unless_strict"].tolist() == [each if each > 0 else -1.0 for each in wage]


def test_truth_values_and_ones_are_not_shared() -> None:
    @people("bool")
    def truth(married):
        return where(married, True, False)

    @people("1")
    def number(married):
        return where(married, 1, 0)

    found = both(TABLES, policy(truth=truth, number=number), "truth", "number")
    assert found["truth"].dtype == np.bool_
    assert found["number"].dtype == np.float64
    assert found["number"].tolist() == [float(each) for each in TABLES.persons["married"]]


@pytest.mark.parametrize("by", [[-1, 0, -1, 2], [1.5, 1.25, 1.5, 2.0], [5e9, 5e9, 3.0, 5e9]])
def test_subgroups_are_equal_values_within_a_household(by) -> None:
    # Two households of two and of two persons with the same values of `by`.
    wage = [1.0, 10.0, 100.0, 1_000.0]
    table = small([2, 2], wage=wage, unit_number=by)
    found = both(table, policy(total=subgroup_sum("wage", by="unit_number")), "total")
    home = [0, 0, 1, 1]
    expected = [
        sum(wage[j] for j in range(4) if home[j] == home[i] and by[j] == by[i]) for i in range(4)
    ]
    assert found["total"].tolist() == expected


def test_rank_of_a_truth_value() -> None:
    table = small([4], married=[False, True, False, True])
    found = both(table, policy(rank=household_rank("married")), "rank")
    assert found["rank"].tolist() == [2, 0, 3, 1]


@pytest.mark.parametrize(
    "village",
    [
        np.arange(180, 220, dtype=np.uint8),
        np.arange(40, dtype=np.int8) - 20,
        2**60 + np.arange(40),
        2**64 - 1 - np.arange(40, dtype=np.uint64),
        np.arange(40, dtype=np.float32),
    ],
    ids=lambda each: f"{each.dtype}",
)
def test_draws_by_a_key_of_any_type(village) -> None:
    table = small([1] * 40, village=village)
    found = both(table, policy(number=draw("s", key="village")), "number")
    distinct = len(set(village.tolist()))
    assert len(set(found["number"].tolist())) == distinct
