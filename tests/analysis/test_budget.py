"""Budget and progressivity."""

import numpy as np
import pytest

import olive
from olive.policy.programmes import PROGRAMMES
from olive.simulation import DEFAULT_OUTPUTS
from olive.statistics import gini

TAXES = ["income_taxes", "property_income_tax", "household_social_contributions"]


@pytest.fixture(scope="module")
def kept(city_result):
    return olive.simulate(
        city_result.population,
        city_result.policies,
        outputs=(*DEFAULT_OUTPUTS, *PROGRAMMES, *TAXES, "dibao_entitlement"),
    )


def test_amounts_are_sums_of_weight_times_amount(city_result, kept):
    frame = olive.compare(kept).budget().frame.set_index("programme")
    weight = kept.population.weight
    for name in (*PROGRAMMES, *TAXES):
        for side, policy in (("before", "law"), ("after", "both")):
            amount = kept.values(name, policy)
            row = frame.loc[name]
            assert row[f"amount_{side}"] == pytest.approx(float(weight @ amount), rel=1e-12)
            assert row[f"households_{side}"] == pytest.approx(float(weight @ (amount > 0)))
            if row[f"households_{side}"]:
                each = row[f"amount_{side}"] / row[f"households_{side}"]
                assert row[f"per_household_{side}"] == pytest.approx(each)
    for side in ("before", "after", "change"):
        spending = frame.loc[list(PROGRAMMES), f"amount_{side}"].sum()
        revenue = frame.loc[TAXES, f"amount_{side}"].sum()
        assert frame.loc["all_spending", f"amount_{side}"] == pytest.approx(spending)
        assert frame.loc["all_revenue", f"amount_{side}"] == pytest.approx(revenue)
        assert frame.loc["net_cost", f"amount_{side}"] == pytest.approx(spending - revenue)
    assert frame.loc["dibao", "amount_change"] > 0
    assert frame.loc["income_taxes", "amount_change"] > 0


def test_what_was_not_kept_is_computed_alike(city_result, kept):
    again = olive.compare(city_result).budget().frame
    assert again.equals(olive.compare(kept).budget().frame)


def test_the_change_of_income_is_the_net_cost(kept):
    # Only dibao and the income tax change, so disposable income changes by the net cost.
    weight = kept.population.weight
    change = kept.values("disposable_income", "both") - kept.values("disposable_income", "law")
    frame = olive.compare(kept).budget().frame.set_index("programme")
    assert float(weight @ change) == pytest.approx(frame.loc["net_cost", "amount_change"], rel=1e-9)


def test_take_up_counts_the_entitled(city_result):
    city = city_result.population
    law = olive.law(year=2023) | olive.Reform({"dibao_standard": 40_000})
    none = law | olive.Reform({"dibao_take_up_rate": 0})
    half = law | olive.Reform({"dibao_take_up_rate": 0.5})
    full = law | olive.Reform({"dibao_take_up_rate": 1})
    result = olive.simulate(city, [none, half, full])
    nobody = olive.compare(result, 0, 2).budget().frame.set_index("programme").loc["dibao"]
    some = olive.compare(result, 1, 2).budget().frame.set_index("programme").loc["dibao"]
    assert (nobody["take_up_before"], nobody["take_up_after"]) == (0, 1)
    # Draws are uniform: with n entitled households the share is within 4 standard errors.
    assert abs(some["take_up_before"] - 0.5) < 4 * 0.5 / np.sqrt(some["sample_after"])
    budget = olive.compare(result).budget().frame.set_index("programme")
    assert (
        budget.loc[[name for name in budget.index if name != "dibao"], "take_up_after"].isna().all()
    )


def test_progressivity(kept):
    frame = olive.compare(kept).progressivity().frame
    own = frame[frame["policy"] == "law"].set_index("instrument")
    # The comprehensive income tax rises faster than income, dibao goes to the poor.
    assert own.loc["income_taxes", "kakwani"] > 0
    assert own.loc["dibao", "kakwani"] < 0
    assert own.loc["income_taxes", "average_rate"] > 0 > own.loc["dibao", "average_rate"]
    paid = own.dropna()
    np.testing.assert_allclose(
        paid["redistributive_effect"],
        paid["reynolds_smolensky"] - paid["re_ranking"],
        atol=1e-12,
    )
    np.testing.assert_allclose(
        paid["redistributive_effect"], paid["gini_before"] - paid["gini_after"], atol=1e-12
    )
    assert (paid["re_ranking"] > -1e-12).all()
    # Transfers first, taxes then: the two effects add up to that of both.
    effects = own["redistributive_effect"]
    both = effects["all_spending"] + effects["all_revenue"]
    assert effects["taxes_and_transfers"] == pytest.approx(both, abs=1e-12)
    size = kept.values("household_size", "law")
    income = np.maximum(kept.values("disposable_income", "law") / size, 0)
    expected = gini(income, kept.population.weight * size)
    assert own.loc["taxes_and_transfers", "gini_after"] == pytest.approx(expected, abs=1e-12)


def test_kakwani_and_reynolds_smolensky_are_linked(kept):
    # Kakwani (1977): vertical effect = rate / (1 - rate) x Kakwani, exact without negative incomes.
    frame = olive.compare(kept).progressivity().frame
    own = frame[frame["policy"] == "law"].set_index("instrument").loc["income_taxes"]
    rate = own["average_rate"]
    assert own["reynolds_smolensky"] == pytest.approx(rate / (1 - rate) * own["kakwani"], rel=1e-9)


def test_nothing_paid_is_not_defined(kept):
    frame = olive.compare(kept).progressivity().frame
    own = frame[frame["policy"] == "law"].set_index("instrument")
    nothing = [name for name in PROGRAMMES if not kept.values(name, "law").any()]
    for name in nothing:
        assert own.loc[name, "sample"] == 0
        assert own.loc[name, ["kakwani", "gini_after", "average_rate"]].isna().all()
    assert nothing == ["childcare_subsidy"]  # in force from 2025: 《育儿补贴制度实施方案》
