"""Minimum living guarantee (dibao): who claims with whom, how much, and who takes it up.

The claiming unit is the family that lives together (`assistance_unit`), without its tekun members.
Everything is worked out for persons by unit, then added up for the household.
"""

from __future__ import annotations

from olive.china.codes import code, is_any_of
from olive.engine import (
    draw,
    household_any,
    household_rule,
    household_sum,
    lookup,
    maximum,
    person_rule,
    subgroup_count,
    subgroup_sum,
    where,
)

GRADE_1 = code("disability_grade", "grade_1")
GRADE_2 = code("disability_grade", "grade_2")
GRADE_3 = code("disability_grade", "grade_3")


@household_rule(unit="yuan/year", zh="当地最低生活保障标准（每人）", clause="path.11.dibao_floor")
def local_dibao_standard(dibao_standard, county):
    """Dibao standard of the county, which every line and amount tied to dibao follows.

    Source: 台州市政府 notices (two standards until 2019, one for the city since).
    """
    return lookup(dibao_standard, county)


@person_rule(unit="bool", zh="低保申请家庭成员")
def in_dibao_family(tekun_recipient):
    """Members of the claiming family: everyone but those supported as tekun.

    Source: 《社会救助暂行办法》(2014): tekun support takes the place of dibao.
    """
    return ~tekun_recipient


@person_rule(unit="yuan/year", zh="低保申请家庭成员核算收入")
def countable_income_in_family(countable_income, in_dibao_family):
    """Countable income of the members of the claiming family."""
    return where(in_dibao_family, countable_income, 0.0)


dibao_family_size = subgroup_count("in_dibao_family", by="assistance_unit", zh="低保申请家庭人数")
dibao_family_income = subgroup_sum(
    "countable_income_in_family", by="assistance_unit", zh="低保申请家庭核算收入"
)


@person_rule(unit="yuan/year", zh="家庭人均核算收入")
def countable_income_per_head(dibao_family_income, dibao_family_size):
    """Countable income per head of the claiming family; losses count as no income.

    Whole-year income stands for the months before the application that the rule looks at.

    Source: 《浙江省最低生活保障办法》(2017 revision).
    """
    return maximum(dibao_family_income, 0.0) / maximum(dibao_family_size, 1.0)


@person_rule(unit="bool", zh="家庭符合低保户籍和财产条件")
def family_may_claim_dibao(in_dibao_family, unit_meets_residence, assets_within_limit, collective):
    """Whether the family may claim apart from its income.

    One registered member opens the claim of the family. Persons in collective households belong
    to families elsewhere.

    Source: 《社会救助暂行办法》(2014); 民发〔2021〕57号; 《浙江省社会救助家庭经济状况认定办法》
    (2015).
    """
    return in_dibao_family & unit_meets_residence & assets_within_limit & ~collective


@person_rule(unit="yuan/year", zh="渐退期低保金（每人）")
def gradual_exit_amount(local_dibao_standard, dibao_exit_share, dibao_exit_months, months_per_year):
    """Amount per member during the gradual exit, in the year in which the line is crossed.

    The rule goes on with the former amount, which the data do not tell: a share of the standard
    stands for it. The line is taken to be crossed at the beginning of the year.

    Source: 浙江省《关于加强低收入人口救助帮扶工作的意见》(2025), 12 months.
    """
    return local_dibao_standard * dibao_exit_share * (dibao_exit_months / months_per_year)


@person_rule(unit="yuan/year", zh="全家低保应享金额（每人）", clause="path.11.dibao_floor")
def dibao_of_whole_family(
    family_may_claim_dibao,
    countable_income_per_head,
    local_dibao_standard,
    received_dibao_last_year,
    gradual_exit_amount,
):
    """What each member gets when the whole family claims.

    The gap between standard and income per head; above the standard, in the year after dibao, the
    amount of the gradual exit. Families with too many assets have no gradual exit.

    Source: 台州低保指南 (gap x persons); 浙江省 (2025) for the gradual exit.
    """
    gap = local_dibao_standard - countable_income_per_head
    exit_amount = where(received_dibao_last_year, gradual_exit_amount, 0.0)
    amount = where(gap > 0, gap, exit_amount)
    return where(family_may_claim_dibao, amount, 0.0)


@person_rule(unit="bool", zh="可参照单人户的重度残疾人或重病患者")
def may_claim_dibao_alone(
    age,
    majority_age,
    disability_grade,
    mental_disability,
    serious_illness,
    wage,
    labour_remuneration,
    business_income,
    dibao_single_claim_of_seriously_ill,
):
    """Adults whose disability is severe and who have no work, and the seriously ill.

    Severe: grades 1 and 2, and grade 3 of intellectual or mental disability.

    Source: 民政部 2020-07; 民发〔2021〕57号.
    """
    without_work = (wage + labour_remuneration <= 0) & (business_income <= 0)
    severe = is_any_of(disability_grade, GRADE_1, GRADE_2)
    severe = severe | (mental_disability & (disability_grade == GRADE_3))
    ill = serious_illness & dibao_single_claim_of_seriously_ill
    return (age >= majority_age) & ((severe & without_work) | ill)


@person_rule(unit="yuan/year", zh="单人户低保应享金额")
def dibao_of_person_alone(
    may_claim_dibao_alone,
    meets_residence,
    family_may_claim_dibao,
    countable_income,
    countable_income_per_head,
    dibao_marginal_line,
    local_dibao_standard,
    dibao_single_claim_below_line,
):
    """What the person gets when claiming alone, out of a family of low income.

    Own countable income counts, with the person's share in common income. Whether a family that
    qualifies as a whole may leave it at the claim of one member is a switch. The claim is examined
    by itself: the family need not be on the register of marginal families.

    Source: 民政部 2020-07 (members of low-income families as single households); 民发〔2022〕83号.
    """
    above = (countable_income_per_head >= local_dibao_standard) | dibao_single_claim_below_line
    in_hardship = countable_income_per_head <= dibao_marginal_line
    claims = may_claim_dibao_alone & meets_residence & family_may_claim_dibao & above & in_hardship
    return where(claims, maximum(local_dibao_standard - maximum(countable_income, 0.0), 0.0), 0.0)


family_dibao_together = subgroup_sum(
    "dibao_of_whole_family", by="assistance_unit", zh="全家低保应享金额合计"
)
family_dibao_alone = subgroup_sum(
    "dibao_of_person_alone", by="assistance_unit", zh="单人户低保应享金额合计"
)


@person_rule(unit="yuan/year", zh="低保应享金额（本人）")
def dibao_entitlement(
    dibao_of_whole_family, dibao_of_person_alone, family_dibao_together, family_dibao_alone
):
    """The larger of the two claims for the family, shown at the persons who get it."""
    alone_is_larger = family_dibao_alone > family_dibao_together
    return where(alone_is_larger, dibao_of_person_alone, dibao_of_whole_family)


dibao_take_up_draw = draw("dibao_take_up", key="household", zh="低保申领随机数")


@person_rule(unit="yuan/year", zh="低保金（本人）", clause="path.11.relief_system")
def dibao_of_person(dibao_entitlement, dibao_take_up_draw, dibao_take_up_rate):
    """Dibao of households that take it up.

    The draw is kept, so a higher rate brings in the same households and more.
    """
    return where(dibao_take_up_draw < dibao_take_up_rate, dibao_entitlement, 0.0)


@person_rule(unit="bool", zh="低保对象")
def dibao_recipient(dibao_of_person):
    """Whether dibao is paid for the person, gradual exit included."""
    return dibao_of_person > 0


dibao = household_sum(
    "dibao_of_person",
    zh="低保金（全户）",
    role="cash_benefit",
    heading="social_assistance",
    entitlement="dibao_entitlement",
)
receives_dibao = household_any("dibao_recipient", zh="户内有低保对象")
