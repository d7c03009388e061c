"""Laws of assistance and disposable income that no single worked case can show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import olive
from olive.engine.evaluation import evaluate_with

STANDARD = 12_492.0  # 1,041 yuan a month from December 2022
EVERYONE_CLAIMS = {"dibao_take_up_rate": 1.0, "dibao_marginal_registration_rate": 1.0}
money = st.integers(0, 60_000).map(float)
person = st.fixed_dictionaries(
    {
        "age": st.integers(0, 105),
        "own_income": st.integers(-5_000, 60_000).map(float),
        "assistance_unit": st.integers(0, 2),
        "disability_grade": st.integers(0, 4),
        "self_care": st.integers(0, 3),
        "mental_disability": st.booleans(),
        "serious_illness": st.booleans(),
        "in_institution": st.booleans(),
        "hukou": st.integers(0, 2),
    }
)
families = st.lists(st.lists(person, min_size=1, max_size=6), min_size=1, max_size=6)
DAYS = ("2019-06-01", "2021-08-01", "2023-01-01", "2025-06-01")


def arrays(households, **of_households):
    """Return given arrays for evaluate: persons of all households, one after the other."""
    persons = [(number, each) for number, family in enumerate(households) for each in family]
    given_arrays = {name: np.array([each[name] for _, each in persons]) for name in persons[0][1]}
    given_arrays["household_id"] = np.array([number for number, _ in persons])
    # Enough to leave out taxes and wages, which own_income given replaces.
    for name in ("wage", "net_earnings", "unemployment_benefit"):
        given_arrays[name] = np.zeros(len(persons))
    return given_arrays | {name: np.array(value) for name, value in of_households.items()}


def amounts(variables, given_arrays, day="2023-01-01", **reform):
    law = olive.law(day) | olive.Reform(EVERYONE_CLAIMS | reform)
    return evaluate_with(law, variables, given_arrays, absent="neutral")


@settings(max_examples=15, deadline=None)
@given(families, st.sampled_from(DAYS), st.data())
def test_nobody_gets_two_supports_that_exclude_each_other(households, day, data):
    kin = data.draw(st.lists(st.booleans(), min_size=len(households), max_size=len(households)))
    given_arrays = arrays(households, support_from_kin=kin, county=np.zeros(len(households)))
    found = amounts(
        (
            "tekun_of_person",
            "dibao_of_person",
            "dibao_marginal",
            "disability_care_subsidy_of_person",
            "disability_living_subsidy_of_person",
            "elderly_care_service_subsidy_of_person",
        ),
        given_arrays,
        day,
    )
    paid = {name: values > 0 for name, values in found.items()}
    assert not (paid["tekun_of_person"] & paid["dibao_of_person"]).any()
    assert not (paid["dibao_marginal"] & paid["dibao_of_person"]).any()
    assert not (paid["tekun_of_person"] & paid["disability_living_subsidy_of_person"]).any()
    both = (
        paid["disability_care_subsidy_of_person"] & paid["elderly_care_service_subsidy_of_person"]
    )
    assert not both.any()
    for values in found.values():
        assert (values >= 0).all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-20_000, 40_000).map(float), min_size=1, max_size=8))
def test_dibao_lifts_a_family_exactly_to_the_standard(incomes):
    size = len(incomes)
    given_arrays = {
        "household_id": np.zeros(size),
        "age": np.full(size, 40.0),
        "own_income": np.array(incomes),
        "wage": np.zeros(size),
        "county": np.zeros(1),
    }
    dibao = amounts(["dibao"], given_arrays)["dibao"][0]
    wanted = max(STANDARD * size - max(sum(incomes), 0.0), 0.0)
    assert dibao == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(families, st.floats(0, 1), st.floats(0, 1))
def test_more_take_up_keeps_who_had_it(households, first, second):
    given_arrays = arrays(households, county=np.zeros(len(households)))
    low, high = sorted((first, second))
    less = amounts(["dibao_of_person"], given_arrays, dibao_take_up_rate=low)["dibao_of_person"]
    more = amounts(["dibao_of_person"], given_arrays, dibao_take_up_rate=high)["dibao_of_person"]
    assert ((less == 0) | (less == more)).all()


@settings(max_examples=10, deadline=None)
@given(families, st.floats(0, 1), st.floats(0, 1))
def test_more_registration_keeps_who_had_it_and_pays_no_dibao(households, first, second):
    given_arrays = arrays(households, county=np.zeros(len(households)))
    names = ("dibao_marginal", "qualifies_as_dibao_marginal", "dibao_of_person")
    less, more, full = (
        amounts(names, given_arrays, dibao_marginal_registration_rate=rate)
        for rate in (*sorted((first, second)), 1.0)
    )
    assert (less["dibao_marginal"] <= more["dibao_marginal"]).all()
    assert (full["dibao_marginal"] == full["qualifies_as_dibao_marginal"]).all()
    for found in (less, more):
        assert (found["dibao_of_person"] == full["dibao_of_person"]).all()


def test_the_register_is_one_in_so_many_of_those_who_qualify():
    # 20,000 families at 15,000 yuan, between 12,492 and 24,840: a rate of 0.1 registers 2,000,
    # give or take 4 standard deviations of 42.
    number = 20_000
    given_arrays = arrays(
        [[{"age": 40, "own_income": 15_000.0}]] * number, county=np.zeros(number, dtype=int)
    )
    found = amounts(["dibao_marginal"], given_arrays, dibao_marginal_registration_rate=0.1)
    assert abs(found["dibao_marginal"].sum() - 2_000) < 170


@settings(max_examples=10, deadline=None)
@given(families, st.integers(12_493, 30_000))
def test_a_higher_standard_leaves_nobody_on_the_register_without_help(households, standard):
    # One draw decides on claims and registers; the fraction keeps incomes off the line itself.
    given_arrays = arrays(households, county=np.zeros(len(households)))
    names = ("dibao_marginal", "dibao_recipient")
    before, after = (
        amounts(
            names,
            given_arrays,
            **reform,
            dibao_take_up_rate=0.5,
            dibao_marginal_registration_rate=0.5,
        )
        for reform in ({}, {"dibao_standard": standard + 0.137})
    )
    assert (after["dibao_marginal"] | after["dibao_recipient"])[before["dibao_marginal"]].all()


@settings(max_examples=10, deadline=None)
@given(families)
def test_a_free_choice_of_claims_is_never_worse(households):
    given_arrays = arrays(households, county=np.zeros(len(households)))
    bound = amounts(["dibao"], given_arrays, dibao_single_claim_below_line=False)["dibao"]
    free = amounts(["dibao"], given_arrays)["dibao"]
    assert (free >= bound).all()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(*[money] * 5), min_size=1, max_size=5),
    st.tuples(*[money] * 8),
    st.sampled_from(DAYS),
)
def test_components_add_up_exactly(people, common, day):
    names = (
        "interest_income",
        "dividend_income",
        "rental_income",
        "land_income",
        "collective_dividend",
        "imputed_rent",
        "private_transfers_received",
        "private_transfers_paid",
    )
    own = (
        "contractual_wage",
        "operating_income",
        "employee_pension",
        "medical_expense",
        "donations",
    )
    given_arrays = {name: np.array([value]) for name, value in zip(names, common, strict=True)}
    for position, name in enumerate(own):
        given_arrays[name] = np.array([each[position] for each in people])
    size = len(people)
    given_arrays |= {"household_id": np.zeros(size), "age": np.full(size, 62.0), "county": [4]}
    found = amounts(
        (
            "wage_income",
            "net_operating_income",
            "net_property_income",
            "net_transfer_income",
            "disposable_income",
            "cash_disposable_income",
            "government_transfers",
        ),
        given_arrays,
        day,
    )
    total = found["wage_income"] + found["net_operating_income"]
    total = total + found["net_property_income"] + found["net_transfer_income"]
    assert total[0] == found["disposable_income"][0]
    imputed = found["disposable_income"] - found["cash_disposable_income"]
    assert imputed[0] == pytest.approx(common[5], abs=1e-6)


def test_every_uncounted_item_has_a_switch_that_is_off():
    switches = [name for name in olive.law("2023-01-01").values if name.startswith("dibao_counts_")]
    assert len(switches) == 6
    assert all(olive.law("2023-01-01").values[name].datum == 0 for name in switches)
