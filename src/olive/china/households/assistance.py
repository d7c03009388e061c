"""Who is taken to have had dibao last year: drawn, since no law is applied to that year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.households.people import MIGRANT
from olive.china.recipes.recipe import value_of
from olive.engine import (
    draw,
    household_any,
    household_rule,
    household_sum,
    lookup,
    maximum,
    person_rule,
    where,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from olive.china.recipes.recipe import Recipe

WORKING_AGE, OLD_AGE = 16, 60
# Children elsewhere: income per head by rank, over the average (the nation's fifths of 2023), and
# the share of what exceeds the marginal line that is presumed to go to each parent.
KIN_RANKS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
KIN_INCOMES = (0.0, 0.222, 0.493, 0.777, 1.212, 2.295, 2.837)
KIN_SHARE = 0.3


def assistance_settings(recipe: Recipe) -> Settings:
    """Return the bounds on income and assets, and what children elsewhere are presumed to pay."""
    dibao = recipe.wealth["received_dibao"]
    return {
        "dibao_poor_below": Setting(dibao["poor"]["below"], "yuan/year"),
        "dibao_poor_share": Setting(dibao["poor"]["share"]),
        "dibao_leaving_below": Setting(dibao["leaving"]["below"], "yuan/year"),
        "dibao_leaving_share": Setting(dibao["leaving"]["share"]),
        "dibao_assets_a_head": Setting(dibao["assets_a_head"], "yuan"),
        "kin_average": Setting(value_of(recipe.place["income"]["mean"]), "yuan/year"),
        "kin_line": Setting(dibao["kin_line"], "yuan/year"),
        "kin_share": Setting(KIN_SHARE),
        "kin_ranks": Setting(KIN_RANKS[:-1]),
        "kin_bends": Setting(np.diff(np.diff(KIN_INCOMES) / np.diff(KIN_RANKS), prepend=0.0)),
    }


@person_rule(unit="bool")
def is_of_working_age(age):
    """Whether the person is of an age at which members are taken to be able to support others."""
    return (age >= WORKING_AGE) & (age < OLD_AGE)


@person_rule(unit="1")
def one_if_old(age):
    """One for old persons."""
    return where(age >= OLD_AGE, 1, 0)


has_member_of_working_age = household_any("is_of_working_age")
old_members = household_sum("one_if_old")


@household_rule(unit="yuan/year")
def presumed_support(
    kin_rank,
    kin_ranks,
    kin_bends,
    kin_average,
    kin_line,
    kin_share,
    support_from_kin,
    has_member_of_working_age,
    old_members,
):
    """What children elsewhere are presumed to pay, about as in the means test of the law."""
    multiple: Any = 0
    for number in range(len(KIN_RANKS) - 1):
        bend = lookup(kin_bends, number)
        multiple = multiple + bend * maximum(kin_rank - lookup(kin_ranks, number), 0)
    each = maximum(kin_average * multiple - kin_line, 0) * kin_share
    return where(support_from_kin & ~has_member_of_working_age, each * old_members, 0)


dibao_draw = draw("city/dibao last year", key="household")


@household_rule(unit="bool")
def received_dibao_last_year(
    dibao_draw,
    claim_rank,
    presumed_support,
    private_transfers_received,
    drawn_a_head,
    mapping_factor,
    rent_before_mapping,
    property_scale,
    urban_row,
    size_of_household,
    financial_assets,
    vehicles,
    household_hukou,
    collective,
    dibao_poor_below,
    dibao_poor_share,
    dibao_leaving_below,
    dibao_leaving_share,
    dibao_assets_a_head,
):
    """Which households are taken to have had dibao last year: poor, with few assets.

    Of the poor those who claim it by the law's draw, so that they get it this year as well.
    """
    imputed = rent_before_mapping * lookup(property_scale, urban_row) / size_of_household
    presumed = maximum(presumed_support - private_transfers_received, 0) / size_of_household
    cash = (drawn_a_head - imputed) * mapping_factor + presumed
    few_assets = (financial_assets < dibao_assets_a_head * size_of_household) & (vehicles == 0)
    poor = (cash < dibao_poor_below) & (claim_rank < dibao_poor_share)
    leaving = (cash >= dibao_poor_below) & (cash < dibao_leaving_below)
    eligible = (household_hukou != MIGRANT) & few_assets & ~collective
    return eligible & (poor | (leaving & (dibao_draw < dibao_leaving_share)))
