"""How couples share the deductions for children, against brute force over every child's choice."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.income_tax import by_quick_deduction

import olive

money = st.integers(0, 2_000_000).map(float)
# Age and month of birth.
SCHOOL, INFANT, BORN_IN_MAY, BORN_IN_JANUARY, BORN_IN_NOVEMBER, THIRD_BIRTHDAY_IN_APRIL = (
    (10, 1),
    (1, 1),
    (0, 5),
    (0, 1),
    (0, 11),
    (3, 4),
)


def families(couples, children, **of_parents):
    """Couples with children of given ages and birth months; what parents have as (couples, 2)."""
    members = 2 + len(children)
    ages, months = (
        [40, 38, *(age for age, _ in children)],
        [1, 1, *(month for _, month in children)],
    )
    others = [-1] * len(children)

    def column(values):
        values = np.asarray(values)
        filled = np.full((couples, members), "none" if values.dtype.kind == "U" else 0.0)
        filled = filled.astype(values.dtype)
        filled[:, :2] = values
        return filled.ravel()

    return {
        "household_id": np.repeat(np.arange(couples), members),
        "age": np.tile(ages, couples),
        "birth_month": np.tile(months, couples),
        "spouse": np.tile([1, 0, *others], couples),
        "father": np.tile([-1, -1, *[0 for _ in children]], couples),
        "mother": np.tile([-1, -1, *[1 for _ in children]], couples),
        "in_education": np.tile([age > 5 and age < 20 for age in ages], couples),
        "county": ["linhai"] * couples,
        "urban": [True] * couples,
        "weight": [1.0] * couples,
        **{name: column(values) for name, values in of_parents.items()},
    }


def evaluated(name, given, law="2023-01-01"):
    return olive.evaluate(name, given, law=law, absent="neutral").reshape(len(given["county"]), -1)


@settings(max_examples=5, deadline=None)
@given(
    wages=st.lists(st.tuples(money, money), min_size=20, max_size=20), children=st.integers(1, 4)
)
def test_a_couple_pays_the_least_that_the_allowed_splits_permit(wages, children):
    least = [
        min(
            by_quick_deduction(mine - 60_000 - 12_000 * halves)
            + by_quick_deduction(theirs - 60_000 - 12_000 * (2 * children - halves))
            for halves in range(2 * children + 1)
        )
        for mine, theirs in wages
    ]
    family = families(len(wages), [SCHOOL] * children, wage=wages)
    taxes = evaluated("individual_income_tax", family).sum(axis=1)
    np.testing.assert_allclose(taxes, least, atol=0.02, rtol=0)
    np.testing.assert_allclose(evaluated("child_claim", family).sum(axis=1), 24_000 * children)


def random_parents(couples, seed):
    """Incomes at which bonus, business, donations, disability and the brackets all matter."""
    draw, shape = np.random.default_rng(seed), (couples, 2)
    wage = draw.integers(0, 60, shape) * 10_000.0 * (draw.random(shape) < 0.8)
    business = draw.random(shape) < 0.3
    return {
        "wage": wage,
        "annual_bonus": wage * draw.choice([0.0, 0.1, 0.3, 0.5], shape),
        "operating_income": business * draw.integers(-20, 60, shape) * 10_000.0,
        "business_type": np.where(business, "individual_business", "none"),
        "disability_grade": np.where(draw.random(shape) < 0.2, "grade_1", "none"),
        "donations": draw.choice([0.0, 0.0, 5_000.0, 40_000.0], shape),
    }


@pytest.mark.parametrize(
    ("children", "deductions", "changes"),
    [
        ([SCHOOL], [24_000], {}),
        ([SCHOOL, INFANT], [24_000, 24_000], {}),
        ([SCHOOL, SCHOOL, INFANT], [24_000] * 3, {}),
        ([SCHOOL] * 4, [24_000] * 4, {}),
        ([BORN_IN_MAY], [16_000], {}),
        ([SCHOOL, BORN_IN_MAY], [24_000, 16_000], {}),
        ([SCHOOL, INFANT], [24_000, 60_000], {"infant_care_deduction": 60_000}),
        ([SCHOOL, SCHOOL], [60_000, 60_000], {"child_education_deduction": 60_000}),
        ([SCHOOL] * 5, [24_000] * 5, {}),
        ([SCHOOL] * 7, [24_000] * 7, {}),
        ([SCHOOL, SCHOOL, BORN_IN_MAY], [24_000, 24_000, 16_000], {}),
        ([SCHOOL, BORN_IN_MAY, BORN_IN_MAY], [24_000, 16_000, 16_000], {}),
        ([BORN_IN_MAY] * 3, [16_000] * 3, {}),
        ([SCHOOL, SCHOOL, BORN_IN_JANUARY, BORN_IN_NOVEMBER], [24_000] * 3 + [4_000], {}),
        ([SCHOOL, BORN_IN_MAY, BORN_IN_NOVEMBER], [24_000, 16_000, 4_000], {}),
        (
            [SCHOOL, SCHOOL, INFANT, INFANT],
            [24_000, 24_000, 60_000, 60_000],
            {"infant_care_deduction": 60_000},
        ),
        (  # three months of infant care at 5,000 yuan, nine before school at 2,000
            [SCHOOL, INFANT, THIRD_BIRTHDAY_IN_APRIL],
            [24_000, 60_000, 33_000],
            {"infant_care_deduction": 60_000},
        ),
    ],
)
def test_no_choice_for_any_child_is_cheaper_than_the_one_that_couples_make(
    children, deductions, changes
):
    """Brute force: each child's deduction to the one, to the other or half each."""
    couples = 150
    family = families(couples, children, **random_parents(couples, seed=len(children)))
    law = olive.law("2023-01-01") | olive.Reform(changes)

    def taxes(**claim):
        return evaluated("individual_income_tax", {**family, **claim}, law).sum(axis=1)

    def if_first_claims(amount):
        claims = [amount, sum(deductions) - amount, *[0.0 for _ in children]]
        return taxes(child_claim=np.tile(claims, couples))

    shares = itertools.product([0.0, 0.5, 1.0], repeat=len(children))
    possible = {float(np.dot(share, deductions)) for share in shares}
    ways = np.array([if_first_claims(amount) for amount in sorted(possible)])
    # Within a fen the first of the ways is taken, so that rounding decides nothing.
    np.testing.assert_allclose(taxes(), ways.min(axis=0), atol=0.011, rtol=0)
    assert ((ways > ways.min(axis=0) + 1).sum(axis=1) > 0).all()
    claims = evaluated("child_claim", family, law)
    np.testing.assert_allclose(claims.sum(axis=1), sum(deductions))
    assert np.isin(claims[:, :2].round(6), sorted(possible)).all()


def test_a_child_more_to_the_one_is_cheaper_than_all_or_half_each():
    """Wages of 132,000 and 108,000 and two children at school, with 12,000 for half a child.

    Taxable before: 72,000 and 48,000; the bracket of 3 % ends at 36,000. Three halves and one
    leave 36,000 each: 2 x 1,080 = 2,160 yuan. Half each leaves 48,000 and 24,000, all to the first
    24,000 and 48,000: 2,280 + 720 = 3,000 yuan.
    """
    family = families(1, [SCHOOL, SCHOOL], wage=[[132_000.0, 108_000.0]])
    assert evaluated("child_claim", family)[0].tolist() == [36_000, 12_000, 0, 0]
    assert evaluated("individual_income_tax", family)[0].tolist() == [1_080, 1_080, 0, 0]


def test_rules_made_for_each_way_can_be_sent_to_another_process():
    law = olive.law("2023-01-01")
    assert pickle.loads(pickle.dumps(law)) == law
