"""Cash for old people: the elderly-care service subsidy and the old-age allowance."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import household_sum, lookup, person_rule, where

ABLE = code("self_care", "able")
MIGRANT = code("hukou", "migrant")


@person_rule(unit="yuan/year", zh="养老服务补贴应享金额")
def elderly_care_service_entitlement(
    dibao_recipient,
    dibao_marginal,
    age,
    self_care,
    elderly_care_from_age,
    elderly_care_advanced_age,
    elderly_care_service_amount,
    elderly_care_service_amount_advanced_age,
    elderly_care_share_of_marginal,
):
    """Service subsidy of dibao recipients from 60 who need care, or who are 80 and able.

    Families just above dibao get what each place sets: a share of it, by assumption. Others below
    the local average income may get something too; what was not found, and they get nothing here.
    The subsidy is bound to care services and counted as cash.

    Source: 《浙江省养老服务补贴制度实施办法》, from 2022-01-01.
    """
    by_need = lookup(elderly_care_service_amount, self_care)
    able_and_very_old = (self_care == ABLE) & (age >= elderly_care_advanced_age)
    amount = where(able_and_very_old, elderly_care_service_amount_advanced_age, by_need)
    marginal = where(dibao_marginal, elderly_care_share_of_marginal, 0.0)
    share = where(dibao_recipient, 1.0, marginal)
    return where(age >= elderly_care_from_age, amount * share, 0.0)


@person_rule(unit="yuan/year", zh="养老服务补贴（本人）")
def elderly_care_service_subsidy_of_person(
    elderly_care_service_entitlement, disability_care_entitlement
):
    """Service subsidy, unless the disability care subsidy is as large: one of the two.

    Source: 国发〔2015〕52号 (the higher of the two).
    """
    is_larger = elderly_care_service_entitlement > disability_care_entitlement
    return where(is_larger, elderly_care_service_entitlement, 0.0)


@person_rule(unit="yuan/year", zh="高龄津贴（本人）")
def old_age_allowance_of_person(
    age,
    hukou,
    county,
    old_age_allowance_from_80,
    old_age_allowance_from_90,
    old_age_allowance_from_100,
):
    """Old-age allowance of registered people from 80, by age band and county.

    Source: amounts published for the counties of Taizhou, 2024.
    """
    from_90 = where(age >= 90, lookup(old_age_allowance_from_90, county), old_age_allowance_from_80)
    amount = where(age >= 100, lookup(old_age_allowance_from_100, county), from_90)
    return where((age >= 80) & (hukou != MIGRANT), amount, 0.0)


elderly_care_service_subsidy = household_sum(
    "elderly_care_service_subsidy_of_person",
    zh="养老服务补贴（全户）",
    role="cash_benefit",
    heading="subsidy",
)
old_age_allowance = household_sum(
    "old_age_allowance_of_person", zh="高龄津贴（全户）", role="cash_benefit", heading="subsidy"
)
