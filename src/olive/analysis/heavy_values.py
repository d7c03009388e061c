"""Single values of a reform that weigh as much as much of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from olive.analysis.assumptions import shown_value
from olive.analysis.indicators import MEAN, income_variables, incomes, measures_of
from olive.engine import Policy, Reform
from olive.places.labels import Label
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.population import Population

HEAVY = 0.5  # of the plan's own effect


@dataclass(frozen=True, slots=True)
class HeavyValue:
    """A value that alone moves income per head by more than half of what the plan does.

    Attributes
    ----------
    reform : str
        Label of the reform that sets it.
    parameter : str
    label : Label
        Of the parameter.
    value : str
        What the reform makes of it, in the parameter's unit.
    change : float
        Of income per head when nothing else of the reform is done, yuan a year.
    plan : float
        Effect of the whole plan, yuan a year and head.
    """

    reform: str
    parameter: str
    label: Label
    value: str
    change: float
    plan: float

    def sentence(self, currency: Label) -> Label:
        """Return the warning in words."""
        return Label(
            f"注意：“{self.label.zh}”一项取值（{self.value}）单独就使人均收入变化{self.change:+z,.0f}{currency.zh}，"
            f"超过整个方案效果（{self.plan:+z,.0f}{currency.zh}）的一半：先核实这个数，再看改革的合计。",
            f"Mind: the one value of {self.parameter!r} ({self.value}) alone changes income per "
            f"head by {self.change:+z,.0f} {currency.en}, more than half of the whole plan's "
            f"{self.plan:+z,.0f}. Check that figure before you read the reform's total.",
        )


def sentence_on_plan(found: Sequence[HeavyValue], currency: Label) -> Label | None:
    """Return which values of the plan itself weigh so much, in words; None where none does."""
    if not found:
        return None
    zh = "、".join(f"{each.label.zh}（{each.change:+z,.0f}{currency.zh}）" for each in found)
    en = ", ".join(
        f"{each.label.en[0].lower()}{each.label.en[1:]} ({each.change:+z,.0f})" for each in found
    )
    plan = f"{found[0].plan:+z,.0f}"
    return Label(
        f"方案中单独一项取值就使人均收入变化超过方案合计（{plan}{currency.zh}）一半的：{zh}。",
        f"Values of the plan that alone change income per head by more than half of its whole "
        f"{plan} {currency.en}: {en}.",
    )


def heavy_values(
    population: Population,
    base: Policy,
    reforms: Sequence[Reform],
    plan_effect: float,
    *,
    seed: int = 0,
) -> tuple[HeavyValue, ...]:
    """Return the values of reforms that alone move income per head by half of the plan's effect.

    Parameters
    ----------
    base : Policy
        What the reforms are laid on.
    plan_effect : float
        Of the plan on income per head, yuan a year.
    seed : int
        For random draws, see `olive.simulate`.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> reform = olive.Reform({"resident_basic_pension_standard": 60_000}, label="pension")
    >>> found = heavy_values(city, olive.law(year=2023), [reform], plan_effect=500.0)
    >>> [each.parameter for each in found]
    ['resident_basic_pension_standard']
    """
    outputs = income_variables(population.place)
    reached = base.rules.depends_on(outputs)
    found = [
        (reform, operation)
        for reform in reforms
        for operation in reform.operations
        if operation.parameter in reached
    ]
    if not found:
        return ()
    alone = [
        (base | Reform.from_operations([operation])).renamed(f"value {number}")
        for number, (_, operation) in enumerate(found)
    ]
    result = simulate(population, [base.renamed("base"), *alone], outputs=outputs, seed=seed)
    mean = next(each for each in measures_of(population.place) if each.id == MEAN)
    first, *means = (mean.value(incomes(result, at)) for at in range(len(result.policies)))
    changes = [each - first for each in means]
    heavy = []
    for (reform, operation), policy, change in zip(found, alone, changes, strict=True):
        if abs(change) > HEAVY * abs(plan_effect):
            name = operation.parameter
            label = Label(policy.rules.parameters[name].zh, policy.rules.parameters[name].en)
            value = shown_value(policy.values[name])
            heavy.append(HeavyValue(reform.label, name, label, value, change, plan_effect))
    return tuple(heavy)
