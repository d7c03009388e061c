"""Property income, assets and transfers of households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from olive.china.households.household_composition import STAGES
from olive.china.households.people import LOCAL_RURAL
from olive.china.recipes.recipe import by_county, code_of, value_of
from olive.engine import (
    draw,
    floor,
    household_any,
    household_rule,
    lookup,
    person_rule,
    where,
)
from olive.synthesis.sampling import (
    normal,
    power_of_e,
    rounded_to,
    sub_draw,
    whole_number,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from olive.china.recipes.recipe import Recipe

_AREAS = ("rural", "urban")
_LOW_INCOME = code_of("household_class", "low_income")


def wealth_settings(recipe: Recipe) -> Settings:
    """Return shares, medians and spreads of property, assets and transfers."""
    wealth = recipe.wealth
    counties = np.count_nonzero(by_county(recipe.place, "persons"))
    imputed, letting, assets = wealth["imputed"], wealth["letting"], wealth["assets"]
    dividend, land, village = wealth["dividend"], wealth["land"], wealth["collective_dividend"]
    vehicles, transfers, kin = wealth["vehicles"], wealth["transfers"], wealth["kin"]
    stages = ("other", "elder")
    support = [[transfers[f"{need}_{one}"] for one in stages] for need in ("some", "dependent")]
    return {
        "imputed_a_meter": Setting([imputed[place] for place in _AREAS], "yuan/year/m2"),
        "imputed_spread": Setting(imputed["spread"]),
        "assets_median": Setting(assets["median"], "yuan"),
        "assets_rural_factor": Setting([assets["rural"], 1.0]),
        "assets_shared": Setting(assets["shared"]),
        "assets_spread": Setting(assets["spread"]),
        "assets_of_collective": Setting(0.25),
        "interest_rate": Setting(wealth["interest_rate"], "1/year"),
        "dividend_share": Setting(dividend["share"]),
        "dividend_median": Setting(dividend["median"], "yuan/year"),
        "dividend_spread": Setting(dividend["spread"]),
        "letting_second_share": Setting(letting["second"]),
        "letting_other_share": Setting([letting["other_rural"], letting["other_urban"]]),
        "letting_median": Setting(letting["median"], "yuan/year"),
        "letting_spread": Setting(letting["spread"]),
        "land_share": Setting([land[place] for place in _AREAS]),
        "land_median": Setting(land["median"], "yuan/year"),
        "land_spread": Setting(land["spread"]),
        "villages_a_county": Setting(max(value_of(recipe.place["villages"]) // counties, 1)),
        "village_pays_share": Setting(village["villages"]),
        "village_dividend_median": Setting(village["median"], "yuan/year"),
        "village_dividend_spread": Setting(village["spread"]),
        "vehicle_share": Setting(vehicles["share"]),
        "second_vehicle_share": Setting(vehicles["second"]),
        "vehicle_elder_factor": Setting(vehicles["elder"]),
        "premises_share": Setting(wealth["premises"]),
        "dependent_until": Setting(transfers["dependent_until"], "year"),
        "support_elder_share": Setting(transfers["elder"]),
        "support_other_share": Setting(transfers["other"]),
        "support_median": Setting(support, "yuan/year"),
        "support_spread": Setting(transfers["spread"]),
        "support_paid_share": Setting(transfers["paid"]),
        "support_paid_median": Setting(transfers["paid_median"], "yuan/year"),
        "kin_elder_share": Setting(kin["elder"]),
        "kin_other_share": Setting(kin["other"]),
        "kin_low_income_share": Setting(kin["low_income"]),
    }


assets_draw = draw("city/assets", key="household")
holdings_draw = draw("city/holdings", key="household")
letting_draw = draw("city/letting", key="household")
land_draw = draw("city/land", key="household")


@household_rule(unit="yuan/year")
def rent_before_mapping(
    assets_draw,
    is_owner,
    floor_area,
    urban_row,
    imputed_a_meter,
    imputed_spread,
    normal_knots,
    powers_of_two,
):
    """Imputed rent of owners."""
    rate = lookup(imputed_a_meter, urban_row)
    drawn = normal(sub_draw(assets_draw, 1), normal_knots)
    rent = rate * floor_area * power_of_e(imputed_spread * drawn, powers_of_two)
    return where(is_owner, rent, 0)


@household_rule(unit="1")
def shared_wealth(standing, assets_shared):
    """What the household's standing adds to the logarithm of its wealth."""
    return assets_shared * standing


@household_rule(unit="yuan")
def assets_before_mapping(
    assets_draw,
    shared_wealth,
    household_class,
    urban_row,
    collective,
    assets_median,
    assets_rural_factor,
    assets_spread,
    assets_of_collective,
    normal_knots,
    powers_of_two,
):
    """Financial assets."""
    median = lookup(assets_median, household_class) * lookup(assets_rural_factor, urban_row)
    median = median * where(collective, assets_of_collective, 1)
    drawn = assets_spread * normal(assets_draw, normal_knots)
    return median * power_of_e(drawn + shared_wealth, powers_of_two)


@household_rule(unit="yuan/year")
def interest_before_mapping(assets_before_mapping, interest_rate):
    """Interest on financial assets."""
    return assets_before_mapping * interest_rate


@household_rule(unit="yuan/year")
def dividends_before_mapping(
    holdings_draw,
    shared_wealth,
    household_class,
    collective,
    dividend_share,
    dividend_median,
    dividend_spread,
    normal_knots,
    powers_of_two,
):
    """Dividends of households that hold shares."""
    holds = holdings_draw < lookup(dividend_share, household_class)
    drawn = dividend_spread * normal(sub_draw(holdings_draw, 1), normal_knots)
    amount = dividend_median * power_of_e(drawn + shared_wealth, powers_of_two)
    return where(holds & ~collective, amount, 0)


@household_rule(unit="yuan/year")
def letting_before_mapping(
    letting_draw,
    shared_wealth,
    dwellings,
    is_owner,
    urban_row,
    letting_second_share,
    letting_other_share,
    letting_median,
    letting_spread,
    normal_knots,
    powers_of_two,
):
    """Rent received: many second dwellings are let, and a few rooms of first ones."""
    other = where(is_owner, lookup(letting_other_share, urban_row), 0)
    lets = letting_draw < where(dwellings > 1, letting_second_share, other)
    drawn = letting_spread * normal(sub_draw(letting_draw, 1), normal_knots)
    amount = letting_median * power_of_e(drawn + shared_wealth, powers_of_two)
    return where(lets, amount, 0)


@household_rule(unit="yuan/year")
def land_before_mapping(
    land_draw,
    household_hukou,
    urban_row,
    collective,
    land_share,
    land_median,
    land_spread,
    normal_knots,
    powers_of_two,
):
    """Income from land passed on to others, of households with a rural registration."""
    passes_on = (land_draw < lookup(land_share, urban_row)) & (household_hukou == LOCAL_RURAL)
    drawn = land_spread * normal(sub_draw(land_draw, 1), normal_knots)
    amount = land_median * power_of_e(drawn, powers_of_two)
    return where(passes_on & ~collective, amount, 0)


village_draw = draw("city/village", key="household")


@household_rule(unit="code")
def village(village_draw, county, household_hukou, collective, villages_a_county):
    """Village that the household is a member of; -1: none."""
    number = county * villages_a_county + whole_number(village_draw, 0, villages_a_county - 1)
    return where((household_hukou == LOCAL_RURAL) & ~collective, number, -1)


village_dividend_draw = draw("city/village dividend", key="village")


@household_rule(unit="yuan/year")
def collective_dividend(
    village_dividend_draw,
    village,
    size_of_household,
    village_pays_share,
    village_dividend_median,
    village_dividend_spread,
    normal_knots,
    powers_of_two,
):
    """Dividend of the village collective, the same per member for a whole village."""
    pays = (village >= 0) & (village_dividend_draw < village_pays_share)
    drawn = normal(sub_draw(village_dividend_draw, 1), normal_knots)
    spread = power_of_e(village_dividend_spread * drawn, powers_of_two)
    return where(pays, floor(village_dividend_median * spread + 0.5) * size_of_household, 0)


possessions_draw = draw("city/possessions", key="household")


@household_rule(unit="bool")
def is_elder(stage):
    """Household of old people."""
    return stage == STAGES.index("elder")


@household_rule(unit="1")
def vehicles(
    possessions_draw,
    is_elder,
    collective,
    household_class,
    vehicle_share,
    second_vehicle_share,
    vehicle_elder_factor,
):
    """Number of vehicles."""
    share = lookup(vehicle_share, household_class) * where(is_elder, vehicle_elder_factor, 1)
    one = (possessions_draw < share) & ~collective
    second = sub_draw(possessions_draw, 1) < lookup(second_vehicle_share, household_class)
    return where(one, where(second & ~is_elder, 2, 1), 0)


@household_rule(unit="bool")
def business_premises(possessions_draw, collective, household_class, premises_share):
    """Whether the household owns business premises."""
    drawn = sub_draw(possessions_draw, 2)
    return (drawn < lookup(premises_share, household_class)) & ~collective


@person_rule(unit="bool")
def provides(at_work, pensioner, age, dependent_until):
    """Whether the person has earnings, before old age, or a pension."""
    return (at_work & (age < dependent_until)) | pensioner


has_provider = household_any("provides")
support_draw = draw("city/support", key="household")
support_paid_draw = draw("city/support paid", key="household")


@household_rule(unit="yuan/year")
def support_before_mapping(
    support_draw,
    has_provider,
    is_elder,
    size_of_household,
    support_elder_share,
    support_other_share,
    support_median,
    support_spread,
    normal_knots,
    powers_of_two,
):
    """Private transfers received: by all without a provider, for each head, and by some others."""
    share = where(is_elder, support_elder_share, support_other_share)
    receives = ~has_provider | (support_draw < share)
    median = lookup(support_median, where(has_provider, 0, 1), where(is_elder, 1, 0))
    drawn = support_spread * normal(sub_draw(support_draw, 1), normal_knots)
    heads = where(has_provider, 1, size_of_household)
    return where(receives, median * power_of_e(drawn, powers_of_two) * heads, 0)


@household_rule(unit="yuan/year")
def private_transfers_paid(
    support_paid_draw,
    has_provider,
    is_elder,
    household_class,
    support_paid_share,
    support_paid_median,
    support_spread,
    normal_knots,
    powers_of_two,
):
    """Private transfers paid."""
    pays = support_paid_draw < lookup(support_paid_share, household_class)
    drawn = support_spread * normal(sub_draw(support_paid_draw, 1), normal_knots)
    amount = support_paid_median * power_of_e(drawn, powers_of_two)
    return where(pays & has_provider & ~is_elder, rounded_to(amount, 10), 0)


@household_rule(unit="bool")
def support_from_kin(
    support_draw, is_elder, household_class, kin_elder_share, kin_other_share, kin_low_income_share
):
    """Whether there is kin bound to support the household."""
    share = where(is_elder, kin_elder_share, kin_other_share)
    share = where(household_class == _LOW_INCOME, kin_low_income_share, share)
    return sub_draw(support_draw, 2) < share


@household_rule(unit="bool")
def kin_elsewhere(support_from_kin):
    """Whether such kin live elsewhere: all of them do, since those of the household count there."""
    return support_from_kin
