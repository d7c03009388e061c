"""Kinds and units of an expression, checked when a rule set is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from olive.engine.expression import (
    ARITHMETIC,
    COMPARISONS,
    LOGIC,
    WAY,
    Applied,
    Constant,
    LeastOf,
    LookupOf,
    Name,
    Node,
    ScheduleOf,
)
from olive.engine.units import PURE_NUMBER, Unit
from olive.errors import RuleError, UnitError, told_where
from olive.messages import Message


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is known of a name or a node: truth value or number, and its unit.

    ``unit`` is ``None`` for a literal, which takes the unit of what it is compared with.
    """

    truth: bool
    unit: Unit | None


def check(node: Node, quantities: Mapping[str, Quantity], rule: str) -> Quantity:
    """Return kind and unit of an expression.

    Quantities are kind and unit of every name in it: of the entries, for tables; of the amounts,
    for schedules. The name of the rule is for errors.

    Raises
    ------
    UnitError
        When quantities of different units are added, compared or chosen between.
    RuleError
        When a truth value stands where a number must, or the reverse.
    """
    try:
        return _checked(node, quantities, {})
    except (UnitError, RuleError):  # a message takes as long to make as many a formula to check
        with told_where(Message("rule {rule!r}", rule)):
            raise


def _checked(node: Node, quantities: Mapping[str, Quantity], seen: dict[int, Quantity]) -> Quantity:
    """Check a part once, however often it stands in the rule: it is one object there."""
    if id(node) not in seen:
        seen[id(node)] = _checked_anew(node, quantities, seen)
    return seen[id(node)]


def _checked_anew(
    node: Node, quantities: Mapping[str, Quantity], seen: dict[int, Quantity]
) -> Quantity:
    match node:
        case Constant(value):
            return Quantity(isinstance(value, bool), None)
        case Name(name):
            return quantities[name]
        case ScheduleOf(amount, parameter):
            found = _checked(amount, quantities, seen)
            _number(found, "schedule")
            return Quantity(False, _same(found, quantities[parameter], f"in {parameter}"))
        case LookupOf(parameter, codes):
            for code in codes:
                _number(_checked(code, quantities, seen), "lookup")
            return quantities[parameter]
        case LeastOf(ways, cost):
            if WAY in quantities:
                raise RuleError("a least_of inside another")
            told = {**quantities, WAY: Quantity(False, PURE_NUMBER)}
            count = _checked(ways, quantities, seen)
            for part in (count, _checked(cost, told, seen)):
                _number(part, "least_of")
            _same(count, told[WAY], "in least_of")
            return told[WAY]
        case Applied(word, operands):
            found_all = [_checked(operand, quantities, seen) for operand in operands]
            return _operation(word, found_all)


def _operation(word: str, found: list[Quantity]) -> Quantity:
    if word in LOGIC or word == "not":
        for each in found:
            if not each.truth:
                sign = LOGIC.get(word, "~")
                raise RuleError(
                    "`{sign}` needs truth values on both sides; compare the "
                    "number first, and put brackets around each comparison",
                    sign,
                )
        return Quantity(True, PURE_NUMBER)
    if word == "where":
        condition, first, second = found
        if not condition.truth:
            raise RuleError("the first argument of where must be a truth value")
        if first.truth != second.truth:
            raise RuleError("where chooses between a truth value and a number")
        return Quantity(first.truth, _same(first, second, "in where"))
    if word in {"equal", "not_equal"} and found[0].truth and found[1].truth:
        return Quantity(True, PURE_NUMBER)
    if word == "multiply" and found[0].truth and found[1].truth:
        raise RuleError("`*` of two truth values; write `&` for both hold")
    if word in {"multiply", "divide"}:
        return Quantity(False, _scaled(word, found))
    for each in found:
        _number(each, word)
    if word in {"negate", "floor"}:
        return found[0]
    sign = {**ARITHMETIC, **COMPARISONS}.get(word, word)
    unit = _same(found[0], found[1], f"by `{sign}`")
    return Quantity(True, PURE_NUMBER) if word in COMPARISONS else Quantity(False, unit)


def _scaled(word: str, found: list[Quantity]) -> Unit | None:
    first, second = found
    if first.unit is None and second.unit is None:
        return None
    left, right = first.unit or PURE_NUMBER, second.unit or PURE_NUMBER
    return left * right if word == "multiply" else left / right


def _same(first: Quantity, second: Quantity, where: str) -> Unit | None:
    if first.unit is None or second.unit is None:
        return first.unit if second.unit is None else second.unit
    if first.unit != second.unit:
        raise UnitError(
            "{unit} and {unit2} are combined {where}; restate one of "
            "them (parameters can be restated on load with `stated_in`)",
            first.unit,
            second.unit,
            where,
        )
    return first.unit


def _number(found: Quantity, word: str) -> None:
    if found.truth:
        raise RuleError(
            "`{word}` of a truth value; write where(condition, 1, 0), "
            "or count with household_count",
            word,
        )
