"""The mapping file: how the columns of a user's survey become olive's columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olive.engine.columns import Column
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, spelled
from olive.messages import Message, joined
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.cells import MissingCodes, shortened
from olive.population.mapping_entries import check_words, column_mapping, is_number
from olive.population.survey_mapping import ENTITIES, Entity, SurveyMapping, TableMapping
from olive.population.years import YEARS_IN_WORDS, is_year

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
        check_words(Message("at the top"), content, _TOP, faults)
    found = _place(content.get("place", ""), place, faults)
    tables = {
        entity: _table(entity, content.get(entity), found.columns, faults) for entity in ENTITIES
    }
    missing_codes = content.get("missing_codes") or []
    if not isinstance(missing_codes, list) or not all(
        isinstance(code, str) or is_number(code) for code in missing_codes
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
    check_words(Message("in {where}", where=entity), content, _TABLE[entity], faults)
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
        column_mapping(entity, spelled(name), entry, catalogue, faults)
        for name, entry in columns.items()
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
    key = spelled(content.get("key"))
    faults.extend(
        Message(
            "{where}: {source!r} identifies rows and is no amount; name another column",
            where=f"{entity}.{each.column.name}",
            source=source,
        )
        for each in mapped
        if each.column.kind == "number" and not each.column.pointer
        for source in each.sources
        if source in {key, person}
    )
    return TableMapping(key, person, mapped, kept)


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
        check_words(Message("in {where}", where=f"{entity}.design"), design, _DESIGN, faults)
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
    doubled = set(kept) & set(map(spelled, columns))
    faults.extend(
        Message("{entity}: {name!r} is both mapped and kept", entity=entity, name=name)
        for name in sorted(doubled)
    )
    return kept
