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
from olive.places.plan.lever_files import Lever

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
            "unemployment_cap_draw": 0.2,
        },
    ),
    "group.5.11.agri_makers": (
        "business_income",
        {
            "business_type": "farm",
            "operating_income": 20_000.0,
            "farm_operators": 10_000.0,
            "farmer_training_draw": 0.05,
        },
    ),
    "group.1.3.equity_incentive_share": (
        "dividends",
        {
            "labour_status": 2,  # employee
            "occupation": "skilled_worker",
            "skilled_employees": 10_000.0,
            "equity_draw": 0.05,
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
    return olive.law(plan.frozen_day)


def operations_of(levers: list[Lever]) -> Reform:
    return Reform.from_operations(
        [each for lever in levers for each in lever.operations if each.credit == "plan"]
    )


@cache
def changes_in_the_city() -> dict[str, tuple[bool, float]]:
    """Return by the first clause of each lever what it changes in the whole plan.

    Whether any outcome of anybody moves, and the change of what all households have left after
    necessary expenses. A lever that others leave nobody to act on is tried by itself.
    """
    arrays = olive.Population.synthetic(households=2_500, seed=5).arrays()
    city = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)

    def changes(base: Policy, others: list[Policy]) -> list[tuple[bool, float]]:
        found = run_policies(city, [base, *others], list(OUTCOMES), backend="numpy").arrays
        left = "income_after_necessary_expenses"
        return [
            (
                any(not np.array_equal(found[0, name], found[place, name]) for name in OUTCOMES),
                float((found[place, left] - found[0, left]).sum()),
            )
            for place in range(1, len(others) + 1)
        ]

    whole = before() | operations_of(LEVERS)
    without = [
        before() | operations_of([each for each in LEVERS if each is not lever]) for lever in LEVERS
    ]
    missed = [(moved, -change) for moved, change in changes(whole, without)]
    unmissed = [lever for lever, (felt, _) in zip(LEVERS, missed, strict=True) if not felt]
    alone = changes(before(), [before() | operations_of([lever]) for lever in unmissed])
    found = dict(zip([lever.clauses[0] for lever in LEVERS], missed, strict=True))
    return found | dict(zip([lever.clauses[0] for lever in unmissed], alone, strict=True))


# What takes from households, and why the plan wants it all the same.
TAKES = {
    "path.10.pension_participation": "contributions now, a pension later",
    "group.6.17.pension_hukou_limit": "contributions now, a pension later",
    "group.6.17.work_injury_single": "premiums; payments after accidents are left out",
    "group.6.17.commercial_insurance": "premiums; payments after accidents are left out",
}

# The same sum shared out among other people.
SHARES_OUT = {"group.5.12.village_dividend_share"}


@pytest.mark.slow  # quick: the rare levers below, each by one person
@pytest.mark.parametrize("clause", [lever.clauses[0] for lever in LEVERS])
def test_what_coverage_says_is_what_households_feel(clause: str) -> None:
    moved, change = changes_in_the_city()[clause]
    if STATUS.get(clause) not in ACTS:
        assert not moved
    elif clause not in DESIGNED:
        assert moved
        if clause not in SHARES_OUT:
            assert change < 0 if clause in TAKES else change > 0


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
    assert new > old


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
