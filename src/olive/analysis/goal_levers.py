"""What a goal-seek may move, and what it must reach: checked before any search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from olive.analysis.indicators import IndicatorMeasure, measures_of
from olive.engine import Operation
from olive.engine.arguments import is_finite
from olive.engine.parameter_ranges import check_range
from olive.errors import DataError, nearest, one_of
from olive.messages import Message, joined

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.places.place import Place


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
    faults: list[str] = []
    for name, given in levers.items():
        limits = given if isinstance(given, Limits) else Limits(*given)
        if limits.form not in _FORMS:
            faults.append(
                Message(
                    "{name}: limits are of form 'value' or 'factor', found {form!r}",
                    name=name,
                    form=limits.form,
                )
            )
            continue
        if name not in policy.values:
            faults.append(
                Message("no parameter {name!r}{hint}", name=name, hint=nearest(name, policy.values))
            )
            continue
        parameter, datum = policy.rules.parameters[name], policy.values[name].datum
        if limits.form == "value" and parameter.kind != "scalar":
            faults.append(
                Message(
                    "{name} is not one number but several: give Limits(low, high, 'factor'), as in "
                    "--lever {name}=x1:x1.5",
                    name=name,
                )
            )
            continue
        if not (math.isfinite(limits.low) and math.isfinite(limits.high)) or (
            limits.low >= limits.high
        ):
            faults.append(
                Message(
                    "{name}: limits run from low to high, found {low}, {high}",
                    name=name,
                    low=limits.low,
                    high=limits.high,
                )
            )
            continue
        if parameter.unit in {"bool", "code"}:
            faults.append(
                Message(
                    "{name} is a switch and cannot be moved by degrees; set it in a reform",
                    name=name,
                )
            )
            continue
        now = 1.0 if limits.form == "factor" else float(np.asarray(datum))
        if not limits.low <= now <= limits.high:
            faults.append(
                Message(
                    "{name}: what is in force ({now:g}) lies outside the limits [{low:g}, "
                    "{high:g}]",
                    name=name,
                    now=now,
                    low=limits.low,
                    high=limits.high,
                )
            )
            continue
        scale = np.asarray(datum) if limits.form == "factor" else np.float64(1.0)
        outside = [check_range(parameter, end * scale) for end in (limits.low, limits.high)]
        faults += [fault for fault in outside if fault]
        spans.append(Span(name, limits.form, limits.low, limits.high, now))
    if faults:
        raise DataError("levers cannot be used:\n  {faults}", faults=joined(faults, "\n  "))
    return spans


@dataclass(frozen=True, slots=True)
class Wanted:
    """An indicator and the value that it must at least reach."""

    measure: IndicatorMeasure
    target: float


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
            name=unknown[0],
            hint=nearest(unknown[0], known),
            known=joined(known),
        )
    for name, value in given.items():
        if not is_finite(value):
            raise DataError("target {name} is {value!r}; give a number", name=name, value=value)
        if "low" in known[name].arguments and not 0.0 < value <= 1.0:
            raise DataError(
                "{name} is a share: its target is a fraction of 1, found {value!r}",
                name=name,
                value=value,
            )
    return tuple(Wanted(known[name], float(value)) for name, value in given.items())
