"""Laws of wages, contributions and income tax that no single worked case can show."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.income_tax import OPERATING, by_quick_deduction

import olive
from olive.places import full_compliance

# Upper end (per month), rate and quick deduction of the converted monthly table.
MONTHLY = [
    (3_000, 0.03, 0),
    (12_000, 0.10, 210),
    (25_000, 0.20, 1_410),
    (35_000, 0.25, 2_660),
    (55_000, 0.30, 4_410),
    (80_000, 0.35, 7_160),
    (float("inf"), 0.45, 15_160),
]
money = st.integers(0, 2_000_000).map(float)


def on_bonus(bonus):
    for end, rate, quick in MONTHLY:
        if bonus / 12 <= end:
            return bonus * rate - quick
    raise AssertionError


@settings(deadline=None)
@given(st.lists(money, min_size=1, max_size=30))
def test_both_schedules_agree_with_the_quick_deductions_of_the_law(incomes):
    found = olive.evaluate(
        "comprehensive_income_tax", {"taxable_income": np.array(incomes)}, law="2023-01-01"
    )
    assert found == pytest.approx([by_quick_deduction(each) for each in incomes])
    found = olive.evaluate(
        "operating_tax_before_relief",
        {"taxable_operating_income": np.array(incomes)},
        law="2023-01-01",
    )
    assert found == pytest.approx([by_quick_deduction(each, OPERATING) for each in incomes])


@pytest.mark.slow  # quick: its worked cases
@settings(max_examples=40, deadline=None)
@given(salary=money, bonus=money)
def test_the_bonus_is_taxed_in_the_cheaper_of_both_ways(salary, bonus):
    apart = by_quick_deduction(salary - 60_000) + on_bonus(bonus)
    together = by_quick_deduction(salary + bonus - 60_000)
    tax = olive.evaluate(
        "individual_income_tax",
        {"wage": salary + bonus, "annual_bonus": bonus, "age": 40, "county": 0},
        law="2023-01-01",
        absent="neutral",
    )
    assert tax == pytest.approx(min(apart, together), abs=0.02)


@settings(deadline=None)
@given(st.lists(money, min_size=2, max_size=20))
def test_contributions_never_fall_with_the_wage_and_stay_within_the_bounds(wages):
    ordered = np.sort(np.maximum(wages, 1.0))
    paid = olive.evaluate(
        "employee_pension_contribution",
        {"wage": ordered, "pays_employee_pension": True, "share_of_year_worked": 1.0},
        law="2024-01-01",
    )
    assert (np.diff(paid) >= 0).all()
    assert paid.min() >= 0.08 * 4_812 * 12 - 1e-6
    assert paid.max() <= 0.08 * 24_930 * 12 + 1e-6


def test_a_higher_compliance_rate_raises_the_same_people_and_more():
    people = {
        "household_id": np.arange(4_000),
        "contractual_wage": np.full(4_000, 12_000.0),
        "labour_status": 2,
        "county": np.zeros(4_000),
    }
    raised = []
    for rate in (0.0, 0.3, 0.7, 1.0):
        policy = olive.law("2023-01-01") | olive.Reform({"minimum_wage_compliance_rate": rate})
        wage = olive.evaluate("wage", people, law=policy, absent="neutral")
        raised.append(wage > 12_000)
        # Four standard errors of a share of 4,000 draws.
        assert raised[-1].mean() == pytest.approx(rate, abs=4 * 0.5 / np.sqrt(4_000))
    for fewer, more in itertools.pairwise(raised):
        assert (fewer <= more).all()
    assert raised[-1].all()


def test_the_law_is_as_carried_out_and_full_compliance_is_the_statute() -> None:
    """A wage of 150,000 lies between the bounds: the statute counts all of it."""
    law = olive.law("2023-01-01")
    given = {"wage": 150_000.0, "share_of_year_worked": 1.0}
    carried_out = olive.evaluate("social_insurance_base", given, law)
    statute = olive.evaluate("social_insurance_base", given, law | full_compliance())
    assert carried_out == pytest.approx(150_000 * 0.65)
    assert statute == pytest.approx(150_000)


def test_compliance_is_an_assumption_with_a_range_and_never_law() -> None:
    law = olive.law("2023-01-01")
    for name in full_compliance().parameters:
        value = law.values[name]
        assert value.status == "assumption"
        assert value.plausible is not None
        assert value.plausible.low < value.datum < value.plausible.high < 1.0
