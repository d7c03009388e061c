"""Deductions from taxable income for children, and which parent claims them.

Couples claim, after all other deductions, in the way that costs them least
(`couples_choose_best_child_claim`), one way for all their children.
"""

from __future__ import annotations

from olive.engine import maximum, minimum, of, person_rule, schedule, subgroup_sum, where
from olive.policy.operating_tax import half_relief

MONTHS = 12.0
# Savings that differ by less than a fen count as equal, so that rounding decides nothing.
FEN = 0.01


@person_rule(unit="1", zh="婴幼儿照护扣除月份比重")
def infant_share_of_year(age, birth_month, infant_care_end_age):
    """Share of the year's months from birth to the month before the third birthday.

    Source: 国发〔2022〕8号, part 1.
    """
    in_last_year = where(age == infant_care_end_age, (birth_month - 1) / MONTHS, 0.0)
    later = where(age < infant_care_end_age, 1.0, in_last_year)
    return where(age < 1, (MONTHS + 1 - birth_month) / MONTHS, later)


@person_rule(unit="1", zh="子女教育扣除月份比重")
def education_share_of_year(age, birth_month, in_education, infant_care_end_age, school_entry_age):
    """Share of the year's months from the third birthday on, before school or in education.

    Source: 国发〔2018〕41号, article 5.
    """
    from_birthday = where(age == infant_care_end_age, (MONTHS + 1 - birth_month) / MONTHS, 1.0)
    eligible = (age >= infant_care_end_age) & ((age < school_entry_age) | in_education)
    return where(eligible, from_birthday, 0.0)


@person_rule(unit="yuan/year", zh="该子女对应的扣除额")
def child_deduction(
    is_dependent_child,
    infant_share_of_year,
    education_share_of_year,
    infant_care_deduction,
    child_education_deduction,
):
    """Deduction that the child gives to the parents together.

    Source: 国发〔2018〕41号, article 5; 国发〔2022〕8号; 国发〔2023〕13号.
    """
    amount = (
        infant_care_deduction * infant_share_of_year
        + child_education_deduction * education_share_of_year
    )
    return where(is_dependent_child, amount, 0.0)


child_deduction_of_parents = subgroup_sum("child_deduction", by="tax_unit", zh="纳税单元子女扣除额")


def tax_on(
    income,
    has_comprehensive_income,
    gets_half_relief,
    relief_cap,
    relief_rate,
    comprehensive_schedule,
    operating_schedule,
):
    """Return the tax on income after deductions, by the schedule that applies to the person."""
    positive = maximum(income, 0.0)
    part = minimum(positive, relief_cap)
    relief = half_relief(part, 0.0, gets_half_relief, relief_rate, operating_schedule)
    operating = schedule(positive, operating_schedule) - relief
    return where(has_comprehensive_income, schedule(positive, comprehensive_schedule), operating)


@person_rule(unit="yuan/year", zh="全部申报子女扣除可省税额")
def saving_from_whole_child_claim(
    income_before_child_claim,
    child_deduction_of_parents,
    has_comprehensive_income,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    comprehensive_income_schedule,
    operating_income_schedule,
):
    """Tax that the person saves by claiming the whole deduction for the children.

    Source: rate tables of the Individual Income Tax Law.
    """
    rest = (
        has_comprehensive_income,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        comprehensive_income_schedule,
        operating_income_schedule,
    )
    claimed = income_before_child_claim - child_deduction_of_parents
    return tax_on(income_before_child_claim, *rest) - tax_on(claimed, *rest)


@person_rule(unit="yuan/year", zh="申报一半子女扣除可省税额")
def saving_from_half_child_claim(
    income_before_child_claim,
    child_deduction_of_parents,
    has_comprehensive_income,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    comprehensive_income_schedule,
    operating_income_schedule,
):
    """Tax that the person saves by claiming half of the deduction for the children.

    Source: rate tables of the Individual Income Tax Law.
    """
    rest = (
        has_comprehensive_income,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        comprehensive_income_schedule,
        operating_income_schedule,
    )
    claimed = income_before_child_claim - child_deduction_of_parents * 0.5
    return tax_on(income_before_child_claim, *rest) - tax_on(claimed, *rest)


spouse_saving_from_whole_child_claim = of(
    "spouse", "saving_from_whole_child_claim", zh="配偶全部申报可省税额"
)
spouse_saving_from_half_child_claim = of(
    "spouse", "saving_from_half_child_claim", zh="配偶申报一半可省税额"
)
spouse_income_before_child_claim = of(
    "spouse", "income_before_child_claim", zh="配偶扣除子女项目前所得"
)


@person_rule(unit="1", zh="本人申报子女扣除的最省税比例")
def cheapest_child_claim_share(
    spouse,
    person_number,
    saving_from_whole_child_claim,
    saving_from_half_child_claim,
    spouse_saving_from_whole_child_claim,
    spouse_saving_from_half_child_claim,
):
    """Share of the children's deduction that the person claims when the couple pays least.

    Half each only if that saves more than either claiming all; between the spouses the larger
    saving, the lower person number when equal.

    Source: 国发〔2018〕41号, article 6 (all by one parent, or half each).
    """
    mine, theirs = saving_from_whole_child_claim, spouse_saving_from_whole_child_claim
    halves = saving_from_half_child_claim + spouse_saving_from_half_child_claim
    first = (mine > theirs + FEN) | ((mine + FEN >= theirs) & (person_number < spouse))
    halve = (halves > mine + FEN) & (halves > theirs + FEN)
    together = where(halve, 0.5, where(first, 1.0, 0.0))
    return where(spouse < 0, 1.0, together)


@person_rule(unit="1", zh="本人申报子女扣除的均摊比例")
def equal_child_claim_share(spouse, income_before_child_claim, spouse_income_before_child_claim):
    """Half each when both spouses have taxable income, else all by the one who has.

    Source: 国发〔2018〕41号, article 6 (half each).
    """
    mine, theirs = income_before_child_claim > 0, spouse_income_before_child_claim > 0
    alone = where(mine, 1.0, 0.0)
    return where((spouse < 0) | (mine & ~theirs) | (~mine & theirs), alone, 0.5)


@person_rule(unit="yuan/year", zh="本人申报的子女扣除")
def child_claim(
    child_deduction_of_parents,
    is_dependent_child,
    cheapest_child_claim_share,
    equal_child_claim_share,
    couples_choose_best_child_claim,
):
    """Deductions for children that the person claims.

    Source: 国发〔2018〕41号, article 6; how couples choose is an assumption.
    """
    share = where(
        couples_choose_best_child_claim, cheapest_child_claim_share, equal_child_claim_share
    )
    return where(is_dependent_child, 0.0, child_deduction_of_parents * share)
