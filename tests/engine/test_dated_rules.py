"""Rules with days: the law of a day has the rules of that day, and a reform's are dated too."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.toy import COLUMNS, homes, rule_set, run, tables

from olive.engine import Reform, RuleSet, household_sum, policy_on, sum_of_role
from olive.errors import LawWarning, RuleError

YEARLY = "yuan/year"


def paying(amount: float, **told: object):
    return homes(YEARLY, role="cash_benefit", **told)(lambda rent: rent * 0.0 + amount)


def built(**rules: object) -> RuleSet:
    return RuleSet.build([rules], columns=COLUMNS)


LAW = built(
    old_grant=paying(100.0, variable="aid", end="2021-12-31"),
    new_grant=paying(300.0, variable="aid", start="2022-01-01", end="2023-12-31"),
    bonus=paying(7.0, start="2023-03-01"),
    cash=sum_of_role("cash_benefit"),
)


def cash(day: object, **how: object) -> float:
    law = policy_on(LAW, day, **how)
    return float(run(tables(), law, "cash")["cash"][0])


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-05-05", 100),
        ("2021-12-31", 100),  # the last day
        ("2022-01-01", 300),  # the first day
        ("2023-02-28", 300),
        ("2023-03-01", 307),
        ("2024-01-01", 7),  # no aid any more
    ],
)
def test_the_law_of_a_day_has_its_rules(day: str, expected: float) -> None:
    assert cash(day) == expected


def test_rules_that_are_not_in_force_are_not_there() -> None:
    assert "bonus" not in policy_on(LAW, "2023-02-28").rules.rules
    assert "aid" not in policy_on(LAW, "2024-01-01").rules.rules
    assert policy_on(LAW, "2023-04-01").rules.with_role("cash_benefit") == ("aid", "bonus")


def test_of_a_year_the_rules_of_its_first_of_july_hold() -> None:
    with pytest.warns(LawWarning, match=r"law 2023: bonus changes within the year"):
        assert cash(None, year=2023) == 307
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cash(None, year=2022) == 300


def test_days_of_one_set_are_fitted_once() -> None:
    first, second = policy_on(LAW, "2022-05-01"), policy_on(LAW, "2022-06-01")
    assert first.rules is second.rules
    undated = rule_set(wages=household_sum("wage"))
    assert policy_on(undated, "2020-01-01").rules is undated


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=4, unique=True), st.integers(0, 2_100))
def test_consecutive_rules_leave_no_gap(cuts: list[int], at: int) -> None:
    """By hand: the rule of a day is the one whose number of cuts lie on or before it."""
    first = date(2019, 1, 1)
    edges = [first + timedelta(days=cut) for cut in sorted(cuts)]
    starts, ends = [None, *edges], [*(edge - timedelta(days=1) for edge in edges), None]
    rules = {
        f"aid_{place}": paying(float(place), variable="aid", start=start, end=end)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    }
    day = first + timedelta(days=at)
    law = policy_on(built(**rules), day)
    expected = sum(edge <= day for edge in edges)
    assert run(tables(), law, "aid")["aid"][0] == expected


def test_rules_for_the_same_days_are_refused() -> None:
    with pytest.raises(RuleError, match=r"'aid' is defined by two rules.*'first'.*'second'"):
        built(
            first=paying(1.0, variable="aid", end="2022-06-30"),
            second=paying(2.0, variable="aid", start="2022-06-30"),
        )


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"start": "2025-13-01"}, "start='2025-13-01' is no date; write for example"),
        ({"end": 2025}, "end=2025 is no date"),
        ({"start": "2025-01-02", "end": "2025-01-01"}, "cannot end on 2025-01-01"),
    ],
)
def test_days_that_are_none(told: dict[str, object], message: str) -> None:
    with pytest.raises(RuleError) as error:
        paying(1.0, **told)
    assert message in str(error.value)


def test_a_reforms_rules_are_carried_out_in_their_days() -> None:
    extra = Reform(rules=[paying(50.0, start="2022-07-01").named("extra")], label="extra")
    sums = {
        day: run(tables(), policy_on(LAW, day) | extra, "cash")["cash"][0]
        for day in ("2022-06-30", "2022-07-01")
    }
    assert sums == {"2022-06-30": 300, "2022-07-01": 350}
    assert run(tables(), policy_on(LAW, year=2022) | extra, "cash")["cash"][0] == 350  # 1 July
