"""Deductions from taxable income for children, and which parent claims them.

Couples claim, after all other deductions, in the way that costs them least
(`couples_choose_best_child_claim`), one way for all their children.
"""

from __future__ import annotations

from olive.china.law.income_tax import FEN, costs_less_apart, relief_of_disabled, taxable_after
from olive.china.law.operating_tax import half_relief, operating_income_after, operating_tax_due
from olive.engine import of, person_rule, schedule, subgroup_sum, where

MONTHS = 12.0


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
    infant = infant_care_deduction * infant_share_of_year
    school = child_education_deduction * education_share_of_year
    return where(is_dependent_child, infant + school, 0.0)


child_deduction_of_parents = subgroup_sum("child_deduction", by="tax_unit", zh="纳税单元子女扣除额")


@person_rule(unit="yuan/year", zh="除子女项目外的各项扣除")
def deductions_besides_children(
    basic_deduction,
    special_deductions,
    private_pension_deduction,
    elderly_parents_claim,
    continuing_education_claim,
    housing_claim,
    illness_claim,
    additional_deduction_multiplier,
    new_additional_deduction,
):
    """All deductions of the person except those for children.

    Source: Individual Income Tax Law, article 6.
    """
    claims = elderly_parents_claim + continuing_education_claim + housing_claim + illness_claim
    additional = claims * additional_deduction_multiplier + new_additional_deduction
    return basic_deduction + special_deductions + private_pension_deduction + additional


@person_rule(unit="yuan/year", zh="全部子女扣除金额（方案后）")
def whole_child_claim(child_deduction_of_parents, additional_deduction_multiplier):
    """What the person may deduct when claiming everything for the children."""
    return child_deduction_of_parents * additional_deduction_multiplier


def wage_tax_after(
    deductions,
    income,
    bonus,
    separate_bonus_tax,
    bonus_may_be_separate,
    donations,
    donation_limit,
    tax_schedule,
):
    """Return the tax on comprehensive income and bonus, the bonus taxed as costs less."""
    together = schedule(taxable_after(deductions, income, donations, donation_limit), tax_schedule)
    rest = taxable_after(deductions, income - bonus, donations, donation_limit)
    apart = schedule(rest, tax_schedule) + separate_bonus_tax
    return where(bonus_may_be_separate & costs_less_apart(apart, together), apart, together)


@person_rule(unit="yuan/year", zh="不申报子女扣除时的综合所得税额")
def wage_tax_without_child_claim(
    deductions_besides_children,
    comprehensive_income,
    bonus,
    separate_bonus_tax,
    bonus_separate_taxation,
    charitable_donations,
    donation_deduction_limit,
    comprehensive_income_schedule,
):
    """Tax on comprehensive income and bonus if the person claims nothing for children.

    Source: Individual Income Tax Law, article 6; 财税〔2018〕164号.
    """
    return wage_tax_after(
        deductions_besides_children,
        comprehensive_income,
        bonus,
        separate_bonus_tax,
        bonus_separate_taxation,
        charitable_donations,
        donation_deduction_limit,
        comprehensive_income_schedule,
    )


@person_rule(unit="yuan/year", zh="申报一半子女扣除时的综合所得税额")
def wage_tax_with_half_child_claim(
    deductions_besides_children,
    whole_child_claim,
    comprehensive_income,
    bonus,
    separate_bonus_tax,
    bonus_separate_taxation,
    charitable_donations,
    donation_deduction_limit,
    comprehensive_income_schedule,
):
    """Tax on comprehensive income and bonus if the person claims half for the children.

    Source: Individual Income Tax Law, article 6; 财税〔2018〕164号.
    """
    return wage_tax_after(
        deductions_besides_children + whole_child_claim * 0.5,
        comprehensive_income,
        bonus,
        separate_bonus_tax,
        bonus_separate_taxation,
        charitable_donations,
        donation_deduction_limit,
        comprehensive_income_schedule,
    )


@person_rule(unit="yuan/year", zh="申报全部子女扣除时的综合所得税额")
def wage_tax_with_whole_child_claim(
    deductions_besides_children,
    whole_child_claim,
    comprehensive_income,
    bonus,
    separate_bonus_tax,
    bonus_separate_taxation,
    charitable_donations,
    donation_deduction_limit,
    comprehensive_income_schedule,
):
    """Tax on comprehensive income and bonus if the person claims all for the children.

    Source: Individual Income Tax Law, article 6; 财税〔2018〕164号.
    """
    return wage_tax_after(
        deductions_besides_children + whole_child_claim,
        comprehensive_income,
        bonus,
        separate_bonus_tax,
        bonus_separate_taxation,
        charitable_donations,
        donation_deduction_limit,
        comprehensive_income_schedule,
    )


def income_tax_after(
    deductions,
    wage_tax,
    operating_income,
    has_comprehensive_income,
    donations,
    donation_limit,
    disability_grade,
    disability_relief_limit,
    gets_half_relief,
    half_relief_cap,
    half_relief_rate,
    graduate_relief,
    compliance,
    tax_schedule,
):
    """Return the income tax of the person after every relief, given the tax on wages."""
    relief = relief_of_disabled(wage_tax, disability_grade, disability_relief_limit)
    taxable = operating_income_after(
        deductions, operating_income, has_comprehensive_income, donations, donation_limit
    )
    before = schedule(taxable, tax_schedule)
    other = relief_of_disabled(before, disability_grade, disability_relief_limit - relief)
    half = half_relief(
        taxable, other, gets_half_relief, half_relief_cap, half_relief_rate, tax_schedule
    )
    return wage_tax - relief + operating_tax_due(before, other + half, graduate_relief, compliance)


@person_rule(unit="yuan/year", zh="不申报子女扣除时的个人所得税")
def income_tax_without_child_claim(
    deductions_besides_children,
    wage_tax_without_child_claim,
    taxed_operating_income,
    has_comprehensive_income,
    charitable_donations,
    donation_deduction_limit,
    disability_grade,
    disability_tax_relief_limit,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    graduate_startup_relief,
    operating_tax_compliance,
    operating_income_schedule,
):
    """Income tax of the person, all relief taken, if nothing is claimed for children.

    Source: Individual Income Tax Law, articles 2 to 6.
    """
    return income_tax_after(
        deductions_besides_children,
        wage_tax_without_child_claim,
        taxed_operating_income,
        has_comprehensive_income,
        charitable_donations,
        donation_deduction_limit,
        disability_grade,
        disability_tax_relief_limit,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        graduate_startup_relief,
        operating_tax_compliance,
        operating_income_schedule,
    )


@person_rule(unit="yuan/year", zh="申报一半子女扣除时的个人所得税")
def income_tax_with_half_child_claim(
    deductions_besides_children,
    whole_child_claim,
    wage_tax_with_half_child_claim,
    taxed_operating_income,
    has_comprehensive_income,
    charitable_donations,
    donation_deduction_limit,
    disability_grade,
    disability_tax_relief_limit,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    graduate_startup_relief,
    operating_tax_compliance,
    operating_income_schedule,
):
    """Income tax of the person, all relief taken, if half is claimed for the children.

    Source: Individual Income Tax Law, articles 2 to 6.
    """
    return income_tax_after(
        deductions_besides_children + whole_child_claim * 0.5,
        wage_tax_with_half_child_claim,
        taxed_operating_income,
        has_comprehensive_income,
        charitable_donations,
        donation_deduction_limit,
        disability_grade,
        disability_tax_relief_limit,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        graduate_startup_relief,
        operating_tax_compliance,
        operating_income_schedule,
    )


@person_rule(unit="yuan/year", zh="申报全部子女扣除时的个人所得税")
def income_tax_with_whole_child_claim(
    deductions_besides_children,
    whole_child_claim,
    wage_tax_with_whole_child_claim,
    taxed_operating_income,
    has_comprehensive_income,
    charitable_donations,
    donation_deduction_limit,
    disability_grade,
    disability_tax_relief_limit,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    graduate_startup_relief,
    operating_tax_compliance,
    operating_income_schedule,
):
    """Income tax of the person, all relief taken, if all is claimed for the children.

    Source: Individual Income Tax Law, articles 2 to 6.
    """
    return income_tax_after(
        deductions_besides_children + whole_child_claim,
        wage_tax_with_whole_child_claim,
        taxed_operating_income,
        has_comprehensive_income,
        charitable_donations,
        donation_deduction_limit,
        disability_grade,
        disability_tax_relief_limit,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        graduate_startup_relief,
        operating_tax_compliance,
        operating_income_schedule,
    )


spouse_income_tax_without_child_claim = of(
    "spouse", "income_tax_without_child_claim", zh="配偶不申报子女扣除时的个人所得税"
)
spouse_income_tax_with_half_child_claim = of(
    "spouse", "income_tax_with_half_child_claim", zh="配偶申报一半子女扣除时的个人所得税"
)
spouse_income_tax_with_whole_child_claim = of(
    "spouse", "income_tax_with_whole_child_claim", zh="配偶申报全部子女扣除时的个人所得税"
)
spouse_income_before_child_claim = of(
    "spouse", "income_before_child_claim", zh="配偶扣除子女项目前所得"
)


@person_rule(unit="1", zh="本人申报子女扣除的最省税比例")
def cheapest_child_claim_share(
    spouse,
    person_number,
    income_tax_without_child_claim,
    income_tax_with_half_child_claim,
    income_tax_with_whole_child_claim,
    spouse_income_tax_without_child_claim,
    spouse_income_tax_with_half_child_claim,
    spouse_income_tax_with_whole_child_claim,
):
    """Share of the children's deduction that the person claims when the couple pays least.

    The income tax of both, with the bonus taxed as costs less and every relief and donation, is
    worked out for the three ways. Half each only if that costs less than either claiming all;
    between the spouses the cheaper claim, the lower person number when equal.

    Source: 国发〔2018〕41号, article 6 (all by one parent, or half each).
    """
    mine = income_tax_with_whole_child_claim + spouse_income_tax_without_child_claim
    theirs = spouse_income_tax_with_whole_child_claim + income_tax_without_child_claim
    halves = income_tax_with_half_child_claim + spouse_income_tax_with_half_child_claim
    first = (mine + FEN < theirs) | ((mine <= theirs + FEN) & (person_number < spouse))
    halve = (halves + FEN < mine) & (halves + FEN < theirs)
    together = where(halve, 0.5, where(first, 1.0, 0.0))
    return where(spouse < 0, 1.0, together)


@person_rule(unit="1", zh="本人申报子女扣除的均摊比例")
def equal_child_claim_share(spouse, income_before_child_claim, spouse_income_before_child_claim):
    """Half each when both spouses have taxable income, else all by the one who has.

    Source: 国发〔2018〕41号, article 6 (half each).
    """
    mine, theirs = income_before_child_claim > 0, spouse_income_before_child_claim > 0
    by_one = (spouse < 0) | (mine & ~theirs) | (~mine & theirs)
    return where(by_one, where(mine, 1.0, 0.0), 0.5)


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
    best, equal = cheapest_child_claim_share, equal_child_claim_share
    share = where(couples_choose_best_child_claim, best, equal)
    return where(is_dependent_child, 0.0, child_deduction_of_parents * share)
