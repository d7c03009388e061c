"""One household, built by hand: typical cases for analysts who ask "what about this family?"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, closest, nearest, shown, told_where
from olive.messages import Message, joined
from olive.native.given_objects import checked_objects
from olive.places.place import Place, named_object
from olive.places.registry import place as place_named
from olive.population import Population

_FAMILY = ("spouse", "father", "mother")
# The national census asks persons of 15 and over for their marital status.
_SPOUSE_FROM = 15
_SEX_OF = {"mother": "female", "father": "male"}


def member(age: int, **columns: Any) -> dict[str, Any]:
    """Return a person of a household that is built by hand.

    Parameters
    ----------
    age : int
        Completed years on 31 December.
    **columns
        Any column of persons, money in yuan a year, codes by name: ``contractual_wage=84_000``,
        ``labour_status="employee"``, ``disability_grade="grade_1"``; ``spouse``, ``father`` and
        ``mother`` are positions in the list of members, from 0.

    Examples
    --------
    >>> member(38, contractual_wage=84_000)["contractual_wage"]
    84000
    """
    return {"age": age, **columns}


def household(
    members: Sequence[Mapping[str, Any]],
    *,
    year: int = 2023,
    place: str | Place | None = None,
    **columns: Any,
) -> Population:
    """Return one household as a population of its own, to simulate, explain and vary.

    What is not given is neutral: no such income, no disability, local registration. In China a
    wage earner is insured as an employee unless a scheme is given; a single adult beside children
    is taken as their parent only when the pointers say so.

    Parameters
    ----------
    members : sequence of mapping
        At least one, of `member` or a mapping with ``age`` and columns of persons.
    year : int
        Calendar year of the incomes.
    place : str or Place, optional
        Where they live; by default Taizhou.
    **columns
        Any column of households: ``urban=False``, ``tenure="market_renter"``; the region
        (``county="sanmen"``) must be given where the place has regions.

    Returns
    -------
    Population
        Of weight 1 and ``household_id`` 0.

    Raises
    ------
    DataError
        For unknown columns, and for members that cannot be: negative ages, text for a number,
        pointers to nobody, a parent younger than the child, a child as spouse.

    Examples
    --------
    A single parent with a severely disabled child in Sanmen:

    >>> import olive
    >>> family = household(
    ...     [
    ...         member(38, sex="female", contractual_wage=36_000),
    ...         member(9, mother=0, disability_grade="grade_1", in_education=True),
    ...     ],
    ...     county="sanmen",
    ...     urban=False,
    ... )
    >>> result = olive.simulate(family, olive.law(year=2023))
    >>> bool(result.values("disposable_income")[0] > 30_000)
    True
    """
    home = place_named(place)
    people = _people(members)
    for position, person in enumerate(people):
        _known({name: value for name, value in person.items() if name != "age"}, "person", home)
        with told_where(Message("member {position}", position)):
            _check_numbers(person, home)
    for position in range(len(people)):
        with told_where(Message("member {position}", position)):
            for pointer in _FAMILY:
                _check_pointer(people, position, pointer)
    if home.completed_at:
        people = [named_object(home.completed_at)(person) for person in people]
    _known(columns, "household", home)
    with told_where(Message("the household")):
        _check_numbers(columns, home)
    if home.regions and home.region_column not in columns:
        raise DataError(
            "say where they live: {region_column}={next!r}, or another of {regions}",
            home.region_column,
            next(iter(home.regions)),
            joined(home.regions),
        )
    homes = pd.DataFrame([{"household_id": 0, "weight": 1.0, **columns}])
    given = list(dict.fromkeys(name for person in people for name in person))
    table = {
        name: [person[name] if name in person else _neutral(name, home) for person in people]
        for name in given
    }
    persons = pd.DataFrame({"household_id": np.zeros(len(people), dtype=np.int64), **table})
    return Population.from_frames(homes, persons, year=year, place=home)


@checked_objects
def read_household(path: str | Path, *, place: str | Place | None = None) -> Population:
    """Return the household that a YAML file describes, in the words of worked cases.

    Parameters
    ----------
    path : str or Path
        A mapping with ``persons`` (a list, each with ``age`` and columns of persons), and where
        they are needed ``household`` (columns) and ``year`` (2023 by default).
    place : str or Place, optional

    Raises
    ------
    DataError
        When the file cannot be read, or as `household`; names the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "family.yaml")
    ...     _ = file.write_text("{household: {county: sanmen}, persons: [{age: 40}, {age: 41}]}")
    ...     int(read_household(file).size[0])
    2
    """
    content = read_yaml(Path(path))
    with told_where(str(path), DataError):
        if not isinstance(content, Mapping):
            raise DataError("a household is written as {form}", _FORM)
        for name in content:
            if name not in _KEYS:
                hint = nearest(name, _KEYS)
                raise DataError("no key {name!r}{hint}; {form}", name, hint, _FORM)
        year, columns = content.get("year", 2023), content.get("household") or {}
        people = content.get("persons") or []
        if isinstance(year, bool) or not isinstance(year, int):
            raise DataError("year is {year}; give a calendar year", shown(year))
        _check_form("household", columns, Mapping)
        _check_form("persons", people, list)
        for position, each in enumerate(people):
            _check_form(f"persons[{position}]", each, Mapping)
        _known(columns, "household", place_named(place))
        return household(people, year=year, place=place, **columns)


_KEYS = ("year", "household", "persons")
_FORM = "year: 2023, household: {county: sanmen}, persons: [{age: 40}]"


def _check_form(name: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise DataError(
            "{name} is {value}; a household is written as {form}",
            f"`{name}`",  # a key of the file, not a word to translate
            shown(value),
            _FORM,
        )


def _people(members: Any) -> list[dict[str, Any]]:
    """Return members as mappings of their own, each with an age."""
    if isinstance(members, str | Mapping) or not isinstance(members, Iterable):
        raise DataError("members is {members}; give a list: [olive.member(40)]", shown(members))
    people = []
    for position, each in enumerate(members):
        if not isinstance(each, Mapping):
            raise DataError(
                "member {position} is {each}; write olive.member(40)", position, shown(each)
            )
        if "age" not in each:
            raise DataError("member {position} has no age", position)
        people.append(dict(each))
    if not people:
        raise DataError("a household needs at least one member: [olive.member(40)]")
    return people


def _check_numbers(given: Mapping[str, Any], place: Place) -> None:
    """Refuse what is no number where a column holds numbers; its range the tables check."""
    for name, value in given.items():
        column = place.columns.get(name)
        counted = name == "age" or (
            column is not None and not column.codes and column.kind != "bool" and name != "weight"
        )
        if counted and not isinstance(value, int | float | np.integer | np.floating):
            raise DataError("{name} is {value}, which is no number", name, shown(value))


def _neutral(name: str, place: Place) -> Any:
    column = place.columns[name]
    if column.neutral is None:
        raise DataError("{name} has no neutral value: give it for every member", name)
    if column.codes:
        return column.codes[int(column.neutral)]
    return bool(column.neutral) if column.kind == "bool" else column.neutral


def _known(columns: Mapping[str, Any], entity: str, place: Place) -> None:
    names = {name: column.zh for name, column in place.columns.items() if column.entity == entity}
    for name in columns:
        if name not in names:
            raise DataError(
                "no column {name!r} of a {entity}{hint}", name, entity, closest(name, names)
            )


def _check_pointer(people: Sequence[Mapping[str, Any]], position: int, pointer: str) -> None:
    person = people[position]
    at = person.get(pointer, -1)
    if at == -1:
        return
    whole = isinstance(at, int) and not isinstance(at, bool)
    if not whole or at == position or not 0 <= at < len(people):
        last = len(people) - 1
        raise DataError(
            "{pointer}={at!r} names nobody else; members are 0 to {number}", pointer, at, last
        )
    other = people[at]
    age, sex = other["age"], _SEX_OF.get(pointer)
    if sex is not None and other.get("sex", sex) != sex:
        raise DataError(
            "{pointer} {at} is {sex}; name them as the other parent, or change the sex",
            pointer,
            at,
            other["sex"],
        )
    if pointer == "spouse" and age < _SPOUSE_FROM:
        least = _SPOUSE_FROM
        raise DataError("spouse {at} is {value}; a spouse is {least} or older", at, age, least)
    if pointer != "spouse" and age <= person["age"]:
        raise DataError(
            "{pointer} {at} is {value} and the child {age}: a parent is older",
            pointer,
            at,
            age,
            person["age"],
        )
