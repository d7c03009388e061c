"""One pass: population x policies -> results."""

from olive.simulation.evaluation import evaluate, evaluator
from olive.simulation.one_household import household, member
from olive.simulation.result import Provenance, Result
from olive.simulation.run import DEFAULT_OUTPUTS, simulate

__all__ = [
    "DEFAULT_OUTPUTS",
    "Provenance",
    "Result",
    "evaluate",
    "evaluator",
    "household",
    "member",
    "simulate",
]
