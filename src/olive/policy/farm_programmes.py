"""Programmes for farmers and fishers: training, loans, insurance; and who is low-income rural."""

from __future__ import annotations

from olive.engine import (
    draw,
    household_any,
    household_rule,
    household_sum,
    maximum,
    person_rule,
    population_sum,
    where,
)
from olive.policy.codes import code

LOCAL_RURAL = code("hukou", "local_rural")

farmer_training_draw = draw("farmer_training", key="person", zh="农民培训随机数")

farm_operators = population_sum("runs_farm", zh="全市农渔业经营者人数")


@person_rule(unit="1", zh="农民培训增收比例", clause="group.5.11.quality_farmers")
def farmer_training_raise(
    runs_farm,
    farmer_training_draw,
    farm_operators,
    agri_makers,
    quality_farmers,
    share_of_cumulative_programmes_remaining,
    farmer_training_return,
):
    """Relative gain of farm operators who become agricultural makers or quality farmers.

    Each operator is chosen with the probability places / operators.

    Source: clauses group.5.11.agri_makers (9,500) and group.5.11.quality_farmers (18,000).
    """
    places = (agri_makers + quality_farmers) * share_of_cumulative_programmes_remaining
    chosen = runs_farm & (farmer_training_draw < places / maximum(farm_operators, 1.0))
    return where(chosen, farmer_training_return, 0.0)


@person_rule(unit="yuan/year", zh="新增农户贷款收益", clause="group.5.13.farmer_loans")
def farm_loan_return(
    runs_farm,
    farm_operators,
    farmer_loans,
    farm_related_loans,
    farm_related_loans_to_households,
    asset_pool_loans,
    share_of_cumulative_programmes_remaining,
    farm_loan_net_return,
):
    """Profit of a farm operator on new loans above their interest, the loans shared equally.

    Source: clauses group.5.13.farmer_loans (100 bn yuan), group.5.13.agri_loans (200 bn yuan,
    the part that goes to households beside those) and path.7.asset_pool_2022 (20 bn yuan).
    """
    cumulative = farmer_loans + farm_related_loans * farm_related_loans_to_households
    loans = cumulative * share_of_cumulative_programmes_remaining + asset_pool_loans
    each = loans / maximum(farm_operators, 1.0)
    return where(runs_farm, each * farm_loan_net_return, 0.0)


@person_rule(unit="yuan/year", zh="农业保险保费补贴", clause="group.5.13.agri_insurance")
def farm_insurance_saving(
    runs_farm, farm_insurance_premium, farm_insurance_coverage, farm_insurance_added_subsidy
):
    """Premium that a higher subsidy spares a farm, on average over insured and uninsured ones.

    Payouts after damage even out over the years and are left out.

    Source: clause group.5.13.agri_insurance.
    """
    saving = farm_insurance_premium * farm_insurance_coverage * farm_insurance_added_subsidy
    return where(runs_farm, saving, 0.0)


@person_rule(unit="yuan/year", zh="调查所得收入（本人）")
def surveyed_income_of_person(
    contractual_wage,
    labour_remuneration,
    operating_income,
    employee_pension,
    resident_personal_account,
):
    """Earnings and pensions of the person as surveyed, before any lever."""
    earned = contractual_wage + labour_remuneration + operating_income
    return earned + employee_pension + resident_personal_account


surveyed_income = household_sum("surveyed_income_of_person", zh="调查所得收入（全户）")


@person_rule(unit="bool", zh="本地农业户籍")
def is_local_rural(hukou):
    """Registered as rural in the city."""
    return hukou == LOCAL_RURAL


has_local_rural_member = household_any("is_local_rural", zh="户内有本地农业户籍人口")


@household_rule(unit="bool", zh="低收入农户", clause="group.8.20.precision_help")
def low_income_rural_household(
    has_local_rural_member,
    surveyed_income,
    household_size,
    low_income_line,
    received_dibao_last_year,
    collective,
):
    """Rural household with little surveyed income per head, or on dibao last year.

    The register of low-income rural households is not in the data; this stands for it.

    Source: clause group.8.20.precision_help; the line is a named assumption.
    """
    poor = (surveyed_income < low_income_line * household_size) | received_dibao_last_year
    return has_local_rural_member & poor & ~collective
