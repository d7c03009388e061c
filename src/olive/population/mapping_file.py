"""The mapping file: how the columns of a user's survey become olive's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from olive.engine.columns import Column
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, labelled, nearest, shown
from olive.messages import Message, joined
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.cells import MissingCodes, shortened
from olive.population.survey_units import (
    YEAR_OF_BIRTH,
    factor_between,
    in_english,
    possible_units,
    unit_label,
)
from olive.population.years import YEARS_IN_WORDS, is_year

Entity = Literal["household", "person"]
ENTITIES: tuple[Entity, ...] = ("household", "person")
_TOP = ("survey", "year", "place", "missing_codes", "household", "person")
_TABLE: Mapping[Entity, tuple[str, ...]] = {
    "household": ("key", "columns", "design", "keep"),
    "person": ("key", "person", "columns", "keep"),
}
_COLUMN = ("from", "unit", "codes", "missing", "value")
_DESIGN = ("stratum", "psu", "replicate_weights")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where one of olive's columns comes from.

    Attributes
    ----------
    column : Column
        Entry of olive's catalogue.
    sources : tuple of str
        Columns of the survey, added together; empty when ``value`` is given.
    factor : float
        What the survey's values are multiplied by.
    unit : str
        The survey's unit, or an empty string when it is olive's own.
    codes : mapping
        The survey's codes and olive's names (or truth values) for them; empty for none.
    missing : object
        What stands for a missing value; ``None`` when missing values are faults.
    value : object
        The same value for every row; ``None`` when the column comes from the survey.
    """

    column: Column
    sources: tuple[str, ...] = ()
    factor: float = 1.0
    unit: str = ""
    codes: Mapping[Any, Any] = field(default_factory=dict)
    missing: Any = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table of the survey is read.

    Attributes
    ----------
    key : str
        Column that identifies the household.
    person : str
        Column that identifies the person, for pointers; empty when there is none.
    columns : tuple of ColumnMapping
    kept : mapping of str to str
        Columns that are kept as they are: name in olive's table, name in the survey.
    """

    key: str
    person: str
    columns: tuple[ColumnMapping, ...]
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """A whole mapping file.

    Attributes
    ----------
    survey : str
        Name of the survey, for notes.
    year : int or None
        Calendar year that incomes refer to.
    place : Place
        Where it was taken.
    missing_codes : MissingCodes
        Numbers and words that mean "not known" in every mapped column.
    household, person : TableMapping
    """

    survey: str
    year: int | None
    place: Place
    missing_codes: MissingCodes
    household: TableMapping
    person: TableMapping

    def of(self, entity: Entity) -> TableMapping:
        """Return the part for one table."""
        return self.household if entity == "household" else self.person


def read_mapping(
    source: str | Path | Mapping[str, Any], place: str | Place | None = None
) -> SurveyMapping:
    """Read and check a mapping file, or a mapping that was read already.

    Raises
    ------
    YamlFault
        When the file cannot be read.
    DataError
        Listing every fault: unknown words, columns, units and codes, with the nearest valid one.
    """
    where = "mapping"
    content: Any = source
    if isinstance(source, (str, Path)):
        where, content = str(source), read_yaml(Path(source))
    faults: list[str] = []
    if not isinstance(content, Mapping):
        faults.append(
            Message(
                "must hold the words {top}, not {type}",
                top=joined(_TOP),
                type=type(content).__name__,
            )
        )
        content = {}
    else:
        _check_words(Message("at the top"), content, _TOP, faults)
    found = _place(content.get("place", ""), place, faults)
    tables = {
        entity: _table(entity, content.get(entity), found.columns, faults) for entity in ENTITIES
    }
    missing_codes = content.get("missing_codes") or []
    if not isinstance(missing_codes, list) or not all(
        isinstance(code, str) or _is_number(code) for code in missing_codes
    ):
        faults.append(
            Message(
                "missing_codes must be a list of numbers (or texts), such as [-8, -9], not "
                "{missing_codes}",
                missing_codes=shortened(missing_codes),
            )
        )
        missing_codes = []
    year = content.get("year")
    if year is not None and not is_year(year):
        faults.append(
            Message(
                "year is {year}; it must be {years_in_words}",
                year=shortened(year),
                years_in_words=YEARS_IN_WORDS,
            )
        )
    faults += [
        Message("{word} must be text, not {content}", word=word, content=shortened(content[word]))
        for word in ("survey",)
        if not isinstance(content.get(word, ""), str)
    ]
    if faults:
        raise DataError(
            "{where}: {number} fault(s):\n{faults}",
            where=where,
            number=len(faults),
            faults=joined((Message("- {each}", each=each) for each in faults), "\n"),
        )
    return SurveyMapping(
        survey=content.get("survey", ""),
        year=year,
        place=found,
        missing_codes=MissingCodes.of(missing_codes),
        household=tables["household"],
        person=tables["person"],
    )


def _place(stated: Any, given: str | Place | None, faults: list[str]) -> Place:
    """Return the place that a caller or else the mapping names; the default one where none does."""
    if not isinstance(stated, str):
        faults.append(Message("place must be text, not {stated}", stated=shortened(stated)))
        return place_named(given)
    try:
        return place_named(given or stated)
    except DataError as error:
        faults.append(Message("place: {error}", error=error))
        return place_named()


def _table(
    entity: Entity, content: Any, catalogue: Mapping[str, Column], faults: list[str]
) -> TableMapping:
    if not isinstance(content, Mapping):
        faults.append(
            Message("the part {entity!r} is missing; it needs 'key' and 'columns'", entity=entity)
        )
        return TableMapping("", "", (), {})
    _check_words(Message("in {where}", where=entity), content, _TABLE[entity], faults)
    if not isinstance(content.get("key"), str):
        faults.append(
            Message(
                "{entity}: 'key' must name the column that identifies the household", entity=entity
            )
        )
    columns = content.get("columns")
    if not isinstance(columns, Mapping):
        faults.append(
            Message(
                "{entity}: 'columns' must list olive's columns and where they come from",
                entity=entity,
            )
        )
        columns = {}
    found = [
        _column(entity, str(name), entry, catalogue, faults) for name, entry in columns.items()
    ]
    if entity == "household" and "weight" not in columns:
        faults.append(
            Message(
                "household: column 'weight' is missing; for an unweighted survey write "
                "weight: {value: 1}"
            )
        )
    kept = _kept(entity, content, columns, catalogue, faults)
    mapped = tuple(each for each in found if each is not None)
    person = content.get("person", "")
    if not isinstance(person, str):
        faults.append(
            Message(
                "{entity}: 'person' must name the column that identifies the person", entity=entity
            )
        )
        person = ""
    pointing = [each.column.name for each in mapped if each.column.pointer and each.sources]
    if pointing and not person:
        faults.append(
            Message(
                "{entity}: {pointing} name persons; say which column identifies them: "
                "person: its name",
                entity=entity,
                pointing=joined(pointing),
            )
        )
    return TableMapping(str(content.get("key")), person, mapped, kept)


def _column(
    entity: Entity, name: str, entry: Any, catalogue: Mapping[str, Column], faults: list[str]
) -> ColumnMapping | None:
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
    _check_words(Message("in {where}", where=where), entry, _COLUMN, faults)
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
        valid, wanted = _is_number(value), Message("a number in the survey's unit")
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


def _kept(
    entity: Entity,
    content: Mapping[str, Any],
    columns: Mapping[Any, Any],
    catalogue: Mapping[str, Column],
    faults: list[str],
) -> Mapping[str, str]:
    """Return the columns kept as they are, the survey design first."""
    kept: dict[str, str] = {}
    design = content.get("design") or {}
    if isinstance(design, Mapping):
        _check_words(Message("in {where}", where=f"{entity}.design"), design, _DESIGN, faults)
        kept |= {name: design[name] for name in ("stratum", "psu") if name in design}
        replicates = design.get("replicate_weights") or []
        replicates = replicates if isinstance(replicates, list) else [replicates]
        kept |= {f"replicate_weight_{n}": each for n, each in enumerate(replicates, 1)}
    else:
        faults.append(
            Message("{entity}: 'design' must hold {design}", entity=entity, design=joined(_DESIGN))
        )
    unnamed = [name for name, theirs in kept.items() if not isinstance(theirs, str)]
    faults.extend(
        Message(
            "{entity}.design: {name} must name a column of the survey's", entity=entity, name=name
        )
        for name in unnamed
    )
    keep = content.get("keep") or []
    if not isinstance(keep, list) or not all(isinstance(name, str) for name in keep):
        faults.append(
            Message(
                "{entity}.keep must list columns of the survey's, not {keep}",
                entity=entity,
                keep=shortened(keep),
            )
        )
        keep = []
    for name in keep:
        if name in catalogue or name in kept:
            faults.append(
                Message(
                    "{entity}.keep: {name!r} is a name of olive's; map it under 'columns', "
                    "or rename it in the survey's table",
                    entity=entity,
                    name=name,
                )
            )
        else:
            kept[name] = name
    doubled = set(kept) & set(map(str, columns))
    faults.extend(
        Message("{entity}: {name!r} is both mapped and kept", entity=entity, name=name)
        for name in sorted(doubled)
    )
    return kept


def _check_words(
    where: str, content: Mapping[Any, Any], valid: tuple[str, ...], faults: list[str]
) -> None:
    faults.extend(
        Message(
            "unknown word {word} {where}{hint} (known: {valid})",
            word=shortened(word),
            where=where,
            hint=nearest(str(word)[:60], valid),
            valid=joined(valid),
        )
        for word in content
        if word not in valid
    )


def _is_number(value: Any) -> bool:
    # The bound also refuses NaN, infinity, and whole numbers that no float64 holds.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
