"""The plan for an olive-shaped society as data: its clauses, its targets, its scenario."""

from olive.plan.catalogue import Clause, Quantity, clause, clauses, text
from olive.plan.coverage import CoverageRow, coverage
from olive.plan.headline import Target, targets
from olive.plan.levers import FROZEN_DAY, Lever, levers
from olive.plan.monitoring import Observation, Progress, monitor, monitored, read_observations
from olive.plan.parts import parts
from olive.plan.scenarios import SCENARIOS, credited_elsewhere, scenario

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
