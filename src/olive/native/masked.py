"""Masked arrays of numpy: what is masked is missing, and never the number that lies under it."""

from __future__ import annotations

from typing import Any

import numpy as np


def unmasked(values: Any) -> Any:
    """Return values as they are, or a masked array with NaN where it hides a number.

    Raises
    ------
    ValueError
        When masked elements are no numbers.

    Examples
    --------
    >>> unmasked(np.ma.array([1, 99], mask=[False, True])).tolist()
    [1.0, nan]
    """
    # Most arrays are plain, and numpy's masked ones are not free to import.
    if type(values) is np.ndarray or not np.ma.is_masked(values):
        return values
    return np.ma.filled(values.astype(np.float64), np.nan)
