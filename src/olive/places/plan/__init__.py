"""A plan as data: its clauses, its targets, its levers, and the scenarios that they make."""

from olive.places.plan.clause_files import Clause, Quantity
from olive.places.plan.coverage import CoverageRow
from olive.places.plan.headline import Target
from olive.places.plan.lever_files import Lever
from olive.places.plan.monitoring import Observation, Progress
from olive.places.plan.plan import Plan
from olive.places.plan.scenarios import SCENARIOS

__all__ = [
    "SCENARIOS",
    "Clause",
    "CoverageRow",
    "Lever",
    "Observation",
    "Plan",
    "Progress",
    "Quantity",
    "Target",
]
