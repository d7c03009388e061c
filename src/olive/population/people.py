"""Class of the household, schooling, work and insurance of its persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.population.recipe import code_of
from olive.population.roster import STAGES
from olive.population.sampling import chance, choose, lookup_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.population.recipe import Recipe

OLDEST = 120
CAMPUS, INSTITUTION = 7, 8  # profiles beside the seven classes
_PROFILES = 9
_STATUS = {name: code for code, name in enumerate(catalogue()["labour_status"].codes)}
_AT_WORK = ("employee", "self_employed", "farmer", "platform_worker")


@dataclass(frozen=True, slots=True)
class PeopleTables:
    """Look-up tables of :mod:`olive.population.people`, made once for a recipe."""

    classes: NDArray[np.uint8]  # rows: (rural, urban, collective) x stage
    band_of_age: NDArray[np.int64]
    status: NDArray[np.uint8]  # rows: profile x band x sex
    education: NDArray[np.uint8]  # rows: class x row of age
    education_row: NDArray[np.int64]
    industry: NDArray[np.uint8]  # rows: the classes' employees, then self-employed, platform
    occupation: NDArray[np.uint8]  # the same rows


def people_tables(recipe: Recipe) -> PeopleTables:
    """Return the look-up tables of a recipe."""
    settings = recipe.persons
    edges = settings["age_bands"]
    return PeopleTables(
        classes=_class_table(recipe.place["classes"]),
        band_of_age=np.searchsorted(edges, np.arange(OLDEST + 1), side="right"),
        status=lookup_table(_status_shares(settings)),
        education=lookup_table(_education_shares(settings)),
        education_row=_education_rows(settings["education"]["bands"]),
        industry=lookup_table(_by_kind_of_work(settings, "industry")),
        occupation=lookup_table(_occupation_shares(settings)),
    )


def _class_table(settings: Mapping[str, Any]) -> NDArray[np.uint8]:
    shares = np.zeros((3, len(STAGES), 7))
    shares[:, :, 1] = 1.0  # places and stages that do not meet
    for row, place in enumerate(("rural", "urban", "collective")):
        for stage, values in settings[place].items():
            shares[row, STAGES.index(stage)] = values
    return lookup_table(shares.reshape(-1, 7))


def _status_shares(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return P(status | profile, band of age, sex), shape (profiles * bands * 2, statuses)."""
    bands = len(settings["age_bands"]) + 1
    shares = np.zeros((_PROFILES, bands, 2, len(_STATUS)))
    for profile in range(_PROFILES):
        for band in range(bands):
            for sex in range(2):
                shares[profile, band, sex] = _status_of(settings, profile, band, sex)
    return shares.reshape(-1, len(_STATUS))


def _status_of(
    settings: Mapping[str, Any], profile: int, band: int, sex: int
) -> NDArray[np.float64]:
    shares = np.zeros(len(_STATUS))
    if band == 0:
        shares[_STATUS["child"]] = 1.0
        return shares
    if profile == CAMPUS:
        shares[_STATUS["student"]] = 1.0
        return shares
    if profile == INSTITUTION:
        shares[_STATUS["retired"]], shares[_STATUS["unable_to_work"]] = 0.7, 0.3
        return shares
    old = band >= 8  # from 60
    gender = ("male", "female")[sex]
    change = settings["active_from_60" if old else "active_before_60"][profile]
    active = min(settings["active"][gender][band - 1] * change, 0.99)
    unemployed = 0.0 if old else settings["unemployed"]["young" if band <= 2 else "other"]
    unemployed = min(unemployed * settings["unemployed_by_class"][profile], 0.6)
    work = settings["work_from_60" if old else "work"][settings["classes"][profile]]
    for name, part in zip(_AT_WORK, work, strict=True):
        shares[_STATUS[name]] = active * (1 - unemployed) * part
    shares[_STATUS["unemployed"]] = active * unemployed
    rest = 1.0 - active
    students = settings["student"]
    if band <= len(students):
        shares[_STATUS["student"]] = rest * students[band - 1]
        rest -= shares[_STATUS["student"]]
    unable = settings["unable"]["from_60" if old else gender]
    shares[_STATUS["unable_to_work"]] = rest * unable
    rest -= rest * unable
    retired = 1.0 if old else 0.0
    if band in {6, 7}:  # 50 to 59
        early = settings["retired_early"][gender][band - 6]
        retired = early * settings["retired_early_by_class"][profile]
    shares[_STATUS["retired"]] = rest * retired
    shares[_STATUS["homemaker"]] = rest * (1.0 - retired)
    return shares


_YOUNG_ROWS = 7  # rows of education below 23: see _education_shares


def _education_shares(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return P(education | class, row): by age below 23, by cohort above, tilted by class."""
    young = np.zeros((_YOUNG_ROWS, 7))
    young[0, 0] = 1.0  # below 12: has finished nothing
    young[1, 1] = 1.0  # 12 to 14: primary school
    young[2, 1:3] = 0.4, 0.6  # 15
    young[3, 2] = 1.0  # 16 to 18, at school
    young[4, 2:4] = 0.75, 0.25  # 16 to 18, not at school
    young[5, 3] = 1.0  # 19 to 22, studying
    young[6] = [0.0, 0.03, 0.40, 0.34, 0.17, 0.06, 0.0]  # 19 to 22, not studying
    shares = np.vstack([young, np.array(settings["education"]["shares"])])
    tilt = np.array(settings["education"]["tilt"])[:, None, None]
    level = np.arange(7)[None, None, :]
    return (shares[None] * np.exp(tilt * level)).reshape(-1, 7)


def _education_rows(edges: list[int]) -> NDArray[np.int64]:
    """Return the row of :func:`_education_shares` by age; students' rows come just before."""
    age = np.arange(OLDEST + 1)
    cohort = _YOUNG_ROWS + np.maximum(np.searchsorted(edges, age, side="right") - 1, 0)
    young = np.select([age < 12, age < 15, age < 16, age < 19, age < 23], [0, 1, 2, 4, 6], -1)
    return np.where(young >= 0, young, cohort)


def _by_kind_of_work(settings: Mapping[str, Any], name: str) -> NDArray[np.float64]:
    rows = [settings[name][one] for one in settings["classes"]]
    return np.array([*rows, settings[f"{name}_self_employed"], settings[f"{name}_platform"]])


def _occupation_shares(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    codes = catalogue()["occupation"].codes
    other = np.zeros((2, len(codes)))
    for name, share in (("manager", 0.22), ("service", 0.43), ("skilled_worker", 0.35)):
        other[0, codes.index(name)] = share
    other[1, codes.index("service")] = 1.0
    return np.vstack([[settings["occupation"][one] for one in settings["classes"]], other])


def draw_classes(
    tables: PeopleTables, pieces: NDArray[np.uint16], place: NDArray[Any], stage: NDArray[Any]
) -> NDArray[np.int8]:
    """Return the latent class of each household, given its place and stage of life."""
    return choose(tables.classes, place * len(STAGES) + stage, pieces).astype(np.int8)


def draw_hukou(
    recipe: Recipe, pieces: NDArray[np.uint16], klass: NDArray[Any], urban: NDArray[Any]
) -> NDArray[np.int8]:
    """Return the household registration of each household."""
    settings = recipe.place["hukou"]
    local_urban = np.where(
        urban, 1.0 - settings["urban_local_rural"], settings["rural_local_urban"]
    )
    rural = ~chance(pieces, local_urban)
    migrant = klass == code_of("household_class", "migrant")
    return np.where(migrant, code_of("hukou", "migrant"), rural).astype(np.int8)


def draw_statuses(
    tables: PeopleTables,
    pieces: NDArray[np.uint16],
    profile: NDArray[Any],
    band: NDArray[Any],
    sex: NDArray[Any],
) -> NDArray[np.int8]:
    """Return the labour status of each person, given the household's profile, age and sex."""
    bands = int(tables.band_of_age[-1]) + 1
    row = (profile * bands + band) * 2 + sex
    return choose(tables.status, row, pieces).astype(np.int8)


def draw_education(
    tables: PeopleTables,
    pieces: NDArray[np.uint16],
    klass: NDArray[Any],
    age: NDArray[Any],
    student: NDArray[Any],
) -> NDArray[np.int8]:
    """Return the highest education of each person, given class, age and schooling."""
    rows = tables.education.shape[0] // 7
    row = tables.education_row.take(age)
    row = row - (student & (age >= 16) & (age < 23))
    return choose(tables.education, klass * rows + row, pieces).astype(np.int8)
