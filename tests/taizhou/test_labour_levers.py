"""Laws of the wage, job, skill and insurance levers that no single worked case can show."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import olive
from olive.engine import Reform, Tables, run_policies
from olive.engine.population_totals import Settling

LAW = "2023-01-01"
# The plan's numbers, as the lever files state them, with places enough to see a difference.
JOBS = {
    "new_urban_jobs": 400_000,
    "disabled_jobs": 8_000,
    "zero_employment_families_helped": 1,
    "registered_unemployment_cap": 0.01,
}
SKILLS = {
    "new_skilled_per_year": 40_000,
    "new_high_skilled_per_year": 20_000,
    "trainees_per_year": 100_000,
}
PLAN = Reform(
    {
        **JOBS,
        **SKILLS,
        "pension_participation": 0.75,
        "pension_hukou_limit_lifted": True,
        "flexible_subsidy_for_disabled": True,
        "flexible_subsidy_for_zero_employment_families": True,
        "training_listed_for_new_forms": True,
        "minimum_wage_wage_weight": 1,
        "minimum_wage_adjustment_interval": 1,
        "minimum_wage_finding": 1,
        "frontline_wage_raise": 0.05,
    }
)


@cache
def city() -> Tables:
    arrays = olive.Population.synthetic(households=3_000, seed=5).arrays()
    return Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)


def values(policy, *variables, seed=0, tables=None, backend="numpy"):
    """Return each variable for every row of the city (or of other tables)."""
    run = run_policies(tables or city(), [policy], list(variables), seed=seed, backend=backend)
    return {name: run.arrays[0, name] for name in variables}


def person_weights() -> np.ndarray:
    return np.repeat(city().households["weight"], np.diff(city().starts))


def test_at_their_defaults_the_levers_change_nothing():
    persons = city().persons
    found = values(
        olive.law(LAW),
        "offered_wage",
        "months_as_employee",
        "months_without_work",
        "programme_job",
        "is_employed",
        "wage",
        "pays_employee_pension",
        "pays_flexible_pension",
        "in_resident_pension",
        "pays_unemployment_insurance",
        "flexible_contribution_subsidy",
        "work_injury_cost",
        "minimum_wage_floor",
        "covered_by_minimum_wage",
        "young_lawyer_subsidy",
    )
    # Bit for bit what the data say: codes 1, 2, 3 of the pension scheme, status 2 is an employee.
    contractual = persons["contractual_wage"].astype(np.float64)
    assert np.array_equal(found["offered_wage"], contractual)
    assert np.array_equal(found["months_as_employee"], persons["months_worked"])
    assert np.array_equal(found["months_without_work"], persons["months_unemployed"])
    assert not found["programme_job"].any()
    assert np.array_equal(found["is_employed"], persons["labour_status"] == 2)
    assert np.array_equal(found["pays_employee_pension"], persons["pension_scheme"] == 1)
    assert np.array_equal(found["pays_flexible_pension"], persons["pension_scheme"] == 2)
    assert np.array_equal(found["in_resident_pension"], persons["pension_scheme"] == 3)
    assert np.array_equal(found["pays_unemployment_insurance"], persons["unemployment_insured"])
    for nothing in ("flexible_contribution_subsidy", "work_injury_cost", "young_lawyer_subsidy"):
        assert not found[nothing].any()
    # Full compliance and no response: the larger of wage and floor for whom it protects.
    lifted = np.maximum(contractual, found["minimum_wage_floor"])
    expected = np.where(found["covered_by_minimum_wage"], lifted, contractual)
    assert np.array_equal(found["wage"], expected)


@pytest.mark.slow  # quick: with job loss, below
@settings(max_examples=60, deadline=None)
@given(
    wages=st.lists(st.integers(0, 300_000), min_size=1, max_size=20),
    factors=st.tuples(st.floats(0.5, 3), st.floats(0.5, 3)),
    finding=st.sampled_from([0, 2, 3, 4]),
)
def test_without_job_loss_a_higher_minimum_wage_never_lowers_a_gross_wage(wages, factors, finding):
    people = {
        "household_id": np.arange(len(wages)),
        "contractual_wage": np.array(wages, float),
        "labour_status": 2,
        "county": np.zeros(len(wages)),
    }
    found = [
        olive.evaluate(
            "wage",
            people,
            law=olive.law(LAW)
            | Reform({"minimum_wage_finding": finding}, multiply={"minimum_wage": factor}),
            absent="neutral",
        )
        for factor in sorted(factors)
    ]
    assert (found[1] >= found[0] - 1e-6).all()


def test_job_loss_lowers_some_wages_and_only_of_those_below_the_floor():
    people = {
        "household_id": np.arange(20_000),
        "contractual_wage": np.tile([22_000.0, 90_000.0], 10_000),
        "labour_status": 2,
        "county": np.zeros(20_000),
    }
    policy = olive.law(LAW) | Reform({"minimum_wage_finding": 1}, multiply={"minimum_wage": 1.26})
    lost = olive.evaluate("loses_job", people, law=policy, absent="neutral")
    # At the rise of 26 % the probability is the 2.8 % found; four standard errors of 10,000 draws.
    assert lost[::2].mean() == pytest.approx(0.028, abs=4 * np.sqrt(0.028 * 0.972 / 10_000))
    assert not lost[1::2].any()


@pytest.mark.slow  # quick: test_places_in_expectation.py
@pytest.mark.parametrize(
    ("lever", "places", "total", "candidate", "chosen"),
    [
        # 400,000 gross x 0.1 net x 0.4 remaining; 8,000 x 0.4; per year x two years x 0.3.
        (
            {"new_urban_jobs": 400_000},
            16_000,
            "new_urban_job_candidates",
            "new_urban_job_candidate",
            "takes_new_urban_job",
        ),
        (
            {"disabled_jobs": 8_000},
            3_200,
            "disabled_job_candidates",
            "disabled_job_candidate",
            "takes_disabled_job",
        ),
        (
            {"new_skilled_per_year": 40_000},
            24_000,
            "skill_candidates",
            "skill_candidate",
            "becomes_skilled",
        ),
        (
            {"new_high_skilled_per_year": 20_000},
            12_000,
            "high_skill_candidates",
            "high_skill_candidate",
            "becomes_high_skilled",
        ),
        (
            {"trainees_per_year": 100_000},
            60_000,
            "training_candidates",
            "training_candidate",
            "is_trained",
        ),
        # 200 workshops x 47 jobs; posts are a plain number.
        (
            {"workshops": 200, "jobs_per_workshop": 47, "workshop_low_income_share": 0},
            9_400,
            "other_workshop_candidates",
            "other_workshop_candidate",
            "takes_workshop_job",
        ),
        (
            {"public_posts": 5_000},
            5_000,
            "public_post_candidates",
            "public_post_candidate",
            "takes_public_post",
        ),
    ],
)
def test_the_number_chosen_is_exact_in_expectation(lever, places, total, candidate, chosen):
    policy = olive.law(LAW) | Reform(lever)
    weights = person_weights()
    eligible = weights[values(policy, candidate)[candidate]]
    counts = run_policies(city(), [policy], [chosen]).population_totals
    assert counts[0, total] == pytest.approx(eligible.sum(), rel=1e-12)
    seeds = 25
    numbers = [weights[values(policy, chosen, seed=seed)[chosen]].sum() for seed in range(seeds)]
    share = places / eligible.sum()
    spread = np.sqrt((eligible**2).sum() * share * (1 - share) / seeds)
    assert np.mean(numbers) == pytest.approx(places, abs=4 * spread)
    # Reproducible, and different people by another seed.
    assert values(policy, chosen)[chosen].tolist() == values(policy, chosen)[chosen].tolist()
    assert len(set(numbers)) > 1


def test_selection_does_not_depend_on_who_else_is_in_the_table():
    names = ("programme_job", "becomes_skilled", "enrols_in_pension")
    policy = olive.law(LAW) | PLAN
    whole = values(policy, *names)
    counts = run_policies(city(), [policy], names).population_totals
    # With the city's counts the draws of a household are its own, whoever else is there.
    alone = Settling().settled(policy, {name: count for (_, name), count in counts.items()})
    half = city().starts.size // 2
    people = city().starts[half]
    tables = Tables(
        {name: column[:half] for name, column in city().households.items()},
        {name: column[:people] for name, column in city().persons.items()},
        city().starts[: half + 1],
        city().household_key[:half],
    )
    part = values(alone, *names, tables=tables)
    for name, array in part.items():
        assert np.array_equal(array, whole[name][:people])


def test_nobody_takes_two_jobs_and_workers_take_none():
    kinds = (
        "takes_zero_employment_job",
        "takes_disabled_job",
        "takes_public_post",
        "keeps_job",
        "takes_workshop_job",
        "takes_care_job",
        "takes_assisted_job",
        "is_hired",
        "takes_new_urban_job",
        "placed_under_unemployment_cap",
    )
    many = Reform(
        {
            **JOBS,
            "public_posts": 20_000,
            "layoffs_avoided_share": 0.3,
            "workshops": 200,
            "jobs_per_workshop": 50,
            "care_workers_per_ten_thousand": 25,
            "share_of_care_posts_new": 1,
            "dibao_recipients_taking_work": 1,
            "graduate_hire_rate": 0.3,
            "rural_hire_rate": 0.1,
            "registered_unemployment_cap": 0.005,
            "registered_share_of_unemployed": 1,
        }
    )
    found = values(olive.law(LAW) | many, "programme_job", *kinds)
    taken = np.sum([found[kind] for kind in kinds], axis=0)
    assert taken.max() == 1
    for code, kind in enumerate(kinds, start=1):
        assert np.array_equal(found["programme_job"] == code, found[kind])
        # In a city of 3,000 households every kind but the rarest occurs.
        assert found[kind].any() or kind in {"takes_disabled_job", "takes_zero_employment_job"}
    # Codes 2 to 5 of the labour status work already.
    working = np.isin(city().persons["labour_status"], [2, 3, 4, 5])
    assert not taken[working].any()


def test_participation_reaches_the_target_and_unemployment_its_cap_in_expectation():
    policy = olive.law(LAW) | Reform(
        {
            "pension_participation": 0.75,
            "registered_unemployment_cap": 0.01,
            "registered_share_of_unemployed": 1,
        }
    )
    weights = person_weights()
    shares, rates = [], []
    for seed in range(20):
        found = values(
            policy,
            "counts_for_pension_participation",
            "in_enterprise_pension",
            "enrols_in_pension",
            "still_unemployed",
            "placed_under_unemployment_cap",
            "in_labour_force",
            seed=seed,
        )
        insured = found["in_enterprise_pension"] | found["enrols_in_pension"]
        shares.append(weights[insured].sum())
        left = found["still_unemployed"] & ~found["placed_under_unemployment_cap"]
        rates.append(weights[left].sum() / weights[found["in_labour_force"]].sum())
    workers = weights[found["counts_for_pension_participation"]].sum()
    # Four standard errors: about 1,500 candidates and 110 unemployed, twenty seeds.
    assert np.mean(shares) / workers == pytest.approx(0.75, abs=0.005)
    assert np.mean(rates) == pytest.approx(0.01, abs=0.002)


def test_the_budget_identity_holds_per_household_with_all_levers_on():
    policy = olive.law(LAW) | PLAN
    person = (
        "wage",
        "individual_income_tax",
        "social_contributions",
        "wage_income_of_person",
    )
    household = (
        "disposable_income",
        "net_operating_income",
        "net_property_income",
        "transfer_receipts",
        "transfer_outlays",
        "property_income_tax",
        "housing_fund_contributions",
    )
    found = values(policy, *person, *household)

    def per_household(array):
        return np.add.reduceat(array, city().starts[:-1])

    remuneration = city().persons["labour_remuneration"].astype(np.float64)
    earned = per_household(found["wage"] + remuneration)
    own = (
        earned
        + found["net_operating_income"]
        + found["net_property_income"]
        + found["transfer_receipts"]
        - found["transfer_outlays"]
    )
    assert found["disposable_income"] == pytest.approx(own, abs=0.01)
    # What people pay is what the household pays.
    paid = per_household(found["individual_income_tax"] + found["social_contributions"])
    assert (found["transfer_outlays"] - paid >= -0.01).all()


def test_both_backends_agree_on_the_levers():
    policy = olive.law(LAW) | PLAN
    names = ("wage", "social_contributions", "programme_job", "unemployment_benefit")
    numpy_found = values(policy, *names)
    compiled = values(policy, *names, backend="compiled")
    for name in names:
        assert compiled[name] == pytest.approx(numpy_found[name], rel=1e-12, abs=1e-9)


def test_the_law_alone_needs_no_count_of_the_city():
    names = ("wage", "social_contributions", "unemployment_benefit", "disposable_income")
    assert not run_policies(city(), [olive.law(LAW)], names).population_totals
