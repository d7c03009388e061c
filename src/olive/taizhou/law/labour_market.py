"""Jobs of the plan: who takes one, in a fixed order, so that nobody takes two.

Places are handed out by keyed draws among the candidates: each has the probability places /
candidates, so that the expected number of jobs is the number of places (or of candidates, when
these are fewer), and the same people are chosen whatever the order of the rows.
"""

from __future__ import annotations

from typing import Any

from olive.china.codes import code, is_any_of
from olive.engine import (
    draw,
    household_any,
    maximum,
    person_rule,
    population_sum,
    where,
)

EMPLOYEE = code("labour_status", "employee")
SELF_EMPLOYED = code("labour_status", "self_employed")
FARMER = code("labour_status", "farmer")
PLATFORM_WORKER = code("labour_status", "platform_worker")
UNEMPLOYED = code("labour_status", "unemployed")
HOMEMAKER = code("labour_status", "homemaker")
UNABLE_TO_WORK = code("labour_status", "unable_to_work")
LOCAL_URBAN = code("hukou", "local_urban")
LOCAL_RURAL = code("hukou", "local_rural")
MIGRANT = code("hukou", "migrant")
ABLE_OF_SELF_CARE = code("self_care", "able")

disabled_job_draw = draw("disabled_job", key="person", zh="残疾人就业随机数")
public_post_draw = draw("public_post", key="person", zh="公益性岗位随机数")
retained_job_draw = draw("retained_job", key="person", zh="稳岗随机数")
workshop_job_draw = draw("workshop_job", key="person", zh="共富工坊随机数")
care_job_draw = draw("care_job", key="person", zh="养老护理员随机数")
assisted_job_draw = draw("assisted_job", key="person", zh="救助对象就业随机数")
hired_draw = draw("hired", key="person", zh="群体招用随机数")
new_urban_job_draw = draw("new_urban_job", key="person", zh="城镇新增就业随机数")
unemployment_cap_draw = draw("unemployment_cap", key="person", zh="失业率控制随机数")


def chosen(candidate: Any, chance: Any, places: Any, candidates: Any) -> Any:
    """Return who gets one of ``places``: each candidate with probability places / candidates.

    Parameters
    ----------
    candidate : truth values, shape (persons,)
    chance : uniform draws in [0, 1), shape (persons,)
    places, candidates : numbers
        More places than candidates: every candidate is chosen.

    Examples
    --------
    >>> import numpy as np
    >>> chosen(np.array([True, True, False]), np.array([0.1, 0.6, 0.1]), 50, 100)
    array([ True, False, False])
    """
    return candidate & (chance < places / maximum(candidates, 1.0))


@person_rule(unit="bool", zh="按调查状态在业")
def works_before_programmes(labour_status):
    """Whether the person works according to the data."""
    return is_any_of(labour_status, EMPLOYEE, SELF_EMPLOYED, FARMER, PLATFORM_WORKER)


household_works = household_any("works_before_programmes", zh="户内有人就业")


@person_rule(unit="bool", zh="有劳动能力而未就业")
def jobless(labour_status, able_to_work, in_education):
    """Unemployed people and homemakers who are able to work and not at school."""
    idle = (labour_status == UNEMPLOYED) | (labour_status == HOMEMAKER)
    return idle & able_to_work & ~in_education


@person_rule(unit="bool", zh="残疾人就业候选人")
def disabled_job_candidate(
    labour_status, disability_grade, self_care, in_education, takes_zero_employment_job
):
    """Certified disabled person out of work who can look after himself or herself."""
    idle = is_any_of(labour_status, UNEMPLOYED, HOMEMAKER, UNABLE_TO_WORK)
    able = (disability_grade > 0) & (self_care == ABLE_OF_SELF_CARE)
    return idle & able & ~in_education & ~takes_zero_employment_job


disabled_job_candidates = population_sum("disabled_job_candidate", zh="残疾人就业候选人数")


@person_rule(unit="bool", zh="新增残疾人就业", clause="group.9.23.disabled_jobs")
def takes_disabled_job(
    disabled_job_candidate,
    disabled_job_draw,
    disabled_jobs,
    share_of_cumulative_programmes_remaining,
    disabled_job_candidates,
):
    """Disabled people who take one of the plan's new jobs, by quota, supported or sheltered.

    Source: clauses group.9.23.disabled_jobs and group.9.23.quota_employment.
    """
    places = disabled_jobs * share_of_cumulative_programmes_remaining
    return chosen(disabled_job_candidate, disabled_job_draw, places, disabled_job_candidates)


@person_rule(unit="bool", zh="公益性岗位候选人")
def public_post_candidate(jobless, hukou, takes_zero_employment_job, takes_disabled_job):
    """Rural person out of work and able to work."""
    placed = takes_zero_employment_job | takes_disabled_job
    return jobless & (hukou == LOCAL_RURAL) & ~placed


public_post_candidates = population_sum("public_post_candidate", zh="公益性岗位候选人数")


@person_rule(unit="bool", zh="公益性岗位就业", clause="path.2.public_posts")
def takes_public_post(
    public_post_candidate, public_post_draw, public_posts, public_post_candidates
):
    """People who take one of the additional public-welfare posts.

    Source: clause path.2.public_posts.
    """
    return chosen(public_post_candidate, public_post_draw, public_posts, public_post_candidates)


@person_rule(unit="bool", zh="免于裁员", clause="path.2.ui_refund")
def keeps_job(
    jobless,
    labour_status,
    involuntary_job_loss,
    months_unemployed,
    takes_zero_employment_job,
    takes_disabled_job,
    takes_public_post,
    retained_job_draw,
    layoffs_avoided_share,
):
    """Laid off this year according to the data, but kept under the employment-keeping measures.

    Source: clauses path.2.ui_refund and path.2.retention_loans.
    """
    laid_off = (labour_status == UNEMPLOYED) & involuntary_job_loss & (months_unemployed > 0)
    placed = takes_zero_employment_job | takes_disabled_job | takes_public_post
    kept = retained_job_draw < layoffs_avoided_share
    return jobless & laid_off & ~placed & kept


@person_rule(unit="bool", zh="尚未安排就业")
def not_yet_placed(
    jobless, takes_zero_employment_job, takes_disabled_job, takes_public_post, keeps_job
):
    """Out of work and in none of the jobs for particular people."""
    placed = takes_zero_employment_job | takes_disabled_job | takes_public_post | keeps_job
    return jobless & ~placed


@person_rule(unit="bool", zh="共富工坊候选人")
def workshop_job_candidate(not_yet_placed, hukou):
    """Rural person out of work: the register stands for living near a workshop."""
    return not_yet_placed & (hukou == LOCAL_RURAL)


@person_rule(unit="bool", zh="共富工坊低收入农户候选人")
def low_income_workshop_candidate(workshop_job_candidate, low_income_rural_household):
    """Candidate from a low-income rural household."""
    return workshop_job_candidate & low_income_rural_household


@person_rule(unit="bool", zh="共富工坊其他候选人")
def other_workshop_candidate(workshop_job_candidate, low_income_rural_household):
    """Candidate from another household."""
    return workshop_job_candidate & ~low_income_rural_household


low_income_workshop_candidates = population_sum(
    "low_income_workshop_candidate", zh="共富工坊低收入农户候选人数"
)
other_workshop_candidates = population_sum("other_workshop_candidate", zh="共富工坊其他候选人数")


@person_rule(unit="bool", zh="共富工坊就业", clause="group.8.21.workshops_2022")
def takes_workshop_job(
    low_income_workshop_candidate,
    other_workshop_candidate,
    workshop_job_draw,
    workshops,
    jobs_per_workshop,
    workshop_low_income_share,
    low_income_workshop_candidates,
    other_workshop_candidates,
):
    """People who work part time in a common-prosperity workshop nearby.

    A stated share of the places goes to low-income rural households, the rest to others.

    Source: clause group.8.21.workshops_2022.
    """
    places = workshops * jobs_per_workshop
    low_income_places = places * workshop_low_income_share
    other_places = places - low_income_places
    low_income = chosen(
        low_income_workshop_candidate,
        workshop_job_draw,
        low_income_places,
        low_income_workshop_candidates,
    )
    other = chosen(
        other_workshop_candidate, workshop_job_draw, other_places, other_workshop_candidates
    )
    return low_income | other


@person_rule(unit="bool", zh="养老护理员候选人")
def care_job_candidate(not_yet_placed, takes_workshop_job):
    """Person out of work who may be trained as a care worker."""
    return not_yet_placed & ~takes_workshop_job


care_job_candidates = population_sum("care_job_candidate", zh="养老护理员候选人数")


@person_rule(unit="bool", zh="养老护理员就业", clause="path.21.care_workers")
def takes_care_job(
    care_job_candidate,
    care_job_draw,
    care_workers_per_ten_thousand,
    people_aged_60_and_over,
    share_of_care_posts_new,
    care_job_candidates,
):
    """People who fill the care posts that are new.

    The plan states a stock of certified care workers for each 10,000 old people; the share of it
    that is not filled yet is an assumption.

    Source: clause path.21.care_workers.
    """
    stock = care_workers_per_ten_thousand * people_aged_60_and_over / 10_000.0
    places = stock * share_of_care_posts_new
    return chosen(care_job_candidate, care_job_draw, places, care_job_candidates)


@person_rule(unit="bool", zh="救助对象实现就业", clause="group.9.23.encourage_work")
def takes_assisted_job(
    care_job_candidate,
    takes_care_job,
    received_dibao_last_year,
    assisted_job_draw,
    dibao_recipients_taking_work,
):
    """Recipients of last year's dibao who take up work when it is encouraged.

    Source: clause group.9.23.encourage_work.
    """
    encouraged = assisted_job_draw < dibao_recipients_taking_work
    return care_job_candidate & ~takes_care_job & received_dibao_last_year & encouraged


@person_rule(unit="1", zh="群体新增招用比例")
def hire_rate(
    is_recent_graduate,
    hukou,
    disability_grade,
    received_dibao_last_year,
    graduate_hire_rate,
    migrant_hire_rate,
    rural_hire_rate,
    hard_to_employ_hire_rate,
):
    """Share of the person's group that is hired in addition: the largest that applies.

    Source: clauses group.4.9.*, group.7.18.employment, path.3.labour_market_structure and
    path.2.si_subsidy_absorbing.
    """
    hard = (disability_grade > 0) | received_dibao_last_year
    graduate = where(is_recent_graduate, graduate_hire_rate, 0.0)
    hard_to_employ = where(hard, hard_to_employ_hire_rate, 0.0)
    rural = where(hukou == LOCAL_RURAL, rural_hire_rate, 0.0)
    by_register = where(hukou == MIGRANT, migrant_hire_rate, rural)
    return maximum(maximum(graduate, hard_to_employ), by_register)


@person_rule(unit="bool", zh="群体招用", clause="group.4.9.employer_subsidies")
def is_hired(care_job_candidate, takes_care_job, takes_assisted_job, hired_draw, hire_rate):
    """People of a group whose hiring is promoted who find a job in addition.

    Source: see `hire_rate`.
    """
    free = care_job_candidate & ~takes_care_job & ~takes_assisted_job
    return free & (hired_draw < hire_rate)


@person_rule(unit="bool", zh="城镇新增就业候选人")
def new_urban_job_candidate(care_job_candidate, takes_care_job, takes_assisted_job, is_hired):
    """Person out of work whom no other programme has placed."""
    return care_job_candidate & ~takes_care_job & ~takes_assisted_job & ~is_hired


new_urban_job_candidates = population_sum("new_urban_job_candidate", zh="城镇新增就业候选人数")


@person_rule(unit="bool", zh="城镇新增就业", clause="path.2.new_urban_jobs")
def takes_new_urban_job(
    new_urban_job_candidate,
    new_urban_job_draw,
    new_urban_jobs,
    new_urban_jobs_gross_to_net,
    share_of_cumulative_programmes_remaining,
    new_urban_job_candidates,
):
    """People out of work who take one of the new urban jobs.

    The official count is gross: most new jobs go to people who change jobs or to those who
    replace leavers. Only the net part employs somebody who did not work.

    Source: clause path.2.new_urban_jobs.
    """
    places = new_urban_jobs * new_urban_jobs_gross_to_net * share_of_cumulative_programmes_remaining
    return chosen(new_urban_job_candidate, new_urban_job_draw, places, new_urban_job_candidates)


@person_rule(unit="bool", zh="其余失业人员")
def still_unemployed(new_urban_job_candidate, takes_new_urban_job, labour_status):
    """Unemployed after all other programmes."""
    return new_urban_job_candidate & ~takes_new_urban_job & (labour_status == UNEMPLOYED)


still_unemployed_people = population_sum("still_unemployed", zh="其余失业人数")


@person_rule(unit="bool", zh="劳动力")
def in_labour_force(works_before_programmes, jobless, labour_status):
    """Working, or unemployed and able to work."""
    return works_before_programmes | (jobless & (labour_status == UNEMPLOYED))


labour_force = population_sum("in_labour_force", zh="劳动力人数")


@person_rule(unit="bool", zh="失业率控制安排就业", clause="path.2.registered_unemployment")
def placed_under_unemployment_cap(
    still_unemployed,
    unemployment_cap_draw,
    registered_unemployment_cap,
    registered_share_of_unemployed,
    still_unemployed_people,
    labour_force,
):
    """Unemployed people who are placed until registered unemployment is at its cap.

    Registered unemployment is the stated share of all unemployed; the registered rate of all the
    labour force is taken, town and country.

    Source: clause path.2.registered_unemployment.
    """
    registered = still_unemployed_people * registered_share_of_unemployed
    above = registered - registered_unemployment_cap * labour_force
    capped = registered_unemployment_cap < 1
    share = where(capped, above / maximum(registered, 1.0), 0.0)
    return still_unemployed & (unemployment_cap_draw < share)
