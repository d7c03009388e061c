"""Margins of another year when none are published: the data's own, moved by assumption."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.engine.evaluation import evaluate_with
from olive.engine.yaml_loader import parse_yaml
from olive.errors import DataError, LawWarning
from olive.messages import Message
from olive.places.place import Place
from olive.population.calibration import PublishedFigure, Targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.population import Population
    from olive.population.table_views import Arrays

_SMALLEST_GROUP = 30  # rows of the sample below which a margin would rest on too few
_LARGEST_SIZE = 5
_TOLERANCE = 0.001
_RETIREMENT = ("age", "sex", "occupation", "birth_month")  # what the statutory age depends on
_LAST_YEAR_OF_FORMER_AGE = 2024
_DELAY = {
    "source": "全国人大常委会《关于实施渐进式延迟法定退休年龄的决定》, on the data's own",
    "status": "derived",
}


def projected_margins(population: Population, year: int) -> Targets:
    """Return the data's own margins, projected to another year by ``ageing_margins.yaml``.

    Parameters
    ----------
    population : Population
        Columns that it lacks (age, sex, urban, county, collective) give no margins.
    year : int
        Calendar year.

    Returns
    -------
    Targets
        Persons by age and sex, by urban and rural, by county; family households by size, and
        collective households; those who draw an employees' pension at ages that delayed
        retirement reaches. Groups of fewer than 30 rows in the sample are left out.

    Raises
    ------
    DataError
        When the year is beyond the assumptions, or no group has persons enough.
    """
    data, counted = _drift(), population.origin.census_year or population.year
    for each, role in (
        (min(population.year, counted), Message("the data describe")),
        (year, Message("asked for")),
    ):
        if not data["first_year"] <= each <= data["last_year"]:
            raise DataError(
                "{role} {each}, but margins are assumed from {first_year} to {last_year} "
                "only; give the margins of the year as targets",
                role,
                each,
                data["first_year"],
                data["last_year"],
            )
    weight = np.repeat(population.weight, population.size)
    years, years_of_income = year - counted, year - population.year
    census = _Census(population.arrays(), population.size, weight, data, years, years_of_income)
    ages = list(_age_groups(census))
    groups = [
        *ages,
        *_pensioners(census, ages, year, population.place),
        *_areas(census, population.place),
        *_household_sizes(census),
    ]
    weights = {"person": weight, "household": population.weight}
    large = [group for group in groups if group.chosen.sum() >= _SMALLEST_GROUP]
    if not large:
        raise DataError(
            "{persons} sample persons are too few for the margins of {year}, each of which rests "
            "on {least} or more; take more households, or uprate({year}) the incomes alone",
            weight.size,
            year,
            _SMALLEST_GROUP,
        )
    return Targets(tuple(_target(group, weights[group.entity], year) for group in large))


@dataclass(frozen=True, slots=True)
class _Census:
    """The population's arrays, persons' weights, assumptions, years since heads and incomes."""

    arrays: Arrays
    size: NDArray[np.int64]
    weight: NDArray[np.float64]
    data: Mapping[str, Any]
    years: int
    years_of_income: int

    @property
    def growth(self) -> float:
        """Factor on the number of persons."""
        return float((1.0 + self.data["persons"]["rate"]) ** self.years)

    def share(self, persons: NDArray[np.bool_]) -> float:
        """Return the weighted share of persons in a group."""
        return float(self.weight[persons].sum() / self.weight.sum())


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of a table that form a margin, and the factor on their number."""

    id: str
    entity: str
    where: str
    chosen: NDArray[np.bool_]
    factor: float
    basis: Mapping[str, Any]


def _target(group: _Group, weight: NDArray[np.float64], year: int) -> PublishedFigure:
    return PublishedFigure(
        id=group.id,
        entity=group.entity,
        measure="count",
        where=group.where,
        value=float(weight[group.chosen].sum()) * group.factor,
        year=year,
        unit=f"{group.entity}s",
        source=group.basis["source"],
        status=group.basis["status"],
        tolerance=_TOLERANCE,
        block=group.id.split(".")[0],
    )


def _age_groups(census: _Census) -> Iterator[_Group]:
    """Yield persons by age, and by sex where it is known."""
    age, sex = census.arrays.persons.get("age"), census.arrays.persons.get("sex")
    if age is None:
        return
    settings = census.data["ages"]
    low, middle, high = settings["bounds"]
    bands = {
        f"0-{low - 1}": (0, low),
        f"{low}-{middle - 1}": (low, middle),
        f"{middle}-{high - 1}": (middle, high),
        f"{high}+": (high, 1_000),
    }
    members = {name: (age >= first) & (age < last) for name, (first, last) in bands.items()}
    present = {name: census.share(band) for name, band in members.items() if band.any()}
    change = {name: each for name, each in settings["change"].items() if name in present}
    rest = -sum(change.values())
    moved = {
        name: max(share + change.get(name, rest) * census.years, 0.0)
        for name, share in present.items()
    }
    for (name, share), (code, label) in product(present.items(), _sexes(sex)):
        (first, last), band = bands[name], members[name]
        factor = census.growth * moved[name] / sum(moved.values()) / share if share else 0.0
        where = f"age >= {first} and age < {last}" + (f" and sex == {label}" if label else "")
        chosen = band if sex is None else band & (sex == code)
        yield _Group(f"age.{name}.{label}".rstrip("."), "person", where, chosen, factor, settings)


def _pensioners(census: _Census, ages: list[_Group], year: int, place: Place) -> Iterator[_Group]:
    """Yield those who draw an employees' pension at ages that delayed retirement reaches, by sex.

    They grow like all of their age and sex, less those who have not reached the statutory age of
    the year: so many others of that age take their place. Early retirement by choice stays out.
    """
    persons = census.arrays.persons
    if any(name not in persons for name in (*_RETIREMENT, "employee_pension")):
        return
    draws = np.flatnonzero(persons["employee_pension"] > 0.0)
    if not draws.size:
        return
    drawing = {name: persons[name][draws] for name in _RETIREMENT}
    former = _reached(drawing, _LAST_YEAR_OF_FORMER_AGE, place)
    no_longer = former & ~_reached(drawing, year, place)
    for code, label in _sexes(persons["sex"]):
        own = drawing["sex"] == code
        waiting = own & no_longer
        if not waiting.any():
            continue
        last = int(drawing["age"][waiting].max()) + 1
        below = own & (drawing["age"] < last)
        rows = draws[below]
        chosen = np.zeros(len(persons["age"]), dtype=np.bool_)
        chosen[rows] = True
        grown = np.zeros(rows.size)
        for group in ages:
            grown = np.where(group.chosen[rows], group.factor, grown)
        weight = census.weight[rows]
        kept = grown * ~waiting[below]
        where = f"employee_pension > 0 and age < {last}" + (f" and sex == {label}" if label else "")
        factor = float(weight @ kept / weight.sum())
        yield _Group(f"pensioners.{label}", "person", where, chosen, factor, _DELAY)


def _reached(persons: Mapping[str, NDArray[Any]], year: int, place: Place) -> NDArray[np.bool_]:
    """Return who has reached the statutory retirement age of a year, by the law's own rule."""
    with warnings.catch_warnings():
        # The decision of 2024 says what holds to 2039, though the record as a whole ends before.
        warnings.simplefilter("ignore", LawWarning)
        policy = place.law(f"{year}-12-31")
    found = evaluate_with(policy, ["has_reached_retirement_age"], dict(persons))
    return found["has_reached_retirement_age"].astype(np.bool_)


def _sexes(sex: NDArray[Any] | None) -> list[tuple[int, str]]:
    return [(0, "")] if sex is None else list(enumerate(catalogue()["sex"].codes))


def _areas(census: _Census, place: Place) -> Iterator[_Group]:
    """Yield urban and rural persons, and persons by county."""
    households = census.arrays.households
    if "urban" in households:
        urban = np.repeat(households["urban"].astype(np.bool_), census.size)
        basis, share = census.data["urban"], census.share(urban)
        moved = min(max(share + basis["change"] * census.years_of_income, 0.0), 1.0)
        for name, chosen, now, then in (
            ("true", urban, share, moved),
            ("false", ~urban, 1.0 - share, 1.0 - moved),
        ):
            factor = census.growth * then / now if now else 0.0
            yield _Group(f"urban.{name}", "person", f"urban == {name}", chosen, factor, basis)
    if "county" in households:
        county, basis = np.repeat(households["county"], census.size), census.data["persons"]
        for code, name in enumerate(place.regions):
            where, factor = f"county == {name}", census.growth
            yield _Group(f"county.{name}", "person", where, county == code, factor, basis)


def _household_sizes(census: _Census) -> Iterator[_Group]:
    """Yield family households by size, and collective households; they grow like persons."""
    households, basis, factor = census.arrays.households, census.data["persons"], census.growth
    collective = np.zeros(len(census.size), dtype=np.bool_)
    family = ""
    if "collective" in households:
        collective, family = households["collective"].astype(np.bool_), " and collective == false"
        where = "collective == true"
        yield _Group("size.collective", "household", where, collective, factor, basis)
    for size in range(1, _LARGEST_SIZE + 1):
        last = size == _LARGEST_SIZE
        chosen = ~collective & (census.size >= size if last else census.size == size)
        where = f"household_size {'>=' if last else '=='} {size}{family}"
        name = f"size.{size}+" if last else f"size.{size}"
        yield _Group(name, "household", where, chosen, factor, basis)


@cache
def _drift() -> Mapping[str, Any]:
    text = resources.files("olive.china").joinpath("ageing_margins.yaml").read_text("utf-8")
    data: Mapping[str, Any] = parse_yaml(text, "ageing_margins.yaml")
    return data
