"""Household identifiers: whole numbers of any size, or text; and the 64-bit key of each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from olive.engine.draws import household_keys as keys_of
from olive.population.conform import (
    LARGEST_WHOLE_FLOAT,
    ColumnFault,
    arrow_array,
    is_text,
    refuse_missing,
    refuse_where,
)

_DIGITS = 38  # the most that Arrow's widest exact whole number holds


def identifiers(values: Any) -> pa.Array:
    """Return household identifiers as int64, uint64, decimal (beyond 64 bits) or text.

    Raises
    ------
    ColumnFault
        When an identifier is missing, has a fraction, or is neither a number nor text.
    """
    name = "household_id"
    array = _wide_numbers(values)
    if array is None:
        array = arrow_array(name, values)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    refuse_missing(name, array)
    if is_text(array):
        return array.cast(pa.large_string())
    if pa.types.is_decimal(array.type):
        return array.cast(pa.decimal128(_DIGITS, 0))
    if pa.types.is_floating(array.type):
        numbers = array.to_numpy(zero_copy_only=False)
        wrong = ~((np.abs(numbers) <= LARGEST_WHOLE_FLOAT) & (numbers == np.floor(numbers)))
        refuse_where(name, numbers, wrong, "must be whole numbers or text")
        return pa.array(numbers.astype(np.int64))
    if not pa.types.is_integer(array.type):
        message = f"column {name!r} holds {array.type}; it must hold whole numbers or text"
        raise ColumnFault(message)
    return array if pa.types.is_uint64(array.type) else array.cast(pa.int64())


def household_keys(array: pa.Array) -> np.ndarray:
    """Return one 64-bit key a household, from which every random draw of the household starts.

    Whole numbers are taken modulo 2^64; text goes through a fixed 64-bit hash, see
    :func:`olive.engine.draws.household_keys`.

    Parameters
    ----------
    array : pyarrow.Array
        Identifiers as :func:`identifiers` returns them.

    Returns
    -------
    numpy.ndarray of uint64

    Examples
    --------
    >>> household_keys(identifiers([3, -1])).tolist() == [3, 2**64 - 1]
    True
    """
    if pa.types.is_decimal(array.type):
        return keys_of(np.array([int(number) for number in array.to_pylist()], dtype=object))
    values: np.ndarray = array.to_numpy(zero_copy_only=False)
    return keys_of(values.astype(object) if is_text(array) else values)


def _wide_numbers(values: Any) -> pa.Array | None:
    """Return numbers beyond 64 bits, which pandas can only hold as Python objects, or None."""
    series = values if isinstance(values, pd.Series) else None
    if isinstance(values, list):
        series = pd.Series(values)
    if series is None or series.dtype != object or not len(series):
        return None
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in series):
        return None
    low, high = min(series), max(series)
    if low >= -(2**63) and high < 2**63:
        return pa.array(series.to_numpy().astype(np.int64))
    if low >= 0 and high < 2**64:
        return pa.array(series.to_numpy().astype(np.uint64))
    if max(abs(low), abs(high)) >= 10**_DIGITS:
        message = (
            f"column 'household_id' has a number of more than {_DIGITS} digits; give it as text"
        )
        raise ColumnFault(message)
    return pa.array([Decimal(value) for value in series], type=pa.decimal128(_DIGITS, 0))
