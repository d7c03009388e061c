"""The recipes of a Chinese place, as `olive.places.recipes.Recipes` asks for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from olive.china.recipes.drawing import DrawnBlocks, draw_tables, is_calibrated
from olive.china.recipes.recipe import load_recipe, shipped_recipe, years_of
from olive.china.recipes.recipe_file import read_recipe, solved_file
from olive.china.recipes.synthetic import undrawn
from olive.errors import DataError
from olive.messages import Message
from olive.places.labels import Label
from olive.population.origin import Origin
from olive.population.years import checked_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe
    from olive.progress import Told

# The note of a recipe on the law that is applied; the only one of a population as it was drawn.
_OF_LAW = "{law_note}"


@dataclass(frozen=True, slots=True)
class ChineseRecipes:
    """Recipes of one place: settings ``place_year.yaml`` and solved numbers in its package.

    Attributes
    ----------
    place : str
        Name of the place.
    package : str
        Package that holds the files.
    """

    place: str
    package: str

    def years(self) -> tuple[int, ...]:
        """Return the years that there are recipes of, the latest first."""
        return tuple(reversed(years_of(self.place)))

    def recipe(self, year: int | None = None, file: Path | None = None) -> Recipe:
        """Return a recipe that comes with the place, or a user's own.

        Raises
        ------
        DataError
            When there is none of the year, or the file is of another place or not solved.
        """
        if file is None:
            return load_recipe(self.place, self.years()[0] if year is None else checked_year(year))
        found = read_recipe(file)
        if found.name != self.place:
            raise DataError(
                "{file}: is a recipe of {name!r}, not of {place!r}", file, found.name, self.place
            )
        return found

    def origin(self, year: int | None = None, file: Path | None = None) -> Origin:
        """Return the origin that a population drawn from a recipe has, its seed apart."""
        found = self.recipe(year, file)
        return Origin(
            found.year,
            synthetic=True,
            place=found.name,
            recipe=found.digest(),
            census_year=found.census_year,
            notes=(Message(_OF_LAW, law_note=found.law_note),) if found.law_note else (),
        )

    def draw(
        self,
        households: int,
        seed: int,
        *,
        year: int | None = None,
        file: Path | None = None,
        threads: int | None = None,
        progress: Told = None,
    ) -> tuple[Any, Origin]:
        """Draw households and return tables and origin of the population."""
        whole = undrawn(self.recipe(year, file), households, seed, threads=threads)
        tables = draw_tables(whole, threads=threads, progress=progress)
        return tables, replace(self.origin(year, file), seed=whole.seed)

    def blocks(
        self,
        households: int,
        seed: int,
        *,
        year: int | None = None,
        file: Path | None = None,
        progress: Told = None,
    ) -> tuple[DrawnBlocks, Origin] | None:
        """Return the blocks of a population and its origin; None where weights need all of it."""
        recipe = self.recipe(year, file)
        if is_calibrated(recipe, households):
            return None
        whole = undrawn(recipe, households, seed, keep=False, progress=progress)
        return DrawnBlocks(whole), replace(self.origin(year, file), seed=whole.seed)

    def is_as_drawn(self, origin: Any) -> bool:
        """Say whether a population of this origin is as a shipped recipe draws it.

        What the recipe itself says of the law that is applied is no change.
        """
        recipe = shipped_recipe(self.place, origin.recipe)
        if origin.seed is None or recipe is None:
            return False
        only_drawn = all(note.template == _OF_LAW for note in origin.notes)
        return bool(origin.year == recipe.year and only_drawn)

    def other_distributions(
        self, population: Any, income: NDArray[np.float64]
    ) -> Iterator[NDArray[np.float64]] | Label:
        """Return incomes under other spreads that the published figures allow as well."""
        # Fitting brings optimisation along, which most users of a population do not need.
        from olive.china.recipes.other_spreads import has_variants, spread_variants  # noqa: PLC0415

        columns = population.arrays().households
        if not population.origin.recipe or "urban" not in columns:
            return Label("不是由配方生成", "they were not drawn from a recipe")
        recipe = shipped_recipe(self.place, population.origin.recipe)
        if recipe is None:
            return Label("本地区未附带其配方", "their recipe does not come with the place")
        if not has_variants(population):
            return Label(
                "城镇或农村缺少某些规模的家庭",
                "families of some size do not occur in urban or in rural areas",
            )
        return spread_variants(recipe, population, columns["urban"], income)

    def shapes(self, origin: Any) -> Sequence[Sequence[str]]:
        """Return how well the shapes behind the spread fit, one row for urban and rural each."""
        from olive.china.recipes.solving.target_distribution import shape_fits  # noqa: PLC0415

        recipe = shipped_recipe(self.place, origin.recipe)
        if recipe is None:
            return ()
        settings = recipe.place["spread"]
        return [
            (
                area,
                settings["shape"][area],
                fitted.family,
                f"{fitted.rms_log_error:.2%}",
                "not published" if fitted.median_error is None else f"{fitted.median_error:+.2%}",
                f"{fitted.size_gradient:.2f}",
            )
            for area, fitted in shape_fits(settings).items()
        ]

    def build(
        self, file: Path, *, draft: bool = False, report: Callable[[str], None] = lambda _line: None
    ) -> Path:
        """Solve a user's recipe against the law, and keep the numbers beside it."""
        from olive.china.recipes.solving import build, user_recipe  # noqa: PLC0415 - simulates

        schedule = user_recipe.DRAFT if draft else build.SCHEDULE
        user_recipe.build_recipe_file(file, schedule=schedule, report=report)
        return solved_file(file)

    def solved_file(self, file: Path) -> Path:
        """Return where the solved numbers of a user's recipe are kept."""
        return solved_file(file)

    def figures(self, *, origin: Any = None, file: Path | None = None) -> Sequence[Any]:
        """Return the figures that a user's recipe, or that of a population, was given.

        Raises
        ------
        DataError
            When the recipe of the population does not come with the place.
        """
        from olive.china.recipes.solving.recipe_figures import recipe_figures  # noqa: PLC0415

        recipe = self.recipe(file=file) if file else shipped_recipe(self.place, origin.recipe)
        if recipe is None:
            raise DataError(
                "no figures come with this recipe of {place!r}; compare with its own: "
                "olive recipe check FILE",
                self.place,
            )
        return recipe_figures(recipe.place)
