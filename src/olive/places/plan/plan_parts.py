"""The plan in eight parts, each a reform, so that its effect can be shared out among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine import Reform
from olive.native.immutable import FrozenMapping
from olive.places.plan.lever_files import in_the_text, levers, of_the_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

# Topics of lever files that belong together: more than eight parts would need too many policies.
_TOPICS = {
    ("工资与就业", "work"): ("labour_market", "minimum_wage", "wages"),
    ("技能", "skills"): ("skills",),
    ("经营", "business"): ("business",),
    ("财产", "property"): ("property",),
    ("税收", "taxes"): ("taxes",),
    ("社会救助", "assistance"): ("assistance", "social_assistance"),
    ("转移支付", "transfers"): ("transfers",),
    ("支出减负", "costs"): ("costs",),
}


def parts(*, letter: bool = False) -> Mapping[str, Reform]:
    """Return the levers of the plan in eight parts.

    Parameters
    ----------
    letter : bool
        Only figures that stand in the plan's text, as in ``scenario("letter")``.

    Returns
    -------
    mapping of str to Reform
        Together they are the scenario.

    Examples
    --------
    >>> list(parts())
    ['work', 'skills', 'business', 'property', 'taxes', 'assistance', 'transfers', 'costs']
    """
    found = {}
    for (zh, label), topics in _TOPICS.items():
        chosen = [lever for lever in levers() if lever.topic in topics]
        operations = [
            each
            for lever in chosen
            for each in lever.operations
            if of_the_plan(each) and (in_the_text(each) or not letter)
        ]
        found[label] = Reform.from_operations(operations, label=label, zh=zh)
    return FrozenMapping(found)
