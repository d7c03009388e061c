"""The engine: how rules over persons and households are declared, ordered and run.

It knows nothing of any country's law. Names are loaded on first use, so that declaring columns
does not load the parts that run rules.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "columns": ("Column", "read_columns"),
    "rules": (
        "Rule",
        "draw",
        "household_any",
        "household_count",
        "household_max",
        "household_min",
        "household_rank",
        "household_rule",
        "household_sum",
        "of",
        "person_rule",
        "plain_numpy",
        "population_sum",
        "subgroup_any",
        "subgroup_count",
        "subgroup_max",
        "subgroup_sum",
    ),
    "vocabulary": (
        "Schedule",
        "clip",
        "floor",
        "lookup",
        "maximum",
        "minimum",
        "schedule",
        "where",
    ),
    "parameters": ("Parameter", "ParameterValue", "PlausibleRange"),
    "ruleset": ("RuleSet",),
    "policy": ("Policy", "policy_on"),
    "reform": ("Operation", "Reform"),
    "tables": ("Tables",),
    "execution": ("Run", "run_policies"),
    "evaluation": ("evaluate_with",),
    "text": ("formula_text", "formula_with_numbers", "obstacles", "reads_that_decide"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605 - a sorted list of literal names


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'olive.engine' has no attribute {name!r}")
    return getattr(importlib.import_module(f"olive.engine.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
