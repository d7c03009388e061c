"""Why a household has this amount: the arithmetic of a variable, step by step, in words.

Every step is one rule with its formula, the numbers of this household, the parameters that it
read with status and source, and the clause of the plan that it carries out. What does not matter
for the household (a branch that is not taken, a product with nought) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from olive.analysis.explanation_steps import Step, Walk
from olive.errors import DataError, closest, shown
from olive.native.given_numbers import is_whole
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, Language, checked_language, policy_label, spoken
from olive.places.unit_words import source_name, status_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from olive.places.place import Place
    from olive.simulation.result import Result


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps behind one variable of one household, in the order in which they are read.

    Attributes
    ----------
    variable : str
    household : int or str
    policy : Label
    steps : tuple of Step
        Down to the data: each value follows from those of the steps below it.
    why_not : tuple of Step
        Of an answer that is nothing, the steps that are nothing themselves, with their obstacles.
    synthetic : bool
    clauses : mapping of str to Label
        The words of the clauses of the plan that steps carry out.
    """

    variable: str
    household: Any
    policy: Label
    steps: tuple[Step, ...]
    why_not: tuple[Step, ...]
    synthetic: bool
    clauses: Mapping[str, Label] = field(repr=False)

    @property
    def value(self) -> float | bool:
        """Return the value that is explained."""
        return self.steps[0].value

    def text(self, language: Language = "en", *, depth: int | None = None) -> str:
        """Return the steps as indented text; of an answer that is nothing, why it is.

        Parameters
        ----------
        language : {"zh", "en"}
        depth : int, optional
            Leave out what lies deeper.
        """
        zh = checked_language(language) == "zh"
        policy, household = self.policy.in_language(language), self.household
        lines = [f"{policy}：住户 {household}" if zh else f"{policy}: household {household}"]
        if self.synthetic:
            lines.append("合成数据：并非真实住户。" if zh else "Synthetic data: no real household.")
        for step in self.why_not or self.steps:
            if depth is None or step.depth <= depth:
                told = _lines(step, language, self.clauses)
                lines += [f"{'  ' * step.depth}{line}" for line in told]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text(spoken())


def _lines(step: Step, language: Language, clauses: Mapping[str, Label]) -> list[str]:
    zh = language == "zh"
    whose = "" if step.person is None else (f"［成员{step.person}］" if zh else f"[{step.person}] ")
    lines = [
        whose + line if not at else line
        for at, line in enumerate(step.formula.in_language(language).split("\n"))
    ]
    if step.obstacles:
        obstacles = [each.in_language(language) for each in step.obstacles]
        failing = ("；" if zh else "; ").join(obstacles)
        lines.append(("  不满足：" if zh else "  does not hold: ") + failing)
    for use in step.parameters:
        label = use.label.in_language(language) or use.name
        status, source = status_name(use.status, language), source_name(use.source, language)
        firm = f"［{status}］" if zh else f" [{status}] "
        lines.append(f"  · {label}{firm}{source}".rstrip())
    if step.clause:
        words = clauses.get(step.clause, Label("", "")).in_language(language)
        named = f"：{words}（{step.clause}）" if zh else f": {words} ({step.clause})"
        lines.append(
            ("  · 方案条款" if zh else "  · clause of the plan")
            + (named if words else f" {step.clause}")
        )
    return lines


@checked_objects
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
            variable,
            closest(variable, {name: rule.zh for name, rule in own.rules.rules.items()}),
        )
    one = result.population.household(household)
    settled = result.settled(position)
    walk = Walk.of(settled, one, [variable], result.seed)
    # A person who is not there is refused also where the variable is of the household and needs
    # none: what was asked about somebody must not be answered about all.
    number: int | None = checked_person(0 if person is None else person, int(one.size[0]))
    if settled.rules.entity_of(variable) == "household":
        number = None
    steps, nothing = walk.steps(variable, 0, number), not walk.value(variable, 0, number)
    why_not = walk.steps(variable, 0, number, why_not=True) if nothing else ()
    synthetic = result.population.is_synthetic
    clauses = _clauses((*steps, *why_not), result.population.place)
    return Explanation(variable, household, policy_label(own), steps, why_not, synthetic, clauses)


def _clauses(steps: Sequence[Step], place: Place) -> Mapping[str, Label]:
    """Return the words of the clauses that steps carry out; rules may name others."""
    named = {step.clause for step in steps}
    if not place.has_plan or named == {None}:
        return {}
    return {
        each.id: Label(each.quote_zh, each.summary.removesuffix("."))
        for each in place.plan.clauses()
        if each.id in named
    }


def checked_person(number: int, persons: int) -> int:
    """Return the number of a person of a household.

    Raises
    ------
    DataError
        When it has no such person.
    """
    if not is_whole(number) or not 0 <= number < persons:
        raise DataError(
            "no person {number}: the household has persons 0 to {persons}",
            shown(number),
            persons - 1,
        )
    return number
