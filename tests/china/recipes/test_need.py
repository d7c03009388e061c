"""What weights are calibrated to is what the law says: entitlement, income, draws."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.china.households.assistance import KIN_INCOMES, KIN_RANKS
from olive.china.recipes.need import claim_draws, kin_draws, need_of

OUTPUTS = (
    "dibao_take_up_draw",
    "dibao_entitlement",
    "dibao_recipient",
    "kin_income_draw",
    "kin_income_per_head",
    "social_contributions",
    "disposable_income",
)


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(4_000, seed=5)


@pytest.fixture(scope="module")
def law():
    return olive.law(year=2023)


@pytest.fixture(scope="module")
def result(city, law):
    return olive.simulate(city, law, outputs=OUTPUTS)


@pytest.fixture(scope="module")
def need(city, law):
    arrays = city.arrays()
    owned = {**arrays.households, "household_id": np.arange(len(city))}
    return need_of(owned, arrays.persons, arrays.starts, law)


def test_draws_are_the_laws(city, law, result):
    number = np.arange(len(city))
    assert (result.values("dibao_take_up_draw") == claim_draws(number)).all()
    assert (result.values("kin_income_draw") == kin_draws(number)).all()
    # Last year's receipt is drawn with the curve of incomes that the law of this year has.
    average = law.values["income_per_head"].vector()[0]
    curve = np.interp(kin_draws(number), KIN_RANKS, KIN_INCOMES) * average
    assert result.values("kin_income_per_head") == pytest.approx(curve, rel=1e-3, abs=1.0)


def test_everybody_entitled_is_counted_once(city, result, need):
    starts = city.arrays().starts[:-1]
    entitled = np.add.reduceat((result.values("dibao_entitlement") > 0).astype(float), starts)
    assert need.needy + need.others == pytest.approx(entitled)
    amount = np.add.reduceat(result.values("dibao_entitlement"), starts)
    assert (need.lacking <= amount + 1e-9).all()
    assert need.lacking[need.others == 0] == pytest.approx(amount[need.others == 0])


def test_incomes_and_contributions_are_the_laws(result, need):
    assert (need.income == result.values("disposable_income")).all()
    assert (need.contributions == result.values("social_contributions")).all()


def test_recipients_are_the_entitled_who_claim(city, law, result, need):
    """At one rate of take-up everywhere, recipients follow from entitlement and the claim draw."""
    claims = claim_draws(np.arange(len(city))) < law.values["dibao_take_up_rate"].datum
    starts = city.arrays().starts[:-1]
    paid = np.add.reduceat(result.values("dibao_recipient").astype(float), starts)
    assert paid == pytest.approx((need.needy + need.others) * claims)
