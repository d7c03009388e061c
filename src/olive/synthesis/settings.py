"""Settings of a recipe as parameters of the generator's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from olive.engine import Parameter, ParameterValue

Settings = dict[str, "Setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A number or table that rules read, with its unit.

    ``value`` is read as float64; a table has one axis for each code that ``lookup`` is given.
    """

    value: Any
    unit: str = "1"


def parameter_of(name: str, unit: str, axes: int) -> Parameter:
    """Return the definition of a setting, read with so many codes, as a parameter of rules."""
    return Parameter(
        name=name,
        zh="",
        en=name.replace("_", " "),
        unit=unit,
        kind="table" if axes else "scalar",
        by=("code",) * axes,
        keys=((),) * axes,
        minimum=None,
        maximum=None,
        known_to=date.max,
        history=(),
        note="",
        file="",
    )


def value_of_setting(setting: Setting) -> ParameterValue:
    """Return the value of a setting as a parameter's value under one recipe."""
    datum = np.array(setting.value, dtype=np.float64)
    return ParameterValue(datum if datum.ndim else float(datum), "assumption", "recipe")
