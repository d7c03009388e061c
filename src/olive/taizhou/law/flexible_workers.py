"""Insurance of flexible and new-form workers: enrolment, subsidies, work injury cover."""

from __future__ import annotations

from olive.china.codes import code, is_any_of
from olive.engine import draw, maximum, minimum, person_rule, population_sum, where

EMPLOYEE = code("labour_status", "employee")
SELF_EMPLOYED = code("labour_status", "self_employed")
PLATFORM_WORKER = code("labour_status", "platform_worker")
PENSION_EMPLOYEE = code("pension_scheme", "employee")
PENSION_FLEXIBLE = code("pension_scheme", "flexible")
LOCAL_URBAN = code("hukou", "local_urban")
MIGRANT = code("hukou", "migrant")

pension_enrolment_draw = draw("pension_enrolment", key="person", zh="养老保险扩面随机数")
migrant_enrolment_draw = draw("migrant_enrolment", key="person", zh="外来灵活就业参保随机数")


@person_rule(unit="bool", zh="养老保险参保率统计对象")
def counts_for_pension_participation(labour_status_with_programmes):
    """Worker outside farming: the reading taken of the participation rate's denominator.

    Jobs and businesses of the plan count. Jobs lost to a higher minimum wage are not taken off:
    they depend on the wages of everybody, and are few.
    """
    return is_any_of(labour_status_with_programmes, EMPLOYEE, SELF_EMPLOYED, PLATFORM_WORKER)


pension_participation_workers = population_sum(
    "counts_for_pension_participation", zh="养老保险参保率统计人数"
)


@person_rule(unit="bool", zh="已参加企业职工养老保险")
def in_enterprise_pension(
    counts_for_pension_participation, pension_scheme, has_insured_programme_job
):
    """Worker who contributes to the enterprise employees' scheme, as employee or flexibly."""
    enrolled = is_any_of(pension_scheme, PENSION_EMPLOYEE, PENSION_FLEXIBLE)
    return counts_for_pension_participation & (enrolled | has_insured_programme_job)


pension_participants = population_sum("in_enterprise_pension", zh="企业职工养老保险参保人数")


@person_rule(unit="bool", zh="可新参加企业职工养老保险")
def pension_enrolment_candidate(
    counts_for_pension_participation,
    in_enterprise_pension,
    labour_status_with_programmes,
    hukou,
    pension_hukou_limit_lifted,
):
    """Worker outside the scheme who may join: flexible migrants only once the limit is lifted."""
    flexible_migrant = (labour_status_with_programmes != EMPLOYEE) & (hukou == MIGRANT)
    allowed = ~flexible_migrant | pension_hukou_limit_lifted
    return counts_for_pension_participation & ~in_enterprise_pension & allowed


pension_enrolment_candidates = population_sum("pension_enrolment_candidate", zh="可新参保人数")


@person_rule(unit="bool", zh="新参加企业职工养老保险", clause="path.10.pension_participation")
def enrols_in_pension(
    pension_enrolment_candidate,
    pension_enrolment_draw,
    migrant_enrolment_draw,
    labour_status_with_programmes,
    hukou,
    pension_participation,
    pension_participation_workers,
    pension_participants,
    pension_enrolment_candidates,
    migrant_pension_enrolment,
):
    """Workers who join until the participation rate is reached, and migrants free to join.

    Each candidate joins with the probability that closes the gap in expectation.

    Source: clauses path.10.pension_participation and group.6.17.pension_hukou_limit.
    """
    missing = pension_participation * pension_participation_workers - pension_participants
    share = missing / maximum(pension_enrolment_candidates, 1.0)
    drawn = pension_enrolment_draw < where(pension_participation > 0, share, 0.0)
    flexible_migrant = (labour_status_with_programmes != EMPLOYEE) & (hukou == MIGRANT)
    own_choice = flexible_migrant & (migrant_enrolment_draw < migrant_pension_enrolment)
    return pension_enrolment_candidate & (drawn | own_choice)


@person_rule(unit="bool", zh="享受灵活就业社保补贴", clause="path.2.flexible_si_subsidy_extension")
def gets_flexible_subsidy(
    pays_flexible_pension,
    household_works,
    hukou,
    disability_grade,
    flexible_subsidy_for_zero_employment_families,
    flexible_subsidy_for_disabled,
):
    """Flexible contributor in one of the groups that the subsidy is extended to.

    Rural veterans, the third group, cannot be told in the data.

    Source: clause path.2.flexible_si_subsidy_extension.
    """
    without_work = ~household_works & (hukou == LOCAL_URBAN)
    zero_employment = without_work & flexible_subsidy_for_zero_employment_families
    disabled = (disability_grade > 0) & flexible_subsidy_for_disabled
    return pays_flexible_pension & (zero_employment | disabled)


@person_rule(unit="yuan/year", zh="灵活就业社保补贴", clause="path.2.flexible_si_subsidy_extension")
def flexible_contribution_subsidy(
    gets_flexible_subsidy,
    flexible_pension_contribution,
    flexible_medical_contribution,
    flexible_subsidy_amount,
):
    """Subsidy to a flexible worker's contributions, at most the contributions themselves.

    Source: clause path.2.flexible_si_subsidy_extension; the amount is that of another city.
    """
    paid = flexible_pension_contribution + flexible_medical_contribution
    return where(gets_flexible_subsidy, minimum(paid, flexible_subsidy_amount), 0.0)


@person_rule(unit="yuan/year", zh="职业伤害保障个人负担", clause="group.6.17.work_injury_single")
def work_injury_cost(
    labour_status,
    labour_remuneration,
    work_injury_cover_of_platform_workers,
    work_injury_premium_rate,
    work_injury_premium_passed_on,
):
    """Part of the platform's premium for work injury cover that its workers bear, on average.

    Source: clauses group.6.17.work_injury_single and group.7.19.occupational_injury.
    """
    premium = labour_remuneration * work_injury_premium_rate
    borne = premium * work_injury_cover_of_platform_workers * work_injury_premium_passed_on
    return where(labour_status == PLATFORM_WORKER, borne, 0.0)
