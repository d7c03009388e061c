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
    if parameter.unit == "bool":
        return bool(datum)
    return _by_key(np.asarray(datum), parameter.keys) if parameter.kind == "table" else datum


def _by_key(entries: Any, keys: tuple[tuple[str, ...], ...]) -> Any:
    if not keys:
        return float(entries)
    return {key: _by_key(entries[place], keys[1:]) for place, key in enumerate(keys[0])}
