"""Operating income after the plan: levers that raise it, lower its costs, or lend to it.

The surveyed operating income is net of interest, fees and premiums. What the plan saves on these,
and what borrowed capital earns above its interest, is added to it. Raises in per cent act on
positive income only, so that they never deepen a loss.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_rule,
    lookup,
    maximum,
    minimum,
    person_rule,
    population_sum,
    where,
)

INDIVIDUAL_BUSINESS = code("business_type", "individual_business")
FISHERY = code("industry", "fishery")

exporter_draw = draw("exporting_business", key="person", zh="出口小微企业随机数")


@person_rule(unit="yuan", zh="小微企业贷款余额")
def small_business_loan(runs_small_business, business_loan):
    """Outstanding loan of a small business."""
    return where(runs_small_business, business_loan, 0.0)


small_business_loans = population_sum("small_business_loan", zh="全市小微企业贷款余额")


@person_rule(unit="yuan", zh="有担保的贷款余额")
def guaranteed_loan(small_business_loan, small_business_loans, guaranteed_loan_balance):
    """Guaranteed part of the loan: the city's guaranteed balance spread over all such loans."""
    part = minimum(guaranteed_loan_balance / maximum(small_business_loans, 1.0), 1.0)
    return small_business_loan * part


@person_rule(unit="yuan/year", zh="担保费节省", clause="group.3.8.guarantee_fee")
def guarantee_fee_saving(
    guaranteed_loan,
    policy_product_share,
    guarantee_fee_current,
    guarantee_fee_cap,
    policy_product_fee,
):
    """What the cap on guarantee fees saves on the guaranteed part of the loan.

    Fee above the cap on general business; on policy products the lower of cap and their own fee.

    Source: clauses group.3.8.guarantee_fee, group.3.8.policy_product_fee, path.7.policy_guarantee.
    """
    general = minimum(guarantee_fee_current, guarantee_fee_cap)
    product = minimum(general, policy_product_fee)
    paid = general * (1.0 - policy_product_share) + product * policy_product_share
    return guaranteed_loan * (guarantee_fee_current - paid)


@person_rule(unit="yuan/year", zh="出口信用保险费节省", clause="group.3.8.insurance_platform_cut")
def insurance_saving(
    runs_small_business,
    exporter_draw,
    county,
    exporting_business_share,
    export_insurance_premium,
    platform_insured_share,
    platform_premium_cut,
    own_premium_cut,
):
    """What lower premium rates save the exporters among small businesses.

    No column says who exports: a stated share of small businesses is drawn. The cut of the common
    platform differs by county; the rest of the premium is insured by the firm itself.

    Source: clauses group.3.8.insurance_platform_cut (20 %), insurance_north3_cut (35 %) and
    insurance_own_cut (10 %).
    """
    exports = runs_small_business & (exporter_draw < exporting_business_share)
    platform = platform_insured_share * lookup(platform_premium_cut, county)
    cut = platform + (1.0 - platform_insured_share) * own_premium_cut
    return where(exports, export_insurance_premium * cut, 0.0)


@person_rule(unit="yuan/year", zh="贷款利息节省", clause="group.3.8.finance_cost")
def loan_interest_saving(small_business_loan, loan_stock_factor, business_loan_rate_cut):
    """Interest saved on the outstanding loan of a small business, at the city's stock of loans.

    Source: clauses group.3.8.finance_cost and path.7.sme_finance.
    """
    return small_business_loan * loan_stock_factor * business_loan_rate_cut


@person_rule(unit="yuan", zh="个体工商户贷款余额")
def individual_business_loan(business_type, business_loan):
    """Outstanding loan of an individual business."""
    return where(business_type == INDIVIDUAL_BUSINESS, business_loan, 0.0)


individual_business_loans = population_sum("individual_business_loan", zh="全市个体工商户贷款余额")


@person_rule(unit="1", zh="贷款余额调整系数")
def loan_stock_factor(business_loan, individual_business_loans, individual_business_loan_stock):
    """What the loans of the data are multiplied by to meet the stock that is set; 1 without one.

    Surveys miss most business credit: households report it as the firm's or not at all.
    """
    factor = individual_business_loan_stock / maximum(individual_business_loans, 1.0)
    return where((individual_business_loan_stock > 0) & (business_loan > 0), factor, 1.0)


@person_rule(unit="yuan/year", zh="新增经营贷款收益", clause="group.3.8.self_employed_loans")
def added_loan_return(
    individual_business_loan,
    loan_stock_factor,
    individual_business_loans,
    individual_business_loan_stock,
    individual_business_loan_target,
    programme_additionality,
    business_loan_net_return,
):
    """Profit on loans added until the balance of individual businesses reaches its target.

    Loans are no income; what they earn above their interest is. They grow in proportion, and only
    those count that would not be granted without the plan.

    Source: clause group.3.8.self_employed_loans.
    """
    given = individual_business_loan_stock > 0
    stock = where(given, individual_business_loan_stock, individual_business_loans)
    growth = maximum(individual_business_loan_target - stock, 0.0) * programme_additionality
    share = individual_business_loan * loan_stock_factor / maximum(stock, 1.0)
    profit = growth * share * business_loan_net_return
    return where(individual_business_loan_target > 0, profit, 0.0)


@person_rule(unit="1", zh="小微经营增收比例", clause="path.5.burden_reduction")
def small_business_raise(runs_small_business, business_burden_cut):
    """Relative gain of a small business from lower burdens.

    Source: clause path.5.burden_reduction.
    """
    return where(runs_small_business, business_burden_cut, 0.0)


@person_rule(unit="1", zh="农渔经营增收比例", clause="group.5.13.modern_agriculture")
def farm_raise(
    runs_farm,
    industry,
    farm_productivity_raise,
    farm_tourism_raise,
    farm_cooperative_raise,
    fishery_raise,
):
    """Relative gain of a farm from productivity, tourism and cooperation; or of fishing.

    Source: clauses group.5.13.modern_agriculture, group.5.12.income_channels and
    group.5.14.fishers_income.
    """
    farming = farm_productivity_raise + farm_tourism_raise + farm_cooperative_raise
    return where(runs_farm, where(industry == FISHERY, fishery_raise, farming), 0.0)


@household_rule(unit="1", zh="低收入农户增收比例", clause="group.8.20.precision_help")
def low_income_rural_raise(
    low_income_rural_household, precision_help_raise, endogenous_growth_raise
):
    """Relative gain of wages and operating income in low-income rural households.

    Source: clauses group.8.20.precision_help and group.8.21.endogenous.
    """
    raise_together = precision_help_raise + endogenous_growth_raise
    return where(low_income_rural_household, raise_together, 0.0)


@person_rule(unit="yuan/year", zh="科技成果转化收入", clause="group.2.5.transfer_incentive")
def transfer_incentive_income(is_researcher, researcher_transfer_income):
    """Income of employed researchers from the transfer of their results.

    Source: clause group.2.5.transfer_incentive.
    """
    return where(is_researcher, researcher_transfer_income, 0.0)


@person_rule(unit="yuan/year", zh="经营净收入（方案后）")
def business_income(
    operating_income,
    small_business_raise,
    farm_raise,
    farmer_training_raise,
    low_income_rural_raise,
    guarantee_fee_saving,
    insurance_saving,
    loan_interest_saving,
    added_loan_return,
    farm_loan_return,
    farm_insurance_saving,
    startup_income,
    startup_support,
    transfer_incentive_income,
):
    """Net operating income before tax, with everything that the plan adds to it.

    Raises in per cent add up and act on positive income.

    Source: National Bureau of Statistics, definitions: 经营净收入; the clauses of the parts.
    """
    raises = small_business_raise + farm_raise + farmer_training_raise + low_income_rural_raise
    savings = guarantee_fee_saving + insurance_saving + loan_interest_saving + farm_insurance_saving
    returns = added_loan_return + farm_loan_return
    raised = operating_income + maximum(operating_income, 0.0) * raises + savings + returns
    return raised + startup_income + startup_support + transfer_incentive_income
