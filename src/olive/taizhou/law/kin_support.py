"""What children who live elsewhere are presumed to pay their old parents (供养费核算).

The means test does not ask what children pay but what they could: an amount worked out from the
income of their own household. The data know only whether there are such children, so the income of
their household is drawn from the distribution of all households. Data that do not tell
(``kin_elsewhere`` is missing) presume nothing.
"""

from __future__ import annotations

from olive.engine import draw, household_rule, household_sum, maximum, person_rule, schedule, where

kin_income_draw = draw("kin_income", key="household", zh="赡养义务人家庭收入位次随机数")


@household_rule(unit="yuan/year", zh="赡养义务人家庭人均收入")
def kin_income_per_head(kin_income_draw, kin_income_by_rank, income_per_head):
    """Income per head in the children's household: average income times a multiple by rank.

    Source: the multiples are a proxy from the national fifths; the rank is drawn.
    """
    return schedule(kin_income_draw, kin_income_by_rank) * income_per_head


@household_rule(unit="yuan/year", zh="每名被赡养人核算供养费")
def notional_support_of_a_parent(kin_income_per_head, dibao_marginal_line, kin_support_share):
    """Presumed support of one parent: a share of what children have above the marginal line.

    Kin who are themselves on dibao or just above it are presumed to pay nothing.

    Source: 《浙江省社会救助家庭供养费核算办法》 (report of January 2019) for the exemption; the
    share is a named assumption.
    """
    return maximum(kin_income_per_head - dibao_marginal_line, 0.0) * kin_support_share


@person_rule(unit="yuan/year", zh="核算供养费（本人）")
def notional_support_of_person(
    age, kin_elsewhere, able_relative_in_unit, kin_support_from_age, notional_support_of_a_parent
):
    """Support presumed for old people who live without a member able to support them.

    Where an able member lives with them, that member's income counts already, and what brothers
    and sisters elsewhere owe is left out.

    Source: 《中华人民共和国老年人权益保障法》 articles 2 and 14 (children support parents from 60).
    """
    supported = (age >= kin_support_from_age) & kin_elsewhere & ~able_relative_in_unit
    return where(supported, notional_support_of_a_parent, 0.0)


notional_kin_support = household_sum("notional_support_of_person", zh="核算供养费（全户）")
