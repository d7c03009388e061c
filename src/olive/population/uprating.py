"""Uprating: bring the incomes of a population from the year of the data to another year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from olive.messages import Message
from olive.places.place import Place
from olive.population.growth import (
    FIXED,
    PRICES,
    Growth,
    component_of_column,
    growth_between,
    growth_data,
)
from olive.population.table_schema import PopulationTables, with_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    _FactorOf = Callable[[str], FloatArray | float | None]


def uprated(
    tables: PopulationTables,
    start: int,
    end: int,
    growth: str | Mapping[str, float] = "trend",
    *,
    place: Place,
) -> tuple[PopulationTables, tuple[str, ...]]:
    """Return the tables with every money column multiplied, and what was assumed.

    They are of the year ``start``; growth is that of `olive.population.growth.growth_between`.

    Raises
    ------
    DataError
        For an unknown path or component, or a year beyond the path; nothing is changed.

    Notes
    -----
    A household's money depends on its own columns and on the path alone. Amounts keep their
    storage type: single precision bends a product by less than one part in ten million.
    """
    factors = growth_between(place, start, end, growth)
    urban = _urban(tables)
    grown = _grown(tables, lambda name: _factor(factors, name, urban), place)
    return grown, tuple(_notes(factors, growth, place, urban is not None))


def multiplied_alike(
    tables: PopulationTables, factor: FloatArray, place: Place
) -> PopulationTables:
    """Return the tables with every income of each household multiplied by its factor.

    Expenses that follow prices, and amounts that stay fixed, are left.
    """
    left = {PRICES, FIXED}
    return _grown(tables, lambda name: None if name in left else factor, place)


def _grown(tables: PopulationTables, factor_of: _FactorOf, place: Place) -> PopulationTables:
    """Return the tables with each component multiplied by its factor on each household."""
    size = np.diff(tables.starts)

    def of_persons(component: str) -> FloatArray | float | None:
        factor = factor_of(component)
        return np.repeat(factor, size) if isinstance(factor, np.ndarray) else factor

    households = _multiplied(tables.households, factor_of, place)
    persons = _multiplied(tables.persons, of_persons, place)
    return replace(tables, households=households, persons=persons)


def urban_rows(tables: PopulationTables) -> NDArray[np.int64]:
    """Return 1 for urban and 0 for rural households; 0 for all where that is not known."""
    urban = _urban(tables)
    return np.zeros(len(tables.households), np.int64) if urban is None else urban.astype(np.int64)


def _urban(tables: PopulationTables) -> NDArray[np.bool_] | None:
    if "urban" not in tables.households.column_names:
        return None
    return np.asarray(tables.households["urban"].to_numpy(), dtype=np.bool_)


def _factor(
    factors: Growth, component: str, urban: NDArray[np.bool_] | None
) -> FloatArray | float | None:
    """Return what a component grows by in each row, or in all; None where nothing is known."""
    if component not in factors.overall:
        return None
    if urban is None:
        return factors.overall[component]
    return np.where(urban, factors.urban[component], factors.rural[component])


def _multiplied(table: pa.Table, factor_of: _FactorOf, place: Place) -> pa.Table:
    """Return the table with its money multiplied in double precision, component by component."""
    columns: dict[str, list[str]] = {}
    for name, component in component_of_column(place).items():
        if name in table.column_names:
            columns.setdefault(component, []).append(name)
    for component, names in columns.items():
        factor = factor_of(component)
        if factor is None:
            continue
        for name in names:
            values: NDArray[np.floating] = table[name].to_numpy()
            grown = np.empty_like(values)
            np.multiply(values, factor, out=grown, dtype=np.float64, casting="unsafe")
            table = with_column(table, name, pa.array(grown))
    return table


def _notes(
    factors: Growth, growth: str | Mapping[str, float], place: Place, knows_area: bool
) -> Iterator[str]:
    yield from factors.notes
    if not factors.notes or isinstance(growth, Mapping):
        return
    of_path = growth_data(place).get("place", place.name)
    if place.name != of_path:
        yield Message(
            "the path is that of {of_path}, applied to {name} (proxy)", of_path, place.name
        )
    if not knows_area and factors.urban != factors.rural:
        yield Message("no column 'urban': one factor for town and country")
