"""How tables enter: frames and files in olive's own columns, surveys, files that olive wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from olive.errors import DataError
from olive.messages import Message
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.mapping import mapped
from olive.population.origin import Origin
from olive.population.plausibility import warn_of_odd_amounts
from olive.population.sources import columns_from
from olive.population.storage import STEPS_OF_READING, read_tables
from olive.population.table_schema import PopulationTables, validated
from olive.population.years import checked_year
from olive.progress import Told, steps


def noted(origin: Origin, *notes: str) -> Origin:
    """Return an origin with more notes."""
    return replace(origin, notes=(*origin.notes, *(Message(note) for note in notes if note)))


def of_frames(
    households: Any, persons: Any, year: Any, origin: Any | None, place: str | Place | None
) -> tuple[PopulationTables, Origin]:
    """Return tables in olive's own columns, checked; see `Population.from_frames`."""
    if origin is not None and not isinstance(origin, Origin):
        raise DataError("origin is a {type}; it must be an Origin", type(origin).__name__)
    found = _place(place, origin)
    known = replace(origin or Origin(year), year=checked_year(year), place=found.name)
    return _checked(households, persons, known)


def of_survey(
    households: Any,
    persons: Any,
    mapping: str | Path | Mapping[str, Any],
    year: int | None,
    place: str | Place | None,
) -> tuple[PopulationTables, Origin]:
    """Return the tables of a survey by a mapping of its columns; see `Population.from_survey`."""
    found = mapped(households, persons, mapping, year=year, place=place)
    known_year = year if year is not None else found.mapping.year
    if known_year is None:
        raise DataError("the survey's year is not known; write year: 2022 in the mapping")
    origin = Origin(checked_year(known_year), place=found.place.name)
    # The mapping has warned of odd amounts already, in the survey's own words.
    tables, notes = _validated(found.households, found.persons, found.place)
    told = Message("mapped from {name}", found.mapping.survey or Message("a survey"))
    return tables, noted(origin, told, *found.notes, *notes)


def of_folder(
    folder: str | Path, year: int | None, place: str | Place | None, told: Told = None
) -> tuple[PopulationTables, Origin]:
    """Return the tables of a folder; see `Population.read`."""
    step = steps(told, STEPS_OF_READING)
    households, persons, origin = read_tables(folder, step)
    found = _checked(households, persons, origin_of(folder, origin, year, place))
    step()
    return found


def origin_of(
    folder: str | Path, origin: Origin | None, year: int | None, place: str | Place | None
) -> Origin:
    """Return the origin of the files of a folder, by what they say and what the user says.

    Raises
    ------
    DataError
        When nothing says the year, or the two differ.
    """
    if origin is None and year is None:
        raise DataError(
            "the files in {folder!r} do not say which year they describe; give it: "
            "Population.read(folder, year=2023)",
            str(folder),
        )
    if origin is not None and year is not None and origin.year != year:
        raise DataError(
            "the files in {folder!r} describe {year}, not {year2}", str(folder), origin.year, year
        )
    known = origin or Origin(checked_year(year))
    checked_year(known.year, Message("the year of the files in {folder!r}", str(folder)))
    if known.census_year is not None:
        what = Message("the census year of the files in {folder!r}", str(folder))
        checked_year(known.census_year, what)
    return replace(known, place=_place(place, known).name)


def tables_of_part(households: Any, persons: Any, origin: Origin) -> PopulationTables:
    """Return tables of a known origin, checked; in a part of a population nobody need count."""
    return _checked(households, persons, origin, part=True)[0]


def _place(place: str | Place | None, origin: Origin | None) -> Place:
    """Return the place that is named, else that of the origin, else the default one.

    Raises
    ------
    DataError
        When the two differ, or no such place is installed.
    """
    stated = origin.place if origin is not None else ""
    found = place_named(place or stated)
    if stated and found.name != stated:
        raise DataError(
            "the tables say that they are of {stated!r}, not of {name!r}; leave out "
            "`place`, or give the one that they are of",
            stated,
            found.name,
        )
    return found


def _validated(
    households: Any, persons: Any, place: Place, *, part: bool = False
) -> tuple[PopulationTables, tuple[str, ...]]:
    """Return tables from anywhere, checked, with notes on how they were read and mended."""
    homes, reading = columns_from(households, "household")
    people, more = columns_from(persons, "person")
    tables, mending = validated(homes, people, place.columns, part=part)
    return tables, (*reading, *more, *mending)


def _checked(
    households: Any, persons: Any, origin: Origin, *, part: bool = False
) -> tuple[PopulationTables, Origin]:
    """Return tables without a fault and what was mended; warn where amounts look odd."""
    tables, notes = _validated(households, persons, place_named(origin.place), part=part)
    if not origin.synthetic:
        warn_of_odd_amounts(tables)
    return tables, noted(origin, *notes)
