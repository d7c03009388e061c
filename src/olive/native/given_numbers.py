"""Numbers that users give, of any library and size: judged and made float64 in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from olive.errors import DataError, shown

LARGEST_WHOLE = 2**63 - 1


def as_float(value: Any) -> float | None:
    """Return a number of any library as float64; None for what is no number.

    What lies beyond float64 is infinite, and a signalling NaN is NaN, so that nothing is raised.
    Truth values, text, complex numbers and lengths of time are no numbers.

    Examples
    --------
    >>> as_float(np.int8(3)), as_float(Decimal("0.5")), as_float(-(10**400)), as_float("3")
    (3.0, 0.5, -inf, None)
    """
    if type(value) is float:  # as most are
        return value
    # Lengths of time count among numpy's whole numbers.
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:  # whole numbers and fractions
        return -math.inf if value < 0 else math.inf
    except ValueError:  # a decimal's signalling NaN
        return math.nan


def is_finite(value: Any) -> bool:
    """Say whether an argument is one number that float64 holds, and no truth value.

    >>> is_finite(2), is_finite(Decimal("0.5")), is_finite(10**400), is_finite("2")
    (True, True, False, False)
    """
    number = as_float(value)
    return number is not None and math.isfinite(number)


def finite_number(name: str, value: Any) -> float:
    """Return an argument that must be one number that float64 holds.

    Raises
    ------
    DataError
        When it is none.

    Examples
    --------
    >>> finite_number("target", 75_000)
    75000.0
    """
    if not is_finite(value):
        raise DataError("{name} is {shown}; it must be a finite number", name, shown(value))
    return float(value)


def listed(values: Any) -> list[Any] | None:
    """Return values that are given in an order, as a list, tuple or array; None for others.

    Text, mappings and sets are no such values.

    >>> listed(np.array([0.5, 0.9])) == [0.5, 0.9], listed((1, 2)), listed("12"), listed(3)
    (True, [1, 2], None, None)
    """
    if isinstance(values, str | bytes | Mapping | Set):
        return None
    try:
        return list(values)
    except TypeError:  # a single number, and an array of one without a length
        return None


def is_whole(value: Any) -> bool:
    """Say whether an argument is a whole number of Python's or numpy's, and no truth value.

    >>> is_whole(np.int64(2)), is_whole(2.0), is_whole(True)
    (True, False, False)
    """
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.timedelta64)


def whole_number(name: str, value: Any, least: int, most: int = LARGEST_WHOLE) -> int:
    """Return an argument that must be a whole number.

    Raises
    ------
    DataError
        When it is none, below the least, or above the most, by default the largest of 64 bits.

    Examples
    --------
    >>> whole_number("seed", np.int64(3), 0)
    3
    """
    if not is_whole(value) or value < least:
        raise DataError(
            "{name} is {shown}; it must be a whole number of at least {least}",
            name,
            shown(value),
            least,
        )
    if value > most:
        raise DataError("{name} is {shown}; it must be at most {most:,}", name, shown(value), most)
    return int(value)
