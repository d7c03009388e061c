"""Charity as a transfer that balances: what the well-off add is what hardship households get.

Gifts made already stay gifts to the charities there are. Only what the levers add goes into the
pot, less overhead. Charity is given after public assistance and is no countable income for it.
"""

from __future__ import annotations

from olive.engine import household_rule, household_sum, maximum, person_rule, population_sum, where


@person_rule(unit="yuan/year", zh="税前市场收入（本人）")
def market_income_of_person(wage, labour_remuneration, business_income):
    """Wage, remuneration and positive operating income of the person, before tax."""
    return wage + labour_remuneration + maximum(business_income, 0.0)


market_income = household_sum("market_income_of_person", zh="税前市场收入（全户）")


@person_rule(unit="yuan/year", zh="新增公益捐赠（本人）", clause="path.12.charity_system")
def added_donation(
    donations,
    market_income_of_person,
    market_income,
    donation_response,
    top_donation_rate,
    top_donation_income_line,
):
    """Donations that the plan adds: existing ones grow, and well-off households give a share.

    A household gives from the part of its market income above the line, each earner in proportion
    to what he or she earns.

    Source: clauses path.12.charity_system and path.9.charity_tax_relief.
    """
    above = maximum(market_income - top_donation_income_line, 0.0)
    part = where(market_income > 0, market_income_of_person / maximum(market_income, 1.0), 0.0)
    return donations * donation_response + above * part * top_donation_rate


@person_rule(unit="yuan/year", zh="公益捐赠（方案后，本人）", clause="path.9.charity_tax_relief")
def charitable_donations(donations, added_donation):
    """All donations of the person; up to the limit they lower taxable income.

    Source: Individual Income Tax Law, article 6; 财政部 税务总局公告 2019 年第 99 号.
    """
    return donations + added_donation


added_donations = household_sum("added_donation", zh="新增公益捐赠（全户）")
charity_pot = population_sum("added_donations", zh="全市新增公益捐赠")


@household_rule(unit="1", zh="慈善帮扶人数")
def charity_members(
    receives_dibao, dibao_marginal_household, tekun, household_size, charity_to_marginal_households
):
    """Members of hardship households: on dibao or tekun, or just above dibao."""
    marginal = dibao_marginal_household & charity_to_marginal_households
    return where(receives_dibao | marginal | (tekun > 0), household_size, 0.0)


all_charity_members = population_sum("charity_members", zh="全市慈善帮扶人数")


@household_rule(
    unit="yuan/year",
    zh="慈善帮扶",
    clause="path.12.charity_system",
    role="cash_benefit",
    payer="charity",
)
def charity_received(charity_members, all_charity_members, charity_pot, charity_overhead_rate):
    """Equal share of the pot for each member of a hardship household, after overhead.

    Source: clause path.12.charity_system; equal shares are a named assumption.
    """
    each = charity_pot * (1.0 - charity_overhead_rate) / maximum(all_charity_members, 1.0)
    return charity_members * each
