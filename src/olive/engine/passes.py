"""Totals over the population that rules read: each ends a pass and is then like a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from olive.engine.parameters import Parameter, ParameterValue
from olive.engine.policy import Policy
from olive.engine.relevance import Relevance, readings, settled_values
from olive.engine.rules import PopulationRule
from olive.engine.ruleset import RuleSet


def read_no_totals(policies: Sequence[Policy]) -> bool:
    """Return whether no rule of the policies is a total over the population."""
    rule_sets = {id(policy.rules): policy.rules for policy in policies}.values()
    return not any(
        isinstance(rule, PopulationRule) for rules in rule_sets for rule in rules.rules.values()
    )


def pending_totals(relevance: Relevance, wanted: Sequence[str]) -> list[str]:
    """Return the population totals behind wanted variables that can be summed next.

    These are the totals whose own source depends on no other total. Totals that cannot matter
    under the policy's parameters, those of programmes switched off, are left out.
    """
    rules = relevance.policy.rules.rules
    ready: list[str] = []
    waiting = list(relevance.totals(wanted))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        behind = relevance.totals(rules[name].arguments)
        if behind:
            waiting.extend(behind)
        else:
            ready.append(name)
    return sorted(ready)


def without_totals(policies: Sequence[Policy], given: frozenset[str]) -> list[Policy]:
    """Return policies in which the totals that are left, which cannot matter, have a value."""
    if read_no_totals(policies):
        return list(policies)
    return with_totals(policies, [settled_values(each) for each in readings(policies, given)])


def with_totals(policies: Sequence[Policy], totals: Sequence[Mapping[str, float]]) -> list[Policy]:
    """Return policies in which each total has become a parameter with its value.

    Policies that shared a rule set still share one.
    """
    settled: dict[tuple[int, tuple[str, ...]], RuleSet] = {}
    result = []
    for policy, found in zip(policies, totals, strict=True):
        key = (id(policy.rules), tuple(sorted(found)))
        if key not in settled:
            settled[key] = _as_parameters(policy.rules, list(found))
        values = {
            name: ParameterValue(value, "derived", "total over the population")
            for name, value in found.items()
        }
        together = MappingProxyType({**policy.values, **values})
        result.append(Policy(settled[key], together, policy.label, policy.period))
    return result


def _as_parameters(rules: RuleSet, names: Sequence[str]) -> RuleSet:
    totals = {name: _parameter(rules, name) for name in names}
    kept = {name: rule for name, rule in rules.rules.items() if name not in totals}
    return replace(
        rules,
        rules=MappingProxyType(kept),
        parameters=MappingProxyType({**rules.parameters, **totals}),
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
        note="a total over the population, computed in an earlier pass",
        file="",
    )
