"""Statutory retirement age, which rises month by month from 2025."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import clip, floor, lookup, person_rule, where

FEMALE = code("sex", "female")
MANAGER = code("occupation", "manager")
PROFESSIONAL = code("occupation", "professional")
RESEARCHER = code("occupation", "researcher")


@person_rule(unit="code", zh="法定退休年龄类别")
def retirement_group(sex, occupation):
    """0 men, 1 women in managerial or technical posts, 2 other women.

    Women in such posts are taken to be managers, professionals and researchers; that of women who
    no longer work is not told, so they are taken to be of the others.

    Source: 国发〔1978〕104号 (60, 55 and 50 years).
    """
    post = (occupation == MANAGER) | (occupation == PROFESSIONAL) | (occupation == RESEARCHER)
    return where(sex == FEMALE, where(post, 1.0, 2.0), 0.0)


@person_rule(unit="year", zh="法定退休年龄")
def statutory_retirement_age(
    retirement_group,
    age,
    birth_month,
    original_retirement_age,
    retirement_delay_step,
    retirement_delay_cap,
    years_since_retirement_reform,
    months_in_a_year,
):
    """Age at which the person may retire, in years and parts of a year.

    One month later for every four months that men, and women of 55, were born after those who
    reached the former age at the end of 2024; for every two months that women of 50 were; up to
    three years, and five for the women of 50. Who is older has the former age. Ages are those of
    31 December.

    Source: 全国人大常委会《关于实施渐进式延迟法定退休年龄的决定》 (2024-09-13), in force from
    2025-01-01, with its tables. Early and late retirement by choice is not modelled.
    """
    former = lookup(original_retirement_age, retirement_group)
    years_later = years_since_retirement_reform - (age - former)
    months_later = years_later * months_in_a_year + birth_month
    step = lookup(retirement_delay_step, retirement_group)
    steps_up = 0.0 - floor(0.0 - months_later / step)
    delay = clip(steps_up, 0.0, lookup(retirement_delay_cap, retirement_group))
    return former + delay / months_in_a_year


@person_rule(unit="bool", zh="已达法定退休年龄")
def has_reached_retirement_age(age, birth_month, statutory_retirement_age, months_in_a_year):
    """Whether the person has reached the age by the end of the year.

    Source: 全国人大常委会《关于实施渐进式延迟法定退休年龄的决定》.
    """
    december = 12.0
    months_lived = age * months_in_a_year + (december - birth_month)
    half = 0.5  # whole months: rounding of the age decides nothing
    return months_lived >= statutory_retirement_age * months_in_a_year - half
