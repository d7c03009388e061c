"""Dated, sourced parameters: definitions and their value on a day or over a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from olive.engine.vocabulary import Schedule
from olive.errors import DateError, ParameterError

ParameterKind = Literal["scalar", "table", "schedule"]
Datum = float | NDArray[np.float64] | Schedule

# From certain to unknown. A value averaged over a year has the weakest status of its months.
STATUSES = (
    "law",
    "published",
    "derived",
    "recalled",
    "proxy",
    "assumption",
    "missing",
)
FIRM_STATUSES = frozenset({"law", "published"})


@dataclass(frozen=True, slots=True, eq=False)
class DatedValue:
    """A value from a day on; ``datum`` is None where the record has a gap."""

    start: date
    datum: Datum | None
    status: str
    source: str
    url: str | None

    def __post_init__(self) -> None:
        _freeze(self.datum)


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
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
    minimum, maximum : float, str or None
        Allowed range; a name is another parameter.
    known_to : date
        Last day for which the record is known to be complete.
    history : tuple of DatedValue
        Ascending by start.
    note, file : str
        Explanation; the file that defines it.
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

    @property
    def averaged(self) -> bool:
        """Whether a year's value is the mean over its months (switches and codes are not)."""
        return self.unit not in {"bool", "code"}


@dataclass(frozen=True, slots=True, eq=False)
class ParameterValue:
    """What a parameter is under one policy, with the status and source of that figure."""

    datum: Datum
    status: str
    source: str

    def __post_init__(self) -> None:
        _freeze(self.datum)

    def vector(self) -> NDArray[np.float64]:
        """Return the value as a flat array (thresholds, then upper ends, then rates)."""
        if isinstance(self.datum, Schedule):
            upper = np.append(self.datum.thresholds[1:], np.inf)
            return np.concatenate([self.datum.thresholds, upper, self.datum.rates])
        return np.asarray(self.datum, dtype=np.float64).ravel()


def _freeze(datum: Datum | None) -> None:
    """Make a table read-only: policies share it."""
    if isinstance(datum, np.ndarray):
        datum.flags.writeable = False


def value_on(parameter: Parameter, day: date) -> ParameterValue:
    """Return the value in force on a day.

    Raises
    ------
    DateError
        When the day is before the first value.
    """
    if day < parameter.history[0].start:
        message = (
            f"{parameter.name}: no value on {day}; the law is recorded from "
            f"{parameter.history[0].start} on"
        )
        raise DateError(message)
    current: DatedValue | None = None
    status, source = "", ""
    for entry in parameter.history:
        if entry.start > day:
            break
        if entry.datum is None:
            status, source = "assumption", f"carried forward: {entry.source}"
        else:
            current, status, source = entry, entry.status, entry.source
    if current is None or current.datum is None:
        message = f"{parameter.name}: the first value must not be missing"
        raise ParameterError(message)
    if day > parameter.known_to and status in {"law", "published", "derived", "recalled"}:
        status = "assumption"
        source = f"carried forward after {parameter.known_to}: {source}"
    return ParameterValue(current.datum, status, source)


def value_in(parameter: Parameter, year: int) -> ParameterValue:
    """Return the mean of the values in force on the first day of each month of a year.

    Switches and codes take their value on 1 July.
    """
    monthly = [value_on(parameter, date(year, month, 1)) for month in range(1, 13)]
    mid_year = monthly[6]
    if not parameter.averaged or all(each.datum is mid_year.datum for each in monthly):
        weakest = max(monthly, key=lambda each: STATUSES.index(each.status))
        return ParameterValue(mid_year.datum, weakest.status, weakest.source)
    weakest = max(monthly, key=lambda each: STATUSES.index(each.status))
    sources = "; ".join(dict.fromkeys(each.source for each in monthly))
    return ParameterValue(
        _mean([each.datum for each in monthly], parameter), weakest.status, sources
    )


def _mean(data: list[Datum], parameter: Parameter) -> Datum:
    if isinstance(data[0], Schedule):
        schedules = [each for each in data if isinstance(each, Schedule)]
        if len({each.rates.size for each in schedules}) > 1:
            message = (
                f"{parameter.name}: the number of brackets changes within the year; "
                "ask for the law on a day instead"
            )
            raise ParameterError(message)
        return Schedule(
            np.mean([each.thresholds for each in schedules], axis=0),
            np.mean([each.rates for each in schedules], axis=0),
        )
    mean = np.mean(np.asarray(data, dtype=np.float64), axis=0)
    return mean if isinstance(data[0], np.ndarray) else float(mean)


def check_range(
    parameter: Parameter, datum: Datum, values: Mapping[str, ParameterValue] | None = None
) -> str | None:
    """Return what is wrong with a value, or None.

    A bound that names another parameter is checked when ``values`` holds that parameter.
    """
    low = _bound(parameter.minimum, values)
    high = _bound(parameter.maximum, values)
    checked = datum.rates if isinstance(datum, Schedule) else np.asarray(datum, dtype=np.float64)
    if not np.isfinite(checked).all():
        return f"{parameter.name}: values must be finite numbers"
    if parameter.unit == "bool" and not np.isin(checked, (0.0, 1.0)).all():
        return f"{parameter.name}: must be true or false, found {checked.tolist()}"
    if isinstance(datum, Schedule):
        if not datum.rates.size or not np.isfinite(datum.thresholds).all():
            return f"{parameter.name}: at least one threshold is needed, all finite numbers"
        if (np.diff(datum.thresholds) <= 0).any():
            return f"{parameter.name}: thresholds must ascend, found {datum.thresholds.tolist()}"
        return None
    if (low is not None and (checked < low).any()) or (high is not None and (checked > high).any()):
        found = checked.tolist()
        shown = f"{found:.12g}" if isinstance(found, float) else str(found)
        return (
            f"{parameter.name}: {shown} is outside the allowed range "
            f"[{_shown(parameter.minimum, low)}, {_shown(parameter.maximum, high)}]"
            + ("" if parameter.unit in {"1", "bool", "code"} else f" {parameter.unit}")
        )
    return None


def _bound(
    bound: float | str | None, values: Mapping[str, ParameterValue] | None
) -> float | NDArray[np.float64] | None:
    if isinstance(bound, str):
        if values is None or bound not in values:
            return None
        datum = values[bound].datum
        return None if isinstance(datum, Schedule) else datum
    return bound


def _shown(bound: float | str | None, value: float | NDArray[np.float64] | None) -> str:
    if bound is None:
        return "any"
    if isinstance(bound, str):
        return f"{bound} = {value}"
    return f"{bound:.12g}"
