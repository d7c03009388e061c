"""Pensions received: the employee scheme (a column) and the resident scheme."""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import household_sum, minimum, person_rule, where

MIGRANT = code("hukou", "migrant")


@person_rule(unit="yuan/year", zh="城乡居民基础养老金", clause="path.10.resident_basic_pension")
def resident_basic_pension(
    age,
    employee_pension,
    hukou,
    resident_pension_from_age,
    resident_basic_pension_standard,
    central_basic_pension,
):
    """Basic part of the resident pension, from age 60, for those without an employee pension.

    Migrants draw the pension of their home place, taken as the amount set by the central
    government. The year of the 60th birthday counts as a whole year, and everyone who may draw
    the pension is taken to draw it.

    Source: 国发〔2014〕8号, parts 5 and 6; 台州市, rise from 2022-04-01.
    """
    draws = (age >= resident_pension_from_age) & (employee_pension <= 0)
    amount = where(hukou == MIGRANT, central_basic_pension, resident_basic_pension_standard)
    return where(draws, amount, 0.0)


@person_rule(unit="yuan/year", zh="中央确定的基础养老金部分")
def central_part_of_basic_pension(resident_basic_pension, central_basic_pension):
    """Part of the basic pension that the central government has set.

    Source: 国发〔2014〕8号, part 5 (the central government sets the minimum of the basic pension).
    """
    return minimum(resident_basic_pension, central_basic_pension)


@person_rule(unit="yuan/year", zh="城乡居民养老金（本人）")
def resident_pension_of_person(resident_basic_pension, resident_personal_account):
    """Resident pension: the basic part and what the personal account pays.

    Source: 国发〔2014〕8号, part 5.
    """
    return resident_basic_pension + resident_personal_account


employee_pensions = household_sum("employee_pension", zh="离退休金（全户）")
resident_pensions = household_sum("resident_pension_of_person", zh="城乡居民养老金（全户）")
resident_personal_accounts = household_sum(
    "resident_personal_account", zh="城乡居民养老金个人账户部分（全户）"
)
resident_basic_pensions = household_sum(
    "resident_basic_pension",
    zh="城乡居民基础养老金（全户）",
    role="cash_benefit",
    heading="social_insurance",
)
