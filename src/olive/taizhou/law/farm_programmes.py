"""Programmes for farmers and fishers: training, loans, insurance."""

from __future__ import annotations

from olive.engine import (
    draw,
    maximum,
    person_rule,
    population_sum,
    where,
)

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
    programme_additionality,
    farmer_training_return,
):
    """Relative gain of farm operators who become agricultural makers or quality farmers.

    Those count who would not without the plan. Each operator is chosen with the probability
    places / operators.

    Source: clauses group.5.11.agri_makers (9,500) and group.5.11.quality_farmers (18,000).
    """
    remaining = (agri_makers + quality_farmers) * share_of_cumulative_programmes_remaining
    places = remaining * programme_additionality
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
    programme_additionality,
    farm_loan_net_return,
):
    """Profit of a farm operator on new loans above their interest, the loans shared equally.

    Only loans that would not be granted without the plan count.

    Source: clauses group.5.13.farmer_loans (100 bn yuan), group.5.13.agri_loans (200 bn yuan,
    the part that goes to households beside those) and path.7.asset_pool_2022 (20 bn yuan).
    """
    cumulative = farmer_loans + farm_related_loans * farm_related_loans_to_households
    loans = cumulative * share_of_cumulative_programmes_remaining + asset_pool_loans
    each = loans * programme_additionality / maximum(farm_operators, 1.0)
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
