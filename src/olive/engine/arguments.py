"""Arguments that many functions share: seeds and threads."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from olive.errors import DataError, shown

LARGEST_WHOLE = 2**63 - 1
#: Seed of the law's random draws, such as take-up, unless another is given. Weights of synthetic
#: populations are calibrated to the draws of this seed.
DEFAULT_SEED = 0


def whole_number(name: str, value: Any, least: int) -> int:
    """Return an argument that must be a whole number.

    Raises
    ------
    DataError
        When it is none, below the least, or beyond 64 bits.

    Examples
    --------
    >>> whole_number("seed", np.int64(3), 0)
    3
    """
    # Lengths of time count among numpy's whole numbers.
    other = isinstance(value, (bool, np.timedelta64))
    whole = isinstance(value, (int, np.integer)) and not other
    if whole and value > LARGEST_WHOLE:
        raise DataError(
            "{name} is {shown}; it must be at most {most:,}",
            name=name,
            shown=shown(value),
            most=LARGEST_WHOLE,
        )
    if not whole or value < least:
        raise DataError(
            "{name} is {shown}; it must be a whole number of at least {least}",
            name=name,
            shown=shown(value),
            least=least,
        )
    return int(value)


def is_finite(value: Any) -> bool:
    """Say whether an argument is one number that float64 holds, and no truth value.

    >>> is_finite(2), is_finite(np.float32(0.5)), is_finite(10**400), is_finite("2")
    (True, True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    # NaN is not below anything; whole numbers of any size compare with Python's floats alone.
    plain = value.item() if isinstance(value, np.generic) else value
    return bool(abs(plain) <= sys.float_info.max)


def check_run(seed: Any, threads: Any = None) -> None:
    """Refuse a seed or threads of another kind, before any work.

    Raises
    ------
    DataError
    """
    whole_number("seed", seed, 0)
    if threads is not None:
        whole_number("threads", threads, 1)
