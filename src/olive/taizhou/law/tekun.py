"""Support for persons in extreme hardship (tekun): no ability to work, no income, no able kin."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    household_rule,
    household_sum,
    lookup,
    maximum,
    person_rule,
    subgroup_any,
    where,
)

GRADE_1 = code("disability_grade", "grade_1")
GRADE_2 = code("disability_grade", "grade_2")
GRADE_3 = code("disability_grade", "grade_3")


@household_rule(
    unit="yuan/year", zh="特困人员基本生活标准（每人）", clause="path.11.tekun_consumption_floor"
)
def tekun_standard(
    urban_consumption_last_year, tekun_consumption_share, local_dibao_standard, tekun_dibao_multiple
):
    """Basic living standard per person: the larger of two floors.

    A share of last year's urban consumption per head, and a multiple of the dibao standard.

    Source: the plan, part two, item 11; the same two floors are recalled as provincial rule.
    """
    by_consumption = urban_consumption_last_year * tekun_consumption_share
    return maximum(by_consumption, local_dibao_standard * tekun_dibao_multiple)


@person_rule(unit="bool", zh="无劳动能力（特困认定）")
def without_ability_to_work(
    age, disability_grade, mental_disability, tekun_old_age, tekun_child_age
):
    """Aged 60 or over, under 16, or severely disabled.

    Grades 1 to 3 of intellectual and mental disability, grades 1 and 2 of others (the rule asks
    for grade 1 of visual disability, which the data do not tell apart).

    Source: 《特困人员认定办法》民发〔2021〕43号, article 5.
    """
    severe = (disability_grade == GRADE_1) | (disability_grade == GRADE_2)
    severe_mental = mental_disability & (disability_grade == GRADE_3)
    return (age >= tekun_old_age) | (age < tekun_child_age) | severe | severe_mental


@person_rule(unit="bool", zh="有履行义务能力")
def able_to_support(without_ability_to_work):
    """Whether the person can be expected to support relatives in the same family."""
    return ~without_ability_to_work


able_relative_in_unit = subgroup_any(
    "able_to_support", by="assistance_unit", zh="家庭内有具备履行义务能力的成员"
)


@person_rule(unit="bool", zh="特困人员", clause="path.11.tekun_dibao_multiple")
def tekun_recipient(
    without_ability_to_work,
    own_income,
    local_dibao_standard,
    assets_within_limit,
    support_from_kin,
    able_relative_in_unit,
    meets_residence,
):
    """No ability to work, no source of income, no kin who are bound and able to support.

    No source of income: own income below the dibao standard and assets within the limit. Tekun is
    found and granted by the authorities, so no take-up is drawn.

    Source: 《特困人员认定办法》民发〔2021〕43号, articles 4 to 6.
    """
    without_income = (own_income < local_dibao_standard) & assets_within_limit
    without_kin = ~support_from_kin & ~able_relative_in_unit
    return without_ability_to_work & without_income & without_kin & meets_residence


@person_rule(unit="yuan/year", zh="特困人员照料护理费（本人）")
def tekun_care_of_person(tekun_recipient, self_care, tekun_care_share, local_minimum_wage):
    """Care standard on top of the living standard: a share of the minimum wage by self-care.

    It pays for care at home or in an institution and is counted as cash, like the elderly-care
    service subsidy.

    Source: 国发〔2016〕14号, part 3 (care standard by ability of self-care, tied to the minimum
    wage); shares of another place of the province as a proxy.
    """
    care = local_minimum_wage * lookup(tekun_care_share, self_care)
    return where(tekun_recipient, care, 0.0)


@person_rule(unit="yuan/year", zh="特困人员救助供养金（本人）")
def tekun_of_person(tekun_recipient, tekun_standard, tekun_care_of_person):
    """Tekun support: the whole living standard, whatever small income there is, and care.

    Source: 国发〔2016〕14号, part 3 (basic living support by the standard, and care).
    """
    return where(tekun_recipient, tekun_standard, 0.0) + tekun_care_of_person


tekun = household_sum(
    "tekun_of_person",
    zh="特困人员救助供养金（全户）",
    role="cash_benefit",
    heading="social_assistance",
)
