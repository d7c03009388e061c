"""Numbers that users give, of any library and size: made float64 in one place."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np


def as_float(value: Any) -> float | None:
    """Return a number of any library as float64; None for what is no number.

    What lies beyond float64 is infinite, and a signalling NaN is NaN, so that nothing is raised.
    Truth values, text, complex numbers and lengths of time are no numbers.

    Examples
    --------
    >>> as_float(np.int8(3)), as_float(Decimal("0.5")), as_float(-(10**400)), as_float("3")
    (3.0, 0.5, -inf, None)
    """
    # Lengths of time count among numpy's whole numbers.
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:  # whole numbers and fractions
        return -math.inf if value < 0 else math.inf
    except ValueError:  # a decimal's signalling NaN
        return math.nan
