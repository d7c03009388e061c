"""Bring two tables of households and persons into the one order and form that olive works on."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from olive.columns import catalogue
from olive.errors import DataError, nearest
from olive.population.conform import ColumnFault, arrow_array, conform, conform_extra
from olive.population.identity import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Entity = Literal["household", "person"]
POINTERS = ("spouse", "father", "mother")
LARGEST_USUAL_HOUSEHOLD = 20
LARGEST_HOUSEHOLD = 100
_REQUIRED = {"household": ("household_id", "weight"), "person": ("household_id",)}
_NAMED_AT_MOST = 3


class DataWarning(UserWarning):
    """Something in a user's tables was mended or looks odd; the message says what."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Households sorted by identifier, persons in the same order, and where each begins.

    Attributes
    ----------
    households, persons : pyarrow.Table
        One chunk a column, in the storage types of the catalogue.
    starts : numpy.ndarray of int64, shape (households + 1,)
        The persons of household ``h`` are rows ``starts[h]`` to ``starts[h + 1]``.
    """

    households: pa.Table
    persons: pa.Table
    starts: np.ndarray


def validated(households: Mapping[str, Any], persons: Mapping[str, Any]) -> Tables:
    """Check two tables (column name -> values) and return them sorted and in storage types.

    Raises
    ------
    DataError
        Listing every fault that was found; nothing is changed.

    Warns
    -----
    DataWarning
        When a table had to be sorted, when a column looks like a misspelt column of the
        catalogue, and when a household is unusually large.
    """
    _refuse_missing_columns(households, persons)
    faults: list[str] = []
    household_table = _conform_table("household", households, faults)
    person_table = _conform_table("person", persons, faults)
    _raise(faults)
    if not pc.any(pc.greater(household_table["weight"], 0)).as_py():
        raise DataError("household table: column 'weight' is 0 in every row; nobody is counted")
    household_table, person_table = _same_identifier_type(household_table, person_table)
    household_table = _sorted_households(household_table)
    owner = _owners(household_table, person_table)
    person_table, owner = _sorted_persons(person_table, owner)
    counts = np.bincount(owner, minlength=len(household_table))
    _refuse_empty_households(household_table, counts)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    person_table = _numbered(household_table, person_table, owner, starts)
    _check_pointers(household_table, person_table, owner, counts)
    _warn_about_size(household_table, counts)
    return Tables(household_table, person_table, starts)


def _raise(faults: list[str]) -> None:
    if not faults:
        return
    if len(faults) == 1:
        raise DataError(faults[0])
    lines = "\n".join(f"- {fault}" for fault in faults)
    message = f"{len(faults)} faults in the tables:\n{lines}"
    raise DataError(message)


def _refuse_missing_columns(households: Mapping[str, Any], persons: Mapping[str, Any]) -> None:
    faults = []
    for entity, table in (("household", households), ("person", persons)):
        for name in _REQUIRED[entity]:
            if name in table:
                continue
            # A column of the catalogue is not a misspelling of another one.
            others = [str(other) for other in table if str(other) not in catalogue()]
            advice = (
                "; give 1.0 to every household when the table is a full count"
                if name == "weight"
                else ""
            )
            faults.append(
                f"the {entity} table lacks the column {name!r}{nearest(name, others)}{advice}"
            )
    _raise(faults)


def _conform_table(entity: Entity, table: Mapping[str, Any], faults: list[str]) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    present = {str(name) for name in table}
    for name, values in table.items():
        try:
            columns[str(name)] = _conform_one(entity, str(name), values, present)
        except ColumnFault as fault:
            faults.append(f"{entity} table: {fault}")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        faults.append(f"{entity} table: its columns have different lengths {sorted(lengths)}")
    if not faults and lengths == {0}:
        faults.append(f"the {entity} table is empty")
    return pa.table(columns) if not faults else pa.table({})


def _conform_one(entity: Entity, name: str, values: Any, present: Iterable[str]) -> pa.Array:
    if name == "household_id":
        return identifiers(values)
    array = arrow_array(name, values)
    column = catalogue().get(name)
    if column is None:
        _warn_if_misspelt(entity, name, present)
        return conform_extra(name, array)
    if column.entity != entity:
        message = f"column {name!r} belongs in the {column.entity} table"
        raise ColumnFault(message)
    return conform(column, array)


def _warn_if_misspelt(entity: Entity, name: str, present: Iterable[str]) -> None:
    absent = {c.name for c in catalogue().values() if c.entity == entity} - set(present)
    hint = nearest(name, absent)
    if hint:
        message = (
            f"the {entity} table has a column {name!r} that no rule of olive's reads{hint} "
            "It is kept as it is."
        )
        warnings.warn(message, DataWarning, stacklevel=2)


def _same_identifier_type(households: pa.Table, persons: pa.Table) -> tuple[pa.Table, pa.Table]:
    one, two = households["household_id"].type, persons["household_id"].type
    if one == two:
        return households, persons
    if pa.types.is_large_string(one) != pa.types.is_large_string(two):
        message = (
            f"column 'household_id' holds {one} in the household table but {two} in the person "
            "table; give both as whole numbers or both as text"
        )
        raise DataError(message)
    widest = pa.decimal128(38, 0)
    return _recast(households, widest), _recast(persons, widest)


def _recast(table: pa.Table, kind: pa.DataType) -> pa.Table:
    position = table.schema.get_field_index("household_id")
    return table.set_column(position, "household_id", table["household_id"].cast(kind))


def _sorted_households(households: pa.Table) -> pa.Table:
    identifier = households["household_id"]
    earlier, later = identifier.slice(0, len(identifier) - 1), identifier.slice(1)
    if not pc.all(pc.less_equal(earlier, later), min_count=0).as_py():
        _warn_sorted("household", "household_id")
        households = households.sort_by("household_id").combine_chunks()
        identifier = households["household_id"]
        earlier, later = identifier.slice(0, len(identifier) - 1), identifier.slice(1)
    same = pc.equal(earlier, later)
    if pc.any(same, min_count=0).as_py():
        repeated = pc.unique(earlier.filter(same))
        message = (
            f"the household table has {len(repeated)} identifier(s) more than once: "
            f"{_some(repeated)}; every household has one row"
        )
        raise DataError(message)
    return households


def _owners(households: pa.Table, persons: pa.Table) -> np.ndarray:
    """Return the row of the household of each person."""
    identifier = persons["household_id"].combine_chunks()
    known = households["household_id"].combine_chunks()
    found = pc.index_in(identifier, value_set=known)
    if found.null_count:
        orphan = found.is_null()
        row = int(orphan.to_numpy(zero_copy_only=False).argmax())
        message = (
            f"{found.null_count} person(s) have a household_id that is not in the household "
            f"table, the first in row {row}: {_some(pc.unique(identifier.filter(orphan)))}; add "
            "the households or drop the persons"
        )
        raise DataError(message)
    owner: np.ndarray = found.to_numpy()
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
    message = f"the {entity} table was not sorted by {key}; olive works on a sorted copy"
    warnings.warn(message, DataWarning, stacklevel=2)


def _refuse_empty_households(households: pa.Table, counts: np.ndarray) -> None:
    if counts.all():
        return
    empty = households["household_id"].filter(pa.array(counts == 0))
    message = (
        f"{len(empty)} household(s) have no person: {_some(empty)}; add the persons or drop the "
        "households"
    )
    raise DataError(message)


def _numbered(
    households: pa.Table, persons: pa.Table, owner: np.ndarray, starts: np.ndarray
) -> pa.Table:
    """Return the persons with ``person_number`` 0, 1, ... in each household, derived or checked."""
    expected = np.arange(len(owner), dtype=np.int64) - starts[owner]
    if "person_number" not in persons.column_names:
        if expected.max() >= LARGEST_HOUSEHOLD:
            household = households["household_id"][int(owner[expected.argmax()])].as_py()
            message = (
                f"household {household!r} has {expected.max() + 1} persons; at most "
                f"{LARGEST_HOUSEHOLD} fit"
            )
            raise DataError(message)
        return persons.append_column("person_number", pa.array(expected.astype(np.int8)))
    given = persons["person_number"].to_numpy()
    wrong = given != expected
    if wrong.any():
        row = int(wrong.argmax())
        household = households["household_id"][int(owner[row])].as_py()
        message = (
            f"the persons of household {household!r} must be numbered 0, 1, 2, ... without gap or "
            f"repetition; found {given[row]} where {expected[row]} is due. Renumber them (and the "
            f"pointers {', '.join(POINTERS)}), or leave out person_number to have it derived"
        )
        raise DataError(message)
    return persons


def _check_pointers(
    households: pa.Table, persons: pa.Table, owner: np.ndarray, counts: np.ndarray
) -> None:
    """Refuse pointers beyond the household or to the person itself: rules follow them unchecked."""
    faults = []
    number = persons["person_number"].to_numpy()
    for name in POINTERS:
        if name not in persons.column_names:
            continue
        pointer = persons[name].to_numpy()
        wrong = (pointer >= counts[owner]) | (pointer == number)
        if wrong.any():
            row = int(wrong.argmax())
            household = households["household_id"][int(owner[row])].as_py()
            faults.append(
                f"column {name!r} of person {number[row]} in household {household!r} is "
                f"{pointer[row]}; it must be the number of another person of the household "
                f"(0 to {counts[owner[row]] - 1}) or -1 for none"
            )
    _raise(faults)


def _warn_about_size(households: pa.Table, counts: np.ndarray) -> None:
    large = counts > LARGEST_USUAL_HOUSEHOLD
    if "collective" in households.column_names:
        large &= ~households["collective"].to_numpy(zero_copy_only=False)
    if large.any():
        names = households["household_id"].filter(pa.array(large))
        message = (
            f"{int(large.sum())} household(s) have more than {LARGEST_USUAL_HOUSEHOLD} persons: "
            f"{_some(names)}; mark them as collective if they are institutions"
        )
        warnings.warn(message, DataWarning, stacklevel=2)


def _some(values: Any) -> str:
    shown = ", ".join(repr(value) for value in values.slice(0, _NAMED_AT_MOST).to_pylist())
    return shown + (", ..." if len(values) > _NAMED_AT_MOST else "")
