"""What stands behind figures: parameters that are assumed, and amounts carried forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from olive.engine.parameters import ParameterValue
from olive.places.registry import place as place_of

if TYPE_CHECKING:
    from olive.engine.policy import Policy


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter that is neither law nor published, with a value that some policy used.

    ``is_share`` says that the value is a share of 1, ``is_new`` that the plan or a reform sets
    it and the law in force has another.
    """

    parameter: str
    zh: str
    en: str
    value: str
    unit: str
    status: str
    source: str
    is_share: bool
    is_new: bool


def assumptions_of(
    policies: Sequence[Policy], outputs: Sequence[str], in_force: int
) -> tuple[Assumption, ...]:
    """Return each parameter that some policy used and that is neither law nor published.

    Parameters
    ----------
    policies : sequence of Policy
        Ordered so that what stands after the law in force is a reform of it.
    outputs : sequence of str
        Variables that count.
    in_force : int
        Position of the law in force.
    """
    current = policies[in_force]
    found: dict[tuple[str, str], Assumption] = {}
    for position, policy in enumerate(policies):
        used = policy.rules.depends_on(outputs)
        for name, value in policy.uncertain().items():
            if name in used:
                parameter = policy.rules.parameters[name]
                unit, ends = parameter.unit, (parameter.minimum, parameter.maximum)
                status, source = value.status, value.source or parameter.note
                shown, is_share = shown_value(value), unit == "1" and ends == (0.0, 1.0)
                is_new = position > in_force and shown != shown_value(current.values[name])
                assumption = Assumption(
                    name, parameter.zh, parameter.en, shown, unit, status, source, is_share, is_new
                )
                found.setdefault((name, shown), assumption)
    return tuple(found[key] for key in sorted(found))


def shown_value(value: ParameterValue) -> str:
    """Return a value as it is shown, in the parameter's unit; both ends for a table.

    >>> shown_value(ParameterValue(12_492.0, "published", ""))
    '12,492'
    """
    figures = value.vector()
    if figures.size == 1:
        return f"{figures[0]:,.6g}"
    finite = figures[np.isfinite(figures)]
    return f"{finite.min():,.6g} … {finite.max():,.6g}"


@dataclass(frozen=True, slots=True)
class CarriedAmount:
    """A parameter whose last known value is carried forward.

    Attributes
    ----------
    parameter, zh, en : str
    since : datetime.date
        First day of the last value that is known.
    reference_zh, reference_en : str
        What it has grown with; empty when it stands as it was.
    growth : float
        What that has multiplied it by.
    """

    parameter: str
    zh: str
    en: str
    since: date
    reference_zh: str
    reference_en: str
    growth: float


def carried_amounts(policy: Policy, outputs: Sequence[str]) -> tuple[CarriedAmount, ...]:
    """Return the amounts of money that the policy carries forward, the oldest first.

    Only those behind the given variables count.

    Examples
    --------
    >>> import olive
    >>> found = carried_amounts(olive.law(year=2025), ["old_age_allowance"])
    >>> all(each.growth == 1.0 for each in found)
    True
    """
    used, parameters = policy.rules.depends_on(outputs), policy.rules.parameters
    money = place_of(policy.place).is_money
    found = []
    for name, how in policy.carried().items():
        parameter = parameters[name]
        if name in used and money(parameter.unit):
            reference = parameters[how.reference] if how.reference else None
            reference_zh, reference_en = (reference.zh, reference.en) if reference else ("", "")
            amount = CarriedAmount(
                name, parameter.zh, parameter.en, how.since, reference_zh, reference_en, how.growth
            )
            found.append(amount)
    return tuple(sorted(found, key=lambda each: (each.since, each.parameter)))
