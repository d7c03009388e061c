"""Figures beyond their record, and the law of one day in the prices of another year.

A figure whose record has ended is carried forward: as it is (*nominal*), or grown with what the law
ties it to (*indexed*). A parameter names its reference by ``indexed_to``, another parameter. A
reference series names by ``grows_at`` the yearly rate that it grows at after its own record.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import numpy as np

from olive.engine.parameters import (
    FIRM_STATUSES,
    Datum,
    Parameter,
    ParameterValue,
    PlausibleRange,
    last_known_day,
    value_in,
    value_on,
)
from olive.engine.vocabulary import Schedule
from olive.errors import DateError, Faults, nearest, one_of
from olive.messages import joined

Carry = Literal["nominal", "indexed"]


@dataclass(frozen=True, slots=True)
class Carried:
    """How a figure came to a year for which it is not recorded.

    Attributes
    ----------
    since : date
        First day of the last figure that is known.
    reference : str or None
        Parameter that it has grown with; None when it stands as it was.
    growth : float
        What that has multiplied it by.
    """

    since: date
    reference: str | None = None
    growth: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """Values of parameters on a day or in a year, by one way of carrying them forward.

    Attributes
    ----------
    parameters : mapping of str to Parameter
    carry : {"nominal", "indexed"}
    """

    parameters: Mapping[str, Parameter]
    carry: Carry = "nominal"

    def on(self, parameter: Parameter, day: date) -> ParameterValue:
        """Return the value on a day."""
        value = value_on(parameter, day)
        if value.known_since is None:
            return value
        growth = self._growth(parameter, value.known_since, day)
        reference = parameter.indexed_to or parameter.grows_at
        doubt = value.plausible or _doubt(growth, value.known_since, reference, self.carry)
        if self.carry == "nominal" or reference is None:
            return replace(value, plausible=doubt)
        return _grown(replace(value, plausible=doubt), growth, reference, value.known_since)

    def within(self, parameter: Parameter, year: int) -> ParameterValue:
        """Return the mean over the months of a year."""
        return value_in(parameter, year, self.on)

    def uprated(
        self, parameter: Parameter, day: date, year: int, income: str | None
    ) -> ParameterValue:
        """Return the value of a day in the prices of a year.

        Amounts of money grow with their reference, or with ``income`` where the law names none; a
        reference series has its own figure of the year.
        """
        if parameter.grows_at is not None:
            return Carrier(self.parameters, "indexed").within(parameter, year)
        value = self.on(parameter, day)
        money = parameter.unit.startswith("yuan")
        name = parameter.indexed_to or (income if money else None)
        if name is None:
            return value
        reference = self.parameters[name]
        later = self.uprated(reference, day, year, income)
        growth = _level(later) / _level(self.on(reference, day))
        return _grown(value, growth, name, day)

    def _growth(self, parameter: Parameter, since: date, day: date) -> float:
        """Return what a figure known since one day would have grown by on another."""
        if parameter.grows_at is not None:
            rate = _level(self.on(self.parameters[parameter.grows_at], day))
            before_anniversary = (day.month, day.day) < (since.month, since.day)
            return float((1.0 + rate) ** (day.year - since.year - before_anniversary))
        if parameter.indexed_to is None:
            return 1.0
        reference = self.parameters[parameter.indexed_to]
        indexed = Carrier(self.parameters, "indexed")
        last = last_known_day(parameter, day)
        return _level(indexed.on(reference, day)) / _level(indexed.on(reference, last))


@dataclass(frozen=True, slots=True)
class Dating:
    """The day or year that figures are for, and how they come to it.

    Attributes
    ----------
    period : str
        The day ("2022-07-01"), or the year ("2023") over whose months figures are averaged.
    carry : {"nominal", "indexed"}
    uprated_to : int or None
        Year in whose prices the amounts of the day are given.
    income : str or None
        Parameter that amounts without a reference are uprated with.
    """

    period: str
    carry: Carry = "nominal"
    uprated_to: int | None = None
    income: str | None = None

    def __post_init__(self) -> None:
        one_of("carry", self.carry, get_args(Carry), DateError)

    def values(
        self, parameters: Mapping[str, Parameter], names: Iterable[str] | None = None
    ) -> dict[str, ParameterValue]:
        """Return the values of parameters, of all or of some by name."""
        carrier = Carrier(parameters, self.carry)
        chosen = parameters if names is None else {name: parameters[name] for name in names}
        if len(self.period) == len("2023"):
            year = int(self.period)
            return {name: carrier.within(each, year) for name, each in chosen.items()}
        day = date.fromisoformat(self.period)
        if self.uprated_to is None:
            return {name: carrier.on(each, day) for name, each in chosen.items()}
        return {
            name: carrier.uprated(each, day, self.uprated_to, self.income)
            for name, each in chosen.items()
        }


def faults_of_references(parameters: Mapping[str, Parameter], faults: Faults) -> None:
    """Add faults of ``indexed_to``, ``grows_at``, ``moves_with``: unknown, unlike, a circle."""
    graph: dict[str, list[str]] = {}
    for parameter in parameters.values():
        here = faults.at(f"{parameter.file}: {parameter.name}")
        entries = (parameter.kind, parameter.keys)
        if parameter.indexed_to and parameter.grows_at:
            here.note("give either `indexed_to` or `grows_at`, not both")
        for key in ("indexed_to", "grows_at", "moves_with"):
            name = getattr(parameter, key)
            if name is None:
                continue
            if key != "moves_with":
                graph.setdefault(parameter.name, []).append(name)
            other = parameters.get(name)
            if other is None:
                hint = nearest(name, parameters)
                here.note("{key} names unknown parameter {name!r}{hint}", key, name, hint)
            elif other.kind == "schedule" or (key == "grows_at" and other.kind != "scalar"):
                here.note("{key} names {name!r}, which is a {kind}", key, name, other.kind)
            elif key == "moves_with" and (other.kind, other.keys) != entries:
                here.note("{key} names {name!r}, which has other entries", key, name)
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        faults.note("references go round in a circle: {names}", joined(error.args[1], " -> "))


def _grown(value: ParameterValue, growth: float, reference: str, since: date) -> ParameterValue:
    """Return a value multiplied by the growth of its reference, with its range."""
    datum: Datum
    if isinstance(value.datum, Schedule):
        datum = Schedule(value.datum.thresholds * growth, value.datum.rates)
    else:
        datum = value.datum * growth
    plausible = value.plausible
    if plausible is not None and plausible.form == "value":
        plausible = replace(plausible, low=plausible.low * growth, high=plausible.high * growth)
    return replace(
        value,
        datum=datum,
        status="assumption" if value.status in {*FIRM_STATUSES, "derived"} else value.status,
        source=f"known since {since}, grown with {reference}: {value.source}",
        plausible=plausible,
        known_since=since,
        reference=reference,
        growth=growth,
    )


def _doubt(
    growth: float, since: date, reference: str | None, carry: Carry
) -> PlausibleRange | None:
    """Return the range of a figure carried forward: no rise at all, to twice the growth."""
    if reference is None or not growth > 1.0:
        return None
    basis = f"between no rise since {since} and twice the growth of {reference}"
    low, high = (1.0, growth**2) if carry == "nominal" else (1.0 / growth, growth)
    return PlausibleRange(low, high, basis, "factor")


def _level(value: ParameterValue) -> float:
    """Return a figure, or the mean of the entries of a table."""
    return float(np.mean(np.asarray(value.datum, dtype=np.float64)))
