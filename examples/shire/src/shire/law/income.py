"""Disposable income."""

from __future__ import annotations

from olive.engine import (
    household_count,
    household_rule,
    household_sum,
    person_rule,
    sum_of_role,
)


@person_rule(unit="bool", zh="成员", en="Member")
def is_member(age):
    """Everybody in the table."""
    return age >= 0


@person_rule(unit="bool", zh="自营者", en="Self-employed")
def is_self_employed(profit):
    """Who has a profit."""
    return profit > 0.0


@person_rule(unit="florin/year", zh="市场收入（每人）", en="Market income of the person")
def earnings(wage, profit):
    """Wage and profit."""
    return wage + profit


household_size = household_count("is_member", zh="家庭人口数", en="Size of the household")
market_income = household_sum("earnings", zh="市场收入", en="Market income")
# Benefits, taxes and contributions of a reform are counted too: sums follow the roles.
benefits = sum_of_role("cash_benefit", unit="florin/year", zh="现金转移支付", en="Cash benefits")
taxes = sum_of_role("tax", unit="florin/year", zh="税收", en="Taxes")
contributions = sum_of_role(
    "contribution", unit="florin/year", payer="household", zh="个人缴费", en="Contributions paid"
)


@household_rule(unit="florin/year", zh="可支配收入", en="Disposable income")
def disposable_income(market_income, benefits, taxes, contributions):
    """Market income and benefits less taxes and contributions."""
    return market_income + benefits - taxes - contributions
