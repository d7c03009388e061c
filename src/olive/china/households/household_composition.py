"""Who lives together: household types, ages, sexes and family ties.

Each person of a type has a role (``households.yaml``). Its age depends on that of another person of
the household, its anchor, whose own age may depend on a third's; the head's is drawn first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.recipes.recipe import LARGEST, code_of, value_of
from olive.engine import clip, draw, floor, lookup, of, person_rule, where
from olive.errors import DataError
from olive.synthesis.sampling import sub_draw
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

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
_OPPOSITE = -1.0
_LONGEST_CHAIN = 3  # anchors between a person and the head, and the person


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
    anchor: NDArray[np.int64]  # whose age this person's age depends on; itself for the head
    low: NDArray[np.int32]
    span: NDArray[np.int32]
    youngest: NDArray[np.int16]
    oldest: NDArray[np.int16]
    male: NDArray[np.float64]  # share; -1: opposite to the anchor
    spouse: NDArray[np.int8]
    one_parent: NDArray[np.int8]
    other_parent: NDArray[np.int8]


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
        "male": np.zeros(shape),
    }
    for name in ("spouse", "one_parent", "other_parent"):
        tables[name] = np.full(shape, _NOBODY, np.int8)
    for row, entry in enumerate(entries):
        _fill_type(tables, row, entry, settings)
    _check_chains(tables["anchor"], tables["male"])
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
    tables["male"][row, 0] = entry["male"]
    for slot, name in enumerate(members[1:], start=1):
        role = roles[name]
        tables["relation"][row, slot] = code_of("relation", role["relation"])
        partner = role.get("partner")
        tables["anchor"][row, slot] = members.index(partner or role["of"])
        tables["low"][row, slot] = role["years"] - role["jitter"]
        tables["span"][row, slot] = 2 * role["jitter"] + 1
        tables["youngest"][row, slot], tables["oldest"][row, slot] = role["ages"]
        share = role.get("male", value_of(settings["male_at_birth"]))
        tables["male"][row, slot] = _OPPOSITE if partner else share
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


def _check_chains(anchor: NDArray[np.int64], male: NDArray[np.float64]) -> None:
    """Raise if a role's age depends on too many others, or its sex on another derived sex."""
    rows = np.arange(len(anchor))[:, None]
    place = np.broadcast_to(np.arange(LARGEST), anchor.shape)
    if (anchor > place).any():
        raise DataError("roles: list a member after the one that its `of` or `partner` names")
    opposite = male == _OPPOSITE
    if (opposite & opposite[rows, anchor]).any():
        raise DataError("roles: a partner's partner must have a `male` share of its own")
    for _ in range(_LONGEST_CHAIN):
        place = anchor[rows, place]
    if place.any():
        raise DataError(
            "roles: at most {longest_chain} `of` or `partner` may follow on one another",
            _LONGEST_CHAIN,
        )


def roster_settings(types: Types) -> Settings:
    """Return the tables of household types as the rules read them."""
    return {
        "type_size": Setting(types.size),
        "type_stage": Setting(types.stage),
        "role_relation": Setting(types.relation),
        "role_anchor": Setting(types.anchor),
        "role_years": Setting(types.low, "year"),
        "role_span": Setting(types.span, "year"),
        "role_youngest": Setting(types.youngest, "year"),
        "role_oldest": Setting(types.oldest, "year"),
        "role_male": Setting(types.male),
        "role_spouse": Setting(types.spouse),
        "role_one_parent": Setting(types.one_parent),
        "role_other_parent": Setting(types.other_parent),
    }


@person_rule(unit="code")
def household_id(household_number):
    """Identifier of the person's household: its number."""
    return household_number


age_and_sex_draw = draw("city/age and sex")


@person_rule(unit="code")
def anchor(household_type, person_number, role_anchor):
    """The person whose age this person's age depends on."""
    return lookup(role_anchor, household_type, person_number)


@person_rule(unit="year")
def years_from_anchor(age_and_sex_draw, household_type, person_number, role_years, role_span):
    """Years that the person is older than its anchor; of the head, the age itself."""
    low = lookup(role_years, household_type, person_number)
    return low + floor(age_and_sex_draw * lookup(role_span, household_type, person_number))


def _age_after(anchor_age: Any, years: Any, youngest: Any, oldest: Any, codes: Any) -> Any:
    return clip(anchor_age + years, lookup(youngest, *codes), lookup(oldest, *codes))


@person_rule(unit="year")
def age_of_head(person_number, years_from_anchor):
    """Age of the head; zero for the others, whose ages follow in three steps."""
    return where(person_number == 0, years_from_anchor, 0)


age_of_head_anchor = of("anchor", "age_of_head")


@person_rule(unit="year")
def age_next_to_head(
    age_of_head,
    age_of_head_anchor,
    years_from_anchor,
    household_type,
    person_number,
    role_youngest,
    role_oldest,
):
    """Age of those whose anchor is the head."""
    codes = (household_type, person_number)
    found = _age_after(age_of_head_anchor, years_from_anchor, role_youngest, role_oldest, codes)
    return where(person_number == 0, age_of_head, found)


age_of_next_anchor = of("anchor", "age_next_to_head")


@person_rule(unit="year")
def age_two_steps_on(
    age_of_head,
    age_of_next_anchor,
    years_from_anchor,
    household_type,
    person_number,
    role_youngest,
    role_oldest,
):
    """Age of those with one more anchor between them and the head."""
    codes = (household_type, person_number)
    found = _age_after(age_of_next_anchor, years_from_anchor, role_youngest, role_oldest, codes)
    return where(person_number == 0, age_of_head, found)


age_of_last_anchor = of("anchor", "age_two_steps_on")


@person_rule(unit="year")
def age(
    age_of_head,
    age_of_last_anchor,
    years_from_anchor,
    household_type,
    person_number,
    role_youngest,
    role_oldest,
):
    """Age, with up to two anchors between the person and the head."""
    codes = (household_type, person_number)
    found = _age_after(age_of_last_anchor, years_from_anchor, role_youngest, role_oldest, codes)
    return where(person_number == 0, age_of_head, found)


@person_rule(unit="code")
def drawn_sex(age_and_sex_draw, household_type, person_number, role_male):
    """Sex (0 male, 1 female) of members whose sex is drawn independently."""
    share = lookup(role_male, household_type, person_number)
    return where(sub_draw(age_and_sex_draw, 1) < share, 0, 1)


sex_of_anchor = of("anchor", "drawn_sex")


@person_rule(unit="code")
def sex(drawn_sex, sex_of_anchor, household_type, person_number, role_male):
    """Sex: partners are of opposite sex."""
    opposite = lookup(role_male, household_type, person_number) < 0
    return where(opposite, 1 - sex_of_anchor, drawn_sex)


@person_rule(unit="code")
def relation(household_type, person_number, role_relation):
    """Relation to the head."""
    return lookup(role_relation, household_type, person_number)


@person_rule(unit="code")
def spouse(household_type, person_number, role_spouse):
    """Number of the spouse in the household; -1: none."""
    return lookup(role_spouse, household_type, person_number)


@person_rule(unit="code")
def one_parent(household_type, person_number, role_one_parent):
    """Number of a parent in the household; -1: none."""
    return lookup(role_one_parent, household_type, person_number)


@person_rule(unit="code")
def other_parent(household_type, person_number, role_other_parent):
    """Number of the other parent in the household; -1: none."""
    return lookup(role_other_parent, household_type, person_number)


sex_of_one_parent = of("one_parent", "sex")


@person_rule(unit="code")
def father(one_parent, other_parent, sex_of_one_parent):
    """Number of the father in the household; -1: none."""
    return where(sex_of_one_parent == 0, one_parent, other_parent)


@person_rule(unit="code")
def mother(one_parent, other_parent, sex_of_one_parent):
    """Number of the mother in the household; -1: none."""
    return where(sex_of_one_parent == 0, other_parent, one_parent)
