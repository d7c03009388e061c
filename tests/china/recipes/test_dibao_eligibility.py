"""The yardstick of need that weights are calibrated with, by hand and beside the law."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.china.columns import catalogue
from olive.china.recipes.dibao_eligibility import (
    KIN_INCOMES,
    KIN_RANKS,
    claim_draws,
    contributions,
    kin_draws,
    needy_households,
)
from olive.population import Population

# Yuan a head; without an income of children elsewhere nothing is presumed to come from them.
LINES = np.array([12_500.0, 24_000.0, 0.0])


def code(column: str, name: str) -> int:
    return catalogue()[column].codes.index(name)


def old_woman(**changes) -> tuple[dict, dict, np.ndarray, np.ndarray]:
    """A woman of 70 without an employee pension who lives alone on 5,000 yuan of support."""
    households = {
        "household_id": 0,
        "support_from_kin": True,
        "private_transfers_received": 5_000.0,
        "collective": False,
        "financial_assets": 20_000.0,
        "vehicles": 0,
        "business_premises": False,
        "dwellings": 1,
        "floor_area": 60.0,
        "received_dibao_last_year": False,
    }
    persons = {
        "age": 70,
        "employee_pension": 0.0,
        "resident_personal_account": 600.0,
        "contractual_wage": 0.0,
        "labour_remuneration": 0.0,
        "operating_income": 0.0,
        "months_worked": 0,
        "flexible_base_ratio": 0.0,
        "pension_scheme": code("pension_scheme", "none"),
        "medical_scheme": code("medical_scheme", "resident"),
        "disability_grade": 0,
        "mental_disability": False,
        "serious_illness": False,
        "hukou": code("hukou", "local_rural"),
    }
    cash = changes.pop("cash", 5_000.0)
    for name, value in changes.items():
        (persons if name in persons else households)[name] = value
    return (
        {name: np.array([value]) for name, value in households.items()},
        {name: np.array([value]) for name, value in persons.items()},
        np.array([0, 1]),
        np.array([cash]),
    )


@pytest.mark.parametrize(
    ("changes", "needy", "others"),
    [
        ({}, True, 0),  # 5,000 + 600 + 2,100 - 615 = 7,085 yuan, below 12,500
        ({"cash": 10_414.0}, True, 0),  # 12,499
        ({"cash": 10_416.0}, False, 0),  # 12,501
        ({"cash": 10_416.0, "received_dibao_last_year": True}, False, 1),
        ({"financial_assets": 50_000.0}, False, 0),
        ({"vehicles": 1}, False, 0),
        ({"business_premises": True}, False, 0),
        ({"dwellings": 2}, False, 0),  # 60 m2 for one person is not small
        ({"dwellings": 2, "floor_area": 54.0}, True, 0),
        ({"hukou": code("hukou", "migrant")}, False, 0),
        ({"collective": True}, False, 0),
        ({"support_from_kin": False}, False, 0),  # nobody able to support her: tekun
        ({"support_from_kin": False, "age": 50}, True, 0),
    ],
)
def test_need_by_hand(changes, needy, others):
    found = needy_households(*old_woman(**changes), LINES)
    assert (bool(found.needy[0]), found.others[0]) == (needy, others)


def test_what_is_lacking():
    # 12,500 - 7,085, see above
    assert needy_households(*old_woman(), LINES).lacking.tolist() == [5_415.0]
    assert needy_households(*old_woman(vehicles=1), LINES).lacking.tolist() == [0.0]


def test_support_that_is_presumed_counts_where_it_is_more():
    """Ten thousand old women: all children have the same 54,000 yuan, or are as many draw.

    30 % of 54,000 x multiple - 24,000 is presumed, at least the 5,000 that come. By rank the
    multiples rise through 0.777 at the middle: (41,958 - 24,000) x 0.3 = 5,387, so 7,085 - 5,000 +
    5,387 = 7,472, still below 12,500. She leaves when 10,415 is presumed: 58,717 / 54,000 = 1.087,
    at rank 0.5 + 0.2 x (1.087 - 0.777) / (1.212 - 0.777) = 0.643.
    """
    households, persons, _, cash = old_woman()
    many = 10_000
    households = {name: np.repeat(values, many) for name, values in households.items()}
    households["household_id"] = np.arange(many)
    persons = {name: np.repeat(values, many) for name, values in persons.items()}
    lines = np.array([12_500.0, 24_000.0, 54_000.0])
    found = needy_households(households, persons, np.arange(many + 1), np.repeat(cash, many), lines)
    assert found.needy.mean() == pytest.approx(0.643, abs=0.02)


def test_disabled_adults_may_claim_alone():
    """Two adults with 36,000 yuan a year earned by one: 36,000 - 615 - 615 makes 17,385 a head.

    The other, severely disabled, has -615 of his own: he may claim, unless his disability is mild.
    """
    households, persons, _, _ = old_woman()
    persons = {name: np.repeat(values, 2) for name, values in persons.items()}
    persons["age"] = np.array([45, 44])
    persons["resident_personal_account"] = np.zeros(2)
    persons["operating_income"] = np.array([36_000.0, 0.0])
    for grade, expected in ((2, 1.0), (3, 0.0)):
        persons["disability_grade"] = np.array([0, grade])
        found = needy_households(households, persons, np.array([0, 2]), np.array([36_000.0]), LINES)
        assert not found.needy[0]
        assert found.others[0] == expected


def test_draws_and_entitlement_are_the_laws():
    """The claim draw is the law's own; nearly all who are entitled are needy by the yardstick."""
    city = Population.synthetic(20_000, seed=5)
    outputs = ["dibao_take_up_draw", "dibao_entitlement", "social_contributions"]
    outputs += ["kin_income_draw", "kin_income_per_head"]
    result = olive.simulate(city, olive.law(year=2023), outputs=outputs)
    arrays = city.arrays()
    number = np.arange(len(city))
    assert (result.values("dibao_take_up_draw") == claim_draws(number)).all()
    assert (result.values("kin_income_draw") == kin_draws(number)).all()
    # the income of children elsewhere is read off the law's own curve
    average = olive.law(year=2023).values["income_per_head"].vector()[0]
    curve = np.interp(kin_draws(number), KIN_RANKS, KIN_INCOMES) * average
    assert result.values("kin_income_per_head") == pytest.approx(curve, rel=1e-3, abs=1.0)
    paid = contributions(arrays.persons)
    law = result.values("social_contributions")
    assert paid.mean() == pytest.approx(law.mean(), rel=0.05)
    entitled = np.add.reduceat(result.values("dibao_entitlement") > 0, arrays.starts[:-1])
    cash = np.add.reduceat(
        arrays.persons["contractual_wage"].astype(float)
        + arrays.persons["labour_remuneration"]
        + arrays.persons["operating_income"]
        + arrays.persons["employee_pension"],
        arrays.starts[:-1],
    )
    for name in (
        "interest_income",
        "dividend_income",
        "rental_income",
        "land_income",
        "collective_dividend",
        "private_transfers_received",
    ):
        cash = cash + arrays.households[name]
    cash = cash - arrays.households["private_transfers_paid"]
    owned = {**arrays.households, "household_id": number}
    lines = np.array([LINES[0], LINES[1], average])
    found = needy_households(owned, arrays.persons, arrays.starts, cash, lines)
    predicted = found.needy * city.size + found.others
    assert np.corrcoef(predicted, entitled)[0, 1] > 0.9
