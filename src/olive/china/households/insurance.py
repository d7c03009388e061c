"""Social insurance, housing fund, pension coverage and spells of unemployment of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.china.columns import catalogue
from olive.china.recipes.recipe import code_of
from olive.engine import clip, draw, floor, lookup, minimum, person_rule, where
from olive.synthesis.sampling import (
    choice_table,
    choose,
    exponential,
    power_of_e,
    sub_draw,
    whole_number,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from olive.china.recipes.recipe import Recipe

_NO_SCHEME = code_of("pension_scheme", "none")
_EMPLOYEE, _FLEXIBLE = code_of("pension_scheme", "employee"), code_of("pension_scheme", "flexible")
_RESIDENT = code_of("pension_scheme", "resident")
assert catalogue()["medical_scheme"].codes == catalogue()["pension_scheme"].codes
_UNEMPLOYED = code_of("labour_status", "unemployed")
_WHITE_COLLAR = code_of("household_class", "white_collar")


def insurance_settings(recipe: Recipe) -> Settings:
    """Return coverage by class, bases, rates, and what decides about spells of unemployment."""
    persons = recipe.persons
    insurance, fund, pension = persons["insurance"], persons["housing_fund"], persons["pension"]
    unemployment = persons["unemployment"]
    return {
        "employee_scheme_share": Setting(insurance["employee"]),
        "flexible_scheme_share": Setting(insurance["flexible"]),
        "resident_scheme_share": Setting(insurance["resident"]),
        "unemployment_insured_share": Setting(insurance["unemployment"]),
        "base_ratios": Setting(insurance["base_ratios"]),
        "base_ratio_choices": Setting(choice_table(insurance["base_shares"])),
        "base_ratio_count": Setting(len(insurance["base_ratios"])),
        "housing_fund_share": Setting(fund["share"]),
        "housing_fund_rates": Setting(fund["rates"]),
        "housing_fund_choices": Setting(choice_table([fund["other"], fund["white_collar"]])),
        "housing_fund_count": Setting(len(fund["rates"])),
        "pension_covered_share": Setting([pension["covered_rural"], pension["covered_urban"]]),
        "pension_at_work_from_60": Setting(pension["at_work"]["from_60"]),
        "pension_at_work_women": Setting(pension["at_work"]["women_from_50"]),
        "contribution_median": Setting(unemployment["contribution_median"], "month"),
        "unemployed_before_mean": Setting(unemployment["before_median"], "month"),
        "involuntary_share": Setting(unemployment["involuntary"]),
    }


insurance_draw = draw("city/insurance")
pensioner_draw = draw("city/pensioner")


@person_rule(unit="bool")
def pensioner(
    pensioner_draw,
    age,
    sex,
    is_retired,
    at_work,
    urban_row,
    household_class,
    pension_covered_share,
    pension_at_work_from_60,
    pension_at_work_women,
):
    """Whether a pension of the employee scheme is drawn: by the retired, and some at work."""
    woman = sex == 1
    of_age = (age >= 60) | (woman & (age >= 50)) | (age >= 55)
    before_60 = where(woman, pension_at_work_women, 0)
    factor = where(is_retired, 1, where(age < 60, before_60, pension_at_work_from_60))
    covered = lookup(pension_covered_share, urban_row, household_class) * factor
    # Who retires before 60 has a pension.
    covered = where(is_retired & (age < 60), 1, covered)
    return of_age & (is_retired | at_work) & (pensioner_draw < covered)


@person_rule(unit="bool")
def in_employee_scheme(insurance_draw, is_employee, age, household_class, employee_scheme_share):
    """Whether the person pays into the employee scheme through an employer."""
    share = lookup(employee_scheme_share, household_class)
    return is_employee & (age < 60) & (insurance_draw < share)


@person_rule(unit="bool")
def in_flexible_scheme(
    insurance_draw, in_employee_scheme, at_work, age, household_class, flexible_scheme_share
):
    """Whether the person pays into the employee scheme as a flexible worker."""
    share = lookup(flexible_scheme_share, household_class)
    return at_work & ~in_employee_scheme & (age < 60) & (insurance_draw < share)


@person_rule(unit="code")
def scheme_at_work(in_employee_scheme, in_flexible_scheme):
    """Scheme that the person pays into as a worker."""
    return where(in_employee_scheme, _EMPLOYEE, where(in_flexible_scheme, _FLEXIBLE, _NO_SCHEME))


@person_rule(unit="bool")
def joins_resident_scheme(insurance_draw, household_class, resident_scheme_share):
    """Whether the person would join a scheme of residents."""
    return sub_draw(insurance_draw, 1) < lookup(resident_scheme_share, household_class)


@person_rule(unit="code")
def pension_scheme(scheme_at_work, joins_resident_scheme, pensioner, band, age, is_student):
    """Pension scheme that the person pays into."""
    of_age = (band >= 2) & (age < 60) & ~is_student
    resident = (scheme_at_work == _NO_SCHEME) & of_age & joins_resident_scheme & ~pensioner
    return where(resident, _RESIDENT, scheme_at_work)


@person_rule(unit="code")
def medical_scheme(scheme_at_work, joins_resident_scheme, pensioner, band):
    """Medical scheme of the person; children and most others are in the residents'."""
    found = where(pensioner, _EMPLOYEE, scheme_at_work)
    resident = (found == _NO_SCHEME) & (joins_resident_scheme | (band == 0))
    return where(resident, _RESIDENT, found)


@person_rule(unit="bool")
def unemployment_insured(insurance_draw, in_employee_scheme, unemployment_insured_share):
    """Whether the employer pays unemployment insurance."""
    drawn = sub_draw(insurance_draw, 2)
    return in_employee_scheme & (drawn < unemployment_insured_share)


@person_rule(unit="1")
def flexible_base_ratio(
    insurance_draw, in_flexible_scheme, base_ratios, base_ratio_choices, base_ratio_count
):
    """Contribution base that a flexible worker chose, over the average wage."""
    drawn = sub_draw(insurance_draw, 2)
    chosen = lookup(base_ratios, choose(drawn, base_ratio_choices, base_ratio_count))
    return where(in_flexible_scheme, chosen, lookup(base_ratios, 0))


fund_draw = draw("city/housing fund")


@person_rule(unit="1")
def housing_fund_rate(
    fund_draw,
    in_employee_scheme,
    household_class,
    housing_fund_share,
    housing_fund_rates,
    housing_fund_choices,
    housing_fund_count,
):
    """Rate that employer and employee each pay to the housing fund."""
    enrolled = in_employee_scheme & (fund_draw < lookup(housing_fund_share, household_class))
    white_collar = where(household_class == _WHITE_COLLAR, 1, 0)
    drawn = sub_draw(fund_draw, 1)
    place = choose(drawn, housing_fund_choices, housing_fund_count, white_collar)
    return where(enrolled, lookup(housing_fund_rates, place), 0)


unemployment_draw = draw("city/unemployment")
before_draw = draw("city/unemployed before")


@person_rule(unit="bool")
def is_unemployed(labour_status):
    """Unemployed."""
    return labour_status == _UNEMPLOYED


@person_rule(unit="month")
def unemployment_contribution_months(
    own_part, is_unemployed, age, contribution_median, months_a_year, powers_of_two
):
    """Months for which the unemployed have paid contributions."""
    spread = power_of_e(0.8 * own_part, powers_of_two)
    longest = clip((age - 18) * months_a_year, 0, 480)
    return where(is_unemployed, minimum(floor(contribution_median * spread + 0.5), longest), 0)


@person_rule(unit="month")
def months_unemployed(unemployment_draw, is_unemployed, one_month):
    """Months out of work this year."""
    drawn = minimum(whole_number(unemployment_draw, 2, 16), 12)
    return where(is_unemployed, drawn * one_month, 0)


@person_rule(unit="month")
def months_unemployed_before(
    before_draw, months_unemployed, unemployed_before_mean, exponential_knots
):
    """Months out of work before this year, of those without work all year."""
    drawn = floor(unemployed_before_mean * exponential(before_draw, exponential_knots) + 0.5)
    return where(months_unemployed == 12, minimum(drawn, 120), 0)


@person_rule(unit="bool")
def involuntary_job_loss(unemployment_draw, is_unemployed, involuntary_share):
    """Whether the job was lost against the person's will."""
    return is_unemployed & (sub_draw(unemployment_draw, 1) < involuntary_share)
