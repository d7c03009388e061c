"""Objects that users give: one of another kind than its parameter is refused in one place."""

from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from olive.errors import DataError, shown
from olive.messages import Message, joined
from olive.native.given_numbers import listed

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")

# What is said of each kind, by the name that annotations give it.
_KINDS = {
    "Population": Message(
        "a Population, as olive.Population.synthetic(), from_frames() and read() return it"
    ),
    "Policy": Message("a law, or a reform carried out on one: olive.law(year=2023) | reform"),
    "Result": Message("a Result, as olive.simulate(population, policies) returns it"),
    "Reform": Message("a reform: olive.Reform({'dibao_standard': 13_000})"),
    "Shock": Message("an olive.analysis.Shock"),
    "PublishedFigure": Message("an olive.PublishedFigure"),
    "BracketRule": Message("an olive.analysis.BracketRule"),
    "Mapping": Message("a mapping of names: {'name': ...}"),
    "Sequence": Message("a list: [...]"),
    "Callable": Message("a function"),
    "Path": Message("the path of a file or folder"),
    "str": Message("a text"),
    "None": "None",
}


def checked_objects(function: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    """Make a function refuse objects that are of no kind that its annotations name.

    Numbers and words are left to the function, which knows their range.

    Raises
    ------
    DataError
        When called: naming the parameter, what was given, and how the right one is made.

    Examples
    --------
    >>> @checked_objects
    ... def first(rows: Sequence[int], rate: float = 0.0) -> int:
    ...     return rows[0]
    >>> first([3, 4])
    3
    >>> first("34")
    Traceback (most recent call last):
    olive.errors.DataError: rows is '34'; give a list: [...]
    """
    signature = inspect.signature(function)
    named_kinds = {
        name: _kinds(each.annotation)
        for name, each in signature.parameters.items()
        if isinstance(each.annotation, str)
    }
    watched = {
        name: kinds
        for name, kinds in named_kinds.items()
        if all(kind in _KINDS for kind, _ in kinds)
    }

    @wraps(function)
    def checking(*given: _Given.args, **named: _Given.kwargs) -> _Returned:
        arguments = signature.bind(*given, **named).arguments
        for name, value in arguments.items():
            if name in watched:
                _check(name, value, watched[name])
        return function(*given, **named)

    return checking


def _kinds(annotation: str) -> list[tuple[str, str]]:
    """Return the alternatives of an annotation, each with the kind of its entries, if it has one.

    >>> _kinds("Sequence[Shock] | None")
    [('Sequence', 'Shock'), ('None', '')]
    """
    return _alternatives(ast.parse(annotation, mode="eval").body)


def _alternatives(tree: ast.expr) -> list[tuple[str, str]]:
    match tree:
        case ast.BinOp(left=left, right=right):
            return [*_alternatives(left), *_alternatives(right)]
        case ast.Subscript(value=ast.Name(id=kind), slice=ast.Name(id=inner)):
            return [(kind, inner)]
        case ast.Name(id=kind) | ast.Subscript(value=ast.Name(id=kind)):
            return [(kind, "")]
        case _:
            return [(ast.unparse(tree), "")]


def _check(name: str, value: object, kinds: list[tuple[str, str]]) -> None:
    held = [inner for kind, inner in kinds if _is(value, kind)]
    if not held:
        remedy = joined([_KINDS[kind] for kind, _ in kinds if kind != "None"], " or ")
        raise DataError("{name} is {shown}; give {remedy}", name, shown(value), remedy)
    for entry in value if held[0] in _KINDS else ():  # type: ignore[attr-defined]
        _check(Message("an entry of {name}", name), entry, [(held[0], "")])


def _is(value: object, kind: str) -> bool:
    match kind:
        case "None":
            return value is None
        case "Callable":
            return callable(value)
        case "Mapping":
            return isinstance(value, Mapping)
        case "Sequence":
            return not isinstance(value, Iterator) and listed(value) is not None
        case "Path":
            return isinstance(value, os.PathLike)
        case _:  # by name: the floors above, where these live, are not known here
            return kind in {each.__name__ for each in type(value).__mro__}
