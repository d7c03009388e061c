"""Unemployment insurance benefit."""

from __future__ import annotations

from olive.engine import floor, maximum, minimum, person_rule, where


@person_rule(unit="month", zh="可领取失业保险金月数")
def unemployment_benefit_months_earned(
    unemployment_contribution_months,
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
    first = minimum(unemployment_contribution_months, unemployment_first_band_months)
    beyond = maximum(unemployment_contribution_months - unemployment_first_band_months, 0.0)
    earned = floor(first / unemployment_first_band_step) + floor(
        beyond / unemployment_second_band_step
    )
    qualifies = unemployment_contribution_months >= unemployment_qualifying_months
    return where(qualifies, minimum(earned, unemployment_longest_months), 0.0)


@person_rule(unit="month", zh="当年领取失业保险金月数")
def unemployment_benefit_months(
    unemployment_benefit_months_earned,
    months_without_work,
    months_unemployed_before,
    involuntary_job_loss,
):
    """Months of this year with unemployment benefit.

    Earned months not yet used up before the year, for months without work. Everyone who lost
    the job involuntarily is taken to register and to claim. A job of the plan ends the months
    without work.

    Source: Social Insurance Law, articles 45, 46 and 51.
    """
    left = maximum(unemployment_benefit_months_earned - months_unemployed_before, 0.0)
    return where(involuntary_job_loss, minimum(months_without_work, left), 0.0)


@person_rule(unit="yuan/year", zh="失业保险金")
def unemployment_benefit(
    unemployment_benefit_months,
    months_per_year,
    local_minimum_wage,
    unemployment_benefit_rate,
):
    """Unemployment benefit of the year: a share of the local minimum wage for each month.

    Source: Social Insurance Law, article 47; the provincial rate by date.
    """
    share_of_year = unemployment_benefit_months / months_per_year
    return unemployment_benefit_rate * local_minimum_wage * share_of_year
