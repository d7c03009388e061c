"""The income tax of a person as a function of what the person claims for children."""

from __future__ import annotations

from typing import Any, NamedTuple

from olive.china.law.income_tax import costs_less_apart, relief_of_disabled, taxable_after
from olive.china.law.operating_tax import half_relief, operating_income_after, operating_tax_due
from olive.engine import schedule, where


class Taxpayer(NamedTuple):
    """What the tax of a person is worked out from, besides the deductions for children."""

    deductions: Any
    comprehensive_income: Any
    bonus: Any
    bonus_tax_apart: Any
    donations: Any
    operating_income: Any
    disability_grade: Any
    gets_half_relief: Any
    graduate_relief: Any


class TaxLaw(NamedTuple):
    """The parameters of the income tax."""

    multiplier: Any
    bonus_may_be_apart: Any
    donation_limit: Any
    comprehensive_schedule: Any
    relief_limit: Any
    half_relief_cap: Any
    half_relief_rate: Any
    operating_compliance: Any
    operating_schedule: Any


def wage_tax_after(deductions: Any, person: Taxpayer, law: TaxLaw) -> Any:
    """Return the tax on comprehensive income and bonus, the bonus taxed as costs less.

    Source: Individual Income Tax Law, articles 2 to 6; 财税〔2018〕164号.
    """
    income, limit = person.comprehensive_income, law.donation_limit
    whole = taxable_after(deductions, income, person.donations, limit)
    together = schedule(whole, law.comprehensive_schedule)
    rest = taxable_after(deductions, income - person.bonus, person.donations, limit)
    apart = schedule(rest, law.comprehensive_schedule) + person.bonus_tax_apart
    return where(law.bonus_may_be_apart & costs_less_apart(apart, together), apart, together)


def income_tax_after(claim: Any, person: Taxpayer, law: TaxLaw) -> Any:
    """Return the income tax of a person who claims an amount for children, every relief taken.

    Source: Individual Income Tax Law, articles 2 to 6 and 15; 财税〔2018〕164号.
    """
    deductions = person.deductions + claim * law.multiplier
    wage_tax = wage_tax_after(deductions, person, law)
    relief = relief_of_disabled(wage_tax, person.disability_grade, law.relief_limit)
    taxable = operating_income_after(
        deductions,
        person.operating_income,
        person.comprehensive_income > 0,
        person.donations,
        law.donation_limit,
    )
    before = schedule(taxable, law.operating_schedule)
    other = relief_of_disabled(before, person.disability_grade, law.relief_limit - relief)
    half = half_relief(
        taxable,
        other,
        person.gets_half_relief,
        law.half_relief_cap,
        law.half_relief_rate,
        law.operating_schedule,
    )
    due = operating_tax_due(before, other + half, person.graduate_relief, law.operating_compliance)
    return wage_tax - relief + due
