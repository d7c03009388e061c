"""What care, children, schooling, insurance and law cost after the plan."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_any,
    household_rule,
    household_sum,
    maximum,
    person_rule,
    where,
)

MIGRANT = code("hukou", "migrant")
PLATFORM_WORKER = code("labour_status", "platform_worker")
ABLE = code("self_care", "able")

school_draw = draw("migrant_school", key="person", zh="随迁子女入学随机数")
home_adaptation_draw = draw("home_adaptation", key="household", zh="适老化改造随机数")


@person_rule(unit="bool", zh="未入学幼儿")
def is_small_child(age, infant_care_end_age):
    """Child below the age at which infant care ends."""
    return age < infant_care_end_age


@person_rule(unit="yuan/year", zh="照护费用（护理保险前，本人）", clause="path.21.community_care")
def care_fees_of_person(
    care_expense,
    is_small_child,
    childcare_fee_cut,
    childbearing_fee_cut,
    elder_care_fee_cut,
    community_care_fee_cut,
    disposable_income_per_capita,
    community_care_income_line,
):
    """Expense for care after fee cuts.

    Care of small children, or else of people who need help. Community care reaches households
    with low and middle incomes.

    Source: clauses path.17.infant_care, path.17.childbearing_burden, path.21.elder_care_burden and
    path.21.community_care.
    """
    child = care_expense * (1.0 - childcare_fee_cut) * (1.0 - childbearing_fee_cut)
    reached = disposable_income_per_capita < community_care_income_line
    community = where(reached, community_care_fee_cut, 0.0)
    elder = care_expense * (1.0 - elder_care_fee_cut) * (1.0 - community)
    return where(is_small_child, child, elder)


@person_rule(
    unit="yuan/year", zh="照护支出（方案后，本人）", clause="path.21.long_term_care_insurance"
)
def care_cost_of_person(care_fees_of_person, long_term_care_services):
    """Expense for care that services of long-term care insurance leave."""
    return maximum(care_fees_of_person - long_term_care_services, 0.0)


@person_rule(unit="yuan/year", zh="替代家庭照护的护理服务（本人）")
def family_care_replaced_of_person(
    care_fees_of_person, care_cost_of_person, long_term_care_services
):
    """Care services beyond what they spare: they take the place of unpaid care by the family."""
    return long_term_care_services - (care_fees_of_person - care_cost_of_person)


family_care_replaced = household_sum(
    "family_care_replaced_of_person", zh="替代家庭照护的护理服务（全户）"
)


care_cost = household_sum("care_cost_of_person", zh="照护支出", role="cost")


@person_rule(unit="bool", zh="义务教育阶段学生")
def in_compulsory_school(age, in_education, school_entry_age, compulsory_school_end_age):
    """Pupil of primary or junior secondary school."""
    return in_education & (age >= school_entry_age) & (age < compulsory_school_end_age)


@person_rule(unit="yuan/year", zh="幼儿园保育教育费（本人）")
def kindergarten_fee_of_person(
    age,
    in_education,
    infant_care_end_age,
    school_entry_age,
    kindergarten_fee,
    last_kindergarten_year_free,
):
    """Care and education fee of a child in kindergarten; the last year before school is free.

    In public kindergartens the fee is dropped, in private ones it is cut by as much. The last year
    is taken to be that of children who end the calendar year a year below school age.

    Source: 国办发《关于逐步推行免费学前教育的意见》 (August 2025), from the autumn of 2025.
    """
    attends = in_education & (age >= infant_care_end_age) & (age < school_entry_age)
    last_year = age == school_entry_age - 1.0
    free = where(last_year, last_kindergarten_year_free, 0.0)
    return where(attends, kindergarten_fee * (1.0 - free), 0.0)


@person_rule(unit="yuan/year", zh="教育支出（本人）", clause="path.18.double_reduction")
def schooling_cost_of_person(
    in_compulsory_school,
    kindergarten_fee_of_person,
    hukou,
    school_draw,
    tutoring_spending,
    tutoring_spending_cut,
    private_school_fee_gap,
    migrant_public_school_share,
):
    """Kindergarten; tutoring, and what a private school costs more, in compulsory education.

    No column holds any of them: the amounts are parameters. Which migrant
    children go to private schools is drawn, so a higher share in public schools keeps those
    already there.

    Source: clauses path.18.double_reduction and group.7.19.school_access (95 %).
    """
    tutoring = tutoring_spending * (1.0 - tutoring_spending_cut)
    private = (hukou == MIGRANT) & (school_draw >= migrant_public_school_share)
    fees = where(private, private_school_fee_gap, 0.0)
    return kindergarten_fee_of_person + where(in_compulsory_school, tutoring + fees, 0.0)


schooling_cost = household_sum("schooling_cost_of_person", zh="教育支出")


@person_rule(unit="yuan/year", zh="商业保险保费（本人）", clause="group.6.17.commercial_insurance")
def commercial_premium_of_person(
    labour_status, platform_commercial_premium, platform_commercial_insurance_share
):
    """Average premium of platform workers for commercial insurance; payouts are left out.

    Source: clause group.6.17.commercial_insurance.
    """
    premium = platform_commercial_premium * platform_commercial_insurance_share
    return where(labour_status == PLATFORM_WORKER, premium, 0.0)


commercial_premiums = household_sum("commercial_premium_of_person", zh="商业保险保费（全户）")


@person_rule(unit="1", zh="子女数")
def child_of_parents(is_dependent_child):
    """One for each dependent child."""
    return where(is_dependent_child, 1.0, 0.0)


dependent_children = household_sum("child_of_parents", zh="户内受抚养子女数")


@household_rule(unit="yuan/year", zh="社会抚养费", clause="path.17.social_maintenance_fee")
def maintenance_fee(dependent_children, permitted_children, social_maintenance_fee):
    """Fee for each child above the permitted number, while there was such a fee.

    Source: clause path.17.social_maintenance_fee; abolished by the law on population and family
    planning of August 2021.
    """
    return maximum(dependent_children - permitted_children, 0.0) * social_maintenance_fee


@person_rule(unit="bool", zh="失能老年人")
def is_dependent_elder(age, self_care, home_adaptation_from_age):
    """Old person who needs help with daily life."""
    return (age >= home_adaptation_from_age) & (self_care != ABLE)


has_dependent_elder = household_any("is_dependent_elder", zh="户内有失能老年人")


@household_rule(
    unit="yuan/year", zh="免费公共服务折价", clause="path.22.legal_services", role="in_kind_benefit"
)
def services_in_kind(
    receives_dibao,
    dibao_marginal_household,
    has_dependent_elder,
    home_adaptation_draw,
    home_adaptation_share,
    home_adaptation_value,
    legal_aid_value,
):
    """Value of services that hardship households would otherwise pay for.

    Legal aid, on average over hardship households; home adaptation for their dependent old
    people. No cash: it raises what is left after necessary expenses, never disposable income.

    Source: clauses path.22.legal_services and path.21.home_adaptation.
    """
    hardship = receives_dibao | dibao_marginal_household
    adapted = hardship & has_dependent_elder & (home_adaptation_draw < home_adaptation_share)
    aid = where(hardship, legal_aid_value, 0.0)
    return aid + where(adapted, home_adaptation_value, 0.0)
