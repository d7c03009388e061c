"""A frozen recipe: everything that a synthetic population is drawn from.

A recipe is three hand-written YAML files (the place, types of households, persons and wealth) and
one file of solved numbers (``.npz``), which ``olive.china.recipes.solving`` computes. Populations
only read recipes.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from olive.china.columns import catalogue
from olive.engine.yaml_loader import parse_yaml
from olive.errors import DataError
from olive.messages import Labelled
from olive.places.registry import place as place_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

COMPONENTS = ("wage", "operating", "property", "pension", "support")
LARGEST = 7  # persons in the largest type of household
SIZE_CLASSES = 6  # one to four persons, five and more, collective households
KNOTS_PER_OCTAVE = 32
LOWEST_OCTAVE, HIGHEST_OCTAVE = 6, 24  # incomes per head from 64 yuan to 16.8 million yuan
# The same text, five times as fast where PyYAML was built with its C emitter.
_SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True)
class Solved:
    """The numbers that fitting found.

    Attributes
    ----------
    strata : numpy.ndarray of float64, shape (counties, 2, 2)
        Households by county, rural or urban, family or collective.
    family, collective : numpy.ndarray of float64
        Shares of the household types, shape (counties, 2, types), rural and urban, and (types,).
    scale : numpy.ndarray of float64, shape (2, components)
        Factor on each income component, rural and urban.
    county_level : numpy.ndarray of float64, shape (counties,)
        Logarithm added to earnings.
    income_map : numpy.ndarray of float64, shape (2, size classes, knots)
        Income per head after mapping, at the knots of `knots`.
    low_tail : numpy.ndarray of float64, shape (1,)
        How many times fewer of the larger families are poor than in the shape that was borrowed.
    controls : numpy.ndarray of float64
        Totals that weights are calibrated to, see ``controls``; may be empty.
    """

    strata: NDArray[np.float64]
    family: NDArray[np.float64]
    collective: NDArray[np.float64]
    scale: NDArray[np.float64]
    county_level: NDArray[np.float64]
    income_map: NDArray[np.float64]
    low_tail: NDArray[np.float64]
    controls: NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """What a synthetic population is drawn from: settings from YAML and solved numbers.

    Attributes
    ----------
    place : mapping
        The place: totals, ages, counties, incomes, class shares, with their status.
    types : mapping
        Household types and roles.
    persons : mapping
        Status, education, earnings, insurance.
    wealth : mapping
        Dwellings, property, transfers, health.
    solved : Solved
        Numbers found by fitting.
    """

    place: Mapping[str, Any]
    types: Mapping[str, Any]
    persons: Mapping[str, Any]
    wealth: Mapping[str, Any]
    solved: Solved

    @property
    def name(self) -> str:
        """Name of the place."""
        return str(self.place["place"])

    @property
    def year(self) -> int:
        """Calendar year of the incomes."""
        return int(self.place["year"])

    @property
    def census_year(self) -> int:
        """Calendar year of ages, places and head counts."""
        return int(self.place.get("census_year") or self.year)

    @property
    def law_note(self) -> Labelled | None:
        """What to know about the law that is applied; None where it is the place's own."""
        law = self.place.get("law", {})
        return Labelled(law["note"].strip(), zh=law.get("zh", "").strip()) if law else None

    def digest(self) -> str:
        """Return the SHA-256 of the settings and of the solved numbers."""
        return self._digest

    @cached_property  # writing the settings as text takes longer than drawing a small city
    def _digest(self) -> str:
        text = hashlib.sha256()
        for settings in (untranslated(self.place), self.types, self.persons, self.wealth):
            dumped: str = yaml.dump(
                _plain(settings), Dumper=_SAFE_DUMPER, sort_keys=True, allow_unicode=True
            )
            text.update(dumped.encode())
        for name in Solved.__dataclass_fields__:
            text.update(np.ascontiguousarray(getattr(self.solved, name)).tobytes())
        return text.hexdigest()


def untranslated(place: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a place without translations, which change no population."""
    law = {name: text for name, text in place.get("law", {}).items() if name != "zh"}
    return {**place, "law": law} if law else dict(place)


def recipe_folder(place: str) -> Traversable:
    """Return the folder of the recipes that come with a place."""
    package: str = place_named(place).recipes_at.partition(":")[0]
    return resources.files(package)


def settings_of(place: str, year: int) -> dict[str, Any]:
    """Return the YAML settings of a place and year, as arguments of `Recipe`.

    Raises
    ------
    DataError
        When no such recipe comes with the place.
    """
    known = years_of(place)
    if year not in known:
        listed = ", ".join(map(str, known))
        raise DataError(
            "there is no recipe for {place!r} in {year} (known: {listed})", place, year, listed
        )
    name = f"{place}_{year}"
    text = recipe_folder(place).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return {
        "place": parse_yaml(text, name),
        "types": common_settings("households"),
        "persons": common_settings("persons"),
        "wealth": common_settings("wealth"),
    }


def years_of(place: str) -> tuple[int, ...]:
    """Return the years of the recipes that come with a place.

    >>> years_of("zhejiang")
    (2021,)
    """
    files = (item.name for item in recipe_folder(place).iterdir())
    stems = (name.removesuffix(".yaml") for name in files if name.endswith(".yaml"))
    return tuple(sorted(int(stem[-4:]) for stem in stems if stem[:-5] == place))


def common_settings(name: str) -> dict[str, Any]:
    """Return settings that all Chinese places share: households, persons or wealth."""
    text = resources.files("olive.china.recipes").joinpath(f"{name}.yaml").read_text("utf-8")
    settings: dict[str, Any] = parse_yaml(text, name)
    return settings


@cache
def load_recipe(place: str, year: int) -> Recipe:
    """Return the frozen recipe of a place and year that comes with the place.

    Raises
    ------
    DataError
        When there is no such recipe.
    """
    settings = settings_of(place, year)
    data = recipe_folder(place).joinpath(f"{place}_{year}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        solved = Solved(**{name: stored[name] for name in Solved.__dataclass_fields__})
    return Recipe(solved=solved, **settings)


@cache
def shipped_recipe(place: str, digest: str | None) -> Recipe | None:
    """Return the recipe of a place by its digest, as an origin keeps it; None for others.

    >>> digest = load_recipe("zhejiang", 2021).digest()
    >>> shipped_recipe("zhejiang", digest).name, shipped_recipe("zhejiang", "abc")
    ('zhejiang', None)
    """
    shipped = (load_recipe(place, year) for year in years_of(place))
    return next((recipe for recipe in shipped if recipe.digest() == digest), None)


def knots() -> NDArray[np.float64]:
    """Return the incomes per head at which the mapping is given: 32 even steps an octave."""
    octaves = 2.0 ** np.arange(LOWEST_OCTAVE, HIGHEST_OCTAVE)
    steps = 1.0 + np.arange(KNOTS_PER_OCTAVE) / KNOTS_PER_OCTAVE
    return np.append((octaves[:, None] * steps).ravel(), 2.0**HIGHEST_OCTAVE)


def code_of(column: str, name: str) -> int:
    """Return the number of a named code of the catalogue.

    >>> code_of("labour_status", "employee")
    2
    """
    return catalogue()[column].codes.index(name)


def by_county(place: Mapping[str, Any], name: str, absent: float = 0.0) -> NDArray[np.float64]:
    """Return a setting of the counties in the order of their codes.

    Parameters
    ----------
    place : mapping
        Settings of the place.
    name : str
        Setting under ``counties``, such as ``persons``.
    absent : float
        For counties without the setting.

    Examples
    --------
    >>> city = {"place": "taizhou", "counties": {"persons": {"luqiao": 7}}}
    >>> by_county(city, "persons")[:4].tolist()
    [0.0, 0.0, 7.0, 0.0]
    """
    found = place["counties"][name]
    return np.array([found.get(code, absent) for code in counties_of(place)], dtype=np.float64)


def counties_of(place: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the counties of the place that settings are for, in the order of their codes."""
    return tuple(place_named(place["place"]).regions)


def value_of(entry: Any) -> Any:
    """Return the value of a setting that is given with its status and source, or the setting."""
    return entry["value"] if isinstance(entry, dict) and "value" in entry else entry


def _plain(settings: Any) -> Any:
    if isinstance(settings, dict):
        return {key: _plain(item) for key, item in settings.items()}
    return settings
