"""Arguments of statistics that are one number, one word or one array: checked in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, shown
from olive.native.given_numbers import is_finite
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
    if not is_finite(value):
        raise DataError("{name} is {shown}; it must be one finite number", name, shown(value))
    return float(value)


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
    if isinstance(value, float | np.floating):
        return float(value)
    return one_number(name, value)


def mapping_of(name: str, value: Any) -> Mapping[Any, Any]:
    """Return an argument that must map names to what they stand for.

    Raises
    ------
    DataError
    """
    if not isinstance(value, Mapping):
        raise DataError(
            "{name} is {shown}; it must be a mapping of names, such as a dict", name, shown(value)
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
            name,
            shown(data),
        ) from error
