"""Zero-employment families: who belongs to one, and which member is helped into a job."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import draw, household_any, household_rank, household_rule, person_rule, where

UNEMPLOYED = code("labour_status", "unemployed")
HOMEMAKER = code("labour_status", "homemaker")
LOCAL_URBAN = code("hukou", "local_urban")

zero_employment_draw = draw("zero_employment_family", key="household", zh="零就业家庭随机数")
zero_employment_order = draw("zero_employment_member", key="person", zh="零就业家庭成员次序")


@person_rule(unit="bool", zh="有劳动能力而不求职")
def stays_out_of_work(labour_status, able_to_work, in_education):
    """Homemaker able to work: not registered as unemployed, hence no seeker of a job."""
    return (labour_status == HOMEMAKER) & able_to_work & ~in_education


somebody_stays_out = household_any("stays_out_of_work", zh="户内有不求职的劳动力")


@person_rule(unit="bool", zh="有经营收入")
def has_operating_income(operating_income):
    """Earns operating income."""
    return operating_income > 0


household_operates = household_any("has_operating_income", zh="户内有经营收入")


@household_rule(unit="bool", zh="零就业家庭（不含身份和登记条件）")
def nobody_earns(
    household_works,
    somebody_stays_out,
    household_operates,
    dividend_income,
    rental_income,
    business_premises,
):
    """Household in which nobody works, stays out of work by choice, runs a business or invests.

    Interest on deposits, which nearly every family has, is no income from investment here.
    """
    owns = household_operates | (dividend_income > 0) | (rental_income > 0) | business_premises
    return ~household_works & ~somebody_stays_out & ~owns


@person_rule(unit="bool", zh="零就业家庭成员")
def in_zero_employment_family(labour_status, able_to_work, in_education, hukou, nobody_earns):
    """Unemployed member of a zero-employment family.

    An urban family all of whose able members of working age are registered as unemployed and want
    work, without income from a business or from investment. The unemployed of the data stand for
    the registered, and the urban register for the urban family.

    Source: 浙江省城镇零就业家庭认定办法 under 浙政发〔2006〕16号.
    """
    seeks = (labour_status == UNEMPLOYED) & able_to_work & ~in_education
    return seeks & nobody_earns & (hukou == LOCAL_URBAN)


@person_rule(unit="1", zh="零就业家庭帮扶次序值")
def zero_employment_priority(in_zero_employment_family, zero_employment_order):
    """Value by which one member of the family is chosen."""
    return where(in_zero_employment_family, 1.0 + zero_employment_order, 0.0)


zero_employment_rank = household_rank("zero_employment_priority", zh="零就业家庭帮扶次序")


@person_rule(unit="bool", zh="零就业家庭帮扶就业", clause="path.2.zero_employment_families")
def takes_zero_employment_job(
    in_zero_employment_family,
    zero_employment_rank,
    zero_employment_draw,
    zero_employment_families_helped,
):
    """One member of each family that is helped takes a job.

    Source: clause path.2.zero_employment_families.
    """
    helped = zero_employment_draw < zero_employment_families_helped
    return in_zero_employment_family & (zero_employment_rank < 1) & helped
