"""Housing fund contributions of employees."""

from __future__ import annotations

from olive.engine import clip, person_rule, where


@person_rule(unit="yuan/year", zh="住房公积金缴存基数")
def housing_fund_base(
    wage,
    local_minimum_wage,
    housing_fund_average_wage,
    housing_fund_cap_multiple,
    share_of_year_worked,
):
    """Wage that housing fund contributions are counted on.

    At least the local minimum wage, at most three times the average wage, for the months worked.
    This year's wage stands for the wage of the year before.

    Source: 《住房公积金管理条例》 article 16; 建金管〔2005〕5号.
    """
    cap = housing_fund_average_wage * housing_fund_cap_multiple * share_of_year_worked
    return where(wage > 0, clip(wage, local_minimum_wage * share_of_year_worked, cap), 0.0)


@person_rule(unit="yuan/year", zh="住房公积金个人缴存", clause="path.19.housing_fund_extension")
def housing_fund_contribution(housing_fund_base, housing_fund_rate):
    """Person's own housing fund contribution; the employer adds the same amount.

    Source: 《住房公积金管理条例》 articles 16 and 18 (5 to 12 % of the base).
    """
    return housing_fund_base * housing_fund_rate
