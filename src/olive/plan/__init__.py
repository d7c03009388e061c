"""The plan for an olive-shaped society as data: its clauses, its targets, its scenario."""

from olive.plan.catalogue import Clause, Quantity, clause, clauses, text
from olive.plan.headline import Target, targets
from olive.plan.levers import FROZEN_DAY, Lever, levers
from olive.plan.scenarios import SCENARIOS, scenario

__all__ = [
    "FROZEN_DAY",
    "SCENARIOS",
    "Clause",
    "Lever",
    "Quantity",
    "Target",
    "clause",
    "clauses",
    "levers",
    "scenario",
    "targets",
    "text",
]
