"""Arguments of statistics that are one number."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from olive.errors import DataError, shown


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
    plain = value.item() if isinstance(value, np.generic) else value
    number = isinstance(plain, int | float) and not isinstance(plain, bool)
    # NaN is not below anything, and whole numbers of any size can be compared.
    if not number or not abs(plain) <= sys.float_info.max:
        raise DataError(
            "{name} is {shown}; it must be one finite number", name=name, shown=shown(value)
        )
    return float(plain)
