"""Housing fund contributions of employees."""

from __future__ import annotations

from olive.engine import clip, draw, person_rule, where

housing_fund_draw = draw("housing_fund_enrolment", key="person", zh="住房公积金扩面随机数")


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


@person_rule(unit="1", zh="住房公积金缴存比例（方案后）", clause="path.19.housing_fund_extension")
def housing_fund_rate_paid(
    housing_fund_rate, housing_fund_draw, housing_fund_enrolment, housing_fund_lowest_rate
):
    """Contribution rate, that of new members being the lowest.

    Source: clause path.19.housing_fund_extension.
    """
    enrols = (housing_fund_rate <= 0) & (housing_fund_draw < housing_fund_enrolment)
    return where(enrols, housing_fund_lowest_rate, housing_fund_rate)


@person_rule(unit="yuan/year", zh="住房公积金个人缴存", clause="path.19.housing_fund_extension")
def housing_fund_contribution(housing_fund_base, housing_fund_rate_paid):
    """Person's own housing fund contribution; the employer adds the same amount.

    Source: 《住房公积金管理条例》 articles 16 and 18 (5 to 12 % of the base).
    """
    return housing_fund_base * housing_fund_rate_paid
