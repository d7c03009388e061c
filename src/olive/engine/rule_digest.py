"""What rules compute, spelled so that other rules read otherwise, in every process alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from olive.engine.rules import FormulaRule
from olive.engine.ruleset import RuleSet


@lru_cache(maxsize=16)
def described_rules(rules: RuleSet) -> bytes:
    """Return what every rule computes, by name; policies mostly share their rules."""
    return "".join(name + _described(rules, name) for name in sorted(rules.rules)).encode()


def _described(rules: RuleSet, name: str) -> str:
    """Return what a rule computes, in words that do not depend on where it is in memory."""
    rule = rules.rules[name]
    if not isinstance(rule, FormulaRule):
        return repr(replace(rule, zh="", en="", clause=None))
    what = _spelled(rule.function, ()) if rule.plain else rules.nodes[name]
    return repr((what, rule.entity, rule.unit, rule.arguments))


def _spelled(thing: Any, within: tuple[FunctionType, ...]) -> Any:
    """Return plain values that tell apart what a function holds and uses.

    Functions are their code, with the values of outer names that it reads; what else is no plain
    value is its type.
    """
    if isinstance(thing, CodeType):
        return thing.co_code, thing.co_names, [_spelled(each, within) for each in thing.co_consts]
    if isinstance(thing, FunctionType):
        if thing in within:
            return thing.__qualname__
        outer, inner = dict(_outer_names(thing)), (*within, thing)
        read = [(name, _spelled(outer[name], inner)) for name in sorted(outer)]
        return _spelled(thing.__code__, within), read
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, Mapping):
        return [(_spelled(key, within), _spelled(value, within)) for key, value in thing.items()]
    if isinstance(thing, tuple | list):
        return [_spelled(each, within) for each in thing]
    if isinstance(thing, set | frozenset):
        return sorted(repr(_spelled(each, within)) for each in thing)
    if thing is None or isinstance(thing, int | float | complex | str | bytes | np.generic):
        return repr(thing)
    return (
        getattr(thing, "__module__", ""),
        type(thing).__qualname__,
        getattr(thing, "__name__", ""),
    )


def _outer_names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Return the variables around a function that it, or a function within it, reads."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    yield from ((name, cell.cell_contents) for name, cell in cells)
    known = function.__globals__
    yield from ((name, known[name]) for name in {*_names(function.__code__)} if name in known)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)
