"""Values of parameters in the form in which files hold them."""

from __future__ import annotations

from typing import Any

import numpy as np

from olive.engine.parameters import Parameter, ParameterValue
from olive.engine.vocabulary import Schedule


def as_written(parameter: Parameter, value: ParameterValue) -> Any:
    """Return a value as a reform file has it: number, truth value, mapping by key, or schedule."""
    datum = value.datum
    if isinstance(datum, Schedule):
        return {"thresholds": datum.thresholds.tolist(), "rates": datum.rates.tolist()}
    one = bool if parameter.unit == "bool" else float
    if parameter.kind == "table":
        return _by_key(np.asarray(datum), parameter.keys, one)
    return bool(datum) if one is bool else datum


def _by_key(entries: Any, keys: tuple[tuple[str, ...], ...], one: type[bool | float]) -> Any:
    if not keys:
        return one(entries)
    return {key: _by_key(entries[place], keys[1:], one) for place, key in enumerate(keys[0])}
