"""Where each household lives, and of which type it is: what is drawn before its persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from olive.china.recipes.recipe import LARGEST
from olive.engine import draw, floor, household_rule, lookup, where
from olive.engine.draws import stream_key
from olive.native.mixing import GOLDEN
from olive.synthesis.sampling import choice_table, choose
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.china.households.household_composition import Types
    from olive.china.recipes.recipe import Recipe

STRATUM_STEPS = 65_536
_AREAS = 2  # rural, urban


def placing_settings(recipe: Recipe, types: Types, seed: int) -> Settings:
    """Return strata, shares of the types of households, and where the sequence begins."""
    family = recipe.solved.family
    places = len(family) * _AREAS
    shares = np.zeros((places + 1, len(types.size)))
    shares[:places, : types.families] = family.reshape(places, -1)
    shares[places, types.families :] = recipe.solved.collective
    return {
        "stratum_at": Setting(_strata(recipe.solved.strata.ravel())),
        "strata_begin": Setting((stream_key(seed, "strata") >> 11) * 2.0**-53),
        "golden_ratio": Setting(GOLDEN * 2.0**-64),
        "type_choices": Setting(choice_table(shares)),
        "type_count": Setting(len(types.size)),
        "family_places": Setting(places),
    }


def _strata(households: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the stratum at each of 65,536 even steps, in proportion to its households."""
    bounds = np.rint(np.cumsum(households) / households.sum() * STRATUM_STEPS)
    return np.searchsorted(bounds, np.arange(STRATUM_STEPS), side="right")


@household_rule(unit="code")
def stratum(household_number, golden_ratio, strata_begin, stratum_at):
    """County, kind of place and kind of household in one code.

    The golden-ratio sequence spreads households evenly over the strata at any length.
    """
    position = (household_number + 1) * golden_ratio + strata_begin
    return lookup(stratum_at, floor((position - floor(position)) * STRATUM_STEPS))


@household_rule(unit="code")
def county(stratum):
    """County of the household."""
    return floor(stratum / 4)


@household_rule(unit="bool")
def urban(stratum):
    """Whether the household lives in an urban place."""
    return floor(stratum / 2) - 2 * floor(stratum / 4) == 1


@household_rule(unit="bool")
def collective(stratum):
    """Whether it is a collective household."""
    return stratum - 2 * floor(stratum / 2) == 1


type_draw = draw("city/household type", key="household")


@household_rule(unit="code")
def household_type(type_draw, type_choices, type_count, family_places, collective, stratum):
    """Type of the household: who lives together (``households.yaml``).

    The shares are those of the county and kind of place, one row for all collective households.
    """
    place = where(collective, family_places, floor(stratum / 2))
    return choose(type_draw, type_choices, type_count, place)


@household_rule(unit="1")
def size(household_type, type_size):
    """Persons of the household."""
    return lookup(type_size, household_type)


@household_rule(unit="code")
def weighting_cell(stratum, size):
    """County x kind of place x kind of household x size: households of a cell weigh the same."""
    return stratum * LARGEST + size - 1
