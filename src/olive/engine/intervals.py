"""Arithmetic on intervals for many policies at once: where the values of an expression can lie.

An interval is a pair of arrays with one place for each policy, or with a single place where all
policies agree. `ANYTHING` is one object, so that what nothing is known of costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Interval(NamedTuple):
    """Least and largest value, each of shape (policies,) or (1,)."""

    low: Places
    high: Places

    @property
    def is_point(self) -> Mask:
        """Where there is only one value."""
        found: Mask = self.low == self.high
        return found

    def is_only(self, value: float) -> Mask:
        """Where the only value is this one."""
        found: Mask = (self.low == value) & (self.high == value)
        return found


def point(value: float) -> Interval:
    """Return the interval of one value under all policies.

    >>> bool(point(3.0).is_point.all())
    True
    """
    place = np.array([value], dtype=np.float64)
    return Interval(place, place)


ANYTHING = Interval(np.array([-np.inf]), np.array([np.inf]))
TRUTH = Interval(np.array([0.0]), np.array([1.0]))
UNIT = Interval(np.array([0.0]), np.array([np.nextafter(1.0, 0.0)]))  # of draws


def _defined(low: Places, high: Places) -> Interval:
    """Return the interval; anything where an end is undefined."""
    lost = np.isnan(low) | np.isnan(high)
    if np.count_nonzero(lost):
        return Interval(np.where(lost, -np.inf, low), np.where(lost, np.inf, high))
    return Interval(low, high)


def _corners(corners: list[Places]) -> Interval:
    low = high = corners[0]
    for each in corners[1:]:
        low, high = np.minimum(low, each), np.maximum(high, each)
    return _defined(low, high)


def _where(condition: Mask, chosen: Interval, other: Interval) -> Interval:
    holding = np.count_nonzero(condition)
    if not holding:
        return other
    if holding == condition.size == chosen.low.size:
        return chosen
    return Interval(
        np.where(condition, chosen.low, other.low), np.where(condition, chosen.high, other.high)
    )


def _product(a: Interval, b: Interval) -> Interval:
    found = _corners([x * y for x in a for y in b])
    return _where(a.is_only(0.0) | b.is_only(0.0), point(0.0), found)


def _quotient(above: Interval, below: Interval) -> Interval:
    found = _corners([x / y for x in above for y in below])
    found = _where((below.low <= 0.0) & (below.high >= 0.0), ANYTHING, found)
    return _where(above.is_only(0.0), point(0.0), found)


def _chosen(condition: Interval, if_true: Interval, if_false: Interval) -> Interval:
    both = Interval(np.minimum(if_true.low, if_false.low), np.maximum(if_true.high, if_false.high))
    decided, holds = condition.is_point, condition.low != 0.0
    return _where(decided & holds, if_true, _where(decided & ~holds, if_false, both))


def _truth(yes: Mask, no: Mask) -> Interval:
    return Interval(yes.astype(np.float64), (yes | ~no).astype(np.float64))


def _equal(a: Interval, b: Interval) -> Interval:
    same = a.is_point & b.is_point & (a.low == b.low)
    return _truth(same, (a.high < b.low) | (b.high < a.low))


def _not(a: Interval) -> Interval:
    return _truth(a.is_only(0.0), a.is_only(1.0))


def _and(a: Interval, b: Interval) -> Interval:
    return _truth(a.is_only(1.0) & b.is_only(1.0), a.is_only(0.0) | b.is_only(0.0))


def _or(a: Interval, b: Interval) -> Interval:
    return _truth(a.is_only(1.0) | b.is_only(1.0), a.is_only(0.0) & b.is_only(0.0))


_OPERATIONS: dict[str, Callable[..., Interval]] = {
    "add": lambda a, b: _defined(a.low + b.low, a.high + b.high),
    "subtract": lambda a, b: _defined(a.low - b.high, a.high - b.low),
    "multiply": _product,
    "divide": _quotient,
    "negate": lambda a: Interval(-a.high, -a.low),
    "floor": lambda a: Interval(np.floor(a.low), np.floor(a.high)),
    "minimum": lambda a, b: Interval(np.minimum(a.low, b.low), np.minimum(a.high, b.high)),
    "maximum": lambda a, b: Interval(np.maximum(a.low, b.low), np.maximum(a.high, b.high)),
    "less": lambda a, b: _truth(a.high < b.low, a.low >= b.high),
    "less_equal": lambda a, b: _truth(a.high <= b.low, a.low > b.high),
    "greater": lambda a, b: _truth(a.low > b.high, a.high <= b.low),
    "greater_equal": lambda a, b: _truth(a.low >= b.high, a.high < b.low),
    "equal": _equal,
    "not_equal": lambda a, b: _not(_equal(a, b)),
    "and": _and,
    "or": _or,
    "not": _not,
    "where": _chosen,
}
_NUMBERS = {"add", "subtract", "multiply", "divide", "negate", "floor", "minimum", "maximum"}


def applied(word: str, operands: list[Any]) -> Interval:
    """Return where the values of a word of the vocabulary lie, given where its operands lie.

    What numpy warns of (division by zero, no number) is the caller's to silence.

    >>> with np.errstate(invalid="ignore"):
    ...     found = applied("multiply", [point(0.0), ANYTHING])
    >>> float(found.low[0]), float(found.high[0])
    (0.0, 0.0)
    """
    if all(each is ANYTHING for each in operands):
        return ANYTHING if word in _NUMBERS or word == "where" else TRUTH
    return _OPERATIONS[word](*operands)
