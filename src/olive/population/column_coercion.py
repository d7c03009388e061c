"""Bring one column of a user's table into the type and range that the catalogue declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from olive.engine.columns import Column, bounds_in_words, codes_by_name
from olive.engine.numerals import plain_text
from olive.errors import Faults, nearest
from olive.messages import Message, joined
from olive.population.cells import (
    BoolArray,
    Cells,
    Read,
    cells_of,
    is_bool8,
    one_array,
    plain_series,
    read_numbers,
    read_truths,
)
from olive.population.survey_units import unit_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FILL = Message("fill them or drop the rows")


class ColumnFault(Exception):  # it never leaves this room: faults become one DataError
    """Faults of one column; each text says what is wrong and how to mend it."""

    def __init__(self, template: str, *given: Any) -> None:
        """Take faults that are made already, or one template with its arguments."""
        made = isinstance(template, Message)
        self.faults = (template, *given) if made else (Message(template, *given),)
        super().__init__("; ".join(self.faults))


@contextmanager
def noted_in(faults: Faults) -> Iterator[None]:
    """Add the faults of a column that is read in the body to others, and go on."""
    try:
        yield
    except ColumnFault as fault:
        faults.note_all(fault.faults)


def refuse(faults: Iterable[str]) -> None:
    """Raise faults of one column, if there are any."""
    found = tuple(faults)
    if found:
        raise ColumnFault(*found)


def arrow_array(name: str, values: Any) -> pa.Array:
    """Return ``values`` (a pandas series or an Arrow column) as one Arrow array.

    NaN becomes null, so that missing numbers and missing text are found in the same way; values
    that stand for others (categories, runs) are written out.

    Raises
    ------
    ColumnFault
        When the values mix types, for example text and numbers.
    """
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return written_out(values)
    try:
        converted = pa.array(plain_series(values), from_pandas=True)
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as fault:
        raise ColumnFault(
            "column {name!r} mixes types or holds values that no table can store "
            "({fault}); give it one type",
            name,
            fault,
        ) from None
    return written_out(converted)


def written_out(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return one Arrow array whose values stand for themselves.

    >>> written_out(pa.array(["a", "a"]).dictionary_encode()).type
    DataType(string)
    """
    values = one_array(values)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    if is_bool8(values.type):
        values = values.storage.cast(pa.bool_())
    # Arrow cannot take rows of a view.
    return values.cast(pa.string()) if pa.types.is_string_view(values.type) else values


def conform(column: Column, values: Any) -> pa.Array:
    """Return ``values`` in the storage type of ``column``, without any loss of value.

    Parameters
    ----------
    column : Column
        Entry of the catalogue.
    values : pandas.Series, pyarrow.Array, numpy.ndarray or list
        Values as the user gave them. Codes may be numbers or names; numbers and truth values may
        be written as text.

    Returns
    -------
    pyarrow.Array
        Codes as int8, truth values as bool, whole numbers as the stored integer type, other
        numbers as float32 where that is exact and as float64 where it is not.

    Raises
    ------
    ColumnFault
        For a missing value, a wrong type, an infinite value, a fraction where a whole number is
        needed, or a value out of range; row (counting from 0) and value are named.
    """
    cells = cells_of(values)
    if column.kind == "code" and cells.kind in {"text", "mixed"} and not cells.absent.all():
        return _codes_from_names(column, cells)
    found = read(column, cells)
    faults = [*reading_faults(column, cells, found)]
    if column.kind != "bool":
        faults += range_faults(column, found.values, found.absent | found.wrong)
    refuse(faults)
    return in_storage(column, found.values)


def read(column: Column, cells: Cells) -> Read:
    """Return the values of a column of numbers, codes or truth values in olive's own units."""
    if column.kind == "bool":
        return read_truths(cells)
    return read_numbers(cells, money=column.unit.startswith("yuan"))


def reading_faults(
    column: Column,
    cells: Cells,
    found: Read,
    remedy: str = _FILL,
    *,
    correction: str = Message("correct it"),
    unit: str = "",
) -> Iterator[str]:
    """Yield what cannot be read, and what is missing, each with its first row and value.

    Parameters
    ----------
    cells : Cells
        The user's values.
    remedy : str
        How missing values are mended.
    correction : str
        How values that cannot be read are mended.
    unit : str
        The user's unit; olive's when empty.
    """
    wrong = found.wrong
    if cells.kind == "number" and column.kind != "bool":
        yield from faults_where(column.name, cells.values, wrong, Message("must be finite"))
    elif wrong.any():
        row = int(wrong.argmax())
        yield Message(
            "column {name!r} holds {described} ({example}) but must hold {expected}; {correction}",
            column.name,
            cells.described(row),
            Message("for example {value} in {rows}", cells.shown(row), rows_of(wrong)),
            expected(column, unit),
            correction,
        )
    yield from missing_faults(column.name, cells, found.absent, remedy)


def missing_faults(
    name: str, cells: Cells, absent: BoolArray, remedy: str = _FILL
) -> Iterator[str]:
    """Yield a fault that names the first missing value, if there is one."""
    if absent.any():
        row = int(absent.argmax())
        yield Message(
            "column {name!r} has {number} missing value(s), the first in row {row} ({value}); "
            "{remedy}",
            name,
            absent.sum(),
            row,
            cells.shown(row),
            remedy,
        )


def range_faults(
    column: Column, values: NDArray[Any], out: BoolArray, given: NDArray[Any] | None = None
) -> Iterator[str]:
    """Yield values out of range, and fractions where whole numbers are due.

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
        In olive's unit.
    out : numpy.ndarray of bool, shape (n,)
        Rows to leave out, since they have another fault.
    given : numpy.ndarray, shape (n,), optional
        As they stand in the user's table, where that is in another unit.
    """
    low, high = column.minimum, column.maximum
    wrong = np.zeros(len(values), dtype=bool)
    if low is not None:
        wrong |= values < low
    if high is not None:
        wrong |= values > high
    rule = expected(column) if column.kind == "code" else bounds_in_words(column)
    rule = Message("must be {rule}", rule)
    yield from faults_where(column.name, values, wrong & ~out, rule, given)
    if np.dtype(column.storage).kind == "i" and values.dtype.kind == "f":
        wrong = (values != np.floor(values)) & ~out
        yield from faults_where(column.name, values, wrong, Message("must be whole numbers"))


def in_storage(column: Column, values: NDArray[Any]) -> pa.Array:
    """Return values without a fault in the type that the catalogue declares, without loss."""
    storage = np.dtype(column.storage)
    if storage.kind in "ib":
        return pa.array(values.astype(storage))
    return pa.array(narrow(values) if storage == np.float32 else values.astype(np.float64))


def narrow(values: np.ndarray) -> np.ndarray:
    """Return ``values`` as float32 where every one of them survives it, else as float64.

    >>> narrow(np.array([1.5, 3000.0])).dtype, narrow(np.array([0.1])).dtype
    (dtype('float32'), dtype('float64'))
    """
    if values.dtype == np.float32:
        return values
    wide = values.astype(np.float64, copy=False)
    with np.errstate(over="ignore"):
        small = wide.astype(np.float32)
    return small if np.array_equal(small.astype(np.float64), wide) else wide


def is_number(array: pa.Array) -> bool:
    """Say whether an Arrow array holds numbers or truth values."""
    kind, types = array.type, pa.types
    kinds = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    return any(is_one(kind) for is_one in kinds)


def is_text(array: pa.Array) -> bool:
    """Say whether an Arrow array holds text."""
    return array.type in (pa.string(), pa.large_string(), pa.string_view())


def refuse_missing(name: str, array: pa.Array) -> None:
    """Raise when a value is missing (null or NaN)."""
    cells = cells_of(array)
    refuse(missing_faults(name, cells, cells.absent))


def refuse_where(name: str, values: np.ndarray, wrong: np.ndarray, rule: str) -> None:
    """Raise when any element of ``wrong`` is true, naming the first row and its value."""
    refuse(faults_where(name, values, wrong, rule))


def faults_where(
    name: str, values: NDArray[Any], wrong: BoolArray, rule: str, given: NDArray[Any] | None = None
) -> Iterator[str]:
    """Yield a fault that names the first row where ``wrong`` is true and its value, if any is."""
    if wrong.any():
        row = int(wrong.argmax())
        found = repr(values[row].item())
        if given is not None:
            found = Message("{given!r}, which is {found},", given[row].item(), found)
        rows = rows_of(wrong)
        yield Message("column {name!r} {rule}; found {found} in {rows}", name, rule, found, rows)


def rows_of(wrong: BoolArray) -> str:
    """Return the first row of a fault and how many follow.

    >>> rows_of(np.array([False, True, True]))
    'row 1 and 1 more row(s)'
    """
    count = int(wrong.sum())
    more = Message(" and {count} more row(s)", count - 1) if count > 1 else ""
    return Message("row {row}{more}", int(wrong.argmax()), more)


def expected(column: Column, unit: str = "") -> str:
    """Return in words what a column must hold, in the user's unit."""
    if column.kind == "bool":
        return Message("true or false (or 1 and 0, 是 and 否)")
    if column.kind == "code":
        return Message(
            "codes 0 to {number} or the names {codes}", len(column.codes) - 1, joined(column.codes)
        )
    unit = unit or column.unit
    if unit in {"1", "code"}:
        return Message("numbers")
    return Message("numbers in {unit}", unit_label(unit))


def _codes_from_names(column: Column, cells: Cells) -> pa.Array:
    """Return codes for their names; a number that is written as text is the code itself."""
    known = codes_by_name(column)
    places, different = pd.factorize(cells.values)
    meaning = np.zeros(len(different) + 1, dtype=np.int8)
    faults: list[str] = []
    for position, value in enumerate(different):
        name = plain_text(value) if isinstance(value, str) else value
        if name in known:
            meaning[position] = known[name]
            continue
        here = (places == position) & ~cells.absent
        number = read_numbers(cells_of([value]))
        if not number.wrong[0] and number.values[0] in range(len(column.codes)):
            meaning[position] = int(number.values[0])
        elif here.any():
            faults.append(
                Message(
                    "column {name!r} has the unknown name {value} in {rows}{hint}; known: {codes}",
                    column.name,
                    cells.shown(int(here.argmax())),
                    rows_of(here),
                    nearest(str(name), known),
                    joined(column.codes),
                )
            )
    refuse((*faults, *missing_faults(column.name, cells, cells.absent)))
    return pa.array(meaning[places])
