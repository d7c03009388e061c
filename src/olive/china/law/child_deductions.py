"""Deductions from taxable income for children; `child_claims` says which parent claims them."""

from __future__ import annotations

from olive.engine import person_rule, subgroup_sum, where

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
