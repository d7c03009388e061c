"""A program: the steps that compute wanted variables for a list of policies in one pass.

A variable is computed once for each distinct combination of what it depends on, so policies
share everything above the levers in which they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.draws import stream_key
from olive.engine.expression import Node
from olive.engine.parameters import Datum, ParameterValue
from olive.engine.policy import Policy
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, Rule
from olive.engine.ruleset import RuleSet
from olive.engine.vocabulary import Schedule
from olive.errors import DataError, RuleError, labelled, nearest
from olive.messages import Message

# Columns that the engine itself provides.
HOUSEHOLD_KEY = "(household key)"
PERSON_NUMBER = "person_number"
WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the values of one variable, under one combination of parameters, stand.

    ``column`` names the input column; it is None for computed slots.
    """

    entity: Entity
    truth: bool
    column: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One computation on a block.

    Attributes
    ----------
    rule : Rule
    node : Node or None
        Expression of a traced formula.
    names : tuple of str
        Names of the inputs, in the order of ``inputs``.
    inputs : tuple of int
        Slots.
    parameters : tuple of (str, Datum)
        Parameters by name, in the order in which they stand in ``vector``.
    vector : float64 array
        All parameter figures, flat.
    output : int
        Slot.
    """

    rule: Rule
    node: Node | None
    names: tuple[str, ...]
    inputs: tuple[int, ...]
    parameters: tuple[tuple[str, Datum], ...]
    vector: NDArray[np.float64]
    output: int


@dataclass(frozen=True, slots=True)
class Total:
    """A weighted sum over all rows: the slot summed, and the slot of household weights."""

    source: int
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Slots, steps in order, and what to keep.

    Attributes
    ----------
    slots : tuple of Slot
    steps : tuple of Step
    outputs : mapping of (policy position, variable) to slot
    written : mapping of variable to slot
        Variables of the first policy that are written out as soon as they are computed.
    totals : tuple of Total
    total_of : mapping of (policy position, variable) to position in ``totals``
    last_use : tuple of int
        For each slot, the position of the last step that reads it (-1 never; the number of
        steps when it is an output or is totalled).
    """

    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    outputs: Mapping[tuple[int, str], int]
    written: Mapping[str, int]
    totals: tuple[Total, ...]
    total_of: Mapping[tuple[int, str], int]
    last_use: tuple[int, ...]


def build_program(
    policies: Sequence[Policy],
    available: Mapping[str, Entity],
    outputs: Sequence[str],
    totals: Sequence[str] = (),
    *,
    seed: int = 0,
    written: Sequence[str] = (),
) -> Program:
    """Return the program that computes ``outputs`` and ``totals`` for every policy.

    Parameters
    ----------
    policies : sequence of Policy
    available : mapping of str to entity
        Columns at hand. A variable that is at hand is not computed.
    outputs, totals : sequence of str
        Variables to keep for every row, and variables to sum with household weights. What only
        some policies have a rule for is kept for those.
    seed : int
        For random draws.
    written : sequence of str
        Variables of the first policy that are written out as soon as they are computed.

    Raises
    ------
    RuleError
        For a variable that no rule of any policy defines.
    DataError
        For a missing column: names the rule that needs it and the nearest column.
    """
    builder = _Builder(available, seed)
    check_known(policies, available, [*outputs, *totals], written)
    kept: dict[tuple[int, str], int] = {}
    summed: dict[tuple[int, str], int] = {}
    out: dict[str, int] = {}
    for position, policy in enumerate(policies):
        leaving = () if position else written
        own, summing = (
            [name for name in names if name in policy.rules.rules or name in available]
            for names in (outputs, totals)
        )
        slots = builder.add_policy(policy, [*own, *summing, *leaving])
        out |= {name: slots[name] for name in leaving}
        kept |= {(position, name): slots[name] for name in own}
        for name in summing:
            weight = builder.input_slot(WEIGHT, Message("the weighted total"))
            summed[position, name] = builder.total(Total(slots[name], weight))
    return builder.finish(kept, summed, out)


def check_known(
    policies: Sequence[Policy],
    available: Iterable[str],
    wanted: Iterable[str],
    of_the_first: Iterable[str] = (),
) -> None:
    """Refuse variables that no policy has a rule for and no column holds.

    Raises
    ------
    RuleError
        With the nearest name.
    """
    for names, having in ((wanted, policies), (of_the_first, policies[:1])):
        for name in names:
            if name in available or any(name in policy.rules.rules for policy in having):
                continue
            rules = {each: rule for policy in having for each, rule in policy.rules.rules.items()}
            labels = {each: rule.zh for each, rule in rules.items()}
            hint = nearest(name, [*rules, *available]) or labelled(name, labels)
            raise RuleError("no variable {name!r}{hint}", name=name, hint=hint)


def _typed(policy: Policy, name: str) -> Any:
    """Return a parameter's value, as truth values where its unit is bool.

    Numbers are numpy's own, not Python's: they divide by zero as arrays do, and what comes of
    comparing them can be turned round with ``~`` (in plain Python, ~True is -2).
    """
    datum = policy.values[name].datum
    if isinstance(datum, Schedule):
        return datum
    kind = np.bool_ if policy.rules.quantities[name].truth else np.float64
    return np.asarray(datum, dtype=kind)[()]


class _Figures(NamedTuple):
    """A parameter's value, flat, and as bytes to tell it by."""

    value: ParameterValue
    vector: NDArray[np.float64]
    content: bytes


class _Read(NamedTuple):
    """What a rule computes, and from which columns, variables and parameters."""

    signature: int
    names: tuple[str, ...]
    parameters: tuple[str, ...]


class _Builder:
    """Collects slots and steps, sharing each computation that has been seen before."""

    def __init__(self, available: Mapping[str, Entity], seed: int) -> None:
        self._available = available
        self._seed = seed
        self._slots: list[Slot] = []
        self._steps: list[Step] = []
        self._totals: dict[Total, int] = {}
        self._inputs: dict[str, int] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._signatures: dict[object, int] = {}
        self._figures: dict[int, _Figures] = {}
        self._needed: dict[tuple[int, tuple[str, ...]], list[str]] = {}
        self._read: dict[tuple[int, str], _Read] = {}
        self._latest: dict[tuple[int, tuple[str, ...]], tuple[Policy, dict[str, int]]] = {}

    def add_policy(self, policy: Policy, wanted: Sequence[str]) -> dict[str, int]:
        """Add the steps of a policy and return the slot of each wanted name."""
        rules = policy.rules
        key = (id(rules), tuple(wanted))
        before, known = self._latest.get(key, (None, {}))
        moved = {
            name
            for name, value in policy.values.items()
            if before is None or value is not before.values[name]
        }
        slots: dict[str, int] = {}
        for name in self._order(rules, tuple(wanted)):
            # What reads nothing that differs from the policy before is what it was there.
            if before is not None and moved.isdisjoint(rules.rules[name].arguments):
                slots[name] = known[name]
            else:
                slots[name] = self._add_rule(policy, name, slots)
                if slots[name] != known.get(name):
                    moved.add(name)
        self._latest[key] = (policy, slots)
        return {
            name: slots[name] if name in slots else self.input_slot(name, Message("the request"))
            for name in wanted
        }

    def total(self, total: Total) -> int:
        """Add a weighted sum and return its position."""
        return self._totals.setdefault(total, len(self._totals))

    def input_slot(self, name: str, reader: str) -> int:
        """Return the slot of an input column."""
        if name not in self._inputs:
            if name == HOUSEHOLD_KEY:
                entity: Entity = "household"
            elif name in self._available:
                entity = self._available[name]
            else:
                raise DataError(
                    "column {name!r} is missing; {reader} needs it{hint}",
                    name=name,
                    reader=reader,
                    hint=nearest(name, self._available),
                )
            self._inputs[name] = len(self._slots)
            self._slots.append(Slot(entity, False, name))
        return self._inputs[name]

    def finish(
        self,
        kept: dict[tuple[int, str], int],
        summed: dict[tuple[int, str], int],
        written: dict[str, int],
    ) -> Program:
        """Return the program."""
        last_use = [-1] * len(self._slots)
        for position, step in enumerate(self._steps):
            for slot in step.inputs:
                last_use[slot] = position
        held = set(kept.values())
        for total in self._totals:
            held |= {total.source, total.weight}
        for slot in held:
            last_use[slot] = len(self._steps)
        return Program(
            tuple(self._slots),
            tuple(self._steps),
            kept,
            written,
            tuple(self._totals),
            summed,
            tuple(last_use),
        )

    def _order(self, rules: RuleSet, wanted: tuple[str, ...]) -> list[str]:
        """Return the variables to compute, each after what it reads."""
        key = (id(rules), wanted)
        if key not in self._needed:
            found: set[str] = set()
            waiting = list(wanted)
            while waiting:
                name = waiting.pop()
                if name in found or name in self._available or name not in rules.rules:
                    continue
                found.add(name)
                waiting.extend(rules.reads(name))
            self._needed[key] = [name for name in rules.rules if name in found]
        return self._needed[key]

    def _add_rule(self, policy: Policy, name: str, slots: Mapping[str, int]) -> int:
        rules = policy.rules
        read = self._reads(rules, name)
        inputs = tuple(
            slots[each] if each in slots else self.input_slot(each, f"rule {name!r}")
            for each in read.names
        )
        figures = [self._told(policy.values[each]) for each in read.parameters]
        key = (read.signature, inputs, *(each.content for each in figures))
        if key in self._seen:
            return self._seen[key]
        rule = rules.rules[name]
        truth = rule.unit == "bool"
        self._seen[key] = output = len(self._slots)
        self._slots.append(Slot(rule.entity or "household", truth))
        data = tuple((each, _typed(policy, each)) for each in read.parameters)
        vector = [each.vector for each in figures]
        if isinstance(rule, DrawRule):
            word = np.array([stream_key(self._seed, rule.stream)], dtype=np.uint64)
            vector = [word.view(np.float64)]
        self._steps.append(
            Step(
                rule,
                rules.nodes.get(name),
                read.names,
                inputs,
                data,
                np.concatenate(vector) if vector else np.empty(0),
                output,
            )
        )
        return output

    def _reads(self, rules: RuleSet, name: str) -> _Read:
        """Return what a rule reads: in all policies of the rules the same."""
        key = (id(rules), name)
        if key not in self._read:
            rule = rules.rules[name]
            names = tuple(each for each in rule.arguments if each not in rules.parameters)
            if isinstance(rule, DrawRule) and rule.key == "household":
                names = (HOUSEHOLD_KEY,)
            elif isinstance(rule, DrawRule) and rule.key == "person":
                names = (HOUSEHOLD_KEY, PERSON_NUMBER)
            used = tuple(each for each in rule.arguments if each in rules.parameters)
            self._read[key] = _Read(self._signature(rules, name), names, used)
        return self._read[key]

    def _told(self, value: ParameterValue) -> _Figures:
        # The value is kept beside its figures so that its id stays its own.
        found = self._figures.get(id(value))
        if found is None:
            vector = value.vector()
            found = self._figures[id(value)] = _Figures(value, vector, vector.tobytes())
        return found

    def _signature(self, rules: RuleSet, name: str) -> int:
        """Return a small number that is equal for rules that compute the same."""
        rule = rules.rules[name]
        # True equals 1.0 in Python, but a truth value and a number are stored differently.
        kind = (rule.entity, rule.unit == "bool")
        match rule:
            case FormulaRule() if not rule.plain:
                content: tuple[object, ...] = (rules.nodes[name], rule.arguments, kind)
            case FormulaRule():
                content = (rule.function, kind)
            case GroupRule():
                content = (rule.operation, rule.entity, rule.by is None)
            case PointerRule():
                content = ("of",)
            case DrawRule():
                content = ("draw", rule.stream, rule.key)
            case _:
                raise RuleError("rule {name!r} has an unknown form", name=name)
        return self._signatures.setdefault(content, len(self._signatures))
