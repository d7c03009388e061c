"""The language of `where`: comparisons of columns joined by ``and``, and nothing else.

``age >= 60 and sex == female`` is read by a parser of a few lines; nothing is ever executed.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import WhereError

BoolArray = NDArray[np.bool_]

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
TRUTH = {"true": True, "false": False}

_TOKEN = re.compile(
    r"\s*(?:(?P<operator>[=!<>]=|[<>])"
    r"|(?P<number>[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|(?P<name>[^\W\d]\w*))"
)


@dataclass(frozen=True)
class Condition:
    """One condition: column, operator, and a number, a truth value or a code name."""

    column: str
    operator: str
    value: float | bool | str

    def __str__(self) -> str:
        return f"{self.column} {self.operator} {self.value}"


Where = tuple[Condition, ...]  # all of which hold


def parse_where(text: str) -> Where:
    """Read a `where` expression; an empty text means every row.

    Parameters
    ----------
    text
        Comparisons ``column operator value`` joined by ``and``; the operators are
        ``== != < <= > >=``; a value is a number, ``true``, ``false``, a code name, or quoted text.

    Raises
    ------
    WhereError
        If the text is anything else, with the place where reading stopped.

    Examples
    --------
    >>> [str(part) for part in parse_where("age >= 60 and county == linhai")]
    ['age >= 60.0', 'county == linhai']
    """
    tokens = [*_tokens(text)]
    if not tokens:
        return ()
    conditions: list[Condition] = []
    for start in range(0, len(tokens), 4):
        part = tokens[start : start + 4]
        shapes = [kind for kind, _ in part[:3]]
        if len(shapes) < 3 or shapes[:2] != ["name", "operator"] or shapes[2] == "operator":
            raise _unreadable(text, " ".join(word for _, word in part))
        conditions.append(Condition(part[0][1], part[1][1], _value(*part[2])))
        another_follows = start + 4 < len(tokens)
        if len(part) == 4 and not (another_follows and part[3] == ("name", "and")):
            raise _unreadable(text, part[3][1])
    return tuple(conditions)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into operators, numbers, quoted texts and names."""
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise _unreadable(text, text[position:end].strip())
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


def _value(kind: str, word: str) -> float | bool | str:
    if kind == "number":
        return float(word)
    if kind == "quoted":
        return word[1:-1]
    return TRUTH.get(word, word)


def _unreadable(text: str, place: str) -> WhereError:
    return WhereError(
        "where {text!r} cannot be read at {place!r}: write comparisons such as 'age >= 60 and sex "
        "== female'; the operators are == != < <= > >=, joined by 'and' only.",
        text,
        place,
    )


def compare(condition: Condition, values: NDArray[Any]) -> BoolArray:
    """Apply one condition to a column of numbers or truth values.

    Examples
    --------
    >>> import numpy as np
    >>> compare(Condition("age", ">=", 60.0), np.array([59, 60])).tolist()
    [False, True]
    """
    return np.asarray(OPERATORS[condition.operator](values, condition.value), dtype=np.bool_)
