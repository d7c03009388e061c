"""The mapping file: how the columns of a user's survey become olive's columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olive.engine.columns import Column
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, Faults, shown, spelled
from olive.messages import joined
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.cells import MissingCodes
from olive.population.mapping_entries import are_names, check_words, column_mapping, is_number
from olive.population.survey_mapping import (
    ENTITIES,
    ColumnMapping,
    Entity,
    SurveyMapping,
    TableMapping,
)
from olive.population.years import checked_year

_TOP = ("survey", "year", "place", "missing_codes", "household", "person")
_TABLE: Mapping[Entity, tuple[str, ...]] = {
    "household": ("key", "columns", "design", "keep"),
    "person": ("key", "person", "columns", "keep"),
}
_DESIGN = ("stratum", "psu", "replicate_weights")


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
    faults = Faults()
    if isinstance(content, Mapping):
        check_words("", content, _TOP, faults)
    else:
        faults.note("must hold the words {top}, not {type}", joined(_TOP), type(content).__name__)
        content = {}
    found = _place(content.get("place", ""), place, faults)
    tables = [_table(entity, content.get(entity), found.columns, faults) for entity in ENTITIES]
    missing_codes = content.get("missing_codes") or []
    if not isinstance(missing_codes, list) or not all(
        isinstance(code, str) or is_number(code) for code in missing_codes
    ):
        faults.note(
            "missing_codes must be a list of numbers (or texts), such as [-8, -9], not "
            "{missing_codes}",
            shown(missing_codes),
        )
        missing_codes = []
    year, survey = content.get("year"), content.get("survey", "")
    if year is not None:
        with faults.catching(DataError):
            checked_year(year)
    if not isinstance(survey, str):
        faults.note("{word} must be text, not {content}", "survey", shown(survey))
    faults.raise_as(DataError, "{where}: {number} fault(s):\n- {faults}", "\n- ", where=where)
    return SurveyMapping(survey, year, found, MissingCodes.of(missing_codes), *tables)


def _place(stated: Any, given: str | Place | None, faults: Faults) -> Place:
    """Return the place that a caller or else the mapping names; the default one where none does."""
    if not isinstance(stated, str):
        faults.note("place must be text, not {stated}", shown(stated))
        return place_named(given)
    try:
        return place_named(given or stated)
    except DataError as error:
        faults.at("place").note(error.message)
        return place_named()


def _table(
    entity: Entity, content: Any, catalogue: Mapping[str, Column], faults: Faults
) -> TableMapping:
    if not isinstance(content, Mapping):
        faults.note("the part {entity!r} is missing; it needs 'key' and 'columns'", entity)
        return TableMapping("", "", (), {})
    check_words(entity, content, _TABLE[entity], faults)
    here = faults.at(entity)
    if not isinstance(content.get("key"), str):
        here.note("'key' must name the column that identifies the household")
    columns = content.get("columns")
    if not isinstance(columns, Mapping):
        here.note("'columns' must list olive's columns and where they come from")
        columns = {}
    mapped: list[ColumnMapping] = []
    for name, entry in columns.items():
        with faults.at(f"{entity}.{spelled(name)}").catching(DataError):
            mapped.append(column_mapping(entity, spelled(name), entry, catalogue, faults))
    if entity == "household" and "weight" not in columns:
        here.note("column 'weight' is missing; for an unweighted survey write weight: {value: 1}")
    kept = _kept(entity, content, columns, catalogue, faults)
    person = content.get("person", "")
    if not isinstance(person, str):
        here.note("'person' must name the column that identifies the person")
        person = ""
    pointing = [each.column.name for each in mapped if each.column.pointer and each.sources]
    if pointing and not person:
        here.note(
            "{pointing} name persons; say which column identifies them: person: its name",
            joined(pointing),
        )
    key = spelled(content.get("key"))
    for each in mapped:
        amount = each.column.kind == "number" and not each.column.pointer
        for source in each.sources:
            if amount and source in {key, person}:
                faults.at(f"{entity}.{each.column.name}").note(
                    "{source!r} identifies rows and is no amount; name another column", source
                )
    return TableMapping(key, person, tuple(mapped), kept)


def _kept(
    entity: Entity,
    content: Mapping[str, Any],
    columns: Mapping[Any, Any],
    catalogue: Mapping[str, Column],
    faults: Faults,
) -> Mapping[str, str]:
    """Return the columns kept as they are, the survey design first."""
    kept: dict[str, Any] = {}
    here = faults.at(entity)
    design = content.get("design") or {}
    if isinstance(design, Mapping):
        check_words(f"{entity}.design", design, _DESIGN, faults)
        kept |= {name: design[name] for name in ("stratum", "psu") if name in design}
        replicates = design.get("replicate_weights") or []
        replicates = replicates if isinstance(replicates, list) else [replicates]
        kept |= {f"replicate_weight_{n}": each for n, each in enumerate(replicates, 1)}
    else:
        here.note("'design' must hold {design}", joined(_DESIGN))
    for name, theirs in kept.items():
        if not isinstance(theirs, str):
            faults.at(f"{entity}.design").note("{name} must name a column of the survey's", name)
    keep = content.get("keep") or []
    if not are_names(keep):
        faults.note(
            "{entity}.keep must list columns of the survey's, not {keep}", entity, shown(keep)
        )
        keep = []
    for name in keep:
        if name in catalogue or name in kept:
            faults.at(f"{entity}.keep").note(
                "{name!r} is a name of olive's; map it under 'columns', or rename it in the "
                "survey's table",
                name,
            )
        else:
            kept[name] = name
    for name in sorted(set(kept) & set(map(spelled, columns))):
        here.note("{name!r} is both mapped and kept", name)
    return kept
