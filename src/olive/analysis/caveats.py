"""How firm a result is: implied by the model, and driven by assumptions of the reform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine.parameters import FIRM_STATUSES
from olive.places.labels import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from olive.engine.policy import Policy
    from olive.simulation.result import Result

MODEL_IMPLIED = Label(
    "模型推算：公布的总量只约束全体的边际分布，不约束本表的分组与变化。",
    "Model-implied: published totals pin the margins of all, not the groups and changes here.",
)
_SHOWN = 6


def assumptions_behind(before: Policy, after: Policy, outputs: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters that differ between two policies and are neither law nor published.

    Only parameters behind the given variables count.
    """
    used = after.rules.depends_on([name for name in outputs if name in after.rules.rules])
    return tuple(
        name
        for name, value in sorted(after.values.items())
        if name in used
        and value.status not in FIRM_STATUSES
        and not value.same_as(before.values.get(name))
    )


def standing_notes(result: Result, before: int, after: int) -> tuple[Label, ...]:
    """Return the marks of a table that compares two policies of a result."""
    policies = (result.policies[before], result.policies[after])
    return notes_on(*policies, result.outputs, synthetic=result.population.is_synthetic)


def notes_on(
    before: Policy, after: Policy, outputs: Sequence[str], *, synthetic: bool
) -> tuple[Label, ...]:
    """Return the marks of a change of some variables from one policy to another."""
    notes: tuple[Label, ...] = (MODEL_IMPLIED,) if synthetic else ()
    names = assumptions_behind(before, after, outputs)
    if not names:
        return notes
    shown = ", ".join(names[:_SHOWN])
    parameters = after.rules.parameters
    labels = "、".join(parameters[name].zh or name for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    driven = Label(
        f"假设驱动：变化取决于假设的参数：{labels}"
        + (f"等 {len(names)} 项。" if more > 0 else "。"),
        f"Assumption-driven: the change rests on assumed parameters {shown}"
        + (f" and {more} more." if more > 0 else "."),
    )
    return (*notes, driven)
