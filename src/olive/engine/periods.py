"""When a rule is in force, as its declaration says it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired, TypedDict

from olive.errors import RuleError, shown


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
            first,
            last,
        )
    return first, last


def _day(word: str, given: object) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise RuleError(
            "{word}={given} is no date; write for example {word}='2025-01-01'", word, shown(given)
        ) from error
