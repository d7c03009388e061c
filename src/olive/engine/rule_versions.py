"""Versions of a rule: rules of one name may follow each other, each with its own days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from olive.engine.rules import Rule
from olive.errors import RuleError

Versions = Mapping[str, tuple[Rule, ...]]


def check_apart(name: str, rules: Sequence[Rule]) -> None:
    """Refuse rules of one name that are in force on the same day.

    Raises
    ------
    RuleError
        Naming both rules with their days.
    """
    ordered = sorted(rules, key=lambda rule: rule.start)
    for one, two in pairwise(ordered):
        if two.start <= one.end:
            raise RuleError(
                "variable {name!r} is defined by two rules for the same days: {one!r} "
                "({one_start} to {one_end}) and {two!r} ({two_start} to {two_end}); rename one, "
                "or give them start= and end= that do not overlap",
                name,
                one.declared_as,
                one.start,
                one.end,
                two.declared_as,
                two.start,
                two.end,
            )


def in_force(versions: Versions, day: date) -> dict[str, Rule]:
    """Return the rule of each name on a day; of those that a reform brought, the later one."""
    found = {}
    for name, rules in versions.items():
        own = [rule for rule in rules if rule.start <= day <= rule.end]
        if own:
            found[name] = own[-1]
    return found


def changing(versions: Versions, first: date, last: date) -> tuple[str, ...]:
    """Return the variables whose rule on two days is not the same, in order."""
    one, two = in_force(versions, first), in_force(versions, last)
    return tuple(name for name in sorted(versions) if one.get(name) is not two.get(name))
