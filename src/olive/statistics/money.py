"""Comparisons of money with bounds and lines: half a fen decides nothing.

Incomes are sums of many terms in float64, so a household that is lifted exactly to a line may
stand a billionth of a yuan beside it. Amounts within half a fen of a bound are taken to be equal
to it. Every comparison with a bound, a line or a threshold goes through this module.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from olive.errors import DataError, one_of
from olive.statistics.arguments import one_bound

if TYPE_CHECKING:
    from olive.statistics.given_columns import FloatArray, Truth

Closed = Literal["low", "high", "both", "neither"]
CLOSED: tuple[Closed, ...] = ("low", "high", "both", "neither")

HALF_A_FEN = 0.005
"""Amounts that differ by no more count as equal, yuan."""

_LARGEST_SHARE_OF_BOUND = 1e-6


def tolerance(bound: float) -> float:
    """Return how far from a bound an amount still counts as equal to it.

    Half a fen, in yuan; below 5,000 a millionth of the bound, which is less, so that values in
    other units (ten thousand yuan, ratios to a median) are not blurred.

    Examples
    --------
    >>> tolerance(13_000.0), tolerance(2.0), tolerance(0.0)
    (0.005, 2e-06, 0.0)
    """
    return min(HALF_A_FEN, abs(bound) * _LARGEST_SHARE_OF_BOUND)


def edge_at(bound: float) -> float:
    """Return the number such that amounts from it upwards reach the bound.

    >>> edge_at(13_000.0)
    12999.995
    """
    return bound - tolerance(bound)


def edge_above(bound: float) -> float:
    """Return the number such that amounts from it upwards lie above the bound, not at it."""
    return math.nextafter(bound + tolerance(bound), math.inf)


def edges_between(low: float, high: float, closed: Closed = "low") -> tuple[float, float]:
    """Return the edges for which an amount lies between the bounds if first <= amount < second.

    Parameters
    ----------
    low, high : float
        Bounds in the unit of the values; ``-inf`` and ``inf`` leave a side open.
    closed : {"low", "high", "both", "neither"}
        Which bounds belong to the interval; by default low <= y < high.

    Raises
    ------
    DataError
        When the bounds are not ascending, or `closed` is unknown.

    Examples
    --------
    >>> edges_between(100_000.0, 500_000.0)
    (99999.995, 499999.995)
    """
    one_of("closed", closed, CLOSED)
    low, high = one_bound("low", low), one_bound("high", high)
    if not low <= high or (low == high and closed != "both"):
        raise DataError(
            "the bounds {low} and {high} enclose nothing; low must be below high (or "
            "equal to it, with closed='both')",
            low,
            high,
        )
    first = edge_at(low) if closed in {"low", "both"} else edge_above(low)
    second = edge_above(high) if closed in {"high", "both"} else edge_at(high)
    return first, second


def is_between(values: FloatArray, low: float, high: float, closed: Closed = "low") -> Truth:
    """Return which amounts lie between two bounds, see `edges_between`.

    Examples
    --------
    >>> import numpy as np
    >>> is_between(np.array([99_999.999, 120_000.0, 500_000.0]), 100_000.0, 500_000.0).tolist()
    [True, True, False]
    """
    first, second = edges_between(low, high, closed)
    return (values >= first) & (values < second)


def is_below(values: FloatArray, line: float) -> Truth:
    """Return which amounts lie below a line by more than the tolerance.

    Examples
    --------
    >>> import numpy as np
    >>> is_below(np.array([12_999.99, 12_999.999999, 13_000.0]), 13_000.0).tolist()
    [True, False, False]
    """
    return values < edge_at(line)


def exceeds(values: FloatArray, threshold: float | FloatArray) -> Truth:
    """Return which amounts in yuan, such as gains, exceed a threshold by more than half a fen.

    Examples
    --------
    >>> import numpy as np
    >>> exceeds(np.array([0.0000001, 0.01, 5.0]), 0.0).tolist()
    [False, True, True]
    """
    return values > threshold + HALF_A_FEN
