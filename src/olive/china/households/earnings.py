"""What persons earn and draw as pensions before the incomes are mapped to the published spread.

An amount is a median times e to the power of shifts (by class, age, education, county) and of
drawn parts: the household's standing, the person's own part and an upper power tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.china.recipes.recipe import code_of
from olive.engine import draw, household_rule, lookup, minimum, person_rule, where
from olive.synthesis.sampling import exponential, normal, power_of_e, sub_draw, whole_number
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe

_LARGEST_TAIL = 4.5  # an exponential deviate beyond this has one chance in ninety
_FISHERY = code_of("industry", "fishery")
_HOMEMAKER = code_of("labour_status", "homemaker")


def earnings_settings(recipe: Recipe) -> Settings:
    """Return medians, shifts and spreads of wages, remuneration, operating income and pensions."""
    persons = recipe.persons
    wage, operating, pension = persons["wage"], persons["operating"], persons["pension"]
    platform, account = persons["platform"], pension["personal_account"]
    return {
        "county_level": Setting(recipe.solved.county_level),
        "full_year": Setting(12, "month"),
        "short_year_share": Setting(0.07),
        "wage_median": Setting(wage["median"], "yuan/year"),
        "wage_by_class_and_band": Setting(_by_class_and_band(wage)),
        "wage_by_education": Setting(wage["education"]),
        "wage_by_occupation": Setting(_by_occupation(wage)),
        "wage_of_women": Setting(wage["female"]),
        "wage_household_spread": Setting(wage["household"]),
        "wage_person_spread": Setting(wage["person"]),
        "wage_tail": Setting(wage["tail"]),
        "platform_median": Setting(platform["median"], "yuan/year"),
        "platform_spread": Setting(platform["person"]),
        "side_work_share": Setting(platform["sideline"]["share"]),
        "side_work_median": Setting(platform["sideline"]["median"], "yuan/year"),
        "self_employed_median": Setting(operating["self_employed"], "yuan/year"),
        "farmer_median": Setting(operating["farmer"], "yuan/year"),
        "fishery_factor": Setting(operating["fishery"]),
        "operating_by_class_and_band": Setting(_by_class_and_band(operating)),
        "operating_household_spread": Setting(operating["household"]),
        "operating_person_spread": Setting(operating["person"]),
        "operating_tail": Setting(operating["tail"]),
        "side_farm_share": Setting(operating["sideline"]["share"]),
        "side_farm_median": Setting(operating["sideline"]["median"], "yuan/year"),
        "pension_median": Setting(pension["median"], "yuan/year"),
        "pension_older": Setting(pension["older"] / 10.0, "1/year"),
        "pension_spread": Setting(pension["person"]),
        "account_median": Setting(account["median"], "yuan/year"),
        "account_spread": Setting(account["person"]),
    }


def _by_class_and_band(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return log shifts by class and band of age; the youngest band does not work."""
    return np.asarray(np.add.outer(settings["class"], [0.0, *settings["age"]]))


def _by_occupation(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    shifts = np.zeros(len(catalogue()["occupation"].codes))
    for name in ("manager", "researcher"):
        shifts[code_of("occupation", name)] = settings[name]
    return shifts


standing_draw = draw("city/standing", key="household")
earnings_draw = draw("city/earnings")
sideline_draw = draw("city/sideline")
pension_draw = draw("city/pension")


@household_rule(unit="1")
def standing(standing_draw, normal_knots):
    """Standing of the household, standard normal, shared by its earnings and its wealth."""
    return normal(standing_draw, normal_knots)


@person_rule(unit="1")
def own_part(earnings_draw, normal_knots):
    """The person's own part of log earnings, standard normal."""
    return normal(earnings_draw, normal_knots)


@person_rule(unit="1")
def own_tail(earnings_draw, exponential_knots):
    """How far the person is in the upper tail of earnings, exponential."""
    drawn = exponential(sub_draw(earnings_draw, 1), exponential_knots)
    return minimum(drawn, _LARGEST_TAIL)


@person_rule(unit="month")
def months_at_work(hours_draw, sideline_draw, is_employee, at_work, short_year_share, one_month):
    """Twelve months for most of those at work, fewer for some employees."""
    short = is_employee & (sub_draw(hours_draw, 2) < short_year_share)
    part_year = whole_number(sub_draw(sideline_draw, 2), 4, 11)
    return where(at_work, where(short, part_year, 12), 0) * one_month


@person_rule(unit="yuan/year")
def wage_before_mapping(
    is_employee,
    months_at_work,
    full_year,
    household_class,
    band,
    education,
    occupation,
    sex,
    county,
    standing,
    own_part,
    own_tail,
    wage_median,
    wage_by_class_and_band,
    wage_by_education,
    wage_by_occupation,
    wage_of_women,
    county_level,
    wage_household_spread,
    wage_person_spread,
    wage_tail,
    powers_of_two,
):
    """Wage of employees for the months at work."""
    shift = lookup(wage_by_class_and_band, household_class, band)
    shift = shift + lookup(wage_by_education, education) + lookup(wage_by_occupation, occupation)
    shift = shift + wage_of_women * sex + lookup(county_level, county)
    drawn = wage_household_spread * standing + wage_person_spread * own_part + own_tail / wage_tail
    wage = wage_median * power_of_e(shift + drawn, powers_of_two)
    return where(is_employee, wage * (months_at_work / full_year), 0)


@person_rule(unit="yuan/year")
def remuneration_before_mapping(
    sideline_draw,
    is_platform_worker,
    is_employee,
    standing,
    own_part,
    side_work_share,
    platform_median,
    side_work_median,
    platform_spread,
    powers_of_two,
):
    """Remuneration for services: of platform workers, and of some employees beside a wage."""
    beside = is_employee & (sideline_draw < side_work_share)
    median = where(is_platform_worker, platform_median, side_work_median)
    amount = median * power_of_e(0.2 * standing + platform_spread * own_part, powers_of_two)
    return where(is_platform_worker | beside, amount, 0)


@person_rule(unit="bool")
def has_side_farm(sideline_draw, labour_status, is_employee, is_retired, urban, side_farm_share):
    """Whether somebody of another status in a rural place has a farm or a trade beside it."""
    others = is_employee | is_retired | (labour_status == _HOMEMAKER)
    return others & ~urban & (sub_draw(sideline_draw, 1) < side_farm_share)


@person_rule(unit="yuan/year")
def operating_before_mapping(
    is_self_employed,
    is_farmer,
    has_side_farm,
    industry,
    household_class,
    band,
    county,
    standing,
    own_part,
    own_tail,
    self_employed_median,
    farmer_median,
    fishery_factor,
    side_farm_median,
    operating_by_class_and_band,
    county_level,
    operating_household_spread,
    operating_person_spread,
    operating_tail,
    powers_of_two,
):
    """Operating income of the self-employed, of farmers and of sidelines."""
    farmer = farmer_median * where(industry == _FISHERY, fishery_factor, 1)
    median = where(is_farmer, farmer, side_farm_median)
    median = where(is_self_employed, self_employed_median, median)
    shift = lookup(operating_by_class_and_band, household_class, band)
    shift = shift + lookup(county_level, county) + own_tail / operating_tail
    drawn = operating_household_spread * standing + operating_person_spread * own_part
    amount = median * power_of_e(shift + drawn, powers_of_two)
    return where(is_self_employed | is_farmer | has_side_farm, amount, 0)


@person_rule(unit="1")
def pension_part(pension_draw, normal_knots):
    """The person's own part of a log pension, standard normal."""
    return normal(pension_draw, normal_knots)


@person_rule(unit="yuan/year")
def pension_before_mapping(
    pension_part,
    pensioner,
    age,
    household_class,
    standing,
    pension_median,
    pension_older,
    pension_spread,
    powers_of_two,
):
    """Pension of the employee scheme."""
    drawn = 0.15 * standing + pension_spread * pension_part
    level = power_of_e(pension_older * (age - 65) + drawn, powers_of_two)
    return where(pensioner, lookup(pension_median, household_class) * level, 0)


@person_rule(unit="yuan/year")
def account_drawn(pension_part, pensioner, age, account_median, account_spread, powers_of_two):
    """Pension from the personal account of the residents' scheme."""
    amount = account_median * power_of_e(account_spread * pension_part, powers_of_two)
    return where((age >= 60) & ~pensioner, amount, 0)
