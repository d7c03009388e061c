"""What the jobs of the plan pay, how long they last, and what they mean for insurance."""

from __future__ import annotations

from olive.engine import lookup, maximum, person_rule, where


@person_rule(unit="code", zh="方案安排的就业")
def programme_job(
    takes_zero_employment_job,
    takes_disabled_job,
    takes_public_post,
    keeps_job,
    takes_workshop_job,
    takes_care_job,
    takes_assisted_job,
    is_hired,
    takes_new_urban_job,
    placed_under_unemployment_cap,
):
    """Which job of the plan the person takes, as a code of the table of their pay (0 none)."""
    general = where(takes_new_urban_job, 9.0, where(placed_under_unemployment_cap, 10.0, 0.0))
    promoted = where(takes_assisted_job, 7.0, where(is_hired, 8.0, general))
    local = where(takes_workshop_job, 5.0, where(takes_care_job, 6.0, promoted))
    kept = where(takes_public_post, 3.0, where(keeps_job, 4.0, local))
    return where(takes_zero_employment_job, 1.0, where(takes_disabled_job, 2.0, kept))


@person_rule(unit="bool", zh="获得方案安排的就业")
def takes_programme_job(programme_job):
    """Whether the plan gives the person a job."""
    return programme_job > 0


@person_rule(unit="bool", zh="方案安排的就业参加职工保险")
def has_insured_programme_job(programme_job, programme_job_insured):
    """Whether the job of the plan is insured as regular employment."""
    return (programme_job > 0) & lookup(programme_job_insured, programme_job)


@person_rule(unit="month", zh="原受雇月数")
def months_employed_before(takes_programme_job, contractual_wage, months_worked):
    """Months of employment according to the data; none for a newly placed person without wage."""
    return where(takes_programme_job & (contractual_wage <= 0), 0.0, months_worked)


@person_rule(unit="month", zh="受雇月数")
def months_as_employee(
    takes_programme_job, months_employed_before, months_per_year, share_of_year_in_programme_job
):
    """Months of employment in the year: those of the data, filled up by a job of the plan."""
    added = (months_per_year - months_employed_before) * share_of_year_in_programme_job
    return where(takes_programme_job, months_employed_before + added, months_employed_before)


@person_rule(unit="1", zh="方案安排就业占全年比重")
def share_of_year_added(months_as_employee, months_employed_before, months_per_year):
    """Share of the year that a job of the plan adds."""
    return (months_as_employee - months_employed_before) / months_per_year


@person_rule(unit="month", zh="当年失业月数（方案后）")
def months_without_work(
    takes_programme_job, starts_business, months_unemployed, share_of_year_in_programme_job
):
    """Months without work of those out of work by the data, shortened by a job or a business.

    A business of the plan is run for the whole year.
    """
    left = months_unemployed * (1.0 - share_of_year_in_programme_job)
    return where(starts_business, 0.0, where(takes_programme_job, left, months_unemployed))


@person_rule(unit="yuan/year", zh="共富工坊收入", clause="group.8.21.workshops_2022")
def workshop_wage(takes_workshop_job, workshop_yearly_pay, share_of_year_added):
    """Earnings in a workshop: by the piece, for as many hours as one likes, without a floor.

    Source: clause group.8.21.workshops_2022; reports on pay, see the parameter.
    """
    return where(takes_workshop_job, workshop_yearly_pay * share_of_year_added, 0.0)


@person_rule(unit="yuan/year", zh="方案安排就业的工资", clause="path.2.new_urban_jobs")
def programme_job_wage(
    programme_job,
    takes_programme_job,
    takes_workshop_job,
    programme_job_pay,
    local_minimum_wage,
    share_of_year_added,
    workshop_wage,
):
    """Wage from a job of the plan: its full-time pay, never below the local minimum wage.

    Source: pay by kind of job, see the parameters.
    """
    full_time = maximum(lookup(programme_job_pay, programme_job), local_minimum_wage)
    regular = takes_programme_job & ~takes_workshop_job
    return workshop_wage + where(regular, full_time * share_of_year_added, 0.0)
