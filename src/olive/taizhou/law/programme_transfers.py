"""Transfers that the plan adds for particular groups: none counts as income for assistance."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_rule,
    household_sum,
    lookup,
    maximum,
    person_rule,
    population_sum,
    sum_of_role,
    where,
)
from olive.engine.purposes import PUBLIC

UNEMPLOYED = code("labour_status", "unemployed")
FISHERY = code("industry", "fishery")
LOCAL_RURAL = code("hukou", "local_rural")

internship_draw = draw("internship", key="person", zh="就业见习随机数")
vessel_draw = draw("fishing_vessel", key="person", zh="渔船随机数")


@person_rule(unit="bool", zh="就业见习对象")
def internship_candidate(labour_status_with_programmes, is_recent_graduate):
    """Graduate of recent years who takes neither a job nor a business of the plan."""
    return (labour_status_with_programmes == UNEMPLOYED) & is_recent_graduate


internship_candidates = population_sum("internship_candidate", zh="全市就业见习对象人数")


@person_rule(unit="yuan/year", zh="就业见习补贴（本人）", clause="group.4.9.internships")
def internship_allowance_of_person(
    internship_candidate,
    internship_draw,
    internship_candidates,
    internships,
    share_of_cumulative_programmes_remaining,
    years_of_yearly_programmes,
    local_minimum_wage,
    internship_allowance_share,
    internship_months,
    months_per_year,
):
    """Allowance of graduates in a placement: a share of the minimum wage for some months.

    One year's placements: what remains of the cumulative number, over the remaining years.

    Source: clause group.4.9.internships (20,000 in 2021-25).
    """
    remaining = internships * share_of_cumulative_programmes_remaining
    places = remaining / maximum(years_of_yearly_programmes, 1.0)
    chosen = internship_candidate & (internship_draw < places / maximum(internship_candidates, 1.0))
    allowance = local_minimum_wage * internship_allowance_share
    return where(chosen, allowance * (internship_months / months_per_year), 0.0)


@person_rule(unit="bool", zh="渔业经营者")
def runs_fishery(runs_farm, industry):
    """Runs a fishing business, breeding included."""
    return runs_farm & (industry == FISHERY)


fishing_businesses = population_sum("runs_fishery", zh="全市渔业经营者人数")


@person_rule(unit="yuan/year", zh="渔业油价补贴（本人）", clause="group.5.14.fuel_subsidy")
def fuel_subsidy_of_person(
    runs_fishery, vessel_draw, fishing_businesses, fishing_vessels, fishery_fuel_subsidy
):
    """Subsidy of those fishing businesses that run a vessel.

    No column tells vessels: as many fishing businesses are drawn as there are vessels.

    Source: clause group.5.14.fuel_subsidy.
    """
    has_vessel = runs_fishery & (vessel_draw < fishing_vessels / maximum(fishing_businesses, 1.0))
    return where(has_vessel, fishery_fuel_subsidy, 0.0)


@person_rule(unit="yuan/year", zh="生态补偿（本人）", clause="path.9.ecological_compensation")
def ecological_compensation_of_person(
    hukou, county, ecological_compensation_per_head, ecological_compensation_to_households
):
    """Share of the compensation of a county that is paid to its rural residents, per head.

    No column holds the town, so the whole rural registered population of a county shares in it.

    Source: clause path.9.ecological_compensation.
    """
    a_head = lookup(ecological_compensation_per_head, county)
    return where(hukou == LOCAL_RURAL, a_head * ecological_compensation_to_households, 0.0)


internship_allowances = household_sum(
    "internship_allowance_of_person", zh="就业见习补贴（全户）", role="cash_benefit"
)
fuel_subsidies = household_sum(
    "fuel_subsidy_of_person", zh="渔业油价补贴（全户）", role="cash_benefit"
)
ecological_compensation = household_sum(
    "ecological_compensation_of_person", zh="生态补偿（全户）", role="cash_benefit"
)


@household_rule(unit="1", zh="扶贫救助基金受助人数")
def relief_fund_members(low_income_rural_household, household_size):
    """Members of low-income rural households."""
    return where(low_income_rural_household, household_size, 0.0)


all_relief_fund_members = population_sum("relief_fund_members", zh="全市扶贫救助基金受助人数")


@household_rule(
    unit="yuan/year", zh="扶贫救助基金", clause="group.8.21.poverty_fund", role="cash_benefit"
)
def relief_fund_payment(relief_fund_members, all_relief_fund_members, relief_fund_total):
    """Equal share of the fund's yearly payments for each member of a low-income rural household.

    Source: clause group.8.21.poverty_fund; equal shares stand for payment by need.
    """
    return relief_fund_members * (relief_fund_total / maximum(all_relief_fund_members, 1.0))


young_lawyer_subsidies = household_sum(
    "young_lawyer_subsidy", zh="困难青年律师补助（全户）", role="cash_benefit"
)

# What stands under no heading of the law: the transfers that the plan, or a reform, adds.
programme_transfers = sum_of_role("cash_benefit", payer=PUBLIC, heading="", zh="方案新增转移支付")
