"""Who lives together: household types, ages, sexes and family ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.population.recipe import LARGEST, code_of, value_of
from olive.population.sampling import STEPS, Draws, choose, lookup_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.population.recipe import Recipe

STAGES = (
    "young",
    "middle",
    "family",
    "elder",
    "three_generation",
    "dormitory",
    "campus",
    "institution",
)
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Types:
    """Household types as tables, one row a type and one column a person.

    ``size`` and ``stage`` have one entry a type; the others the shape (types, LARGEST). Types of
    family households come first, then those of collective households.
    """

    size: NDArray[np.int64]
    stage: NDArray[np.int64]
    families: int
    relation: NDArray[np.int8]
    anchor: NDArray[np.int64]  # whose age this person's age hangs on; itself for the head
    low: NDArray[np.int32]
    span: NDArray[np.int32]
    youngest: NDArray[np.int16]
    oldest: NDArray[np.int16]
    male: NDArray[np.int32]  # of 65,536; -1: opposite to the anchor
    spouse: NDArray[np.int8]
    one_parent: NDArray[np.int8]
    other_parent: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Roster:
    """Households of a block and their persons, person columns in household order."""

    type_number: NDArray[np.uint8]
    size: NDArray[np.int64]
    starts: NDArray[np.int64]
    owner: NDArray[np.int64]
    number: NDArray[np.int64]
    words: NDArray[np.uint64]
    pieces: NDArray[np.uint16]  # two of four used here, the others for status and education
    age: NDArray[np.int16]
    sex: NDArray[np.int8]
    relation: NDArray[np.int8]
    spouse: NDArray[np.int8]
    father: NDArray[np.int8]
    mother: NDArray[np.int8]


def household_types(settings: Mapping[str, Any]) -> Types:
    """Return the tables of the household types that ``households.yaml`` describes."""
    entries = [*settings["family"].values(), *settings["collective"].values()]
    shape = (len(entries), LARGEST)
    tables: dict[str, Any] = {
        "relation": np.zeros(shape, np.int8),
        "anchor": np.zeros(shape, np.int64),
        "low": np.zeros(shape, np.int32),
        "span": np.ones(shape, np.int32),
        "youngest": np.zeros(shape, np.int16),
        "oldest": np.full(shape, 120, np.int16),
        "male": np.zeros(shape, np.int32),
        "spouse": np.full(shape, _NOBODY, np.int8),
        "one_parent": np.full(shape, _NOBODY, np.int8),
        "other_parent": np.full(shape, _NOBODY, np.int8),
    }
    for row, entry in enumerate(entries):
        _fill_type(tables, row, entry, settings)
    return Types(
        size=np.array([1 + len(entry.get("members", ())) for entry in entries]),
        stage=np.array([STAGES.index(entry["stage"]) for entry in entries]),
        families=len(settings["family"]),
        **tables,
    )


def _fill_type(
    tables: dict[str, Any], row: int, entry: Mapping[str, Any], settings: Mapping[str, Any]
) -> None:
    roles = settings["roles"]
    members = ["head", *entry.get("members", ())]
    low, high = entry["head"]
    tables["low"][row, 0], tables["span"][row, 0] = low, high - low + 1
    tables["male"][row, 0] = round(entry["male"] * STEPS)
    for slot, name in enumerate(members[1:], start=1):
        role = roles[name]
        tables["relation"][row, slot] = code_of("relation", role["relation"])
        partner = role.get("partner")
        tables["anchor"][row, slot] = members.index(partner or role["of"])
        tables["low"][row, slot] = role["years"] - role["jitter"]
        tables["span"][row, slot] = 2 * role["jitter"] + 1
        tables["youngest"][row, slot], tables["oldest"][row, slot] = role["ages"]
        share = role.get("male", value_of(settings["male_at_birth"]))
        tables["male"][row, slot] = _NOBODY if partner else round(share * STEPS)
        if partner:
            tables["spouse"][row, slot] = members.index(partner)
            tables["spouse"][row, members.index(partner)] = slot
        for parent in role.get("parents", ()):
            if parent in members:
                _add_parent(tables, row, slot, members.index(parent))
        if "parent_of" in role:
            _add_parent(tables, row, members.index(role["parent_of"]), slot)


def _add_parent(tables: dict[str, Any], row: int, child: int, parent: int) -> None:
    first = tables["one_parent"][row, child] == _NOBODY
    tables["one_parent" if first else "other_parent"][row, child] = parent


def type_tables(recipe: Recipe) -> NDArray[np.uint8]:
    """Return the look-up table of household types; rows: rural, urban, collective."""
    types = len(recipe.types["family"])
    shares = np.zeros((3, types + len(recipe.types["collective"])))
    shares[:2, :types] = recipe.solved.family
    shares[2, types:] = recipe.solved.collective
    return lookup_table(shares, steps=STEPS)


def draw_types(
    draws: Draws, table: NDArray[np.uint8], urban: NDArray[Any], collective: NDArray[Any]
) -> NDArray[np.uint8]:
    """Return the type of each household."""
    row = np.where(collective, 2, urban)
    return choose(table, row, draws.households("household_type")[:, 0])


def draw_roster(draws: Draws, types: Types, type_number: NDArray[np.uint8]) -> Roster:
    """Return the persons of each household with ages, sexes and family ties.

    Persons are laid out by household; the head is person 0.
    """
    size = types.size[type_number]
    starts = np.concatenate([[0], np.cumsum(size)])
    owner = np.repeat(np.arange(len(size)), size)
    number = np.arange(len(owner)) - starts[owner]
    words = draws.person_words(owner, number)
    entry = type_number.astype(np.int64)[owner] * LARGEST + number
    pieces = draws.persons("age_sex_status_education", words)
    age, sex = _ages_and_sexes(pieces, types, entry, starts)
    return Roster(
        type_number=type_number,
        size=size,
        starts=starts,
        owner=owner,
        number=number,
        words=words,
        pieces=pieces,
        age=age,
        sex=sex,
        relation=types.relation.take(entry),
        spouse=types.spouse.take(entry),
        **_parents(types, entry, starts[owner], sex),
    )


def _ages_and_sexes(
    pieces: NDArray[np.uint16], types: Types, entry: NDArray[Any], starts: NDArray[Any]
) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    offset = types.low.take(entry) + ((pieces[:, 0] * types.span.take(entry)) >> 16)
    male = types.male.take(entry)
    sex = (pieces[:, 1] >= male).astype(np.int8)
    age = np.clip(offset, types.youngest.take(entry), types.oldest.take(entry)).astype(np.int16)
    size = np.diff(starts)
    for slot in range(1, LARGEST):  # a person's age hangs on that of a person with a lower number
        rows = starts[:-1][size > slot] + slot
        anchor = rows - slot + types.anchor.take(entry[rows])
        years = age[anchor] + offset[rows]
        places = entry[rows]
        age[rows] = np.clip(years, types.youngest.take(places), types.oldest.take(places))
        sex[rows] = np.where(male[rows] < 0, 1 - sex[anchor], sex[rows])
    return age, sex


def _parents(
    types: Types, entry: NDArray[Any], first: NDArray[Any], sex: NDArray[np.int8]
) -> dict[str, NDArray[np.int8]]:
    one, other = types.one_parent.take(entry), types.other_parent.take(entry)
    rows = np.flatnonzero(one >= 0)
    father, mother = np.full(len(entry), _NOBODY, np.int8), np.full(len(entry), _NOBODY, np.int8)
    one_is_male = sex[first[rows] + one[rows]] == 0
    father[rows] = np.where(one_is_male, one[rows], other[rows])
    mother[rows] = np.where(one_is_male, other[rows], one[rows])
    return {"father": father, "mother": mother}
