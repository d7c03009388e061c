"""The rules that draw a city, fitted together, and a recipe as their parameters.

Each topic is a module of rules beside the function that reads its settings from the recipe. The
rules run on olive's engine: as numpy when few households are drawn, as compiled loops when many
are, with the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from olive.china.columns import catalogue
from olive.china.households import (
    assistance,
    dwelling,
    earnings,
    health,
    household_composition,
    income_mapping,
    insurance,
    people,
    strata,
    wealth,
    work,
)
from olive.china.households.household_composition import Types, household_types
from olive.engine import Column
from olive.engine.policy import Policy
from olive.engine.rules import Rule
from olive.engine.ruleset import RuleSet, fit_together
from olive.native.immutable import FrozenMapping
from olive.synthesis.sampling import exponential_knots, normal_knots, powers_of_two
from olive.synthesis.settings import Setting, Settings, parameter_of, value_of_setting

if TYPE_CHECKING:
    from types import ModuleType

    from olive.china.recipes.recipe import Recipe

# What is known of a household before its persons, and how it is stored.
PLACED = {
    "county": "int8",
    "urban": "bool",
    "collective": "bool",
    "household_type": "int16",
    "size": "int8",
    "weighting_cell": "int16",
}
_LIVING = ("county", "urban", "collective")
_TOPICS = (
    household_composition,
    people,
    work,
    insurance,
    earnings,
    dwelling,
    wealth,
    health,
    income_mapping,
    assistance,
)
_NUMBER = Column("household_number", "household", "key")
_TYPE = Column("household_type", "household", "code")
# Draws of the law that say who claims and what children elsewhere earn, last year as this year.
CLAIM_RANK = Column("claim_rank", "household", "number", unit="1")
KIN_RANK = Column("kin_rank", "household", "number", unit="1")


@dataclass(frozen=True, slots=True)
class Generator:
    """A recipe ready to draw from: rules with the recipe's settings as parameters.

    Attributes
    ----------
    types : Types
        Household types.
    placing : Policy
        Rules of `olive.china.households.strata`: place and type of each household.
    living : Policy
        All other rules: from the placed households to the columns of both tables.
    """

    types: Types
    placing: Policy
    living: Policy


def generator(recipe: Recipe, seed: int) -> Generator:
    """Return the rules and parameters that draw from a recipe."""
    types = household_types(recipe.types)
    own = {
        **household_composition.roster_settings(types),
        **people.people_settings(recipe),
        **work.work_settings(recipe),
        **insurance.insurance_settings(recipe),
        **earnings.earnings_settings(recipe),
        **dwelling.dwelling_settings(recipe),
        **wealth.wealth_settings(recipe),
        **health.wellbeing_settings(recipe),
        **income_mapping.money_settings(recipe),
        **assistance.assistance_settings(recipe),
        "normal_knots": Setting(normal_knots()),
        "exponential_knots": Setting(exponential_knots()),
        "powers_of_two": Setting(powers_of_two()),
    }
    before = {**strata.placing_settings(recipe, types, seed), "type_size": own["type_size"]}
    return Generator(types, _policy((strata,), before), _policy(_TOPICS, own))


def roster_rules(types: Types) -> Policy:
    """Return the rules of ages, sexes and family ties alone."""
    return _policy((household_composition,), household_composition.roster_settings(types))


def _policy(topics: tuple[ModuleType, ...], settings: Settings) -> Policy:
    described = tuple((name, one.unit, int(np.ndim(one.value))) for name, one in settings.items())
    values = {name: value_of_setting(setting) for name, setting in settings.items()}
    rules = _fitted(topics, described)
    return Policy(rules, FrozenMapping(values), "generator", "")


@cache
def _fitted(topics: tuple[ModuleType, ...], settings: tuple[tuple[str, str, int], ...]) -> RuleSet:
    """Return the rules of some topics, fitted to settings of these names, units and axes."""
    rules = {
        name: rule.named(name)
        for topic in topics
        for name, rule in vars(topic).items()
        if isinstance(rule, Rule)
    }
    parameters = {name: parameter_of(name, unit, axes) for name, unit, axes in settings}
    known = {_NUMBER.name: _NUMBER}
    if strata not in topics:
        known |= {name: catalogue()[name] for name in (*_LIVING, "person_number")}
        known |= {column.name: column for column in (_TYPE, CLAIM_RANK, KIN_RANK)}
    return fit_together(rules, known, parameters)
