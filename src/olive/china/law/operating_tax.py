"""Income tax on operating income: 5 to 35 %, with the half relief of individual businesses."""

from __future__ import annotations

from olive.china.codes import code
from olive.china.law.income_tax import taxable_after
from olive.engine import draw, lookup, maximum, minimum, person_rule, schedule, where

INDIVIDUAL_BUSINESS = code("business_type", "individual_business")

graduate_relief_draw = draw("graduate_startup_relief", key="person", zh="毕业生创业税收优惠随机数")


@person_rule(unit="yuan/year", zh="应税经营所得收入")
def taxed_operating_income(business_income, business_type, business_type_taxed):
    """Net operating income of a taxed kind of business; losses count as nothing.

    Source: Individual Income Tax Law, article 6(3); farming and fishing are exempt
    (财税〔2004〕30号).
    """
    taxed = lookup(business_type_taxed, business_type)
    return where(taxed, maximum(business_income, 0.0), 0.0)


def operating_income_after(deductions, income, has_comprehensive_income, donations, limit):
    """Return operating income less deductions and donations, unless wages already bear them."""
    alone = taxable_after(deductions, income, donations, limit)
    return where(has_comprehensive_income, income, alone)


@person_rule(unit="yuan/year", zh="经营所得应纳税所得额")
def taxable_operating_income(
    taxed_operating_income,
    has_comprehensive_income,
    personal_deductions,
    charitable_donations,
    donation_deduction_limit,
):
    """Operating income less deductions.

    The basic deduction, contributions, additional deductions, private pension and donations
    are taken here only by persons without comprehensive income.

    Source: 《个人所得税法实施条例》 article 15.
    """
    return operating_income_after(
        personal_deductions,
        taxed_operating_income,
        has_comprehensive_income,
        charitable_donations,
        donation_deduction_limit,
    )


@person_rule(unit="yuan/year", zh="经营所得减免前税额")
def operating_tax_before_relief(taxable_operating_income, operating_income_schedule):
    """Tax by the schedule, before any relief.

    Source: Individual Income Tax Law, rate table 2.
    """
    return schedule(taxable_operating_income, operating_income_schedule)


def half_relief(taxable, other_relief, gets_relief, cap, rate, tax_schedule):
    """Return (tax on the part up to the cap - other relief x that part / taxable income) x rate.

    Amounts in yuan per year; nothing unless the business gets the relief.
    """
    part = minimum(taxable, cap)
    whole = where(taxable > 0, taxable, 1.0)
    on_part = where(taxable < cap, schedule(taxable, tax_schedule), schedule(cap, tax_schedule))
    relief = (on_part - other_relief * (part / whole)) * rate
    return where(gets_relief, maximum(relief, 0.0), 0.0)


@person_rule(unit="bool", zh="适用个体工商户减半征收")
def gets_half_relief(business_type, business_type_half_relief):
    """Whether the business is of the kind that gets the half relief.

    Source: 国家税务总局公告 2021 年第 8 号 and 2023 年第 12 号 (individual businesses only).
    """
    return lookup(business_type_half_relief, business_type)


@person_rule(unit="yuan/year", zh="个体工商户减半征收减免税额", clause="group.3.7.tax_fee_cuts")
def individual_business_relief(
    taxable_operating_income,
    other_operating_tax_relief,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    operating_income_schedule,
):
    """Half relief of individual businesses.

    (tax on the part up to the cap - other relief x that part / taxable income) x 50 %.

    Source: 国家税务总局公告 2021 年第 8 号 and 2023 年第 12 号, part 3.
    """
    return half_relief(
        taxable_operating_income,
        other_operating_tax_relief,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        operating_income_schedule,
    )


@person_rule(unit="yuan/year", zh="高校毕业生创业税收扣减", clause="group.4.9.tax_relief")
def graduate_startup_relief(
    business_type,
    years_since_graduation,
    graduate_startup_years,
    graduate_relief_draw,
    graduate_startup_relief_take_up,
    graduate_startup_tax_relief,
):
    """Yearly relief of recent graduates who run an individual business, up to the tax.

    Source: 财税〔2019〕22号 and 财政部等公告 2023 年第 15 号 (recalled); three years,
    counted from graduation.
    """
    recent = (years_since_graduation >= 0) & (years_since_graduation < graduate_startup_years)
    claims = recent & (graduate_relief_draw < graduate_startup_relief_take_up)
    runs = business_type == INDIVIDUAL_BUSINESS
    return where(runs & claims, graduate_startup_tax_relief, 0.0)


def operating_tax_due(tax_before_relief, relief, graduate_relief, compliance):
    """Return the tax on operating income after relief, as far as it is collected."""
    return maximum(tax_before_relief - relief - graduate_relief, 0.0) * compliance


@person_rule(unit="yuan/year", zh="经营所得个人所得税", clause="path.9.pit_collection")
def operating_income_tax(
    operating_tax_before_relief,
    other_operating_tax_relief,
    individual_business_relief,
    graduate_startup_relief,
    operating_tax_compliance,
):
    """Tax on operating income after relief, as far as it is collected.

    Small traders are mostly assessed at a presumed profit rate or a fixed quota, many of them at
    zero. `operating_tax_compliance` stands for that: the part of the tax by the schedule that is
    paid, one rate for all.

    Source: Individual Income Tax Law, articles 3, 6 and 15.
    """
    return operating_tax_due(
        operating_tax_before_relief,
        other_operating_tax_relief + individual_business_relief,
        graduate_startup_relief,
        operating_tax_compliance,
    )
