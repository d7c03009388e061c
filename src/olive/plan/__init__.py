"""The plan for an olive-shaped society as data: its clauses, its targets, its scenario."""

from olive.plan.catalogue import Clause, Quantity, clause, clauses, text
from olive.plan.headline import Target, targets
from olive.plan.scenarios import FROZEN_DAY, scenario

__all__ = [
    "FROZEN_DAY",
    "Clause",
    "Quantity",
    "Target",
    "clause",
    "clauses",
    "scenario",
    "targets",
    "text",
]
