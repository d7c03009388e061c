"""The minimum wage of a place: the notices, and the plan's link to growth."""

from __future__ import annotations

from olive.engine import floor, household_rule, lookup, maximum, where


@household_rule(unit="1", zh="最低工资联动增幅", clause="path.8.min_wage_linkage")
def linked_minimum_wage_growth(
    minimum_wage_gdp_weight,
    minimum_wage_wage_weight,
    gdp_growth_since_adjustment,
    average_wage_growth_since_adjustment,
    years_since_minimum_wage_adjustment,
    minimum_wage_adjustment_interval,
):
    """Growth of the linked minimum wage since the adjustment that the link starts from.

    The weighted growth of the economy and of the average wage, for as many full intervals as
    have passed: with an interval of two years and three years gone by, two thirds of the growth.

    Source: clause path.8.min_wage_linkage; weights and interval are not in its text.
    """
    years = maximum(years_since_minimum_wage_adjustment, 1.0)
    intervals = floor(years_since_minimum_wage_adjustment / minimum_wage_adjustment_interval)
    due = intervals * minimum_wage_adjustment_interval / years
    of_wages = minimum_wage_wage_weight * average_wage_growth_since_adjustment
    return (minimum_wage_gdp_weight * gdp_growth_since_adjustment + of_wages) * due


@household_rule(unit="yuan/year", zh="联动后的最低工资标准", clause="path.8.min_wage_linkage")
def linked_minimum_wage(
    linked_minimum_wage_growth,
    linked_minimum_wage_start,
    minimum_wage_rounding,
    minimum_wage_group,
    county,
):
    """Linked full-time minimum wage of the county, to the nearest step of the notices.

    Source: clause path.8.min_wage_linkage.
    """
    start = lookup(linked_minimum_wage_start, lookup(minimum_wage_group, county))
    grown = start * (1.0 + linked_minimum_wage_growth)
    return floor(grown / minimum_wage_rounding + 0.5) * minimum_wage_rounding


@household_rule(unit="yuan/hour", zh="联动后的最低小时工资标准", clause="path.8.min_wage_linkage")
def linked_minimum_hourly_wage(
    linked_minimum_wage_growth,
    linked_minimum_hourly_wage_start,
    minimum_hourly_wage_rounding,
    minimum_wage_group,
    county,
):
    """Linked hourly minimum wage of the county, to the nearest step of the notices.

    Source: clause path.8.min_wage_linkage.
    """
    start = lookup(linked_minimum_hourly_wage_start, lookup(minimum_wage_group, county))
    grown = start * (1.0 + linked_minimum_wage_growth)
    return floor(grown / minimum_hourly_wage_rounding + 0.5) * minimum_hourly_wage_rounding


@household_rule(unit="yuan/year", zh="当地最低工资标准", clause="path.8.min_wage_linkage")
def local_minimum_wage(
    minimum_wage, minimum_wage_group, county, linked_minimum_wage_growth, linked_minimum_wage
):
    """Full-time minimum wage of the county, for a whole year.

    The notice in force; with the link on, the linked level where it is higher.

    Source: 浙政发〔2017〕43号, 〔2021〕22号, 〔2024〕3号 and the city's notices.
    """
    notice = lookup(minimum_wage, lookup(minimum_wage_group, county))
    return where(linked_minimum_wage_growth > 0, maximum(notice, linked_minimum_wage), notice)


@household_rule(unit="yuan/hour", zh="当地最低小时工资标准")
def local_minimum_hourly_wage(
    minimum_hourly_wage,
    minimum_wage_group,
    county,
    linked_minimum_wage_growth,
    linked_minimum_hourly_wage,
):
    """Minimum hourly wage of the county for part-time work.

    Source: the same notices as `local_minimum_wage`.
    """
    notice = lookup(minimum_hourly_wage, lookup(minimum_wage_group, county))
    linked = maximum(notice, linked_minimum_hourly_wage)
    return where(linked_minimum_wage_growth > 0, linked, notice)


@household_rule(unit="1", zh="最低工资较现行标准增幅")
def minimum_wage_increase(
    local_minimum_wage, minimum_wage_of_the_notices, minimum_wage_group, county
):
    """Relative rise of the full-time minimum wage above the notices; 0 when it is not above.

    Source: the notices, see `minimum_wage_of_the_notices`.
    """
    notice = lookup(minimum_wage_of_the_notices, lookup(minimum_wage_group, county))
    return maximum(local_minimum_wage / notice - 1.0, 0.0)
