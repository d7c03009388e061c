"""The text of expressions: each node as a piece of a formula, in English or Chinese."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from olive.engine.columns import Column
from olive.engine.expression import (
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
    names_in,
)
from olive.engine.parameters import ParameterValue
from olive.engine.phrases import short_label, shown_number
from olive.engine.ruleset import RuleSet
from olive.engine.vocabulary import (
    Schedule,
    floor,
    least_of,
    lookup,
    maximum,
    minimum,
    schedule,
    where,
)

Language = Literal["en", "zh"]

# How tightly a piece of text holds together: a looser piece gets brackets inside a tighter one.
CHOICE, PHRASE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(10)

_SIGNS = {
    "add": (" + ", SUM),
    "subtract": (" − ", SUM),
    "multiply": (" × ", PRODUCT),
    "divide": (" ÷ ", PRODUCT),
    "less": (" < ", COMPARISON),
    "less_equal": (" ≤ ", COMPARISON),
    "greater": (" > ", COMPARISON),
    "greater_equal": (" ≥ ", COMPARISON),
    "equal": (" = ", COMPARISON),
    "not_equal": (" ≠ ", COMPARISON),
}
_WORDS: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
    "not": operator.invert,
    "negate": operator.neg,
    "where": where,
    "minimum": minimum,
    "maximum": maximum,
    "floor": floor,
}


@dataclass(frozen=True, slots=True, eq=False)
class NodeWriter:
    """Writes the nodes of one formula.

    Attributes
    ----------
    rules : RuleSet
    phrases : mapping of str to str
    language : {"en", "zh"}
    parameters : mapping of str to ParameterValue
        Shown beside their names; empty when only a rule set is known.
    figures : mapping of str to number, truth value or Schedule
        What the names stand for in one row, parameters included; empty for words alone.
    found : dict
        Parts of the formula that were worked out in this row, by where they are in memory.
    """

    rules: RuleSet
    phrases: Mapping[str, str]
    language: Language
    parameters: Mapping[str, ParameterValue]
    figures: Mapping[str, Any]
    found: dict[int, tuple[Node, Any]] = field(default_factory=dict, repr=False)

    def text(self, node: Node, tightness: int = CHOICE) -> str:
        """Return the text of a node, in brackets where it holds together less tightly."""
        text, own = self._piece(node)
        return text if own >= tightness else self.say("brackets", text)

    def figure(self, node: Node) -> Any:
        """Return the number or truth value of a node in this row."""
        if id(node) not in self.found:  # a part that stands in several places is one object
            self.found[id(node)] = node, self._worked_out(node)
        return self.found[id(node)][1]

    def _worked_out(self, node: Node) -> Any:
        match node:
            case Constant(value):
                return np.bool_(value) if isinstance(value, bool) else np.float64(value)
            case Name(name):
                return self.figures[name]
            case ScheduleOf(amount, parameter):
                return schedule(self.figure(amount), self.figures[parameter])
            case LookupOf(parameter, codes):
                return lookup(self.figures[parameter], *(self.figure(each) for each in codes))
            case LeastOf(ways, cost):
                return least_of(self.figure(ways), lambda way: self._with_way(way).figure(cost))
            case Applied(word, operands):
                return _WORDS[word](*(self.figure(each) for each in operands))

    def _with_way(self, way: Any) -> NodeWriter:
        """Return the writer that knows of which way the cost is asked."""
        return replace(self, figures={**self.figures, WAY: way}, found={})

    def named(self, name: str) -> str:
        """Return the label of a name, with its figure where one is known."""
        label = self.label(name)
        if name in self.figures:
            return label + self.aside(self.shown(name, self.figures[name]))
        if name in self.parameters:
            return label + self.aside(self.shown(name, self.parameters[name].datum))
        return label

    def label(self, name: str) -> str:
        """Return what stands for a name inside a formula."""
        for home in (self.rules.rules, self.rules.columns, self.rules.parameters):
            if name in home:
                found = home[name]
                return found.zh or name if self.language == "zh" else short_label(found.en, name)
        return name

    def shown(self, name: str, value: Any) -> str:
        """Return a figure of a name: yes or no, the name of a code, or a number."""
        if np.ndim(value):
            return self.listed(self.shown(name, each) for each in np.ravel(value))
        if isinstance(value, Schedule):
            return self._rates(value)
        quantity = self.rules.quantities.get(name)
        if isinstance(value, bool | np.bool_) or (quantity is not None and quantity.truth):
            return self.phrases["yes" if value else "no"]
        column = self.rules.columns.get(name)
        if column is not None and float(value) in range(len(column.codes)):
            return self._code_label(column, int(value))
        return shown_number(float(value))

    def say(self, phrase: str, *texts: str, **parts: str) -> str:
        """Return a phrase with its texts filled in."""
        return self.phrases[phrase].format(*texts, **parts)

    def listed(self, texts: Iterable[str]) -> str:
        """Return texts one after the other."""
        return self.phrases["comma"].join(texts)

    def aside(self, text: str) -> str:
        """Return a remark in brackets, to stand after what it is about."""
        return self.say("aside", text)

    def verdict(self, condition: Node) -> str:
        """Return whether a condition holds in this row; nothing without figures."""
        return self.phrases["yes" if self.figure(condition) else "no"] if self.figures else ""

    def _piece(self, node: Node) -> tuple[str, int]:
        match node:
            case Constant(value):
                return self.shown("", value), SIGN if value < 0 else ATOM
            case Name(name):
                return self.named(name), ATOM
            case ScheduleOf(amount, parameter):
                told = self.text(amount, OR)
                words = self.say("schedule", amount=told, schedule=self.label(parameter))
                return words + self._brackets(amount, parameter), PHRASE
            case LookupOf(parameter, codes):
                keys = [self._code(parameter, place, code) for place, code in enumerate(codes)]
                words = self.say("lookup", table=self.label(parameter), codes=self.listed(keys))
                return words + self._entry(node), ATOM if self.language == "zh" else PHRASE
            case LeastOf(ways, cost):
                names = self.listed(map(self.label, names_in(cost)))
                words = self.say("least_of", ways=self.text(ways, SUM), names=names)
                told = self.aside(self.shown("", self.figure(node))) if self.figures else ""
                return words + told, PHRASE
            case Applied(word, operands):
                return self._operation(word, operands)

    def _operation(self, word: str, operands: tuple[Node, ...]) -> tuple[str, int]:
        if word == "where":
            return self._choice(*operands), CHOICE
        if word == "multiply" and any(self.is_truth(each) for each in operands):
            first, second = operands
            condition, value = (first, second) if self.is_truth(first) else (second, first)
            return self._choice(condition, value, Constant(0.0)), CHOICE
        if word in {"minimum", "maximum"}:
            return self._bounded(word, operands), CHOICE
        if word == "floor":
            return self.say("floor", self.text(operands[0], OR)), PHRASE
        if word == "negate":
            return "−" + self.text(operands[0], ATOM), SIGN
        if word == "not":
            return self.say("not", self.text(operands[0], ATOM)), NOT
        if word in LOGIC:
            # `a and b or c` reads in two ways to people: only a chain of one word goes bare.
            parts = [self.text(each, NOT) for each in _flat(word, operands)]
            return self.phrases[word].join(parts), AND if word == "and" else OR
        sign, own = _SIGNS[word]
        if word in COMPARISONS:
            return sign.join(self._compared(each, operands) for each in operands), own
        right = own + 1 if word in {"subtract", "divide"} else own
        return self.text(operands[0], own) + sign + self.text(operands[1], right), own

    def _choice(self, condition: Node, then: Node, otherwise: Node) -> str:
        verdict = self.verdict(condition)
        return self.say(
            "choice",
            condition=self.text(condition, OR) + (self.aside(verdict) if verdict else ""),
            value=self.text(then, OR),
            otherwise=self.text(otherwise, OR),
        )

    def _bounded(self, word: str, operands: tuple[Node, ...]) -> str:
        first, second = operands
        if word == "minimum" and isinstance(first, Applied) and first.word == "maximum":
            value, low, high = (self.text(each, SUM) for each in (*first.operands, second))
            return self.say("between", value=value, low=low, high=high)
        if isinstance(first, Constant):
            first, second = second, first
        if isinstance(second, Constant):
            bound = self.text(second, SUM)
            return self.say(f"{word}_bound", value=self.text(first, SUM), bound=bound)
        parts = [self.text(each, SUM) for each in _flat(word, operands)]
        phrase = word if len(parts) == 2 else f"{word}_of_several"
        return self.say(phrase, self.listed(parts[:-1]), parts[-1])

    def _compared(self, node: Node, both: tuple[Node, ...]) -> str:
        """Return one side of a comparison; a number compared with a code column is named."""
        if isinstance(node, Constant) and not isinstance(node.value, bool):
            for other in both:
                if isinstance(other, Name):
                    return self.shown(other.name, node.value)
        return self.text(node, SUM)

    def _code(self, parameter: str, place: int, code: Node) -> str:
        """Return the text of a code by which a table is read, with the name of its entry."""
        if isinstance(code, Constant):
            return self._key(parameter, place, int(code.value))
        if not self.figures:
            return self.text(code, SUM)
        key = self._key(parameter, place, int(self.figure(code)))
        match code:
            case Name(name) | LookupOf(name, _):
                return self.label(name) + self.aside(key)
            case _:
                return self.text(code, SUM) + self.aside(key)

    def _key(self, parameter: str, place: int, number: int) -> str:
        """Return what an entry of a table is called: as the code column that the table is by."""
        table = self.rules.parameters[parameter]
        column = self.rules.columns.get(table.by[place])
        if column is not None and number in range(len(column.codes)):
            return self._code_label(column, number)
        keys = table.keys[place]
        if not 0 <= number < len(keys):
            return str(number)
        return self._in_language(table.key_labels.get(keys[number], (keys[number], keys[number])))

    def _code_label(self, column: Column, number: int) -> str:
        if not column.code_labels:
            return column.codes[number]
        return self._in_language(column.code_labels[number])

    def _in_language(self, label: tuple[str, str]) -> str:
        zh, en = label
        return zh if self.language == "zh" else en

    def _entry(self, node: LookupOf) -> str:
        """Return the entry that a table is read at, where it is known."""
        if self.figures:
            return self.aside(self.shown(node.parameter, self.figure(node)))
        places = [int(each.value) for each in node.codes if isinstance(each, Constant)]
        if node.parameter not in self.parameters or len(places) < len(node.codes):
            return ""
        table = np.asarray(self.parameters[node.parameter].datum)
        return self.aside(self.shown(node.parameter, table[tuple(places)]))

    def _brackets(self, amount: Node, parameter: str) -> str:
        """Return the brackets of a schedule; with numbers, what falls into each."""
        if parameter not in self.parameters:
            return ""
        datum = self.parameters[parameter].datum
        assert isinstance(datum, Schedule)
        if not self.figures:
            return self.aside(self._rates(datum))
        charged, lows = float(self.figure(amount)), datum.thresholds.tolist()
        parts = [
            f"{shown_number(min(charged, high) - low)} × {_percent(rate)}"
            for low, high, rate in zip(lows, [*lows[1:], np.inf], datum.rates, strict=True)
            if charged > low
        ]
        return self.aside(" + ".join(parts) or "0")

    def _rates(self, datum: Schedule) -> str:
        steps = [
            self.say("bracket", rate=_percent(rate), low=shown_number(low))
            for low, rate in zip(datum.thresholds, datum.rates, strict=True)
        ]
        return self.phrases["semicolon"].join(steps)

    def is_truth(self, node: Node) -> bool:
        """Return whether a node is a condition."""
        match node:
            case Constant(value):
                return isinstance(value, bool)
            case Name(name) | LookupOf(name, _):
                return self.rules.quantities[name].truth
            case Applied("where", (_, first, _)):
                return self.is_truth(first)
            case Applied(word, _):
                return word in COMPARISONS or word in LOGIC or word == "not"
            case ScheduleOf() | LeastOf():
                return False


def _flat(word: str, operands: Sequence[Node]) -> list[Node]:
    """Return the operands of one word nested in itself as one list."""
    found: list[Node] = []
    for each in operands:
        if isinstance(each, Applied) and each.word == word:
            found += _flat(word, each.operands)
        else:
            found.append(each)
    return found


def _percent(rate: float) -> str:
    return f"{rate * 100:.6g} %"
