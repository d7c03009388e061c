"""Dwellings of households: tenure, floor area, rent and mortgage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.china.columns import catalogue
from olive.china.recipes.recipe import code_of
from olive.engine import (
    draw,
    floor,
    household_rule,
    household_sum,
    lookup,
    person_rule,
    where,
)
from olive.synthesis.sampling import (
    choice_table,
    choose,
    normal,
    power_of_e,
    rounded_to,
    sub_draw,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from olive.china.recipes.recipe import Recipe

_AREAS = ("rural", "urban")
_TENURES = len(catalogue()["tenure"].codes)
_OWNER, _MORTGAGED = code_of("tenure", "owner"), code_of("tenure", "owner_with_mortgage")
_RENTER, _PUBLIC = code_of("tenure", "market_renter"), code_of("tenure", "public_renter")
_PROVIDED = code_of("tenure", "provided")


def dwelling_settings(recipe: Recipe) -> Settings:
    """Return shares, medians and spreads of dwellings."""
    wealth = recipe.wealth
    classes = catalogue()["household_class"].codes
    tenure = [[wealth["tenure"][area][name] for name in classes] for area in _AREAS]
    area, rent, mortgage = wealth["area"], wealth["rent"], wealth["mortgage"]
    return {
        "tenure_choices": Setting(choice_table(tenure)),
        "repaid_from": Setting(wealth["old_without_mortgage"], "year"),
        "second_dwelling_share": Setting(wealth["second_dwelling"]),
        "area_of_first": Setting([area["first"][place] for place in _AREAS], "m2"),
        "area_of_each": Setting([area["each"][place] for place in _AREAS], "m2"),
        "area_of_renters": Setting(area["renter"]),
        "area_spread": Setting(area["spread"]),
        "rent_a_meter": Setting([rent[place] for place in _AREAS], "yuan/year/m2"),
        "public_rent_factor": Setting(rent["public"]),
        "rent_spread": Setting(rent["spread"]),
        "mortgage_median": Setting(mortgage["median"], "yuan/year"),
        "mortgage_spread": Setting(mortgage["spread"]),
        "first_home_share": Setting(mortgage["first_home"]),
    }


@person_rule(unit="year")
def age_if_head(person_number, age):
    """Age of the head; zero for the others."""
    return where(person_number == 0, age, 0)


head_age = household_sum("age_if_head")
tenure_draw = draw("city/tenure", key="household")
dwelling_draw = draw("city/dwelling", key="household")
mortgage_draw = draw("city/mortgage", key="household")


@household_rule(unit="code")
def tenure(
    tenure_draw, tenure_choices, urban_row, household_class, collective, head_age, repaid_from
):
    """Tenure: by place and class; old heads have repaid; collective households own nothing."""
    drawn = choose(tenure_draw, tenure_choices, _TENURES, urban_row, household_class)
    drawn = where((drawn == _MORTGAGED) & (head_age >= repaid_from), _OWNER, drawn)
    return where(collective, _PROVIDED, drawn)


@household_rule(unit="bool")
def is_owner(tenure):
    """Whether the household owns its dwelling."""
    return (tenure == _OWNER) | (tenure == _MORTGAGED)


@household_rule(unit="1")
def dwellings(tenure_draw, is_owner, household_class, second_dwelling_share):
    """Number of dwellings owned."""
    share = lookup(second_dwelling_share, household_class)
    second = sub_draw(tenure_draw, 1) < share
    return where(is_owner, where(second, 2, 1), 0)


@household_rule(unit="m2")
def floor_area(
    dwelling_draw,
    is_owner,
    urban_row,
    size_of_household,
    area_of_first,
    area_of_each,
    area_of_renters,
    area_spread,
    normal_knots,
    powers_of_two,
):
    """Floor area of the dwelling: by place and persons, smaller for those who do not own it."""
    usual = lookup(area_of_first, urban_row)
    usual = usual + lookup(area_of_each, urban_row) * (size_of_household - 1)
    usual = usual * where(is_owner, 1, area_of_renters)
    spread = power_of_e(area_spread * normal(dwelling_draw, normal_knots), powers_of_two)
    return floor(usual * spread + 0.5)


@household_rule(unit="yuan/year")
def rent_paid(
    dwelling_draw,
    tenure,
    floor_area,
    urban_row,
    rent_a_meter,
    public_rent_factor,
    rent_spread,
    normal_knots,
    powers_of_two,
):
    """Rent paid by tenants: a rate for each square metre, lower in public dwellings."""
    public = tenure == _PUBLIC
    rate = lookup(rent_a_meter, urban_row) * where(public, public_rent_factor, 1)
    drawn = normal(sub_draw(dwelling_draw, 1), normal_knots)
    paid = rate * floor_area * power_of_e(rent_spread * drawn, powers_of_two)
    return where((tenure == _RENTER) | public, rounded_to(paid, 10), 0)


@household_rule(unit="yuan/year")
def mortgage_interest(
    mortgage_draw, tenure, mortgage_median, mortgage_spread, normal_knots, powers_of_two
):
    """Mortgage interest of owners who still repay."""
    drawn = normal(mortgage_draw, normal_knots)
    paid = mortgage_median * power_of_e(mortgage_spread * drawn, powers_of_two)
    return where(tenure == _MORTGAGED, rounded_to(paid, 10), 0)


@household_rule(unit="bool")
def first_home_mortgage(mortgage_draw, tenure, first_home_share):
    """Whether the loan is at the rate for a first home."""
    return (tenure == _MORTGAGED) & (sub_draw(mortgage_draw, 1) < first_home_share)
