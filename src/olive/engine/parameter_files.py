"""Parameter files: YAML beside the rules, validated as a whole, every fault reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from olive.engine.parameters import DatedValue, Datum, Parameter, check_range
from olive.engine.units import conversion_factor, parse_unit
from olive.engine.vocabulary import Schedule
from olive.engine.yaml_reading import YamlFault, read_yaml
from olive.errors import ParameterError, UnitError, nearest

Status = Literal["law", "published", "derived", "recalled", "proxy", "assumption", "missing"]
Bound = float | str | None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    start: date = Field(alias="from")
    value: Any = None
    thresholds: list[float] | None = None
    rates: list[float] | None = None
    status: Status
    source: str = ""
    url: str | None = None
    note: str = ""


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    zh: str
    en: str
    unit: str
    stated_in: str | None = None
    kind: Literal["scalar", "table", "schedule"] | None = None
    by: str | list[str] | None = None
    keys: list[Any] | None = None
    range: tuple[Bound, Bound] = (None, None)
    known_to: date
    note: str = ""
    values: list[_Entry] = Field(min_length=1)


def read_parameters(
    paths: list[Path], codes: Mapping[str, tuple[str, ...]]
) -> Mapping[str, Parameter]:
    """Read parameter files.

    Parameters
    ----------
    paths : list of Path
        YAML files.
    codes : mapping of str to tuple of str
        Code names by column, for tables whose ``by`` is a code column.

    Raises
    ------
    ParameterError
        With every fault of every file: file, key, what was found, what is allowed.
    """
    parameters: dict[str, Parameter] = {}
    faults: list[str] = []
    for path in paths:
        try:
            content = read_yaml(path) or {}
        except YamlFault as fault:
            faults.append(str(fault))
            continue
        for name, raw in content.items():
            where = f"{path.name}: {name}"
            if name in parameters:
                faults.append(f"{where}: already defined in {parameters[name].file}")
                continue
            try:
                parameters[name] = _parameter(name, raw, path.name, codes)
            except ValidationError as error:
                faults += [
                    f"{where}{_place(each['loc'])}: {_words(each)}" for each in error.errors()
                ]
            except (ParameterError, UnitError) as error:
                faults.append(f"{where}: {error}")
    faults += _unknown_bounds(parameters)
    if faults:
        raise ParameterError("faults in parameter files:\n  " + "\n  ".join(faults))
    return parameters


def _parameter(
    name: str, raw: object, file: str, codes: Mapping[str, tuple[str, ...]]
) -> Parameter:
    definition = _Definition.model_validate(raw)
    by = [definition.by] if isinstance(definition.by, str) else definition.by or []
    keys = _keys(by, definition.keys, codes)
    parse_unit(definition.unit)
    factor = (
        conversion_factor(definition.stated_in, definition.unit) if definition.stated_in else 1.0
    )
    kind = definition.kind or ("table" if by else "scalar")
    history = tuple(_dated(entry, kind, keys, factor) for entry in definition.values)
    starts = [entry.start for entry in history]
    if starts != sorted(set(starts)):
        raise ParameterError("`from` dates must ascend without repeats")
    if history[0].datum is None:
        raise ParameterError("the first value must not be missing")
    parameter = Parameter(
        name=name,
        zh=definition.zh,
        en=definition.en,
        unit=definition.unit,
        kind=kind,
        by=tuple(by),
        keys=keys,
        minimum=definition.range[0],
        maximum=definition.range[1],
        known_to=definition.known_to,
        history=history,
        note=definition.note,
        file=file,
    )
    for entry in history:
        fault = None if entry.datum is None else check_range(parameter, entry.datum)
        if fault:
            raise ParameterError(f"from {entry.start}: {fault}")
    return parameter


def _dated(
    entry: _Entry, kind: str, keys: tuple[tuple[str, ...], ...], factor: float
) -> DatedValue:
    datum: Datum | None
    where = f"from {entry.start}"
    if entry.status == "missing":
        if entry.value is not None:
            raise ParameterError(f"{where}: status missing, but a value is given")
        datum = None
    elif kind == "schedule":
        if entry.thresholds is None or entry.rates is None:
            raise ParameterError(f"{where}: a schedule needs `thresholds` and `rates`")
        if len(entry.thresholds) != len(entry.rates):
            raise ParameterError(f"{where}: as many rates as thresholds are needed")
        datum = Schedule(np.array(entry.thresholds) * factor, np.array(entry.rates))
    elif keys:
        datum = table_from(entry.value, keys, where) * factor
    elif isinstance(entry.value, bool | int | float):
        datum = float(entry.value) * factor
    else:
        raise ParameterError(f"{where}: `value` must be a number, found {entry.value!r}")
    return DatedValue(entry.start, datum, entry.status, entry.source, entry.url)


def table_from(value: object, keys: tuple[tuple[str, ...], ...], where: str) -> NDArray[np.float64]:
    """Return nested mappings of key to number as an array in code order."""
    if not isinstance(value, Mapping):
        raise ParameterError(f"{where}: `value` must map {list(keys[0])} to numbers")
    found = {str(key): each for key, each in value.items()}
    if set(found) != set(keys[0]):
        unknown = sorted(set(found) - set(keys[0]))
        hint = nearest(unknown[0], keys[0]) if unknown else ""
        absent = sorted(set(keys[0]) - set(found))
        raise ParameterError(f"{where}: unknown keys {unknown}{hint}, missing keys {absent}")
    if len(keys) > 1:
        return np.array([table_from(found[key], keys[1:], f"{where}, {key}") for key in keys[0]])
    for key, each in found.items():
        if not isinstance(each, bool | int | float):
            raise ParameterError(f"{where}, {key}: must be a number, found {each!r}")
    return np.array([float(found[key]) for key in keys[0]])


def _keys(
    by: list[str], stated: list[Any] | None, codes: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    if not by:
        return ()
    if stated is not None:
        nested = stated if stated and isinstance(stated[0], list) else [stated]
        if len(nested) != len(by):
            raise ParameterError(f"`keys` must list the codes of each of {by}")
        return tuple(tuple(str(key) for key in each) for each in nested)
    for name in by:
        if name not in codes:
            hint = nearest(name, codes)
            raise ParameterError(f"`by: {name}` is not a code column{hint}; give `keys` instead")
    return tuple(codes[name] for name in by)


def _unknown_bounds(parameters: Mapping[str, Parameter]) -> list[str]:
    return [
        f"{parameter.file}: {parameter.name}: range names unknown parameter {bound!r}"
        + nearest(bound, parameters)
        for parameter in parameters.values()
        for bound in (parameter.minimum, parameter.maximum)
        if isinstance(bound, str) and bound not in parameters
    ]


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _words(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        known = [*_Definition.model_fields, *_Entry.model_fields, "from"]
        return f"unknown key{nearest(str(fault['loc'][-1]), known)}"
    if fault["type"] == "missing":
        return "this key is required"
    return f"{fault['msg']}, found {fault['input']!r}"
