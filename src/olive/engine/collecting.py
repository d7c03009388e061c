"""Collecting rules: every rule of modules, by the variable that it defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from olive.engine.rule_versions import check_apart
from olive.engine.rules import Rule


def collected(sources: Iterable[ModuleType | Mapping[str, Any]]) -> dict[str, tuple[Rule, ...]]:
    """Return the rules of each variable; several where their days do not overlap."""
    found: dict[str, tuple[Rule, ...]] = {}
    for source in sources:
        members = vars(source) if isinstance(source, ModuleType) else source
        for attribute, value in members.items():
            if isinstance(value, Rule):
                rule = value.named(attribute)
                before = found.get(rule.name, ())
                if rule not in before:
                    found[rule.name] = (*before, rule)
    for name, rules in found.items():
        check_apart(name, rules)
    return found
