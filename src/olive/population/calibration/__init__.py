"""Calibration: the weights closest to the given ones that reproduce published totals."""

from __future__ import annotations

from olive.population.calibration.calibration import calibrate
from olive.population.calibration.errors import CalibrationError, InfeasibleError, WhereError
from olive.population.calibration.filters import parse_where
from olive.population.calibration.result import Calibration, design_effect, effective_size
from olive.population.calibration.targets import Target, Targets

__all__ = [
    "Calibration",
    "CalibrationError",
    "InfeasibleError",
    "Target",
    "Targets",
    "WhereError",
    "calibrate",
    "design_effect",
    "effective_size",
    "parse_where",
]
