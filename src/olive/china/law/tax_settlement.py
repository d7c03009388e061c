"""What is left to pay when the income tax of the year is settled, and when it is waived."""

from __future__ import annotations

from olive.engine import maximum, minimum, person_rule, schedule, where


@person_rule(unit="yuan/year", zh="劳务报酬预扣预缴税额")
def labour_remuneration_withheld(
    labour_remuneration,
    labour_withholding_flat_deduction,
    labour_withholding_flat_limit,
    labour_remuneration_share,
    labour_withholding_schedule,
):
    """Tax withheld from labour remuneration, paid in twelve equal amounts.

    After 800 yuan of each payment up to 4,000, after 20 % of larger ones.

    Source: 国家税务总局公告 2018 年第 61 号, article 8.
    """
    small = maximum(labour_remuneration - labour_withholding_flat_deduction, 0.0)
    large = labour_remuneration * labour_remuneration_share
    base = where(labour_remuneration <= labour_withholding_flat_limit, small, large)
    return schedule(base, labour_withholding_schedule)


@person_rule(unit="yuan/year", zh="综合所得汇算应补税额")
def top_up(
    taxable_income,
    labour_remuneration,
    labour_remuneration_share,
    labour_remuneration_withheld,
    comprehensive_income_tax,
    comprehensive_income_schedule,
):
    """Tax of the year above what was withheld; refunds are no top-up.

    Of wages the tax of the whole year is withheld as if there were no other income.

    Source: 国家税务总局公告 2018 年第 61 号, articles 6 and 8.
    """
    other = labour_remuneration * labour_remuneration_share
    from_wages = schedule(maximum(taxable_income - other, 0.0), comprehensive_income_schedule)
    withheld = from_wages + labour_remuneration_withheld
    return maximum(comprehensive_income_tax - withheld, 0.0)


@person_rule(unit="yuan/year", zh="免予补缴的汇算税额")
def waived_top_up(
    top_up,
    comprehensive_income,
    comprehensive_income_tax,
    comprehensive_tax_relief,
    top_up_waiver_income,
    top_up_waiver_amount,
):
    """Top-up of people whose income or whose top-up is small; nobody has to pay it.

    Source: 财政部 税务总局公告 2019 年第 94 号, 2023 年第 32 号 (to 2027-12-31).
    """
    left = maximum(comprehensive_income_tax - comprehensive_tax_relief, 0.0)
    owed = minimum(top_up, left)
    waived = (comprehensive_income <= top_up_waiver_income) | (owed <= top_up_waiver_amount)
    return where(waived, owed, 0.0)
