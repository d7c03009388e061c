"""Calibration: the weights closest to the given ones that reproduce published totals."""

from __future__ import annotations

import warnings
from typing import Any

from olive.errors import CalibrationError, InfeasibleError, WhereError
from olive.population.calibration.calibration import calibrate
from olive.population.calibration.result import Calibration, design_effect, effective_size
from olive.population.calibration.targets import Targets
from olive.population.measures.filters import parse_where
from olive.population.measures.published_figures import PublishedFigure

__all__ = [
    "Calibration",
    "CalibrationError",
    "InfeasibleError",
    "PublishedFigure",
    "Targets",
    "WhereError",
    "calibrate",
    "design_effect",
    "effective_size",
    "parse_where",
]


def __getattr__(name: str) -> Any:
    """Return what is called otherwise since 0.3, with a warning that names the new one."""
    if name != "Target":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn("Target is called PublishedFigure", DeprecationWarning, stacklevel=2)
    return PublishedFigure
