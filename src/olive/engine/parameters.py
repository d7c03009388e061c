"""Dated, sourced parameters: definitions and their value on a day or over a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from olive.engine.vocabulary import Schedule
from olive.errors import DateError, OliveError, ParameterError, closest, shown
from olive.messages import Message, joined
from olive.native.given_numbers import is_finite
from olive.native.immutable import FrozenMapping, Rebuilt

ParameterKind = Literal["scalar", "table", "schedule"]
Datum = float | NDArray[np.float64] | Schedule

# From certain to unknown. A value averaged over a year has the weakest status of its months.
STATUSES = ("law", "published", "derived", "recalled", "proxy", "assumption", "missing")
FIRM_STATUSES = frozenset({"law", "published"})
# Source of a figure at which a measure is not there: no place, no rate, no cap.
NEUTRAL_SETTING = "neutral setting"
RangeForm = Literal["value", "factor"]
_NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PlausibleRange:
    """Between what a figure that is neither law nor published may reasonably lie.

    The allowed range of a parameter says what is possible at all; this one says what an informed
    reader would believe. Uncertainty analysis draws from it: triangular, with the mode at the
    figure itself, or uniform.

    Attributes
    ----------
    low, high : float
        In the parameter's unit, or multiples of the figure.
    basis : str
        What the range rests on: a source, or the reason for the choice.
    form : {"value", "factor"}
        Whether the ends are figures (of a single value) or multiples of the figure (also of
        every entry of a table).
    shape : {"triangular", "uniform"}

    Examples
    --------
    >>> PlausibleRange(0.8, 1.2, "two surveys differ by so much", "factor").ends(0.5)
    (0.4, 0.6)
    """

    low: float
    high: float
    basis: str
    form: RangeForm = "value"
    shape: Literal["triangular", "uniform"] = "triangular"

    def __post_init__(self) -> None:
        if not (is_finite(self.low) and is_finite(self.high) and self.low < self.high):
            raise ParameterError(
                "a plausible range runs from low to high, found [{low}, {high}]",
                shown(self.low),
                shown(self.high),
            )
        for name, end in (("low", self.low), ("high", self.high)):
            object.__setattr__(self, name, float(end))
        if not self.basis.strip():
            raise ParameterError("a plausible range needs a `basis`: its source or reason")

    def ends(self, figure: float) -> tuple[float, float]:
        """Return the ends in the parameter's unit, around a figure."""
        if self.form == "value":
            return self.low, self.high
        return self.low * figure, self.high * figure


@dataclass(frozen=True, slots=True, eq=False)
class DatedValue(Rebuilt):
    """A value from a day on; ``datum`` is None where the record has a gap."""

    start: date
    datum: Datum | None
    status: str
    source: str
    url: str | None
    plausible: PlausibleRange | None = None

    def __post_init__(self) -> None:
        _freeze(self.datum)


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Rebuilt):
    """A parameter of the law.

    Attributes
    ----------
    name, zh, en : str
        Flat name and labels.
    unit : str
        Unit of the values (of the thresholds, for a schedule).
    kind : {"scalar", "table", "schedule"}
    by : tuple of str
        What the codes of a table stand for.
    keys : tuple of tuple of str
        For each of ``by``, the names of the codes 0, 1, 2, ...
    key_labels : mapping of str to (str, str)
        Labels (zh, en) of names among ``keys``; those of a code column have their own.
    minimum, maximum : float, str or None
        Allowed range; a name is another parameter. Of a schedule it bounds the rates, which lie
        between 0 and 1 where no range is stated.
    known_to : date
        Last day for which the record is known to be complete.
    history : tuple of DatedValue
        Ascending by start.
    note, file : str
        Explanation; the file that defines it.
    plausible : PlausibleRange or None
        Of every value that is not firm and has no range of its own.
    indexed_to : str or None
        Parameter that the law ties the figure to, for years that the record does not reach.
    grows_at : str or None
        For a reference series: parameter with the yearly rate that it grows at after its record.
    moves_with : str or None
        Parameter with the same figures; where those are drawn, these move by the same factor.
    """

    name: str
    zh: str
    en: str
    unit: str
    kind: ParameterKind
    by: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    minimum: float | str | None
    maximum: float | str | None
    known_to: date
    history: tuple[DatedValue, ...]
    note: str
    file: str
    plausible: PlausibleRange | None = None
    indexed_to: str | None = None
    grows_at: str | None = None
    moves_with: str | None = None
    key_labels: Mapping[str, tuple[str, str]] = FrozenMapping({})

    @property
    def is_tied(self) -> bool:
        """Whether the law or the file says how the figure goes on after its record."""
        return self.indexed_to is not None or self.grows_at is not None

    @property
    def averaged(self) -> bool:
        """Whether a year's value is the mean over its months (switches and codes are not)."""
        return self.unit not in {"bool", "code"}


@dataclass(frozen=True, slots=True, eq=False)
class ParameterValue(Rebuilt):
    """What a parameter is under one policy, with the status and source of that figure.

    Attributes
    ----------
    datum, status, source
        The figure, how firm it is, and where it is from.
    plausible : PlausibleRange or None
        Between what it may reasonably lie, where it is neither law nor published.
    known_since : date or None
        Where the figure is carried forward: the first day of the last value that is known.
    reference, growth
        Parameter that it has grown with since then, and what that has multiplied it by.
    """

    datum: Datum
    status: str
    source: str
    plausible: PlausibleRange | None = None
    known_since: date | None = None
    reference: str | None = None
    growth: float = 1.0

    def __post_init__(self) -> None:
        _freeze(self.datum)

    @property
    def is_neutral(self) -> bool:
        """Whether the figure stands for a measure that is not there: nothing to be in doubt of."""
        return self.status not in FIRM_STATUSES and self.source == NEUTRAL_SETTING

    def vector(self) -> NDArray[np.float64]:
        """Return the value as a flat array (thresholds, then upper ends, then rates)."""
        if isinstance(self.datum, Schedule):
            upper = np.append(self.datum.thresholds[1:], np.inf)
            return np.concatenate([self.datum.thresholds, upper, self.datum.rates])
        return np.asarray(self.datum, dtype=np.float64).ravel()

    def same_as(self, other: ParameterValue | None) -> bool:
        """Return whether another figure is there and the same to the last bit."""
        if other is None:
            return False
        return self is other or self.vector().tobytes() == other.vector().tobytes()


def _freeze(datum: Datum | None) -> None:
    """Make a table read-only: policies share it."""
    if isinstance(datum, np.ndarray):
        datum.flags.writeable = False


def parameter_named(
    name: str,
    parameters: Mapping[str, Parameter],
    error: type[OliveError] = ParameterError,
) -> Parameter:
    """Return a parameter.

    Raises
    ------
    ParameterError
        Or the given kind of error, with the nearest names by spelling, Chinese label or first word.
    """
    if name in parameters:
        return parameters[name]
    hint = closest(name, {each.name: each.zh for each in parameters.values()})
    begin = [other for other in parameters if other.startswith(f"{name}_")][:_NAMES_SHOWN]
    if begin and not hint:
        hint = Message("; parameters that begin so are {begin}", joined(begin))
    raise error(Message("no parameter {name!r}{hint}", name, hint))


def value_on(parameter: Parameter, day: date) -> ParameterValue:
    """Return the value in force on a day.

    Raises
    ------
    DateError
        When the day is before the first value.
    """
    if day < parameter.history[0].start:
        raise DateError(
            "{name}: no value on {day}; the law is recorded from {start} on",
            parameter.name,
            day,
            parameter.history[0].start,
        )
    entries = [entry for entry in parameter.history if entry.start <= day]
    current = next((entry for entry in reversed(entries) if entry.datum is not None), None)
    if current is None or current.datum is None:
        raise ParameterError("{name}: the first value must not be missing", parameter.name)
    status, source, known_since = current.status, current.source, None
    if entries[-1] is not current:
        status, source = "assumption", f"carried forward: {entries[-1].source}"
        known_since = current.start
    if day > parameter.known_to and (status != "assumption" or parameter.is_tied):
        status = "proxy" if status == "proxy" else "assumption"
        source = f"carried forward after {parameter.known_to}: {source}"
        known_since = current.start
    plausible = None if status in FIRM_STATUSES else current.plausible or parameter.plausible
    return ParameterValue(current.datum, status, source, plausible, known_since)


def last_known_day(parameter: Parameter, day: date) -> date:
    """Return the last day, not after the given one, on which the figure in force is known."""
    known, last = parameter.history[0].start, day
    for entry in parameter.history:
        if entry.start > day:
            break
        if entry.datum is None:
            last = min(last, entry.start - timedelta(days=1))
        else:
            known, last = entry.start, day
    return max(known, min(parameter.known_to, last))


def value_in(
    parameter: Parameter, year: int, on: Callable[[Parameter, date], ParameterValue] = value_on
) -> ParameterValue:
    """Return the mean of the values in force on the first day of each month of a year.

    Switches and codes take their value on 1 July. A year in which the record ends counts as
    recorded: its later months are carried forward only where the record tells of a gap.
    """
    if parameter.known_to.year == year:
        parameter = replace(parameter, known_to=date(year, 12, 31))
    days = [date(year, month, 1) for month in range(1, 13)]
    first = on(parameter, days[0])
    stands = not any(days[0] < entry.start <= days[-1] for entry in parameter.history)
    if first.reference is None and stands:
        return first
    monthly = [first, *(on(parameter, day) for day in days[1:])]
    mid_year = monthly[6]
    weakest = max(monthly, key=lambda each: STATUSES.index(each.status))
    if not parameter.averaged or all(each.datum is mid_year.datum for each in monthly):
        return replace(weakest, datum=mid_year.datum)
    sources = "; ".join(dict.fromkeys(each.source for each in monthly))
    mean = _mean([each.datum for each in monthly], parameter)
    growth = float(np.mean([each.growth for each in monthly]))
    plausible = _mean_range(monthly)
    return replace(weakest, datum=mean, source=sources, growth=growth, plausible=plausible)


def _mean_range(monthly: list[ParameterValue]) -> PlausibleRange | None:
    """Return the range of a mean over months: the means of the ends; firm months have no width."""
    ranges = [each.plausible for each in monthly]
    stated = [each for each in ranges if each is not None]
    if not stated:
        return None
    first = stated[0]
    if any(each.form != first.form for each in stated):
        return stated[-1]
    sure = [1.0 if first.form == "factor" else float(np.mean(each.vector())) for each in monthly]
    ends = [
        (found.low, found.high) if found else (point, point)
        for found, point in zip(ranges, sure, strict=True)
    ]
    low = float(np.mean([low for low, _ in ends]))
    high = float(np.mean([high for _, high in ends]))
    basis = "; ".join(dict.fromkeys(each.basis for each in stated))
    return replace(first, low=low, high=high, basis=basis)


def _mean(data: list[Datum], parameter: Parameter) -> Datum:
    if isinstance(data[0], Schedule):
        schedules = [each for each in data if isinstance(each, Schedule)]
        if len({each.rates.size for each in schedules}) > 1:
            raise ParameterError(
                "{name}: the number of brackets changes within the year; ask for the law "
                "on a day instead",
                parameter.name,
            )
        return Schedule(
            np.mean([each.thresholds for each in schedules], axis=0),
            np.mean([each.rates for each in schedules], axis=0),
        )
    mean = np.mean(np.asarray(data, dtype=np.float64), axis=0)
    return mean if isinstance(data[0], np.ndarray) else float(mean)
