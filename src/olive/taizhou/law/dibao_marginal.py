"""Families just above dibao (dibao-marginal): a class that opens other help, not cash."""

from __future__ import annotations

from olive.engine import household_any, household_rule, minimum, person_rule, where


@household_rule(
    unit="yuan/year", zh="低保边缘家庭人均收入上限", clause="path.11.marginal_threshold"
)
def dibao_marginal_line(
    local_dibao_standard,
    dibao_marginal_multiple,
    local_minimum_wage,
    dibao_marginal_capped_by_minimum_wage,
):
    """Income per head up to which a family counts as marginal: a multiple of dibao, capped.

    Source: 浙江日报 2021-11-09, 新华社 2025-04-07: twice dibao, not above the local minimum wage.
    """
    line = local_dibao_standard * dibao_marginal_multiple
    return where(dibao_marginal_capped_by_minimum_wage, minimum(line, local_minimum_wage), line)


@person_rule(unit="bool", zh="符合低保边缘条件")
def qualifies_as_dibao_marginal(
    family_may_claim_dibao,
    countable_income_per_head,
    local_dibao_standard,
    dibao_marginal_line,
    dibao_recipient,
    family_dibao_alone,
    family_dibao_together,
):
    """Member of a family above dibao and up to the marginal line, who gets no dibao.

    Residence and assets are tested as for dibao. A family below the line that leaves it at the
    claim of one member, which is larger, keeps the others in the class, as one above the line does.

    Source: 浙江日报 2021-11-09; 民发〔2021〕57号 for the tests.
    """
    above = countable_income_per_head > local_dibao_standard
    one_claims = family_dibao_alone > family_dibao_together
    within = countable_income_per_head <= dibao_marginal_line
    return family_may_claim_dibao & (above | one_claims) & within & ~dibao_recipient


@person_rule(unit="bool", zh="在册低保边缘家庭成员")
def dibao_marginal(
    qualifies_as_dibao_marginal, dibao_take_up_draw, dibao_marginal_registration_rate
):
    """Member of a marginal family that has asked to be examined and is on the register.

    What is tied to the class goes to those on the register only. The draw is that of dibao: a
    family that would not claim dibao does not register either, and a registered family that a
    higher standard takes into dibao claims it as long as fewer register than claim.

    Source: the rate is a named assumption.
    """
    registers = dibao_take_up_draw < dibao_marginal_registration_rate
    return qualifies_as_dibao_marginal & registers


dibao_marginal_household = household_any("dibao_marginal", zh="在册低保边缘家庭")
