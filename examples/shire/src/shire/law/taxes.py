"""Income tax and the social contribution."""

from __future__ import annotations

from olive.engine import household_sum, maximum, minimum, person_rule, schedule


@person_rule(unit="florin/year", zh="社会缴费基数", en="Base of the social contribution")
def contribution_base(wage, contribution_ceiling):
    """Wage up to the ceiling."""
    return minimum(wage, contribution_ceiling)


@person_rule(unit="florin/year", zh="个人社会缴费", en="Social contribution of the person")
def social_contribution(contribution_base, contribution_rate):
    """What the employee pays."""
    return contribution_base * contribution_rate


@person_rule(unit="florin/year", zh="单位社会缴费（每人）", en="Employer's contribution, each")
def contribution_of_employer(contribution_base, employer_rate):
    """What the employer pays: labour cost, no income of the household."""
    return contribution_base * employer_rate


@person_rule(unit="florin/year", zh="应税收入", en="Taxable income")
def taxable_income(wage, profit, social_contribution, personal_allowance):
    """Wage and profit less the social contribution and the allowance."""
    return maximum(wage + profit - social_contribution - personal_allowance, 0.0)


@person_rule(unit="florin/year", zh="个人所得税（每人）", en="Income tax of the person")
def income_tax(taxable_income, income_tax_schedule):
    """Tax by the schedule; each person is taxed alone."""
    return schedule(taxable_income, income_tax_schedule)


income_taxes = household_sum("income_tax", zh="个人所得税", en="Income tax", role="tax")
social_contributions = household_sum(
    "social_contribution", zh="社会缴费", en="Social contributions", role="contribution"
)
employer_contributions = household_sum(
    "contribution_of_employer",
    zh="单位社会缴费",
    en="Contributions of employers",
    role="contribution",
    payer="employer",
)
