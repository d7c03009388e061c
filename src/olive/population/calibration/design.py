"""From two tables and a list of targets to one matrix: what each household adds to each total.

A person total is first added up within the household, so that one weight a household meets person
and household totals together, exactly and in one pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from olive.engine.columns import Column
from olive.errors import DataError, nearest
from olive.messages import Message, joined
from olive.places.registry import place
from olive.population.calibration.errors import CalibrationError, WhereError
from olive.population.calibration.filters import BoolArray, Condition, compare
from olive.population.calibration.targets import Target, Targets
from olive.population.column_coercion import ColumnFault
from olive.population.identity import agreed, identifiers
from olive.population.sources import columns_from

FloatArray = NDArray[np.float64]
SIZE = "household_size"


@dataclass(frozen=True)
class GatheredTables:
    """The household table, the person table if there is one, and who belongs where.

    Attributes
    ----------
    households, persons
        Columns by table; both are pandas frames.
    home
        Row of the household of each person; shape (persons,).
    columns
        Catalogue in which code names of columns of numbers are looked up.
    """

    households: pd.DataFrame
    persons: pd.DataFrame | None
    home: NDArray[np.int64]
    columns: Mapping[str, Column]

    def owner(self, entity: str, column: str) -> str:
        """Return the table where rows of `entity` find a column; empty if there is none.

        Persons find the columns of their household too.
        """
        if entity == "person" and self.persons is not None and column in self.persons.columns:
            return "person"
        if column in self.households.columns:
            return "household"
        return ""


def gather_tables(
    source: Any, key: str, columns: Mapping[str, Column] | None = None
) -> GatheredTables:
    """Bring a population, a mapping of two frames, or one frame into the two-table form.

    Parameters
    ----------
    source
        An object with frames `households` and `persons`; or a mapping with the key ``household``
        and, if there are persons, ``person``; or one table, whose rows are then the households.
        A table is a pandas frame or a mapping of arrays by column.
    key
        Column that says which household a person belongs to.
    columns
        Catalogue of the place; by default that of the default place.

    Raises
    ------
    CalibrationError
        If a table or the key is missing, a household occurs twice, or a person has no household.
    """
    known = place().columns if columns is None else columns
    households, persons = _frames(source)
    if persons is None:
        return GatheredTables(households, None, np.empty(0, dtype=np.int64), known)
    for name, frame in (("household", households), ("person", persons)):
        if key not in frame.columns:
            hint = nearest(key, map(str, frame.columns))
            raise CalibrationError(
                "The {name} table has no column {key!r}{hint}", name=name, key=key, hint=hint
            )
    home = _homes(households[key], persons[key], key)
    if SIZE not in households.columns:
        size = np.bincount(home, minlength=len(households))
        households = households.assign(**{SIZE: size})
    return GatheredTables(households, persons, home, known)


def _homes(households: pd.Series[Any], persons: pd.Series[Any], key: str) -> NDArray[np.int64]:
    """Return the row of the household of each person."""
    words = (
        Message("Column {key!r} of the household table", key=key),
        Message("column {key!r} of the person table", key=key),
    )
    found, faults = [], []
    for name, column in (("household", households), ("person", persons)):
        try:
            found.append(identifiers(column, key))
        except ColumnFault as fault:
            faults += [
                Message("The {name} table: {text}", name=name, text=text) for text in fault.faults
            ]
    if faults:
        raise CalibrationError(joined(faults, "\n"))
    try:
        known, named = agreed(found[0], found[1], words)
    except DataError as fault:
        raise CalibrationError(fault.message) from None
    if len(pc.unique(known)) < len(known):
        index = pd.Index(known.to_pylist())
        repeated = index[index.duplicated()][0]
        faults.append(
            Message(
                "The household table has {key} {repeated} more than once; one row each.",
                key=key,
                repeated=repeated,
            )
        )
    place = pc.index_in(named, value_set=known)
    if place.null_count:
        row = int(place.is_null().to_numpy(zero_copy_only=False).argmax())
        faults.append(
            Message(
                "Row {row} of the person table has {key} {named!r}, which the household "
                "table lacks ({count} such rows).",
                row=row,
                key=key,
                named=named[row].as_py(),
                count=place.null_count,
            )
        )
    if faults:
        raise CalibrationError(joined(faults, "\n"))
    rows: NDArray[np.int64] = place.to_numpy(zero_copy_only=False).astype(np.int64)
    return rows


def _frames(source: Any) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    if isinstance(source, Mapping) and {"household", "person"} & set(source):
        unknown = [name for name in source if name not in ("household", "person")]
        if unknown or "household" not in source:
            raise CalibrationError(
                "A mapping of tables needs the key 'household' and may have 'person'; "
                "found {source}.",
                source=joined(map(repr, source)),
            )
        households, persons = source["household"], source.get("person")
        people = None if persons is None else _frame(persons, "person")
        return _frame(households, "household"), people
    if hasattr(source, "households") and hasattr(source, "persons"):
        return source.households, source.persons
    return _frame(source, "household"), None


def _frame(table: Any, entity: str) -> pd.DataFrame:
    """Return a table of any library as a pandas frame with the types that it came with."""
    if isinstance(table, pd.DataFrame) and table.columns.is_unique:
        return table
    try:
        columns, _ = columns_from(table, entity)
    except DataError as fault:
        raise CalibrationError(fault.message) from None
    return pd.DataFrame({name: _series(column) for name, column in columns.items()})


def _series(column: Any) -> Any:
    return column.to_pandas() if isinstance(column, (pa.Array, pa.ChunkedArray)) else column


@dataclass(frozen=True)
class _Selector:
    """Evaluates targets on the tables, keeping each condition for the targets that share it."""

    tables: GatheredTables
    masks: dict[tuple[str, Condition], BoolArray]

    def contribution(self, target: Target) -> FloatArray:
        """What each household adds to a total; shape (households,)."""
        tables = self.tables
        if target.entity == "person" and tables.persons is None:
            raise CalibrationError(
                "Target {id!r} counts persons, but there is no person table; give "
                "{{'household': frame, 'person': frame}}, or write the target for "
                "households.",
                id=target.id,
            )
        chosen: BoolArray | None = None
        for condition in target.conditions:
            mask = self._mask(target, condition)
            chosen = mask if chosen is None else chosen & mask
        values = self._numbers(target) if target.column else None
        if target.entity == "household":
            return _product(chosen, values, len(tables.households))
        home = tables.home if chosen is None else tables.home[chosen]
        weights = None if values is None else (values if chosen is None else values[chosen])
        added = np.bincount(home, weights=weights, minlength=len(tables.households))
        return added.astype(np.float64)

    def _mask(self, target: Target, condition: Condition) -> BoolArray:
        key = (target.entity, condition)
        if key not in self.masks:
            owner = self._owner(target, condition.column)
            series = self._column(owner, condition.column)
            _refuse_missing(series, condition.column, owner, target)
            mask = _matches(series, condition, target, self.tables.columns)
            if owner == "household" and target.entity == "person":
                mask = mask[self.tables.home]
            self.masks[key] = mask
        return self.masks[key]

    def _column(self, owner: str, column: str) -> pd.Series[Any]:
        frame = self.tables.households if owner == "household" else self.tables.persons
        assert frame is not None
        series: pd.Series[Any] = frame[column]
        return series

    def _owner(self, target: Target, column: str) -> str:
        owner = self.tables.owner(target.entity, column)
        if owner:
            return owner
        persons = self.tables.persons
        if persons is not None and column in persons.columns:
            raise WhereError(
                "Target {id!r}: {column!r} is a column of persons, and the target is for "
                "households; set its entity to 'person'.",
                id=target.id,
                column=column,
            )
        known = [str(name) for name in self.tables.households.columns]
        if target.entity == "person" and persons is not None:
            known += [str(name) for name in persons.columns]
        raise WhereError(
            "Target {id!r}: the {entity} table has no column {column!r}{hint}",
            id=target.id,
            entity=target.entity,
            column=column,
            hint=nearest(column, known),
        )

    def _numbers(self, target: Target) -> FloatArray:
        """The column that a target adds up, broadcast to persons where it is a household's."""
        owner = self._owner(target, target.column)
        series = self._column(owner, target.column)
        if not (pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series)):
            raise CalibrationError(
                "Target {id!r}: column {column!r} does not hold numbers.",
                id=target.id,
                column=target.column,
            )
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isfinite(values).all():
            row = int(np.argmax(~np.isfinite(values)))
            raise CalibrationError(
                "Target {id!r}: column {column!r} of the {owner} table is {values} in "
                "row {row}; fill in or drop such rows first.",
                id=target.id,
                column=target.column,
                owner=owner,
                values=values[row],
                row=row,
            )
        return values[self.tables.home] if owner != target.entity else values


def _refuse_missing(series: pd.Series[Any], column: str, owner: str, target: Target) -> None:
    absent = series.isna().to_numpy()
    if absent.any():
        raise CalibrationError(
            "Target {id!r}: column {column!r} of the {owner} table is missing in "
            "{number} row(s), the first {row}; fill in or drop such rows first.",
            id=target.id,
            column=column,
            owner=owner,
            number=absent.sum(),
            row=int(absent.argmax()),
        )


def _product(chosen: BoolArray | None, values: FloatArray | None, rows: int) -> FloatArray:
    if chosen is None:
        return np.ones(rows) if values is None else values
    return chosen.astype(np.float64) if values is None else np.where(chosen, values, 0.0)


def _matches(
    series: pd.Series[Any],
    condition: Condition,
    target: Target,
    columns: Mapping[str, Column],
) -> BoolArray:
    """Compare a column with a literal, translating code names."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        if pd.api.types.is_numeric_dtype(series.cat.categories.dtype):
            return compare(condition, series.astype(np.float64).to_numpy())
        names = [str(name) for name in series.cat.categories]
        position = _code(condition, names, target)
        condition = Condition(condition.column, condition.operator, position)
        return compare(condition, series.cat.codes.to_numpy())
    if pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        if isinstance(condition.value, str):
            known = columns.get(condition.column)
            position = _code(condition, list(known.codes) if known else [], target)
            condition = Condition(condition.column, condition.operator, position)
        return compare(condition, series.to_numpy())
    names = sorted({str(name) for name in pd.unique(series.dropna())})
    _code(condition, names, target)
    return compare(condition, series.astype(object).to_numpy())


def _code(condition: Condition, names: list[str], target: Target) -> float:
    """Position of a code name, after checking that it exists and that the operator fits."""
    wanted = str(condition.value)
    if not isinstance(condition.value, str) or wanted not in names:
        hint = nearest(wanted, names)
        known = f" (known: {', '.join(names[:12])})" if names else ""
        raise WhereError(
            "Target {id!r}: {value!r} is not a code of column {column!r}{hint}{known}",
            id=target.id,
            value=condition.value,
            column=condition.column,
            hint=hint,
            known=known,
        )
    if condition.operator not in ("==", "!="):
        raise WhereError(
            "Target {id!r}: codes have no order; compare {column!r} with == or != only.",
            id=target.id,
            column=condition.column,
        )
    return float(names.index(wanted))


def build_design(tables: GatheredTables, targets: Targets) -> FloatArray:
    """What each household adds to each target.

    Returns
    -------
    numpy.ndarray
        Shape (targets, households), float64, one contiguous row a target, in the target's unit.

    Raises
    ------
    CalibrationError
        If a column or code does not exist or a column to add up is not finite.
    """
    selector = _Selector(tables, {})
    design = np.empty((len(targets), len(tables.households)))
    for row, target in enumerate(targets):
        design[row] = selector.contribution(target)
    return design
