"""Whether values and plausible ranges lie in the range of their parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.parameters import Datum, Parameter, ParameterValue, PlausibleRange
from olive.engine.vocabulary import Schedule
from olive.messages import Message

_PERCENT = 100.0


def check_range(
    parameter: Parameter, datum: Datum, values: Mapping[str, ParameterValue] | None = None
) -> str | None:
    """Return what is wrong with a value, or None.

    A bound that names another parameter is checked when ``values`` holds that parameter.
    """
    fault = _out_of_range(parameter, datum, values)
    return Message("{name}: {fault}", parameter.name, fault) if fault else None


def _out_of_range(
    parameter: Parameter, datum: Datum, values: Mapping[str, ParameterValue] | None
) -> str | None:
    low = _bound(parameter.minimum, values)
    high = _bound(parameter.maximum, values)
    checked = datum.rates if isinstance(datum, Schedule) else np.asarray(datum, dtype=np.float64)
    found: Any = checked.tolist()
    if not np.isfinite(checked).all():
        return Message("values must be finite numbers")
    if parameter.unit == "bool" and not np.isin(checked, (0.0, 1.0)).all():
        return Message("must be true or false, found {checked}", found)
    if isinstance(datum, Schedule):
        thresholds = datum.thresholds
        if not datum.rates.size or not np.isfinite(thresholds).all():
            return Message("at least one threshold is needed, all finite numbers")
        if (np.diff(thresholds) <= 0).any():
            return Message("thresholds must ascend, found {thresholds}", thresholds.tolist())
        low, high = 0.0 if low is None else low, 1.0 if high is None else high
        if (checked < low).any() or (checked > high).any():
            return Message(
                "the rates of a schedule lie between {low:g} and {high:g} (3 % is 0.03), found "
                "{checked}",
                low,
                high,
                found,
            )
        return None
    if (low is not None and (checked < low).any()) or (high is not None and (checked > high).any()):
        # Of a table whose cells are alike, such as one figure for all counties, one is shown.
        different = np.unique(checked)
        return Message(
            "{shown} is outside the allowed range [{minimum}, {maximum}]{unit}",
            str(found) if different.size > 1 else f"{different[0]:.12g}",
            _shown(parameter.minimum, low),
            _shown(parameter.maximum, high),
            _unit_or_mending(parameter, different),
        )
    return None


def check_plausible(parameter: Parameter, plausible: PlausibleRange) -> str | None:
    """Return what is wrong with a plausible range of the parameter, or None."""
    if plausible.form == "factor":
        if plausible.low >= 0.0:
            return None
        return Message("{name}: factors of a plausible range are 0 or more", parameter.name)
    if parameter.kind != "scalar":
        return Message(
            "{name}: the plausible range of a {kind} has `form: factor`",
            parameter.name,
            parameter.kind,
        )
    outside = check_range(parameter, plausible.low) or check_range(parameter, plausible.high)
    return Message("plausible range: {outside}", outside) if outside else None


def _unit_or_mending(parameter: Parameter, found: NDArray[np.float64]) -> str:
    """Return what follows a range: its unit, or how a percentage is written as a share."""
    if parameter.unit != "1":
        return "" if parameter.unit in {"bool", "code"} else f" {parameter.unit}"
    most, percent = parameter.maximum, float(found[-1])
    if isinstance(most, int | float) and most <= 1.0 < percent <= _PERCENT:
        return Message("; {percent:g} % is {share:g}", percent, percent / _PERCENT)
    return ""


def _bound(
    bound: float | str | None, values: Mapping[str, ParameterValue] | None
) -> float | NDArray[np.float64] | None:
    if isinstance(bound, str):
        if values is None or bound not in values:
            return None
        datum = values[bound].datum
        return None if isinstance(datum, Schedule) else datum
    return bound


def _shown(bound: float | str | None, value: float | NDArray[np.float64] | None) -> str:
    if bound is None:
        return "any"
    if isinstance(bound, str):
        return f"{bound} = {value}"
    return f"{bound:.12g}"
