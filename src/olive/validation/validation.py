"""`validate`: every published figure beside what the simulated population gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.errors import DataError, OliveError, nearest, tell
from olive.messages import Message
from olive.native.blas import one_blas_thread
from olive.native.given_numbers import whole_number
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.population import Population
from olive.population.measures.measure import INCOME
from olive.population.measures.measured_tables import MeasuredTables, amounts_of
from olive.population.measures.published_figures import PublishedFigure
from olive.progress import Progress, watched
from olive.simulation.result import is_family
from olive.simulation.run import simulate
from olive.validation.published import published_figures

if TYPE_CHECKING:
    from olive.places.place import Place

_MOST_HEADLINES = 10
_SAMPLE_COLUMNS = ("weight", "household_size")


@one_blas_thread
@checked_objects
def validate(
    population: Population,
    targets: str | Path | Sequence[PublishedFigure] | None = None,
    *,
    before: Population | None = None,
    model_range: bool = True,
    seeds: int = 0,
    progress: Progress = None,
) -> pd.DataFrame:
    """Compare a population with every published figure, met or missed.

    Figures that need columns which the population lacks are left out, with a warning that names
    both; without the column ``collective`` every household is a family household.

    Figures of incomes are compared in their own year: the population is cast back (or grown) and
    the law of that year is applied. Head counts are compared as they stand.

    Parameters
    ----------
    population : Population
    targets : str, pathlib.Path or sequence of PublishedFigure, optional
        A CSV file or figures; by default those of the place of the population; of a synthetic
        one without any, those that its recipe was given.
    before : Population, optional
        The same people before calibration, shown in the column ``before``.
    model_range : bool
        For statistics of the spread of a synthetic population: between which values they lie for
        other shapes, spreads and size gradients that the published figures allow as well.
    seeds : int
        For a synthetic population as it was drawn (`as_drawn`): draw it with this many other
        seeds too, and show the mean, the extremes and the standard deviation from seed to seed.
    progress : callable or bool, optional
        Called with (years done, years in all) for each population, which is simulated in the years
        that figures are of; True shows a bar.

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
    if not isinstance(model_range, bool):
        raise DataError("model_range is {model_range!r:.60}; it must be True or False", model_range)
    figures = _figures(population, targets)
    _refuse_unknown(population, figures)
    figures = _answerable(before or population, _answerable(population, figures))
    found = _evaluated_by_year(population, figures, progress)
    first = _evaluated_by_year(before, figures, progress) if before else {}
    variants = _variants(population, figures) if model_range else []
    others = _other_seeds(population, seeds)
    drawn = [_evaluated_by_year(other, figures, progress) for other in others]
    return pd.DataFrame([_row(figure, found, first, variants, drawn) for figure in figures])


def _figures(
    population: Population, targets: str | Path | Sequence[PublishedFigure] | None
) -> tuple[PublishedFigure, ...]:
    if isinstance(targets, (str, Path)):
        return published_figures(targets)
    if targets is not None:
        return tuple(targets)
    place = population.place
    if place.published is None and population.is_synthetic and place.recipes_at:
        return tuple(place.recipes.figures(origin=population.origin))
    return published_figures(place=place)


def _refuse_unknown(population: Population, figures: Iterable[PublishedFigure]) -> None:
    place = population.place
    known = {*place.rules.rules, *place.columns, *_SAMPLE_COLUMNS}
    known |= {*population.tables.households.column_names, *population.tables.persons.column_names}
    for figure in figures:
        for name in figure.measured.names:
            if name not in known:
                raise DataError(
                    "target {id!r}: there is no variable or column {name!r}{hint}",
                    figure.id,
                    name,
                    nearest(name, known),
                )


def _answerable(
    population: Population, figures: tuple[PublishedFigure, ...]
) -> tuple[PublishedFigure, ...]:
    """Return the figures whose columns the population has, and warn of the others."""
    arrays = population.arrays()
    known = {*population.place.rules.rules, *arrays.households, *arrays.persons}
    known |= {*_SAMPLE_COLUMNS, "collective"}
    lacking = {figure.id: sorted(set(figure.measured.names) - known) for figure in figures}
    left_out = {figure: names for figure, names in lacking.items() if names}
    if not left_out:
        return figures
    columns = ", ".join(sorted({name for names in left_out.values() for name in names}))
    message = Message("the population lacks the columns {columns}", columns)
    if len(left_out) == len(figures):
        raise DataError(message)
    listed = ", ".join(f"{figure} ({', '.join(names)})" for figure, names in left_out.items())
    tell(Message("{message}; figures left out: {figures}", message, listed))
    return tuple(figure for figure in figures if figure.id not in left_out)


def _is_income(figure: PublishedFigure, place: Place) -> bool:
    """Say whether a figure concerns money or anything that the law computes."""
    money = {each.name for each in place.columns.values() if place.is_money(each.unit)}
    computed = place.rules.rules.keys() - {*_SAMPLE_COLUMNS}
    return not {*figure.measured.names}.isdisjoint(computed | money)


def _evaluated_by_year(
    population: Population, figures: Sequence[PublishedFigure], progress: Progress
) -> dict[str, float]:
    found: dict[str, float] = {}
    by_year = list(_by_year(population, figures).items())
    for year, some in watched(by_year, progress, Message("simulate")):
        found |= _values(_tables(population, year, some), some)
    return found


def _values(tables: MeasuredTables, figures: Iterable[PublishedFigure]) -> dict[str, float]:
    weight = tables.households["weight"]
    found = {}
    for figure in figures:
        try:
            found[figure.id] = figure.measured.value(tables, weight)
        except OliveError as fault:
            raise DataError("target {id!r}: {fault}", figure.id, fault) from None
    return found


def _by_year(
    population: Population, figures: Sequence[PublishedFigure]
) -> dict[int, list[PublishedFigure]]:
    """Return figures by the year to compare in: head counts in the population's own."""
    by_year: dict[int, list[PublishedFigure]] = {}
    for figure in figures:
        year = figure.compared_in if _is_income(figure, population.place) else population.year
        by_year.setdefault(year, []).append(figure)
    return dict(sorted(by_year.items()))


def _tables(
    population: Population, year: int, figures: Sequence[PublishedFigure]
) -> MeasuredTables:
    """Return columns and simulated variables that the figures need."""
    people = population if year == population.year else population.uprate(year)
    policy = people.place.law(year=year)
    arrays = people.arrays()
    wanted = {name for figure in figures for name in figure.measured.names}
    simulated = sorted(wanted & set(policy.rules.rules) - {"household_size"})
    sizes = people.size.astype(np.float64)
    known: dict[str, dict[str, Any]] = {
        "household": {
            "weight": people.weight,
            "household_size": sizes,
            "collective": ~is_family(people),
        },
        "person": {},
    }
    if simulated:
        result = simulate(people, policy, outputs=simulated)
        for name in simulated:
            known[policy.rules.entity_of(name)][name] = result.values(name)
    # What is simulated goes before a column of the same name.
    households = {name: arrays.households[name] for name in wanted & arrays.households.keys()}
    persons = {name: arrays.persons[name] for name in wanted & arrays.persons.keys()}
    return MeasuredTables(
        households | known["household"],
        persons | known["person"],
        np.repeat(np.arange(len(people)), people.size),
        sizes,
        people.place.columns,
        amounts_of(people.place),
    )


def _variants(population: Population, figures: Sequence[PublishedFigure]) -> list[dict[str, float]]:
    """Return figures of the spread under every variant of the spread."""
    if not population.place.recipes_at:
        return []
    measured = [(figure, figure.measured) for figure in figures]
    some = [figure for figure, of in measured if of.of_spread and of.variables == (INCOME,)]
    found: dict[int, dict[str, float]] = {}
    for year, of_year in _by_year(population, some).items():
        tables = _tables(population, year, of_year)
        others = population.place.recipes.other_distributions(population, tables.households[INCOME])
        for number, income in enumerate(() if isinstance(others, Label) else others):
            moved = tables.with_household_column(INCOME, income)
            found.setdefault(number, {}).update(_values(moved, of_year))
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
    origin, seeds = population.origin, whole_number("seeds", seeds, 0)
    if seeds and not as_drawn(population):
        raise DataError(
            "the spread from seed to seed needs a synthetic population as it was drawn, by "
            "a recipe that comes with its place"
        )
    for step in range(1, seeds + 1):
        yield Population.synthetic(
            len(population), (origin.seed or 0) + step, origin.place, origin.year
        )


def _row(
    figure: PublishedFigure,
    found: dict[str, float],
    first: dict[str, float],
    variants: Sequence[dict[str, float]],
    drawn: Sequence[dict[str, float]],
) -> dict[str, Any]:
    value, published = found[figure.id], np.nan if figure.value is None else figure.value
    # Of a published nought, the value itself is the miss.
    miss = value / published - 1.0 if published else value
    ranged = [value, *(each[figure.id] for each in variants if figure.id in each)]
    seeds = [value, *(each[figure.id] for each in drawn)]
    return {
        "id": figure.id,
        "block": figure.block,
        "role": figure.role,
        "status": figure.status,
        "year": figure.year,
        "at": figure.compared_in,
        "unit": figure.unit,
        "published": published,
        "before": first.get(figure.id, np.nan),
        "synthetic": value,
        "miss": miss,
        "tolerance": figure.tolerance,
        "met": None if figure.value is None else bool(abs(miss) <= figure.tolerance),
        "low": min(ranged) if len(ranged) > 1 else np.nan,
        "high": max(ranged) if len(ranged) > 1 else np.nan,
        "seed_mean": float(np.mean(seeds)) if drawn else np.nan,
        "seed_low": min(seeds) if drawn else np.nan,
        "seed_high": max(seeds) if drawn else np.nan,
        "seed_spread": float(np.std(seeds, ddof=1)) if drawn else np.nan,
        "source": figure.source,
    }
