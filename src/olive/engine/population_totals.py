"""Totals over the population that rules read: each ends a pass and is then like a parameter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import numpy as np

from olive.engine.liveness import reading_of
from olive.engine.parameters import Parameter, ParameterValue
from olive.engine.policy import Policy
from olive.engine.rules import PopulationRule
from olive.engine.ruleset import RuleSet
from olive.messages import Message
from olive.native.immutable import FrozenMapping


def behind(rules: RuleSet, wanted: Iterable[str], given: Collection[str]) -> frozenset[str]:
    """Return variables and columns behind the wanted variables, stopping at what is given."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in rules.rules and name not in given:
            waiting.extend(each for each in rules.reads(name) if each not in rules.parameters)
    return frozenset(found)


def totals_behind(rules: RuleSet, wanted: Iterable[str], given: Collection[str]) -> list[str]:
    """Return the totals over the population behind the wanted variables."""
    found = behind(rules, wanted, given)
    return [name for name in found if isinstance(rules.rules.get(name), PopulationRule)]


@dataclass(frozen=True, slots=True)
class Summing:
    """Variables to be summed over the population under some policies, in one pass."""

    policies: tuple[Policy, ...]
    names: tuple[str, ...]


# Sums each request; returns totals by (position in its policies, name).
SumUp = Callable[[Sequence[Summing]], Sequence[Mapping[tuple[int, str], float]]]


def settled_totals(
    policies: Sequence[Policy], wanted: Sequence[str], given: frozenset[str], sum_up: SumUp
) -> tuple[Sequence[Policy], Mapping[tuple[int, str], float]]:
    """Return policies in which every total over the population is known, and the totals.

    A total may rest on others: those that can be summed are, until none is left.

    Wanted are the variables that are asked for, given the columns of the data; ``sum_up`` is called
    once for each round of totals.
    """
    rule_sets = {id(policy.rules): policy.rules for policy in policies}.values()
    if not any(totals_behind(rules, wanted, given) for rules in rule_sets):
        return policies, {}
    totals = Totals(policies, given)
    while True:
        pending, settled = totals.pending(wanted), totals.policies()
        if not any(pending):
            return settled, {
                (position, name): value
                for position, each in enumerate(totals.known)
                for name, value in each.items()
            }
        found: list[dict[str, float]] = [{} for _ in policies]
        # Policies whose rules name the same totals share a pass; others may lack the variables.
        together: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for position, (policy, each) in enumerate(zip(policies, pending, strict=True)):
            sources = tuple((name, policy.rules.rules[name].arguments[0]) for name in each)
            if sources:
                together.setdefault(sources, []).append(position)
        requests = [
            Summing(
                tuple(settled[each] for each in positions),
                tuple(dict.fromkeys(source for _, source in sources)),
            )
            for sources, positions in together.items()
        ]
        for (sources, positions), sums in zip(together.items(), sum_up(requests), strict=True):
            for place, position in enumerate(positions):
                found[position] = {name: sums[place, source] for name, source in sources}
        totals.settle(found)


class Totals:
    """The totals of policies, pass by pass: which can be summed next, and what is known so far."""

    def __init__(self, policies: Sequence[Policy], given: frozenset[str]) -> None:
        self._policies = policies
        groups: dict[int, list[int]] = {}
        for position, policy in enumerate(policies):
            groups.setdefault(id(policy.rules), []).append(position)
        self._groups = list(groups.values())
        self._readings = [
            reading_of([policies[each] for each in group], given) for group in self._groups
        ]
        self._settling = Settling()
        self.known: list[dict[str, float]] = [{} for _ in policies]

    def pending(self, wanted: Sequence[str]) -> list[list[str]]:
        """Return for each policy the totals behind wanted variables that can be summed next."""
        found: list[list[str]] = [[] for _ in self._policies]
        for group, reading in zip(self._groups, self._readings, strict=True):
            for name, mask in sorted(reading.pending(wanted).items()):
                for place, position in enumerate(group):
                    if mask[place % mask.size]:
                        found[position].append(name)
        return found

    def settle(self, found: Sequence[Mapping[str, float]]) -> None:
        """Take in what a pass has summed."""
        for position, each in enumerate(found):
            self.known[position] |= each
        for number, (group, reading) in enumerate(zip(self._groups, self._readings, strict=True)):
            names = sorted({name for position in group for name in found[position]})
            if names:
                values = {
                    name: np.array([self.known[each].get(name, np.nan) for each in group])
                    for name in names
                }
                self._readings[number] = reading.settled(values)

    def policies(self) -> list[Policy]:
        """Return the policies with every total a parameter.

        What stands for totals that are not known is 0 where they are nothing, else 1: they
        cannot matter, or are not summed yet.
        """
        totals = [dict(each) for each in self.known]
        for group, reading in zip(self._groups, self._readings, strict=True):
            for name in reading.totals:
                nothing = reading.interval(name).is_only(0.0)
                for place, position in enumerate(group):
                    stands = 0.0 if nothing[place % nothing.size] else 1.0
                    totals[position].setdefault(name, stands)
        return [
            self._settling.settled(policy, each)
            for policy, each in zip(self._policies, totals, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Settling:
    """Policies in which totals have become parameters; what was made before is made once.

    What tells policies apart looks at rule sets and values by what they are, not by what they
    hold: policies that shared a rule set still share one, in every pass, and equal totals are one
    value.
    """

    rule_sets: dict[tuple[int, tuple[str, ...]], tuple[RuleSet, RuleSet]] = field(
        default_factory=dict
    )
    values: dict[str, ParameterValue] = field(default_factory=dict)

    def settled(self, policy: Policy, totals: Mapping[str, float]) -> Policy:
        """Return the policy with each total a parameter."""
        key = (id(policy.rules), tuple(sorted(totals)))
        if key not in self.rule_sets:  # the old rules are kept so that their id stays their own
            self.rule_sets[key] = policy.rules, _as_parameters(policy.rules, tuple(totals))
        values = {name: self._value(total) for name, total in totals.items()}
        together = FrozenMapping({**policy.values, **values})
        return replace(policy, rules=self.rule_sets[key][1], values=together)

    def _value(self, total: float) -> ParameterValue:
        key = total.hex()
        if key not in self.values:
            source = Message("total over the population")
            self.values[key] = ParameterValue(total, "derived", source)
        return self.values[key]


@lru_cache(maxsize=16)  # the years of a projection share their rules
def _as_parameters(rules: RuleSet, names: tuple[str, ...]) -> RuleSet:
    totals = {name: _parameter(rules, name) for name in names}
    kept = {name: rule for name, rule in rules.rules.items() if name not in totals}
    return replace(
        rules,
        rules=FrozenMapping(kept),
        parameters=FrozenMapping({**rules.parameters, **totals}),
    )


def _parameter(rules: RuleSet, name: str) -> Parameter:
    rule = rules.rules[name]
    return Parameter(
        name=name,
        zh=rule.zh,
        en=rule.en,
        unit=rule.unit or "1",
        kind="scalar",
        by=(),
        keys=(),
        minimum=None,
        maximum=None,
        known_to=date.max,
        history=(),
        note=Message("a total over the population, computed in an earlier pass"),
        file="",
    )
