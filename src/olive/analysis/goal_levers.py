"""What a goal-seek may move, and what it must reach: checked before any search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from olive.analysis.indicators import IndicatorMeasure, measures_of
from olive.engine import Operation
from olive.engine.parameter_ranges import check_range
from olive.engine.parameters import parameter_named
from olive.errors import DataError, Faults, nearest, one_of, shown, spelled
from olive.messages import Message, joined
from olive.native.given_numbers import is_finite, listed
from olive.statistics.money import tolerance

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.places.place import Place
    from olive.statistics.given_columns import FloatArray


_FORMS = ("value", "factor")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a parameter may be moved: between ``low`` and ``high``.

    Attributes
    ----------
    low, high : float
        In the parameter's unit; with ``form="factor"`` multiples of what is in force, for tables.
    form : {"value", "factor"}
    """

    low: float
    high: float
    form: Literal["value", "factor"] = "value"


@dataclass(frozen=True, slots=True)
class Span:
    """A lever: from what is in force (position 0) to the limits (-1 below, 1 above)."""

    parameter: str
    form: str
    low: float
    high: float
    now: float

    def value(self, position: float) -> float:
        """Return the figure at a position."""
        end = self.high if position >= 0.0 else self.low
        return self.now + abs(position) * (end - self.now)

    def operation(self, position: float) -> Operation:
        """Return the operation that moves the parameter to a position."""
        word: Literal["set", "multiply"] = "multiply" if self.form == "factor" else "set"
        return Operation(self.parameter, word, self.value(position), note="found by the search")

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the ends of the positions: 0 where a side has no room."""
        return (-1.0 if self.low < self.now else 0.0, 1.0 if self.high > self.now else 0.0)


def spans_of(policy: Policy, levers: Mapping[str, Limits | tuple[float, float]]) -> list[Span]:
    """Return the levers with what is in force.

    Raises
    ------
    DataError
        With every fault: unknown parameters, switches, limits that are no interval, lie outside
        the allowed range, or do not hold what is in force.
    """
    if not levers:
        raise DataError("give at least one lever, such as {'dibao_standard': (12_492, 20_000)}")
    spans = []
    faults = Faults()
    for name, given in levers.items():
        with faults.catching(DataError):
            spans.append(_span(policy, name, _limits(name, given)))
    faults.raise_as(DataError, "levers cannot be used:\n  {faults}")
    return spans


def _limits(name: str, given: Any) -> Limits:
    if isinstance(given, Limits):
        return given
    found = listed(given) or []
    if len(found) not in (2, 3):
        raise DataError("{name}: limits are (low, high), found {found}", name, shown(given))
    return Limits(*found)


def _span(policy: Policy, name: str, limits: Limits) -> Span:
    low, high, form = limits.low, limits.high, limits.form
    if form not in _FORMS:
        raise DataError(
            "{name}: limits are of form 'value' or 'factor', found {form!r}", name, form
        )
    parameter = parameter_named(spelled(name), policy.rules.parameters, DataError)
    datum = policy.values[name].datum
    if form == "value" and parameter.kind != "scalar":
        raise DataError(
            "{name} is not one number but several: give Limits(low, high, 'factor'), as in "
            "--lever {name}=x1:x1.5",
            name,
        )
    if not (is_finite(low) and is_finite(high) and low < high):
        raise DataError(
            "{name}: limits run from low to high, found {low}, {high}",
            name,
            shown(low),
            shown(high),
        )
    low, high = float(low), float(high)
    if parameter.unit in {"bool", "code"}:
        raise DataError(
            "{name} is a switch and cannot be moved by degrees; set it in a reform", name
        )
    now = 1.0 if form == "factor" else float(np.asarray(datum))
    if not low <= now <= high:
        raise DataError(
            "{name}: what is in force ({now:g}) lies outside the limits [{low:g}, {high:g}]",
            name,
            now,
            low,
            high,
        )
    scale = np.asarray(datum) if form == "factor" else np.float64(1.0)
    outside = Faults()
    outside.note_all(filter(None, (check_range(parameter, end * scale) for end in (low, high))))
    outside.raise_as()
    return Span(name, form, low, high, now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An indicator and the value that it must rise to, or come down to where less is better."""

    measure: IndicatorMeasure
    target: float

    @property
    def sign(self) -> float:
        """1 where more brings it nearer to the target, -1 where less does."""
        return -1.0 if self.measure.measure.of.less_is_better else 1.0

    def missing(self, found: FloatArray) -> FloatArray:
        """Return how far values are from the target; 0 and less where it is met."""
        missing = self.sign * (self.target - found)
        met = missing <= tolerance(self.target)
        return np.asarray(np.where(met, np.minimum(missing, 0.0), missing))

    def best(self, found: FloatArray) -> float:
        """Return the best of several values."""
        return float(self.sign * np.nanmax(self.sign * found))


def wanted_of(
    targets: Mapping[str, float] | None, definition: str, place: Place
) -> tuple[Wanted, ...]:
    """Return the indicators that must reach a value; by default the plan's targets.

    Raises
    ------
    DataError
        For an unknown definition or indicator, or a share that is no fraction of 1.
    """
    every = measures_of(place)
    known = {
        each.id: each
        for each in every
        if each.definition in {definition, "persons"} and "line" not in each.arguments
    }
    shares = [each.definition for each in every if "low" in each.arguments]
    one_of(Message("definition"), definition, dict.fromkeys(shares))
    given = (
        {name: each.target.value for name, each in known.items() if each.target is not None}
        if targets is None
        else dict(targets)
    )
    if not given:
        raise DataError("give at least one target, such as {'share_20_60': 0.45}")
    unknown = [name for name in given if name not in known]
    if unknown:
        raise DataError(
            "no indicator {name!r}{hint}; indicators are {known}",
            unknown[0],
            nearest(unknown[0], known),
            joined(known),
        )
    for name, value in given.items():
        if not (is_finite(value) and value > 0.0):
            raise DataError("target {name} is {value!r}; give a number above 0", name, value)
        if "low" in known[name].arguments and not 0.0 < value <= 1.0:
            raise DataError(
                "{name} is a share: its target is a fraction of 1, found {value!r}", name, value
            )
    return tuple(Wanted(known[name], float(value)) for name, value in given.items())
