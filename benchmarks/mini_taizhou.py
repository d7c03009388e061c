"""The fourteen rules as a rule set of its own on olive's engine; nothing of olive's law is used."""

from __future__ import annotations

from olive.engine import (
    clip,
    household_any,
    household_count,
    household_max,
    household_rule,
    household_sum,
    lookup,
    maximum,
    minimum,
    person_rule,
    schedule,
    where,
)

GRADE_1, GRADE_2 = 1, 2


# 1 wage floor
@person_rule(unit="yuan/year", zh="工资")
def wage(formal, contractual_wage, minimum_wage):
    """Wage of formal employees raised to the minimum wage."""
    covered = formal & (contractual_wage > 0)
    return where(covered, maximum(contractual_wage, minimum_wage), contractual_wage)


# 2 contributions
@person_rule(unit="bool", zh="参保")
def insured(formal, wage):
    """Formal employee with a wage."""
    return formal & (wage > 0)


@person_rule(unit="yuan/year", zh="社会保险缴费")
def social_insurance(
    insured,
    wage,
    average_wage,
    contribution_floor_ratio,
    contribution_cap_ratio,
    pension_rate,
    medical_rate,
    unemployment_rate,
):
    """Employee contributions on a base with a lower and an upper bound."""
    floor = contribution_floor_ratio * average_wage
    base = clip(wage, floor, contribution_cap_ratio * average_wage)
    return where(insured, base * (pension_rate + medical_rate + unemployment_rate), 0.0)


@person_rule(unit="yuan/year", zh="住房公积金缴存")
def housing_fund(
    insured, wage, minimum_wage, average_wage, contribution_cap_ratio, housing_fund_rate
):
    """Employee's part of the housing fund."""
    base = clip(wage, minimum_wage, contribution_cap_ratio * average_wage)
    return where(insured, housing_fund_rate * base, 0.0)


# 3 the household
@person_rule(unit="bool", zh="家庭成员")
def is_member(age):
    """Everyone is a member of the household."""
    return age >= 0


@person_rule(unit="bool", zh="儿童")
def is_child(age):
    """Under 18."""
    return age < 18


@person_rule(unit="bool", zh="老年人")
def is_elderly(age):
    """60 or over."""
    return age >= 60


@person_rule(unit="bool", zh="有工资")
def earns(wage):
    """Has a wage."""
    return wage > 0


household_size = household_count("is_member", zh="家庭人口")
children = household_count("is_child", zh="儿童数")
has_elderly = household_any("is_elderly", zh="有老年人")
earners = household_count("earns", zh="有工资的人数")
highest_wage = household_max("wage", zh="最高工资")
household_wages = household_sum("wage", zh="家庭工资")


# 4 additional deductions
@household_rule(unit="yuan/year", zh="专项附加扣除")
def household_deductions(
    children,
    has_elderly,
    mortgage_interest,
    rent_paid,
    child_deduction,
    elderly_deduction,
    mortgage_deduction,
    rent_deduction,
):
    """Deductions that the household gives rise to."""
    for_rent = where(rent_paid > 0, rent_deduction, 0.0)
    for_home = where(mortgage_interest > 0, mortgage_deduction, for_rent)
    return child_deduction * children + where(has_elderly, elderly_deduction, 0.0) + for_home


@person_rule(unit="yuan/year", zh="本人专项附加扣除")
def additional_deductions(earns, wage, highest_wage, household_deductions):
    """Deductions go to the main earner, to each of them when wages tie."""
    return where(earns & (wage == highest_wage), household_deductions, 0.0)


# 5 to 7 taxes
@person_rule(unit="yuan/year", zh="工资所得税")
def wage_tax(
    wage,
    social_insurance,
    housing_fund,
    additional_deductions,
    basic_deduction,
    wage_tax_schedule,
):
    """Income tax on the wage."""
    deductions = social_insurance + housing_fund + basic_deduction + additional_deductions
    return schedule(maximum(wage - deductions, 0.0), wage_tax_schedule)


@person_rule(unit="yuan/year", zh="经营所得税")
def operating_tax(operating_income, earns, basic_deduction, operating_tax_schedule):
    """Income tax on operating income; the basic deduction is used once."""
    taxable = operating_income - where(earns, 0.0, basic_deduction)
    return schedule(maximum(taxable, 0.0), operating_tax_schedule)


@person_rule(unit="yuan/year", zh="财产所得税")
def property_tax(property_income, property_tax_rate, property_taxable_share):
    """Tax on the taxable part of property income."""
    return property_tax_rate * property_taxable_share * maximum(property_income, 0.0)


# 8 resident basic pension
@person_rule(unit="yuan/year", zh="城乡居保养老金")
def resident_pension(is_elderly, employee_pension, resident_pension_amount):
    """Pension of the elderly without an employee pension."""
    return where(is_elderly & (employee_pension == 0), resident_pension_amount, 0.0)


# 9 disability subsidies; the class of low income is rule 12
@person_rule(unit="yuan/year", zh="残疾人补贴")
def disability_subsidies(disability, low_income, living_subsidy_amount, care_subsidy_amount):
    """Living subsidy of the severely disabled, of others in low income, and care subsidy."""
    severe = (disability == GRADE_1) | (disability == GRADE_2)
    lighter = disability > GRADE_2
    living = where(severe | (lighter & low_income), living_subsidy_amount, 0.0)
    return living + lookup(care_subsidy_amount, disability)


# 10 net income before assistance
@person_rule(unit="yuan/year", zh="个人净收入")
def net_income(
    wage,
    social_insurance,
    housing_fund,
    wage_tax,
    operating_income,
    operating_tax,
    property_income,
    property_tax,
    employee_pension,
    resident_pension,
    private_transfer,
):
    """Market income, pensions and private transfers after contributions and taxes."""
    from_work = wage - social_insurance - housing_fund - wage_tax
    from_capital = operating_income - operating_tax + property_income - property_tax
    return from_work + from_capital + employee_pension + resident_pension + private_transfer


household_net_income = household_sum("net_income", zh="家庭净收入")


# 11 dibao
@household_rule(unit="yuan/year", zh="可计算收入")
def countable_income(
    household_net_income, household_wages, earners, disregard_share, dibao_standard
):
    """Net income without part of the wages, at most one standard an earner."""
    disregard = minimum(disregard_share * household_wages, earners * dibao_standard)
    return household_net_income - disregard


@household_rule(unit="bool", zh="财产合格")
def within_asset_limit(assets, household_size, dibao_standard, asset_limit_years):
    """Assets under some years of dibao."""
    return assets < asset_limit_years * dibao_standard * household_size


@household_rule(unit="yuan/year", zh="低保金")
def dibao(
    countable_income,
    within_asset_limit,
    household_size,
    take_up_number,
    dibao_standard,
    take_up_rate,
):
    """The gap to the standard, for those entitled who claim it."""
    gap = maximum(dibao_standard * household_size - countable_income, 0.0)
    return where(within_asset_limit & (take_up_number < take_up_rate), gap, 0.0)


# 12 low income
@household_rule(unit="bool", zh="低收入家庭")
def low_income(
    countable_income, household_size, within_asset_limit, dibao_standard, marginal_multiple
):
    """Countable income per head up to a multiple of the standard."""
    per_head = countable_income / household_size
    return (per_head <= marginal_multiple * dibao_standard) & within_asset_limit


@person_rule(unit="bool", zh="需要照料")
def needs_care(age, disability):
    """80 or over, or most severely disabled."""
    return (age >= 80) | (disability == GRADE_1)


members_in_care = household_count("needs_care", zh="需要照料人数")


@household_rule(unit="yuan/year", zh="低收入补助")
def low_income_help(
    low_income, members_in_care, children, low_income_care_amount, supplement_rate, dibao_standard
):
    """Care subsidy and supplement for children in low-income households."""
    care = low_income_care_amount * members_in_care
    return where(low_income, care + supplement_rate * dibao_standard * children, 0.0)


# 13 disposable income
household_disability_subsidies = household_sum("disability_subsidies", zh="家庭残疾人补贴")


@household_rule(unit="yuan/year", zh="可支配收入")
def disposable_income(household_net_income, dibao, household_disability_subsidies, low_income_help):
    """What the household can dispose of."""
    return household_net_income + dibao + household_disability_subsidies + low_income_help
