"""What a policy's parameters make irrelevant: places for nobody need no count of candidates.

Each expression is read on intervals: a parameter is a point, a draw lies in [0, 1), everything
else may be any number. Where the result is a point whatever the rest is (``0 * x``, ``draw < 0``,
a branch that is never taken), the rest is not needed. So the law alone, and one household alone,
need no total over the population of a programme that is switched off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from olive.engine.expression import Constant, LookupOf, Name, Node, Operation, ScheduleOf
from olive.engine.policy import Policy
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, PopulationRule

Interval = tuple[float, float]

ANYTHING: Interval = (-math.inf, math.inf)
_TRUTH: Interval = (0.0, 1.0)
_ZERO_STAYS_ZERO = {"sum", "max", "min", "any"}


def relevant_totals(policy: Policy, wanted: Sequence[str], given: Collection[str]) -> set[str]:
    """Return the population totals that can matter for the wanted variables under the policy.

    Totals behind these totals are not followed. Variables in ``given`` are not computed.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, household_rule, policy_on, population_sum
    >>> @household_rule(unit="yuan/year")
    ... def rebate(rent, rents):
    ...     return rents * 0.0 + rent
    >>> columns = {"rent": Column("rent", "household", unit="yuan/year")}
    >>> declared = {"rents": population_sum("rent"), "rebate": rebate}
    >>> policy = policy_on(RuleSet.build([declared], columns=columns), "2023-01-01")
    >>> relevant_totals(policy, ["rebate"], ()), relevant_totals(policy, ["rents"], ())
    (set(), {'rents'})
    """
    return Relevance(policy, frozenset(given)).totals(wanted)


def readings(policies: Sequence[Policy], given: Collection[str]) -> list[Relevance]:
    """Return the relevance of each policy; what policies have in common is worked out once."""
    first: dict[int, Relevance] = {}
    moved: dict[tuple[int, str], frozenset[str]] = {}
    result = []
    for policy in policies:
        rules = policy.rules
        if id(rules) not in first:
            first[id(rules)] = Relevance(policy, frozenset(given))
            first[id(rules)].totals(rules.rules)
        base = first[id(rules)]
        changed = {
            name for name, value in policy.values.items() if value is not base.policy.values[name]
        }
        for name in changed:
            if (id(rules), name) not in moved:
                moved[id(rules), name] = frozenset(rules.moved_by(name))
        stale = changed.union(*(moved[id(rules), name] for name in changed))
        result.append(base.of_policy(policy, stale))
    return result


def settled_values(reading: Relevance) -> dict[str, float]:
    """Return what stands for totals that cannot matter: 0 where they are, else any number, 1."""
    rules = reading.policy.rules.rules
    totals = [name for name, rule in rules.items() if isinstance(rule, PopulationRule)]
    return {name: 0.0 if reading.interval(name) == (0.0, 0.0) else 1.0 for name in totals}


@dataclass(frozen=True, slots=True)
class Relevance:
    """Intervals of variables under one policy, and what each needs, both worked out once."""

    policy: Policy
    given: frozenset[str]
    known: dict[str, Interval] = field(default_factory=dict)
    needed: dict[str, set[str]] = field(default_factory=dict)

    def of_policy(self, policy: Policy, stale: Collection[str]) -> Relevance:
        """Return the relevance under a policy of the same rules in which some names moved."""
        return Relevance(
            policy,
            self.given,
            {name: found for name, found in self.known.items() if name not in stale},
            {name: found for name, found in self.needed.items() if name not in stale},
        )

    def totals(self, wanted: Iterable[str]) -> set[str]:
        """Return the totals that can matter for the wanted variables, see `relevant_totals`."""
        return {name for name in self._reached(wanted, through=False) if self._is_total(name)}

    def reached(self, wanted: Iterable[str]) -> set[str]:
        """Return everything that can matter for the wanted variables, through totals as well."""
        return self._reached(wanted, through=True)

    def live(
        self, wanted: Iterable[str], names: Iterable[str], loose: Collection[str] = ()
    ) -> set[str]:
        """Return which of the named parameters can move a wanted variable under the policy.

        Each is let loose by itself, everything else stands as the policy has it, but for the
        parameters in ``loose``, which may have any value too. So a number of places moves
        nothing while nobody is paid for them.
        """
        wanted = tuple(wanted)
        self.reached(wanted)
        found = set()
        for name in names:
            free = frozenset((name, *loose))
            stale = free.union(*(self.policy.rules.moved_by(each) for each in free))
            if name in replace(self.of_policy(self.policy, stale), given=free).reached(wanted):
                found.add(name)
        return found

    def _reached(self, wanted: Iterable[str], *, through: bool) -> set[str]:
        seen: set[str] = set()
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if through or not self._is_total(name):
                waiting.extend(self.needs(name))
        return seen

    def _is_total(self, name: str) -> bool:
        rule = self.policy.rules.rules.get(name)
        return isinstance(rule, PopulationRule) and name not in self.given

    def needs(self, name: str) -> set[str]:
        """Return what the variable reads and cannot do without."""
        if name not in self.needed:
            self.needed[name] = self._needs(name)
        return self.needed[name]

    def _needs(self, name: str) -> set[str]:
        rule = self.policy.rules.rules.get(name)
        if rule is None or name in self.given or _is_point(self.interval(name)):
            return set()
        if isinstance(rule, FormulaRule) and name in self.policy.rules.nodes:
            return self._live(self.policy.rules.nodes[name])
        return set(rule.arguments)

    def interval(self, name: str) -> Interval:
        """Return where the values of a variable, column or scalar parameter lie."""
        if name not in self.known:
            self.known[name] = self._found(name)
        return self.known[name]

    def _found(self, name: str) -> Interval:
        rules = self.policy.rules
        if name in self.given:
            return ANYTHING
        rule = rules.rules.get(name)
        if rule is None:
            return self._of_parameter(name)
        if isinstance(rule, DrawRule):
            return (0.0, math.nextafter(1.0, 0.0))
        if isinstance(rule, FormulaRule) and name in rules.nodes:
            return self._of(rules.nodes[name])
        if isinstance(rule, GroupRule) and rule.operation in _ZERO_STAYS_ZERO:
            zero = self.interval(rule.source) == (0.0, 0.0)
            return (0.0, 0.0) if zero else ANYTHING
        if isinstance(rule, PointerRule | PopulationRule) and self.interval(rule.source) == (
            0.0,
            0.0,
        ):
            return (0.0, 0.0)
        return ANYTHING

    def _of_parameter(self, name: str) -> Interval:
        parameter = self.policy.rules.parameters.get(name)
        if parameter is None or parameter.kind == "schedule":
            return ANYTHING
        values = self.policy.values[name].vector()
        return (float(values.min()), float(values.max()))

    def _of(self, node: Node) -> Interval:
        match node:
            case Constant(value):
                return (float(value), float(value))
            case Name(name):
                return self.interval(name)
            case LookupOf(parameter, _):
                return self.interval(parameter)
            case ScheduleOf():
                return ANYTHING
            case Operation(word, operands):
                return _OPERATIONS[word](*(self._of(each) for each in operands))

    def _live(self, node: Node) -> set[str]:
        """Return the names in the expression that its value can depend on."""
        if _is_point(self._of(node)):
            return set()
        match node:
            case Name(name):
                return {name}
            case Operation("where", (condition, if_true, if_false)):
                decided = self._of(condition)
                if _is_point(decided):
                    return self._live(if_true if decided[0] else if_false)
                return self._live(condition) | self._live(if_true) | self._live(if_false)
            case Operation(_, operands):
                return set().union(*(self._live(each) for each in operands))
            case ScheduleOf(amount, parameter):
                return self._live(amount) | {parameter}
            case LookupOf(parameter, codes):
                return {parameter}.union(*(self._live(code) for code in codes))
            case Constant():
                return set()


def _is_point(interval: Interval) -> bool:
    return interval[0] == interval[1]


def _bounds(*values: float) -> Interval:
    """Return the smallest interval of the values; anything when one of them is undefined."""
    if any(math.isnan(value) for value in values):
        return ANYTHING
    return (min(values), max(values))


def _product(first: Interval, second: Interval) -> Interval:
    if (0.0, 0.0) in (first, second):
        return (0.0, 0.0)
    return _bounds(*(a * b for a in first for b in second))


def _quotient(above: Interval, below: Interval) -> Interval:
    if above == (0.0, 0.0):
        return (0.0, 0.0)
    if below[0] <= 0.0 <= below[1]:
        return ANYTHING
    return _bounds(*(a / b for a in above for b in below))


def _chosen(condition: Interval, if_true: Interval, if_false: Interval) -> Interval:
    if _is_point(condition):
        return if_true if condition[0] else if_false
    return _bounds(*if_true, *if_false)


def _truth(yes: bool, no: bool) -> Interval:
    if yes:
        return (1.0, 1.0)
    return (0.0, 0.0) if no else _TRUTH


def _equal(a: Interval, b: Interval) -> Interval:
    return _truth(_is_point(a) and a == b, a[1] < b[0] or b[1] < a[0])


def _not(a: Interval) -> Interval:
    return _truth(a == (0.0, 0.0), a == (1.0, 1.0))


_OPERATIONS: dict[str, Callable[..., Interval]] = {
    "add": lambda a, b: _bounds(a[0] + b[0], a[1] + b[1]),
    "subtract": lambda a, b: _bounds(a[0] - b[1], a[1] - b[0]),
    "multiply": _product,
    "divide": _quotient,
    "negate": lambda a: (-a[1], -a[0]),
    "floor": lambda a: _bounds(*(math.floor(x) if math.isfinite(x) else x for x in a)),
    "minimum": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "maximum": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "less": lambda a, b: _truth(a[1] < b[0], a[0] >= b[1]),
    "less_equal": lambda a, b: _truth(a[1] <= b[0], a[0] > b[1]),
    "greater": lambda a, b: _truth(a[0] > b[1], a[1] <= b[0]),
    "greater_equal": lambda a, b: _truth(a[0] >= b[1], a[1] < b[0]),
    "equal": _equal,
    "not_equal": lambda a, b: _not(_equal(a, b)),
    "and": lambda a, b: _truth(a == b == (1.0, 1.0), (0.0, 0.0) in (a, b)),
    "or": lambda a, b: _truth((1.0, 1.0) in (a, b), a == b == (0.0, 0.0)),
    "not": _not,
    "where": _chosen,
}
