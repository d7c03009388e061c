"""Bring two tables of households and persons into the one order and form that olive works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from olive.engine.columns import Column
from olive.engine.pointers import Pointers, checked_pointers
from olive.errors import DataError, Faults, nearest, tell
from olive.messages import Message, joined
from olive.native.immutable import ByContent
from olive.population.column_coercion import ColumnFault, conform, noted_in
from olive.population.identity import agreed, homes_of, identifiers, some_of
from olive.population.kept_columns import conform_extra

Entity = Literal["household", "person"]
Table = Mapping[str, Any]  # columns by name
Catalogue = Mapping[str, Column]
POINTERS = ("spouse", "father", "mother")
LARGEST_USUAL_HOUSEHOLD = 20
LARGEST_HOUSEHOLD = 100
_REQUIRED = {"household": ("household_id", "weight"), "person": ("household_id",)}


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class PopulationTables(ByContent):
    """Households sorted by identifier, persons in the same order, and where each begins.

    Attributes
    ----------
    households, persons : pyarrow.Table
        One chunk a column, in the storage types of the catalogue.
    starts : numpy.ndarray of int64, shape (households + 1,)
        The persons of household ``h`` are rows ``starts[h]`` to ``starts[h + 1]``.
    columns : mapping of str to Column
        The catalogue: what columns the tables of the place may have.
    """

    households: pa.Table
    persons: pa.Table
    starts: np.ndarray
    columns: Catalogue


def validated(
    households: Table, persons: Table, catalogue: Catalogue, *, part: bool = False
) -> tuple[PopulationTables, tuple[str, ...]]:
    """Check two tables (column name -> values) and return them sorted and in storage types.

    Parameters
    ----------
    part : bool
        Whether they are a part of a population: all its weights may be 0.

    Returns
    -------
    PopulationTables
    tuple of str
        Notes on what was added: a spouse's answer that holds for both.

    Raises
    ------
    DataError
        Listing every fault that was found; nothing is changed.

    Warns
    -----
    DataWarning
        When a table had to be sorted, when a column looks like a misspelt column of the
        catalogue, when a household is unusually large, and when pointers were mended.
    """
    _refuse_missing_columns(households, persons, catalogue)
    faults = Faults()
    household_table = _conform_table("household", households, catalogue, faults)
    person_table = _conform_table("person", persons, catalogue, faults)
    _raise(faults)
    if not (part or pc.any(pc.greater(household_table["weight"], 0)).as_py()):
        here = faults.at(Message("{entity} table", "household"))
        here.note("column 'weight' is 0 in every row; nobody is counted")
    _raise(faults)
    household_table, person_table = _same_identifier_type(household_table, person_table)
    household_table = _sorted_households(household_table)
    owner = _owners(household_table, person_table)
    person_table, owner = _sorted_persons(person_table, owner)
    counts = np.bincount(owner, minlength=len(household_table))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    person_table = _numbered(household_table, person_table, owner, starts)
    tables = PopulationTables(household_table, person_table, starts, catalogue)
    tables, notes = _settled_pointers(tables, owner)
    _warn_about_size(household_table, counts)
    return tables, notes


def _raise(faults: Faults) -> None:
    if len(faults) == 1:
        faults.raise_as()
    faults.raise_as(DataError, "{number} faults in the tables:\n- {faults}", "\n- ")


def _refuse_missing_columns(households: Table, persons: Table, catalogue: Catalogue) -> None:
    faults = Faults()
    for entity, table in (("household", households), ("person", persons)):
        # A column of the catalogue is not a misspelling of another one.
        others = [str(other) for other in table if str(other) not in catalogue]
        for name in (each for each in _REQUIRED[entity] if each not in table):
            counted = Message("; give 1.0 to every household when the table is a full count")
            faults.note(
                "the {entity} table lacks the column {name!r}{hint}{advice}",
                entity,
                name,
                nearest(name, others),
                counted if name == "weight" else "",
            )
    _raise(faults)


def _conform_table(entity: Entity, table: Table, catalogue: Catalogue, faults: Faults) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    here = faults.at(Message("{entity} table", entity))
    present = {str(name) for name in table}
    for name, values in table.items():
        with noted_in(here):
            columns[str(name)] = _conform_one(entity, str(name), values, present, catalogue)
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        here.note("its columns have different lengths {lengths}", sorted(lengths))
    if not faults and lengths == {0}:
        faults.note("the {entity} table is empty", entity)
    return pa.table(columns) if not faults else pa.table({})


def _conform_one(
    entity: Entity, name: str, values: Any, present: set[str], catalogue: Catalogue
) -> pa.Array:
    if name == "household_id":
        return identifiers(values)
    column = catalogue.get(name)
    if column is None:
        _warn_if_misspelt(entity, name, present, catalogue)
        return conform_extra(name, values)
    if column.entity != entity:
        raise ColumnFault("column {name!r} belongs in the {entity} table", name, column.entity)
    return conform(column, values)


def _warn_if_misspelt(entity: Entity, name: str, present: set[str], catalogue: Catalogue) -> None:
    absent = {c.name for c in catalogue.values() if c.entity == entity} - present
    hint = nearest(name, absent)
    if hint:
        tell(
            "the {entity} table has a column {name!r} that no rule of olive's "
            "reads{hint}; it is kept as it is",
            entity,
            name,
            hint,
        )


def _same_identifier_type(households: pa.Table, persons: pa.Table) -> tuple[pa.Table, pa.Table]:
    one, two = (table["household_id"].combine_chunks() for table in (households, persons))
    words = Message("column 'household_id' of the household table")
    one, two = agreed(one, two, (words, Message("that of the person table")))
    return with_column(households, "household_id", one), with_column(persons, "household_id", two)


def with_column(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    """Return a table with another column in the place of that of a name, or behind the others."""
    position = table.schema.get_field_index(name)
    if position < 0:
        return table.append_column(name, column)
    return table.set_column(position, name, column)


def _sorted_households(households: pa.Table) -> pa.Table:
    identifier = households["household_id"]
    earlier, later = identifier.slice(0, len(identifier) - 1), identifier.slice(1)
    if pc.all(pc.less_equal(earlier, later), min_count=0).as_py():
        return households
    _warn_sorted("household", "household_id")
    return households.sort_by("household_id").combine_chunks()


def _owners(households: pa.Table, persons: pa.Table) -> np.ndarray:
    """Return the row of the household of each person; every household has one row, and persons.

    Raises
    ------
    DataError
        Listing households that stand twice, persons without a household, and households without
        a person.
    """
    known = households["household_id"].combine_chunks()
    faults = Faults()
    owner = homes_of(known, persons["household_id"].combine_chunks(), "household_id", faults)
    _raise(faults)
    return owner


def _sorted_persons(persons: pa.Table, owner: np.ndarray) -> tuple[pa.Table, np.ndarray]:
    sorted_already = bool(np.all(owner[:-1] <= owner[1:]))
    if "person_number" not in persons.column_names:
        if sorted_already:
            return persons, owner
        order = np.argsort(owner, kind="stable")
    else:
        number = persons["person_number"].to_numpy()
        inside = owner[:-1] == owner[1:]
        if sorted_already and bool(np.all(number[:-1][inside] <= number[1:][inside])):
            return persons, owner
        order = np.lexsort((number, owner))
    _warn_sorted("person", "household_id and person_number")
    return persons.take(pa.array(order)).combine_chunks(), owner[order]


def _warn_sorted(entity: Entity, key: str) -> None:
    tell("the {entity} table was not sorted by {key}; olive works on a sorted copy", entity, key)


def _numbered(
    households: pa.Table, persons: pa.Table, owner: np.ndarray, starts: np.ndarray
) -> pa.Table:
    """Return the persons with ``person_number`` 0, 1, ... in each household, derived or checked."""
    expected = np.arange(len(owner), dtype=np.int64) - starts[owner]
    if "person_number" not in persons.column_names:
        if expected.max() >= LARGEST_HOUSEHOLD:
            raise DataError(
                "household {household!r} has {max} persons; at most {largest_household} fit",
                households["household_id"][int(owner[expected.argmax()])].as_py(),
                expected.max() + 1,
                LARGEST_HOUSEHOLD,
            )
        return persons.append_column("person_number", pa.array(expected.astype(np.int8)))
    given = persons["person_number"].to_numpy()
    wrong = given != expected
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            "the persons of household {household!r} must be numbered 0, 1, 2, ... without gap or "
            "repetition; found {given} where {expected} is due. Renumber them (and the pointers "
            "{pointers}), or leave out person_number to have it derived",
            households["household_id"][int(owner[row])].as_py(),
            given[row],
            expected[row],
            joined(POINTERS),
        )
    return persons


def _settled_pointers(
    tables: PopulationTables, owner: np.ndarray
) -> tuple[PopulationTables, tuple[str, ...]]:
    """Return tables whose pointers rules may follow unchecked, and notes on what was added."""
    found = pointers_of(tables)
    faults = Faults()
    for fault in found.faults:
        home = int(owner[fault.row])
        faults.note(
            "column {column!r} of person {number} in household {household!r} is {words}{more}",
            fault.column,
            fault.row - int(tables.starts[home]),
            tables.households["household_id"][home].as_py(),
            fault.words,
            Message(" ({persons} such persons)", fault.persons) if fault.persons > 1 else "",
        )
    _raise(faults)
    persons, notes = tables.persons, []
    for name, count in found.added.items():
        persons = with_column(persons, name, pa.array(found.values[name]))
        note = Message(
            "{name}: {count} person(s) were named as {name} by somebody whom they did "
            "not name, the one answer was taken for both",
            name,
            count,
        )
        tell(note)
        notes.append(note)
    return replace(tables, persons=persons), tuple(notes)


def pointers_of(tables: PopulationTables) -> Pointers:
    """Look at the columns that name other persons; see `olive.engine.pointers`."""
    persons, known = tables.persons, tables.columns
    # In the order of the catalogue: what is said of them does not hang on that of the columns.
    names = [name for name in known if known[name].pointer and name in persons.column_names]
    given = {name: persons[name].to_numpy() for name in names}
    return checked_pointers(known, given, tables.starts)


def _warn_about_size(households: pa.Table, counts: np.ndarray) -> None:
    large = counts > LARGEST_USUAL_HOUSEHOLD
    if "collective" in households.column_names:
        large &= ~households["collective"].to_numpy(zero_copy_only=False)
    if large.any():
        tell(
            "{number} household(s) have more than {largest_usual_household} persons: "
            "{examples}; mark them as collective if they are institutions",
            int(large.sum()),
            LARGEST_USUAL_HOUSEHOLD,
            some_of(households["household_id"].filter(pa.array(large))),
        )
