"""Parameter files: YAML beside the rules, validated as a whole, every fault reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from olive.engine.carrying import faults_of_references
from olive.engine.model_faults import fault_in_words
from olive.engine.parameter_bounds import faults_of_bounds
from olive.engine.parameter_ranges import check_plausible, check_range
from olive.engine.parameter_text import ParameterFile
from olive.engine.parameters import DatedValue, Datum, Parameter, PlausibleRange, RangeForm
from olive.engine.stand_ins import StandIns, with_stand_ins
from olive.engine.units import conversion_factor, parse_unit
from olive.engine.vocabulary import Schedule
from olive.engine.yaml_loader import YamlFault, read_yaml
from olive.errors import Faults, ParameterError, UnitError, nearest, shown
from olive.messages import Message
from olive.native.given_numbers import as_float
from olive.native.immutable import FrozenMapping

Status = Literal["law", "published", "derived", "recalled", "proxy", "assumption", "missing"]
Bound = float | str | None


class PlausibleEntry(BaseModel):
    """A plausible range as files write it: ``{range: [0, 0.3], basis: "why"}``."""

    model_config = ConfigDict(extra="forbid", strict=False)

    range: tuple[float, float]
    basis: str
    form: RangeForm = "value"
    shape: Literal["triangular", "uniform"] = "triangular"

    def settled(self, factor: float = 1.0) -> PlausibleRange:
        """Return the range in the parameter's unit; ``factor`` converts the file's unit."""
        low, high = (end * (factor if self.form == "value" else 1.0) for end in self.range)
        return PlausibleRange(low, high, self.basis, self.form, self.shape)


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
    plausible: PlausibleEntry | None = None


class _Definition(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    zh: str
    en: str
    unit: str
    stated_in: str | None = None
    kind: Literal["scalar", "table", "schedule"] | None = None
    by: str | list[str] | None = None
    keys: list[Any] | None = None
    labels: dict[str, tuple[str, str]] = Field(default_factory=dict)
    range: tuple[Bound, Bound] = (None, None)
    known_to: date
    note: str = ""
    plausible: PlausibleEntry | None = None
    indexed_to: str | None = None
    grows_at: str | None = None
    moves_with: str | None = None
    replaces: bool = False
    values: list[_Entry] = Field(min_length=1)


_KEYS = (*_Definition.model_fields, *_Entry.model_fields, "from")

# Fields of a definition that a parameter takes as they are.
_AS_WRITTEN = {"zh", "en", "unit", "known_to", "note", "indexed_to", "grows_at", "moves_with"}


def read_parameters(
    paths: Iterable[Path | ParameterFile],
    codes: Mapping[str, tuple[str, ...]],
    known: Mapping[str, Parameter] = MappingProxyType({}),
    stand_ins: StandIns | None = None,
) -> Mapping[str, Parameter]:
    """Read parameter files.

    Parameters
    ----------
    paths : iterable of Path or ParameterFile
        YAML files.
    codes : mapping of str to tuple of str
        Code names by column, for tables whose ``by`` is a code column.
    known : mapping of str to Parameter
        Parameters that ranges and references may name, and that must not be defined again.
    stand_ins : mapping of str to mapping of str to str, optional
        By column, whose figure a code takes in tables that do not have it; as a proxy.

    Raises
    ------
    ParameterError
        With every fault of every file: file, key, what was found, what is allowed.
    """
    parameters: dict[str, Parameter] = {}
    faults = Faults()
    contents = {path: _content(path, faults) for path in paths}
    last = {name: path for path, each in contents.items() for name in each if _replaces(each[name])}
    for path, content in contents.items():
        for name, raw in content.items():
            here = faults.at(f"{path.name}: {name}")
            if name in last and path != last[name] and not _replaces(raw):
                continue
            if name in parameters:
                here.note("already defined in {file}", parameters[name].file)
                continue
            try:
                given = with_stand_ins(raw, stand_ins or {})
                parameters[name] = _parameter(name, given, path.name, codes)
            except ValidationError as error:
                for each in error.errors():
                    words = fault_in_words(each, _KEYS)
                    faults.at(here.where + _place(each["loc"])).note(words)
            except (ParameterError, UnitError) as error:
                here.note_all(str(error).splitlines())
    for name, parameter in parameters.items():
        if name in known and known[name] != parameter:
            faults.at(f"{parameter.file}: {name}").note("the policy has a parameter of this name")
    together = {**known, **parameters}
    faults_of_bounds(parameters, together, faults)
    faults_of_references(together, faults)
    faults.raise_as(ParameterError, "faults in parameter files:\n  {faults}")
    return parameters


def _content(path: Path | ParameterFile, faults: Faults) -> Mapping[str, Any]:
    """Return the definitions of a file by name; none where it cannot be read."""
    content = None
    with faults.catching(YamlFault):
        content = read_yaml(path) if isinstance(path, Path) else path.content()
    content = content or {}
    if isinstance(content, Mapping):
        return content
    faults.at(path.name).note("must map names to definitions, found {content}", shown(content))
    return {}


def _replaces(raw: object) -> bool:
    """Return whether a definition takes the place of what an earlier file says."""
    return isinstance(raw, Mapping) and raw.get("replaces") is True


def _parameter(
    name: str, raw: object, file: str, codes: Mapping[str, tuple[str, ...]]
) -> Parameter:
    definition = _Definition.model_validate(raw)
    by = [definition.by] if isinstance(definition.by, str) else definition.by or []
    keys = _keys(by, definition.keys, codes)
    _check_labels(definition.labels, keys)
    parse_unit(definition.unit)
    factor = conversion_factor(definition.stated_in or definition.unit, definition.unit)
    kind = definition.kind or ("table" if by else "scalar")
    if (kind == "table") != bool(by):
        raise ParameterError("kind {kind}: a table has `by`, and nothing else has it", kind)
    starts = [entry.start for entry in definition.values]
    if starts != sorted(set(starts)):
        raise ParameterError("`from` dates must ascend without repeats")
    history = _history(definition, kind, keys, factor)
    if history[0].datum is None:
        raise ParameterError("the first value must not be missing")
    parameter = Parameter(
        name=name,
        kind=kind,
        by=tuple(by),
        keys=keys,
        minimum=definition.range[0],
        maximum=definition.range[1],
        history=history,
        file=file,
        plausible=definition.plausible.settled(factor) if definition.plausible else None,
        key_labels=FrozenMapping(definition.labels),
        **definition.model_dump(include=_AS_WRITTEN),
    )
    faults = Faults()
    for entry in history:
        if entry.datum is not None and (fault := check_range(parameter, entry.datum)):
            faults.at(f"from {entry.start}").note(fault)
    ranges = [parameter.plausible, *(entry.plausible for entry in history)]
    faults.note_all(
        fault for each in ranges if each and (fault := check_plausible(parameter, each))
    )
    faults.raise_as(ParameterError, separator="\n")
    return parameter


def _history(
    definition: _Definition, kind: str, keys: tuple[tuple[str, ...], ...], factor: float
) -> tuple[DatedValue, ...]:
    """Return the dated values."""
    history: list[DatedValue] = []
    faults = Faults()
    for entry in definition.values:
        with faults.catching(ParameterError):
            history.append(_dated(entry, kind, keys, factor, truth=definition.unit == "bool"))
    faults.raise_as(ParameterError, separator="\n")
    return tuple(history)


def _dated(
    entry: _Entry, kind: str, keys: tuple[tuple[str, ...], ...], factor: float, *, truth: bool
) -> DatedValue:
    datum: Datum | None
    where = f"from {entry.start}"
    if entry.status == "missing":
        if entry.value is not None:
            raise ParameterError("{where}: status missing, but a value is given", where)
        datum = None
    elif kind == "schedule":
        if entry.thresholds is None or entry.rates is None:
            raise ParameterError("{where}: a schedule needs `thresholds` and `rates`", where)
        if len(entry.thresholds) != len(entry.rates):
            raise ParameterError("{where}: as many rates as thresholds are needed", where)
        datum = Schedule(np.array(entry.thresholds) * factor, np.array(entry.rates))
    elif keys:
        datum = _table(entry.value, keys, where, truth=truth) * factor
    else:
        datum = number_from(entry.value, f"{where}: `value`", truth=truth) * factor
    plausible = entry.plausible.settled(factor) if entry.plausible else None
    return DatedValue(entry.start, datum, entry.status, entry.source, entry.url, plausible)


def number_from(value: object, where: str, *, truth: bool) -> float:
    """Return a figure as float64; true and false stand only in parameters of unit bool.

    Raises
    ------
    ParameterError
        When the value is not a number.
    """
    switch = truth and isinstance(value, bool | np.bool_)
    number = float(bool(value)) if switch else as_float(value)
    if number is not None:
        return number
    if isinstance(value, str) and not truth:
        raise ParameterError(
            "{where} must be a number, found {value}; write digits alone, such as 15000, and 80 % "
            "as 0.8",
            where,
            shown(value),
        )
    kind = Message("truth value") if truth else "number"
    raise ParameterError("{where} must be a {kind}, found {value}", where, kind, shown(value))


def _table(
    value: object, keys: tuple[tuple[str, ...], ...], where: str, *, truth: bool
) -> NDArray[np.float64]:
    """Return nested mappings of key to number as an array in code order."""
    here = keys[0]
    if not isinstance(value, Mapping):
        raise ParameterError("{where}: `value` must map {keys} to numbers", where, list(here))
    found = {str(key): each for key, each in value.items()}
    unknown, absent = sorted(found.keys() - here), sorted({*here} - found.keys())
    if unknown or absent:
        hint = nearest(unknown[0], here) if unknown else ""
        raise ParameterError(
            "{where}: unknown keys {unknown}{hint}, missing keys {absent}",
            where,
            unknown,
            hint,
            absent,
        )
    if len(keys) > 1:
        rows = [_table(found[key], keys[1:], f"{where}, {key}", truth=truth) for key in here]
        return np.array(rows)
    return np.array([number_from(found[key], f"{where}, {key}:", truth=truth) for key in here])


def _keys(
    by: list[str], stated: list[Any] | None, codes: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    if not by:
        if stated is not None:
            raise ParameterError("`keys` without `by`: say what the keys stand for")
        return ()
    if stated is not None:
        nested = stated if stated and isinstance(stated[0], list) else [stated]
        if len(nested) != len(by):
            raise ParameterError("`keys` must list the codes of each of {by}", by)
        return tuple(tuple(str(key) for key in each) for each in nested)
    for name in by:
        if name not in codes:
            hint = nearest(name, codes)
            raise ParameterError(
                "`by: {name}` is not a code column{hint}; give `keys` instead", name, hint
            )
    return tuple(codes[name] for name in by)


def _check_labels(labels: Mapping[str, object], keys: tuple[tuple[str, ...], ...]) -> None:
    known = [key for each in keys for key in each]
    for name in labels:
        if name not in known:
            hint = nearest(name, known)
            raise ParameterError("`labels` names {name!r}, which is no key{hint}", name, hint)


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
