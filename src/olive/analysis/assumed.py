"""Assumed figures that may lie elsewhere, and the policies in which they do.

A figure of the law is drawn once for both policies. A figure that the reform sets is drawn only
there; where the reform moves a drawn figure of the law (at least 13,000), it moves what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import stats

from olive.engine.intervals import ANYTHING, Interval
from olive.engine.liveness import can_move, can_move_alone
from olive.engine.parameters import (
    FIRM_STATUSES,
    Parameter,
    ParameterValue,
    PlausibleRange,
    check_plausible,
)
from olive.engine.policy import Policy
from olive.engine.reform import Reform
from olive.engine.vocabulary import Schedule
from olive.errors import DataError, OliveError, nearest
from olive.messages import Message, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

Side = Literal["law", "plan"]
Chosen = Iterable[str] | Mapping[str, PlausibleRange | tuple[float, float] | None] | None

GIVEN = "given by the user"
_NEVER_DRAWN = frozenset({"bool", "code"})


@dataclass(frozen=True, slots=True)
class Assumed:
    """A figure that is neither law nor published, with the ends between which it may lie.

    Attributes
    ----------
    name : str
        Of the parameter.
    side : {"law", "plan"}
        Whether the law leaves the figure open (it is drawn for both policies) or the reform.
    parameter : Parameter
    value : ParameterValue
        What the policies have.
    plausible : PlausibleRange
    low, figure, high : float
        In the parameter's unit; around 1, multiples of the entries of a table or of the rates of
        a schedule.
    stretched : bool
        Whether the figure lay outside its range, which was stretched to hold it.
    """

    name: str
    side: Side
    parameter: Parameter
    value: ParameterValue
    plausible: PlausibleRange
    low: float
    figure: float
    high: float
    stretched: bool = False

    def quantile(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the figures below which it lies with given probabilities.

        Triangular with the mode at the figure itself, or uniform.
        """
        width = self.high - self.low
        if self.plausible.shape == "uniform":
            return self.low + probability * width
        mode = (self.figure - self.low) / width
        found: NDArray[np.float64] = stats.triang.ppf(probability, mode, self.low, width)
        return found

    def at(self, figure: float, before: ParameterValue | None = None) -> ParameterValue:
        """Return the value with the figure drawn, within the allowed range.

        Entries of a table that stand as ``before`` stay; of a schedule the rates are multiplied.
        """
        old = self.value.datum
        if isinstance(old, Schedule):
            scaled = Schedule(old.thresholds, old.rates * figure)
            return ParameterValue(scaled, self.value.status, self.value.source)
        datum: Any = figure
        if self.parameter.kind == "table":
            datum = np.asarray(old, dtype=np.float64) * figure
            if before is not None:
                datum = np.where(old == before.datum, old, datum)
        low, high = self.parameter.minimum, self.parameter.maximum
        if isinstance(low, int | float):
            datum = np.maximum(datum, low)
        if isinstance(high, int | float):
            datum = np.minimum(datum, high)
        drawn = np.array(datum, dtype=np.float64) if np.ndim(datum) else float(datum)
        return ParameterValue(drawn, self.value.status, self.value.source)

    @property
    def unit(self) -> str:
        """Unit of the ends; "x" where they are multiples of many figures."""
        return self.parameter.unit if self.parameter.kind == "scalar" else "x"

    @property
    def label(self) -> str:
        """The parameter's name, and which side leaves it open where that is the reform."""
        return self.name if self.side == "law" else f"{self.name} (plan)"


@dataclass(frozen=True, eq=False)
class Assumptions:
    """All figures of two policies that are neither law nor published.

    Attributes
    ----------
    before, after : Policy
    reform : Reform
        What leads from the one to the other.
    drawn : tuple of Assumed
        Those with a plausible range that can move a wanted variable.
    idle : tuple of str
        Those with a plausible range that can move nothing.
    unranged : tuple of str
        Those that can move a wanted variable and have no plausible range: they stand still.
    """

    before: Policy
    after: Policy
    reform: Reform
    drawn: tuple[Assumed, ...]
    idle: tuple[str, ...]
    unranged: tuple[str, ...]
    moving_before: frozenset[str] = frozenset()

    @cached_property
    def _again(self) -> tuple[Reform, frozenset[str]]:
        """What the reform does to figures of the law that are drawn."""
        law = {each.name for each in self.drawn if each.side == "law"}
        names = frozenset(law.intersection(self.reform.parameters))
        operations = [each for each in self.reform.operations if each.parameter in names]
        return Reform.from_operations(operations), names

    def policies(self, figures: Mapping[str, float], number: int) -> tuple[Policy, Policy]:
        """Return both policies with figures by label of `drawn`; the others stand as they are."""
        law = {
            each.name: each.at(figures[each.label])
            for each in self.drawn
            if each.side == "law" and each.label in figures
        }
        plan = {
            each.name: each.at(figures[each.label], self.before.values.get(each.name))
            for each in self.drawn
            if each.side == "plan" and each.label in figures
        }
        seen = {name: value for name, value in law.items() if name in self.moving_before}
        before = Policy(
            self.before.rules,
            MappingProxyType({**self.before.values, **seen}),
            f"before, draw {number}",
            self.before.period,
        )
        reform, again = self._again
        moved = again.intersection(law)
        if moved:
            base = replace(before, values=MappingProxyType({**self.before.values, **law}))
            carried = (base | reform).values
            law |= {name: carried[name] for name in moved}
        after = Policy(
            self.after.rules,
            MappingProxyType({**self.after.values, **law, **plan}),
            f"after, draw {number}",
            self.after.period,
        )
        return before, after


def assumptions(
    before: Policy,
    reform: Reform,
    wanted: Sequence[str],
    chosen: Chosen = None,
) -> Assumptions:
    """Return the assumed figures of a policy and of a reform of it.

    Parameters
    ----------
    before : Policy
    reform : Reform
    wanted : sequence of str
        Variables whose movement counts.
    chosen : sequence of str, or mapping of str to range, optional
        Parameters to draw, all by default. A mapping may give a range of one's own, also to a
        figure of the law.

    Raises
    ------
    DataError
        When there is no such parameter (names the nearest), a chosen one has no range, a range
        has no width or leaves what is allowed, or nothing that is drawn can move anything.
    """
    after = before | reform
    named = _checked(chosen, before, after)
    # A figure that the reform leaves as it stands may still be one that it might move.
    stated = {
        each.parameter: each
        for each in reform.at(int(before.period[:4])).operations
        if each.is_assumed and each.plausible is not None
    }
    opened = {
        name
        for name, value in after.values.items()
        if value.status not in FIRM_STATUSES
        and (name in stated or not _alike(value, before.values.get(name)))
    }
    found: list[Assumed] = []
    bare: list[tuple[Side, str]] = []
    sides: tuple[tuple[Side, Policy], ...] = (("law", before), ("plan", after))
    for side, policy in sides:
        for name, standing in policy.values.items():
            value = standing
            if side == "plan" and _alike(value, before.values.get(name)):
                if name not in stated:
                    continue
                value = replace(value, plausible=stated[name].plausible, status=stated[name].status)
            # A range of the user's own goes to the reform where it leaves the figure open.
            own = named.get(name) if side == "plan" or name not in opened else None
            firm = value.status in FIRM_STATUSES
            if (firm and (own is None or side == "plan")) or (named and name not in named):
                continue
            parameter = policy.rules.parameters[name]
            plausible = own or value.plausible
            if plausible is None or parameter.unit in _NEVER_DRAWN:
                bare.append((side, name))
            else:
                found.append(_assumed(name, side, parameter, value, plausible))
    bounds = [_bounds_of(found, side) for side, _ in sides]
    moving = [
        can_move(policy, wanted, ends) for ends, (_, policy) in zip(bounds, sides, strict=True)
    ]
    # What has no range stands still; it is told where it could move something by itself.
    open_ = [
        can_move_alone(policy, wanted, [name for at, name in bare if at == side], ends)
        for ends, (side, policy) in zip(bounds, sides, strict=True)
    ]
    drawn = tuple(each for each in found if each.name in moving[0] | moving[1])
    moved = {each.name for each in drawn}
    still = dict.fromkeys(name for _, name in bare if name in (open_[0] | open_[1]) - moved)
    idle = dict.fromkeys(each.name for each in found if each not in drawn)
    if named:
        _refuse_bare(named, found, bare)
    if not drawn:
        raise DataError(
            "no assumed figure with a plausible range can move the incomes of either policy{idle}",
            idle=Message(": {idle} moves nothing", idle=joined(idle)) if idle else "",
        )
    return Assumptions(
        before, after, reform, drawn, tuple(idle), tuple(still), frozenset(moving[0])
    )


def _checked(chosen: Chosen, before: Policy, after: Policy) -> dict[str, PlausibleRange | None]:
    """Return the chosen parameters with ranges of the user's own."""
    if chosen is None:
        return {}
    if isinstance(chosen, str):
        raise DataError(
            "parameters is one text; give a list: parameters=[{chosen!r}]", chosen=chosen
        )
    given = dict(chosen) if isinstance(chosen, Mapping) else dict.fromkeys(chosen)
    if not given:
        raise DataError("parameters names none; leave it out to draw all of them")
    known = {**before.rules.parameters, **after.rules.parameters}
    found: dict[str, PlausibleRange | None] = {}
    for name, ends in given.items():
        if name not in known:
            raise DataError(
                "no parameter {name!r}{hint}", name=name, hint=nearest(str(name), known)
            )
        found[name] = None if ends is None else _range_of(name, ends, known[name])
    return found


def _range_of(name: str, ends: Any, parameter: Parameter) -> PlausibleRange:
    """Return a range of the user's own.

    Raises
    ------
    DataError
        When it is none, has no width, or leaves what is allowed.
    """
    found = ends
    if not isinstance(found, PlausibleRange):
        try:
            low, high = (float(end) for end in ends)
        except (TypeError, ValueError) as error:
            raise DataError(
                "{name}: a range is (low, high) or a PlausibleRange, found {ends!r}",
                name=name,
                ends=ends,
            ) from error
        try:
            found = PlausibleRange(
                low, high, GIVEN, "value" if parameter.kind == "scalar" else "factor"
            )
        except OliveError as error:
            raise DataError("{name}: {error}", name=name, error=error) from error
    fault = check_plausible(parameter, found)
    if fault:
        raise DataError(fault)
    if parameter.kind != "scalar" and not found.low <= 1.0 <= found.high:
        raise DataError(
            "{name} is a {kind}: its range is in multiples of its figures, around 1, "
            "found [{low:g}, {high:g}]",
            name=name,
            kind=parameter.kind,
            low=found.low,
            high=found.high,
        )
    return found


def _alike(value: ParameterValue, other: ParameterValue | None) -> bool:
    return other is not None and (
        value is other or value.vector().tobytes() == other.vector().tobytes()
    )


def _assumed(
    name: str, side: Side, parameter: Parameter, value: ParameterValue, plausible: PlausibleRange
) -> Assumed:
    figure = float(np.asarray(value.datum)) if parameter.kind == "scalar" else 1.0
    low, high = plausible.ends(figure)
    if not low < high:
        raise DataError(
            "{name}: the figure is {figure:g}, so the range of multiples [{low:g}, "
            "{high:g}] has no width; give it as values",
            name=name,
            figure=figure,
            low=plausible.low,
            high=plausible.high,
        )
    outside = not low <= figure <= high
    return Assumed(
        name,
        side,
        parameter,
        value,
        plausible,
        min(low, figure),
        figure,
        max(high, figure),
        outside,
    )


def _bounds_of(found: Sequence[Assumed], side: Side) -> dict[str, Interval]:
    """Return between what each drawn figure lies, in the policy of a side."""
    sides = {"law"} if side == "law" else {"law", "plan"}  # the plan keeps what the law assumes
    bounds = {}
    for each in found:
        if each.side in sides and each.parameter.kind == "schedule":
            bounds[each.name] = ANYTHING
        elif each.side in sides:
            ends = [each.at(end).datum for end in (each.low, each.high)]
            entries = np.concatenate([np.atleast_1d(np.asarray(end)) for end in ends])
            bounds[each.name] = Interval(entries.min(keepdims=True), entries.max(keepdims=True))
    return bounds


def _refuse_bare(
    named: Mapping[str, Any], found: Sequence[Assumed], bare: Sequence[tuple[Side, str]]
) -> None:
    ranged = {each.name for each in found}
    for name in named:
        if name not in ranged:
            why = (
                "has no plausible range"
                if name in {each for _, each in bare}
                else "is law or published"
            )
            raise DataError(
                "{name} {why}; give it one: parameters={{{name!r}: (low, high)}}, in its unit",
                name=name,
                why=why,
            )
