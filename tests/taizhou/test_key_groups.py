"""Levers and tables tell the key groups by the same rules, to the person."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.engine import Tables, run_policies
from olive.places import place
from olive.simulation.groups import definition_of, group_flags
from olive.taizhou.groups import GROUPS

# Rules of levers for a group, and what tells the group in them.
READ = {
    "low_income_rural_raise": "low_income_rural_household",
    "relief_fund_members": "low_income_rural_household",
    "rural_supplement_payment": "low_income_rural_household",
    "low_income_workshop_candidate": "low_income_rural_household",
    "hire_rate": "is_recent_graduate",
    "starts_as_graduate": "is_recent_graduate",
    "internship_candidate": "is_recent_graduate",
    "small_business_loan": "runs_small_business",
    "small_business_raise": "runs_small_business",
    "insurance_saving": "runs_small_business",
    "researcher_raise": "is_researcher",
    "transfer_incentive_income": "is_researcher",
    "equity_gain_of_person": "is_skilled_employee",
    "farm_raise": "runs_farm",
}


@pytest.fixture(scope="module")
def sample():
    return olive.Population.shipped()


@pytest.mark.parametrize("rule", READ)
def test_levers_read_the_rule_of_the_group(rule) -> None:
    assert READ[rule] in place().rules.reads(rule)


def test_low_income_rural_people_are_those_that_the_levers_reach(sample) -> None:
    """A raise of a yuan in the yuan reaches the members of the group table, and nobody else."""
    arrays = sample.arrays()
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    policy = olive.law(year=sample.year) | {"precision_help_raise": 1.0}
    run = run_policies(tables, [policy], ["low_income_rural_raise"], backend="numpy")
    reached = np.repeat(run.arrays[0, "low_income_rural_raise"] > 0, sample.size)
    assert np.array_equal(reached, group_flags(sample)["low_income_rural"])


def test_about_as_many_are_low_income_rural_as_were_registered(sample) -> None:
    # 77,000 people were recognised in the city, most of them rural, and the whole province had
    # 533,000 rural recipients of dibao in 2021: between 70,000 and 150,000 are plausible.
    weight = np.repeat(sample.weight, sample.size)
    persons = float(weight[group_flags(sample)["low_income_rural"]].sum())
    assert 70_000 <= persons <= 150_000


def test_every_group_says_who_belongs_to_it() -> None:
    for group in GROUPS.groups:
        assert place().rules.rules[group.rule].entity == "person"
        assert len(definition_of(group, place()).split()) >= 2


def test_zero_employment_families_are_few(sample) -> None:
    """All able members seek work: a handful of the city's families, none with a homemaker."""
    arrays = sample.arrays()
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    policy = olive.law(year=sample.year) | {"zero_employment_families_helped": 1.0}
    run = run_policies(tables, [policy], ["takes_zero_employment_job"], backend="numpy")
    helped = run.arrays[0, "takes_zero_employment_job"].astype(bool)
    unemployed = 6
    assert (arrays.persons["labour_status"][helped] == unemployed).all()
    weight = np.repeat(sample.weight, sample.size)
    assert weight[helped].sum() < 0.01 * sample.weight.sum()
