"""What rules compute, spelled so that other rules read otherwise, in every process alike."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from olive.engine.rules import FormulaRule
from olive.engine.ruleset import RuleSet

_LIBRARIES = {*sys.stdlib_module_names, "numpy", "olive", "pandas", "pyarrow", "scipy"}
_NAMED = FunctionType, ModuleType, type, np.random.Generator, np.random.RandomState


@lru_cache(maxsize=16)
def described_rules(rules: RuleSet) -> bytes:
    """Return what every rule computes, by name; policies mostly share their rules."""
    return "".join(name + _described(rules, name) for name in sorted(rules.rules)).encode()


def _described(rules: RuleSet, name: str) -> str:
    """Return what a rule computes, in words that do not depend on where it is in memory."""
    rule = rules.rules[name]
    if not isinstance(rule, FormulaRule):
        return repr(replace(rule, zh="", en="", clause=None))
    what = _followed(rule.function, ()) if rule.plain else rules.nodes[name]
    return repr((what, rule.entity, rule.unit, rule.arguments))


def _followed(function: Any, within: tuple[Any, ...]) -> Any:
    """Return the code of a function, its defaults and the values of outer names that it reads."""
    outer = dict(_outer_names(function))
    held = function.__code__, function.__defaults__, function.__kwdefaults__
    read = [(name, outer[name]) for name in sorted(outer)]
    return _spelled([*held, read], (*within, function))


def _spelled(thing: Any, within: tuple[Any, ...]) -> Any:
    """Return plain values that tell apart what a function holds and uses.

    Functions are followed; other objects are what a copy of them is made from. Classes, modules,
    what cannot be copied and what libraries hold, which changes as they are used, are names.
    """
    if thing is None or isinstance(thing, int | float | complex | str | bytes):
        return repr(thing)
    if any(thing is each for each in within):
        return "within itself"
    within = (*within, thing)
    spelled = partial(_spelled, within=within)
    if isinstance(thing, CodeType):
        return thing.co_code, thing.co_names, [spelled(each) for each in thing.co_consts]
    if isinstance(thing, Mapping):
        return [(spelled(key), spelled(value)) for key, value in thing.items()]
    if isinstance(thing, tuple | list):
        return [spelled(each) for each in thing]
    if isinstance(thing, set | frozenset):
        return sorted(repr(spelled(each)) for each in thing)
    if isinstance(thing, FunctionType) and not _is_of_library(thing):
        return _followed(thing, within[:-1])
    if isinstance(thing, _NAMED):
        return _name(thing)
    try:
        made = thing.__reduce_ex__(2)
    except Exception:  # noqa: BLE001 - a class refuses to be copied as it likes
        made = ""
    if isinstance(made, str):
        return made, _name(type(thing)), _name(thing), spelled(getattr(thing, "__wrapped__", None))
    function, *held = made
    return _name(function), [
        spelled([*each] if isinstance(each, Iterator) else each) for each in held
    ]


def _is_of_library(thing: Any) -> bool:
    return ".".join(_name(thing)).strip(".").partition(".")[0] in _LIBRARIES


def _name(thing: Any) -> tuple[str, str]:
    name = getattr(thing, "__name__", "")
    return getattr(thing, "__module__", None) or "", getattr(thing, "__qualname__", name)


def _outer_names(function: Any) -> Iterator[tuple[str, Any]]:
    """Return the variables around a function that it, or a function within it, reads.

    Of modules, classes and their objects these are the ones there that it names.
    """
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    known, names = function.__globals__, {*_names(function.__code__)}
    around = {name: known[name] for name in names if name in known}
    around |= {name: cell.cell_contents for name, cell in cells}
    yield from around.items()
    for name, thing in around.items():
        owner = thing if isinstance(thing, ModuleType | type) else type(thing)
        there = {} if _is_of_library(owner) else vars(owner)
        yield from ((f"{name}.{each}", there[each]) for each in names if each in there)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)
