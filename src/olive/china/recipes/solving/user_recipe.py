"""Recipes of users: solve a file and freeze the numbers beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from olive.china.recipes.recipe import Recipe
from olive.china.recipes.recipe_file import read_settings, solved_file, write_solved
from olive.china.recipes.solving.build import SCHEDULE, solve_recipe
from olive.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DRAFT = (30_000,) * 12  # households a round: seconds, not minutes, and coarser incomes


def build_recipe_file(
    path: str | Path,
    *,
    schedule: Sequence[int] = SCHEDULE,
    report: Callable[[str], None] = lambda _text: None,
) -> Recipe:
    """Solve a recipe of your own and write the numbers to the ``.npz`` beside it.

    Parameters
    ----------
    path : str or pathlib.Path
        YAML file of a place, see ``docs/how_to/own_recipe.md``.
    schedule : sequence of int
        Households drawn in each round; ``DRAFT`` for a first look.
    report : callable
        Called with one line a round.

    Raises
    ------
    DataError
        When the file has faults, or no household types meet its figures.
    """
    source = Path(path)
    settings = read_settings(source)
    try:
        recipe = solve_recipe(settings, schedule=schedule, report=report)
    except DataError as error:
        raise DataError(
            "{source}: {error}; compare households, persons, ages, male, "
            "urban_age_shares and urban_mean_size with one another",
            source,
            error,
        ) from error
    write_solved(recipe, solved_file(source))
    return recipe
