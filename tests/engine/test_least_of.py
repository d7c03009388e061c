"""`least_of`: the number of the way that costs least, against brute force, on both backends."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from olive_tests.toy import both, household_of, people, policy, tables

from olive.engine import formula_text, formula_with_numbers, least_of, reads_that_decide, where
from olive.engine.intervals import Interval
from olive.engine.relevance import can_move, relevant_totals
from olive.errors import RuleError, UnitError

TABLES = tables(60)
PRICES = (7.0, 3.0, 3.0, 9.0, 1.0)


def price(way: Any) -> Any:
    """A price by the number of the way that falls and rises, with two that are equal."""
    return where(
        way < 1,
        PRICES[0],
        where(way < 3, PRICES[1], where(way < 4, PRICES[3], PRICES[4])),
    )


@people("1")
def cheapest(wage, allowance):
    return least_of(wage / allowance * 2.5, price)


@people("yuan/year")
def nearest_step(wage, rent, married, allowance):
    def cost(way, wage):
        gap = wage - way * (allowance / 60.0)
        return where(gap > 0, gap, -gap)

    steps = where(married, 0.0, 100.0)
    return least_of(steps, cost, wage) * (allowance / 60.0) + rent * 0.0


def test_both_backends_find_the_cheapest_of_the_ways_that_a_row_has() -> None:
    found = both(TABLES, policy(cheapest=cheapest), "cheapest")["cheapest"]
    many = [each / 60_000.0 * 2.5 for each in TABLES.persons["wage"].tolist()]
    for ways, number in zip(many, found, strict=True):
        costs = [PRICES[min(way, 4)] for way in range(math.ceil(ways))]
        assert number == (costs.index(min(costs)) if costs else 0), ways


def test_rows_may_have_their_own_costs() -> None:
    found = both(TABLES, policy(nearest_step=nearest_step), "nearest_step")["nearest_step"]
    for wage, married, step in zip(
        TABLES.persons["wage"], TABLES.persons["married"], found, strict=True
    ):
        steps = [] if married else [1_000.0 * each for each in range(100)]
        assert step == min(steps, key=lambda each: abs(wage - each), default=0.0)


@given(ways=st.lists(st.integers(-3, 12), min_size=1, max_size=8))
def test_costs_that_are_no_number_are_never_the_least(ways: list[int]) -> None:
    def cost(way):
        return np.where(way == 1, np.nan, np.where(way == 2, np.inf, 5.0 - way))

    found = least_of(np.array(ways, dtype=float), cost)
    expected = [max([way for way in range(each) if way not in {1, 2}], default=0) for each in ways]
    assert found.tolist() == expected


class Pair(NamedTuple):
    """Two values of a row."""

    first: Any
    second: Any


def test_named_tuples_are_worked_on_in_the_rows_that_have_ways() -> None:
    seen = []

    def cost(way, pair):
        seen.append(pair.first.size)
        return (pair.first - way) * (pair.first - way) + pair.second

    rows = Pair(np.arange(6.0), 2.0)
    found = least_of(np.array([0.0, 0.0, 3.0, 3.0, 9.0, 0.0]), cost, rows)
    assert found.tolist() == [0, 0, 2, 2, 4, 0]
    assert set(seen) == {3}


def test_ways_and_costs_are_numbers_and_not_nested() -> None:
    @people("1")
    def by_truth(grade):
        return least_of(grade, lambda way: way > 1)

    @people("1")
    def of_yuan(wage):
        return least_of(wage, lambda way: way)

    @people("1")
    def nested(grade):
        return least_of(grade, lambda way: least_of(grade, lambda inner: inner) + way)

    for rule, error, word in (
        (by_truth, RuleError, "truth value"),
        (of_yuan, UnitError, "least_of"),
        (nested, RuleError, "inside another"),
    ):
        with pytest.raises(error, match=word):
            policy(**{rule.name: rule})


def test_where_there_is_one_way_the_cost_does_not_matter() -> None:
    @people("1")
    def chosen(wage, rate):
        return least_of(rate, lambda way: wage * way)

    law = policy(chosen=chosen)
    one, more = (Interval(np.array([0.0]), np.array([most])) for most in (1.0, 2.0))
    assert can_move([law], ["chosen"], [{"rate": one}]) == [set()]
    assert can_move([law], ["chosen"], [{"rate": more}]) == [{"rate"}]
    assert can_move([law, law], ["chosen"], [{"rate": one}, {"rate": more}]) == [set(), {"rate"}]
    assert relevant_totals(law, ["chosen"], ()) == set()


def test_it_is_told_in_words() -> None:
    law = policy(nearest_step=nearest_step)
    assert (
        "the number, from 0, of the way that costs least, of (0 if married, else 100) in all"
        in formula_text(law, "nearest_step")
    )
    row = {"wage": 3_400.0, "rent": 0.0, "married": False}
    told = formula_with_numbers(law, "nearest_step", row, "zh")
    assert "种方式中费用最低者的序号" in told
    assert told.endswith("= 3,000")
    assert "wage" in reads_that_decide(law, "nearest_step", row)
    assert "wage" not in reads_that_decide(law, "nearest_step", {**row, "married": True})


def test_a_spread_household_value_may_stand_in_the_cost() -> None:
    @people("1")
    def by_rent(grade, rent, allowance):
        def cost(way, rent):
            return where(rent > way * (allowance / 30.0), -way, 1.0)

        return least_of(grade + 3.0, cost, rent)

    found = both(TABLES, policy(by_rent=by_rent), "by_rent")["by_rent"]
    rent = TABLES.households["rent"][household_of(TABLES)]
    for grade, amount, number in zip(TABLES.persons["grade"], rent, found, strict=True):
        costs = [-way if amount > way * 2_000.0 else 1.0 for way in range(int(grade) + 3)]
        assert number == costs.index(min(costs))
