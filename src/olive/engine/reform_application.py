"""Carrying out a reform: every parameter's value after it, checked against its range."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.parameter_files import number_from
from olive.engine.parameter_ranges import check_range
from olive.engine.parameters import (
    FIRM_STATUSES,
    Datum,
    Parameter,
    ParameterValue,
    parameter_named,
)
from olive.engine.reform import Reform
from olive.engine.reform_operations import Operation, OperationKind, warn_of_slips
from olive.engine.vocabulary import Schedule
from olive.errors import ParameterError, ReformError, nearest, only_keys, shown, told_where
from olive.messages import joined

_CARRIED_OUT: Mapping[OperationKind, Callable[..., Any]] = {
    "set": lambda _, amount: amount,
    "at_least": np.maximum,
    "at_most": np.minimum,
    "multiply": operator.mul,
    "add": operator.add,
}


def apply_reform(
    reform: Reform,
    values: Mapping[str, ParameterValue],
    parameters: Mapping[str, Parameter],
    year: int,
) -> dict[str, ParameterValue]:
    """Return the parameter values after a reform in a year."""
    after = dict(values)
    for name in reform.parameters:
        parameter_named(name, parameters, ReformError)
    for each in reform.at(year).operations:
        parameter = parameters[each.parameter]
        old = after[each.parameter].datum
        new = _changed(each, parameter, old)
        if isinstance(new, Schedule) or not np.array_equal(new, np.asarray(old)):
            source = each.source or each.clause or reform.label or "reform"
            plausible = (each.plausible or parameter.plausible) if each.is_assumed else None
            after[each.parameter] = ParameterValue(new, each.status, source, plausible)
        elif each.plausible is not None and after[each.parameter].status not in FIRM_STATUSES:
            # The figure stands as it was, but a reader of the reform believes in another range.
            after[each.parameter] = replace(after[each.parameter], plausible=each.plausible)
    touched = set(reform.parameters)
    for name, parameter in parameters.items():
        # A range may name a parameter that the reform moves.
        if name in touched or parameter.minimum in touched or parameter.maximum in touched:
            fault = check_range(parameter, after[name].datum, after)
            if fault:
                raise ReformError(fault)
    return after


def _changed(change: Operation, parameter: Parameter, old: Datum) -> Datum:
    if isinstance(old, Schedule):
        if change.kind != "set" or not isinstance(change.value, Mapping):
            raise ReformError(
                "{name}: a schedule is changed by set: {{thresholds: [...], rates: [...]}}",
                parameter.name,
            )
        with told_where(parameter.name):
            only_keys(change.value, ("thresholds", "rates"), ReformError)
        thresholds, rates = (
            _list_of_numbers(change.value.get(key), f"{parameter.name}: {key}")
            for key in ("thresholds", "rates")
        )
        if thresholds.shape != rates.shape:
            raise ReformError("{name}: as many rates as thresholds are needed", parameter.name)
        return Schedule(thresholds, rates)
    amount = _amount(change, parameter, old)
    if not np.isfinite(amount).all():
        raise ReformError(
            "{name}: {value} is not a finite number", parameter.name, shown(change.value)
        )
    warn_of_slips(change, parameter.unit, old, amount)
    array = np.asarray(_CARRIED_OUT[change.kind](old, amount), dtype=np.float64)
    return float(array) if parameter.kind == "scalar" else np.broadcast_to(array, np.shape(old))


def _amount(
    change: Operation, parameter: Parameter, old: float | NDArray[np.float64]
) -> float | NDArray[np.float64]:
    """Return the operand as a number, or as an array over all keys of a table."""
    if not isinstance(change.value, Mapping):
        return _number(change.value, parameter, parameter.name)
    if parameter.kind != "table":
        raise ReformError("{name} is a single value and has no keys", parameter.name)
    neutral = {"multiply": 1.0, "add": 0.0}
    untouched = np.full(np.shape(old), neutral[change.kind]) if change.kind in neutral else old
    amount = np.array(untouched, dtype=np.float64)
    _fill_entries(amount, change.value, parameter, parameter.keys)
    return amount


def _fill_entries(
    entries: NDArray[np.float64],
    values: Mapping[Any, Any],
    parameter: Parameter,
    keys: tuple[tuple[str, ...], ...],
) -> None:
    """Write the named entries of a table; a number for a first key goes to all its second keys."""
    for key, value in values.items():
        if str(key) not in keys[0]:
            raise ReformError(
                "{name}: no key {key}; keys are {keys}{hint}",
                parameter.name,
                shown(key),
                joined(keys[0]),
                nearest(str(key), keys[0]),
            )
        place = keys[0].index(str(key))
        if isinstance(value, Mapping) and len(keys) > 1:
            _fill_entries(entries[place], value, parameter, keys[1:])
        else:
            entries[place] = _number(value, parameter, f"{parameter.name}, {key}:")


def _number(value: object, parameter: Parameter, where: str) -> float:
    try:
        return number_from(value, where, truth=parameter.unit == "bool")
    except ParameterError as error:
        raise ReformError(error.message) from error


def _list_of_numbers(value: object, where: str) -> NDArray[np.float64]:
    try:
        entries = value if isinstance(value, list | tuple) else [None]
        return np.array([number_from(each, where, truth=False) for each in entries])
    except ParameterError as error:
        raise ReformError(
            "{where} must be a list of numbers, found {value}", where, shown(value)
        ) from error
