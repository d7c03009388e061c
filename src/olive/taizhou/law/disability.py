"""The two disability subsidies: living subsidy for those in hardship, care subsidy by self-care."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import household_sum, lookup, person_rule, where

NOT_DISABLED = code("disability_grade", "none")
GRADE_1 = code("disability_grade", "grade_1")
GRADE_2 = code("disability_grade", "grade_2")


@person_rule(unit="bool", zh="可享受残疾人补贴")
def may_get_disability_subsidies(
    disability_grade, meets_residence, tekun_recipient, disability_subsidies_with_tekun
):
    """Certified disability, local registration, and not supported as tekun.

    Source: 国发〔2015〕52号 (not together with tekun support).
    """
    certified = disability_grade != NOT_DISABLED
    return certified & meets_residence & (~tekun_recipient | disability_subsidies_with_tekun)


@person_rule(
    unit="yuan/year", zh="困难残疾人生活补贴（本人）", clause="group.9.22.disability_living"
)
def disability_living_subsidy_of_person(
    may_get_disability_subsidies,
    unit_own_income_per_head,
    own_income,
    age,
    local_dibao_standard,
    disability_living_rate,
    disability_living_income_multiple,
    disability_working_age_from,
    disability_working_age_to,
):
    """Living subsidy: a share of the dibao standard.

    For the disabled whose family has less than 1.5 times the dibao standard per head, or who, at
    working age, have less than that themselves.

    Source: 浙江省民政厅、财政厅、残联 notice, from 2016-01-01.
    """
    line = local_dibao_standard * disability_living_income_multiple
    working_age = (age >= disability_working_age_from) & (age <= disability_working_age_to)
    in_hardship = (unit_own_income_per_head < line) | (working_age & (own_income < line))
    amount = local_dibao_standard * disability_living_rate
    return where(may_get_disability_subsidies & in_hardship, amount, 0.0)


@person_rule(unit="yuan/year", zh="重度残疾人护理补贴应享金额")
def disability_care_entitlement(
    may_get_disability_subsidies,
    disability_grade,
    mental_disability,
    self_care,
    in_institution,
    disability_care_amount,
    disability_care_institution_uplift,
):
    """Care subsidy by ability of self-care, half as much again in an institution.

    For grades 1 and 2, and for intellectual and mental disability of any grade. No means test.

    Source: 浙江省民政厅、财政厅、残联 notice, from 2016-01-01.
    """
    severe = (disability_grade == GRADE_1) | (disability_grade == GRADE_2) | mental_disability
    amount = lookup(disability_care_amount, self_care)
    uplift = where(in_institution, 1.0 + disability_care_institution_uplift, 1.0)
    return where(may_get_disability_subsidies & severe, amount * uplift, 0.0)


@person_rule(unit="yuan/year", zh="重度残疾人护理补贴（本人）", clause="group.9.22.disability_care")
def disability_care_subsidy_of_person(
    disability_care_entitlement, elderly_care_service_entitlement
):
    """Care subsidy, unless the elderly-care service subsidy is larger: one of the two.

    Source: 国发〔2015〕52号 (the higher of the two).
    """
    other_is_larger = elderly_care_service_entitlement > disability_care_entitlement
    return where(other_is_larger, 0.0, disability_care_entitlement)


disability_living_subsidy = household_sum(
    "disability_living_subsidy_of_person",
    zh="困难残疾人生活补贴（全户）",
    role="cash_benefit",
    heading="subsidy",
)
disability_care_subsidy = household_sum(
    "disability_care_subsidy_of_person",
    zh="重度残疾人护理补贴（全户）",
    role="cash_benefit",
    heading="subsidy",
)
