"""Special support for parents whose only child has died or is disabled."""

from __future__ import annotations

from olive.engine import household_sum, lookup, person_rule, where
from olive.policy.codes import code

MIGRANT = code("hukou", "migrant")


@person_rule(
    unit="yuan/year", zh="计生特别扶助金（本人）", clause="group.9.22.special_family_allowance"
)
def family_planning_support_of_person(
    only_child_lost,
    age,
    hukou,
    family_planning_support_amount,
    family_planning_support_from_age,
):
    """Special support of each registered parent.

    The age of the mother decides in the rule; here each parent's own age does.

    Source: 国人口发〔2007〕78号; national amounts of 2018 and 2022.
    """
    eligible = (age >= family_planning_support_from_age) & (hukou != MIGRANT)
    return where(eligible, lookup(family_planning_support_amount, only_child_lost), 0.0)


family_planning_support = household_sum(
    "family_planning_support_of_person", zh="计生特别扶助金（全户）"
)
