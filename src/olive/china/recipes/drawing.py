"""Draw a whole plan into the two tables of a population."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from olive.china.recipes.kept_weights import SAMPLE_HOUSEHOLDS, SAMPLE_SEED, kept_weights
from olive.china.recipes.recipe import counties_of
from olive.china.recipes.synthetic import undrawn
from olive.places.registry import place
from olive.population.table_schema import PopulationTables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe
    from olive.china.recipes.synthetic import DrawnBlock, UndrawnPopulation
    from olive.progress import Told

# Of these sizes of cities weights are calibrated.
LEAST_HOUSEHOLDS, MOST_HOUSEHOLDS = 5_000, 500_000


def draw_tables(
    whole: UndrawnPopulation, *, threads: int | None = None, progress: Told = None
) -> PopulationTables:
    """Draw every household and return the population's tables.

    Each thread writes its households to their own rows, so the result does not depend on the
    number of threads.

    Parameters
    ----------
    whole : UndrawnPopulation
        From `olive.china.recipes.synthetic.undrawn`.
    threads : int, optional
        By default as many as there are processors.
    progress : callable, optional
        Called with (households done, households in all) as the drawing advances.
    """

    def of_households(done: int, blocks: int) -> None:
        if progress is not None:
            progress(whole.households * done // blocks, whole.households)

    drawn = whole.block(0, whole.households, threads=threads, progress=of_households)
    drawn.households["weight"] = _weights(whole, drawn)
    return _tables(whole, drawn)


@dataclass(frozen=True, slots=True)
class DrawnBlocks:
    """Blocks of a population, each drawn when its turn comes: `olive.population.stream.Blocks`.

    Attributes
    ----------
    whole : UndrawnPopulation
        From `olive.china.recipes.synthetic.undrawn`.
    """

    whole: UndrawnPopulation

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self.whole.blocks)

    @property
    def households(self) -> int:
        """Number of households."""
        return self.whole.households

    def tables(self, number: int) -> PopulationTables:
        """Draw one block, on one thread."""
        return _tables(self.whole, self.whole.block(*self.whole.blocks[number], threads=1))

    def fingerprint(self) -> str:
        """Return the SHA-256 of what is drawn."""
        whole = self.whole
        told = (whole.recipe.digest(), whole.seed, whole.households, whole.weights.tobytes().hex())
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _tables(whole: UndrawnPopulation, drawn: DrawnBlock) -> PopulationTables:
    columns = place(whole.recipe.name).columns
    return PopulationTables(_arrow(drawn.households), _arrow(drawn.persons), drawn.starts, columns)


def is_calibrated(recipe: Recipe, households: int) -> bool:
    """Say whether the weights of a city of so many households are calibrated, all together."""
    middling = LEAST_HOUSEHOLDS <= households <= MOST_HOUSEHOLDS
    return bool(recipe.solved.controls.size) and middling


def _arrow(columns: dict[str, NDArray[Any]]) -> pa.Table:
    """Return columns as a table that wraps numbers as they are and packs truth values."""
    return pa.table({name: _wrapped(column) for name, column in columns.items()})


def _wrapped(column: NDArray[Any]) -> pa.Array:
    if column.dtype != np.bool_:
        return pa.array(column)
    # The same as pa.array(column), which takes twenty times as long.
    bits = np.packbits(column, bitorder="little")
    return pa.BooleanArray.from_buffers(pa.bool_(), len(column), [None, pa.py_buffer(bits)])


def _weights(whole: UndrawnPopulation, drawn: DrawnBlock) -> NDArray[np.float64]:
    """Return the weights, calibrated to the recipe's control totals in cities of middling size.

    Smaller ones cannot meet them all; larger ones meet them nearly as they are drawn.
    """
    if not is_calibrated(whole.recipe, whole.households):
        weight: NDArray[np.float64] = drawn.households["weight"]
        return weight
    kept = kept_weights(whole.recipe, whole.households, whole.seed)
    return _calibrated_weights(whole, drawn) if kept is None else kept


def sample_weights(recipe: Recipe) -> NDArray[np.float64]:
    """Calibrate the weights of the sample that comes with a place, whatever weights are kept."""
    whole = undrawn(recipe, SAMPLE_HOUSEHOLDS, SAMPLE_SEED)
    return _calibrated_weights(whole, whole.block(0, whole.households))


def _calibrated_weights(whole: UndrawnPopulation, drawn: DrawnBlock) -> NDArray[np.float64]:
    """Return weights of all households that meet the recipe's control totals."""
    # Calibration brings linear algebra along, which most users of a population do not need.
    from olive.china.recipes import controls  # noqa: PLC0415

    bounds = whole.recipe.place["ages"]["bounds"]
    policy = place(whole.recipe.name).law(year=whole.recipe.year)
    counties = counties_of(whole.recipe.place)
    tables = drawn.households, drawn.persons, drawn.starts
    rows = controls.control_rows(*tables, counties=counties, age_bounds=bounds, policy=policy)
    totals, tolerance = whole.recipe.solved.controls, controls.tolerances(counties, bounds)
    return controls.controlled_weights(rows, totals, drawn.households["weight"], tolerance)
