"""Draw a synthetic population from a frozen recipe: all of it, or any block of households alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.china.households.generator import (
    CLAIM_RANK,
    KIN_RANK,
    PLACED,
    Generator,
    generator,
    roster_rules,
)
from olive.china.recipes.need import claim_draws, kin_draws
from olive.china.recipes.recipe import LARGEST
from olive.engine import Tables, run_policies
from olive.engine.arguments import check_run
from olive.native.given_numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from olive.china.households.household_composition import Types
    from olive.china.recipes.recipe import Recipe
    from olive.engine.passes import Backend
    from olive.progress import Told

    Array = NDArray[np.float64]
    Columns = dict[str, NDArray[Any]]

BLOCK = 131_072  # households of a block when a population is drawn block by block
COMPILED_FROM = 100_000  # households; fewer are drawn with numpy before compiled code is loaded
_FEW = 30  # households below which a cell's weight would be unsteady
_EXACT = ("housing_fund_rate", "flexible_base_ratio")  # tenths that single precision would bend
_NOT_DRAWN = ("household_id", "weight", "county", "urban", "collective")


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """Households ``first`` to ``last`` of a synthetic population and their persons."""

    first: int
    last: int
    households: Columns
    persons: Columns
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class UndrawnPopulation:
    """A whole synthetic population, not yet drawn: any block of it can be drawn alone.

    Attributes
    ----------
    recipe : Recipe
        What it is drawn from.
    seed : int
        Seed of all draws.
    households : int
        Number of households.
    rules : Generator
        The rules that draw, with the recipe's settings.
    placed : dict of str to numpy.ndarray, or None
        What `olive.china.households.strata` found for each household; None when that is
        worked out block by block, so that no memory grows with the number of households.
    weights : numpy.ndarray of float64
        Weight by cell (county, place, kind, size).
    """

    recipe: Recipe
    seed: int
    households: int
    rules: Generator
    placed: Columns | None
    weights: Array

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """First and last household of each block."""
        return _blocks(self.households)

    @property
    def backend(self) -> Backend:
        """What draws: compiled code where it pays or is there already; the bits are the same."""
        return _backend(self.households)

    def block(
        self, first: int, last: int, *, threads: int | None = None, progress: Told = None
    ) -> DrawnBlock:
        """Draw households ``first`` to ``last`` (not included) and their persons.

        Parameters
        ----------
        first, last : int
        threads : int, optional
            By default as many as there are processors; the result does not depend on it.
        progress : callable, optional
            Called with (blocks of the engine done, blocks in all).
        """
        if self.placed is None:
            placed = _placed(self.rules, (first, last), self.seed, threads, self.backend)
        else:
            placed = {name: column[first:last] for name, column in self.placed.items()}
        starts = np.zeros(last - first + 1, np.int64)
        np.cumsum(placed["size"], out=starts[1:])
        households = _empty("household", last - first)
        persons = _empty("person", int(starts[-1]))
        households["household_id"] = np.arange(first, last, dtype=np.int64)
        households["weight"] = self.weights.take(placed["weighting_cell"])
        known = {name: placed[name] for name in ("county", "urban", "collective")}
        households |= known
        persons["person_number"] = _numbers(starts, placed["size"])
        known["household_type"] = placed["household_type"]
        known[CLAIM_RANK.name] = claim_draws(households["household_id"])
        known[KIN_RANK.name] = kin_draws(households["household_id"])
        drawn = {name: column for name, column in households.items() if name not in _NOT_DRAWN}
        drawn |= {name: column for name, column in persons.items() if name != "person_number"}
        run_policies(
            _tables(households["household_id"], known, persons["person_number"], starts),
            [self.rules.living],
            [],
            into=drawn,
            seed=self.seed,
            backend=self.backend,
            threads=threads,
            progress=progress,
        )
        return DrawnBlock(first, last, households, persons, starts)

    def __iter__(self) -> Iterator[DrawnBlock]:
        return (self.block(first, last) for first, last in self.blocks)


def undrawn(
    recipe: Recipe,
    households: int,
    seed: int,
    *,
    threads: int | None = None,
    keep: bool = True,
    progress: Told = None,
) -> UndrawnPopulation:
    """Return a synthetic population of which nothing is drawn yet.

    Parameters
    ----------
    recipe : Recipe
        From `olive.china.recipes.recipe.load_recipe`.
    households : int
        How many to draw, at least 1. Their weights add up to the place whatever the number.
    seed : int
        Seed of all draws, not negative.
    threads : int, optional
        By default as many as there are processors.
    keep : bool
        Whether to keep the place of each household (eight bytes); otherwise it is worked out
        again when a block is drawn.
    progress : callable, optional
        Called with (blocks counted, blocks in all), where nothing is kept.

    Raises
    ------
    DataError
        When the number, the seed or the threads are not a suitable whole number.
    """
    check_run(seed, threads)
    households, seed = whole_number("households", households, 1), int(seed)
    rules = generator(recipe, seed)
    backend, whole = _backend(households), (0, households)
    cells = recipe.solved.strata.size * LARGEST
    counts = np.zeros(cells, dtype=np.int64)
    placed: Columns | None = None
    blocks = [whole] if keep else _blocks(households)
    for done, block in enumerate(blocks, start=1):
        placed = _placed(rules, block, seed, threads, backend)
        counts += np.bincount(placed["weighting_cell"], minlength=cells)
        if progress is not None and not keep:
            progress(done, len(blocks))
    weights = _weights(recipe, _size_shares(recipe, rules), counts.astype(np.float64))
    return UndrawnPopulation(recipe, seed, households, rules, placed if keep else None, weights)


def _blocks(households: int) -> list[tuple[int, int]]:
    return [(first, min(first + BLOCK, households)) for first in range(0, households, BLOCK)]


def _placed(
    rules: Generator,
    rows: tuple[int, int],
    seed: int,
    threads: int | None,
    backend: Backend,
) -> Columns:
    """Return place, type and size of each household, from the first to before the last."""
    first, last = rows
    placed: Columns = {name: np.empty(last - first, kind) for name, kind in PLACED.items()}
    # Nobody lives there yet: each household has one row of persons, which no rule reads.
    starts = np.arange(last - first + 1, dtype=np.int64)
    run_policies(
        _tables(np.arange(first, last, dtype=np.int64), {}, None, starts),
        [rules.placing],
        [],
        into=placed,
        seed=seed,
        backend=backend,
        threads=threads,
    )
    return placed


def draw_ages(
    types: Types, type_number: NDArray[np.int16]
) -> tuple[NDArray[np.int64], Array, Array]:
    """Return household row, age and sex of the persons of households of given types."""
    size = types.size.take(type_number).astype(np.int8)
    starts = np.concatenate([[0], np.cumsum(size, dtype=np.int64)])
    number = np.arange(len(size), dtype=np.int64)
    tables = _tables(number, {"household_type": type_number}, _numbers(starts, size), starts)
    run = run_policies(tables, [roster_rules(types)], ["age", "sex"], backend="numpy")
    return np.repeat(number, size), run.arrays[0, "age"], run.arrays[0, "sex"]


def _tables(
    number: NDArray[np.int64],
    households: Columns,
    person_number: NDArray[np.int8] | None,
    starts: NDArray[np.int64],
) -> Tables:
    persons = {} if person_number is None else {"person_number": person_number}
    own = {**households, "household_number": number}
    return Tables(own, persons, starts, number.view(np.uint64))


def _backend(households: int) -> Backend:
    many = households >= COMPILED_FROM and find_spec("llvmlite") is not None
    return "compiled" if many else "auto"


def _weights(recipe: Recipe, size_shares: Array, counts: Array) -> Array:
    """Return the weight of each cell, so that cells, and kinds in all, add up to the place."""
    strata = recipe.solved.strata
    wanted = strata[..., None] * size_shares
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


def _ratio(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def _size_shares(recipe: Recipe, rules: Generator) -> Array:
    """Return P(size | county, place, kind), shape (counties, 2, 2, LARGEST), as types give it."""
    family, size, families = recipe.solved.family, rules.types.size, rules.types.families
    shares = np.zeros((*family.shape[:2], 2, LARGEST))
    for number in range(1, LARGEST + 1):
        shares[:, :, 0, number - 1] = family[:, :, size[:families] == number].sum(axis=2)
        shares[:, :, 1, number - 1] = recipe.solved.collective[size[families:] == number].sum()
    return np.asarray(shares / shares.sum(axis=3, keepdims=True))


def _numbers(starts: NDArray[np.int64], size: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return each person's number in the household."""
    number = np.ones(int(starts[-1]), np.int8)
    number[0] = 0
    number[starts[1:-1]] = 1 - size[:-1]
    return np.cumsum(number, dtype=np.int8, out=number)


def _empty(entity: str, rows: int) -> Columns:
    """Return columns of one table in catalogue order and storage types, not yet filled."""
    return {name: np.empty(rows, kind) for name, kind in _stored(entity)}


@cache
def _stored(entity: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, "float64" if name in _EXACT else column.storage)
        for name, column in catalogue().items()
        if column.entity == entity or name == "household_id"
    )
