"""Expressions: what a rule becomes when its function is called with symbols.

The nodes are few because the vocabulary is small. Everything that is done with a rule (machine
code, units, dependencies, text) is an interpretation of these nodes.
"""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from olive.errors import TraceError

_ENGINE_FOLDER = str(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or truth value written in the rule."""

    value: float | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, an input column or a scalar parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
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


Node = Constant | Name | Operation | ScheduleOf | LookupOf

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

# What to write instead of the Python that cannot be traced, by what stands in the line.
_ADVICE = (
    (" if ", "write where(condition, a, b) instead of `if`"),
    (" and ", "write `&` between bracketed conditions instead of `and`"),
    (" or ", "write `|` between bracketed conditions instead of `or`"),
    ("not ", "write `~condition` instead of `not`"),
    ("max(", "write maximum(a, b) instead of max"),
    ("min(", "write minimum(a, b) instead of min"),
    ("abs(", "write maximum(x, -x) instead of abs"),
    ("round(", "write floor(x + 0.5) instead of round"),
    ("int(", "write floor(x) instead of int"),
    ("sum(", "declare household_sum(...) beside the rule instead of sum"),
)
_GENERAL_ADVICE = (
    "use arithmetic, comparisons one at a time, & | ~, where, minimum, maximum, clip, floor, "
    "schedule or lookup; or mark the rule @plain_numpy to run it as numpy"
)


class Symbol:
    """Stands for a whole column while a rule is traced."""

    __slots__ = ("node",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: Node) -> None:
        self.node = node

    def __add__(self, other: object) -> Symbol:
        return apply("add", self, other)

    def __radd__(self, other: object) -> Symbol:
        return apply("add", other, self)

    def __sub__(self, other: object) -> Symbol:
        return apply("subtract", self, other)

    def __rsub__(self, other: object) -> Symbol:
        return apply("subtract", other, self)

    def __mul__(self, other: object) -> Symbol:
        return apply("multiply", self, other)

    def __rmul__(self, other: object) -> Symbol:
        return apply("multiply", other, self)

    def __truediv__(self, other: object) -> Symbol:
        return apply("divide", self, other)

    def __rtruediv__(self, other: object) -> Symbol:
        return apply("divide", other, self)

    def __neg__(self) -> Symbol:
        return apply("negate", self)

    def __lt__(self, other: object) -> Symbol:
        return apply("less", self, other)

    def __le__(self, other: object) -> Symbol:
        return apply("less_equal", self, other)

    def __gt__(self, other: object) -> Symbol:
        return apply("greater", self, other)

    def __ge__(self, other: object) -> Symbol:
        return apply("greater_equal", self, other)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return apply("equal", self, other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        return apply("not_equal", self, other)

    def __and__(self, other: object) -> Symbol:
        return apply("and", self, other)

    def __rand__(self, other: object) -> Symbol:
        return apply("and", other, self)

    def __or__(self, other: object) -> Symbol:
        return apply("or", self, other)

    def __ror__(self, other: object) -> Symbol:
        return apply("or", other, self)

    def __invert__(self) -> Symbol:
        return apply("not", self)

    def __bool__(self) -> bool:
        _refuse("a decision on a single value")

    def __float__(self) -> float:
        _refuse("a conversion to one number")

    def __int__(self) -> int:
        _refuse("a conversion to one whole number")

    def __abs__(self) -> Symbol:
        _refuse("abs")

    def __round__(self, digits: int = 0) -> Symbol:
        _refuse("round")

    def __len__(self) -> int:
        _refuse("len")

    def __iter__(self) -> NoReturn:
        _refuse("a loop")

    def __getitem__(self, key: object) -> NoReturn:
        _refuse("indexing")

    def __pow__(self, other: object) -> NoReturn:
        _refuse("a power")

    def __array_ufunc__(self, ufunc: Any, *_: object, **__: object) -> NoReturn:
        _refuse(f"numpy.{ufunc.__name__}")

    def __array_function__(self, function: Any, *_: object, **__: object) -> NoReturn:
        _refuse(f"numpy.{function.__name__}")

    def __getattr__(self, name: str) -> NoReturn:
        # Protocol probes of libraries must see an ordinary missing attribute.
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(f"the method .{name}")


def as_node(value: object) -> Node:
    """Return the node of a symbol, or a constant."""
    if isinstance(value, Symbol):
        return value.node
    if isinstance(value, bool):
        return Constant(value)
    if isinstance(value, int | float):
        return Constant(float(value))
    _refuse(f"a value of type {type(value).__name__}")


def apply(word: str, *operands: object) -> Symbol:
    """Return the symbol of ``word`` applied to operands."""
    return Symbol(Operation(word, tuple(as_node(operand) for operand in operands)))


def names_in(node: Node) -> set[str]:
    """Return every variable, column and parameter that the expression reads."""
    match node:
        case Constant():
            return set()
        case Name(name):
            return {name}
        case Operation(_, operands):
            return set().union(*(names_in(operand) for operand in operands))
        case ScheduleOf(amount, parameter):
            return names_in(amount) | {parameter}
        case LookupOf(parameter, codes):
            return {parameter}.union(*(names_in(code) for code in codes))


def _refuse(what: str) -> NoReturn:
    """Raise a TraceError that names the line of the rule and the word to use."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_ENGINE_FOLDER):
        frame = frame.f_back
    path, line = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(path, line).strip()
    advice = next((text for mark, text in _ADVICE if mark in f" {source}"), _GENERAL_ADVICE)
    if what.startswith("numpy."):
        advice = _GENERAL_ADVICE
    message = (
        f"rule {frame.f_code.co_name!r} cannot be traced: {Path(path).name}, line {line}: "
        f"{source or '(source not available)'}\n  {what} is not in the vocabulary; {advice}"
    )
    raise TraceError(message)
