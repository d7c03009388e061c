"""olive: household income distribution microsimulation.

Everything a first session needs is here; names are loaded on first use, so that importing
olive stays fast.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Population": "olive.population",
    "validate": "olive.validation.validation",
    "Reform": "olive.engine",
    "Policy": "olive.engine",
    "law": "olive.taizhou.law.in_force",
    "plan": "olive.places.plan",
    "DEFAULT_OUTPUTS": "olive.simulation",
    "simulate": "olive.simulation",
    "evaluate": "olive.simulation",
    "Result": "olive.simulation",
    "compare": "olive.analysis",
    "attribute": "olive.analysis",
    "uncertainty": "olive.analysis",
    "explain": "olive.analysis",
    "reach": "olive.analysis",
    "Limits": "olive.analysis",
    "vulnerability": "olive.analysis",
    "write_card": "olive.analysis",
    "verify_card": "olive.analysis",
    "transitions": "olive.analysis",
    "decompose": "olive.analysis",
    "growth_and_shape": "olive.analysis",
    "project": "olive.analysis",
    "thin_data": "olive.analysis",
    "cost_effectiveness": "olive.analysis",
    "budget_line": "olive.analysis",
    "household": "olive.simulation",
    "member": "olive.simulation",
    "feasibility": "olive.analysis",
    "Targets": "olive.population.calibration",
    "calibrate": "olive.population.calibration",
    "statistics": "olive.statistics",
    "OliveError": "olive.errors",
}
_ROOMS = frozenset({"plan", "statistics"})

__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604 - literal names


def __getattr__(name: str) -> Any:
    """Load a public name from its room on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'olive' has no attribute {name!r}")
    module = importlib.import_module(_HOME[name])
    return module if name in _ROOMS else getattr(module, name)


def __dir__() -> list[str]:
    return __all__
