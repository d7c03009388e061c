"""Policy cases: worked examples in YAML that analysts can read, add and check.

A case gives a date (or year), the persons of one household, and what must come out. Columns that
a case does not mention take their neutral value; variables that it gives are not computed. Cases
are arithmetic on the statute: everybody complies in full unless the case's reform sets a rate.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - a field of the case is called date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from olive.engine.evaluation import evaluate_with
from olive.engine.model_faults import fault_in_words
from olive.engine.policy import Policy
from olive.engine.reform import Reform
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, Faults, LawWarning, OliveError, nearest, shown, told_where
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.places.law import full_compliance
from olive.places.place import Place
from olive.places.registry import place as place_named

DEFAULT_TOLERANCE = 0.01
_TOLERANCE_OF_NOUGHT = 1.0  # where nothing at all must come out
_OPERATIONS = ("set", "at_least", "at_most", "multiply", "add")


class _Inputs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    household: dict[str, Any] = {}
    persons: list[dict[str, Any]] = [{}]


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    place: str | None = None
    date: Day | None = None
    year: int | None = None
    source: str
    arithmetic: str = ""
    reform: dict[str, Any] = {}
    inputs: _Inputs = _Inputs()
    outputs: dict[str, Any] = Field(min_length=1)
    tolerance: float = Field(default=DEFAULT_TOLERANCE, ge=0, allow_inf_nan=False)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One worked case: policy, what is given, what must come out, and where that is from."""

    name: str
    file: str
    policy: Policy
    given: Mapping[str, Any]
    expected: Mapping[str, NDArray[np.float64]]
    tolerance: float
    source: str


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read the cases of a YAML file (a list of cases).

    Raises
    ------
    DataError
        With file, case and key of what is wrong; a file without cases proves nothing.
    """
    content = read_yaml(path)
    if not isinstance(content, list) or not content:
        raise DataError("{path}: expected a list of cases, each starting with `- name:`", path)
    return tuple(_read_case(entry, position, path) for position, entry in enumerate(content))


def differences(case: Case) -> list[str]:
    """Return what differs from the expected outputs; an empty list when the case holds."""
    try:
        found = evaluate_with(case.policy, list(case.expected), case.given, absent="neutral")
    except OliveError as error:
        return [f"{case.file}: {case.name}: {error}"]
    lines: list[str] = []
    for variable, expected in case.expected.items():
        actual = found[variable].astype(np.float64)
        near = np.shape(actual) == np.shape(expected) and np.all(
            np.abs(actual - expected) <= case.tolerance
        )
        if not near:
            lines.append(
                Message(
                    "{file}: {name}: {variable} should be {expected}, is {value}",
                    case.file,
                    case.name,
                    variable,
                    expected.tolist(),
                    actual.round(6).tolist(),
                )
            )
    return lines


def _read_case(entry: object, position: int, path: Path) -> Case:
    where = f"{path}: case {position + 1}"
    with told_where(where):
        if not isinstance(entry, Mapping):
            raise DataError("expected `name: ...` and further keys, found {entry}", shown(entry))
        try:
            case = _Case.model_validate(entry)
        except ValidationError as error:
            faults = Faults()
            for each in error.errors():
                words = fault_in_words(each, _Case.model_fields)
                faults.at(".".join(map(str, each["loc"])) or "case").note(words)
            faults.raise_as(DataError, separator="; ")
    with told_where(f"{where} ({case.name})"):
        if (case.date is None) == (case.year is None):
            raise DataError("give either `date` or `year`")
        with told_where("place"):
            place = place_named(case.place)
        given = _given(case.inputs, place)
        expected = {name: _expected(name, value) for name, value in case.outputs.items()}
        _check_that_it_proves(case, given, expected)
    with warnings.catch_warnings():
        # A case for a time after the record states what a law of today provides for then.
        warnings.simplefilter("ignore", LawWarning)
        policy = place.law(case.date, year=case.year)
    policy |= full_compliance(place)
    if case.reform:
        written = set(case.reform) <= set(_OPERATIONS)
        policy |= Reform(**case.reform) if written else Reform(case.reform)
    return Case(case.name, path.name, policy, given, expected, case.tolerance, case.source)


def _given(inputs: _Inputs, place: Place) -> dict[str, Any]:
    given: dict[str, Any] = {"household_id": np.zeros(len(inputs.persons), dtype=np.int64)}
    entities: dict[str, str] = {name: column.entity for name, column in place.columns.items()}
    # Totals over the population are one number each; a case gives them with the household.
    entities |= {name: rule.entity or "household" for name, rule in place.rules.rules.items()}
    for entity, rows in (("household", [inputs.household]), ("person", inputs.persons)):
        for name in dict.fromkeys(key for row in rows for key in row):
            if entities.get(name) != entity:
                raise DataError(
                    "{name!r} is no variable or column of a {entity}{hint}",
                    name,
                    entity,
                    nearest(name, [each for each, of in entities.items() if of == entity]),
                )
            given[name] = [_value(name, row, place) for row in rows]
    return given


def _check_that_it_proves(
    case: _Case, given: Mapping[str, Any], expected: Mapping[str, NDArray[np.float64]]
) -> None:
    """Refuse a case that would hold whatever the rules say."""
    for name, values in expected.items():
        if name in given:
            raise DataError(
                "{name} is given and must come out as well, so nothing is "
                "computed; remove one of them",
                name,
            )
        largest = float(np.abs(values).max())
        if case.tolerance >= max(largest, _TOLERANCE_OF_NOUGHT):
            raise DataError(
                "tolerance {tolerance:g} is as large as what must come out "
                "({name}: {largest:g}), so that nought would do; make it smaller",
                case.tolerance,
                name,
                largest,
            )


def _expected(name: str, value: object) -> NDArray[np.float64]:
    """Return what must come out: one number, or one for each person; true and false are 1 and 0."""
    entries = value if isinstance(value, list) else [value]
    numbers = [each for each in entries if isinstance(each, bool) or is_finite(each)]
    array = np.asarray(numbers, dtype=np.float64)
    if not entries or len(numbers) < len(entries):
        raise DataError(
            "outputs: {name} must be a finite number or a list of them, found {value}",
            name,
            shown(value),
        )
    return array


def _value(name: str, row: Mapping[str, Any], place: Place) -> float:
    column = place.columns.get(name)
    if name not in row:
        if column is None or column.neutral is None:
            raise DataError("{name!r} must be given for every person", name)
        return column.neutral
    value = row[name]
    if column is not None and column.codes and isinstance(value, str):
        if value not in column.codes:
            raise DataError(
                "{name}: no code {value}{hint}", name, shown(value), nearest(value, column.codes)
            )
        return float(column.codes.index(value))
    if not isinstance(value, bool) and not is_finite(value):
        raise DataError(
            "{name}: {value} is not a number, truth value or code name", name, shown(value)
        )
    return float(value)
