"""`validate`: every published figure beside what the simulated population gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.errors import DataError, nearest, tell
from olive.messages import Message
from olive.native.blas import one_blas_thread
from olive.places.labels import Label
from olive.population import Population
from olive.simulation.result import is_family
from olive.simulation.run import simulate
from olive.validation.checks import (
    INCOME,
    Check,
    MeasuredTables,
    evaluated,
    read_checks,
)

if TYPE_CHECKING:
    from olive.places.place import Place

_SPREAD = ("bracket", "gini", "median", "median_over_mean", "fifth")
_MOST_HEADLINES = 10
_SAMPLE_COLUMNS = ("weight", "household_size")


@one_blas_thread
def validate(
    population: Population,
    targets: str | Path | Sequence[Check] | None = None,
    *,
    before: Population | None = None,
    model_range: bool = True,
    seeds: int = 0,
) -> pd.DataFrame:
    """Compare a population with every published figure, met or missed.

    Figures that need columns which the population lacks are left out, with a warning that names
    both; without the column ``collective`` every household is a family household.

    Figures of incomes are compared in their own year: the population is cast back (or grown) and
    the law of that year is applied. Head counts are compared as they stand.

    Parameters
    ----------
    population : Population
    targets : str, pathlib.Path or sequence of Check, optional
        A CSV file or checks; by default those of the place of the population; of a synthetic
        one without any, those that its recipe was given.
    before : Population, optional
        The same people before calibration, shown in the column ``before``.
    model_range : bool
        For statistics of the spread of a synthetic population: between which values they lie for
        other shapes, spreads and size gradients that the published figures allow as well.
    seeds : int
        For a synthetic population as it was drawn (:func:`as_drawn`): draw it with this many other
        seeds too, and show the mean, the extremes and the standard deviation from seed to seed.

    Returns
    -------
    pandas.DataFrame
        One row a figure: id, block, role, status, year, at, unit, published, before, synthetic,
        miss (relative; of a published nought, the value), tolerance, met, low and high (model
        range), seed_mean, seed_low, seed_high, seed_spread, source.

    Raises
    ------
    DataError
        When olive has no figures for the place, a target names an unknown variable, the population
        lacks columns of all of them, a year cannot be reached, or other seeds are wanted of a
        population that was changed since it was drawn.

    Warns
    -----
    DataWarning
        When figures are left out.

    Examples
    --------
    >>> city = Population.synthetic(households=2_000, seed=1)
    >>> found = validate(city, model_range=False).set_index("id")
    >>> bool(abs(found.loc["persons", "miss"]) < 0.001)
    True
    """
    checks = _checks(population, targets)
    _refuse_unknown(population, checks)
    checks = _answerable(population if before is None else before, _answerable(population, checks))
    found = _evaluated_by_year(population, checks)
    first = {} if before is None else _evaluated_by_year(before, checks)
    variants = _variants(population, checks) if model_range else []
    drawn = [_evaluated_by_year(other, checks) for other in _other_seeds(population, seeds)]
    return pd.DataFrame([_row(check, found, first, variants, drawn) for check in checks])


def _checks(
    population: Population, targets: str | Path | Sequence[Check] | None
) -> tuple[Check, ...]:
    if isinstance(targets, (str, Path)):
        return read_checks(targets)
    if targets is not None:
        return tuple(targets)
    place = population.place
    if place.published is None and population.is_synthetic and place.recipes_at:
        return tuple(place.recipes.figures(origin=population.origin))
    return read_checks(place=place)


def _refuse_unknown(population: Population, checks: Iterable[Check]) -> None:
    place = population.place
    known = {*place.rules.rules, *place.columns, *_SAMPLE_COLUMNS}
    known |= {*population.tables.households.column_names, *population.tables.persons.column_names}
    for check in checks:
        for name in check.names:
            if name not in known:
                raise DataError(
                    "target {id!r}: there is no variable or column {name!r}{hint}",
                    id=check.id,
                    name=name,
                    hint=nearest(name, known),
                )


def _answerable(population: Population, checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the checks whose columns the population has, and warn of the others."""
    arrays = population.arrays()
    known = {*population.place.rules.rules, *arrays.households, *arrays.persons}
    known |= {*_SAMPLE_COLUMNS, "collective"}
    lacking = {check.id: sorted(set(check.names) - known) for check in checks}
    left_out = {figure: names for figure, names in lacking.items() if names}
    if not left_out:
        return checks
    columns = ", ".join(sorted({name for names in left_out.values() for name in names}))
    message = Message("the population lacks the columns {columns}", columns=columns)
    if len(left_out) == len(checks):
        raise DataError(message)
    figures = ", ".join(f"{figure} ({', '.join(names)})" for figure, names in left_out.items())
    tell(Message("{message}; figures left out: {figures}", message=message, figures=figures))
    return tuple(check for check in checks if check.id not in left_out)


def _is_income(check: Check, place: Place) -> bool:
    """Say whether a check concerns money or anything that the law computes."""
    rules = place.rules.rules
    money = {each.name for each in place.columns.values() if place.is_money(each.unit)}
    return any(
        (name in rules and name not in _SAMPLE_COLUMNS) or name in money for name in check.names
    )


def _evaluated_by_year(population: Population, checks: Sequence[Check]) -> dict[str, float]:
    found: dict[str, float] = {}
    for year, some in _by_year(population, checks).items():
        found |= evaluated(_tables(population, year, some), some)
    return found


def _by_year(population: Population, checks: Sequence[Check]) -> dict[int, list[Check]]:
    """Return checks by the year to compare in: head counts in the population's own."""
    by_year: dict[int, list[Check]] = {}
    for check in checks:
        year = check.at if _is_income(check, population.place) else population.year
        by_year.setdefault(year, []).append(check)
    return dict(sorted(by_year.items()))


def _tables(population: Population, year: int, checks: Sequence[Check]) -> MeasuredTables:
    """Return columns and simulated variables that the checks need."""
    people = population if year == population.year else population.uprate(year)
    policy = people.place.law(year=year)
    arrays = people.arrays()
    wanted = {name for check in checks for name in check.names}
    simulated = sorted(wanted & set(policy.rules.rules) - {"household_size"})
    result = simulate(people, policy, outputs=simulated) if simulated else None
    tables: dict[str, dict[str, Any]] = {
        "household": {
            "household": np.arange(len(people)),
            "weight": people.weight,
            "household_size": people.size.astype(np.float64),
            "collective": ~is_family(people),
        },
        "person": {"household": np.repeat(np.arange(len(people)), people.size)},
    }
    for name in simulated:
        assert result is not None
        tables[policy.rules.entity_of(name)][name] = result.values(name)
    for entity, columns in (("household", arrays.households), ("person", arrays.persons)):
        chosen = wanted & set(columns) - set(tables[entity])
        tables[entity] |= {name: columns[name] for name in sorted(chosen)}
    return MeasuredTables(tables["household"], tables["person"], people.place.columns)


def _variants(population: Population, checks: Sequence[Check]) -> list[dict[str, float]]:
    """Return checks of the spread under every variant of the spread."""
    some = [check for check in checks if check.kind in _SPREAD and check.variables == (INCOME,)]
    if not population.place.recipes_at:
        return []
    found: dict[int, dict[str, float]] = {}
    for year, of_year in _by_year(population, some).items():
        tables = _tables(population, year, of_year)
        others = population.place.recipes.other_distributions(population, tables.households[INCOME])
        for number, income in enumerate(() if isinstance(others, Label) else others):
            found.setdefault(number, {}).update(evaluated(tables.with_income(income), of_year))
    return list(found.values())


def headlines(found: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Return what readers look at first, shown from seed to seed: the first where none is named."""
    named = found["id"].isin(place.headline_figures)
    return found[named] if named.any() else found.head(_MOST_HEADLINES)


def as_drawn(population: Population) -> bool:
    """Say whether a population is what a shipped recipe draws, and nothing was done to it since.

    What the recipe itself says of the law that is applied is no change.

    Examples
    --------
    >>> city = Population.synthetic(households=100, seed=1, place="zhejiang", year=2021)
    >>> as_drawn(city), as_drawn(city.uprate(2023))
    (True, False)
    """
    place = population.place
    return bool(place.recipes_at) and place.recipes.is_as_drawn(population.origin)


def _other_seeds(population: Population, seeds: int) -> Iterable[Population]:
    origin = population.origin
    if seeds and not as_drawn(population):
        raise DataError(
            "the spread from seed to seed needs a synthetic population as it was drawn, by "
            "a recipe that comes with its place"
        )
    for step in range(1, seeds + 1):
        yield Population.synthetic(
            len(population), (origin.seed or 0) + step, origin.place, origin.year
        )


def _miss(value: float, published: float | None) -> float:
    """Return the relative miss; of a published nought, the value itself."""
    if published is None:
        return np.nan
    return value / published - 1.0 if published else value


def _row(
    check: Check,
    found: dict[str, float],
    first: dict[str, float],
    variants: Sequence[dict[str, float]],
    drawn: Sequence[dict[str, float]],
) -> dict[str, Any]:
    value = found[check.id]
    miss = _miss(value, check.value)
    ranged = [value, *(each[check.id] for each in variants if check.id in each)]
    seeds = [value, *(each[check.id] for each in drawn)]
    return {
        "id": check.id,
        "block": check.block,
        "role": check.role,
        "status": check.status,
        "year": check.year,
        "at": check.at,
        "unit": check.unit,
        "published": np.nan if check.value is None else check.value,
        "before": first.get(check.id, np.nan),
        "synthetic": value,
        "miss": miss,
        "tolerance": check.tolerance,
        "met": None if check.value is None else bool(abs(miss) <= check.tolerance),
        "low": min(ranged) if len(ranged) > 1 else np.nan,
        "high": max(ranged) if len(ranged) > 1 else np.nan,
        "seed_mean": float(np.mean(seeds)) if drawn else np.nan,
        "seed_low": min(seeds) if drawn else np.nan,
        "seed_high": max(seeds) if drawn else np.nan,
        "seed_spread": float(np.std(seeds, ddof=1)) if drawn else np.nan,
        "source": check.source,
    }
