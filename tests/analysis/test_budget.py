"""Budget and progressivity."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olive
from olive.analysis.public_purse import instruments_of
from olive.engine import household_rule, where
from olive.errors import DataError
from olive.places import place
from olive.statistics import gini

KINDS = instruments_of([olive.law(year=2023)])
INSTRUMENTS = tuple(name for names in KINDS.values() for name in names)


@pytest.fixture(scope="module")
def kept(city_result):
    return olive.simulate(
        city_result.population,
        city_result.policies,
        outputs=(*place().outputs, *INSTRUMENTS, "dibao_entitlement"),
    )


def test_amounts_are_sums_of_weight_times_amount(city_result, kept):
    frame = olive.compare(kept).budget().frame.set_index("programme")
    weight = kept.population.weight
    for name in INSTRUMENTS:
        for side, policy in (("before", "law"), ("after", "both")):
            amount = kept.values(name, policy)
            row = frame.loc[name]
            assert row[f"amount_{side}"] == pytest.approx(float(weight @ amount), rel=1e-12)
            assert row[f"households_{side}"] == pytest.approx(float(weight @ (amount > 0)))
            if row[f"households_{side}"]:
                each = row[f"amount_{side}"] / row[f"households_{side}"]
                assert row[f"per_household_{side}"] == pytest.approx(each)
    for side in ("before", "after", "change"):
        sums = {
            kind: frame.loc[list(names), f"amount_{side}"].sum() for kind, names in KINDS.items()
        }
        for kind, total in sums.items():
            assert frame.loc[f"all_{kind}", f"amount_{side}"] == pytest.approx(total)
        balance = sums["tax"] + sums["contribution"] + sums["employer"]
        balance -= sums["spending"] + sums["relief"]
        assert frame.loc["public_balance", f"amount_{side}"] == pytest.approx(balance)
    assert frame.loc["dibao", "amount_change"] > 0
    assert frame.loc["income_taxes", "amount_change"] > 0


def test_what_was_not_kept_is_computed_alike(city_result, kept):
    again = olive.compare(city_result).budget().frame
    assert again.equals(olive.compare(kept).budget().frame)


def test_the_change_of_income_is_what_the_public_balance_loses(kept):
    # Only dibao and the income tax change: what households gain, the public purse loses.
    weight = kept.population.weight
    change = kept.values("disposable_income", "both") - kept.values("disposable_income", "law")
    frame = olive.compare(kept).budget().frame.set_index("programme")
    balance = frame.loc["public_balance", "amount_change"]
    assert float(weight @ change) == pytest.approx(-balance, rel=1e-9)


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
    nothing = [name for name in KINDS["spending"] if not kept.values(name, "law").any()]
    for name in nothing:
        assert own.loc[name, "sample"] == 0
        assert own.loc[name, ["kakwani", "gini_after", "average_rate"]].isna().all()
    # In force from 2025 (《育儿补贴制度实施方案》); the others come with the plan. A small city may
    # have nobody who receives some other programme.
    assert set(nothing) >= {
        "childcare_subsidy",
        "internship_allowances",
        "fuel_subsidies",
        "ecological_compensation",
        "relief_fund_payment",
        "young_lawyer_subsidies",
        "long_term_care_cash",
    }


def test_income_holds_every_cash_benefit_and_levy(kept) -> None:
    """Receipts less outlays: cash benefits less what households pay, and what is named here."""
    result = olive.simulate(
        kept.population,
        kept.policies,
        outputs=(
            *INSTRUMENTS,
            *("government_transfers", "transfer_receipts", "transfer_outlays", "benefits_in_kind"),
            *("employee_pensions", "resident_personal_accounts", "charity_received"),
            *("counted_medical_reimbursements", "private_transfers_received"),
            *("private_transfers_paid", "household_donations", "housing_fund_contributions"),
        ),
    )
    for policy in result.labels:

        def added(*names, of=policy):
            return sum(result.values(name, of) for name in names)

        def close(name, *names):
            np.testing.assert_allclose(added(name), added(*names), rtol=1e-12, atol=1e-6)

        close("government_transfers", *KINDS["spending"])
        close("benefits_in_kind", *KINDS["relief"])
        close(
            "transfer_receipts",
            *KINDS["spending"],
            *("employee_pensions", "resident_personal_accounts", "charity_received"),
            *("counted_medical_reimbursements", "private_transfers_received"),
        )
        # The housing fund counts as saving and is not deducted in law.
        levies = (*KINDS["tax"], *KINDS["contribution"])
        fund = added("transfer_outlays") - added(
            *levies, "private_transfers_paid", "household_donations"
        )
        deducted = result.policies[0].values["housing_fund_contribution_deducted"].datum
        expected = added("housing_fund_contributions") * deducted
        np.testing.assert_allclose(fund, expected, rtol=1e-12, atol=1e-6)


def test_every_help_with_costs_is_in_the_budget() -> None:
    """Variables of the cost rules that a clause of the plan brings in, but for what is no help."""
    rules = place().rules
    cost_rules = ("housing_cost", "medical_out_of_pocket_of_person", "care_cost_of_person")
    read = {each for name in cost_rules for each in rules.rules[name].arguments}
    read |= {"services_in_kind"}
    helped = {each for each in read if each in rules.rules and rules.rules[each].clause}
    helped |= {each for each in read if each == "long_term_care_services"}
    no_public_help = {
        "housing_burden_change",  # markets
        "affordable_rental_saving",  # landlords
        "housing_fund_withdrawal",  # own savings
        "own_medical_expense",  # prices and bills
        "care_fees_of_person",  # prices and bills
        "limin_payment",  # commercial insurance
        "charity_medical_payment",
    }
    listed = {"long_term_care_services": "long_term_care_services_of_household"} | dict.fromkeys(
        ("catastrophic_payment", "rural_supplement_payment", "medical_assistance"),
        "supplementary_medical_payments",
    )
    assert {listed.get(each, each) for each in helped - no_public_help} == set(KINDS["relief"])


def test_a_transfer_of_the_plan_costs_what_it_pays(city_result) -> None:
    """The fund for low-income rural households hands out all of it, and the balance falls."""
    law = olive.law(year=2023)
    after = law | olive.Reform({"relief_fund_total": 30e6})
    result = olive.simulate(city_result.population, [law, after])
    frame = olive.compare(result).budget().frame.set_index("programme")
    assert frame.loc["relief_fund_payment", "amount_before"] == 0
    assert frame.loc["relief_fund_payment", "amount_after"] == pytest.approx(30e6, rel=1e-9)
    assert frame.loc["public_balance", "amount_change"] == pytest.approx(-30e6, rel=1e-6)


def test_enrolment_shows_what_employers_pay(city_result) -> None:
    """By hand: every yuan that an employer pays for a newly insured employee is in the balance."""
    law = olive.law(year=2023)
    after = law | olive.Reform({"pension_participation": 0.9})
    result = olive.simulate(
        city_result.population, [law, after], outputs=(*place().outputs, "employer_contributions")
    )
    frame = olive.compare(result).budget().frame.set_index("programme")
    weight = np.repeat(result.population.weight, result.population.size)
    paid = [float(weight @ result.values("employer_contributions", at)) for at in (0, 1)]
    row = frame.loc["employers_social_contributions"]
    assert [row["amount_before"], row["amount_after"]] == pytest.approx(paid)
    assert paid[1] > paid[0]


@household_rule(unit="yuan/year", zh="每户补助", role="cash_benefit")
def flat_grant(household_size):
    """A hundred yuan for every household."""
    return where(household_size > 0, 100.0, 0.0)


@household_rule(unit="yuan/year", zh="房产税", role="tax")
def dwelling_tax(household_size):
    """Thirty yuan for every household."""
    return where(household_size > 0, 30.0, 0.0)


def test_a_reforms_own_rules_are_in_income_and_budget(city_result) -> None:
    """By hand: 100 yuan a household are paid, 30 are taken, whoever it is."""
    law = olive.law(year=2023)
    after = law | olive.Reform(rules=[flat_grant, dwelling_tax], label="grant and tax")
    population = city_result.population
    result = olive.simulate(population, [law, after], outputs=(*place().outputs, "flat_grant"))
    households = float(population.weight.sum())
    comparison = olive.compare(result)
    frame = comparison.budget().frame.set_index("programme")
    assert frame.loc["flat_grant", "kind"] == "spending"
    assert frame.loc["flat_grant", "amount_before"] == 0
    assert frame.loc["flat_grant", "amount_after"] == pytest.approx(100 * households)
    assert frame.loc["dwelling_tax", "amount_after"] == pytest.approx(30 * households)
    assert frame.loc["public_balance", "amount_change"] == pytest.approx(-70 * households)
    change = result.values("disposable_income", 1) - result.values("disposable_income", 0)
    assert float(population.weight @ change) == pytest.approx(70 * households)
    assert comparison.budget().words["programme"]["flat_grant"].zh == "每户补助"
    # What only one policy has a rule for is kept for that one.
    np.testing.assert_array_equal(result.values("flat_grant", 1), np.full(len(population), 100.0))
    with pytest.raises(DataError, match=r"'law 2023' has no rule for 'flat_grant'.*grant and tax"):
        result.values("flat_grant", 0)
    assert [name for _, name in result.households.columns].count("flat_grant") == 1


def test_cost_effectiveness_counts_a_reforms_own_rules(city_result) -> None:
    law = olive.law(year=2023)
    population = city_result.population
    grant = olive.Reform(rules=[flat_grant], label="grant")
    table = olive.cost_effectiveness(population, law, {"grant": grant})
    households = float(population.weight.sum())
    assert table["public_cost"].iloc[0] == pytest.approx(100 * households)
    assert table["income_gain"].iloc[0] == pytest.approx(100 * households)


@pytest.mark.slow  # quick: the rules of a reform in the budget
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(list(KINDS["spending"])), min_size=1, max_size=3, unique=True))
def test_what_replaces_a_benefit_moves_income_and_budget_alike(names) -> None:
    """A law: whichever cash benefits are replaced, the budget pays what disposable income gains."""
    city = olive.Population.synthetic(households=200, seed=1)
    law = olive.law(year=2023)
    flat = [
        household_rule(unit="yuan/year")(
            lambda household_size: where(household_size > 0, 500.0, 0.0)
        )
    ]
    rules = [rule.named(name) for name in names for rule in flat]
    after = law | olive.Reform(rules=rules, label="flat")
    result = olive.simulate(city, [law, after])
    frame = olive.compare(result).budget().frame.set_index("programme")
    change = result.values("disposable_income", 1) - result.values("disposable_income", 0)
    gained = float(city.weight @ change)
    balance = frame.loc["public_balance", "amount_change"]
    assert gained == pytest.approx(-balance, rel=1e-9, abs=1e-3)
    for name in names:
        households = float(city.weight.sum())
        assert frame.loc[name, "amount_after"] == pytest.approx(500 * households)
