"""One pass: population x policies -> results."""

from olive.simulation.evaluation import evaluate, evaluator
from olive.simulation.one_household import household, member, read_household
from olive.simulation.result import Provenance, Result, load
from olive.simulation.run import simulate

__all__ = [
    "Provenance",
    "Result",
    "evaluate",
    "evaluator",
    "household",
    "load",
    "member",
    "read_household",
    "simulate",
]
