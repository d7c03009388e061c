"""Bring one column of a user's table into the type and range that the catalogue declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from olive.errors import nearest

if TYPE_CHECKING:
    from olive.columns import Column

LARGEST_WHOLE_FLOAT = 2.0**53


class ColumnFault(Exception):  # it never leaves this room: faults become one DataError
    """One fault of one column; the text says what is wrong and how to mend it."""


def arrow_array(name: str, values: Any) -> pa.Array:
    """Return ``values`` (a pandas series or an Arrow column) as one Arrow array.

    NaN becomes null, so that missing numbers and missing text are found in the same way.

    Raises
    ------
    ColumnFault
        When the values mix types, for example text and numbers.
    """
    if isinstance(values, pa.ChunkedArray):
        return values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    if isinstance(values, pa.Array):
        return values
    series = pd.Series(values)
    try:
        converted = pa.array(series, from_pandas=True)
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as fault:
        message = (
            f"column {name!r} mixes types or holds values that no table can store ({fault}); "
            "give it one type"
        )
        raise ColumnFault(message) from None
    if isinstance(converted, pa.ChunkedArray):
        converted = converted.combine_chunks()
    return converted


def conform(column: Column, array: pa.Array) -> pa.Array:
    """Return ``array`` in the storage type of ``column``, without any loss of value.

    Parameters
    ----------
    column : Column
        Entry of the catalogue.
    array : pyarrow.Array
        Values as the user gave them; codes may be numbers or names.

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
    refuse_missing(column.name, array)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if column.kind == "code" and is_text(array):
        return _codes_from_names(column, array)
    values = numbers(column.name, array, _expected(column))
    if column.kind == "bool":
        return pa.array(_truth_values(column, values))
    _refuse_out_of_range(column, values)
    storage = np.dtype(column.storage)
    if storage.kind == "i":
        _refuse_fractions(column.name, values)
        return pa.array(values.astype(storage))
    return pa.array(narrow(values) if storage == np.float32 else values.astype(np.float64))


def conform_extra(name: str, array: pa.Array) -> pa.Array:
    """Return a column that the catalogue does not know; its numbers must be finite."""
    if is_number(array):
        refuse_missing(name, array)
        numbers(name, array, "numbers")
    return array


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


def numbers(name: str, array: pa.Array, expected: str) -> np.ndarray:
    """Return the values of a numeric Arrow array without nulls; refuse text and infinities."""
    if not is_number(array):
        example = array[0].as_py() if len(array) else None
        message = (
            f"column {name!r} holds {array.type} (for example {example!r}) but must hold {expected}"
        )
        raise ColumnFault(message)
    if pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    values: np.ndarray = array.to_numpy(zero_copy_only=False)
    if values.dtype.kind == "f":
        refuse_where(name, values, ~np.isfinite(values), "must be finite")
    return values


def is_number(array: pa.Array) -> bool:
    """Say whether an Arrow array holds numbers or truth values."""
    kind = array.type
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )


def is_text(array: pa.Array) -> bool:
    """Say whether an Arrow array holds text."""
    kind = array.type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def refuse_missing(name: str, array: pa.Array) -> None:
    """Raise when a value is missing (null or NaN)."""
    count, first = array.null_count, -1
    if count:
        first = int(np.flatnonzero(array.is_null().to_numpy(zero_copy_only=False))[0])
    elif pa.types.is_floating(array.type):
        missing = np.isnan(array.to_numpy(zero_copy_only=False))
        count = int(missing.sum())
        first = int(missing.argmax()) if count else -1
    if count:
        message = (
            f"column {name!r} has {count} missing value(s) (NaN or empty), the first in row "
            f"{first}; fill them or drop the rows"
        )
        raise ColumnFault(message)


def refuse_where(name: str, values: np.ndarray, wrong: np.ndarray, rule: str) -> None:
    """Raise when any element of ``wrong`` is true, naming the first row and its value."""
    if not wrong.any():
        return
    row = int(wrong.argmax())
    count = int(wrong.sum())
    more = f" and {count - 1} more row(s)" if count > 1 else ""
    message = f"column {name!r} {rule}; found {values[row].item()!r} in row {row}{more}"
    raise ColumnFault(message)


def _expected(column: Column) -> str:
    if column.kind == "bool":
        return "true or false (or 1 and 0)"
    if column.kind == "code":
        return f"codes 0 to {len(column.codes) - 1} or the names {', '.join(column.codes)}"
    return f"numbers in {column.unit}" if column.unit not in {"1", "code"} else "numbers"


def _truth_values(column: Column, values: np.ndarray) -> np.ndarray:
    if values.dtype != np.bool_:
        wrong = (values != 0) & (values != 1)
        refuse_where(column.name, values, wrong, "must be true or false (or 1 and 0)")
    return values.astype(np.bool_)


def _refuse_fractions(name: str, values: np.ndarray) -> None:
    if values.dtype.kind == "f":
        refuse_where(name, values, values != np.floor(values), "must be whole numbers")


def _refuse_out_of_range(column: Column, values: np.ndarray) -> None:
    low, high = column.minimum, column.maximum
    wrong = np.zeros(len(values), dtype=bool)
    if low is not None:
        wrong |= values < low
    if high is not None:
        wrong |= values > high
    if column.kind == "code":
        rule = "must be " + _expected(column)
    else:
        unit = "" if column.unit in {"1", "code", "bool"} else f" {column.unit}"
        bounds = (f"at least {low:g}" if low is not None else "") + (
            f"{' and ' if low is not None else ''}at most {high:g}" if high is not None else ""
        )
        rule = f"must be {bounds}{unit}"
    refuse_where(column.name, values, wrong, rule)


def _codes_from_names(column: Column, array: pa.Array) -> pa.Array:
    encoded = array.dictionary_encode()
    known = {name: code for code, name in enumerate(column.codes)}
    meaning = np.zeros(len(encoded.dictionary), dtype=np.int8)
    for position, name in enumerate(encoded.dictionary.to_pylist()):
        if name not in known:
            row = int((encoded.indices.to_numpy() == position).argmax())
            hint = nearest(name, known)
            message = (
                f"column {column.name!r} has the unknown name {name!r} in row {row}{hint} "
                f"(known: {', '.join(column.codes)})"
            )
            raise ColumnFault(message)
        meaning[position] = known[name]
    return pa.array(meaning[encoded.indices.to_numpy()])
