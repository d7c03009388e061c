"""The recipe: how made-up households of the Shire are drawn, by keyed random numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine.draws import stream_key, uniform
from olive.errors import DataError
from olive.places import Label
from olive.population import Population
from olive.population.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HOUSEHOLDS = 120_000  # that there are
YEAR = 2024
# Cumulative shares of farthings and of kinds of households.
_FARTHINGS = (0.2, 0.45, 0.7)
_KINDS = (0.2, 0.35, 0.6, 0.9)  # single, old couple, couple, family, lone parent


@dataclass(frozen=True, slots=True)
class ShireRecipes:
    """The one recipe of the Shire, of 2024. See `olive.places.recipes.Recipes`."""

    def years(self) -> tuple[int, ...]:
        """Return the years that there are recipes of."""
        return (YEAR,)

    def origin(self, year: int | None = None, file: Path | None = None) -> Origin:
        """Return the origin of what is drawn, its seed apart."""
        if file is not None or year not in {None, YEAR}:
            raise DataError("the Shire has one recipe, of 2024, and takes no file")
        digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        return Origin(YEAR, synthetic=True, place="shire", recipe=digest, census_year=YEAR)

    def draw(
        self,
        households: int,
        seed: int,
        *,
        year: int | None = None,
        file: Path | None = None,
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Any, Origin]:
        """Draw households; each depends on the seed and its own number only."""
        if households < 1:
            raise DataError("draw one household at least, not {number}", number=households)
        origin = replace(self.origin(year, file), seed=seed)
        homes, people = _tables(np.arange(households), seed)
        homes["weight"] = np.full(households, HOUSEHOLDS / households)
        drawn = Population.from_frames(homes, people, year=YEAR, origin=origin, place="shire")
        if progress is not None:
            progress(households, households)
        return drawn.tables, origin

    def is_as_drawn(self, origin: Any) -> bool:
        """Say whether nothing was done to a population since it was drawn."""
        return bool(origin == replace(self.origin(), seed=origin.seed))

    def other_distributions(self, population: Any, income: Floats) -> Label:
        """Say why there is no range over recipes."""
        return Label("夏尔只有一个配方", "the Shire has one recipe")

    def build(
        self, file: Path, *, draft: bool = False, report: Callable[[str], None] = print
    ) -> Path:
        """Refuse: nothing has to be solved."""
        raise DataError("the recipe of the Shire is not solved from a file")

    def solved_file(self, file: Path) -> Path:
        """Refuse: nothing has to be solved."""
        return self.build(file)

    def shapes(self, origin: Any) -> tuple[()]:
        """Return nothing: no shape is fitted."""
        return ()

    def figures(self, *, origin: Any = None, file: Path | None = None) -> Sequence[Any]:
        """Return nothing: the published figures of the place are those of the recipe."""
        return ()


RECIPES = ShireRecipes()


def _tables(number: NDArray[np.int64], seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of households of given numbers, and of their persons."""

    def of_home(stream: str) -> Floats:
        return uniform(stream_key(seed, stream), number)

    kind = np.searchsorted(_KINDS, of_home("kind"), side="right")
    young = (of_home("children") * 3).astype(int) + 1
    adults = np.array([1, 2, 2, 2, 1])[kind]
    size = adults + np.where(kind >= 3, young, 0)
    home = np.repeat(number, size)
    place = np.arange(home.size) - np.repeat(np.cumsum(size) - size, size)
    grown = place < np.repeat(adults, size)

    def of_person(stream: str) -> Floats:
        return uniform(stream_key(seed, stream), home, place)

    old = np.repeat(kind == 1, size)
    age = np.where(grown, np.where(old, 66, 22) + of_person("age") * np.where(old, 20, 43), 0)
    age = np.where(grown, age, of_person("age of child") * 18).astype(int)
    works = grown & ~old & (of_person("works") < 0.85)
    # A log-logistic amount: the quantile function needs no normal numbers.
    odds = of_person("earnings")
    earned = 24_000.0 * (odds / (1.0 - odds)) ** 0.35
    own = of_person("own business") < 0.12
    homes = {
        "household_id": number,
        "farthing": np.searchsorted(_FARTHINGS, of_home("farthing"), side="right"),
        "rent_paid": np.where(of_home("rents") < 0.4, 2_400 + 4_800 * of_home("rent"), 0.0),
    }
    people = {
        "household_id": home,
        "person_number": place,
        "age": age,
        "wage": np.where(works & ~own, earned, 0.0).round(2),
        "profit": np.where(works & own, earned, 0.0).round(2),
    }
    return homes, people
