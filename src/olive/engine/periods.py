"""When a rule is in force: rules of one name may follow each other, each with its own days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NotRequired, TypedDict

from olive.errors import RuleError, shown

if TYPE_CHECKING:
    from olive.engine.rules import Rule

Versions = Mapping[str, tuple["Rule", ...]]


class Dated(TypedDict):
    """When a rule is in force, and the variable where several rules follow each other.

    ``start`` and ``end`` are the first and the last day, as a date or an ISO text such as
    ``"2025-01-01"``; open without them. ``variable`` is the name of what the rule defines, where
    that is not the name of the function or attribute: rules of one variable with days that do not
    overlap live side by side in a module, and ``law(day)`` picks.
    """

    start: NotRequired[str | date]
    end: NotRequired[str | date]
    variable: NotRequired[str]


def period_of(start: str | date | None, end: str | date | None) -> tuple[date, date]:
    """Return the first and the last day of a rule; without an end that is not told, open.

    Raises
    ------
    RuleError
        For what is no date, or an end before the start.

    Examples
    --------
    >>> period_of("2025-01-01", None)[0]
    datetime.date(2025, 1, 1)
    """
    first = date.min if start is None else _day("start", start)
    last = date.max if end is None else _day("end", end)
    if last < first:
        raise RuleError(
            "a rule that starts on {first} cannot end on {last}; give the later day as end",
            first=first,
            last=last,
        )
    return first, last


def _day(word: str, given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise RuleError(
            "{word}={given} is no date; write for example {word}='2025-01-01'",
            word=word,
            given=shown(given),
        ) from error


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
                name=name,
                one=one.declared_as,
                one_start=one.start,
                one_end=one.end,
                two=two.declared_as,
                two_start=two.start,
                two_end=two.end,
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
