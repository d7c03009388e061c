"""Columns that olive's catalogue does not know: the design of the sample, and what users keep."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from olive.engine.columns import Column
from olive.messages import Message
from olive.population.cells import cells_of, read_numbers
from olive.population.column_coercion import (
    ColumnFault,
    arrow_array,
    faults_where,
    is_number,
    is_text,
    missing_faults,
    reading_faults,
    refuse,
    refuse_missing,
)

# Columns of the sample's design, which no rule reads.
DESIGN = ("stratum", "psu")
REPLICATE_WEIGHT = "replicate_weight_"


def conform_extra(name: str, values: Any) -> pa.Array:
    """Return a column that the catalogue does not know; its numbers must be finite.

    Columns of the sample's design may miss no value, and replicate weights are numbers.
    """
    if name.startswith(REPLICATE_WEIGHT):
        cells = cells_of(values)
        found = read_numbers(cells)
        refuse(reading_faults(Column(name, "household"), cells, found))
        return pa.array(found.values.astype(np.float64))
    array = _kept(name, arrow_array(name, values))
    if name in DESIGN:
        refuse_missing(name, array)
    if is_number(array):
        cells = cells_of(array)
        infinite = ~cells.absent & ~np.isfinite(cells.values)
        infinite_ones = faults_where(name, cells.values, infinite, Message("must be finite"))
        refuse((*infinite_ones, *missing_faults(name, cells, cells.absent)))
    return array


def _kept(name: str, array: pa.Array) -> pa.Array:
    """Return a column that olive only keeps in a type that rules, frames and files all have."""
    kind = array.type
    try:
        if pa.types.is_decimal(kind):
            return array.cast(pa.int64() if kind.scale == 0 else pa.float64())
        if pa.types.is_float16(kind):
            return array.cast(pa.float32())
        if not (is_number(array) or is_text(array)):
            array = _as_read_back(name, array)
            array.to_pylist()  # years and time zones that Python knows
            array.to_pandas()
    except (pa.ArrowException, OverflowError, ValueError) as fault:
        raise ColumnFault(
            "column {name!r} holds {type} that no table can keep ({fault}); leave it out, or "
            "write it as numbers or text",
            name,
            str(kind),
            fault,
        ) from None
    return array


def _as_read_back(name: str, array: pa.Array) -> pa.Array:
    """Return a column in the type under which Parquet gives it back (seconds as milliseconds)."""
    stored = io.BytesIO()
    parquet.write_table(pa.table({name: array.slice(0, 0)}), stored)
    return array.cast(parquet.read_schema(stored).field(0).type)
