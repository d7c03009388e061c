"""The steps of an explanation, and the walk through the rules that finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine import formula_with_numbers, obstacles, reads_in_the_way, reads_that_decide
from olive.engine.evaluation import evaluate_with
from olive.engine.liveness import reading_of
from olive.engine.rules import DrawRule, GroupRule, PointerRule, Rule
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.engine.columns import Entity
    from olive.engine.ruleset import RuleSet
    from olive.population import Population

_EXTREMES = {"max": np.argmax, "min": np.argmin}


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter that a step read: its figure is in the formula, here is where it is from."""

    name: str
    label: Label
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rule for one person or for the household.

    Attributes
    ----------
    variable : str
    person : int or None
        Person number in the household; None for variables of the household.
    value : float or bool
        As the simulation computed it.
    figures : mapping of str to number, truth value or array
        What the rule reads, parameters aside: of a sum and the like over persons, the figure of
        each. The formula gives the value from them and the parameters, to the last bit.
    depth : int
        0 for what was asked, 1 for what it reads, and so on.
    """

    variable: str
    person: int | None
    value: float | bool
    figures: Mapping[str, Any] = field(repr=False, compare=False)
    depth: int
    _policy: Policy = field(repr=False, compare=False)

    @property
    def formula(self) -> Label:
        """Return the formula in words with the numbers filled in."""
        known = {**self.figures, self.variable: self.value}
        return Label(
            formula_with_numbers(self._policy, self.variable, known, "zh"),
            formula_with_numbers(self._policy, self.variable, known, "en"),
        )

    @property
    def obstacles(self) -> tuple[Label, ...]:
        """Return of a condition that does not hold which parts of it fail, and by how much."""
        if self.value:
            return ()
        zh, en = (
            obstacles(self._policy, self.variable, self.figures, language)
            for language in ("zh", "en")
        )
        return tuple(Label(*pair) for pair in zip(zh, en, strict=True))

    @property
    def parameters(self) -> tuple[ParameterUse, ...]:
        """Return the parameters that the value rests on, with status and source."""
        known, values = self._policy.rules.parameters, self._policy.values
        return tuple(
            ParameterUse(
                name,
                Label(known[name].zh, known[name].en),
                values[name].status,
                values[name].source,
            )
            for name in reads_that_decide(self._policy, self.variable, self.figures)
            if name in known
        )

    @property
    def clause(self) -> str | None:
        """Return the clause of the plan that the rule carries out."""
        return self._policy.rules.rules[self.variable].clause


_Place = tuple[int, int | None]  # row of a household, person number


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Values of everything that can matter for some households, and the walk through them."""

    policy: Policy
    values: Mapping[str, np.ndarray[Any, Any]]
    off: frozenset[str]  # what the parameters alone settle as nought
    starts: np.ndarray[Any, Any]
    _known: dict[tuple[str, _Place], tuple[Step, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, homes: Population, variables: Sequence[str], seed: int) -> Walk:
        """Return the walk through what lies behind variables of every household of a population."""
        rules, arrays = policy.rules, homes.arrays()
        given: dict[str, Any] = {
            name: array
            for table in (arrays.households, arrays.persons)
            for name, array in table.items()
            if name in rules.columns
        }
        counts = {"household": len(homes), "person": int(arrays.starts[-1])}
        ids = homes.households["household_id"].to_numpy()
        given["household_id"] = np.repeat(ids, np.diff(arrays.starts))
        reading = reading_of([policy], frozenset(given))
        behind = rules.depends_on(variables) & rules.rules.keys()
        # A total that is not known cannot matter, nor can what reads it: nought stands for it.
        wanted = {
            name for name in behind if not reading.under(0, [name], through=False, only_totals=True)
        }
        found = evaluate_with(policy, sorted(wanted), given, absent="neutral", seed=seed)
        nought = {name: np.zeros(counts[_entity(rules, name)]) for name in behind - wanted}
        off = frozenset(name for name in behind if reading.interval(name).is_only(0.0)[0])
        neutral = {
            name: np.full(counts[column.entity], column.neutral)
            for name, column in rules.columns.items()
            if column.neutral is not None
        }
        return cls(policy, {**neutral, **given, **nought, **found}, off, arrays.starts)

    def steps(
        self, variable: str, row: int, person: int | None, *, why_not: bool = False
    ) -> tuple[Step, ...]:
        """Return the steps of one household depth first; each is told once, where it is met first.

        Members for whom nothing is counted are left out. ``why_not`` follows nothing but what is
        nothing itself, members too: who is in the same position as another is told once.
        """
        told: set[object] = set()
        found: list[Step] = []

        def tell(name: str, number: int | None, depth: int) -> None:
            step, deciding = self._step(name, (row, number))
            mark = (name, str(step.figures)) if why_not else (name, number)
            if mark in told:
                return
            told.add(mark)
            found.append(replace(step, depth=depth))
            if why_not and (failing := reads_in_the_way(self.policy, name, step.figures)):
                deciding = failing
            elif why_not and step.obstacles:
                return
            for each, whose in self._behind(step, row, deciding, why_not=why_not):
                if each not in self.off and not (why_not and self.value(each, row, whose)):
                    tell(each, whose, depth + 1)

        tell(variable, person, 0)
        return tuple(found)

    def _step(self, name: str, at: _Place) -> tuple[Step, tuple[str, ...]]:
        """Return a step and the names that its value rests on; both are worked out once."""
        if (name, at) not in self._known:
            rules = self.policy.rules
            figures = self._figures(rules.rules[name], at)
            value, truth = self.value(name, *at), rules.quantities[name].truth
            step = Step(
                name, at[1], bool(value) if truth else float(value), figures, 0, self.policy
            )
            self._known[name, at] = step, reads_that_decide(self.policy, name, figures)
        return self._known[name, at]

    def value(self, name: str, row: int, person: int | None) -> Any:
        """Return the value of a variable or column for a person or household."""
        of_person = _entity(self.policy.rules, name) == "person"
        return self.values[name][self.starts[row] + (person or 0) if of_person else row].item()

    def _figures(self, rule: Rule, at: _Place) -> dict[str, Any]:
        """Return the figure of everything that a rule reads for one person or household."""
        row, person = at
        if isinstance(rule, GroupRule):
            members = self._group(rule, row, person)
            return {rule.source: self.values[rule.source][self.starts[row] + members]}
        if isinstance(rule, PointerRule):
            pointed = self._pointed(rule, at)
            return {} if pointed < 0 else {rule.source: self.value(rule.source, row, pointed)}
        return {
            name: self.value(name, *at)
            for name in rule.arguments
            if name not in self.policy.rules.parameters
        }

    def _group(self, rule: GroupRule, row: int, person: int | None) -> Any:
        """Return the person numbers of the group that a rule counts."""
        members = slice(self.starts[row], self.starts[row + 1])
        if rule.by is None:
            return np.arange(members.stop - members.start)
        by = self.values[rule.by][members]
        return np.flatnonzero(by == by[person])

    def _pointed(self, rule: PointerRule, at: _Place) -> int:
        return int(self.value(rule.pointer, *at))

    def _behind(
        self, step: Step, row: int, deciding: tuple[str, ...], *, why_not: bool
    ) -> list[tuple[str, int | None]]:
        """Return the variables, with the person, that a step rests on."""
        rules, person = self.policy.rules, step.person
        rule = rules.rules[step.variable]
        if isinstance(rule, DrawRule):
            return []
        if isinstance(rule, GroupRule):
            if rule.source not in rules.rules:
                return []
            members, values = self._group(rule, row, person), step.figures[rule.source]
            if rule.operation in _EXTREMES:
                members = members[[int(_EXTREMES[rule.operation](values))]]
            elif not why_not:
                members = members[values != 0]
            return [(rule.source, int(each)) for each in members]
        if isinstance(rule, PointerRule):
            pointed = self._pointed(rule, (row, person))
            return [(rule.source, pointed)] if pointed >= 0 and rule.source in rules.rules else []
        return [
            (name, person if _entity(rules, name) == "person" else None)
            for name in deciding
            if name in rules.rules
        ]


def _entity(rules: RuleSet, name: str) -> Entity:
    return "person" if rules.entity_of(name) == "person" else "household"
