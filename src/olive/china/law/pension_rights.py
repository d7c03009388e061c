"""What pension contributions earn: saving in the own account, and the pension that a year adds.

Disposable income, as the statistical bureau defines it, deducts contributions when they are paid
and counts pensions when they are received. Somebody who joins the employees' scheme therefore looks
poorer although part of the contribution is saving and the rest buys a pension for life. These rules
say how much, beside disposable income; they change nothing in it.
"""

from __future__ import annotations

from olive.engine import household_rule, household_sum, person_rule, where


@person_rule(unit="bool", zh="缴纳企业职工基本养老保险（本人）")
def pays_enterprise_pension(pays_employee_pension, pays_flexible_pension, wage):
    """Contributes to the employees' scheme this year, as an employee with a wage or flexibly."""
    return (pays_employee_pension & (wage > 0)) | pays_flexible_pension


@person_rule(unit="yuan/year", zh="职工养老保险缴费基数（职工或灵活就业）")
def enterprise_pension_base(
    pays_employee_pension, pays_flexible_pension, social_insurance_base, flexible_contribution_base
):
    """Base that counts for the pension: the employee's, or the one that a flexible worker chose."""
    as_employee = where(pays_employee_pension, social_insurance_base, 0.0)
    return where(pays_flexible_pension, flexible_contribution_base, as_employee)


@person_rule(unit="yuan/year", zh="计入个人账户的养老保险缴费")
def pension_account_saving(
    enterprise_pension_base, pension_account_rate, resident_pension_contribution
):
    """Part of the own contributions that goes into the own pension account.

    All of an employee's 8 %, 8 of the 20 points of a flexible worker, and the whole contribution
    to the resident scheme.

    Source: 国发〔2005〕38号, part 6; 国发〔2014〕8号, part 5.
    """
    return enterprise_pension_base * pension_account_rate + resident_pension_contribution


pension_account_saving_of_household = household_sum(
    "pension_account_saving", zh="计入个人账户的养老保险缴费（全户）"
)


@household_rule(unit="yuan/year", zh="扣除个人账户储蓄前的收入")
def income_before_own_saving(
    disposable_income,
    pension_account_saving_of_household,
    housing_fund_contributions,
    housing_fund_contribution_deducted,
):
    """Disposable income with what the household put into accounts of its own added back.

    The pension account, and the own part of the housing fund where that is deducted.
    """
    fund = where(housing_fund_contribution_deducted, housing_fund_contributions, 0.0)
    return disposable_income + pension_account_saving_of_household + fund


@person_rule(unit="yuan/year", zh="本年缴费增加的养老金（退休后每年）")
def pension_accrued(
    pays_enterprise_pension,
    enterprise_pension_base,
    social_insurance_base_floor,
    lowest_base_share,
    basic_pension_share_per_year,
    pension_account_rate,
    pension_account_months,
    share_of_year_worked,
    pays_flexible_pension,
):
    """Pension a year for life that this year's contributions add, in today's money.

    The basic part is 1 % a year of the mean of the average wage and the own base; the account pays
    out over the months of the age of 60. The average wage is the one behind the lowest base.
    Somebody employed for part of the year earns that part of both. Indexing up to retirement and
    interest on the account are left out, and so is the condition of fifteen years.

    Source: 国发〔2005〕38号, part 6 and its table of months.
    """
    months = where(pays_flexible_pension, 1.0, share_of_year_worked)
    average_wage = social_insurance_base_floor / lowest_base_share * months
    basic = (average_wage + enterprise_pension_base) / 2.0 * basic_pension_share_per_year
    account = enterprise_pension_base * pension_account_rate * 12.0 / pension_account_months
    return where(pays_enterprise_pension, basic + account, 0.0)


@person_rule(unit="yuan/year", zh="企业职工养老保险个人缴费")
def enterprise_pension_contribution(employee_pension_contribution, flexible_pension_contribution):
    """What the person pays into the employees' pension scheme, as employee or flexibly."""
    return employee_pension_contribution + flexible_pension_contribution


enterprise_pension_contributions = household_sum(
    "enterprise_pension_contribution", zh="企业职工养老保险个人缴费（全户）"
)
pensions_accrued = household_sum("pension_accrued", zh="本年缴费增加的养老金（全户，退休后每年）")
employers_social_contributions = household_sum(
    "employer_contributions", zh="单位社会保险缴费（全户）", role="contribution", payer="employer"
)
