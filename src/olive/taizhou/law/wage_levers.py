"""Raises of pay for particular workers, and wages that are no longer withheld."""

from __future__ import annotations

from olive.china.codes import code, is_any_of
from olive.engine import draw, lookup, person_rule, where

EMPLOYEE = code("labour_status", "employee")
SERVICE = code("occupation", "service")
SKILLED_WORKER = code("occupation", "skilled_worker")
PRODUCTION_WORKER = code("occupation", "production_worker")
FARM_WORKER = code("occupation", "farm_worker")
YOUNG_LAWYER = code("occupation", "young_lawyer")
EDUCATION_HEALTH = code("industry", "education_health")

agency_draw = draw("agency_worker", key="person", zh="劳务派遣随机数")
bargaining_draw = draw("collective_bargaining", key="person", zh="工资集体协商随机数")


@person_rule(unit="bool", zh="一线职工")
def is_frontline_worker(labour_status, occupation):
    """Employee in service, craft, production or farm work."""
    posts = (SERVICE, SKILLED_WORKER, PRODUCTION_WORKER, FARM_WORKER)
    return (labour_status == EMPLOYEE) & is_any_of(occupation, *posts)


@person_rule(unit="1", zh="一线职工工资增幅", clause="path.8.wage_system")
def frontline_raise(is_frontline_worker, frontline_wage_raise, years_of_yearly_programmes):
    """Relative raise of frontline pay above general growth, over the plan's remaining years.

    Source: clause path.8.wage_system.
    """
    return where(is_frontline_worker, frontline_wage_raise * years_of_yearly_programmes, 0.0)


@person_rule(unit="1", zh="劳务派遣同工同酬增幅", clause="path.8.agency_equal_pay")
def equal_pay_raise(
    is_frontline_worker, agency_draw, agency_worker_share, agency_pay_gap, agency_gap_closed_share
):
    """Relative raise of agency workers when part of the gap to direct employees is closed.

    No survey column says who works through an agency, so the stated share of frontline workers
    is drawn. A gap of 20 % of direct pay that is closed in full raises pay by 20 / 80.

    Source: clause path.8.agency_equal_pay.
    """
    agency = is_frontline_worker & (agency_draw < agency_worker_share)
    full = agency_pay_gap / (1.0 - agency_pay_gap)
    return where(agency, full * agency_gap_closed_share, 0.0)


@person_rule(unit="1", zh="工资集体协商增幅", clause="path.8.collective_bargaining")
def bargaining_raise(
    labour_status,
    bargaining_draw,
    collective_bargaining_added_coverage,
    collective_bargaining_premium,
):
    """Relative raise of employees who come under collective wage agreements.

    Source: clause path.8.collective_bargaining.
    """
    covered = (labour_status == EMPLOYEE) & (bargaining_draw < collective_bargaining_added_coverage)
    return where(covered, collective_bargaining_premium, 0.0)


@person_rule(unit="1", zh="补足欠薪的工资增幅", clause="path.3.wage_payment_guarantee")
def arrears_raise(industry, wage_arrears_rate, wage_arrears_prevented_share):
    """Relative raise of the wage received when part of what was never paid is paid.

    Wages in the data are as received: of a wage by contract of 100 with arrears of 2 %, 98. What
    is prevented raises it by rate / (1 - rate) times the share prevented.

    Source: clause path.3.wage_payment_guarantee.
    """
    rate = lookup(wage_arrears_rate, industry)
    return rate / (1.0 - rate) * wage_arrears_prevented_share


@person_rule(unit="1", zh="科研人员工资增幅", clause="group.2.4.researcher_pay")
def researcher_raise(is_researcher, researcher_wage_raise):
    """Relative raise of researchers' pay by agreed and project wages.

    Source: clause group.2.4.researcher_pay.
    """
    return where(is_researcher, researcher_wage_raise, 0.0)


@person_rule(unit="yuan/year", zh="科研绩效奖励", clause="group.2.6.indirect_cost")
def research_bonus(is_researcher, industry, indirect_cost_bonus, university_transfer_reward):
    """Bonuses of researchers: from projects' indirect costs; from transfers, at universities.

    Researchers in education and health stand for university teachers.

    Source: clauses group.2.6.indirect_cost and group.2.5.teacher_reward.
    """
    reward = where(industry == EDUCATION_HEALTH, university_transfer_reward, 0.0)
    return where(is_researcher, indirect_cost_bonus + reward, 0.0)


@person_rule(unit="yuan/year", zh="困难青年律师补助", clause="path.22.young_lawyer_subsidy")
def young_lawyer_subsidy(
    occupation, contractual_wage, young_lawyer_subsidy_amount, young_lawyer_wage_limit
):
    """Flat subsidy of a young lawyer whose contractual wage is below the limit.

    Source: clause path.22.young_lawyer_subsidy.
    """
    in_hardship = (occupation == YOUNG_LAWYER) & (contractual_wage < young_lawyer_wage_limit)
    return where(in_hardship, young_lawyer_subsidy_amount, 0.0)
