"""Whom the minimum wage protects, and the floor that it sets for their months and hours."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import draw, person_rule, where

EMPLOYEE = code("labour_status", "employee")
TRAINEE_LAWYER = code("occupation", "trainee_lawyer")

minimum_wage_compliance_draw = draw(
    "minimum_wage_compliance", key="person", zh="最低工资执行随机数"
)


@person_rule(unit="1", zh="工作月数占全年比重")
def share_of_year_worked(months_as_employee, months_per_year):
    """Months of employment as a share of the year, those in a job of the plan included."""
    return months_as_employee / months_per_year


@person_rule(unit="bool", zh="非全日制用工")
def works_part_time(weekly_hours, part_time_weekly_hours):
    """Whether the usual weekly hours make the work part time, so that the hourly floor applies.

    Source: Labour Contract Law, article 68 (at most 24 hours a week with one employer).
    """
    return weekly_hours <= part_time_weekly_hours


@person_rule(unit="bool", zh="适用最低工资", clause="path.22.trainee_lawyer_min_wage")
def covered_by_minimum_wage(labour_status, occupation, offered_wage, trainee_lawyer_minimum_wage):
    """Whether the minimum wage protects the person's wage.

    Employees only: retired people, students and helpers work under service contracts. An
    employee without any wage is not raised, since that says that no wage was recorded. Jobs of
    the plan are paid at the floor or above from the start. Trainee lawyers are covered once the
    switch is on.
    """
    no_exception = ~(occupation == TRAINEE_LAWYER) | trainee_lawyer_minimum_wage
    return (labour_status == EMPLOYEE) & (offered_wage > 0) & no_exception


@person_rule(unit="yuan/year", zh="最低工资（按工作时间）", clause="path.8.min_wage_linkage")
def minimum_wage_floor(
    works_part_time,
    local_minimum_wage,
    local_minimum_hourly_wage,
    weekly_hours,
    yearly_hours_per_weekly_hour,
    share_of_year_worked,
):
    """Wage that the person must at least get for the months and hours worked.

    The monthly standard for full-time work; for part-time work the hourly standard times the
    hours. Whole-year comparison: a bonus counts towards the floor of all months alike.

    Source: 《最低工资规定》 (2004, Order 21 of the Ministry of Labour), articles 5, 6 and 12.
    """
    hours = weekly_hours * yearly_hours_per_weekly_hour
    full_year = where(works_part_time, local_minimum_hourly_wage * hours, local_minimum_wage)
    return full_year * share_of_year_worked


@person_rule(unit="bool", zh="最低工资得到执行")
def is_raised_to_floor(
    covered_by_minimum_wage, minimum_wage_compliance_draw, minimum_wage_compliance_rate
):
    """Covered employee whose employer complies with the minimum wage.

    Each covered employee has the probability `minimum_wage_compliance_rate`; the draw is kept,
    so a higher rate raises the same people and more.

    Source: 《最低工资规定》, article 12; the compliance rate is an assumption.
    """
    return covered_by_minimum_wage & (minimum_wage_compliance_draw < minimum_wage_compliance_rate)
