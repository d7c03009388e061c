"""Bring a user's own survey tables into olive's columns, by a mapping file.

Every column goes through the same steps: its type, missing codes, numbers, units, sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from olive.engine.numerals import is_spreadsheet_error
from olive.errors import DataError, Faults, nearest, tell
from olive.messages import Message, joined
from olive.places.place import Place
from olive.population.cells import Cells, Read, cells_of, read_numbers, read_truths
from olive.population.column_coercion import noted_in, range_faults, reading_faults
from olive.population.kinship import Persons
from olive.population.mapping_file import read_mapping
from olive.population.plausibility import counted_twice, implausible
from olive.population.sources import columns_from, is_text_file
from olive.population.survey_codes import decoded, filling
from olive.population.survey_mapping import (
    ENTITIES,
    ColumnMapping,
    Entity,
    SurveyMapping,
    TableMapping,
    Tables,
)
from olive.population.survey_units import YEAR_OF_BIRTH, unit_label
from olive.population.years import checked_year

_SHOWN = 5
_CORRECTION = Message("correct it, or list it under missing_codes")


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

    @property
    def place(self) -> Place:
        """Whose columns they are in."""
        return self.mapping.place


def mapped(
    households: Any,
    persons: Any,
    mapping: str | Path | Mapping[str, Any],
    *,
    year: int | None = None,
    place: str | Place | None = None,
) -> Mapped:
    """Return survey tables in olive's columns and units.

    Parameters
    ----------
    households, persons : frame, mapping of columns, str or pathlib.Path
        The survey's tables, one row a household and one row a person; any order. Frames of
        pandas, polars, Arrow; or files (CSV, Parquet, Stata, Excel), see
        `olive.population.sources.columns_from`.
    mapping : str, pathlib.Path or mapping
        The mapping file or its content; see ``docs/how_to/own_survey_data.md``.
    year : int, optional
        Year that ages refer to when years of birth are given; the mapping's year by default.
    place : str or Place, optional
        Whose columns they are mapped to; the mapping's place by default.

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
    plan = read_mapping(mapping, place)
    made = _Made()
    tables: dict[Entity, Mapping[str, Any]] = {}
    for entity, table in zip(ENTITIES, (households, persons), strict=True):
        tables[entity], notes = columns_from(table, entity)
        made.notes += notes
    _refuse_absent_columns(plan, tables)
    known_year = plan.year if year is None else checked_year(year)
    written = all(map(is_text_file, (households, persons)))
    people = Persons.of(plan, tables, made.faults, written=written)
    frames = {
        entity: _Table(entity, plan, tables[entity], known_year, people, made).frame()
        for entity in ENTITIES
    }
    files = any(isinstance(table, (str, Path)) for table in (households, persons))
    counted = Message("\n- row 0 is the first one below the names of the columns") if files else ""
    made.faults.raise_as(
        DataError,
        "{number} fault(s) in the survey's tables:\n- {faults}{counted}",
        separator="\n- ",
        counted=counted,
    )
    for text in made.odd:
        tell(text)
    return Mapped(frames["household"], frames["person"], plan, (*made.notes, *made.odd))


@dataclass(slots=True)
class _Made:
    """What was found while mapping."""

    faults: Faults = field(default_factory=Faults)
    odd: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, template: str, *given: Any) -> None:
        """Add a note, made like a message of a template and arguments."""
        self.notes.append(Message(template, *given))


def _refuse_absent_columns(plan: SurveyMapping, tables: Tables) -> None:
    faults = Faults()
    for entity in ENTITIES:
        part, known = plan.of(entity), list(tables[entity])
        needed = {part.key: "key"} | ({part.person: "person"} if part.person else {})
        needed |= {source: each.column.name for each in part.columns for source in each.sources}
        needed |= {theirs: ours for ours, theirs in part.kept.items()}
        for name in (each for each in needed if each not in tables[entity]):
            faults.note(
                "the {entity} table has no column {name!r} (mapped to {use!r}){hint}",
                entity,
                name,
                needed[name],
                nearest(name, known),
            )
    faults.raise_as(separator="; ")


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the survey on its way into olive's columns."""

    entity: Entity
    plan: SurveyMapping
    survey: Mapping[str, Any]
    year: int | None
    people: Persons
    made: _Made

    @property
    def part(self) -> TableMapping:
        return self.plan.of(self.entity)

    def frame(self) -> pd.DataFrame:
        """Return the table in olive's columns; faults go to what was found."""
        rows = len(self.survey[self.part.key])
        columns: dict[str, Any] = {"household_id": self.people.household_of(self.entity)}
        if self.entity == "person":
            columns["person_number"] = self.people.number
        for each in self.part.columns:
            before = len(self.made.faults)
            values = self._pointer(each) if each.column.pointer else self._values(each, rows)
            if len(self.made.faults) == before:
                columns[each.column.name] = values
                self._note_if_odd(each, values)
        for ours, theirs in self.part.kept.items():
            values = self._kept(ours, theirs)
            arrow = isinstance(values, (pa.Array, pa.ChunkedArray))
            columns[ours] = pd.arrays.ArrowExtensionArray(values) if arrow else values
        self._note_left_out()
        self.made.odd += counted_twice(self.part)
        return pd.DataFrame(columns)

    def _faults(self, source: str) -> Faults:
        """Return where faults of a column go."""
        where = Message("{entity} table, {source}", self.entity, source)
        return self.made.faults.at(where)

    def _origin(self, each: ColumnMapping, *sources: str) -> str:
        source = " + ".join(sources or each.sources) or "value"
        return Message("{source} in {unit}", source, unit_label(each.unit)) if each.unit else source

    def _pointer(self, each: ColumnMapping) -> Any:
        source, found, elsewhere = each.sources[0], None, 0
        with noted_in(self._faults(source)):
            found, elsewhere = self.people.numbers_of(source, self.survey[source])
        if elsewhere:
            self.made.note(
                "{source}: {elsewhere} persons name a {name} who is not in their "
                "household's table, taken as living elsewhere",
                source,
                elsewhere,
                each.column.name,
            )
        return found

    def _values(self, each: ColumnMapping, rows: int) -> Any:
        """Return the values of one of olive's columns; where there are faults, anything."""
        if not each.sources and each.column.kind != "number":
            return pd.Series([each.value] * rows, dtype=object)
        if each.codes or each.column.kind == "code":
            return self._decoded(each)
        parts = [self._filled(each, source) for source in each.sources]
        if each.column.kind == "bool":
            return parts[0].values
        if not parts:
            parts = [Read(np.full(rows, float(each.value)), *np.zeros((2, rows), dtype=np.bool_))]
        out = np.any([part.absent | part.wrong for part in parts], axis=0)
        total = parts[0].values
        for part in parts[1:]:
            total = total.astype(np.float64) + part.values
        values = self._in_olives_unit(each, total)
        if values is None:
            return total
        given = total if len(parts) == 1 and each.unit else None
        self._faults(self._origin(each)).note_all(range_faults(each.column, values, out, given))
        return values

    def _numbers(self, each: ColumnMapping, cells: Cells) -> Read:
        # 1.2万 in a column of 万元 could be either; so words of scale stand with plain yuan only.
        money = each.column.unit.startswith("yuan") and not each.unit.startswith("1000")
        years = each.unit == YEAR_OF_BIRTH
        return read_numbers(cells, self.plan.missing_codes, money=money, years=years)

    def _filled(self, each: ColumnMapping, source: str) -> Read:
        """Return a column of the survey with missing values filled as the mapping says."""
        cells, truth = cells_of(self.survey[source]), each.column.kind == "bool"
        codes = self.plan.missing_codes
        found = read_truths(cells, codes) if truth else self._numbers(each, cells)
        if each.missing is not None:
            self._note_filled(each, source, found.absent)
            # Wide enough for the number that fills, however the survey stores its own.
            values: Any = found.values.astype(np.bool_ if truth else np.float64)
            values[found.absent] = each.missing
            found = Read(values, np.zeros_like(found.absent), found.wrong)
        told = reading_faults(
            each.column, cells, found, filling(each.column), correction=_CORRECTION, unit=each.unit
        )
        self._faults(self._origin(each, source)).note_all(told)
        return found

    def _note_filled(self, each: ColumnMapping, source: str, absent: Any) -> None:
        if absent.any():
            self.made.note(
                "{source}: {number} of {number2} values missing, taken as {missing}",
                source,
                absent.sum(),
                len(absent),
                each.missing,
            )

    def _in_olives_unit(self, each: ColumnMapping, total: Any) -> Any:
        if each.unit == YEAR_OF_BIRTH:
            if self.year is None:
                self._faults(self._origin(each)).note(
                    "the year of birth needs the survey's year; write year: 2022 in the mapping"
                )
                return None
            # Years may be stored in types that hold no year of ours, such as 8 bits.
            return self.year - total.astype(np.result_type(total, np.int64))
        return total if each.factor == 1.0 else total.astype(np.float64) * each.factor

    def _decoded(self, each: ColumnMapping) -> Any:
        source = each.sources[0]
        cells = cells_of(self.survey[source])
        found = decoded(each, cells, self.plan.missing_codes)
        self._note_filled(each, source, found.filled)
        self._faults(source).note_all(found.faults)
        return pd.Series(found.values, dtype=object)

    def _kept(self, ours: str, theirs: str) -> Any:
        """Return a column that keeps its name or its role in the design of the sample."""
        column = self.survey[theirs]
        if ours == theirs:  # olive reads no column that keeps its own name
            return column
        cells = cells_of(column)
        faults = self._faults(theirs)
        failed = [isinstance(each, str) and is_spreadsheet_error(each) for each in cells.values]
        absent = cells.absent | self.plan.missing_codes.within(cells) | failed
        if ours.startswith("replicate_weight"):
            found = read_numbers(cells, self.plan.missing_codes)
            column, absent = found.values, found.absent
            if found.wrong.any():
                row = int(found.wrong.argmax())
                value = cells.shown(row)
                faults.note("{ours} is {value} in row {row}, no number", ours, value, row)
        if absent.any():
            row = int(absent.argmax())
            faults.note(
                "{ours} is missing in {number} rows, the first in row {row} ({value}); give every "
                "household one, or leave it out of the design",
                ours,
                absent.sum(),
                row,
                cells.shown(row),
            )
        return column

    def _note_if_odd(self, each: ColumnMapping, values: Any) -> None:
        if each.column.kind != "number" or not each.sources:
            return
        text = implausible(each.column, np.asarray(values, dtype=np.float64), each.factor)
        if text:
            entity, name, origin = self.entity, each.column.name, self._origin(each)
            self.made.odd.append(
                Message("{entity} table, {name} from {origin}: {text}", entity, name, origin, text)
            )

    def _note_left_out(self) -> None:
        used = {self.part.key, self.part.person, *self.part.kept.values()}
        used |= {source for each in self.part.columns for source in each.sources}
        left = [name for name in self.survey if name not in used]
        if left:
            self.made.note(
                "{number} columns of the {entity} table were not mapped: {left}{more}",
                len(left),
                self.entity,
                joined(left[:_SHOWN]),
                ", ..." if len(left) > _SHOWN else "",
            )
