"""The people of one block of households, before money: what every later draw hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from olive.columns import catalogue
from olive.population.people import (
    CAMPUS,
    INSTITUTION,
    PeopleTables,
    draw_classes,
    draw_education,
    draw_hukou,
    draw_statuses,
    people_tables,
)
from olive.population.roster import (
    STAGES,
    Roster,
    Types,
    draw_roster,
    draw_types,
    household_types,
    type_tables,
)
from olive.population.sampling import Draws, chance, normal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.recipe import Recipe

_STATUS = {name: code for code, name in enumerate(catalogue()["labour_status"].codes)}


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A recipe with its look-up tables, made once for all blocks."""

    recipe: Recipe
    types: Types
    type_table: NDArray[np.uint8]
    people: PeopleTables


def kitchen(recipe: Recipe) -> Kitchen:
    """Return the recipe with the tables that its blocks are drawn from."""
    return Kitchen(
        recipe, household_types(recipe.types), type_tables(recipe), people_tables(recipe)
    )


@dataclass(frozen=True)
class Scene:
    """Households of a block and their persons, before any money.

    Household arrays have one entry a household; person arrays one a person, in household order.
    """

    recipe: Recipe
    draws: Draws
    roster: Roster
    county: NDArray[np.int8]
    urban: NDArray[np.bool_]
    collective: NDArray[np.bool_]
    stage: NDArray[np.int64]
    household_class: NDArray[np.int8]
    household_hukou: NDArray[np.int8]
    person_class: NDArray[np.int64]  # wide, since it is an index all over
    band: NDArray[np.int64]
    status: NDArray[np.int8]
    education: NDArray[np.int8]

    def person_pieces(self, name: str, rows: NDArray[np.int64] | None = None) -> NDArray[np.uint16]:
        """Return four 16-bit pieces a person (or for the rows given)."""
        return self.draws.persons(name, self.roster.words, rows)

    def is_status(self, *names: str) -> NDArray[np.bool_]:
        """Return which persons have one of the named labour statuses."""
        found: NDArray[np.bool_] = self.status == _STATUS[names[0]]
        for name in names[1:]:
            found |= self.status == _STATUS[name]
        return found

    @cached_property
    def at_work(self) -> NDArray[np.bool_]:
        """Return who is at work."""
        return self.is_status("employee", "self_employed", "farmer", "platform_worker")

    @cached_property
    def standing(self) -> NDArray[np.float32]:
        """Return the household's standing, standard normal, shared by its earnings and wealth."""
        return normal(self.draws.households("standing")[:, 0])

    @cached_property
    def pensioner(self) -> NDArray[np.bool_]:
        """Return who draws a pension of the employee scheme: retired, or at work beyond 60."""
        settings = self.recipe.persons["pension"]
        share = np.array([settings["covered_rural"], settings["covered_urban"]])
        age, woman = self.roster.age, self.roster.sex == 1
        of_age = (age >= 60) | (woman & (age >= 50)) | (age >= 55)
        rows = np.flatnonzero(of_age & (self.is_status("retired") | self.at_work))
        age, woman = age.take(rows), woman.take(rows)
        retired = self.is_status("retired").take(rows)
        urban = self.urban.take(self.roster.owner.take(rows)).astype(np.int64)
        at_work = settings["at_work"]
        factor = np.where(
            age < 60, np.where(woman, at_work["women_from_50"], 0.0), at_work["from_60"]
        )
        covered = share[urban, self.person_class.take(rows)] * np.where(retired, 1.0, factor)
        covered = np.where(retired & (age < 60), 1.0, covered)  # who retires early has a pension
        drawn = np.zeros(len(self.status), np.bool_)
        drawn[rows] = chance(self.person_pieces("pensioner", rows)[:, 0], covered)
        return drawn

    def household_sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum over the persons of each household."""
        return np.add.reduceat(values, self.roster.starts[:-1])


def set_scene(
    ready: Kitchen,
    draws: Draws,
    county: NDArray[np.int8],
    urban: NDArray[np.bool_],
    collective: NDArray[np.bool_],
) -> Scene:
    """Draw who lives in the households of a block."""
    recipe, tables = ready.recipe, ready.people
    type_number = draw_types(draws, ready.type_table, urban, collective)
    roster = draw_roster(draws, ready.types, type_number)
    stage = ready.types.stage.take(type_number)
    pieces = draws.households("class_and_hukou")
    place = np.where(collective, 2, urban)
    household_class = draw_classes(tables, pieces[:, 0], place, stage)
    hukou = draw_hukou(recipe, pieces[:, 1], household_class, urban)
    person_class = household_class.astype(np.int64).take(roster.owner)
    band = tables.band_of_age.take(roster.age)
    profile = np.where(stage == STAGES.index("campus"), CAMPUS, household_class)
    profile = np.where(stage == STAGES.index("institution"), INSTITUTION, profile)
    status = draw_statuses(
        tables, roster.pieces[:, 2], profile.take(roster.owner), band, roster.sex
    )
    student = status == _STATUS["student"]
    return Scene(
        recipe=recipe,
        draws=draws,
        roster=roster,
        county=county,
        urban=urban,
        collective=collective,
        stage=stage,
        household_class=household_class,
        household_hukou=hukou,
        person_class=person_class,
        band=band,
        status=status,
        education=draw_education(tables, roster.pieces[:, 3], person_class, roster.age, student),
    )
