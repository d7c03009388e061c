"""Uprating: bring the incomes of a population from the year of the data to another year."""

from __future__ import annotations

from collections.abc import Mapping
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
from olive.population.table_schema import PopulationTables

if TYPE_CHECKING:
    from numpy.typing import NDArray


def uprated(
    tables: PopulationTables,
    start: int,
    end: int,
    growth: str | Mapping[str, float] = "trend",
    *,
    place: Place,
) -> tuple[PopulationTables, tuple[str, ...]]:
    """Return the tables with every money column multiplied, and what was assumed.

    Parameters
    ----------
    tables : PopulationTables
        Households and persons of the year ``start``.
    start, end : int
        Calendar years.
    growth : str or mapping of str to float
        See `olive.population.growth.growth_between`.
    place : Place
        Where the households live, whose growth paths are taken.

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
    by_household = _factors_by_component(factors, urban, len(tables.households))
    size = np.diff(tables.starts)
    by_person = {name: np.repeat(factor, size) for name, factor in by_household.items()}
    grown = PopulationTables(
        _multiplied(tables.households, by_household, place),
        _multiplied(tables.persons, by_person, place),
        tables.starts,
        tables.columns,
    )
    return grown, _notes(factors, growth, place, urban is not None)


def multiplied_alike(
    tables: PopulationTables, factor: NDArray[np.float64], place: Place
) -> PopulationTables:
    """Return the tables with every income of each household multiplied by its factor.

    Expenses that follow prices, and amounts that stay fixed, are left.
    """
    names = set(component_of_column(place).values()) - {PRICES, FIXED}
    size = np.diff(tables.starts)
    return PopulationTables(
        _multiplied(tables.households, dict.fromkeys(names, factor), place),
        _multiplied(tables.persons, dict.fromkeys(names, np.repeat(factor, size)), place),
        tables.starts,
        tables.columns,
    )


def urban_rows(tables: PopulationTables) -> NDArray[np.int64]:
    """Return 1 for urban and 0 for rural households; 0 for all where that is not known."""
    urban = _urban(tables)
    return np.zeros(len(tables.households), np.int64) if urban is None else urban.astype(np.int64)


def _urban(tables: PopulationTables) -> NDArray[np.bool_] | None:
    if "urban" not in tables.households.column_names:
        return None
    return np.asarray(tables.households["urban"].to_numpy(), dtype=np.bool_)


def _factors_by_component(
    factors: Growth, urban: NDArray[np.bool_] | None, households: int
) -> dict[str, NDArray[np.float64]]:
    """Return one factor a household, by component."""
    if urban is None:
        return {name: np.full(households, factor) for name, factor in factors.overall.items()}
    return {
        name: np.where(urban, factors.urban[name], factors.rural[name]) for name in factors.overall
    }


def _multiplied(
    table: pa.Table, factors: Mapping[str, NDArray[np.float64]], place: Place
) -> pa.Table:
    for name, component in component_of_column(place).items():
        position = table.schema.get_field_index(name)
        if position < 0 or component not in factors:
            continue
        values: NDArray[np.floating] = table[name].to_numpy()
        grown = (values * factors[component]).astype(values.dtype)
        table = table.set_column(position, name, pa.array(grown))
    return table


def _notes(
    factors: Growth, growth: str | Mapping[str, float], place: Place, knows_area: bool
) -> tuple[str, ...]:
    notes = list(factors.notes)
    of_path = growth_data(place).get("place", place.name)
    if notes and not isinstance(growth, Mapping):
        if place.name != of_path:
            notes.append(
                Message(
                    "the path is that of {of_path}, applied to {name} (proxy)",
                    of_path=of_path,
                    name=place.name,
                )
            )
        if not knows_area and factors.urban != factors.rural:
            notes.append(Message("no column 'urban': one factor for town and country"))
    return tuple(notes)
