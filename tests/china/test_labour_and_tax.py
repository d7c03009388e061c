"""Laws of wages, contributions and income tax that no single worked case can show."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import olive
from olive.places import full_compliance

# Rate and quick deduction of each bracket, from the tables of the Individual Income Tax Law.
COMPREHENSIVE = [
    (0.03, 0),
    (0.10, 2_520),
    (0.20, 16_920),
    (0.25, 31_920),
    (0.30, 52_920),
    (0.35, 85_920),
    (0.45, 181_920),
]
OPERATING = [(0.05, 0), (0.10, 1_500), (0.20, 10_500), (0.30, 40_500), (0.35, 65_500)]
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


def by_quick_deduction(table, income):
    """Tax on a positive income: the largest of rate x income - quick deduction."""
    return max(rate * max(income, 0.0) - quick for rate, quick in table)


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
    assert found == pytest.approx([by_quick_deduction(COMPREHENSIVE, each) for each in incomes])
    found = olive.evaluate(
        "operating_tax_before_relief",
        {"taxable_operating_income": np.array(incomes)},
        law="2023-01-01",
    )
    assert found == pytest.approx([by_quick_deduction(OPERATING, each) for each in incomes])


@settings(max_examples=40, deadline=None)
@given(wages=st.tuples(money, money), children=st.integers(1, 3))
def test_a_couple_pays_the_least_that_the_allowed_splits_permit(wages, children):
    deduction = 24_000 * children
    least = min(
        by_quick_deduction(COMPREHENSIVE, wages[0] - 60_000 - share * deduction)
        + by_quick_deduction(COMPREHENSIVE, wages[1] - 60_000 - (1 - share) * deduction)
        for share in (0.0, 0.5, 1.0)
    )
    persons = 2 + children
    family = {
        "household_id": np.zeros(persons),
        "age": np.array([40, 40] + [10] * children),
        "wage": np.array([*wages] + [0.0] * children),
        "spouse": np.array([1, 0] + [-1] * children),
        "father": np.array([-1, -1] + [0] * children),
        "mother": np.array([-1, -1] + [1] * children),
        "in_education": np.array([False, False] + [True] * children),
        "county": 0,
    }
    tax = olive.evaluate("individual_income_tax", family, law="2023-01-01", absent="neutral")
    claims = olive.evaluate("child_claim", family, law="2023-01-01", absent="neutral")
    assert tax.sum() == pytest.approx(least, abs=0.02)
    assert claims.sum() == pytest.approx(deduction)


def test_no_split_of_the_child_deduction_is_cheaper_than_the_one_that_couples_choose():
    """Brute force over 600 couples with bonus, business, donations and disability at random."""
    draw = np.random.default_rng(6)
    couples = 600
    both, first = 2 * couples, np.arange(couples) * 3
    earning = np.zeros((couples, 3), dtype=bool)
    earning[:, :2] = True

    def of_parents(values, otherwise=0.0):
        column = np.full((couples, 3), otherwise, dtype=np.asarray(values).dtype)
        column[earning] = values
        return column.ravel()

    wage = draw.integers(0, 60, both) * 10_000.0 * (draw.random(both) < 0.8)
    business = draw.random(both) < 0.3
    disabled = draw.random(both) < 0.2
    given = {
        "household_id": np.repeat(np.arange(couples), 3),
        "age": np.tile([40, 38, 10], couples),
        "spouse": np.tile([1, 0, -1], couples),
        "father": np.tile([-1, -1, 0], couples),
        "mother": np.tile([-1, -1, 1], couples),
        "in_education": np.tile([False, False, True], couples),
        "wage": of_parents(wage),
        "annual_bonus": of_parents(wage * draw.choice([0.0, 0.1, 0.3, 0.5], both)),
        "operating_income": of_parents(business * draw.integers(-20, 60, both) * 10_000.0),
        "business_type": of_parents(np.where(business, "individual_business", "none"), "none"),
        "disability_grade": of_parents(np.where(disabled, "grade_1", "none"), "none"),
        "donations": of_parents(draw.choice([0.0, 0.0, 5_000.0, 40_000.0], both)),
        "county": ["linhai"] * couples,
        "urban": [True] * couples,
        "weight": [1.0] * couples,
    }

    def taxes(**claim):
        tax = olive.evaluate(
            "individual_income_tax", {**given, **claim}, law="2023-01-01", absent="neutral"
        )
        return tax[first] + tax[first + 1]

    ways = [
        taxes(child_claim=np.tile([24_000.0 * mine, 24_000.0 * (1 - mine), 0.0], couples))
        for mine in (0.0, 0.5, 1.0)
    ]
    # Within a fen the lower person number claims, so that rounding decides nothing.
    np.testing.assert_allclose(taxes(), np.min(ways, axis=0), atol=0.011, rtol=0)
    assert all((way > np.min(ways, axis=0) + 1).any() for way in ways)


@settings(max_examples=40, deadline=None)
@given(salary=money, bonus=money)
def test_the_bonus_is_taxed_in_the_cheaper_of_both_ways(salary, bonus):
    apart = by_quick_deduction(COMPREHENSIVE, salary - 60_000) + on_bonus(bonus)
    together = by_quick_deduction(COMPREHENSIVE, salary + bonus - 60_000)
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
