"""What a policy's parameters make irrelevant: places for nobody need no count of candidates.

Each expression is read on intervals: a parameter is a point, a draw lies in [0, 1), everything
else may be any number. Where the result is a point whatever the rest is (``0 * x``, ``draw < 0``,
a branch that is never taken), the rest is not needed. So the law alone, and one household alone,
need no total over the population of a programme that is switched off.

Policies of the same rules are read together, one place of each array a policy, and what they
have in common is worked out once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.expression import (
    WAY,
    Applied,
    Constant,
    LeastOf,
    LookupOf,
    Name,
    Node,
    ScheduleOf,
)
from olive.engine.intervals import ANYTHING, UNIT, Interval, Mask, Places, applied, point
from olive.engine.policy import Policy
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, PopulationRule
from olive.engine.ruleset import RuleSet

# What an expression depends on, and under which policies.
Needs = dict[str, Mask]
Read = tuple[Interval, Needs]  # where values lie, and what they can depend on

_ALWAYS: Mask = np.array([True])
# What was read of a formula, by its node, beside which it is kept so that its id stays its own, and
# by where the names lie that it reads: policies differ in few of them, and models ask for one value
# again and again. Readings of many policies at the same time are not remembered.
_formulas: dict[tuple[object, ...], tuple[Node, Read]] = {}
_REMEMBERED_PLACES = 16
_REMEMBERED_READINGS = 50_000
# Variables around totals (see `Reading._around_totals`), by what is given and by the id of their
# rules, beside which they are kept too: the years of a projection share their rules.
_around: dict[tuple[int, frozenset[str]], tuple[RuleSet, list[str], list[str]]] = {}
_REMEMBERED_AROUND = 32
# Readings of policies that are about to be run few at a time.
_together: list[Reading] = []
_ZERO_STAYS_ZERO = {"sum", "max", "min", "any"}


def reading_of(policies: Sequence[Policy], given: Collection[str]) -> Reading:
    """Return the reading of policies that share their rules."""
    anew = Reading(policies[0].rules, frozenset(given), policies, {})
    for each in _together:
        part = each.part_for(anew)
        if part is not None:
            return part
    return anew


@contextmanager
def read_together(
    policies: Iterable[Policy], wanted: Sequence[str], given: Collection[str]
) -> Iterator[None]:
    """Read at once all policies that are then run few at a time: it takes little longer than few.

    >>> with read_together([], [], ()):
    ...     pass
    """
    groups: dict[int, list[Policy]] = {}
    for policy in policies:
        groups.setdefault(id(policy.rules), []).append(policy)
    readings = [reading_of(group, given) for group in groups.values()]
    for each in readings:
        each.pending(wanted)
    _together.extend(readings)
    try:
        yield
    finally:
        for each in readings:
            _together.remove(each)


def where_stands(policies: Sequence[Policy], name: str) -> Interval:
    """Return where a parameter lies: one place where all policies have the same value."""
    first = policies[0]
    parameter = first.rules.parameters.get(name)
    if parameter is None or parameter.kind == "schedule":
        return ANYTHING
    value = first.values[name]
    same = all(each.values[name] is value for each in policies)
    data = [each.values[name].datum for each in (policies[:1] if same else policies)]
    if parameter.kind == "scalar":
        low = high = np.array(data, dtype=np.float64)
    else:
        entries = [np.asarray(each, dtype=np.float64) for each in data]
        low = np.array([each.min() for each in entries])
        high = np.array([each.max() for each in entries])
    return Interval(low, high)


def at_place(mask: Mask | None, place: int) -> bool:
    """Return what a mask says of one policy."""
    return mask is not None and bool(mask[place % mask.size])


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Intervals of variables under policies that share their rules, and what each needs.

    Attributes
    ----------
    rules : RuleSet
    given : frozenset of str
        Variables that are not computed.
    policies : sequence of Policy
    bounds : mapping of str to Interval
        Where each total that is known lies, and each parameter that does not stand as the
        policies have it.
    known, needed : dict
        Intervals, and what each variable needs, as far as they are worked out.
    """

    rules: RuleSet
    given: frozenset[str]
    policies: Sequence[Policy]
    bounds: Mapping[str, Interval]
    known: dict[str, Interval] = field(default_factory=dict)
    needed: dict[str, Needs] = field(default_factory=dict)

    def part_for(self, anew: Reading) -> Reading | None:
        """Return a reading with what is known here; None where its policies are not among these."""
        if self.rules is not anew.rules or (self.given ^ anew.given) & self.rules.rules.keys():
            return None
        place_of = {id(each.values): place for place, each in enumerate(self.policies)}
        places = [place_of.get(id(each.values), -1) for each in anew.policies]
        if -1 in places:
            return None

        def part(values: NDArray[Any]) -> NDArray[Any]:
            return values if values.size == 1 else values[places]

        known = {
            name: found if found is ANYTHING else Interval(part(found.low), part(found.high))
            for name, found in self.known.items()
        }
        needed = {
            name: {each: mask if mask is _ALWAYS else part(mask) for each, mask in needs.items()}
            for name, needs in self.needed.items()
        }
        return replace(anew, known=known, needed=needed)

    def settled(self, totals: Mapping[str, Places]) -> Reading:
        """Return the reading in which totals are known where they are numbers (NaN: unknown).

        Only what a total of nothing decides is read anew: elsewhere where values lay before holds
        still, and to read all that rests on a total again takes longer than to sum one in vain.
        """
        known = {}
        for name, values in totals.items():
            before = self.interval(name)
            lost = np.isnan(values)
            known[name] = Interval(
                np.where(lost, before.low, values), np.where(lost, before.high, values)
            )
        stale = {name for name, values in totals.items() if not values.all()}
        for name, rule in self.rules.rules.items():
            if name not in stale and not stale.isdisjoint(rule.arguments):
                stale.add(name)
        stale |= totals.keys()
        return replace(
            self,
            bounds={**self.bounds, **known},
            known={name: found for name, found in self.known.items() if name not in stale},
            needed={name: found for name, found in self.needed.items() if name not in stale},
        )

    @property
    def totals(self) -> list[str]:
        """Names of the population totals."""
        rules = self.rules.rules
        return [name for name, rule in rules.items() if isinstance(rule, PopulationRule)]

    def pending(self, wanted: Iterable[str]) -> dict[str, Mask]:
        """Return the totals behind wanted variables that can be summed next, and for which policy.

        These are the totals whose own source depends on no other total. Totals that cannot matter
        under a policy's parameters, those of programmes switched off, are left out.
        """
        above, between = self._around_totals()
        masks = self.reached(wanted, within=above)
        blocked: dict[str, Mask] = {}
        ready = {}
        for name in between:
            if name not in masks:
                continue
            behind = np.zeros(1, dtype=np.bool_)
            for each, mask in self.needs(name).items():
                if each in blocked:
                    behind = behind | (mask & blocked[each])
            if self._is_total(name):
                open_ = masks[name] & ~self.interval(name).is_point
                open_ = open_ & ~behind
                if np.count_nonzero(open_):
                    ready[name] = open_
                behind = ~self.interval(name).is_point
            if np.count_nonzero(behind):
                blocked[name] = behind
        return ready

    def _around_totals(self) -> tuple[list[str], list[str]]:
        """Return totals and what rests on any, and those of these that a total rests on."""
        key = (id(self.rules), self.given)
        remembered = _around.get(key)  # once: another thread may clear them at any moment
        if remembered is not None:
            return remembered[1:]
        above: dict[str, None] = {}
        below: set[str] = set()
        arguments = {name: rule.arguments for name, rule in self.rules.rules.items()}
        for name, names in arguments.items():
            if self._is_total(name) or not above.keys().isdisjoint(names):
                above[name] = None
        for name in reversed(above):
            if self._is_total(name) or name in below:
                below.update((name, *arguments[name]))
        between = [name for name in above if name in below]
        if len(_around) >= _REMEMBERED_AROUND:
            _around.clear()
        _around[key] = self.rules, list(above), between
        return list(above), between

    def under(
        self, place: int, wanted: Iterable[str], *, through: bool = True, only_totals: bool = False
    ) -> set[str]:
        """Return what can matter for the wanted variables under one of the policies."""
        return {
            name
            for name, mask in self.reached(wanted, through=through).items()
            if at_place(mask, place) and (not only_totals or self._is_total(name))
        }

    def reached(
        self, wanted: Iterable[str], *, through: bool = True, within: Sequence[str] | None = None
    ) -> Needs:
        """Return everything that can matter for the wanted variables, and under which policies.

        ``through`` says whether what is behind totals is followed too, ``within`` what alone
        is followed, each after what it reads.
        """
        found: Needs = dict.fromkeys(wanted, _ALWAYS)
        for name in reversed(list(self.rules.rules) if within is None else within):
            if name not in found or (not through and self._is_total(name)):
                continue
            for each, mask in self.needs(name).items():
                before = found.get(each)
                if before is _ALWAYS:
                    continue
                reaching = mask if found[name] is _ALWAYS else found[name] & mask
                if before is None or reaching is _ALWAYS:
                    if reaching is _ALWAYS or np.count_nonzero(reaching):
                        found[each] = reaching
                else:
                    found[each] = before | reaching
        return found

    def _is_total(self, name: str) -> bool:
        return isinstance(self.rules.rules.get(name), PopulationRule) and name not in self.given

    def needs(self, name: str) -> Needs:
        """Return what the variable reads and cannot do without."""
        if name not in self.known:
            self.interval(name)
        return self.needed.get(name, {})

    def interval(self, name: str) -> Interval:
        """Return where the values of a variable, column or scalar parameter lie."""
        if name not in self.known:
            self.known[name] = self._found(name)
        return self.known[name]

    def _found(self, name: str) -> Interval:
        rule = self.rules.rules.get(name)
        if name in self.given:
            return ANYTHING
        if rule is None:
            return self.bounds.get(name) or where_stands(self.policies, name)
        if isinstance(rule, FormulaRule) and name in self.rules.nodes:
            found, self.needed[name] = self._of_formula(self.rules.nodes[name], rule.arguments)
            return found
        found = ANYTHING
        if name in self.bounds:
            found = self.bounds[name]
        elif isinstance(rule, DrawRule):
            found = UNIT
        elif isinstance(rule, PointerRule | PopulationRule) or (
            isinstance(rule, GroupRule) and rule.operation in _ZERO_STAYS_ZERO
        ):
            zero = self.interval(rule.source).is_only(0.0)
            if np.count_nonzero(zero):
                found = Interval(np.where(zero, 0.0, -np.inf), np.where(zero, 0.0, np.inf))
        needed = _ALWAYS if found is ANYTHING else ~found.is_point
        self.needed[name] = dict.fromkeys(rule.arguments, needed)
        return found

    def _of_formula(self, node: Node, names: Sequence[str]) -> Read:
        """Read a formula, or remember what came of it when all that it reads lay where it does."""
        read = [self.interval(name) for name in names]
        if any(each.low.size > _REMEMBERED_PLACES for each in read):
            with np.errstate(all="ignore"):
                return self._read(node, {})
        key = (id(node), *(_content(each) for each in read))
        known = _formulas.get(key)  # once: another thread may clear them at any moment
        if known is None:
            if len(_formulas) >= _REMEMBERED_READINGS:
                _formulas.clear()
            with np.errstate(all="ignore"):
                known = _formulas[key] = node, self._read(node, {})
        return known[1]

    def _read(self, node: Node, seen: dict[int, Read]) -> Read:
        """Return where the values of an expression lie, and the names that they can depend on.

        A part that stands in a formula several times is one object, and read once.
        """
        if id(node) not in seen:
            seen[id(node)] = self._read_anew(node, seen)
        return seen[id(node)]

    def _read_anew(self, node: Node, seen: dict[int, Read]) -> Read:
        match node:
            case Constant(value):
                return point(float(value)), {}
            case Name(name):
                found = self.interval(name)
                return found, _open({name: _ALWAYS}, found)
            case ScheduleOf(amount, parameter):
                _, needs = self._read(amount, seen)
                return ANYTHING, needs | {parameter: _ALWAYS}
            case LookupOf(parameter, codes):
                found = self.interval(parameter)
                parts = [self._read(code, seen)[1] for code in codes]
                return found, _open(_joined([{parameter: _ALWAYS}, *parts]), found)
            case LeastOf(ways, cost):
                count, needs = self._read(ways, seen)
                joined = _joined([needs, self._read(cost, seen)[1]])
                joined.pop(WAY, None)
                last = np.maximum(np.ceil(count.high) - 1.0, 0.0)
                found = Interval(np.zeros_like(last), last)
                return found, _open(joined, found)
            case Applied("where", operands):
                read = [self._read(each, seen) for each in operands]
                found = applied("where", [interval for interval, _ in read])
                decided, holds = read[0][0].is_point, read[0][0].low != 0.0
                masks = [~decided, ~decided | holds, ~decided | ~holds]
                parts = [_masked(needs, mask) for (_, needs), mask in zip(read, masks, strict=True)]
                return found, _open(_joined(parts), found)
            case Applied(word, operands):
                read = [self._read(each, seen) for each in operands]
                found = applied(word, [interval for interval, _ in read])
                return found, _open(_joined([needs for _, needs in read]), found)


def _content(found: Interval) -> tuple[bytes, bytes] | None:
    return None if found is ANYTHING else (found.low.tobytes(), found.high.tobytes())


def _open(needs: Needs, found: Interval) -> Needs:
    """Leave out what is needed for a value that is settled."""
    return needs if found is ANYTHING else _masked(needs, ~found.is_point)


def _masked(needs: Needs, mask: Mask) -> Needs:
    holding = np.count_nonzero(mask)
    if not needs or holding == mask.size:
        return needs
    if not holding:
        return {}
    return {name: mask if each is _ALWAYS else each & mask for name, each in needs.items()}


def _joined(parts: Sequence[Needs]) -> Needs:
    found: Needs = dict(parts[0])
    for part in parts[1:]:
        for name, mask in part.items():
            before = found.get(name)
            if before is None or mask is _ALWAYS:
                found[name] = mask
            elif before is not _ALWAYS and before is not mask:
                found[name] = before | mask
    return found
