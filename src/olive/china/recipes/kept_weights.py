"""Weights of the samples that come with places, kept beside the recipe that they belong to.

Calibrating them takes longer than drawing the households, loads linear algebra, and gives the same
every time. ``python -m olive.china.recipes.solving`` writes them.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from olive.china.recipes.recipe import recipe_folder
from olive.native.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe

#: Households and seed of a sample that comes with a place.
SAMPLE_HOUSEHOLDS, SAMPLE_SEED = 20_000, 1
_THOUSANDTHS = 1_000.0  # weights are rounded to three decimals, see `controlled_weights`


def kept_weights(recipe: Recipe, households: int, seed: int) -> NDArray[np.float64] | None:
    """Return the calibrated weights of a sample; None where none are kept of this very recipe."""
    if (households, seed) != (SAMPLE_HOUSEHOLDS, SAMPLE_SEED):
        return None
    file = recipe_folder(recipe.name).joinpath(_name(recipe))
    if not file.is_file():
        return None
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
        if str(stored["recipe"]) != recipe.digest():
            return None
        return np.asarray(stored["thousandths"] / _THOUSANDTHS)


def keep_weights(recipe: Recipe, weights: NDArray[np.float64], folder: Path) -> Path:
    """Write the calibrated weights of a recipe's sample to a folder and return the file."""
    content = io.BytesIO()
    thousandths = np.rint(weights * _THOUSANDTHS).astype(np.int64)
    np.savez_compressed(content, recipe=np.array(recipe.digest()), thousandths=thousandths)
    return write_bytes(folder / _name(recipe), content.getvalue())


def _name(recipe: Recipe) -> str:
    return f"{recipe.name}_{recipe.year}_weights.npz"
