"""The words of a rule: each works on arrays (numbers) and on symbols (tracing)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.expression import (
    WAY,
    LeastOf,
    LookupOf,
    Name,
    ScheduleOf,
    Symbol,
    apply,
    as_node,
    refuse,
)
from olive.errors import DataError, RuleError
from olive.messages import Message
from olive.native.immutable import Rebuilt

FloatArray = NDArray[np.float64]

_TABLE_ADVICE = Message("lookup reads a parameter that has `by`; use other values as they are")
_SCHEDULE_ADVICE = Message("schedule reads a parameter of `kind: schedule`")


@dataclass(frozen=True, eq=False, slots=True)
class Schedule(Rebuilt):
    """A progressive schedule: above ``thresholds[i]`` each further unit pays ``rates[i]``.

    Attributes
    ----------
    thresholds : float64 array, shape (brackets,)
        Ascending lower bounds; the first is where the schedule starts.
    rates : float64 array, shape (brackets,)
        Marginal rate of each bracket.
    """

    thresholds: FloatArray
    rates: FloatArray

    def __post_init__(self) -> None:
        for name in ("thresholds", "rates"):
            own = np.array(getattr(self, name), dtype=np.float64)
            own.flags.writeable = False
            object.__setattr__(self, name, own)

    def __call__(self, amount: Any) -> FloatArray:
        """Return the charge on ``amount`` (same unit as the thresholds)."""
        charge = np.zeros(np.shape(amount))
        upper = np.append(self.thresholds[1:], np.inf)
        for low, high, rate in zip(self.thresholds, upper, self.rates, strict=True):
            charge = charge + rate * np.maximum(np.minimum(amount, high) - low, 0.0)
        return charge


@dataclass(frozen=True, slots=True)
class ParameterSymbol:
    """Stands for a table or a schedule while a rule is traced."""

    name: str
    kind: str
    codes: int = 0


def where(condition: Any, if_true: Any, if_false: Any) -> Any:
    """Choose elementwise: ``if_true`` where the condition holds, else ``if_false``."""
    return _word("where", np.where, condition, if_true, if_false)


def minimum(first: Any, second: Any) -> Any:
    """Return the elementwise smaller of two values."""
    return _word("minimum", np.minimum, first, second)


def maximum(first: Any, second: Any) -> Any:
    """Return the elementwise larger of two values."""
    return _word("maximum", np.maximum, first, second)


def clip(value: Any, low: Any, high: Any) -> Any:
    """Return the value held between ``low`` and ``high`` (``high`` wins when they cross)."""
    return minimum(maximum(value, low), high)


def floor(value: Any) -> Any:
    """Return the largest whole number that is not above the value."""
    return _word("floor", np.floor, value)


def schedule(amount: Any, parameter: Any) -> Any:
    """Return the charge of a progressive schedule on an amount; nothing below its first threshold.

    Examples
    --------
    >>> tax = Schedule(np.array([0.0, 36_000.0]), np.array([0.03, 0.10]))
    >>> schedule(np.array([40_000.0]), tax)
    array([1480.])
    """
    if isinstance(parameter, ParameterSymbol):
        _require(parameter, "schedule")
        return Symbol(ScheduleOf(as_node(amount), parameter.name))
    if isinstance(parameter, Symbol):
        refuse("schedule(amount, x) where x is not a schedule", _SCHEDULE_ADVICE)
    return parameter(amount)


def lookup(table: Any, *codes: Any) -> Any:
    """Return the entry of a table parameter at one or two codes (whole numbers from 0)."""
    if isinstance(table, ParameterSymbol):
        _require(table, "table")
        if len(codes) != table.codes:
            raise RuleError(
                "table {name!r} is read with {codes} code(s), found {number}",
                table.name,
                table.codes,
                len(codes),
            )
        return Symbol(LookupOf(table.name, tuple(as_node(code) for code in codes)))
    if isinstance(table, Symbol):
        refuse("lookup(x, code) where x is not a table", _TABLE_ADVICE)
    whole = tuple(np.asarray(code).astype(np.int64) for code in codes)
    for position, (code, length) in enumerate(zip(whole, np.shape(table), strict=True)):
        if code.size and (code.min() < 0 or code.max() >= length):
            bad = code.min() if code.min() < 0 else code.max()
            raise DataError(
                "lookup: code {bad} at key {position} is outside 0..{length}",
                bad,
                position + 1,
                length - 1,
            )
    return np.asarray(table)[whole]


def least_of(ways: Any, cost: Callable[..., Any], *values: Any) -> Any:
    """Return the number, from 0, of the way that costs least; of equals the first.

    Parameters
    ----------
    ways : number
        How many ways there are; they may differ by row. Where there are none the result is 0.
    cost : function of the number of a way, and of the values
        Elementwise, of the words of a rule, without another `least_of`.
    values : numbers, truth values or named tuples of them
        What differs by row: it is worked on only in rows that have ways.

    Examples
    --------
    >>> ways, best = np.array([0.0, 2.0, 9.0]), np.array([1.0, 4.0, 4.0])
    >>> least_of(ways, lambda way, best: (way - best) * (way - best), best)
    array([0., 1., 4.])
    """
    if _any_symbol(ways, *values):
        return Symbol(LeastOf(as_node(ways), as_node(cost(Symbol(Name(WAY)), *values))))
    having = np.asarray(ways) > 0
    counts, *inside = [_in_rows(each, having) for each in (np.asarray(ways), *values)]
    best, least = np.zeros(counts.shape), np.full(counts.shape, np.inf)
    for way in np.arange(np.max(counts, initial=0.0)):
        costs = cost(way, *inside)
        better = (way < counts) & (costs < least)
        best, least = np.where(better, way, best), np.where(better, costs, least)
    found = np.zeros(having.shape)
    found[having] = best
    return found


def _in_rows(value: Any, rows: NDArray[np.bool_]) -> Any:
    """Return the rows of an array, or of each part of a named tuple; one value for all as it is."""
    if isinstance(value, tuple):
        return type(value)(*(_in_rows(each, rows) for each in value))
    return value[rows] if np.ndim(value) and np.shape(value) == rows.shape else value


def _word(word: str, of_arrays: Callable[..., Any], *values: Any) -> Any:
    return apply(word, *values) if _any_symbol(*values) else of_arrays(*values)


def _any_symbol(*values: Any) -> bool:
    return any(
        isinstance(value, Symbol | ParameterSymbol)
        or (isinstance(value, tuple) and _any_symbol(*value))
        for value in values
    )


def _require(parameter: ParameterSymbol, kind: str) -> None:
    if parameter.kind != kind:
        raise RuleError(
            "parameter {name!r} is a {kind}, but is used as a {kind2}",
            parameter.name,
            parameter.kind,
            kind,
        )
