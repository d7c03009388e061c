"""Pay offered before any wage floor, and who works, once the plan's levers have acted."""

from __future__ import annotations

from olive.china.codes import code, is_any_of
from olive.engine import person_rule, where

EMPLOYEE = code("labour_status", "employee")
SELF_EMPLOYED = code("labour_status", "self_employed")
FARMER = code("labour_status", "farmer")
PLATFORM_WORKER = code("labour_status", "platform_worker")
UNEMPLOYED = code("labour_status", "unemployed")


@person_rule(unit="1", zh="工资调整系数")
def wage_factor(
    frontline_raise,
    equal_pay_raise,
    bargaining_raise,
    certificate_raise,
    training_raise,
    pay_guide_raise,
    researcher_raise,
    arrears_raise,
    low_income_rural_raise,
):
    """What all relative raises make of a wage together.

    Raises multiply: each acts on pay that the others have raised.
    """
    general = (1.0 + frontline_raise) * (1.0 + equal_pay_raise) * (1.0 + bargaining_raise)
    skill = (1.0 + certificate_raise) * (1.0 + training_raise) * (1.0 + pay_guide_raise)
    groups = (1.0 + researcher_raise) * (1.0 + low_income_rural_raise)
    return general * skill * groups * (1.0 + arrears_raise)


@person_rule(unit="yuan/year", zh="定额奖励")
def wage_bonuses(star_bonus, research_bonus, contractual_wage):
    """Bonuses in yuan, for those who earn a wage."""
    return where(contractual_wage > 0, star_bonus + research_bonus, 0.0)


@person_rule(unit="yuan/year", zh="应发工资（最低工资前）")
def offered_wage(
    contractual_wage, wage_factor, wage_bonuses, platform_training_gain, programme_job_wage
):
    """Gross wage that employers offer, before any wage floor.

    The contractual wage with the plan's raises and bonuses, and the wage of a job of the plan.
    """
    return (
        contractual_wage * wage_factor + wage_bonuses + platform_training_gain + programme_job_wage
    )


@person_rule(unit="code", zh="就业状况（安排就业和创业后）")
def labour_status_with_programmes(labour_status, takes_programme_job, starts_business):
    """Labour status once jobs of the plan are taken and businesses started."""
    free = where(starts_business, SELF_EMPLOYED, labour_status)
    return where(takes_programme_job, EMPLOYEE, free)


@person_rule(unit="code", zh="就业状况（方案后）")
def labour_status_after(labour_status_with_programmes, loses_job):
    """Labour status at the end: jobs and businesses of the plan, jobs lost to a higher floor.

    Jobs of the plan go to those whom the data show without work, so whoever loses a job through
    a higher minimum wage stays unemployed for the year.
    """
    return where(loses_job, UNEMPLOYED, labour_status_with_programmes)


@person_rule(unit="bool", zh="受雇")
def is_employed(labour_status_after):
    """Employee after the plan: still employed, or newly in a job of the plan."""
    return labour_status_after == EMPLOYEE


@person_rule(unit="bool", zh="就业")
def is_working(labour_status_after):
    """Employed, in business, farming or in platform work after the plan."""
    return is_any_of(labour_status_after, EMPLOYEE, SELF_EMPLOYED, FARMER, PLATFORM_WORKER)
