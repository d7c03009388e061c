"""New tables from old ones: other weights, other columns, fewer households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from olive.engine.columns import Column
from olive.errors import DataError, Faults, nearest
from olive.messages import Message
from olive.population.column_coercion import ColumnFault, conform
from olive.population.positions import in_row_order
from olive.population.table_schema import PopulationTables, pointers_of, with_column


def reweighted(tables: PopulationTables, weights: Any) -> PopulationTables:
    """Return the same households with other weights.

    Raises
    ------
    DataError
        When the length is wrong or a weight is NaN, infinite or negative.
    """
    values = in_row_order(weights, _rows(tables), "weights")
    households = len(tables.households)
    if values.shape != (households,):
        raise DataError(
            "weights have the shape {shape}; one for each of the {households} households is needed",
            values.shape,
            households,
        )
    if households and not np.any(values):
        raise DataError("all weights are zero, so no row counts; at least one must be above 0")
    homes = _with_column(tables.households, tables.columns["weight"], values)
    return replace(tables, households=homes)


def with_columns(tables: PopulationTables, columns: Mapping[str, Any]) -> PopulationTables:
    """Return the same households and persons with other values in columns of the catalogue.

    Raises
    ------
    DataError
        When a column is unknown or holds identifiers, or values do not fit it.
    """
    changed = {"household": tables.households, "person": tables.persons}
    for name, given in columns.items():
        column = tables.columns.get(name)
        if column is None or column.kind == "key":
            raise DataError(
                "no column {name!r} that can be replaced{hint}", name, nearest(name, tables.columns)
            )
        rows = len(changed[column.entity])
        ids = _rows(tables) if column.entity == "household" else pd.RangeIndex(rows)
        values = in_row_order(given, ids, name)
        if values.shape != (rows,):
            raise DataError(
                "{name}: values have the shape {shape}; one for each of the {rows} "
                "{entity}s is needed",
                name,
                values.shape,
                rows,
                column.entity,
            )
        changed[column.entity] = _with_column(changed[column.entity], column, values)
    tables = replace(tables, households=changed["household"], persons=changed["person"])
    _refuse_impossible_pointers(tables)
    return tables


def _refuse_impossible_pointers(tables: PopulationTables) -> None:
    """Refuse pointers that rules could not follow, or that one of two persons does not answer."""
    found = pointers_of(tables)
    faults = Faults()
    for each in found.faults:
        faults.note("{column} of person {row} is {words}", each.column, each.row, each.words)
    for name, count in found.added.items():
        faults.note("{name}: {count} person(s) do not name back", name, count)
    faults.raise_as(DataError, separator="; ")


def _with_column(table: pa.Table, known: Column, values: np.ndarray) -> pa.Table:
    try:
        return with_column(table, known.name, conform(known, values))
    except ColumnFault as fault:
        raise DataError("{name}: {fault}", known.name, fault) from None


def _rows(tables: PopulationTables) -> pd.Index[Any]:
    ids = tables.households["household_id"].to_pandas()
    rows: pd.Index[Any] = pd.Index(ids, name="household_id")
    return rows


def selected(tables: PopulationTables, mask: Any) -> PopulationTables:
    """Return the households where ``mask`` is true, with all their persons.

    Raises
    ------
    DataError
        When the mask is not one truth value a household, or is true nowhere.
    """
    chosen = in_row_order(mask, _rows(tables), Message("the mask"))
    households = len(tables.households)
    if chosen.dtype != np.bool_ or chosen.shape != (households,):
        raise DataError(
            "select() needs one truth value for each of the {households} households; "
            "got {dtype} of shape {shape}",
            households,
            chosen.dtype,
            chosen.shape,
        )
    if not chosen.any():
        raise DataError("select() would leave no household: the mask is true nowhere")
    size = np.diff(tables.starts)
    homes = tables.households.filter(pa.array(chosen)).combine_chunks()
    persons = tables.persons.filter(pa.array(np.repeat(chosen, size))).combine_chunks()
    starts = np.concatenate([[0], np.cumsum(size[chosen])]).astype(np.int64)
    return PopulationTables(homes, persons, starts, tables.columns)


def named_household(tables: PopulationTables, identifier: Any) -> np.ndarray:
    """Return which household an identifier names; text is read as a number where they are numbers.

    Raises
    ------
    DataError
        When there is no such household.
    """
    ids = tables.households["household_id"]
    try:
        found = pc.equal(ids, pa.scalar(identifier).cast(ids.type)).to_numpy(zero_copy_only=False)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):  # no identifier of this kind
        found = np.zeros(len(ids), dtype=np.bool_)
    if not found.any():
        raise DataError(
            "no household {household!r} among {number:,}; identifiers look like {value!r}",
            identifier,
            len(ids),
            ids[0].as_py(),
        )
    return np.asarray(found, dtype=np.bool_)
