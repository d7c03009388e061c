"""Skill certificates and training: who gains them, and what they add to pay."""

from __future__ import annotations

from olive.china.codes import code, is_any_of
from olive.engine import draw, lookup, person_rule, population_sum, where
from olive.taizhou.law.labour_market import chosen

EMPLOYEE = code("labour_status", "employee")
PLATFORM_WORKER = code("labour_status", "platform_worker")
UNCERTIFIED = code("skill_level", "none")
SKILLED = code("skill_level", "skilled")
SERVICE = code("occupation", "service")
SKILLED_WORKER = code("occupation", "skilled_worker")
PRODUCTION_WORKER = code("occupation", "production_worker")

high_skill_draw = draw("high_skill_certificate", key="person", zh="高技能人才随机数")
skill_draw = draw("skill_certificate", key="person", zh="技能人才随机数")
training_draw = draw("vocational_training", key="person", zh="职业培训随机数")
pay_guide_draw = draw("skill_pay_guide", key="person", zh="薪酬分配指引随机数")
star_draw = draw("star_rating", key="person", zh="星级评价随机数")


@person_rule(unit="bool", zh="高技能人才候选人")
def high_skill_candidate(labour_status, skill_level):
    """Employee with a skill certificate below the high levels."""
    return (labour_status == EMPLOYEE) & (skill_level == SKILLED)


high_skill_candidates = population_sum("high_skill_candidate", zh="高技能人才候选人数")


@person_rule(unit="bool", zh="新增高技能人才", clause="path.14.high_skilled_talent")
def becomes_high_skilled(
    high_skill_candidate,
    high_skill_draw,
    new_high_skilled_per_year,
    years_of_yearly_programmes,
    programme_additionality,
    high_skill_candidates,
):
    """Skilled workers who rise to the high levels within the plan's years, and would not without.

    Source: clause path.14.high_skilled_talent.
    """
    places = new_high_skilled_per_year * years_of_yearly_programmes * programme_additionality
    return chosen(high_skill_candidate, high_skill_draw, places, high_skill_candidates)


@person_rule(unit="bool", zh="技能人才候选人")
def skill_candidate(labour_status, skill_level, occupation):
    """Employee in service, craft or production work without a skill certificate."""
    manual = is_any_of(occupation, SERVICE, SKILLED_WORKER, PRODUCTION_WORKER)
    return (labour_status == EMPLOYEE) & manual & (skill_level == UNCERTIFIED)


skill_candidates = population_sum("skill_candidate", zh="技能人才候选人数")


@person_rule(unit="bool", zh="新增技能人才", clause="path.14.skilled_talent")
def becomes_skilled(
    skill_candidate,
    skill_draw,
    new_skilled_per_year,
    certificates_by_firms_per_year,
    new_high_skilled_per_year,
    high_skilled_counted_as_skilled,
    years_of_yearly_programmes,
    programme_additionality,
    skill_candidates,
):
    """Workers who gain a first skill certificate within the plan's years, and would not without.

    The text leaves open whether the high-skilled are part of the 40,000; a switch says so.

    Source: clauses path.14.skilled_talent and group.1.2.skill_recognition.
    """
    inside = where(high_skilled_counted_as_skilled, new_high_skilled_per_year, 0.0)
    yearly = new_skilled_per_year + certificates_by_firms_per_year - inside
    places = yearly * years_of_yearly_programmes * programme_additionality
    return chosen(skill_candidate, skill_draw, places, skill_candidates)


@person_rule(unit="code", zh="技能等级（方案后）")
def skill_level_after(skill_level, becomes_skilled, becomes_high_skilled):
    """Certified skill after the plan's new certificates, in the codes of `skill_level`."""
    return skill_level + where(becomes_skilled | becomes_high_skilled, 1.0, 0.0)


@person_rule(unit="1", zh="取得技能证书的工资增幅", clause="path.14.skilled_talent")
def certificate_raise(skill_level, skill_level_after, skill_wage_premium):
    """Relative raise of pay from a new certificate: the premium of the new level over the old.

    Source: premia by level, see the parameter.
    """
    before = 1.0 + lookup(skill_wage_premium, skill_level)
    after = 1.0 + lookup(skill_wage_premium, skill_level_after)
    return where(skill_level_after == skill_level, 0.0, after / before - 1.0)


@person_rule(unit="bool", zh="职业培训候选人")
def training_candidate(labour_status, becomes_skilled, becomes_high_skilled):
    """Employee or platform worker; those who gain a certificate are not counted twice."""
    works = (labour_status == EMPLOYEE) | (labour_status == PLATFORM_WORKER)
    return works & ~becomes_skilled & ~becomes_high_skilled


training_candidates = population_sum("training_candidate", zh="职业培训候选人数")


@person_rule(unit="bool", zh="参加职业培训", clause="path.14.training_volume")
def is_trained(
    training_candidate,
    training_draw,
    trainees_per_year,
    years_of_yearly_programmes,
    programme_additionality,
    training_candidates,
):
    """People trained within the plan's years who would not be without it.

    Source: clause path.14.training_volume.
    """
    places = trainees_per_year * years_of_yearly_programmes * programme_additionality
    return chosen(training_candidate, training_draw, places, training_candidates)


@person_rule(unit="1", zh="培训的工资增幅", clause="path.14.training_volume")
def training_raise(is_trained, labour_status, training_wage_return):
    """Relative raise of an employee's pay from training.

    Source: see the parameter.
    """
    return where(is_trained & (labour_status == EMPLOYEE), training_wage_return, 0.0)


@person_rule(unit="yuan/year", zh="新就业形态培训增收", clause="group.6.16.training")
def platform_training_gain(
    is_trained,
    labour_status,
    labour_remuneration,
    training_wage_return,
    training_listed_for_new_forms,
):
    """Gain of trained platform workers, once their occupations are listed for training.

    It enters as wages beside their remuneration.

    Source: clause group.6.16.training.
    """
    trained = is_trained & (labour_status == PLATFORM_WORKER) & training_listed_for_new_forms
    return where(trained, labour_remuneration * training_wage_return, 0.0)


@person_rule(unit="1", zh="薪酬分配指引的工资增幅", clause="group.1.2.pay_distribution")
def pay_guide_raise(
    labour_status,
    skill_level_after,
    pay_guide_draw,
    skill_pay_guide_adoption,
    skill_pay_guide_raise,
):
    """Relative raise of certified workers whose firm adopts the pay guide for skilled workers.

    Source: clause group.1.2.pay_distribution.
    """
    adopted = (labour_status == EMPLOYEE) & (pay_guide_draw < skill_pay_guide_adoption)
    return where(adopted, lookup(skill_pay_guide_raise, skill_level_after), 0.0)


@person_rule(unit="yuan/year", zh="技工星级评价奖励", clause="path.14.star_rating")
def star_bonus(labour_status, skill_level_after, star_draw, star_rating_share, star_rating_bonus):
    """Bonus of a certified worker with a star rating.

    Source: clause path.14.star_rating.
    """
    certified = (labour_status == EMPLOYEE) & (skill_level_after > UNCERTIFIED)
    return where(certified & (star_draw < star_rating_share), star_rating_bonus, 0.0)
