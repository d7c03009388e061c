"""Building programs: each computation once for all policies, and once for all passes of a run."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.draws import stream_key
from olive.engine.expression import number_of
from olive.engine.parameter_contents import Contents, Numbers, shared
from olive.engine.policy import Policy
from olive.engine.program import (
    HOUSEHOLD_KEY,
    PERSON_NUMBER,
    WEIGHT,
    Batch,
    Figure,
    Program,
    Slot,
    Total,
)
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, Rule
from olive.engine.ruleset import RuleSet
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
            raise RuleError("no variable {name!r}{hint}", name, hint)


@cache
def _computed(entity: Entity, truth: bool) -> Slot:
    return Slot(entity, truth)


def _by_position(found: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    return dict(sorted(found.items(), key=lambda item: item[0][0]))


def _rows(parts: Sequence[Numbers]) -> list[tuple[int, ...]]:
    """Return the numbers of each policy; one row where all policies share all of them."""
    counts = [len(part) for part in parts if not isinstance(part, int)]
    count = counts[0] if counts else 1
    columns = [[part] * count if isinstance(part, int) else part for part in parts]
    return list(zip(*columns, strict=True)) if columns else [()]


class _Chosen(NamedTuple):
    """Slots and computations of one program."""

    slots: tuple[Slot, ...]
    batches: tuple[Batch, ...]
    order: NDArray[np.int64]


class _Read(NamedTuple):
    """What a rule computes, and from which columns, variables and parameters."""

    signature: tuple[object, ...]
    names: tuple[str, ...]
    parameters: tuple[str, ...]


class ProgramBuilder:
    """Collects slots and computations, sharing each computation that has been seen before.

    Policies of the same rules are taken together, rule by rule: what Python does for a rule it does
    once, however many policies there are.

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
        self._batches: list[Batch] = []
        self._turns = 0
        self._inputs: dict[str, int] = {}
        self._seen: dict[tuple[object, ...], dict[tuple[int, ...], int]] = {}
        self._contents = Contents([], [], {}, {})
        self._needed: dict[tuple[int, tuple[str, ...]], list[str]] = {}

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
        out = {name: found[0] for name, found in self._add(policies[:1], written).items()}
        together: dict[int, list[int]] = {}
        for position, policy in enumerate(policies):
            together.setdefault(id(policy.rules), []).append(position)
        kept: dict[tuple[int, str], int] = {}
        summed: dict[tuple[int, str], int] = {}
        sums: dict[Total, int] = {}
        for positions in together.values():
            group = [policies[position] for position in positions]
            slots = self._add(group, [*outputs, *totals])
            for place, position in enumerate(positions):
                kept |= {(position, name): slots[name][place] for name in outputs if name in slots}
                for name in totals:
                    if name in slots:
                        weight = self._input_slot(WEIGHT, lambda: Message("the weighted total"))
                        total = Total(slots[name][place], weight)
                        summed[position, name] = sums.setdefault(total, len(sums))
        found = self._needed_steps({*kept.values()}, {*out.values()}, sums)
        carried = self._read_later(found.batches, policies, later)
        return Program(
            *found,
            _by_position(kept),
            out,
            carried,
            tuple(sums),
            _by_position(summed),
        )

    def _needed_steps(self, kept: set[int], written: set[int], sums: Iterable[Total]) -> _Chosen:
        """Return the computations behind slots, and all slots, those at hand as columns."""
        at_hand = {slot: name for slot, name in self.at_hand.items() if slot not in written}
        needed, standing = np.zeros((2, len(self._slots)), dtype=np.bool_)
        needed[[*kept, *written, *(total.source for total in sums)]] = True
        standing[[*at_hand]] = True
        batches: list[Batch] = []
        for batch in reversed(self._batches):
            chosen = needed[batch.outputs] & ~standing[batch.outputs]
            count = np.count_nonzero(chosen)
            if count:
                batches.append(batch if count == chosen.size else batch.only(chosen))
                needed[batches[-1].inputs] = True
        batches.reverse()
        slots = list(self._slots)
        for slot, name in at_hand.items():
            slots[slot] = replace(slots[slot], column=name)
        turns = [batch.turns for batch in batches]
        order = np.argsort(np.concatenate([*turns, np.empty(0, np.int64)]), kind="stable")
        return _Chosen(tuple(slots), tuple(batches), order)

    def _read_later(
        self, batches: Sequence[Batch], policies: Sequence[Policy], later: Collection[str]
    ) -> tuple[int, ...]:
        """Return the slots of truth values that variables of later passes read."""
        if not later:
            return ()
        computed = {each.rule.name: self._slots[each.outputs[0]].truth for each in batches}
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
        chosen = [each.outputs.tolist() for each in batches if each.rule.name in found]
        return tuple(itertools.chain.from_iterable(chosen))

    def _add(self, policies: Sequence[Policy], wanted: Sequence[str]) -> dict[str, list[int]]:
        """Add what policies of the same rules compute; return each wanted name's slots.

        A name that they have no rule for and that is no column is left out.
        """
        rules = policies[0].rules
        known = [name for name in wanted if name in rules.rules or name in self._available]
        order = self._order(rules, tuple(known))
        reads = [_reads(rules, name) for name in order]
        used = dict.fromkeys(each for read in reads for each in read.parameters)
        numbers = self._contents.of(policies, list(used))
        slots: dict[str, Numbers] = {}
        for name, read in zip(order, reads, strict=True):
            slots[name] = self._add_rule(rules, name, read, slots, numbers)
        self._turns += len(policies)
        found = {}
        for name in known:
            if name not in slots:
                slots[name] = self._input_slot(name, lambda: Message("the request"))
            slot = slots[name]
            found[name] = [slot] * len(policies) if isinstance(slot, int) else list(slot)
        return found

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
                    name,
                    reader(),
                    nearest(name, self._available),
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

    def _add_rule(
        self,
        rules: RuleSet,
        name: str,
        read: _Read,
        slots: Mapping[str, Numbers],
        numbers: Mapping[str, Numbers],
    ) -> Numbers:
        """Return the slots of a rule, given those that it may read and the numbers of figures."""
        inputs = [
            slots[each]
            if each in slots
            else self._input_slot(each, lambda: Message("rule {name!r}", name))
            for each in read.names
        ]
        rows = _rows([*inputs, *(numbers[each] for each in read.parameters)])
        rule = rules.rules[name]
        slot = _computed(rule.entity or "household", rule.unit == "bool")
        seen = self._seen.setdefault(read.signature, {})
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, row in enumerate(rows):
            if row not in seen:
                seen[row] = len(self._slots)
                self._slots.append(slot)
                shapes = [self._contents.shapes[each] for each in row[len(inputs) :]]
                alike.setdefault(tuple(shapes), []).append(place)
        outputs = [seen[row] for row in rows]
        for places in alike.values():
            chosen = np.array([rows[place] for place in places], dtype=np.int64)
            parameters, figures = self._figured(rules, rule, read, chosen[:, len(inputs) :])
            batch = Batch(
                rule,
                rules.nodes.get(name),
                read.names,
                parameters,
                chosen[:, : len(inputs)],
                figures,
                np.array([outputs[place] for place in places]),
                np.array(places) + self._turns,
            )
            self._batches.append(batch)
        return shared(outputs)

    def _figured(
        self, rules: RuleSet, rule: Rule, read: _Read, numbers: NDArray[np.int64]
    ) -> tuple[dict[str, Figure], NDArray[np.float64]]:
        """Return where parameters stand among the figures, and those of each computation."""
        if isinstance(rule, DrawRule):
            word = np.array([[stream_key(self._seed, rule.stream)]], dtype=np.uint64)
            return {}, np.repeat(word.view(np.float64), len(numbers), axis=0)
        first, parameters = 0, {}
        for name, number in zip(read.parameters, numbers[0].tolist(), strict=True):
            shape, truth = self._contents.shapes[number], rules.quantities[name].truth
            parameters[name] = Figure(first, shape, truth)
            first += self._contents.vectors[number].size
        vectors = [self._contents.vectors[each] for each in numbers.ravel().tolist()]
        return parameters, np.concatenate([np.empty(0), *vectors]).reshape(len(numbers), -1)


# What rules read, by the id of their set, beside which it is kept so that its id stays its own: the
# years of a projection and the policies of a search share their rules.
_known_reads: dict[int, tuple[RuleSet, dict[str, _Read]]] = {}
_REMEMBERED_RULE_SETS = 32


def _reads(rules: RuleSet, name: str) -> _Read:
    """Return what a rule reads: in all policies of the rules the same."""
    remembered = _known_reads.get(id(rules))  # once: another thread may clear them at any moment
    if remembered is None:
        if len(_known_reads) >= _REMEMBERED_RULE_SETS:
            _known_reads.clear()
        remembered = _known_reads[id(rules)] = rules, {}
    _, known = remembered
    if name not in known:
        rule = rules.rules[name]
        names = tuple(each for each in rule.arguments if each not in rules.parameters)
        if isinstance(rule, DrawRule) and rule.key == "household":
            names = (HOUSEHOLD_KEY,)
        elif isinstance(rule, DrawRule) and rule.key == "person":
            names = (HOUSEHOLD_KEY, PERSON_NUMBER)
        used = tuple(each for each in rule.arguments if each in rules.parameters)
        known[name] = _Read(_signature(rules, name), names, used)
    return known[name]


def _signature(rules: RuleSet, name: str) -> tuple[object, ...]:
    """Return what is equal for rules that compute the same."""
    rule = rules.rules[name]
    # True equals 1.0 in Python, but a truth value and a number are stored differently.
    kind = (rule.entity, rule.unit == "bool")
    match rule:
        case FormulaRule() if not rule.plain:
            return "formula", number_of(rules.nodes[name]), rule.arguments, kind
        case FormulaRule():
            return rule.function, kind
        case GroupRule():
            return rule.operation, rule.entity, rule.by is None
        case PointerRule():
            return ("of",)
        case DrawRule():
            return "draw", rule.stream, rule.key
        case _:
            raise RuleError("rule {name!r} has an unknown form", name)
