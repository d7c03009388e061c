"""A population that need not fit in memory: blocks of whole households, one at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from olive.engine.arguments import check_run
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import whole_number
from olive.places.place import Place
from olive.places.recipes import DrawnByBlocks
from olive.places.registry import place as place_named
from olive.places.registry import place_of_recipe
from olive.population.origin import Origin
from olive.population.parquet_blocks import parquet_blocks, part_of
from olive.population.population import Population
from olive.population.population_view import OfOrigin
from olive.population.storage import HOUSEHOLDS_OF_GROUP, check_folder, make_folder, write_pair
from olive.population.table_schema import PopulationTables
from olive.population.years import checked_year
from olive.progress import Progress, shown_progress, watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Blocks(Protocol):
    """Where the blocks of a population come from; the same number always gives the same rows."""

    @property
    def count(self) -> int:
        """Number of blocks."""
        ...

    @property
    def households(self) -> int:
        """Number of sample households in all."""
        ...

    def tables(self, number: int) -> PopulationTables:
        """Return one block of whole households."""
        ...

    def fingerprint(self) -> str:
        """Return a hash that other data, or other blocks of the same data, do not have."""
        ...


@dataclass(frozen=True, slots=True)
class _Slices:
    """Blocks of a population in memory."""

    population: Population
    size: int

    @property
    def count(self) -> int:
        return -(-len(self.population) // self.size)

    @property
    def households(self) -> int:
        return len(self.population)

    def tables(self, number: int) -> PopulationTables:
        whole = self.population.tables
        first = number * self.size
        last = min(first + self.size, self.households)
        begin, end = int(whole.starts[first]), int(whole.starts[last])
        homes = whole.households.slice(first, last - first)
        persons = whole.persons.slice(begin, end - begin)
        starts = whole.starts[first : last + 1] - begin
        return PopulationTables(homes, persons, starts, whole.columns)

    def fingerprint(self) -> str:
        return f"{self.population.fingerprint()}/{self.size}"


@dataclass(frozen=True, slots=True, repr=False)
class PopulationStream(OfOrigin):
    """Blocks of whole households of one place and year, each drawn or read when it is its turn.

    Build one with `synthetic`, `read` or `of`, and give it to
    `olive.simulate_stream`. Memory holds a block or two, however many there are.

    Attributes
    ----------
    blocks : Blocks
    source, origin : Origin
        Of the blocks as they come, and with their incomes grown.
    growth : tuple of (int, str or mapping)
        Years that incomes are brought to, block by block, and the paths.

    Examples
    --------
    >>> stream = PopulationStream.synthetic(households=2_000, seed=1, block=500)
    >>> stream, sum(len(block) for block in stream)
    (PopulationStream(synthetic data; 2,000 households of 2023 in 4 blocks), 2000)
    """

    blocks: Blocks
    source: Origin
    origin: Origin
    growth: tuple[tuple[int, str | Mapping[str, float]], ...] = ()

    @classmethod
    def synthetic(
        cls,
        households: int,
        seed: int = 1,
        place: str | Place | None = None,
        year: int | None = None,
        *,
        recipe: str | Path | None = None,
        block: int | None = None,
        progress: Progress = None,
    ) -> Self:
        """Draw a synthetic population block by block: the households of `Population.synthetic`.

        Parameters
        ----------
        households : int
            How many to draw. Weights add up to the place whatever the number.
        seed, place, year, recipe
            As for `olive.Population.synthetic`.
        block : int, optional
            Households of a block of a population that is drawn whole. That is one of so few
            households that its weights are calibrated together, one of a place whose recipe draws
            no blocks, and any for which a size is given. By default 131,072.
        progress : callable or bool, optional
            Called with (done, in all) while households are counted or drawn; True shows a bar.

        Raises
        ------
        DataError
            When there is no such recipe, or a number is out of range.
        """
        check_run(seed)
        whole_number("households", households, 1)
        file = None if recipe is None else Path(recipe)
        recipes = (place_named(place) if file is None else place_of_recipe(file)).recipes
        if block is None and isinstance(recipes, DrawnByBlocks):
            with shown_progress(progress, Message("count households")) as told:
                found = recipes.blocks(households, seed, year=year, file=file, progress=told)
            if found is not None:
                return cls(found[0], found[1], found[1])
        whole = Population.synthetic(
            households, seed, place, year, recipe=recipe, progress=progress
        )
        return cls.of(whole, block=HOUSEHOLDS_OF_GROUP if block is None else block)

    @classmethod
    def read(
        cls, folder: str | Path, *, year: int | None = None, place: str | Place | None = None
    ) -> Self:
        """Read a folder of Parquet files one row group at a time.

        Parameters
        ----------
        folder : str or pathlib.Path
            Holds pairs of files ``<name>households.parquet`` and ``<name>persons.parquet``, as
            `write` and `olive.Population.write` make them: row groups of the same number
            hold the same households. That identifiers differ is checked within a row group.
        year, place
            As for `olive.Population.read`.

        Raises
        ------
        DataError
            At once when files are missing, cut off or do not belong together; when its turn
            comes, for a row group that is damaged, at fault or divides a household.
        """
        blocks = parquet_blocks(folder, year, place)
        return cls(blocks, blocks.origin, blocks.origin)

    @classmethod
    def of(cls, population: Population, *, block: int = HOUSEHOLDS_OF_GROUP) -> Self:
        """Return a population in memory as blocks.

        Raises
        ------
        DataError
            When it is no population, or a block's number of households no whole number above 0.
        """
        if not isinstance(population, Population):
            raise DataError(
                "the population is a {type}; build one with "
                "olive.Population.synthetic(), from_frames() or read()",
                type(population).__name__,
            )
        slices = _Slices(population, whole_number("block", block, 1))
        return cls(slices, population.origin, population.origin)

    def uprate(self, year: int, growth: str | Mapping[str, float] = "trend") -> Self:
        """Return the same people with the incomes of another year; see `Population.uprate`.

        Ages and weights stay: bringing weights to the margins of another year needs all of them.
        """
        wanted = checked_year(year)
        steps = (*self.growth, (wanted, growth))
        first = replace(self, growth=steps).block(0)
        return replace(self, origin=first.origin, growth=steps)

    def brought_to(self, year: int) -> Self:
        """Return the stream of another year as reports take it; unlike in memory, weights stay."""
        return self if year == self.year else self.uprate(year)

    def block(self, number: int) -> Population:
        """Return one block.

        Raises
        ------
        DataError
            When there is no such block, or what was read cannot be used.
        """
        if whole_number("block", number, 0) >= len(self):
            raise DataError(
                "there is no block {block}; there are {blocks}, counted from 0", number, len(self)
            )
        found = Population(self.blocks.tables(number), self.source)
        for year, growth in self.growth:
            found = found.uprate(year, growth)
        return found

    def write(self, folder: str | Path, *, progress: Progress = None) -> None:
        """Write every block as a pair of Parquet files of its own; `read` gives it back.

        Each pair is written whole or not at all, and `read` refuses a folder that lacks some.

        Parameters
        ----------
        folder : str or pathlib.Path
            Without another population in it.
        progress : callable or bool, optional
            Called with (blocks written, blocks in all); True shows a bar.

        Raises
        ------
        OutputError
            When the folder cannot be used or a file cannot be written.
        """
        stems = [f"{self.origin.stem}{part_of(number, len(self))}" for number in range(len(self))]
        check_folder(folder, stems[0])
        make_folder(folder)
        for number, stem in enumerate(watched(stems, progress, Message("write"))):
            each = self.block(number)
            write_pair(Path(folder), stem, each.tables, each.origin)

    @property
    def households(self) -> int:
        """Number of sample households."""
        return self.blocks.households

    def fingerprint(self) -> str:
        """Return a hash of the data, their blocks and the growth of incomes."""
        grown = [
            (year, path if isinstance(path, str) else sorted(path.items()))
            for year, path in self.growth
        ]
        told = repr((self.blocks.fingerprint(), self.source.year, grown))
        return hashlib.sha256(told.encode()).hexdigest()

    def __len__(self) -> int:
        return self.blocks.count

    def __iter__(self) -> Iterator[Population]:
        return (self.block(number) for number in range(len(self)))

    def __repr__(self) -> str:
        synthetic = "synthetic data; " if self.is_synthetic else ""
        return (
            f"PopulationStream({synthetic}{self.households:,} households of {self.year} in "
            f"{len(self):,} blocks)"
        )
