"""The plan for an olive-shaped society as data: its clauses, its targets, its scenario."""

from olive.places.plan.clauses import Clause, Quantity, clause, clauses, text
from olive.places.plan.coverage import CoverageRow, coverage
from olive.places.plan.lever_files import FROZEN_DAY, Lever, levers
from olive.places.plan.monitoring import (
    Observation,
    Progress,
    monitor,
    monitored,
    read_observations,
)
from olive.places.plan.plan_parts import parts
from olive.places.plan.scenarios import SCENARIOS, credited_elsewhere, scenario
from olive.places.plan.targets_of_plan import Target, targets

__all__ = [
    "FROZEN_DAY",
    "SCENARIOS",
    "Clause",
    "CoverageRow",
    "Lever",
    "Observation",
    "Progress",
    "Quantity",
    "Target",
    "clause",
    "clauses",
    "coverage",
    "credited_elsewhere",
    "levers",
    "monitor",
    "monitored",
    "parts",
    "read_observations",
    "scenario",
    "targets",
    "text",
]
