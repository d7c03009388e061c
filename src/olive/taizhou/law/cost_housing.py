"""What housing costs after the plan: public and affordable rental, subsidies, the housing fund."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_any,
    household_rule,
    household_sum,
    lookup,
    maximum,
    minimum,
    person_rule,
    population_sum,
    where,
)

MARKET_RENTER = code("tenure", "market_renter")
PUBLIC_RENTER = code("tenure", "public_renter")
LOCAL_URBAN = code("hukou", "local_urban")

public_rental_draw = draw("public_rental", key="household", zh="公租房保障随机数")
waiting_draw = draw("public_rental_waiting", key="household", zh="公租房轮候随机数")
affordable_rental_draw = draw("affordable_rental", key="household", zh="保障性租赁住房随机数")


@person_rule(unit="bool", zh="本地城镇户籍")
def is_local_urban(hukou):
    """Registered as urban in the city."""
    return hukou == LOCAL_URBAN


has_local_urban_member = household_any("is_local_urban", zh="户内有本地城镇户籍人口")


@household_rule(unit="bool", zh="承租住房困难家庭")
def rents_in_need(tenure, floor_area, guaranteed_floor_area, household_size, collective):
    """Market renter with less floor area per head than is guaranteed, in a family household.

    A tenant whose floor area is not known (0) counts as in need.
    """
    crowded = floor_area < guaranteed_floor_area * household_size
    return (tenure == MARKET_RENTER) & crowded & ~collective


@household_rule(unit="bool", zh="公租房保障对象", clause="path.19.public_rental_on_demand")
def public_rental_eligible(
    rents_in_need,
    urban,
    has_local_urban_member,
    receives_dibao,
    dibao_marginal_household,
    public_rental_needs_urban_register,
):
    """Urban low-income family badly housed: on dibao or just above it.

    Source: clauses path.19.public_rental_on_demand and group.9.22.public_rental (urban
    registered families only, by a switch).
    """
    registered = has_local_urban_member | ~public_rental_needs_urban_register
    low_income = receives_dibao | dibao_marginal_household
    return rents_in_need & urban & registered & low_income


@household_rule(unit="bool", zh="中等偏下收入轮候保障对象", clause="path.19.lower_middle_waiting")
def lower_middle_housed(
    rents_in_need,
    urban,
    public_rental_eligible,
    disposable_income_per_capita,
    waiting_draw,
    lower_middle_income_line,
    public_rental_waiting_years,
):
    """Lower-middle-income urban family badly housed whose turn has come.

    Of those who wait, one part in the number of waiting years is served in a year.

    Source: clause path.19.lower_middle_waiting.
    """
    waits = rents_in_need & urban & ~public_rental_eligible
    within = disposable_income_per_capita < lower_middle_income_line
    served = waiting_draw * public_rental_waiting_years < 1.0
    return waits & within & served


@household_rule(
    unit="yuan/year",
    zh="公租房租赁补贴",
    clause="path.19.public_rental_on_demand",
    role="in_kind_benefit",
)
def rent_subsidy(
    public_rental_eligible,
    lower_middle_housed,
    public_rental_draw,
    public_rental_take_up,
    rent_subsidy_per_square_metre,
    guaranteed_floor_area,
    household_size,
    rent_paid,
):
    """Subsidy on the guaranteed floor area, at most the rent paid.

    A public unit is taken to be worth the subsidy. It lowers the cost of housing and is no income.

    Source: clauses path.19.public_rental_on_demand and path.19.lower_middle_waiting.
    """
    claims = public_rental_eligible & (public_rental_draw < public_rental_take_up)
    amount = rent_subsidy_per_square_metre * guaranteed_floor_area * household_size
    return where(claims | lower_middle_housed, minimum(amount, rent_paid), 0.0)


@household_rule(unit="1", zh="保障性租赁住房对象")
def affordable_rental_candidate(tenure, urban, rent_subsidy):
    """Urban market renter without a rent subsidy, as a count (1 or 0)."""
    return where((tenure == MARKET_RENTER) & urban & (rent_subsidy <= 0), 1.0, 0.0)


affordable_rental_candidates = population_sum(
    "affordable_rental_candidate", zh="全市保障性租赁住房对象户数"
)


@household_rule(
    unit="yuan/year", zh="保障性租赁住房租金减让", clause="path.19.affordable_rental_units"
)
def affordable_rental_saving(
    affordable_rental_candidate,
    affordable_rental_candidates,
    affordable_rental_draw,
    affordable_rental_units,
    new_housing_units,
    affordable_share_of_new_housing,
    county,
    share_of_cumulative_programmes_remaining,
    affordable_rent_discount,
    rent_paid,
):
    """Discount of tenants who move to affordable rental housing.

    The plan's number of units, or the stated share of new housing in the county where that gives
    a higher chance to get one. New housing is counted per candidate household.

    Source: clauses path.19.affordable_rental_units (100,000), group.9.22.affordable_share_city
    (30 %) and group.9.22.affordable_share_counties (15 %).
    """
    candidates = maximum(affordable_rental_candidates, 1.0)
    by_units = affordable_rental_units / candidates
    by_share = new_housing_units * lookup(affordable_share_of_new_housing, county) / candidates
    chance = maximum(by_units, by_share) * share_of_cumulative_programmes_remaining
    moves = affordable_rental_draw < affordable_rental_candidate * chance
    return where(moves, rent_paid * affordable_rent_discount, 0.0)


@household_rule(unit="bool", zh="城镇住房保障受益", clause="path.19.housing_coverage")
def has_housing_support(urban, tenure, rent_subsidy, affordable_rental_saving):
    """Urban household in public rental, with a rent subsidy, or in affordable rental housing.

    Its share among urban households is the coverage that the plan wants at 23 %; the plan states
    neither the denominator nor which programmes count.

    Source: clause path.19.housing_coverage.
    """
    supported = (tenure == PUBLIC_RENTER) | (rent_subsidy > 0) | (affordable_rental_saving > 0)
    return urban & supported


@person_rule(unit="yuan/year", zh="住房公积金缴存额（本人和单位）")
def housing_fund_inflow_of_person(housing_fund_contribution):
    """What flows into the account: the employer pays as much as the employee."""
    return housing_fund_contribution * 2.0


housing_fund_inflow = household_sum("housing_fund_inflow_of_person", zh="住房公积金缴存额（全户）")


@household_rule(unit="yuan/year", zh="租房按月提取公积金", clause="path.19.monthly_withdrawal")
def housing_fund_withdrawal(
    tenure, housing_fund_inflow, rent_paid, monthly_withdrawal_allowed, monthly_withdrawal_cap
):
    """Housing fund drawn for rent as it comes in: cash relief, no income.

    At most what flows in, the rent, and the cap.

    Source: clause path.19.monthly_withdrawal.
    """
    amount = minimum(minimum(housing_fund_inflow, rent_paid), monthly_withdrawal_cap)
    return where((tenure == MARKET_RENTER) & monthly_withdrawal_allowed, amount, 0.0)


@household_rule(unit="yuan/year", zh="租金和房贷负担变动", clause="path.19.housing_burden")
def housing_burden_change(rent_paid, mortgage_interest, rent_level_change, mortgage_interest_cut):
    """Change of rents and of mortgage interest when levels change, negative when they fall.

    Source: clause path.19.housing_burden.
    """
    return rent_paid * rent_level_change - mortgage_interest * mortgage_interest_cut
