"""Laws of business, property, transfer, tax and cost levers that no single case can show."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import olive
from olive.engine import Reform, Tables, run_policies

LAW = "2023-01-01"
COUNTIES = (
    "jiaojiang",
    "huangyan",
    "luqiao",
    "linhai",
    "wenling",
    "yuhuan",
    "tiantai",
    "xianju",
    "sanmen",
)
BUSINESS = {
    "guaranteed_loan_balance": 20_000_000_000,
    "guarantee_fee_current": 0.02,
    "guarantee_fee_cap": 0.01,
    "policy_product_share": 0.2,
    "policy_product_fee": 0,
    "exporting_business_share": 0.3,
    "export_insurance_premium": 3_000,
    "platform_premium_cut": dict.fromkeys(COUNTIES, 0.2),
    "own_premium_cut": 0.1,
    "business_loan_rate_cut": 0.005,
    "individual_business_loan_target": 170_000_000_000,
    "business_loan_net_return": 0.03,
    "business_burden_cut": 0.02,
    "farm_productivity_raise": 0.05,
    "fishery_raise": 0.05,
    "precision_help_raise": 0.05,
    "researcher_transfer_income": 5_000,
    "agri_makers": 9_500,
    "quality_farmers": 18_000,
    "farmer_training_return": 0.1,
    "farmer_loans": 100_000_000_000,
    "farm_loan_net_return": 0.02,
    "farm_insurance_premium": 500,
    "farm_insurance_added_subsidy": 0.2,
    "startups_per_year": 3_000,
    "startup_loans_per_year": 300_000_000,
    "startup_loan_interest_subsidy": 0.03,
    "free_premises_share": 0.5,
    "premises_rent": 6_000,
    "startup_one_off_subsidy": 5_000,
}
PROPERTY = {
    "equity_recipients": 20_000,
    "equity_skilled_share": 0.3,
    "equity_gain_per_head": 10_000,
    "union_shareholding_share": 0.1,
    "union_dividend_per_head": 1_000,
    "wealth_service_return": 0.01,
    "idle_houses": 10_000,
    "idle_house_yearly_rent": 12_000,
    "land_equity_raise": 0.1,
    "photovoltaic_adoption": 0.2,
    "photovoltaic_yearly_income": 2_000,
    "dividend_village_share": 0.15,
    "village_dividend_total": 1_000_000_000,
}
TRANSFERS = {
    "donation_response": 0.1,
    "top_donation_rate": 0.02,
    "internships": 20_000,
    "fishery_fuel_subsidy": 10_000,
    "ecological_compensation_per_head": dict.fromkeys(COUNTIES, 100),
    "relief_fund_total": 30_000_000,
    "long_term_care_amount": {
        "able": 0,
        "partly_unable": 2_000,
        "mostly_unable": 6_000,
        "fully_unable": 12_000,
    },
    "long_term_care_cash_share": 0.3,
    "long_term_care_premium": {"employee": 0, "flexible": 0, "resident": 90},
    "additional_deduction_multiplier": 1.5,
    "graduate_startup_relief_take_up": 1,
    "private_pension_participation": 0.2,
    "housing_fund_enrolment": 0.2,
    "housing_fund_employer_part_counted": True,
}
COSTS = {
    "public_rental_take_up": 1,
    "rent_subsidy_per_square_metre": 192,
    "lower_middle_income_line": 40_000,
    "affordable_rental_units": 100_000,
    "affordable_rent_discount": 0.1,
    "monthly_withdrawal_allowed": True,
    "mortgage_interest_cut": 0.1,
    "catastrophic_rate": 0.6,
    "catastrophic_tilt": True,
    "rural_supplement_rate": 0.3,
    "medical_assistance_rate": {"none": 0, "marginal": 0.6, "dibao": 0.7, "tekun": 1},
    "limin_enrolment_rate": 0.5,
    "charity_medical_fund": 20_000_000,
    "free_checkup_value": 300,
    "elder_care_fee_cut": 0.1,
    "childcare_fee_cut": 0.1,
    "tutoring_spending": 3_000,
    "tutoring_spending_cut": 0.5,
    "private_school_fee_gap": 5_000,
    "platform_commercial_premium": 300,
    "platform_commercial_insurance_share": 0.5,
    "legal_aid_value": 200,
}
EVERYTHING = Reform({**BUSINESS, **PROPERTY, **TRANSFERS, **COSTS})


@cache
def city() -> Tables:
    arrays = olive.Population.synthetic(households=3_000, seed=5).arrays()
    return Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)


def values(policy, *variables, seed=0, tables=None, backend="numpy"):
    """Return each variable for every row of the city (or of other tables)."""
    run = run_policies(tables or city(), [policy], list(variables), seed=seed, backend=backend)
    return {name: run.arrays[0, name] for name in variables}


def weights() -> np.ndarray:
    return city().households["weight"]


def of_households(of_persons) -> np.ndarray:
    return np.add.reduceat(np.asarray(of_persons, dtype=np.float64), city().starts[:-1])


def test_at_their_defaults_the_levers_change_nothing():
    same = {
        "business_income": "operating_income",
        "dividends": "dividend_income",
        "rents": "rental_income",
        "land_rents": "land_income",
        "village_dividends": "collective_dividend",
        "charitable_donations": "donations",
        "private_pension_contribution": "private_pension",
        "housing_fund_rate_paid": "housing_fund_rate",
        "care_cost_of_person": "care_expense",
    }
    nothing = (
        "photovoltaic_income",
        "programme_transfers",
        "charity_received",
        "long_term_care_contributions",
        "graduate_startup_relief",
        "supplementary_medical_payments",
        "limin_premiums",
        "commercial_premiums",
        "maintenance_fee",
        "services_in_kind",
    )
    # The city's medical supplement is no lever: it was sold before the plan.
    policy = olive.law(LAW) | Reform({"limin_enrolment_rate": 0})
    found = values(policy, *same, *nothing, "housing_cost", "medical_out_of_pocket_of_person")
    columns = {**city().persons, **city().households}
    for variable, column in same.items():
        np.testing.assert_array_equal(found[variable], columns[column], err_msg=variable)
    for variable in nothing:
        assert not found[variable].any(), variable
    np.testing.assert_array_equal(
        found["housing_cost"], columns["rent_paid"] + columns["mortgage_interest"]
    )
    np.testing.assert_array_equal(
        found["medical_out_of_pocket_of_person"],
        np.maximum(columns["medical_expense"] - columns["medical_reimbursement"], 0),
    )


def test_with_every_lever_on_each_yuan_is_in_one_component():
    """Disposable income is built again from its sources, by hand."""
    persons = (
        "wage",
        "labour_remuneration",
        "housing_fund_contribution",
        "business_income",
        "employee_pension",
        "resident_pension_of_person",
        "unemployment_benefit",
        "individual_income_tax",
        "social_contributions",
        "charitable_donations",
        "long_term_care_contribution",
        "medical_reimbursement",
        "supplementary_medical_payment",
    )
    households = (
        "cash_property_income",
        "imputed_rent",
        "property_income_tax",
        "dibao",
        "tekun",
        "public_subsidies",
        "programme_transfers",
        "charity_received",
        "private_transfers_received",
        "private_transfers_paid",
    )
    outcomes = (
        "wage_income",
        "net_operating_income",
        "net_property_income",
        "net_transfer_income",
        "disposable_income",
    )
    found = values(olive.law(LAW) | EVERYTHING, *persons, *households, *outcomes)
    a_person = {name: of_households(found[name]) for name in persons}
    components = sum(found[name] for name in outcomes[:4])
    np.testing.assert_allclose(components, found["disposable_income"], rtol=0, atol=1e-6)
    received = (
        a_person["wage"]
        + a_person["labour_remuneration"]
        + a_person["business_income"]
        + a_person["employee_pension"]
        + a_person["resident_pension_of_person"]
        + a_person["unemployment_benefit"]
        + a_person["medical_reimbursement"]
        + a_person["supplementary_medical_payment"]
        + found["cash_property_income"]
        + found["imputed_rent"]
        + found["dibao"]
        + found["tekun"]
        + found["public_subsidies"]
        + found["programme_transfers"]
        + found["charity_received"]
        + found["private_transfers_received"]
    )
    paid = (
        a_person["individual_income_tax"]
        + a_person["social_contributions"]
        + a_person["charitable_donations"]
        + a_person["long_term_care_contribution"]
        # The employer's part is counted and goes into the fund; the own part goes there too.
        + a_person["housing_fund_contribution"]
        + found["property_income_tax"]
        + found["private_transfers_paid"]
    )
    np.testing.assert_allclose(found["disposable_income"], received - paid, rtol=0, atol=1e-5)


@pytest.mark.slow  # quick: the plan in test_law_on_both_backends.py
def test_both_backends_agree_with_every_lever_on():
    policy = olive.law(LAW) | EVERYTHING
    every = [name for name, rule in policy.rules.rules.items() if rule.entity is not None]
    plain = values(policy, *every)
    compiled = values(policy, *every, backend="compiled")
    for name in every:
        np.testing.assert_allclose(
            compiled[name].astype(float),
            plain[name].astype(float),
            rtol=1e-9,
            atol=1e-6,
            err_msg=name,
        )


def test_costs_never_touch_disposable_income():
    law = olive.law(LAW) | Reform({"supplementary_payments_counted": False})
    before = values(law, "disposable_income", "income_after_necessary_expenses")
    after = values(law | Reform(COSTS), "disposable_income", "income_after_necessary_expenses")
    np.testing.assert_array_equal(after["disposable_income"], before["disposable_income"])
    changed = after["income_after_necessary_expenses"] != before["income_after_necessary_expenses"]
    assert changed.mean() > 0.1


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 1_000_000),
    st.floats(0, 0.5),
    st.floats(0, 3),
    st.floats(0, 1),
    st.integers(0, 400_000),
)
def test_charity_hands_out_what_it_takes_in(seed, rate, response, overhead, line):
    """On random households, some of them in hardship."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(1, 6, 60)
    persons = int(sizes.sum())
    households = {
        "weight": chance.uniform(1, 50, 60),
        "receives_dibao": np.append(True, chance.random(59) < 0.2),
        "dibao_marginal_household": chance.random(60) < 0.2,
        "tekun": np.zeros(60),
    }
    columns = {
        "person_number": np.concatenate([np.arange(size) for size in sizes]).astype(np.float64),
        "age": np.full(persons, 40.0),
        "wage": chance.exponential(100_000, persons),
        "labour_remuneration": np.zeros(persons),
        "business_income": chance.normal(0, 200_000, persons),
        "donations": chance.exponential(500, persons),
    }
    starts = np.append(0, np.cumsum(sizes)).astype(np.int64)
    tables = Tables(households, columns, starts, np.arange(60, dtype=np.uint64))
    reform = Reform(
        {
            "top_donation_rate": rate,
            "donation_response": response,
            "charity_overhead_rate": overhead,
            "top_donation_income_line": line,
        }
    )
    found = values(olive.law(LAW) | reform, "added_donations", "charity_received", tables=tables)
    taken = (households["weight"] * found["added_donations"]).sum()
    given_out = (households["weight"] * found["charity_received"]).sum()
    assert given_out == pytest.approx(taken * (1 - overhead), rel=1e-9, abs=1e-6)
    helped = households["receives_dibao"] | households["dibao_marginal_household"]
    assert not found["charity_received"][~helped].any()


def test_village_dividends_are_one_billion_a_year_in_fifteen_per_cent_of_villages():
    """The total holds for every seed, the share in expectation over seeds."""
    policy = olive.law(LAW) | Reform(PROPERTY)
    members, shares = [], []
    for seed in range(40):
        found = values(
            policy, "village_dividends", "dividend_village_members", "village_members", seed=seed
        )
        assert (weights() * found["village_dividends"]).sum() == pytest.approx(1e9, rel=1e-9)
        members.append((weights() * found["village_members"]).sum())
        shares.append((weights() * found["dividend_village_members"]).sum() / members[-1])
    # Villages are drawn whole, so one draw scatters; the mean of forty lies within a half point.
    assert np.mean(shares) == pytest.approx(0.15, abs=0.005)


def test_members_of_a_village_are_treated_alike():
    found = values(
        olive.law(LAW) | Reform(PROPERTY),
        "in_dividend_village",
        "village_dividends",
        "dividend_village_members",
    )
    village = city().households["village"]
    surveyed = city().households["collective_dividend"]
    for number in np.unique(village[village >= 0]):
        same = village == number
        assert np.unique(found["in_dividend_village"][same]).size == 1
    inside = found["in_dividend_village"]
    added = (found["village_dividends"] - surveyed)[inside]
    each = added / found["dividend_village_members"][inside]
    assert np.ptp(each) == pytest.approx(0, abs=1e-6)


@pytest.mark.slow  # quick: test_places_in_expectation.py
@pytest.mark.parametrize(
    ("parameter", "value", "variable", "places", "extra"),
    [
        ("idle_houses", 10_000, "idle_house_rent", 10_000, {"idle_house_yearly_rent": 1}),
        # Three thousand in each of two years, of whom seven tenths are still there.
        ("startups_per_year", 3_000, "starts_business", 4_200, {}),
    ],
)
def test_places_are_filled_in_expectation(parameter, value, variable, places, extra):
    """The mean over seeds of the weighted count is the number of places."""
    policy = olive.law(LAW) | Reform({parameter: value, **extra})
    counts = []
    for seed in range(40):
        chosen = values(policy, variable, seed=seed)[variable]
        if chosen.size != weights().size:
            chosen = of_households(chosen)
        counts.append((weights() * chosen).sum())
    spread = np.std(counts) / np.sqrt(len(counts))
    assert spread > 0
    assert abs(np.mean(counts) - places) < 4 * spread


def test_stated_budgets_are_paid_out_to_the_yuan():
    found = values(olive.law(LAW) | EVERYTHING, "relief_fund_payment", "charity_medical_payment")
    assert (weights() * found["relief_fund_payment"]).sum() == pytest.approx(30e6, rel=1e-9)
    paid = (weights() * of_households(found["charity_medical_payment"])).sum()
    assert 0 < paid <= 20e6 * (1 + 1e-9)
