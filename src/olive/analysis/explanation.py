"""Why a household has this amount: the arithmetic of a variable, step by step, in words.

Every step is one rule with its formula, the numbers of this household, the parameters that it
read with status and source, and the clause of the plan that it carries out. What does not matter
for the household (a branch that is not taken, a product with nought) is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine import formula_with_numbers, obstacles, reads_that_decide
from olive.engine.evaluation import evaluate_with
from olive.engine.liveness import reading_of
from olive.engine.rules import DrawRule, GroupRule, PointerRule, Rule
from olive.errors import DataError, closest
from olive.places.labels import Label, Language, checked_language

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.simulation.result import Result

_LARGEST = {"max", "min"}


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
    formula : Label
        The formula in words with the numbers filled in.
    obstacles : tuple of Label
        Of a condition that does not hold: which parts of it fail.
    parameters : tuple of ParameterUse
    clause : str or None
    depth : int
        0 for what was asked, 1 for what it reads, and so on.
    """

    variable: str
    person: int | None
    value: float | bool
    formula: Label
    obstacles: tuple[Label, ...]
    parameters: tuple[ParameterUse, ...]
    clause: str | None
    depth: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps behind one variable of one household, in the order in which they are read."""

    variable: str
    household: Any
    policy: str
    steps: tuple[Step, ...]
    synthetic: bool

    @property
    def value(self) -> float | bool:
        """Return the value that is explained."""
        return self.steps[0].value

    def text(self, language: Language = "en", *, depth: int | None = None) -> str:
        """Return the steps as indented text.

        Parameters
        ----------
        language : {"zh", "en"}
        depth : int, optional
            Leave out what lies deeper.
        """
        zh = checked_language(language) == "zh"
        shown = [step for step in self.steps if depth is None or step.depth <= depth]
        lines = [
            f"{self.policy}：住户 {self.household}"
            if zh
            else f"{self.policy}: household {self.household}"
        ]
        if self.synthetic:
            lines.append("合成数据：并非真实住户。" if zh else "Synthetic data: no real household.")
        for step in shown:
            lines += [f"{'  ' * step.depth}{line}" for line in _lines(step, language)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()


def _lines(step: Step, language: Language) -> list[str]:
    zh = language == "zh"
    whose = "" if step.person is None else (f"［成员{step.person}］" if zh else f"[{step.person}] ")
    lines = [
        whose + line if not at else line
        for at, line in enumerate(step.formula.in_language(language).split("\n"))
    ]
    if step.obstacles:
        failing = (
            "；".join(each.zh for each in step.obstacles)
            if zh
            else "; ".join(each.en for each in step.obstacles)
        )
        lines.append(("  不满足：" if zh else "  does not hold: ") + failing)
    for use in step.parameters:
        label = use.label.in_language(language) or use.name
        lines.append(f"  · {label} [{use.status}] {use.source}".rstrip())
    if step.clause:
        lines.append(("  · 方案条款 " if zh else "  · clause of the plan ") + step.clause)
    return lines


def explain(
    result: Result,
    variable: str,
    household: Any,
    *,
    person: int | None = None,
    policy: int | str = 0,
) -> Explanation:
    """Explain how a variable of one household comes about, down to the data.

    Parameters
    ----------
    result : Result
        Of `olive.simulate`; its seed and population totals hold, so the figures are the
        simulation's own.
    variable : str
        Any variable of the rules, kept by the result or not.
    household : int or str
        Its ``household_id``.
    person : int, optional
        Person number, for variables of persons; 0 when left out.
    policy : int or str
        Position or label.

    Returns
    -------
    Explanation
        ``print`` it, or read its ``steps``.

    Raises
    ------
    DataError
        When there is no such household, person, policy or variable.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=50, seed=1)
    >>> found = explain(olive.simulate(city, olive.law(year=2023)), "household_size", 0)
    >>> found.value == city.size[0]
    np.True_
    """
    position = result.position(policy)
    own = result.policies[position]
    if variable not in own.rules.rules:
        raise DataError(
            "no variable {variable!r}{hint}",
            variable=variable,
            hint=closest(variable, {name: rule.zh for name, rule in own.rules.rules.items()}),
        )
    ids = result.population.households["household_id"]
    mask = (ids == household).to_numpy()
    if not mask.any():
        raise DataError(
            "no household {household!r} among {number:,}; identifiers look like {value!r}",
            household=household,
            number=len(ids),
            value=ids.iloc[0],
        )
    one = result.population.select(mask)
    settled = result.settled(position)
    walk = _Walk.of(settled, one, variable, result.seed)
    entity = settled.rules.entity_of(variable)
    number = None if entity == "household" else _checked_person(person, walk.persons)
    steps = walk.steps(variable, number)
    return Explanation(
        variable,
        household,
        result.labels[position],
        tuple(steps),
        result.population.is_synthetic,
    )


def _checked_person(person: int | None, persons: int) -> int:
    number = 0 if person is None else person
    if not 0 <= number < persons:
        raise DataError(
            "no person {number}: the household has persons 0 to {persons}",
            number=number,
            persons=persons - 1,
        )
    return number


@dataclass(frozen=True, slots=True)
class _Walk:
    """Values of everything that can matter for one household, and the walk through them."""

    policy: Policy
    values: Mapping[str, np.ndarray[Any, Any]]
    off: frozenset[str]  # what the parameters alone settle as nought
    persons: int

    @classmethod
    def of(cls, policy: Policy, one: Any, variable: str, seed: int) -> _Walk:
        rules, arrays = policy.rules, one.arrays()
        given: dict[str, Any] = {
            name: array
            for table in (arrays.households, arrays.persons)
            for name, array in table.items()
            if name in rules.columns
        }
        persons = int(one.size[0])
        given["household_id"] = np.repeat(one.households["household_id"].to_numpy(), persons)
        reading = reading_of([policy], frozenset(given))
        behind = rules.depends_on([variable]) & rules.rules.keys()
        # A total that is not known cannot matter, nor can what reads it: nought stands for it.
        wanted = {
            name for name in behind if not reading.under(0, [name], through=False, only_totals=True)
        }
        found = evaluate_with(policy, sorted(wanted), given, absent="neutral", seed=seed)
        nought = {
            name: np.zeros(persons if rules.entity_of(name) == "person" else 1)
            for name in behind - wanted
        }
        off = frozenset(name for name in behind if reading.interval(name).is_only(0.0)[0])
        neutral = {
            name: np.full(persons if column.entity == "person" else 1, column.neutral)
            for name, column in rules.columns.items()
            if column.neutral is not None
        }
        return cls(policy, {**neutral, **given, **nought, **found}, off, persons)

    def steps(self, variable: str, person: int | None) -> list[Step]:
        """Return the steps depth first; each is told once, where it is met first."""
        told: set[tuple[str, int | None]] = set()
        found: list[Step] = []

        def tell(name: str, number: int | None, depth: int) -> None:
            if (name, number) in told:
                return
            told.add((name, number))
            step, behind = self._step(name, number, depth)
            found.append(step)
            for each, whose in behind:
                if each not in self.off:
                    tell(each, whose, depth + 1)

        tell(variable, person, 0)
        return found

    def _step(
        self, name: str, person: int | None, depth: int
    ) -> tuple[Step, list[tuple[str, int | None]]]:
        rules = self.policy.rules
        rule = rules.rules[name]
        figures = self._figures(rule, person)
        figures[name] = self._value(name, person)
        deciding = reads_that_decide(self.policy, name, figures)
        value = figures[name]
        truth = rules.quantities[name].truth
        return (
            Step(
                name,
                person,
                bool(value) if truth else float(value),
                Label(
                    formula_with_numbers(self.policy, name, figures, "zh"),
                    formula_with_numbers(self.policy, name, figures, "en"),
                ),
                ()
                if value or not truth
                else tuple(
                    Label(*pair)
                    for pair in zip(
                        obstacles(self.policy, name, figures, "zh"),
                        obstacles(self.policy, name, figures, "en"),
                        strict=True,
                    )
                ),
                tuple(self._use(each) for each in deciding if each in rules.parameters),
                rule.clause,
                depth,
            ),
            self._behind(rule, person, deciding),
        )

    def _value(self, name: str, person: int | None) -> Any:
        values = self.values[name]
        return values[person if self.policy.rules.entity_of(name) == "person" else 0]

    def _figures(self, rule: Rule, person: int | None) -> dict[str, Any]:
        """Return the figure of everything that a rule reads for one person or household."""
        if isinstance(rule, GroupRule):
            return {rule.source: self.values[rule.source][self._group(rule, person)]}
        if isinstance(rule, PointerRule):
            at = self._pointed(rule, person)
            return {} if at is None else {rule.source: self.values[rule.source][at]}
        return {
            name: self._value(name, person)
            for name in rule.arguments
            if name not in self.policy.rules.parameters
        }

    def _group(self, rule: GroupRule, person: int | None) -> Any:
        if rule.by is None:
            return np.arange(self.persons)
        by = self.values[rule.by]
        return np.flatnonzero(by == by[person])

    def _pointed(self, rule: PointerRule, person: int | None) -> int | None:
        at = int(self.values[rule.pointer][person])
        return at if at >= 0 else None

    def _behind(
        self, rule: Rule, person: int | None, deciding: tuple[str, ...]
    ) -> list[tuple[str, int | None]]:
        """Return the variables, with the person, that the step rests on."""
        rules = self.policy.rules
        if isinstance(rule, DrawRule):
            return []
        if isinstance(rule, GroupRule):
            if rule.source not in rules.rules:
                return []
            members, values = self._group(rule, person), self.values[rule.source]
            if rule.operation in _LARGEST:
                extreme = np.argmax if rule.operation == "max" else np.argmin
                members = members[[int(extreme(values[members]))]]
            return [(rule.source, int(each)) for each in members if values[each]]
        if isinstance(rule, PointerRule):
            at = self._pointed(rule, person)
            return [(rule.source, at)] if at is not None and rule.source in rules.rules else []
        return [
            (name, person if rules.entity_of(name) == "person" else None)
            for name in deciding
            if name in rules.rules
        ]

    def _use(self, name: str) -> ParameterUse:
        parameter, value = self.policy.rules.parameters[name], self.policy.values[name]
        return ParameterUse(name, Label(parameter.zh, parameter.en), value.status, value.source)
