"""One pass: population x policies -> results."""

from olive.simulation.evaluating import evaluate

__all__ = ["evaluate"]
