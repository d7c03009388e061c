"""The mapping file: how the columns of a user's survey become olive's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from olive.columns import Column, catalogue
from olive.engine.yaml_reading import read_yaml
from olive.errors import DataError, nearest

Entity = Literal["household", "person"]
ENTITIES: tuple[Entity, ...] = ("household", "person")
POINTERS = ("spouse", "father", "mother")
YEAR_OF_BIRTH = "year of birth"
# From a survey's unit to the catalogue's: what values are multiplied by.
UNITS: Mapping[tuple[str, str], float] = {
    ("yuan/month", "yuan/year"): 12.0,
    ("yuan/quarter", "yuan/year"): 4.0,
    ("1000 yuan/year", "yuan/year"): 1_000.0,
    ("10000 yuan/year", "yuan/year"): 10_000.0,
    ("1000 yuan", "yuan"): 1_000.0,
    ("10000 yuan", "yuan"): 10_000.0,
    ("percent", "1"): 0.01,
    ("year", "month"): 12.0,
    ("month", "year"): 1.0 / 12.0,
}
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
    place : str
        Where it was taken, or an empty string.
    missing_codes : tuple of float
        Numbers that mean "not known" in every column.
    household, person : TableMapping
    """

    survey: str
    year: int | None
    place: str
    missing_codes: tuple[float, ...]
    household: TableMapping
    person: TableMapping


def read_mapping(source: str | Path | Mapping[str, Any]) -> SurveyMapping:
    """Read and check a mapping file, or a mapping that was read already.

    Raises
    ------
    YamlFault
        When the file cannot be read.
    DataError
        Listing every fault: unknown words, columns, units and codes, with the nearest valid one.
    """
    where = "mapping"
    if isinstance(source, Mapping):
        content: Any = source
    else:
        where, content = str(source), read_yaml(Path(source))
    faults: list[str] = []
    if not isinstance(content, Mapping):
        faults.append(f"must hold the words {', '.join(_TOP)}, not {type(content).__name__}")
        content = {}
    else:
        _check_words("at the top", content, _TOP, faults)
    tables = {entity: _table(entity, content.get(entity), faults) for entity in ENTITIES}
    missing_codes = content.get("missing_codes") or []
    if not isinstance(missing_codes, list) or not all(map(_is_number, missing_codes)):
        faults.append(f"missing_codes must be a list of numbers, not {missing_codes!r}")
        missing_codes = []
    year = content.get("year")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
        faults.append(f"year must be a calendar year, not {year!r}")
    if faults:
        message = f"{where}: {len(faults)} fault(s):\n" + "\n".join(f"- {each}" for each in faults)
        raise DataError(message)
    return SurveyMapping(
        survey=str(content.get("survey", "")),
        year=year,
        place=str(content.get("place", "")),
        missing_codes=tuple(float(code) for code in missing_codes),
        household=tables["household"],
        person=tables["person"],
    )


def _table(entity: Entity, content: Any, faults: list[str]) -> TableMapping:
    if not isinstance(content, Mapping):
        faults.append(f"the part {entity!r} is missing; it needs 'key' and 'columns'")
        return TableMapping("", "", (), {})
    _check_words(f"in {entity}", content, _TABLE[entity], faults)
    if not isinstance(content.get("key"), str):
        faults.append(f"{entity}: 'key' must name the column that identifies the household")
    columns = content.get("columns")
    if not isinstance(columns, Mapping):
        faults.append(f"{entity}: 'columns' must list olive's columns and where they come from")
        columns = {}
    found = [_column(entity, str(name), entry, faults) for name, entry in columns.items()]
    if entity == "household" and "weight" not in columns:
        faults.append(
            "household: column 'weight' is missing; for an unweighted survey write "
            "weight: {value: 1}"
        )
    kept = _kept(entity, content, columns, faults)
    mapped = tuple(each for each in found if each is not None)
    return TableMapping(str(content.get("key")), str(content.get("person", "")), mapped, kept)


def _column(entity: Entity, name: str, entry: Any, faults: list[str]) -> ColumnMapping | None:
    where = f"{entity}.{name}"
    known = {c.name: c for c in catalogue().values() if c.name != "household_id"}
    column = known.get(name)
    if column is None or column.kind == "key":
        valid = [each.name for each in known.values() if each.entity == entity]
        faults.append(f"{where}: olive has no column {name!r}{nearest(name, valid)}")
        return None
    if column.entity != entity:
        faults.append(f"{where}: {name!r} belongs to the {column.entity} table; move it there")
        return None
    if isinstance(entry, str):
        entry = {"from": entry}
    if not isinstance(entry, Mapping):
        faults.append(f"{where}: write the survey's column, or {{from: its name, unit: its unit}}")
        return None
    _check_words(f"in {where}", entry, _COLUMN, faults)
    sources = entry.get("from", [])
    sources = [sources] if isinstance(sources, str) else sources
    if bool(sources) == ("value" in entry):
        faults.append(f"{where}: give either 'from' (the survey's columns) or 'value'")
        return None
    if len(sources) > 1 and (column.kind != "number" or name in POINTERS):
        faults.append(f"{where}: only columns of amounts can be added up; name one column")
    return ColumnMapping(
        column=column,
        sources=tuple(map(str, sources)),
        factor=_factor(where, column, entry.get("unit"), faults),
        unit=str(entry.get("unit", "")),
        codes=_codes(where, column, entry.get("codes"), faults),
        missing=entry.get("missing"),
        value=entry.get("value"),
    )


def _factor(where: str, column: Column, unit: Any, faults: list[str]) -> float:
    if unit is None or unit == column.unit:
        return 1.0
    if column.name == "age" and unit == YEAR_OF_BIRTH:
        return 1.0
    factor = UNITS.get((str(unit), column.unit))
    if factor is None:
        valid = [theirs for theirs, ours in UNITS if ours == column.unit] + [column.unit]
        valid += [YEAR_OF_BIRTH] if column.name == "age" else []
        faults.append(
            f"{where}: unit {unit!r} cannot become {column.unit!r}{nearest(str(unit), valid)} "
            f"(possible: {', '.join(valid)})"
        )
        return 1.0
    return factor


def _codes(where: str, column: Column, codes: Any, faults: list[str]) -> Mapping[Any, Any]:
    if codes is None:
        return {}
    if not isinstance(codes, Mapping) or column.kind not in {"code", "bool"}:
        faults.append(
            f"{where}: 'codes' must map the survey's codes to olive's, and only columns of codes "
            f"or truth values have them (this one: {column.kind})"
        )
        return {}
    valid: Iterable[Any] = column.codes if column.kind == "code" else (True, False)
    for theirs, ours in codes.items():
        if ours not in valid or (column.kind == "bool" and not isinstance(ours, bool)):
            faults.append(
                f"{where}: code {theirs!r} is mapped to {ours!r}{nearest(str(ours), column.codes)} "
                f"(possible: {', '.join(map(str, valid))})"
            )
    return codes


def _kept(
    entity: Entity, content: Mapping[str, Any], columns: Mapping[Any, Any], faults: list[str]
) -> Mapping[str, str]:
    """Return the columns kept as they are, the survey design first."""
    kept: dict[str, str] = {}
    design = content.get("design") or {}
    if isinstance(design, Mapping):
        _check_words(f"in {entity}.design", design, _DESIGN, faults)
        kept |= {name: str(design[name]) for name in ("stratum", "psu") if name in design}
        replicates = design.get("replicate_weights") or []
        if isinstance(replicates, str):
            replicates = [replicates]
        kept |= {f"replicate_weight_{n}": str(each) for n, each in enumerate(replicates, 1)}
    else:
        faults.append(f"{entity}: 'design' must hold {', '.join(_DESIGN)}")
    for name in content.get("keep") or []:
        if name in catalogue() or name in kept:
            faults.append(
                f"{entity}.keep: {name!r} is a name of olive's; map it under 'columns', or rename "
                "it in the survey's table"
            )
        else:
            kept[str(name)] = str(name)
    doubled = set(kept) & set(map(str, columns))
    faults.extend(f"{entity}: {name!r} is both mapped and kept" for name in sorted(doubled))
    return kept


def _check_words(
    where: str, content: Mapping[Any, Any], valid: tuple[str, ...], faults: list[str]
) -> None:
    faults.extend(
        f"unknown word {word!r} {where}{nearest(str(word), valid)} (known: {', '.join(valid)})"
        for word in content
        if word not in valid
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
