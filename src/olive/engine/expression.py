"""Expressions: what a rule becomes when its function is called with symbols.

The nodes are few because the vocabulary is small. Everything that is done with a rule (machine
code, units, dependencies, text) is an interpretation of these nodes.
"""

from __future__ import annotations

import linecache
import os
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from olive.errors import TraceError
from olive.messages import Message

# Whose lines are not those of a rule.
_FOLDERS = tuple(f"{Path(each).parent}{os.sep}" for each in (__file__, np.__file__))


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or truth value written in the rule."""

    value: float | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, an input column or a scalar parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A word of the vocabulary applied to operands, elementwise."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ScheduleOf:
    """A progressive schedule (a parameter) applied to an amount."""

    amount: Node
    parameter: str


@dataclass(frozen=True, slots=True)
class LookupOf:
    """A table (a parameter) read at one or two codes."""

    parameter: str
    codes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class LeastOf:
    """The number of the way, of 0, 1, ... below ``ways``, in which ``cost`` is least.

    Inside the cost, `WAY` is the name of the number of the way.
    """

    ways: Node
    cost: Node


Node = Constant | Name | Applied | ScheduleOf | LookupOf | LeastOf

WAY = "(way)"  # not a name that a variable can have

ARITHMETIC = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
LOGIC = {"and": "&", "or": "|"}
_OPERATORS = {
    **{word: word for word in (*ARITHMETIC, *COMPARISONS)},
    "bitwise_and": "and",
    "bitwise_or": "or",
    "invert": "not",
    "negative": "negate",
}

# Operators that rules lack, also where they assign, as in `x **= 2`.
_REFUSED = {
    "power": "a power",
    "floor_divide": "a whole division",
    "remainder": "a remainder",
    "bitwise_xor": "an exclusive or",
}

_DECISION = Message("a decision on a single value")
_LOOP = "a loop"

# What to write instead of the Python that cannot be traced.
_INSTEAD = {
    "abs": Message("write maximum(x, -x) instead of abs"),
    "round": Message("write floor(x + 0.5) instead of round"),
    "a conversion to one whole number": Message("write floor(x) instead of int"),
    "a conversion to one number": Message(
        "leave float out: in a rule every number is a float already"
    ),
    "a whole division": Message("write floor(a / b) instead of a // b"),
    "a remainder": Message("write a - b * floor(a / b) instead of a % b"),
    "a power": Message("multiply instead, for example x * x"),
    "an exclusive or": Message("write `!=` between two truth values instead of ^"),
    "len": Message("declare household_count(...) beside the rule instead of len"),
    "indexing": (
        Message(
            "a rule sees one person at a time: declare of(pointer, variable) or "
            "household_sum(...) beside it, or read a table with lookup(table, code)"
        )
    ),
    "numpy.where": Message("use where of olive.engine"),
    "numpy.minimum": Message("use minimum of olive.engine"),
    "numpy.maximum": Message("use maximum of olive.engine"),
    "numpy.clip": Message("use clip of olive.engine"),
    "numpy.floor": Message("use floor of olive.engine"),
    "numpy.absolute": Message("write maximum(x, -x) instead"),
    "numpy.logical_and": Message("write `&` between bracketed conditions"),
    "numpy.logical_or": Message("write `|` between bracketed conditions"),
    "numpy.logical_not": "write `~condition`",
}
# Python asks a value for its truth, or walks through it, on behalf of what stands in the line.
_ASKED_BY = {
    _DECISION: (
        ("max(", Message("write maximum(a, b) instead of max")),
        ("min(", Message("write minimum(a, b) instead of min")),
        (" if ", Message("write where(condition, a, b) instead of `if`")),
        (" while ", Message("a rule has no loop: write one expression for all rows")),
        (" and ", Message("write `&` between bracketed conditions instead of `and`")),
        (" or ", Message("write `|` between bracketed conditions instead of `or`")),
        ("not ", Message("write `~condition` instead of `not`")),
        (" in ", Message("write (x == a) | (x == b) instead of `in`")),
        ("", Message("write (a < x) & (x < b) instead of the chained a < x < b")),
    ),
    _LOOP: (
        ("sum(", Message("declare household_sum(...) beside the rule instead of sum")),
        ("max(", Message("declare household_max(...) beside the rule instead of max")),
        ("min(", Message("declare household_min(...) beside the rule instead of min")),
        ("", Message("a rule has no loop: write one expression for all rows")),
    ),
}
_GENERAL_ADVICE = Message(
    "use arithmetic, comparisons one at a time, & | ~, where, minimum, "
    "maximum, clip, floor, schedule or lookup; or mark the rule @plain_numpy "
    "to run it as numpy"
)


class Symbol(NDArrayOperatorsMixin):
    """Stands for a whole column while a rule is traced; its operators are ufuncs of numpy."""

    __slots__ = ("node",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: Node) -> None:
        self.node = node

    def __pos__(self) -> Symbol:
        return self

    def __bool__(self) -> bool:
        refuse(_DECISION)

    def __float__(self) -> float:
        refuse("a conversion to one number")

    def __int__(self) -> int:
        refuse("a conversion to one whole number")

    def __abs__(self) -> Symbol:
        refuse("abs")

    def __round__(self, digits: int = 0) -> Symbol:
        refuse("round")

    def __len__(self) -> int:
        refuse("len")

    def __iter__(self) -> NoReturn:
        refuse(_LOOP)

    def __getitem__(self, key: object) -> NoReturn:
        refuse("indexing")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **_: object) -> Symbol:
        if method == "__call__" and ufunc.__name__ in _OPERATORS:
            return apply(_OPERATORS[ufunc.__name__], *inputs)
        refuse(_REFUSED.get(ufunc.__name__, f"numpy.{ufunc.__name__}"))

    def __array_function__(self, function: Any, *_: object, **__: object) -> NoReturn:
        refuse(f"numpy.{function.__name__}")

    def __getattr__(self, name: str) -> NoReturn:
        # Protocol probes of libraries must see an ordinary missing attribute.
        if name.startswith("__"):
            raise AttributeError(name)
        refuse(f"the method .{name}")


def as_node(value: object) -> Node:
    """Return the node of a symbol, or a constant."""
    if isinstance(value, Symbol):
        return value.node
    if isinstance(value, bool):
        return Constant(value)
    if isinstance(value, int | float):
        return Constant(float(value))
    if getattr(value, "ndim", None) == 0:  # a numpy scalar: words on constants alone give one
        return as_node(value.item())  # type: ignore[attr-defined]
    refuse(f"a value of type {type(value).__name__}")


def apply(word: str, *operands: object) -> Symbol:
    """Return the symbol of ``word`` applied to operands."""
    return Symbol(Applied(word, tuple(as_node(operand) for operand in operands)))


def parts_of(node: Node) -> list[Node]:
    """Return an expression and all its parts as they are written; what stands twice once."""
    found: dict[int, Node] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if id(part) in found:
            continue
        found[id(part)] = part
        match part:
            case Applied(_, operands) | LookupOf(_, operands):
                waiting.extend(reversed(operands))
            case ScheduleOf(amount, _):
                waiting.append(amount)
            case LeastOf(ways, cost):
                waiting += [cost, ways]
    return list(found.values())


def names_in(node: Node) -> list[str]:
    """Return the variables, columns and parameters that an expression reads, each once."""
    names: dict[str, None] = {}
    for part in parts_of(node):
        match part:
            case Name(name) | ScheduleOf(_, name) | LookupOf(name, _) if name != WAY:
                names[name] = None
    return list(names)


# The numbers of nodes by id, beside which they are kept so that it stays their own, and by content:
# the hash of a long formula takes longer than all else that is done for it.
_by_id: dict[int, tuple[Node, int]] = {}
_by_content: dict[Node, int] = {}
_numbers = count()
_REMEMBERED_NODES = 20_000


def number_of(node: Node) -> int:
    """Return a number that is equal only for expressions of the same content."""
    found = _by_id.get(id(node))
    if found is None:
        if len(_by_id) >= _REMEMBERED_NODES:
            _by_id.clear()
            _by_content.clear()
        number = _by_content.setdefault(node, next(_numbers))
        found = _by_id[id(node)] = node, number
    return found[1]


def refuse(what: str, advice: str = "") -> NoReturn:
    """Raise a TraceError that names the line of the rule and the word to use."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_FOLDERS):
        frame = frame.f_back
    path, line = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(path, line).strip()
    marks = _ASKED_BY.get(what, ())
    asked_by = next((text for mark, text in marks if mark in f" {source}"), "")
    advice = advice or asked_by or _INSTEAD.get(what, _GENERAL_ADVICE)
    raise TraceError(
        "rule {rule!r} cannot be traced: {name}, line {line}: {source}\n  {what} "
        "is not in the vocabulary; {advice}",
        frame.f_code.co_name,
        Path(path).name,
        line,
        source or "(source not available)",
        what,
        advice,
    )
