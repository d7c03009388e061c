"""What users give as tables, brought into the two tables that measures are taken of."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from olive.errors import CalibrationError, DataError, Faults, nearest, spelled
from olive.messages import Message, joined
from olive.places.registry import place
from olive.population.column_coercion import noted_in
from olive.population.identity import agreed, identifiers
from olive.population.measures.measured_tables import (
    REMEMBERED_ROWS,
    MeasuredTables,
    Table,
    amounts_of,
)
from olive.population.population_view import PopulationView
from olive.population.sources import columns_from
from olive.population.table_views import ColumnsAsked

if TYPE_CHECKING:
    from olive.places.place import Place
    from olive.population.table_schema import PopulationTables

SIZE, IDENTIFIER = "household_size", "household_id"


def gather_tables(source: Any, key: str) -> MeasuredTables:
    """Bring a population, a mapping of two frames, or one frame into the two-table form.

    Parameters
    ----------
    source
        An object with frames `households` and `persons`; or a mapping with the key ``household``
        and, if there are persons, ``person``; or one table, whose rows are then the households.
        A table is a pandas frame or a mapping of arrays by column.
    key
        Column that says which household a person belongs to.

    Raises
    ------
    CalibrationError
        If a table or the key is missing, a household occurs twice, or a person has no household.
    """
    here = place()
    lasting = isinstance(source, PopulationView) and key == IDENTIFIER
    if not lasting or len(source) > REMEMBERED_ROWS:
        return _gathered(source, key, here)
    of = id(source.tables)
    known = _known.get(of)
    if known is None or known[1] is not here:
        gone = ref(source.tables, lambda _: _known.pop(of, None))
        known = _known[of] = gone, here, _gathered(source, key, here)
    return known[2]


# Tables of populations that are still there, by the id of what they were gathered from.
_known: dict[int, tuple[ref[PopulationTables], Place, MeasuredTables]] = {}


def _gathered(source: Any, key: str, here: Place) -> MeasuredTables:
    nobody = np.empty(0, dtype=np.int64)
    households, persons = _tables(source)
    if persons is None:
        return MeasuredTables(households, None, nobody, None, here.columns)
    for name, table in (("household", households), ("person", persons)):
        if key not in table:
            hint = nearest(key, table)
            raise CalibrationError("The {name} table has no column {key!r}{hint}", name, key, hint)
    if isinstance(source, PopulationView) and key == IDENTIFIER:  # its persons stand by household
        home = np.repeat(np.arange(len(source)), source.size)
    else:
        home = _homes(households[key], persons[key], key)
    size = np.bincount(home, minlength=len(households[key]))
    if SIZE not in households:
        households = ChainMap({SIZE: size}, households)  # type: ignore[arg-type] # is only read
    sizes = size.astype(np.float64)
    return MeasuredTables(households, persons, home, sizes, here.columns, amounts_of(here))


def _homes(households: Any, persons: Any, key: str) -> NDArray[np.int64]:
    """Return the row of the household of each person."""
    found, faults = [], Faults()
    for name, column in (("household", households), ("person", persons)):
        with noted_in(faults.at(Message("The {name} table", name))):
            found.append(identifiers(column, key))
    faults.raise_as(CalibrationError, separator="\n")
    words = Message("Column {key!r} of the household table", key)
    others = Message("column {key!r} of the person table", key)
    with faults.catching(DataError):
        known, named = agreed(found[0], found[1], (words, others))
    faults.raise_as(CalibrationError)
    if len(pc.unique(known)) < len(known):
        index = pd.Index(known.to_pylist())
        repeated = index[index.duplicated()][0]
        faults.note(
            "The household table has {key} {repeated} more than once; one row each.", key, repeated
        )
    place = pc.index_in(named, value_set=known)
    if place.null_count:
        row = int(place.is_null().to_numpy(zero_copy_only=False).argmax())
        faults.note(
            "Row {row} of the person table has {key} {named!r}, which the household "
            "table lacks ({count} such rows).",
            row,
            key,
            named[row].as_py(),
            place.null_count,
        )
    faults.raise_as(CalibrationError, separator="\n")
    rows: NDArray[np.int64] = place.to_numpy(zero_copy_only=False).astype(np.int64)
    return rows


def _tables(source: Any) -> tuple[Table, Table | None]:
    """Return columns by name; those of a population are made when a measure asks for them."""
    if isinstance(source, PopulationView):
        tables, known = source.tables, source.tables.columns
        return ColumnsAsked(tables.households, known), ColumnsAsked(tables.persons, known)
    households, persons = source, None
    if isinstance(source, Mapping) and {"household", "person"} & set(source):
        if not {"household"} <= set(source) <= {"household", "person"}:
            raise CalibrationError(
                "A mapping of tables needs the key 'household' and may have 'person'; "
                "found {source}.",
                joined(map(repr, source)),
            )
        households, persons = source["household"], source.get("person")
    elif hasattr(source, "households") and hasattr(source, "persons"):
        households, persons = source.households, source.persons
    people = None if persons is None else _by_name(persons, "person")
    return _by_name(households, "household"), people


def _by_name(table: Any, entity: str) -> Table:
    """Return the columns of a table of any library, with the types that they came with."""
    if not isinstance(table, pd.DataFrame) or not table.columns.is_unique:
        try:
            columns, _ = columns_from(table, entity)
        except DataError as fault:
            raise CalibrationError(fault.message) from None
        table = pd.DataFrame({name: _series(column) for name, column in columns.items()})
    return {spelled(name): column for name, column in table.items()}


def _series(column: Any) -> Any:
    return column.to_pandas() if isinstance(column, (pa.Array, pa.ChunkedArray)) else column
