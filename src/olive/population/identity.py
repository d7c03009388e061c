"""Identifiers of households and persons: whole numbers of any size, or text; and random keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from olive.engine.draws import household_keys as keys_of
from olive.engine.numerals import is_spreadsheet_error, number_of, plain_text
from olive.errors import DataError, Faults
from olive.messages import Message
from olive.population.cells import MissingCodes, cells_of
from olive.population.column_coercion import (
    ColumnFault,
    arrow_array,
    is_text,
    refuse_missing,
    refuse_where,
    rows_of,
)

_NAMED_AT_MOST = 3
_DIGITS = 38  # the most that Arrow's widest exact whole number holds
# 1.10102E+17: how a spreadsheet shows, and saves, a number that is too long for it.
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_TOTAL = re.compile(r"(合|总|小|共)\s*计|总和|(sub)?total", re.IGNORECASE)
_NO_IDENTIFIERS: tuple[tuple[Callable[[str], Any], Message], ...] = (
    (
        _ROUNDED.fullmatch,
        Message(
            "a spreadsheet has cut off its last digits; format the column as text and save it again"
        ),
    ),
    (
        is_spreadsheet_error,
        Message("an error of a spreadsheet; correct it, or list it under missing_codes"),
    ),
    (_TOTAL.fullmatch, Message("a row of totals; remove it from the table")),
)


def identifiers(
    values: Any, name: str = "household_id", *, codes: MissingCodes | None = None
) -> pa.Array:
    """Return identifiers as int64, uint64, decimal (beyond 64 bits) or text.

    Parameters
    ----------
    values : pandas.Series, pyarrow.Array or list
    name : str
        The column, for messages.
    codes : MissingCodes, optional
        Values that identify nobody.

    Raises
    ------
    ColumnFault
        When an identifier is missing, has a fraction, is neither a number nor text, or has lost
        its last digits on the way.

    Examples
    --------
    >>> identifiers([7.0, 8.0]).type, identifiers(["007", "008"]).to_pylist()
    (DataType(int64), ['007', '008'])
    """
    array = possible_identifiers(values, name, codes)
    refuse_missing(name, array)
    return array


def possible_identifiers(values: Any, name: str, codes: MissingCodes | None = None) -> pa.Array:
    """Return identifiers as `identifiers` does; null where there is none."""
    if codes is not None and not isinstance(values, (pa.Array, pa.ChunkedArray)):
        values = _without_words(values, codes)
    array = _wide_numbers(values, name)
    if array is None:
        array = arrow_array(name, values)
    cells = cells_of(array)
    absent = cells.absent | (codes or MissingCodes()).within(cells)
    if absent.any():
        array = pc.if_else(pa.array(absent), pa.scalar(None, array.type), array)
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.int64())
    if is_text(array):
        _refuse_what_spreadsheets_add(name, array)
        return array.cast(pa.large_string())
    if pa.types.is_decimal(array.type):
        return _whole_decimals(name, array)
    if pa.types.is_floating(array.type):
        return _whole_floats(name, array, absent)
    if not pa.types.is_integer(array.type):
        raise ColumnFault(
            "column {name!r} holds {type}; it must hold whole numbers or text", name, array.type
        )
    return array if pa.types.is_uint64(array.type) else array.cast(pa.int64())


def _without_words(values: Any, codes: MissingCodes) -> Any:
    """Return a column of numbers without the words among them that are codes."""
    cells = cells_of(values)
    if cells.kind != "mixed":
        return values
    return pd.Series(cells.values, dtype=object).mask(codes.within(cells), None)


def _refuse_what_spreadsheets_add(name: str, array: pa.Array) -> None:
    """Refuse what a spreadsheet puts where an identifier stood, and its rows of totals."""
    items = [item and plain_text(item) for item in array.to_pylist()]
    for is_one, reason in _NO_IDENTIFIERS:
        wrong = np.array([bool(item and is_one(item)) for item in items], dtype=np.bool_)
        if wrong.any():
            item, rows = items[int(wrong.argmax())], rows_of(wrong)
            raise ColumnFault(
                "column {name!r} has {item!r} in {rows}: {reason}", name, item, rows, reason
            )


def _whole_decimals(name: str, array: pa.Array) -> pa.Array:
    try:
        return array.cast(pa.decimal128(_DIGITS, 0))
    except pa.ArrowInvalid:
        raise ColumnFault(
            "column {name!r} must hold whole numbers of at most {digits} digits, or "
            "text; one of its decimals has a fraction or is longer",
            name,
            _DIGITS,
        ) from None


def _whole_floats(name: str, array: pa.Array, absent: np.ndarray) -> pa.Array:
    numbers = np.where(absent, 0, array.to_numpy(zero_copy_only=False))
    with np.errstate(invalid="ignore"):
        broken = numbers != np.floor(numbers)
    refuse_where(name, numbers, broken, Message("must be whole numbers or text"))
    exact = 2 ** (np.finfo(numbers.dtype).nmant + 1)
    lost = ~(np.abs(numbers) < exact)  # which itself may have been the next whole number
    rule = Message(
        "holds {dtype}, which keeps whole numbers up to {exact:,} only (beyond, "
        "different identifiers become one): read it as whole numbers or text",
        numbers.dtype,
        exact,
    )
    refuse_where(name, numbers, lost, rule)
    found = pa.array(numbers.astype(np.int64))
    return pc.if_else(pa.array(absent), pa.scalar(None, pa.int64()), found)


def agreed(
    one: pa.Array, two: pa.Array, words: tuple[str, str], *, written: bool = False
) -> tuple[pa.Array, pa.Array]:
    """Return identifiers of two columns in one type, so that equal ones are found.

    Parameters
    ----------
    one, two : pyarrow.Array
        As `identifiers` returns them.
    words : tuple of str
        What each column is called in the message.
    written : bool
        Both columns come from text files, where a number is how its digits are written: it can be
        text again without loss, since 007 never became a number.

    Raises
    ------
    DataError
        When one is text and the other holds numbers: 007 and 7 may be two households.
    """
    if one.type == two.type:
        return one, two
    if is_text(one) != is_text(two) and written:
        return one.cast(pa.large_string()), two.cast(pa.large_string())
    if is_text(one) != is_text(two):
        held = [("text" if is_text(each) else "numbers", _example(each)) for each in (one, two)]
        raise DataError(
            "{words} holds {kinds} (for example {examples}), but {words2} holds {kinds2} (for "
            "example {examples2}); give both as whole numbers or both as text",
            words[0],
            *held[0],
            words[1],
            *held[1],
        )
    widest = pa.decimal128(_DIGITS, 0)
    return one.cast(widest), two.cast(widest)


def _example(array: pa.Array) -> str:
    """Return an identifier that shows what the column holds: of text, one that is no number."""
    values = [value for value in array.to_pylist() if value is not None]
    texts = (value for value in values if isinstance(value, str) and number_of(value) is None)
    value = next(texts, values[0] if values else None)
    return repr(value) if isinstance(value, str) else str(value)


def homes_of(known: pa.Array, identifier: pa.Array, key: str, faults: Faults) -> np.ndarray:
    """Return the row of the household of each person, 0 for persons without one.

    Known are the identifiers of the household table, beside those of the person table in the same
    type, whose column is the key. Households that stand twice, persons without a household and
    households without a person are added to the faults.
    """
    found = pc.index_in(identifier, value_set=known)
    if len(pc.unique(known)) < len(known):
        counted = pc.value_counts(known)
        repeated = counted.field(0).filter(pc.greater(counted.field(1), 1))
        faults.note(
            "the household table has {number} identifier(s) more than once: "
            "{examples}; every household has one row",
            len(repeated),
            some_of(repeated),
        )
    if found.null_count:
        orphan = found.is_null()
        faults.note(
            "{count} person(s) have a {key} that is not in the household table, the "
            "first in row {row}: {examples}; add the households or drop the persons",
            found.null_count,
            key,
            int(orphan.to_numpy(zero_copy_only=False).argmax()),
            some_of(pc.unique(identifier.filter(orphan))),
        )
    owner: np.ndarray = found.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    if not np.bincount(owner, minlength=len(known)).all():
        # An identifier that stands twice is found at its first row only.
        empty = pc.unique(known.filter(pc.invert(pc.is_in(known, value_set=identifier))))
        if len(empty):
            faults.note(
                "{number} household(s) have no person: {examples}; add the persons or "
                "drop the households",
                len(empty),
                some_of(empty),
            )
    return owner


def some_of(values: Any) -> str:
    """Return the first few of some identifiers, for messages.

    >>> some_of(pa.array([1, 2, 3, 4]))
    '1, 2, 3, ...'
    """
    first = values.slice(0, _NAMED_AT_MOST).to_pylist()
    shown = ", ".join(str(each) if isinstance(each, Decimal) else repr(each) for each in first)
    return shown + (", ..." if len(values) > _NAMED_AT_MOST else "")


def household_keys(array: pa.Array) -> np.ndarray:
    """Return one 64-bit key a household, from which every random draw of the household starts.

    Whole numbers are taken modulo 2^64; text goes through a fixed 64-bit hash, see
    `olive.engine.draws.household_keys`. Identifiers are as `identifiers` returns them.

    Examples
    --------
    >>> household_keys(identifiers([3, -1])).tolist() == [3, 2**64 - 1]
    True
    """
    if pa.types.is_decimal(array.type):
        return keys_of(np.array([int(number) for number in array.to_pylist()], dtype=object))
    values: np.ndarray = array.to_numpy(zero_copy_only=False)
    return keys_of(values.astype(object) if is_text(array) else values)


def _wide_numbers(values: Any, name: str) -> pa.Array | None:
    """Return numbers beyond 64 bits, which pandas can only hold as Python objects, or None."""
    series = pd.Series(values) if isinstance(values, list) else values
    if not isinstance(series, pd.Series) or series.dtype != object or not len(series):
        return None
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in series):
        return None
    low, high = min(series), max(series)
    if low >= -(2**63) and high < 2**63:
        return pa.array(series.to_numpy().astype(np.int64))
    if low >= 0 and high < 2**64:
        return pa.array(series.to_numpy().astype(np.uint64))
    if max(abs(low), abs(high)) >= 10**_DIGITS:
        raise ColumnFault(
            "column {name!r} has a number of more than {digits} digits; give it as text",
            name,
            _DIGITS,
        )
    return pa.array([Decimal(value) for value in series], type=pa.decimal128(_DIGITS, 0))
