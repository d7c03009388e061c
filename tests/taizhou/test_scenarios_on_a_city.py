"""The three scenarios on a synthetic city: they run, books balance, and the order is plausible."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.places.plan import SCENARIOS

PERSON_RECEIPTS = ("wage", "labour_remuneration", "business_income", "unemployment_benefit")
HOUSEHOLD_RECEIPTS = (
    "interest_income",
    "dividends",
    "village_dividends",
    "rents",
    "land_rents",
    "photovoltaic_income",
    "imputed_rent",
    "employee_pensions",
    "resident_pensions",
    "dibao",
    "tekun",
    "public_subsidies",
    "programme_transfers",
    "charity_received",
    "private_transfers_received",
    "medical_reimbursements",
    "supplementary_medical_payments",
)
PERSON_OUTLAYS = (
    "individual_income_tax",
    "social_contributions",
    "housing_fund_contribution",
    "charitable_donations",
)
HOUSEHOLD_OUTLAYS = (
    "property_income_tax",
    "private_transfers_paid",
    "long_term_care_contributions",
)
COLUMNS = (
    "interest_income",
    "imputed_rent",
    "private_transfers_received",
    "private_transfers_paid",
    "labour_remuneration",
)


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=600, seed=2)


@pytest.fixture(scope="module")
def result(city):
    law = olive.law(year=2023)
    policies = [(law | olive.plan.scenario(name)).renamed(name) for name in SCENARIOS]
    names = PERSON_RECEIPTS + HOUSEHOLD_RECEIPTS + PERSON_OUTLAYS + HOUSEHOLD_OUTLAYS
    outputs = ["disposable_income", *(name for name in names if name not in COLUMNS)]
    return olive.simulate(city, policies, outputs=outputs)


@pytest.mark.parametrize("name", SCENARIOS)
def test_books_of_every_household_balance_to_the_yuan(city, result, name) -> None:
    """Income is every receipt less every outlay, summed here person by person."""
    arrays = city.arrays()

    def figure(variable: str) -> np.ndarray:
        if variable in COLUMNS:
            table = arrays.persons if variable in arrays.persons else arrays.households
            return table[variable]
        return result.values(variable, name)

    def of_household(variables: tuple[str, ...], *, persons: bool) -> np.ndarray:
        total = np.sum([figure(variable) for variable in variables], axis=0)
        return np.add.reduceat(total, arrays.starts[:-1]) if persons else total

    received = of_household(PERSON_RECEIPTS, persons=True)
    received = received + of_household(HOUSEHOLD_RECEIPTS, persons=False)
    paid = of_household(PERSON_OUTLAYS, persons=True)
    paid = paid + of_household(HOUSEHOLD_OUTLAYS, persons=False)
    assert result.values("disposable_income", name) == pytest.approx(received - paid, abs=0.5)


def test_scenarios_differ_and_the_whole_plan_gives_most(city, result) -> None:
    weight = city.weight
    frozen, letter, whole = (
        float((weight * result.values("disposable_income", name)).sum()) for name in SCENARIOS
    )
    assert frozen != letter
    assert letter < whole


@pytest.mark.parametrize("name", SCENARIOS)
def test_higher_floors_lower_nobody_in_any_scenario(city, name) -> None:
    """Assistance never falls with the dibao standard, nor a gross wage with the minimum wage.

    The first holds where a family takes the larger of its possible claims, as it does by default.
    Only the exit amount is set aside here: a family that has just left dibao keeps one that may
    exceed the gap of a family still below the line. The second holds where no job is lost.
    """
    base = olive.law(year=2023) | olive.plan.scenario(name)
    base = base | olive.Reform({"minimum_wage_finding": 0, "dibao_exit_share": 0})
    higher = [
        base | olive.Reform(multiply={"dibao_standard": 1.2}),
        base | olive.Reform(multiply={"minimum_wage": 1.2}),
    ]
    outputs = ["social_assistance", "wage"]
    result = olive.simulate(city, [base, *higher], outputs=outputs)
    assistance = [result.values("social_assistance", place) for place in (0, 1)]
    wages = [result.values("wage", place) for place in (0, 2)]
    for before, after in (assistance, wages):
        assert (after >= before - 0.005).all()
        assert after.sum() > before.sum()
