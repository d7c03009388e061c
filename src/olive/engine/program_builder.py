"""Building programs: each computation once for all policies, and once for all passes of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.draws import stream_key
from olive.engine.parameters import ParameterValue
from olive.engine.policy import Policy
from olive.engine.program import (
    HOUSEHOLD_KEY,
    PERSON_NUMBER,
    WEIGHT,
    Program,
    Slot,
    Step,
    Total,
)
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule
from olive.engine.ruleset import RuleSet
from olive.engine.vocabulary import Schedule
from olive.errors import DataError, RuleError, labelled, nearest
from olive.messages import Message


def build_program(
    policies: Sequence[Policy],
    available: Mapping[str, Entity],
    outputs: Sequence[str],
    totals: Sequence[str] = (),
    *,
    seed: int = 0,
    written: Sequence[str] = (),
) -> Program:
    """Return the program of a run of a single pass; see `ProgramBuilder`."""
    return ProgramBuilder(available, seed).program(policies, outputs, totals, written=written)


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


class _Chosen(NamedTuple):
    """Slots and steps of one program."""

    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]


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


class ProgramBuilder:
    """Collects slots and steps, sharing each computation that has been seen before.

    Parameters
    ----------
    available : mapping of str to entity
        Columns at hand. A variable that is at hand is not computed.
    seed : int
        For random draws.

    Attributes
    ----------
    at_hand : dict of slot to str
        Slots that an earlier pass has computed, and the columns in which they stand.
    """

    def __init__(self, available: Mapping[str, Entity], seed: int) -> None:
        self._available = available
        self._seed = seed
        self.at_hand: dict[int, str] = {}
        self._passed: list[Policy] = []  # so that ids stay those of their rules
        self._slots: list[Slot] = []
        self._steps: list[Step] = []
        self._inputs: dict[str, int] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._signatures: dict[object, int] = {}
        self._figures: dict[int, _Figures] = {}
        self._needed: dict[tuple[int, tuple[str, ...]], list[str]] = {}
        self._read: dict[tuple[int, str], _Read] = {}
        self._latest: dict[int, tuple[Policy, dict[str, int]]] = {}

    def program(
        self,
        policies: Sequence[Policy],
        outputs: Sequence[str],
        totals: Sequence[str] = (),
        *,
        written: Sequence[str] = (),
        later: Collection[str] = (),
    ) -> Program:
        """Return the program that computes ``outputs`` and ``totals`` for every policy.

        Parameters
        ----------
        policies : sequence of Policy
        outputs, totals : sequence of str
            Variables to keep for every row, and variables to sum with household weights. What
            only some policies have a rule for is kept for those.
        written : sequence of str
            Variables of the first policy that are written out as soon as they are computed.
        later : collection of str
            Variables that later passes compute.

        Raises
        ------
        RuleError
            For a variable that no rule of any policy defines.
        DataError
            For a missing column: names the rule that needs it and the nearest column.
        """
        check_known(policies, self._available, [*outputs, *totals], written)
        self._passed += policies
        kept: dict[tuple[int, str], int] = {}
        summed: dict[tuple[int, str], int] = {}
        out: dict[str, int] = {}
        sums: dict[Total, int] = {}
        for position, policy in enumerate(policies):
            leaving = () if position else written
            own, summing = (
                [name for name in names if name in policy.rules.rules or name in self._available]
                for names in (outputs, totals)
            )
            slots = self._add_policy(policy, [*own, *summing, *leaving])
            out |= {name: slots[name] for name in leaving}
            kept |= {(position, name): slots[name] for name in own}
            for name in summing:
                total = Total(
                    slots[name], self._input_slot(WEIGHT, lambda: Message("the weighted total"))
                )
                summed[position, name] = sums.setdefault(total, len(sums))
        found = self._needed_steps({*kept.values()}, {*out.values()}, sums)
        carried = self._read_later(found.steps, policies, later)
        held = {*kept.values(), *carried}
        for total in sums:
            held |= {total.source, total.weight}
        last_use = [-1] * len(self._slots)
        for position, step in enumerate(found.steps):
            for slot in step.inputs:
                last_use[slot] = position
        for slot in held:
            last_use[slot] = len(found.steps)
        return Program(
            found.slots, found.steps, kept, out, carried, tuple(sums), summed, tuple(last_use)
        )

    def _needed_steps(self, kept: set[int], written: set[int], sums: Iterable[Total]) -> _Chosen:
        """Return the steps behind slots, and all slots, those at hand as columns."""
        at_hand = {slot: name for slot, name in self.at_hand.items() if slot not in written}
        needed = kept | written | {total.source for total in sums}
        steps = []
        for step in reversed(self._steps):
            if step.output in needed and step.output not in at_hand:
                steps.append(step)
                needed |= {*step.inputs}
        slots = list(self._slots)
        for slot, name in at_hand.items():
            slots[slot] = replace(slots[slot], column=name)
        return _Chosen(tuple(slots), tuple(reversed(steps)))

    def _read_later(
        self, steps: Sequence[Step], policies: Sequence[Policy], later: Collection[str]
    ) -> tuple[int, ...]:
        """Return the slots of truth values that variables of later passes read."""
        if not later:
            return ()
        computed = {step.rule.name: self._slots[step.output].truth for step in steps}
        found: set[str] = set()
        for rules in {id(policy.rules): policy.rules for policy in policies}.values():
            waiting = [name for name in later if name in rules.rules and name not in computed]
            seen = set(waiting)
            while waiting:
                for each in rules.rules[waiting.pop()].arguments:
                    if computed.get(each):
                        found.add(each)
                    elif each in computed and each not in seen:  # is computed anew, from what?
                        seen.add(each)
                        waiting.append(each)
        return tuple(step.output for step in steps if step.rule.name in found)

    def _add_policy(self, policy: Policy, wanted: Sequence[str]) -> dict[str, int]:
        """Add the steps of a policy and return the slot of each wanted name."""
        rules = policy.rules
        before, known = self._latest.get(id(rules), (None, {}))
        moved = {
            name
            for name, value in policy.values.items()
            if before is None or value is not before.values[name]
        }
        slots: dict[str, int] = {}
        for name in self._order(rules, tuple(wanted)):
            # What reads nothing that differs from the policy before is what it was there.
            if name in known and moved.isdisjoint(rules.rules[name].arguments):
                slots[name] = known[name]
            else:
                slots[name] = self._add_rule(policy, name, slots)
                if slots[name] != known.get(name):
                    moved.add(name)
        self._latest[id(rules)] = (policy, slots)
        return {
            name: slots[name]
            if name in slots
            else self._input_slot(name, lambda: Message("the request"))
            for name in wanted
        }

    def _input_slot(self, name: str, reader: Callable[[], Message]) -> int:
        """Return the slot of an input column; ``reader`` tells who needs it, where it lacks."""
        if name not in self._inputs:
            if name == HOUSEHOLD_KEY:
                entity: Entity = "household"
            elif name in self._available:
                entity = self._available[name]
            else:
                raise DataError(
                    "column {name!r} is missing; {reader} needs it{hint}",
                    name=name,
                    reader=reader(),
                    hint=nearest(name, self._available),
                )
            self._inputs[name] = len(self._slots)
            self._slots.append(Slot(entity, False, name))
        return self._inputs[name]

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
            [
                slots[each]
                if each in slots
                else self._input_slot(each, lambda: Message("rule {name!r}", name=name))
                for each in read.names
            ]
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
