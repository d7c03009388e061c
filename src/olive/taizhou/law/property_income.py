"""Property income after the plan: dividends, rents, land, the village, roofs with solar panels."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_rule,
    household_sum,
    maximum,
    person_rule,
    population_sum,
    where,
)

OWNER = code("tenure", "owner")
OWNER_WITH_MORTGAGE = code("tenure", "owner_with_mortgage")

equity_draw = draw("equity_incentive", key="person", zh="股权激励随机数")
union_draw = draw("union_dividend", key="person", zh="工会入股分红随机数")
village_draw = draw("village_dividend", key="village", zh="分红村随机数")
idle_house_draw = draw("idle_house", key="household", zh="闲置农房随机数")
wealth_service_draw = draw("wealth_service", key="household", zh="理财服务随机数")
photovoltaic_draw = draw("rooftop_photovoltaics", key="household", zh="屋顶光伏随机数")


skilled_employees = population_sum("is_skilled_employee", zh="全市受雇技术工人人数")


@person_rule(unit="yuan/year", zh="股权激励收益（本人）", clause="group.1.3.equity_incentive_share")
def equity_gain_of_person(
    is_skilled_employee,
    equity_draw,
    skilled_employees,
    equity_recipients,
    equity_skilled_share,
    equity_skilled_share_now,
    equity_gain_per_head,
):
    """Yearly gain of skilled workers newly included in the equity incentives of listed firms.

    The share of skilled workers rises to its target among a fixed number of recipients. No column
    says who works for a listed firm, so all skilled employees are candidates.

    Source: clause group.1.3.equity_incentive_share (30 % by 2025).
    """
    added = equity_recipients * maximum(equity_skilled_share - equity_skilled_share_now, 0.0)
    chosen = is_skilled_employee & (equity_draw < added / maximum(skilled_employees, 1.0))
    return where(chosen, equity_gain_per_head, 0.0)


@person_rule(unit="yuan/year", zh="工会入股分红（本人）", clause="group.1.3.union_dividend")
def union_dividend_of_person(
    is_skilled_employee, union_draw, union_shareholding_share, union_dividend_per_head
):
    """Dividend of skilled workers whose union holds shares of the firm.

    Source: clause group.1.3.union_dividend.
    """
    holds = is_skilled_employee & (union_draw < union_shareholding_share)
    return where(holds, union_dividend_per_head, 0.0)


@person_rule(
    unit="yuan/year", zh="IPO战略配售收益（本人）", clause="group.1.3.ipo_strategic_placement"
)
def placement_gain_of_person(is_skilled_employee, placement_gain_per_head, holding_gains_counted):
    """Gain on shares placed with skilled workers, only where holding gains count as income.

    The statistical bureau leaves holding gains out.

    Source: clause group.1.3.ipo_strategic_placement.
    """
    return where(is_skilled_employee & holding_gains_counted, placement_gain_per_head, 0.0)


equity_gains = household_sum("equity_gain_of_person", zh="股权激励收益（全户）")
union_dividends = household_sum("union_dividend_of_person", zh="工会入股分红（全户）")
placement_gains = household_sum("placement_gain_of_person", zh="IPO战略配售收益（全户）")


@household_rule(unit="yuan/year", zh="理财服务增收", clause="path.7.wealth_services")
def wealth_service_gain(
    financial_assets,
    surveyed_income,
    wealth_service_draw,
    wealth_service_income_line,
    wealth_service_take_up,
    wealth_service_return,
):
    """Higher return on the assets of those households below an income line who use the services.

    Source: clause path.7.wealth_services.
    """
    uses = wealth_service_draw < wealth_service_take_up
    reached = (surveyed_income < wealth_service_income_line) & uses
    return where(reached, financial_assets * wealth_service_return, 0.0)


@household_rule(unit="yuan/year", zh="股息红利和投资收益（方案后）")
def dividends(dividend_income, equity_gains, union_dividends, placement_gains, wealth_service_gain):
    """Dividends and investment income with what the plan adds.

    Source: National Bureau of Statistics, definitions: 财产净收入; the clauses of the parts.
    """
    return dividend_income + equity_gains + union_dividends + placement_gains + wealth_service_gain


@household_rule(unit="1", zh="可盘活闲置农房户")
def idle_house_candidate(village, dwellings, collective):
    """Village household with a second dwelling, as a count (1 or 0)."""
    return where((village >= 0) & (dwellings > 1) & ~collective, 1.0, 0.0)


idle_house_candidates = population_sum("idle_house_candidate", zh="全市可盘活闲置农房户数")


@household_rule(unit="yuan/year", zh="盘活闲置农房租金", clause="group.5.12.idle_houses")
def idle_house_rent(
    idle_house_candidate,
    idle_house_draw,
    idle_house_candidates,
    idle_houses,
    idle_houses_already_let,
    idle_house_yearly_rent,
    idle_house_owner_share,
):
    """Rent of the owner for an idle rural house put to use.

    The plan's number is a stock, so houses let before count into it.

    Source: clauses group.5.12.idle_houses (10,000 by 2025) and group.5.12.homestead.
    """
    places = maximum(idle_houses - idle_houses_already_let, 0.0)
    chance = idle_house_candidate * places / maximum(idle_house_candidates, 1.0)
    rent = idle_house_yearly_rent * idle_house_owner_share
    return where(idle_house_draw < chance, rent, 0.0)


@household_rule(unit="yuan/year", zh="出租房屋净收入（方案后）")
def rents(rental_income, idle_house_rent):
    """Rent from letting dwellings, idle rural houses included."""
    return rental_income + idle_house_rent


@household_rule(unit="yuan/year", zh="土地经营权收入（方案后）", clause="group.5.12.land_equity")
def land_rents(land_income, land_equity_raise):
    """Income from contracted land, with the gain from bringing it into firms as equity.

    No column holds the area, so the gain is relative to the rent received now.

    Source: clause group.5.12.land_equity.
    """
    return land_income * (1.0 + land_equity_raise)


@household_rule(unit="yuan/year", zh="屋顶光伏收入", clause="group.5.12.rooftop_pv")
def photovoltaic_income(
    village, tenure, photovoltaic_draw, photovoltaic_adoption, photovoltaic_yearly_income
):
    """Income from a solar roof, of village households in their own house; not taxed.

    Source: clause group.5.12.rooftop_pv.
    """
    owns = (tenure == OWNER) | (tenure == OWNER_WITH_MORTGAGE)
    adopts = (village >= 0) & owns & (photovoltaic_draw < photovoltaic_adoption)
    return where(adopts, photovoltaic_yearly_income, 0.0)
