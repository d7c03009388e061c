"""Draw a synthetic population from a frozen recipe, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.engine.draws import GOLDEN, stream_key
from olive.errors import DataError
from olive.population.earnings import draw_earnings
from olive.population.money import (
    Drawn,
    dibao_last_year,
    income_columns,
    months_for_wage,
    scale_and_map,
)
from olive.population.recipe import LARGEST
from olive.population.roster import draw_types
from olive.population.sampling import STEPS, Draws, choose, lookup_table
from olive.population.scene import Kitchen, Scene, kitchen, set_scene
from olive.population.wealth import dwelling, possessions, property_income, support, village
from olive.population.wellbeing import care, disability, illness, loss
from olive.population.work import hours, insurance, occupations, schooling, ties, unemployment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from olive.population.recipe import Recipe
    from olive.population.work import Columns

BLOCK = 65_536  # households drawn at a time
LOWEST_MONTHLY_WAGE = 2_300.0  # assumption: hardly any full month is paid less
_FEW = 30  # households below which a cell's weight would be unsteady


@dataclass(frozen=True, slots=True)
class Block:
    """Households ``first`` to ``last`` of a synthetic population and their persons."""

    first: int
    last: int
    households: Columns
    persons: Columns
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the households of a block live."""

    county: NDArray[np.int8]
    urban: NDArray[np.bool_]
    collective: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole synthetic population, not yet drawn: any block of it can be drawn alone.

    Attributes
    ----------
    recipe : Recipe
        What it is drawn from.
    seed : int
        Seed of all draws.
    households : int
        Number of households.
    weights : numpy.ndarray of float64
        Weight by cell (county, place, kind, size), see :func:`cell_of`.
    """

    recipe: Recipe
    seed: int
    households: int
    ready: Kitchen
    strata: NDArray[np.uint8]
    weights: NDArray[np.float64]
    sizes: NDArray[np.int8]

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """First and last household of each block."""
        return [
            (first, min(first + BLOCK, self.households))
            for first in range(0, self.households, BLOCK)
        ]

    def block(self, first: int, last: int) -> Block:
        """Draw households ``first`` to ``last`` (not included)."""
        place, draws = _place(self.strata, self.seed, first, last), _draws(self.seed, first, last)
        scene = set_scene(self.ready, draws, place.county, place.urban, place.collective)
        households, persons, _ = draw_columns(self.ready, scene)
        households["household_id"] = np.arange(first, last, dtype=np.int64)
        households["weight"] = self.weights.take(cell_of(place, scene.roster.size))
        persons["household_id"] = first + scene.roster.owner
        return Block(first, last, _stored(households), _stored(persons), scene.roster.starts)

    def __iter__(self) -> Iterator[Block]:
        return (self.block(first, last) for first, last in self.blocks)


def plan(recipe: Recipe, households: int, seed: int) -> Plan:
    """Return the plan of a synthetic population.

    Parameters
    ----------
    recipe : Recipe
        From :func:`olive.population.recipe.load_recipe`.
    households : int
        How many to draw, at least 1. Their weights add up to the place whatever the number.
    seed : int
        Seed of all draws, not negative.

    Raises
    ------
    DataError
        When the number or the seed is not a suitable whole number.
    """
    for name, value, low in (("households", households, 1), ("seed", seed, 0)):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < low:
            message = f"{name} is {value!r}; it must be a whole number of at least {low}"
            raise DataError(message)
    ready = kitchen(recipe)
    strata = lookup_table(recipe.solved.strata.ravel(), steps=STEPS)
    sizes = np.empty(households, np.int8)
    counts = np.zeros(recipe.solved.strata.size * LARGEST)
    for first in range(0, households, BLOCK):
        last = min(first + BLOCK, households)
        place = _place(strata, seed, first, last)
        draws = _draws(seed, first, last)
        number = draw_types(draws, ready.type_table, place.urban, place.collective)
        size = ready.types.size.take(number)
        sizes[first:last] = size
        counts += np.bincount(cell_of(place, size), minlength=len(counts))
    weights = _weights(recipe, ready, counts)
    return Plan(recipe, int(seed), int(households), ready, strata, weights, sizes)


def cell_of(place: Place, size: NDArray[Any]) -> NDArray[np.int64]:
    """Return the weighting cell: county x place x kind x size."""
    stratum = (place.county.astype(np.int64) * 2 + place.urban) * 2 + place.collective
    return np.asarray(stratum * LARGEST + size - 1)


def _draws(seed: int, first: int, last: int) -> Draws:
    return Draws(seed, np.arange(first, last, dtype=np.uint64))


def _place(strata: NDArray[np.uint8], seed: int, first: int, last: int) -> Place:
    """Spread households over the strata by the golden-ratio sequence: even at any length."""
    position = np.arange(first + 1, last + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    position += np.uint64(stream_key(seed, "strata"))
    stratum = choose(strata[None], 0, (position >> np.uint64(48)).astype(np.uint16))
    return Place(
        county=(stratum // 4).astype(np.int8),
        urban=(stratum // 2 % 2).astype(np.bool_),
        collective=(stratum % 2).astype(np.bool_),
    )


def _weights(recipe: Recipe, ready: Kitchen, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight of each cell, so that cells, and kinds in all, add up to the place."""
    strata = recipe.solved.strata
    wanted = strata[..., None] * _size_shares(ready)
    found = counts.reshape(wanted.shape)
    if found.sum() < _FEW * np.count_nonzero(wanted):  # few households: sizes by place only
        wanted_cells = wanted.sum(axis=0, keepdims=True)
        found_cells = found.sum(axis=0, keepdims=True)
        weights = np.broadcast_to(_ratio(wanted_cells, found_cells), wanted.shape)
    else:
        weights = _ratio(wanted, found)
    totals = strata.sum(axis=(0, 1))
    reached = (weights * found).sum(axis=(0, 1, 3))
    return np.asarray((weights * _ratio(totals, reached)[None, None, :, None]).ravel())


def _ratio(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def _size_shares(ready: Kitchen) -> NDArray[np.float64]:
    """Return P(size | place, kind), shape (2, 2, LARGEST), as the tables of types give it."""
    shares = np.zeros((2, 2, LARGEST))
    for row, (urban, collective) in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        table = ready.type_table[2 if collective else row]
        size = ready.types.size.take(table)
        shares[urban, collective] = np.bincount(size - 1, minlength=LARGEST) / len(table)
    return shares


def draw_columns(ready: Kitchen, scene: Scene) -> tuple[Columns, Columns, Drawn]:
    """Return all columns of the households and persons of a scene, and the incomes drawn."""
    roster = scene.roster
    work = occupations(ready, scene)
    earned = draw_earnings(scene, work["occupation"], work["industry"])
    home = dwelling(scene)
    owned, helped = property_income(scene, home), support(scene)
    drawn = scale_and_map(scene, earned, owned, helped)
    household_money, person_money = income_columns(scene, drawn, earned)
    months = months_for_wage(
        scene, person_money["contractual_wage"], earned.months_worked, LOWEST_MONTHLY_WAGE
    )
    insured = insurance(scene)
    limits = disability(scene)
    rounded = {
        "private_transfers_paid": np.rint(helped["private_transfers_paid"] / 10) * 10,
        "financial_assets": np.rint(owned["financial_assets"] * drawn.factor / 100) * 100,
    }
    owns = possessions(scene)
    households: Columns = {
        "county": scene.county,
        "urban": scene.urban,
        "collective": scene.collective,
        "household_class": scene.household_class,
        "support_from_kin": helped["support_from_kin"],
        "received_dibao_last_year": dibao_last_year(scene, drawn, {**owns, **rounded}),
        **home,
        **household_money,
        **rounded,
        **village(scene),
        **owns,
    }
    persons: Columns = {
        "person_number": roster.number.astype(np.int8),
        "age": roster.age,
        "sex": roster.sex,
        "relation": roster.relation,
        "spouse": roster.spouse,
        "father": roster.father,
        "mother": roster.mother,
        "labour_status": scene.status,
        "education": scene.education,
        **work,
        **schooling(scene),
        **ties(scene),
        **hours(scene, months),
        **insured,
        **unemployment(scene),
        **limits,
        **illness(scene, insured["medical_scheme"]),
        **care(scene, limits["self_care"]),
        **loss(scene),
        **person_money,
    }
    return households, persons, drawn


def _stored(columns: Columns) -> Columns:
    """Return the columns in storage types and catalogue order."""
    stored: Columns = {}
    for name, column in catalogue().items():
        if name not in columns:
            continue
        values = columns[name]
        if column.storage == "float32" and name not in _EXACT:
            values = values.astype(np.float32)
        elif column.storage != "float32":
            values = values.astype(column.storage)
        stored[name] = values
    return stored


_EXACT = ("housing_fund_rate", "flexible_base_ratio")  # tenths that single precision would bend
