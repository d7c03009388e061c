"""Dividends of village collectives: which villages pay, and an equal amount for each member."""

from __future__ import annotations

from olive.engine import household_rule, maximum, population_sum, where


@household_rule(unit="1", zh="村集体成员数")
def village_members(village, household_size):
    """Members of the village collective in the household: all of it, or nobody."""
    return where(village >= 0, household_size, 0.0)


@household_rule(unit="1", zh="已分红村的成员数")
def paid_village_members(village_members, collective_dividend):
    """Members of a village that pays a dividend already."""
    return where(collective_dividend > 0, village_members, 0.0)


all_village_members = population_sum("village_members", zh="全市村集体成员数")
all_paid_village_members = population_sum("paid_village_members", zh="全市已分红村的成员数")
surveyed_village_dividends = population_sum("collective_dividend", zh="全市调查所得村集体分红")


@household_rule(unit="bool", zh="分红村成员户", clause="group.5.12.village_dividend_share")
def in_dividend_village(
    village_members,
    paid_village_members,
    village_draw,
    all_village_members,
    all_paid_village_members,
    dividend_village_share,
):
    """Household of a village that pays: one that did before, or one newly drawn.

    Villages are drawn as a whole, so that in expectation the stated share of members lives in
    villages that pay; that share stands for the share of villages.

    Source: clause group.5.12.village_dividend_share (15 % by 2025).
    """
    missing = dividend_village_share * all_village_members - all_paid_village_members
    without = maximum(all_village_members - all_paid_village_members, 1.0)
    drawn = (village_members > 0) & (village_draw < missing / without)
    return (paid_village_members > 0) | drawn


@household_rule(unit="1", zh="分红村成员数")
def dividend_village_members(in_dividend_village, village_members):
    """Members of the household who share in the dividend of a paying village."""
    return where(in_dividend_village, village_members, 0.0)


all_dividend_village_members = population_sum("dividend_village_members", zh="全市分红村成员数")


@household_rule(
    unit="yuan/year", zh="村集体分红（方案后）", clause="group.5.12.village_dividend_total"
)
def village_dividends(
    collective_dividend,
    dividend_village_members,
    all_dividend_village_members,
    surveyed_village_dividends,
    village_dividend_total,
):
    """Dividend of the village with what lifts the city's total to the plan's.

    What is missing to the total is shared equally among all members of paying villages.

    Source: clause group.5.12.village_dividend_total (1 bn yuan a year by 2025).
    """
    missing = maximum(village_dividend_total - surveyed_village_dividends, 0.0)
    each = missing / maximum(all_dividend_village_members, 1.0)
    added = where(village_dividend_total > 0, dividend_village_members * each, 0.0)
    return collective_dividend + added
