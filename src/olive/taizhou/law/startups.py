"""New businesses under the plan: who starts one, what it earns, and the help it gets."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import draw, maximum, person_rule, population_sum, where

MIGRANT = code("hukou", "migrant")
UNEMPLOYED = code("labour_status", "unemployed")

startup_draw = draw("startup", key="person", zh="扶持创业随机数")
free_premises_draw = draw("free_premises", key="person", zh="免费场地随机数")


@person_rule(unit="bool", zh="创业扶持对象")
def startup_candidate(labour_status, able_to_work, in_education, takes_programme_job):
    """Unemployed people able to work who take no job of the plan."""
    free = able_to_work & ~in_education & ~takes_programme_job
    return (labour_status == UNEMPLOYED) & free


startup_candidates = population_sum("startup_candidate", zh="全市创业扶持对象人数")


@person_rule(unit="bool", zh="获扶持创业", clause="path.5.startup_persons")
def starts_business(
    startup_candidate,
    startup_draw,
    startup_candidates,
    startups_per_year,
    years_of_yearly_programmes,
    startup_survival_rate,
):
    """People who start a business with help and are still in it.

    Starters of all the plan's remaining years, as far as their businesses survive.

    Source: clause path.5.startup_persons (3,000 a year).
    """
    places = startups_per_year * years_of_yearly_programmes * startup_survival_rate
    return startup_candidate & (startup_draw < places / maximum(startup_candidates, 1.0))


@person_rule(unit="yuan/year", zh="新创业经营收入", clause="path.5.startup_persons")
def startup_income(starts_business, local_minimum_wage, startup_income_over_minimum_wage):
    """Net operating income of a new business, as a multiple of the local minimum wage.

    Source: clause path.5.startup_persons; the multiple is a named assumption.
    """
    return where(starts_business, local_minimum_wage * startup_income_over_minimum_wage, 0.0)


@person_rule(unit="bool", zh="高校毕业生创业")
def starts_as_graduate(starts_business, is_recent_graduate):
    """Starter who left a college or university not long ago."""
    return starts_business & is_recent_graduate


@person_rule(unit="yuan/year", zh="创业担保贷款收益", clause="path.5.startup_loans_volume")
def startup_loan_gain(
    starts_business,
    startup_loans_per_year,
    startups_per_year,
    startup_loan_interest_subsidy,
    startup_loan_net_return,
):
    """Interest subsidy on the starter's loan, and its return above interest.

    The loan of each starter is the yearly volume over the yearly number of starters.

    Source: clauses path.5.startup_loans_volume (300 m yuan a year) and
    group.4.10.startup_support.
    """
    loan = startup_loans_per_year / maximum(startups_per_year, 1.0)
    gain = loan * (startup_loan_interest_subsidy + startup_loan_net_return)
    return where(starts_business, gain, 0.0)


@person_rule(unit="yuan/year", zh="创业补贴和免费场地", clause="group.7.18.startup_subsidies")
def startup_support(
    starts_business,
    starts_as_graduate,
    startup_loan_gain,
    free_premises_draw,
    hukou,
    startup_rent_subsidy,
    startup_one_off_subsidy,
    startup_insurance_subsidy,
    free_premises_share,
    premises_rent,
):
    """Loans, subsidies to starters from elsewhere, and rent-free premises of graduates.

    Source: clauses group.7.18.startup_subsidies, group.4.10.free_premises and
    group.4.10.startup_support.
    """
    subsidies = startup_rent_subsidy + startup_one_off_subsidy + startup_insurance_subsidy
    from_elsewhere = starts_business & (hukou == MIGRANT)
    rent_free = starts_as_graduate & (free_premises_draw < free_premises_share)
    helped = startup_loan_gain + where(from_elsewhere, subsidies, 0.0)
    return helped + where(rent_free, premises_rent, 0.0)
