"""A plan in parts, each a reform, so that its effect can be shared out among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine import Reform
from olive.native.immutable import FrozenMapping
from olive.places.plan.lever_files import in_the_text, of_the_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from olive.places.plan.plan import Plan


def parts(plan: Plan, *, letter: bool = False) -> Mapping[str, Reform]:
    """Return the levers of a plan in the parts that its ``plan.yaml`` names.

    Parameters
    ----------
    plan : Plan
    letter : bool
        Only figures that stand in the plan's text, as in the scenario ``"letter"``.

    Returns
    -------
    mapping of str to Reform
        Together they are the scenario.
    """
    found = {}
    for label, part in plan.settings["parts"].items():
        operations = [
            each
            for lever in plan.levers()
            if lever.topic in part["topics"]
            for each in lever.operations
            if of_the_plan(each) and (in_the_text(each, plan) or not letter)
        ]
        found[label] = Reform.from_operations(operations, label=label, zh=part["zh"])
    return FrozenMapping(found)
