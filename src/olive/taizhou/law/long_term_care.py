"""Long-term care insurance for people registered in the city: benefit by need, contribution."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import draw, household_sum, lookup, person_rule, where

MIGRANT = code("hukou", "migrant")

long_term_care_draw = draw("long_term_care", key="person", zh="长期护理保险申领随机数")


@person_rule(
    unit="yuan/year", zh="长期护理保险待遇（本人）", clause="path.21.long_term_care_insurance"
)
def long_term_care_benefit(
    age,
    hukou,
    self_care,
    long_term_care_draw,
    long_term_care_from_age,
    long_term_care_amount,
    long_term_care_take_up,
):
    """Benefit of registered old people by their ability of self-care.

    Source: clause path.21.long_term_care_insurance (台州籍失能失智老年人).
    """
    eligible = (age >= long_term_care_from_age) & (hukou != MIGRANT)
    claims = eligible & (long_term_care_draw < long_term_care_take_up)
    return where(claims, lookup(long_term_care_amount, self_care), 0.0)


@person_rule(unit="yuan/year", zh="长期护理保险现金待遇（本人）")
def long_term_care_cash_of_person(long_term_care_benefit, long_term_care_cash_share):
    """Part of the benefit paid in cash: income of the household."""
    return long_term_care_benefit * long_term_care_cash_share


@person_rule(unit="yuan/year", zh="长期护理保险服务待遇（本人）")
def long_term_care_services(long_term_care_benefit, long_term_care_cash_of_person):
    """Part of the benefit given as care services: it spares expense and is no income."""
    return long_term_care_benefit - long_term_care_cash_of_person


@person_rule(unit="yuan/year", zh="长期护理保险个人缴费", clause="path.21.long_term_care_insurance")
def long_term_care_contribution(hukou, medical_scheme, long_term_care_premium):
    """What registered people in a medical scheme pay out of their income, by scheme.

    Where the premium is taken from the personal account of medical insurance, nothing is: what
    goes into the account has left the income as a contribution already.

    Source: clause path.21.long_term_care_insurance.
    """
    return where(hukou != MIGRANT, lookup(long_term_care_premium, medical_scheme), 0.0)


long_term_care_cash = household_sum(
    "long_term_care_cash_of_person",
    zh="长期护理保险现金待遇（全户）",
    role="cash_benefit",
    payer="social_insurance",
)
long_term_care_contributions = household_sum(
    "long_term_care_contribution", zh="长期护理保险个人缴费（全户）", role="contribution"
)
long_term_care_services_of_household = household_sum(
    "long_term_care_services",
    zh="长期护理保险服务待遇（全户）",
    role="in_kind_benefit",
    payer="social_insurance",
)
