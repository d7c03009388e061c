"""Where a run puts what it computes: arrays kept for the caller, arrays written into, totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.program import HOUSEHOLD_KEY, Program
from olive.engine.tables import Tables, is_readable
from olive.errors import DataError
from olive.messages import Message
from olive.native.room import empty

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """Arrays that blocks fill.

    Attributes
    ----------
    kept : dict of slot to array
        Whole columns in float64 or bool.
    written : dict of slot to list of arrays
        The caller's own arrays, in any storage type; the values are not kept beside.
    partial : float64 array, shape (totals, blocks)
        Weighted totals of each block.
    """

    kept: dict[int, Array]
    partial: NDArray[np.float64]
    written: dict[int, list[Array]] = field(default_factory=dict)


def column_types(program: Program, tables: Tables) -> tuple[np.dtype[Any], ...]:
    """Return the type of each column that a program reads: what it is laid out and checked for."""
    return tuple(
        (tables.household_key if name == HOUSEHOLD_KEY else tables.of_entity(entity)[name]).dtype
        for name, entity in program.columns
    )


def results_for(program: Program, tables: Tables, into: Mapping[str, Array]) -> Results:
    """Return empty results for a program, with the caller's arrays checked.

    Raises
    ------
    DataError
        When an array that is to be written into does not fit its variable.
    """
    kept: dict[int, Array] = {
        slot: empty(
            tables.count(program.slots[slot].entity),
            np.bool_ if program.slots[slot].truth else np.float64,
        )
        for slot in {*program.outputs.values(), *program.carried}
        if program.slots[slot].column is None
    }
    written: dict[int, list[Array]] = {}
    for name, slot in program.written.items():
        _check_target(name, program, slot, tables, into[name])
        written.setdefault(slot, []).append(into[name])
    return Results(kept, np.zeros((len(program.totals), tables.blocks())), written)


def _check_target(name: str, program: Program, slot: int, tables: Tables, array: Array) -> None:
    described = program.slots[slot]
    if described.column is not None:
        raise DataError(
            "{name!r} is an input column; it is not computed, so leave it out of into", name
        )
    rows = tables.count(described.entity)
    if array.shape != (rows,) or not array.flags.c_contiguous or not array.flags.writeable:
        raise DataError(
            "into[{name!r}] must be a plain array of {rows} rows that can be "
            "written, found shape {shape}",
            name,
            rows,
            array.shape,
        )
    if not is_readable(array.dtype) or (array.dtype == np.bool_) != described.truth:
        wanted = "bool" if described.truth else Message("a type of numbers")
        raise DataError(
            "into[{name!r}] must hold {wanted}, found type {dtype}", name, wanted, array.dtype
        )
