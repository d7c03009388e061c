"""The entries of a mapping file: one for each of olive's columns, checked word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from olive.engine.columns import Column
from olive.errors import DataError, Faults, closest, nearest, shown
from olive.messages import Message, joined
from olive.native.given_numbers import is_finite
from olive.population.survey_codes import plain_code
from olive.population.survey_mapping import ColumnMapping, Entity
from olive.population.survey_units import (
    YEAR_OF_BIRTH,
    factor_between,
    in_english,
    possible_units,
    unit_label,
)

_COLUMN = ("from", "unit", "codes", "missing", "value")


def column_mapping(
    entity: Entity, name: str, entry: Any, catalogue: Mapping[str, Column], faults: Faults
) -> ColumnMapping:
    """Return what an entry says of one of olive's columns; add to the faults what is wrong.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    where = f"{entity}.{name}"
    here = faults.at(where)
    known = {c.name: c for c in catalogue.values() if c.name != "household_id"}
    column = known.get(name)
    if column is None or column.kind == "key":
        labels = {each.name: each.zh for each in known.values() if each.entity == entity}
        hint = closest(name[:60], labels)
        raise DataError("olive has no column {name}{hint}", shown(name), hint)
    if column.entity != entity:
        wanted = column.entity
        raise DataError("{name!r} belongs to the {entity} table; move it there", name, wanted)
    if isinstance(entry, str):
        entry = {"from": entry}
    if not isinstance(entry, Mapping):
        raise DataError(
            "write the survey's column, or {{from: its name, unit: its unit}}, not {entry}",
            shown(entry),
        )
    check_words(where, entry, _COLUMN, faults)
    sources = entry.get("from", [])
    sources = [sources] if isinstance(sources, str) else sources
    if not are_names(sources):
        raise DataError("'from' must name a column of the survey's, or list some")
    unit = entry.get("unit", "")
    if not isinstance(unit, str):
        here.note("unit must be a word such as yuan/month, not {unit}", shown(unit))
        unit = ""
    unit = in_english(unit)
    if bool(sources) == (entry.get("value") is not None):
        raise DataError("give either 'from' (the survey's columns) or 'value'")
    amount = column.kind == "number" and column.unit != "code" and unit != YEAR_OF_BIRTH
    if len(sources) > 1 and not amount:
        here.note("only columns of amounts can be added up; name one column")
    if len(set(sources)) < len(sources):
        here.note("a column of the survey's is added twice")
    factor, codes = _factor(column, unit, here), _codes(column, entry.get("codes"), here)
    words = ("missing", "value")
    missing, value = (_stand_in(word, column, entry.get(word), here) for word in words)
    return ColumnMapping(column, tuple(sources), factor, unit, codes, missing, value)


def are_names(names: Any) -> TypeGuard[list[str]]:
    """Say whether a part of a mapping lists names of the survey's columns."""
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _factor(column: Column, unit: str, faults: Faults) -> float:
    if column.name == "age" and unit == YEAR_OF_BIRTH:
        return 1.0
    factor = factor_between(unit or column.unit, column.unit)
    if factor is None or (unit and column.kind != "number"):
        valid = possible_units(column.unit) + ([YEAR_OF_BIRTH] if column.name == "age" else [])
        faults.note(
            "unit {unit} cannot become {unit2!r}{hint}; possible: {valid}",
            shown(unit),
            unit_label(column.unit),
            nearest(unit, valid),
            joined(map(unit_label, valid)),
        )
    return 1.0 if factor is None else factor


def _stand_in(word: str, column: Column, value: Any, faults: Faults) -> Any:
    """Return what the mapping gives itself: a number in the survey's unit, or a word of olive's."""
    if value is None:
        return None
    if column.kind == "code":
        valid, wanted = value in column.codes, Message("one of {codes}", joined(column.codes))
    elif column.kind == "bool":
        valid, wanted = isinstance(value, bool), Message("true or false")
    else:
        valid, wanted = is_number(value), Message("a number in the survey's unit")
    if not valid:
        given = shown(value)
        hint = nearest(given, column.codes)
        faults.note("{word} is {value}; it must be {wanted}{hint}", word, given, wanted, hint)
    return value


def _codes(column: Column, codes: Any, faults: Faults) -> Mapping[Any, Any]:
    if codes is None:
        return {}
    if not isinstance(codes, Mapping) or column.kind not in {"code", "bool"}:
        faults.note(
            "'codes' must map the survey's codes to olive's, and only columns "
            "of codes or truth values have them (this one: {kind})",
            column.kind,
        )
        return {}
    means: dict[str, Any] = {}
    for theirs, ours in codes.items():
        one = means.setdefault(str(plain_code(theirs)), ours)
        if one != ours:
            faults.note(
                "the code {theirs} has two meanings, {one} and {other} (1, 1.0 and "
                "'1' are one code)",
                shown(theirs),
                shown(one),
                shown(ours),
            )
    valid: Iterable[Any] = column.codes if column.kind == "code" else (True, False)
    for theirs, ours in codes.items():
        if not isinstance(ours, (str, bool)) or ours not in valid:
            faults.note(
                "code {theirs} is mapped to {ours}{hint}; possible: {valid}",
                shown(theirs),
                shown(ours),
                nearest(shown(ours), column.codes),
                joined(valid),
            )
    return codes


def check_words(
    where: str, content: Mapping[Any, Any], valid: tuple[str, ...], faults: Faults
) -> None:
    """Add to the faults the words of a part that it does not know."""
    for word in (each for each in content if each not in valid):
        faults.note(
            "unknown word {word} {where}{hint}; known: {valid}",
            shown(word),
            Message("in {where}", where) if where else Message("at the top"),
            nearest(word, valid),
            joined(valid),
        )


def is_number(value: Any) -> bool:
    """Say whether a value is a number that a survey may hold."""
    return is_finite(value) and abs(value) < 1e300  # which may still be multiplied
