"""Bring a user's own survey tables into olive's columns, by a mapping file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.errors import DataError, DataWarning, nearest
from olive.population.conform import ColumnFault, arrow_array, conform
from olive.population.mapping_file import (
    ENTITIES,
    POINTERS,
    YEAR_OF_BIRTH,
    ColumnMapping,
    Entity,
    SurveyMapping,
    TableMapping,
    read_mapping,
)
from olive.population.plausibility import implausible

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_NOBODY = -1
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Mapped:
    """Survey tables in olive's columns.

    Attributes
    ----------
    households, persons : pandas.DataFrame
        Row by row those of the survey, in the same order.
    mapping : SurveyMapping
        The mapping that was used.
    notes : tuple of str
        Missing values that were filled, columns left out, and what looks odd.
    """

    households: pd.DataFrame
    persons: pd.DataFrame
    mapping: SurveyMapping
    notes: tuple[str, ...]


def mapped(
    households: pd.DataFrame,
    persons: pd.DataFrame,
    mapping: str | Path | Mapping[str, Any],
    *,
    year: int | None = None,
) -> Mapped:
    """Return survey tables in olive's columns and units.

    Parameters
    ----------
    households, persons : pandas.DataFrame
        The survey's tables, one row a household and one row a person; any order.
    mapping : str, pathlib.Path or mapping
        The mapping file or its content; see ``docs/how_to/own_survey_data.md``.
    year : int, optional
        Year that ages refer to when years of birth are given; the mapping's year by default.

    Raises
    ------
    DataError
        Listing every fault of the mapping, or every fault of the tables with the survey's
        column, the row (counting from 0) and the value.

    Warns
    -----
    DataWarning
        When a column looks as if it were in another unit, or persons point to nobody.

    Examples
    --------
    >>> homes = pd.DataFrame({"fid": [7], "w": [120.0]})
    >>> people = pd.DataFrame({"fid": [7, 7], "born": [1980, 2015], "salary": [5000, -8]})
    >>> found = mapped(homes, people, {
    ...     "year": 2022, "missing_codes": [-8],
    ...     "household": {"key": "fid", "columns": {"weight": "w"}},
    ...     "person": {"key": "fid", "columns": {
    ...         "age": {"from": "born", "unit": "year of birth"},
    ...         "contractual_wage": {"from": "salary", "unit": "yuan/month", "missing": 0}}}})
    >>> found.persons["contractual_wage"].tolist(), found.persons["age"].tolist()
    ([60000.0, 0.0], [42, 7])
    """
    plan = read_mapping(mapping)
    tables = {"household": households, "person": persons}
    _refuse_absent_columns(plan, tables)
    made = _Made()
    frames = {
        entity: _frame(entity, plan, tables[entity], year or plan.year, made) for entity in ENTITIES
    }
    if made.faults:
        lines = "\n".join(f"- {each}" for each in made.faults)
        message = f"{len(made.faults)} fault(s) in the survey's tables:\n{lines}"
        raise DataError(message)
    for text in made.odd:
        warnings.warn(text, DataWarning, stacklevel=3)
    notes = tuple(note.replace("; ", ", ") for note in (*made.notes, *made.odd))
    return Mapped(frames["household"], frames["person"], plan, notes)


@dataclass(slots=True)
class _Made:
    """What was found while mapping."""

    faults: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _refuse_absent_columns(plan: SurveyMapping, tables: Mapping[str, pd.DataFrame]) -> None:
    faults = []
    for entity in ENTITIES:
        table, part = tables[entity], _part(plan, entity)
        known = [str(name) for name in table.columns]
        needed = {part.key: "key"} | ({part.person: "person"} if part.person else {})
        needed |= {source: each.column.name for each in part.columns for source in each.sources}
        needed |= {theirs: ours for ours, theirs in part.kept.items()}
        faults += [
            f"the {entity} table has no column {name!r} (mapped to {use!r}){nearest(name, known)}"
            for name, use in needed.items()
            if name not in known
        ]
        repeated = table.columns[table.columns.duplicated()]
        faults += [f"the {entity} table has the column {str(n)!r} twice" for n in repeated]
    if faults:
        raise DataError("; ".join(faults))


def _part(plan: SurveyMapping, entity: Entity) -> TableMapping:
    return plan.household if entity == "household" else plan.person


def _frame(
    entity: Entity, plan: SurveyMapping, table: pd.DataFrame, year: int | None, made: _Made
) -> pd.DataFrame:
    part = _part(plan, entity)
    rows = table.reset_index(drop=True)
    columns: dict[str, Any] = {"household_id": rows[part.key]}
    if entity == "person":
        columns["person_number"] = rows.groupby(part.key, sort=False).cumcount().to_numpy()
    for each in part.columns:
        name = each.column.name
        try:
            if name in POINTERS and part.person:
                columns[name] = _pointer(each, plan, rows, columns["person_number"], made)
            else:
                columns[name] = _values(each, plan, rows, year, made)
            conform(each.column, arrow_array(name, columns[name]))
        except ColumnFault as fault:
            made.faults.append(f"{entity} table, {_origin(each)}: {fault}")
            continue
        _note_if_odd(entity, each, columns[name], made)
    columns |= {ours: rows[theirs] for ours, theirs in part.kept.items()}
    _note_left_out(entity, part, rows, made)
    return pd.DataFrame(columns)


def _origin(each: ColumnMapping) -> str:
    unit = f" in {each.unit}" if each.unit else ""
    return f"{' + '.join(each.sources) or 'value'}{unit}"


def _values(
    each: ColumnMapping, plan: SurveyMapping, rows: pd.DataFrame, year: int | None, made: _Made
) -> Any:
    if not each.sources:
        return pd.Series([each.value] * len(rows))
    parts = [
        _known(each, source, rows[source], plan.missing_codes, made) for source in each.sources
    ]
    if each.codes or each.column.kind == "code":
        return _decoded(each, parts[0])
    if each.column.kind == "bool":
        return parts[0]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    if each.unit == YEAR_OF_BIRTH:
        if year is None:
            message = "the year of birth needs the survey's year; write year: 2022 in the mapping"
            raise ColumnFault(message)
        return year - total
    return total if each.factor == 1.0 else total.astype(np.float64) * each.factor


def _known(
    each: ColumnMapping,
    source: str,
    values: pd.Series[Any],
    missing_codes: tuple[float, ...],
    made: _Made,
) -> pd.Series[Any]:
    """Return a column of the survey with missing values filled as the mapping says."""
    absent = values.isna()
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        absent |= values.isin(missing_codes)
    count = int(absent.sum())
    if not count:
        return values
    if each.missing is None:
        row = int(absent.to_numpy().argmax())
        message = (
            f"column {each.column.name!r} has {count} missing value(s), the first in row {row} "
            f"({values.iloc[row]!r}); fill them, or say in the mapping what they stand for, for "
            "example missing: 0"
        )
        raise ColumnFault(message)
    made.notes.append(f"{source}: {count} of {len(values)} values missing, taken as {each.missing}")
    if each.codes or each.column.kind == "code":
        # The filling is a name of olive's, not a code of the survey's.
        return values.astype(object).where(~absent, _Filled(each.missing))
    return values.where(~absent, each.missing)


@dataclass(frozen=True, slots=True)
class _Filled:
    """A missing code, already in olive's words."""

    name: Any


def _decoded(each: ColumnMapping, values: pd.Series[Any]) -> Any:
    column = each.column
    meaning = {_plain(theirs): ours for theirs, ours in each.codes.items()}
    if not meaning:
        own = set(column.codes)
        foreign = [v for v in pd.unique(values) if not isinstance(v, _Filled) and v not in own]
        if foreign:
            example = _plain(foreign[0])
            message = (
                f"column {column.name!r} holds codes of the survey's, for example {example!r}; "
                f"say what they mean: codes: {{{example}: {column.codes[0]}, ...}} (olive's: "
                f"{', '.join(column.codes)})"
            )
            raise ColumnFault(message)
    places, different = pd.factorize(values)
    names = [_name(each, meaning, value, places == n) for n, value in enumerate(different)]
    return pd.Series(pd.array(names, dtype=object)[places])


def _name(
    each: ColumnMapping, meaning: Mapping[Any, Any], value: Any, rows: NDArray[np.bool_]
) -> Any:
    """Return olive's word for one code of the survey's."""
    if isinstance(value, _Filled):
        return value.name
    if not meaning:
        return value
    if _plain(value) not in meaning:
        message = (
            f"column {each.column.name!r} has the code {_plain(value)!r} in row "
            f"{int(rows.argmax())}, which the mapping does not know (known: "
            f"{', '.join(map(str, each.codes))}); add it to codes, or to missing_codes"
        )
        raise ColumnFault(message)
    return meaning[_plain(value)]


def _plain(value: Any) -> Any:
    """Return 1 for 1.0 and for ``numpy.int64(1)``, and text without blanks at its ends."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return value
    return int(number) if number.is_integer() else number


def _pointer(
    each: ColumnMapping,
    plan: SurveyMapping,
    rows: pd.DataFrame,
    number: NDArray[np.int64],
    made: _Made,
) -> NDArray[np.int64]:
    """Return person numbers within the household for identifiers of persons."""
    key, person, source = plan.person.key, plan.person.person, rows[each.sources[0]]
    index = pd.MultiIndex.from_arrays([rows[key], rows[person]])
    if not index.is_unique:
        household, twice = map(_plain, index[index.duplicated()][0])
        message = f"the identifier {twice!r} of persons stands twice in household {household!r}"
        raise ColumnFault(message)
    place = index.get_indexer(pd.MultiIndex.from_arrays([rows[key], source]))
    named = source.notna() & ~source.isin(plan.missing_codes)
    if pd.api.types.is_numeric_dtype(source):
        named &= source > 0
    elsewhere = int((named.to_numpy() & (place < 0)).sum())
    if elsewhere:
        made.notes.append(
            f"{source.name}: {elsewhere} persons name a {each.column.name} who is not in their "
            "household's table, taken as living elsewhere"
        )
    return np.where(named.to_numpy() & (place >= 0), number[place], _NOBODY)


def _note_if_odd(entity: Entity, each: ColumnMapping, values: Any, made: _Made) -> None:
    if each.column.kind == "number" and each.sources:
        amounts = np.asarray(values, dtype=np.float64)
        text = implausible(each.column.name, amounts, each.factor)
        if text:
            made.odd.append(f"{entity} table, {each.column.name} from {_origin(each)}: {text}")


def _note_left_out(entity: Entity, part: TableMapping, rows: pd.DataFrame, made: _Made) -> None:
    used = {part.key, part.person, *part.kept.values()}
    used |= {source for each in part.columns for source in each.sources}
    left = [str(name) for name in rows.columns if name not in used]
    if left:
        more = ", ..." if len(left) > _SHOWN else ""
        made.notes.append(
            f"{len(left)} columns of the {entity} table were not mapped: "
            f"{', '.join(left[:_SHOWN])}{more}"
        )
