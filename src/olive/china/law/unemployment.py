"""Unemployment insurance benefit."""

from __future__ import annotations

from olive.engine import floor, maximum, minimum, person_rule, where


@person_rule(unit="month", zh="失业前累计缴费月数")
def contribution_months_before_spell(
    loses_job, unemployment_insured, unemployment_contribution_months, job_loser_contribution_months
):
    """Months of contributions behind a claim.

    Data hold them for people out of work; for an insured employee without a record who loses the
    job, a named assumption stands in.

    Source: Social Insurance Law, article 45 (contributions before the loss of the job).
    """
    unrecorded = loses_job & unemployment_insured & (unemployment_contribution_months <= 0)
    return where(unrecorded, job_loser_contribution_months, unemployment_contribution_months)


@person_rule(unit="month", zh="可领取失业保险金月数")
def unemployment_benefit_months_earned(
    contribution_months_before_spell,
    unemployment_qualifying_months,
    unemployment_first_band_months,
    unemployment_first_band_step,
    unemployment_second_band_step,
    unemployment_longest_months,
):
    """Months of benefit that the contributions before the spell have earned.

    One month for each full 6 months of the first five years, one for each full 8 months beyond,
    at most 24; nothing below one year.

    Source: Social Insurance Law, articles 45 and 46; the steps are those published for Taizhou.
    """
    first = minimum(contribution_months_before_spell, unemployment_first_band_months)
    beyond = maximum(contribution_months_before_spell - unemployment_first_band_months, 0.0)
    earned = floor(first / unemployment_first_band_step)
    earned = earned + floor(beyond / unemployment_second_band_step)
    qualifies = contribution_months_before_spell >= unemployment_qualifying_months
    return where(qualifies, minimum(earned, unemployment_longest_months), 0.0)


@person_rule(unit="month", zh="当年领取失业保险金月数")
def unemployment_benefit_months(
    unemployment_benefit_months_earned,
    months_without_work,
    months_unemployed_before,
    involuntary_job_loss,
    loses_job,
    months_as_employee,
    months_per_year,
):
    """Months of this year with unemployment benefit.

    Earned months not yet used up before the year, for months without work. Everyone who lost
    the job involuntarily is taken to register and to claim. A job or a business of the plan ends
    the months without work. Who loses the job through a higher minimum wage is out of work for
    the months that the data show in it.

    Source: Social Insurance Law, articles 45, 46 and 51.
    """
    left = maximum(unemployment_benefit_months_earned - months_unemployed_before, 0.0)
    by_data = where(involuntary_job_loss, months_without_work, 0.0)
    lost = where(loses_job, months_as_employee, 0.0)
    return minimum(minimum(by_data + lost, months_per_year), left)


@person_rule(unit="yuan/year", zh="失业保险金")
def unemployment_benefit(
    unemployment_benefit_months, months_per_year, local_minimum_wage, unemployment_benefit_rate
):
    """Unemployment benefit of the year: a share of the local minimum wage for each month.

    Source: Social Insurance Law, article 47; the provincial rate by date.
    """
    share_of_year = unemployment_benefit_months / months_per_year
    return unemployment_benefit_rate * local_minimum_wage * share_of_year
