"""Switched on among its partners, every lever moves an outcome, or coverage says that it does not.

Coverage reads the formulas on intervals; here households are computed with and without each lever,
so that a claim of coverage that no household bears out would be found.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import olive
from olive import plan
from olive.engine import Policy, Reform, Tables, run_policies
from olive.plan.levers import FROZEN_DAY, Lever

OUTCOMES = ("disposable_income", "income_after_necessary_expenses", "is_employed", "is_working")
ACTS = {"plan_value", "assumed_value"}
LEVERS = [
    lever for lever in plan.levers() if any(each.credit == "plan" for each in lever.operations)
]
STATUS = {row.clause: row.status for row in plan.coverage()}

# Levers whose group is too rare for a city of some thousand households, or whose limit does not
# bind there: who feels them, the variable, and what is given beside the columns.
DESIGNED = {
    "group.4.10.free_premises": (
        "business_income",
        {"starts_business": True, "years_since_graduation": 1, "free_premises_draw": 0.0},
    ),
    "path.2.registered_unemployment": (
        "is_employed",
        {
            "labour_status": 6,  # unemployed
            "able_to_work": True,
            "still_unemployed": True,
            "still_unemployed_people": 1_000.0,
            "labour_force": 10_000.0,
            "unemployment_cap_draw": 0.5,
        },
    ),
    "path.21.care_workers": (
        "is_employed",
        {
            "labour_status": 6,
            "able_to_work": True,
            "care_job_candidate": True,
            "care_job_candidates": 1_000.0,
            "care_job_draw": 0.1,
        },
    ),
    "group.9.23.disabled_jobs": (
        "is_employed",
        {
            "labour_status": 6,
            "able_to_work": True,
            "disabled_job_candidate": True,
            "disabled_job_candidates": 10_000.0,
            "disabled_job_draw": 0.1,
        },
    ),
    "group.7.18.startup_subsidies": (
        "business_income",
        {"starts_business": True, "hukou": "migrant"},
    ),
    "path.22.trainee_lawyer_min_wage": (
        "wage",
        {"labour_status": 2, "occupation": "trainee_lawyer", "offered_wage": 1_000.0},
    ),
}


def before() -> Policy:
    return olive.law(FROZEN_DAY)


def operations_of(levers: list[Lever]) -> Reform:
    return Reform.from_operations(
        [each for lever in levers for each in lever.operations if each.credit == "plan"]
    )


@cache
def moves_in_the_city() -> dict[str, bool]:
    """Return by the first clause of each lever whether it moves an outcome in the whole plan.

    A lever that others leave nobody to act on is tried by itself as well.
    """
    arrays = olive.Population.synthetic(households=2_500, seed=5).arrays()
    city = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)

    def moved(base: Policy, others: list[Policy]) -> list[bool]:
        arrays_of = run_policies(city, [base, *others], list(OUTCOMES), backend="numpy").arrays
        return [
            any(not np.array_equal(arrays_of[0, name], arrays_of[place, name]) for name in OUTCOMES)
            for place in range(1, len(others) + 1)
        ]

    whole = before() | operations_of(LEVERS)
    without = [
        before() | operations_of([each for each in LEVERS if each is not lever]) for lever in LEVERS
    ]
    missed = moved(whole, without)
    unmissed = [lever for lever, felt in zip(LEVERS, missed, strict=True) if not felt]
    alone = moved(before(), [before() | operations_of([lever]) for lever in unmissed])
    found = {lever.clauses[0]: True for lever in LEVERS}
    return found | dict(zip([lever.clauses[0] for lever in unmissed], alone, strict=True))


@pytest.mark.parametrize("clause", [lever.clauses[0] for lever in LEVERS])
def test_what_coverage_says_is_what_households_feel(clause: str) -> None:
    if STATUS.get(clause) not in ACTS:
        assert not moves_in_the_city()[clause]
    elif clause not in DESIGNED:
        assert moves_in_the_city()[clause]


@pytest.mark.parametrize("clause", DESIGNED)
def test_rare_levers_move_the_person_they_are_made_for(clause: str) -> None:
    assert STATUS[clause] in ACTS
    variable, given = DESIGNED[clause]
    (lever,) = [each for each in LEVERS if each.clauses[0] == clause]
    # The person stands alone in the city; nobody else is there to be counted.
    person = {"household_id": np.zeros(1), "county": np.zeros(1), "age": np.array([30.0])}
    person |= {name: np.array([value]) for name, value in given.items()}
    old, new = (
        olive.evaluate(variable, person, law=policy, absent="neutral")[0]
        for policy in (before(), before() | operations_of([lever]))
    )
    assert old != new


def test_the_levers_that_move_nothing_are_few_and_say_why() -> None:
    silent = [row for row in plan.coverage() if row.status == "no_effect"]
    assert all(row.waits_for for row in silent)
    # Each of them rests on a figure that neither the plan nor any source found states.
    assert {name for row in silent for name in row.waits_for} == {
        "catastrophic_rate",
        "farm_related_loans_to_households",
        "new_housing_units",
        "wage_arrears_rate",
    }
