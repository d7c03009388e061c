"""The entries of a mapping file: one for each of olive's columns, checked word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from olive.engine.columns import Column
from olive.errors import labelled, nearest, shown
from olive.messages import Message, joined
from olive.population.cells import shortened
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
    entity: Entity, name: str, entry: Any, catalogue: Mapping[str, Column], faults: list[str]
) -> ColumnMapping | None:
    """Return what an entry says of one of olive's columns; add to the faults what is wrong."""
    where = f"{entity}.{name}"
    known = {c.name: c for c in catalogue.values() if c.name != "household_id"}
    column = known.get(name)
    if column is None or column.kind == "key":
        valid = [each.name for each in known.values() if each.entity == entity]
        labels = {each: known[each].zh for each in valid}
        faults.append(
            Message(
                "{where}: olive has no column {name}{hint}",
                where=where,
                name=shortened(name),
                hint=nearest(name[:60], valid) or labelled(name[:60], labels),
            )
        )
        return None
    if column.entity != entity:
        faults.append(
            Message(
                "{where}: {name!r} belongs to the {entity} table; move it there",
                where=where,
                name=name,
                entity=column.entity,
            )
        )
        return None
    if isinstance(entry, str):
        entry = {"from": entry}
    if not isinstance(entry, Mapping):
        faults.append(
            Message(
                "{where}: write the survey's column, or {{from: its name, unit: its unit}}",
                where=where,
            )
        )
        return None
    check_words(Message("in {where}", where=where), entry, _COLUMN, faults)
    sources = entry.get("from", [])
    sources = [sources] if isinstance(sources, str) else sources
    if not isinstance(sources, list) or not all(isinstance(name, str) for name in sources):
        faults.append(
            Message("{where}: 'from' must name a column of the survey's, or list some", where=where)
        )
        return None
    unit = entry.get("unit", "")
    if not isinstance(unit, str):
        faults.append(
            Message(
                "{where}: unit must be a word such as yuan/month, not {unit}",
                where=where,
                unit=shortened(unit),
            )
        )
        unit = ""
    unit = in_english(unit)
    if bool(sources) == (entry.get("value") is not None):
        faults.append(
            Message("{where}: give either 'from' (the survey's columns) or 'value'", where=where)
        )
        return None
    if len(sources) > 1 and (
        column.kind != "number" or column.unit == "code" or unit == YEAR_OF_BIRTH
    ):
        faults.append(
            Message(
                "{where}: only columns of amounts can be added up; name one column", where=where
            )
        )
    if len(set(sources)) < len(sources):
        faults.append(Message("{where}: a column of the survey's is added twice", where=where))
    return ColumnMapping(
        column=column,
        sources=tuple(map(str, sources)),
        factor=_factor(where, column, unit, faults),
        unit=unit,
        codes=_codes(where, column, entry.get("codes"), faults),
        missing=_stand_in(where, "missing", column, entry.get("missing"), faults),
        value=_stand_in(where, "value", column, entry.get("value"), faults),
    )


def _factor(where: str, column: Column, unit: str, faults: list[str]) -> float:
    if column.name == "age" and unit == YEAR_OF_BIRTH:
        return 1.0
    factor = factor_between(unit or column.unit, column.unit)
    if factor is None or (unit and column.kind != "number"):
        valid = possible_units(column.unit) + ([YEAR_OF_BIRTH] if column.name == "age" else [])
        faults.append(
            Message(
                "{where}: unit {unit} cannot become {unit2!r}{hint} (possible: {valid})",
                where=where,
                unit=shown(unit),
                unit2=unit_label(column.unit),
                hint=nearest(unit, valid),
                valid=joined(map(unit_label, valid)),
            )
        )
    return 1.0 if factor is None else factor


def _stand_in(where: str, word: str, column: Column, value: Any, faults: list[str]) -> Any:
    """Return what the mapping gives itself: a number in the survey's unit, or a word of olive's."""
    if value is None:
        return None
    if column.kind == "code":
        valid, wanted = value in column.codes, Message("one of {codes}", codes=joined(column.codes))
    elif column.kind == "bool":
        valid, wanted = isinstance(value, bool), Message("true or false")
    else:
        valid, wanted = is_number(value), Message("a number in the survey's unit")
    if not valid:
        faults.append(
            Message(
                "{where}: {word} is {value}; it must be {wanted}{hint}",
                where=where,
                word=word,
                value=shortened(value),
                wanted=wanted,
                hint=nearest(shortened(value), column.codes),
            )
        )
    return value


def _codes(where: str, column: Column, codes: Any, faults: list[str]) -> Mapping[Any, Any]:
    if codes is None:
        return {}
    if not isinstance(codes, Mapping) or column.kind not in {"code", "bool"}:
        faults.append(
            Message(
                "{where}: 'codes' must map the survey's codes to olive's, and only columns "
                "of codes or truth values have them (this one: {kind})",
                where=where,
                kind=column.kind,
            )
        )
        return {}
    means: dict[str, Any] = {}
    for theirs, ours in codes.items():
        one = means.setdefault(str(plain_code(theirs)), ours)
        if one != ours:
            faults.append(
                Message(
                    "{where}: the code {theirs} has two meanings, {one} and {other} (1, 1.0 and "
                    "'1' are one code)",
                    where=where,
                    theirs=shortened(theirs),
                    one=shortened(one),
                    other=shortened(ours),
                )
            )
    valid: Iterable[Any] = column.codes if column.kind == "code" else (True, False)
    for theirs, ours in codes.items():
        if not isinstance(ours, (str, bool)) or ours not in valid:
            faults.append(
                Message(
                    "{where}: code {theirs} is mapped to {ours}{hint} (possible: {valid})",
                    where=where,
                    theirs=shortened(theirs),
                    ours=shortened(ours),
                    hint=nearest(shortened(ours), column.codes),
                    valid=joined(valid),
                )
            )
    return codes


def check_words(
    where: str, content: Mapping[Any, Any], valid: tuple[str, ...], faults: list[str]
) -> None:
    """Add to the faults the words of a part that it does not know."""
    faults.extend(
        Message(
            "unknown word {word} {where}{hint} (known: {valid})",
            word=shortened(word),
            where=where,
            hint=nearest(word, valid),
            valid=joined(valid),
        )
        for word in content
        if word not in valid
    )


def is_number(value: Any) -> bool:
    """Say whether a value is a number that a survey may hold."""
    # The bound also refuses NaN, infinity, and whole numbers that no float64 holds.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
