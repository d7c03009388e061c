"""The yardstick of need that weights are calibrated with, by hand and beside the law."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.columns import catalogue
from olive.population import Population
from olive.population.needy import claim_draws, contributions, needy_households

LINES = np.array([12_500.0, 24_000.0])  # yuan a head


def code(column: str, name: str) -> int:
    return catalogue()[column].codes.index(name)


def old_woman(**changes) -> tuple[dict, dict, np.ndarray, np.ndarray]:
    """A woman of 70 without an employee pension who lives alone on 5,000 yuan of support."""
    households = {
        "support_from_kin": True,
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
        ({"dwellings": 2, "floor_area": 44.0}, True, 0),
        ({"hukou": code("hukou", "migrant")}, False, 0),
        ({"collective": True}, False, 0),
        ({"support_from_kin": False}, False, 0),  # nobody able to support her: tekun
        ({"support_from_kin": False, "age": 50}, True, 0),
    ],
)
def test_need_by_hand(changes, needy, others):
    found, beside = needy_households(*old_woman(**changes), LINES)
    assert (bool(found[0]), beside[0]) == (needy, others)


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
        needy, others = needy_households(
            households, persons, np.array([0, 2]), np.array([36_000.0]), LINES
        )
        assert not needy[0]
        assert others[0] == expected


def test_draws_and_entitlement_are_the_laws():
    """The claim draw is the law's own; nearly all who are entitled are needy by the yardstick."""
    city = Population.synthetic(20_000, seed=5)
    outputs = ["dibao_take_up_draw", "dibao_entitlement", "social_contributions"]
    result = olive.simulate(city, olive.law(year=2023), outputs=outputs)
    arrays = city.arrays()
    owned = {**arrays.households, "household_id": np.arange(len(city))}
    draws = result.values("dibao_take_up_draw")
    assert (draws == claim_draws(owned)).all()
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
    needy, others = needy_households(arrays.households, arrays.persons, arrays.starts, cash, LINES)
    predicted = needy * city.size + others
    assert np.corrcoef(predicted, entitled)[0, 1] > 0.9
