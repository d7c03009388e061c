"""Income tax on comprehensive income (wages, services) and the annual bonus.

The tax of the year as it stands after settlement; small top-ups are waived (`tax_settlement`). A
person with wages and a business takes the deductions from the wages, as the text of the law has it;
administrative forms are said to let people choose.
"""

from __future__ import annotations

from functools import reduce
from operator import add

from olive.china.codes import code
from olive.engine import draw, lookup, maximum, minimum, person_rule, schedule, where

NOT_DISABLED = code("disability_grade", "none")
private_pension_draw = draw("private_pension", key="person", zh="个人养老金参加随机数")

# Taxes that differ by less than a fen count as equal, so that rounding decides nothing.
FEN = 0.01


@person_rule(unit="yuan/year", zh="综合所得收入额")
def comprehensive_income(wage, labour_remuneration, labour_remuneration_share):
    """Wage, bonus included, and labour remuneration after 20 % for costs.

    Source: Individual Income Tax Law, articles 2 and 6. Pensions are exempt (article 4).
    """
    return wage + labour_remuneration * labour_remuneration_share


@person_rule(unit="bool", zh="有综合所得")
def has_comprehensive_income(comprehensive_income):
    """Whether the person has comprehensive income, so that deductions are taken from it.

    Source: 《个人所得税法实施条例》 article 15.
    """
    return comprehensive_income > 0


@person_rule(unit="yuan/year", zh="专项扣除")
def special_deductions(social_contributions, housing_fund_contribution):
    """Social insurance and housing fund contributions.

    Source: Individual Income Tax Law, article 6.
    """
    return social_contributions + housing_fund_contribution


@person_rule(unit="yuan/year", zh="个人养老金缴费（方案后）", clause="path.21.private_pensions")
def private_pension_contribution(
    private_pension,
    wage,
    basic_deduction,
    private_pension_draw,
    private_pension_participation,
    private_pension_amount,
):
    """Contribution to a private pension, with the employees above the basic deduction who join.

    It is saving: it lowers the tax, not income.

    Source: clause path.21.private_pensions.
    """
    joins = (wage > basic_deduction) & (private_pension_draw < private_pension_participation)
    return where(joins, maximum(private_pension, private_pension_amount), private_pension)


@person_rule(unit="yuan/year", zh="个人养老金扣除", clause="path.21.private_pensions")
def private_pension_deduction(private_pension_contribution, private_pension_deduction_cap):
    """Private pension contributions that can be deducted.

    Source: 财政部 税务总局公告 2022 年第 34 号, 2024 年第 21 号.
    """
    return minimum(private_pension_contribution, private_pension_deduction_cap)


@person_rule(unit="yuan/year", zh="个人各项扣除合计")
def personal_deductions(
    basic_deduction, special_deductions, private_pension_deduction, additional_deductions
):
    """All deductions of the person, whichever income they are taken from.

    Source: Individual Income Tax Law, article 6.
    """
    return basic_deduction + special_deductions + private_pension_deduction + additional_deductions


def taxable_after(deductions, income, donations, donation_deduction_limit):
    """Return income less deductions, then less donations up to a share of what is left.

    Amounts in yuan per year.
    """
    rest = maximum(income - deductions, 0.0)
    return rest - minimum(donations, rest * donation_deduction_limit)


def costs_less_apart(tax_apart, tax_together):
    """Return whether taxing the bonus by itself saves more than rounding can explain."""
    return tax_apart + FEN < tax_together


def relief_of_disabled(tax, disability_grade, limit):
    """Return what the relief of disabled persons takes off a tax, up to the limit."""
    return where(disability_grade != NOT_DISABLED, minimum(tax, limit), 0.0)


@person_rule(unit="yuan/year", zh="全年一次性奖金")
def bonus(annual_bonus, wage):
    """Annual bonus, at most the whole wage.

    Source: 财税〔2018〕164号.
    """
    return minimum(annual_bonus, wage)


@person_rule(unit="yuan/year", zh="应纳税所得额（奖金并入）")
def taxable_income_with_bonus(
    comprehensive_income, personal_deductions, charitable_donations, donation_deduction_limit
):
    """Taxable comprehensive income when the annual bonus is part of it.

    Source: Individual Income Tax Law, article 6.
    """
    return taxable_after(
        personal_deductions, comprehensive_income, charitable_donations, donation_deduction_limit
    )


@person_rule(unit="yuan/year", zh="应纳税所得额（奖金单独计税）")
def taxable_income_without_bonus(
    comprehensive_income, bonus, personal_deductions, charitable_donations, donation_deduction_limit
):
    """Taxable comprehensive income when the annual bonus is taxed by itself.

    Source: Individual Income Tax Law, article 6; 财税〔2018〕164号.
    """
    rest = comprehensive_income - bonus
    return taxable_after(personal_deductions, rest, charitable_donations, donation_deduction_limit)


@person_rule(unit="code", zh="全年一次性奖金适用级数")
def bonus_bracket(bonus, bonus_bracket_floor):
    """Bracket of the annual bonus in the monthly table, from 0.

    A bonus equal to an upper end is still in the lower bracket.

    Source: 财税〔2018〕164号.
    """
    above = [where(bonus > lookup(bonus_bracket_floor, each), 1.0, 0.0) for each in range(1, 7)]
    return reduce(add, above)


@person_rule(unit="yuan/year", zh="全年一次性奖金单独计税税额")
def separate_bonus_tax(bonus, bonus_bracket, bonus_rate, bonus_quick_deduction):
    """Tax on the annual bonus if taxed by itself: bonus x rate - quick deduction.

    One yuan above a bracket end raises the rate on the whole bonus; that cliff is in the law.

    Source: 财税〔2018〕164号.
    """
    rate = lookup(bonus_rate, bonus_bracket)
    return bonus * rate - lookup(bonus_quick_deduction, bonus_bracket)


@person_rule(unit="bool", zh="奖金单独计税")
def bonus_taxed_separately(
    taxable_income_with_bonus,
    taxable_income_without_bonus,
    separate_bonus_tax,
    bonus_separate_taxation,
    comprehensive_income_schedule,
):
    """Whether separate taxation of the bonus costs less; people are taken to choose it then.

    Source: 财税〔2018〕164号 (the taxpayer may choose).
    """
    together = schedule(taxable_income_with_bonus, comprehensive_income_schedule)
    apart = schedule(taxable_income_without_bonus, comprehensive_income_schedule)
    return bonus_separate_taxation & costs_less_apart(apart + separate_bonus_tax, together)


@person_rule(unit="yuan/year", zh="综合所得应纳税所得额")
def taxable_income(taxable_income_with_bonus, taxable_income_without_bonus, bonus_taxed_separately):
    """Taxable comprehensive income, with or without the bonus as the person chooses.

    Source: Individual Income Tax Law, article 6.
    """
    return where(bonus_taxed_separately, taxable_income_without_bonus, taxable_income_with_bonus)


@person_rule(unit="yuan/year", zh="综合所得个人所得税", clause="path.9.fiscal_tax_system")
def comprehensive_income_tax(taxable_income, comprehensive_income_schedule):
    """Tax on comprehensive income, 3 to 45 %.

    Source: Individual Income Tax Law (2018), rate table 1.
    """
    return schedule(taxable_income, comprehensive_income_schedule)


@person_rule(unit="yuan/year", zh="全年一次性奖金个人所得税")
def bonus_tax(bonus_taxed_separately, separate_bonus_tax):
    """Tax on the annual bonus when it is taxed by itself.

    Source: 财税〔2018〕164号.
    """
    return where(bonus_taxed_separately, separate_bonus_tax, 0.0)


@person_rule(unit="yuan/year", zh="综合所得残疾人减征税额")
def comprehensive_tax_relief(
    comprehensive_income_tax, bonus_tax, disability_grade, disability_tax_relief_limit
):
    """Relief of disabled persons from the tax on wages and services.

    Source: Individual Income Tax Law, article 5; the amount is the province's.
    """
    tax = comprehensive_income_tax + bonus_tax
    return relief_of_disabled(tax, disability_grade, disability_tax_relief_limit)


@person_rule(unit="yuan/year", zh="经营所得其他减免税额")
def other_operating_tax_relief(
    operating_tax_before_relief,
    comprehensive_tax_relief,
    disability_grade,
    disability_tax_relief_limit,
):
    """Relief from the tax on operating income other than the half relief.

    What the relief of disabled persons leaves after the tax on wages and services.

    Source: Individual Income Tax Law, article 5; the amount is the province's.
    """
    left = disability_tax_relief_limit - comprehensive_tax_relief
    return relief_of_disabled(operating_tax_before_relief, disability_grade, left)


@person_rule(
    unit="yuan/year", zh="个人所得税（综合所得与经营所得）", clause="path.9.fiscal_tax_system"
)
def individual_income_tax(
    comprehensive_income_tax,
    bonus_tax,
    comprehensive_tax_relief,
    waived_top_up,
    operating_income_tax,
):
    """Income tax of the person; the tax on property income is the household's.

    Source: Individual Income Tax Law, articles 2 and 3.
    """
    comprehensive = comprehensive_income_tax + bonus_tax - comprehensive_tax_relief
    return comprehensive - waived_top_up + operating_income_tax
