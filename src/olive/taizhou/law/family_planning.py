"""Special support for parents who lost their only child, and the reward of small rural families."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import draw, household_sum, lookup, person_rule, where

MIGRANT = code("hukou", "migrant")
LOCAL_RURAL = code("hukou", "local_rural")

small_family_draw = draw("small_rural_family", key="household", zh="农村计生奖扶家庭随机数")


@person_rule(
    unit="yuan/year", zh="计生特别扶助金（本人）", clause="group.9.22.special_family_allowance"
)
def family_planning_support_of_person(
    only_child_lost, age, hukou, family_planning_support_amount, family_planning_support_from_age
):
    """Special support of each registered parent.

    The age of the mother decides in the rule; here each parent's own age does.

    Source: 国人口发〔2007〕78号; national amounts of 2018 and 2022.
    """
    eligible = (age >= family_planning_support_from_age) & (hukou != MIGRANT)
    return where(eligible, lookup(family_planning_support_amount, only_child_lost), 0.0)


family_planning_support = household_sum(
    "family_planning_support_of_person",
    zh="计生特别扶助金（全户）",
    role="cash_benefit",
    heading="subsidy",
)


@person_rule(unit="yuan/year", zh="农村计生家庭奖励扶助金（本人）")
def rural_family_reward_of_person(
    age,
    hukou,
    small_family_draw,
    rural_family_reward_from_age,
    rural_family_reward_share,
    rural_family_reward_amount,
):
    """Reward of rural people from 60 who had one child or two daughters.

    How many children they had is not in the data: who they are is drawn, both spouses together.

    Source: 国办发〔2004〕21号; national amount of 2012.
    """
    small = (hukou == LOCAL_RURAL) & (small_family_draw < rural_family_reward_share)
    old = age >= rural_family_reward_from_age
    return where(small & old, rural_family_reward_amount, 0.0)


rural_family_reward = household_sum(
    "rural_family_reward_of_person",
    zh="农村计生家庭奖励扶助金（全户）",
    role="cash_benefit",
    heading="subsidy",
)
