"""Assumed figures that may lie elsewhere, and the policies in which they do.

A figure of the law is drawn once for both policies. A figure that the reform sets is drawn only
there; where the reform moves a drawn figure of the law (at least 13,000), it moves what is drawn.
Switches, and levers that the reform leaves open, are never drawn: they are moved one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from olive.analysis.assumed_figure import Assumed, Side
from olive.analysis.chosen_ranges import NEVER_DRAWN, Chosen, ranges_of, refuse_bare
from olive.analysis.still_figures import StillKind, still_kind
from olive.engine.intervals import ANYTHING, Interval
from olive.engine.parameters import FIRM_STATUSES, Parameter, ParameterValue, PlausibleRange
from olive.engine.policy import Policy
from olive.engine.reform import Reform
from olive.engine.relevance import can_move, can_move_alone
from olive.errors import DataError
from olive.messages import Message, joined
from olive.native.immutable import FrozenMapping

_BOTH_WAYS = PlausibleRange(0.0, 1.0, "a switch: off and on", shape="uniform")


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
    singly : tuple of Assumed
        Switches, set both ways, and levers that the reform leaves open, up to a plausible end;
        where they can move a wanted variable. Only moved one at a time.
    still : mapping of str to str
        What can move a wanted variable and is not drawn, with its kind (see `still_kind`).
    """

    before: Policy
    after: Policy
    reform: Reform
    drawn: tuple[Assumed, ...]
    idle: tuple[str, ...]
    singly: tuple[Assumed, ...]
    still: Mapping[str, StillKind]
    moving_before: frozenset[str] = frozenset()

    @cached_property
    def _along(self) -> tuple[tuple[str, str], ...]:
        """Figures that move with another one, and which that is."""
        parameters = self.before.rules.parameters.values()
        return tuple((each.name, each.moves_with) for each in parameters if each.moves_with)

    @cached_property
    def _again(self) -> tuple[Reform, frozenset[str]]:
        """What the reform does to figures of the law that are moved."""
        law = {each.name for each in (*self.drawn, *self.singly) if each.side == "law"}
        names = frozenset(law.intersection(self.reform.parameters))
        operations = [each for each in self.reform.operations if each.parameter in names]
        return Reform.from_operations(operations), names

    def policies(self, figures: Mapping[str, float], number: int) -> tuple[Policy, Policy]:
        """Return both policies with figures by label; the others stand as they are."""
        moved = [each for each in (*self.drawn, *self.singly) if each.label in figures]
        law = {each.name: each.at(figures[each.label]) for each in moved if each.side == "law"}
        along = {
            name: _carried_along(self.before.values, name, leader, law[leader])
            for name, leader in self._along
            if leader in law and name not in law
        }
        plan = {
            each.name: each.at(figures[each.label], self.before.values.get(each.name))
            for each in moved
            if each.side == "plan"
        }
        seen = along | {name: value for name, value in law.items() if name in self.moving_before}
        law |= along
        before = _moved(self.before, seen, f"before, draw {number}")
        reform, again = self._again
        anew = again.intersection(law)
        if anew:
            carried = (_moved(self.before, law, before.label) | reform).values
            law |= {name: carried[name] for name in anew}
        after = _moved(self.after, law | plan, f"after, draw {number}")
        return before, after


def assumptions(
    before: Policy, reform: Reform, wanted: Sequence[str], chosen: Chosen = None
) -> Assumptions:
    """Return the assumed figures of a policy and of a reform of it.

    Parameters
    ----------
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
    case = _case(before, reform, chosen)
    (moving,) = _moving([case], wanted)
    # What has no range stands still; it is told where it could move something by itself.
    alone = [
        can_move_alone(policy, wanted, [name for at, name in case.bare if at == side], ends)
        for side, policy, ends in case.sides
    ]
    found = _sorted_out(case, moving, alone)
    ranged = {each.name for each in (*case.found, *found.singly)}
    bare = {name for _, name in case.bare}
    refuse_bare(case.named, ranged, bare, case.after.rules.parameters)
    if not found.drawn and not found.singly:
        idle = found.idle
        raise DataError(
            "no assumed figure with a plausible range can move the incomes of either policy{idle}",
            Message(": {idle} moves nothing", joined(idle)) if idle else "",
        )
    return found


def drawn_assumptions(
    cases: Iterable[tuple[Policy, Reform]], wanted: Sequence[str]
) -> list[Assumptions]:
    """Return what is drawn of the assumed figures of many policies and reforms of them.

    What stands still or is moved one at a time only, which takes long to find, is left out. All
    cases are read together, which takes little longer than to read one.
    """
    every = [_case(before, reform) for before, reform in cases]
    return [
        _sorted_out(case, moving, (set(), set()))
        for case, moving in zip(every, _moving(every, wanted), strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """The figures of two policies that are neither law nor published: with a range, and bare."""

    before: Policy
    after: Policy
    reform: Reform
    named: Mapping[str, PlausibleRange | None]
    left_open: frozenset[str]
    found: Sequence[Assumed]
    bare: Sequence[tuple[Side, str]]

    @property
    def sides(self) -> tuple[tuple[Side, Policy, Mapping[str, Interval]], ...]:
        """Both policies, and between what each drawn figure lies there."""
        law, plan = _bounds_of(self.found, "law"), _bounds_of(self.found, "plan")
        # The plan keeps what the law assumes.
        return ("law", self.before, law), ("plan", self.after, law | plan)


def _case(before: Policy, reform: Reform, chosen: Chosen = None) -> _Case:
    after = before | reform
    named = ranges_of(chosen, before, after)
    # A figure that the reform leaves as it stands may still be one that it might move.
    stated = {
        each.parameter: each
        for each in reform.at(int(before.period[:4])).operations
        if each.is_assumed and each.plausible is not None
    }
    left_open = levers_left_open(before, after, reform) - stated.keys()
    opened = {
        name
        for name, value in after.values.items()
        if value.status not in FIRM_STATUSES
        and (name in stated or name in left_open or not value.same_as(before.values.get(name)))
    }
    found: list[Assumed] = []
    bare: list[tuple[Side, str]] = []
    sides: tuple[tuple[Side, Policy], ...] = (("law", before), ("plan", after))
    for side, policy in sides:
        for name, standing in policy.values.items():
            value = standing
            if name in left_open:
                if side == "law":
                    continue
            elif side == "plan" and value.same_as(before.values.get(name)):
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
            unasked = value.is_neutral and name not in named and name not in stated
            if plausible is None or parameter.unit in NEVER_DRAWN or unasked:
                bare.append((side, name))
            else:
                found.append(Assumed.of(side, parameter, value, plausible))
    return _Case(before, after, reform, named, left_open, found, bare)


def _moving(cases: Sequence[_Case], wanted: Sequence[str]) -> list[tuple[set[str], set[str]]]:
    """Return for each case which drawn figures can move what is wanted, before and after."""
    sides = [side for case in cases for side in case.sides]
    moving = can_move([policy for _, policy, _ in sides], wanted, [ends for *_, ends in sides])
    return list(zip(moving[::2], moving[1::2], strict=True))


def _sorted_out(case: _Case, moving: Sequence[set[str]], alone: Sequence[set[str]]) -> Assumptions:
    """Return what is drawn, idle, moved singly and still, given what can move before and after."""
    before, after, found, left_open = case.before, case.after, case.found, case.left_open
    # A figure of the law that the reform has its own doubt of moves nothing under the reform.
    own_doubt = {each.name for each in found if each.side == "plan"}
    drawn = tuple(
        each
        for each in found
        if each.name in moving[1 if each.side == "plan" else 0]
        or (each.name in moving[1] and each.name not in own_doubt)
    )
    moved = {each.name for each in drawn}
    # By identity: a name may stand twice, and comparing contents takes long where many are drawn.
    ids_of_drawn = {id(each) for each in drawn}
    acting = [
        (at, name)
        for at, name in case.bare
        if name in alone[0 if at == "law" else 1] and name not in moved
    ]
    values = {"law": before.values, "plan": after.values}
    parameters = after.rules.parameters
    singly = tuple(
        one
        for at, name in acting
        if (one := _alone(at, parameters[name], values[at][name], name in left_open))
    )
    kinds = {
        name: still_kind(parameters[name], values[at][name], left_open=name in left_open)
        for at, name in acting
    }
    still, moving_before = MappingProxyType(kinds), frozenset(moving[0] | alone[0])
    idle = tuple(dict.fromkeys(each.name for each in found if id(each) not in ids_of_drawn))
    return Assumptions(before, after, case.reform, drawn, idle, singly, still, moving_before)


def levers_left_open(before: Policy, after: Policy, reform: Reform) -> frozenset[str]:
    """Return the levers that a reform names and leaves at their neutral value."""
    named = {each.parameter for each in reform.at(int(before.period[:4])).operations}
    return frozenset(
        name
        for name in named
        if name in before.values
        and before.values[name].is_neutral
        and after.values[name].same_as(before.values[name])
    )


def _alone(
    side: Side, parameter: Parameter, value: ParameterValue, left_open: bool
) -> Assumed | None:
    """Return a figure that is moved one at a time only: a switch, or a lever left open."""
    if parameter.kind != "scalar" or parameter.unit == "code":
        return None
    if parameter.unit == "bool":
        return Assumed.of(side, parameter, value, _BOTH_WAYS)
    if left_open and value.plausible is not None:
        return Assumed.of(side, parameter, value, value.plausible)
    return None


def _moved(policy: Policy, figures: Mapping[str, ParameterValue], label: str) -> Policy:
    return replace(policy, values=FrozenMapping({**policy.values, **figures}), label=label)


def _carried_along(
    values: Mapping[str, ParameterValue], name: str, leader: str, moved: ParameterValue
) -> ParameterValue:
    """Return a figure moved by the factor that another one was moved by."""
    factor = np.asarray(moved.datum) / np.asarray(values[leader].datum)
    datum: Any = np.asarray(values[name].datum) * factor
    return replace(values[name], datum=datum if np.ndim(datum) else float(datum))


def _bounds_of(found: Sequence[Assumed], side: Side) -> dict[str, Interval]:
    """Return between what each figure lies that is drawn for a side alone."""
    bounds = {}
    for each in found:
        if each.side == side and each.parameter.kind == "schedule":
            bounds[each.name] = ANYTHING
        elif each.side == side:
            ends = [np.asarray(each.datum(end)).ravel() for end in (each.low, each.high)]
            entries = np.concatenate(ends)
            bounds[each.name] = Interval(entries.min(keepdims=True), entries.max(keepdims=True))
    return bounds
