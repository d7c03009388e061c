"""A plan in parts, each a reform, so that its effect can be shared out among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine import Reform
from olive.native.immutable import FrozenMapping
from olive.places.plan.lever_files import in_the_text, levers_of
from olive.places.plan.plan_files import PlanFiles

if TYPE_CHECKING:
    from collections.abc import Mapping


_LONGEST = 24  # Chinese characters of a clause that stand for it in a table


def parts(plan: PlanFiles, *, letter: bool = False) -> Mapping[str, Reform]:
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
            for lever in levers_of(plan)
            if lever.topic in part["topics"]
            for each in lever.own
            if in_the_text(each, plan) or not letter
        ]
        found[label] = Reform.from_operations(operations, label=label, zh=part["zh"])
    return FrozenMapping(found)


def by_clause(plan: PlanFiles) -> Mapping[str, Mapping[str, Reform]]:
    """Return the levers of a plan one by one, by part and by the first clause of each.

    Returns
    -------
    mapping of str to mapping of str to Reform
        Levers that only carry measures which are not credited to the plan are left out.
    """
    quotes = {each.id: each.quote_zh for each in plan.clauses()}
    found = {}
    for label, part in plan.settings["parts"].items():
        levers = (each for each in levers_of(plan) if each.own and each.topic in part["topics"])
        own = {lever.clauses[0]: lever.own for lever in levers}
        found[label] = FrozenMapping(
            {
                clause: Reform.from_operations(each, label=clause, zh=_shortened(quotes[clause]))
                for clause, each in own.items()
            }
        )
    return FrozenMapping(found)


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1] + "…"
