"""Arguments of statistics that are one number, one word or one array: checked in one place."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, shown
from olive.native.masked import unmasked


def one_number(name: str, value: Any) -> float:
    """Return an argument that must be one finite number.

    Raises
    ------
    DataError
        When it is text, a truth value, several numbers, NaN, or beyond float64.

    Examples
    --------
    >>> one_number("line", np.float32(0.5)), one_number("line", 3)
    (0.5, 3.0)
    """
    if not is_one_number(value):
        raise DataError(
            "{name} is {shown}; it must be one finite number", name=name, shown=shown(value)
        )
    return float(value)


def is_one_number(value: Any) -> bool:
    """Say whether an argument is one finite number, and no truth value.

    >>> is_one_number(0.5), is_one_number(10**400), is_one_number(True), is_one_number([0.5])
    (True, False, False, False)
    """
    plain = value.item() if isinstance(value, np.generic) else value
    number = isinstance(plain, int | float) and not isinstance(plain, bool)
    # NaN is not below anything, and whole numbers of any size can be compared.
    return number and bool(abs(plain) <= sys.float_info.max)


def one_bound(name: str, value: Any) -> float:
    """Return an argument that must be one number; infinity leaves a side open.

    Raises
    ------
    DataError

    Examples
    --------
    >>> one_bound("low", float("-inf")), one_bound("high", 3)
    (-inf, 3.0)
    """
    if isinstance(value, float | np.floating) and not math.isfinite(value):
        return float(value)
    return one_number(name, value)


def one_whole_number(name: str, value: Any, least: int, most: int = 2**63 - 1) -> int:
    """Return an argument that must be one whole number.

    Raises
    ------
    DataError
        When it is none, below the least, or above the most.

    Examples
    --------
    >>> one_whole_number("groups", np.int64(10), 1)
    10
    """
    # Lengths of time count among numpy's whole numbers.
    other = isinstance(value, bool | np.timedelta64) or not isinstance(value, int | np.integer)
    if other or value < least:
        raise DataError(
            "{name} is {shown}; it must be a whole number of at least {least}",
            name=name,
            shown=shown(value),
            least=least,
        )
    if value > most:
        raise DataError(
            "{name} is {shown}; it must be at most {most:,}",
            name=name,
            shown=shown(value),
            most=most,
        )
    return int(value)


def mapping_of(name: str, value: Any) -> Mapping[Any, Any]:
    """Return an argument that must map names to what they stand for.

    Raises
    ------
    DataError
    """
    if not isinstance(value, Mapping):
        raise DataError(
            "{name} is {shown}; it must be a mapping of names, such as a dict",
            name=name,
            shown=shown(value),
        )
    return value


def array_of(name: str, data: Any) -> NDArray[Any]:
    """Return data as an array, whatever its type and shape.

    Raises
    ------
    DataError
        When its parts differ in length, so that it has no shape.

    Examples
    --------
    >>> array_of("thresholds", [1, 2]).shape
    (2,)
    """
    try:
        return np.asarray(unmasked(data))
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            "{name} is {shown}, which is no array: its parts must be numbers or names, "
            "lists of one length in each dimension",
            name=name,
            shown=shown(data),
        ) from error
