"""Class and registration of the household; labour status and education of its persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.china.households.household_composition import STAGES
from olive.china.recipes.recipe import code_of
from olive.engine import draw, household_rule, lookup, person_rule, where
from olive.synthesis.sampling import choice_table, choose, sub_draw
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe

    Array = NDArray[np.float64]

OLDEST = 120
CAMPUS, INSTITUTION = 7, 8  # profiles beside the seven classes
_PROFILES = 9
_STATUS = {name: code for code, name in enumerate(catalogue()["labour_status"].codes)}
_CLASSES = len(catalogue()["household_class"].codes)
_LEVELS = len(catalogue()["education"].codes)
MIGRANT_CLASS = code_of("household_class", "migrant")
LOW_INCOME_CLASS = code_of("household_class", "low_income")
LOCAL_URBAN, LOCAL_RURAL = code_of("hukou", "local_urban"), code_of("hukou", "local_rural")
MIGRANT = code_of("hukou", "migrant")
_AT_WORK = ("employee", "self_employed", "farmer", "platform_worker")


def people_settings(recipe: Recipe) -> Settings:
    """Return shares of classes, statuses and education levels."""
    settings, place = recipe.persons, recipe.place
    edges, hukou = settings["age_bands"], place["hukou"]
    local_urban = [hukou["rural_local_urban"], 1.0 - hukou["urban_local_rural"]]
    return {
        "class_choices": Setting(choice_table(_class_shares(place["classes"]))),
        "local_urban_share": Setting(local_urban),
        "band_of_age": Setting(np.searchsorted(edges, np.arange(OLDEST + 1), side="right")),
        "status_choices": Setting(choice_table(_status_shares(settings))),
        "education_choices": Setting(choice_table(_education_shares(settings))),
        "education_row": Setting(_education_rows(settings["education"]["bands"])),
    }


def _class_shares(settings: Mapping[str, Any]) -> Array:
    """Return P(class | rural, urban or collective, stage)."""
    shares = np.zeros((3, len(STAGES), 7))
    shares[:, :, 1] = 1.0  # places and stages that do not meet
    for row, place in enumerate(("rural", "urban", "collective")):
        for stage, values in settings[place].items():
            shares[row, STAGES.index(stage)] = values
    return shares


def _status_shares(settings: Mapping[str, Any]) -> Array:
    """Return P(status | profile, band of age, sex)."""
    bands = len(settings["age_bands"]) + 1
    shares = np.zeros((_PROFILES, bands, 2, len(_STATUS)))
    for profile, band, sex in np.ndindex(_PROFILES, bands, 2):
        found = _status_of(settings, profile, band, sex)
        shares[profile, band, sex] = [found.get(name, 0.0) for name in _STATUS]
    return shares


def _status_of(settings: Mapping[str, Any], profile: int, band: int, sex: int) -> dict[str, float]:
    if band == 0:
        return {"child": 1.0}
    if profile == CAMPUS:
        return {"student": 1.0}
    if profile == INSTITUTION:
        return {"retired": 0.7, "unable_to_work": 0.3}
    old = band >= 8  # from 60
    gender = ("male", "female")[sex]
    change = settings["active_from_60" if old else "active_before_60"][profile]
    active = min(settings["active"][gender][band - 1] * change, 0.99)
    unemployed = 0.0 if old else settings["unemployed"]["young" if band <= 2 else "other"]
    unemployed = min(unemployed * settings["unemployed_by_class"][profile], 0.6)
    work = settings["work_from_60" if old else "work"][settings["classes"][profile]]
    at_work = active * (1 - unemployed)
    shares = {name: at_work * part for name, part in zip(_AT_WORK, work, strict=True)}
    shares["unemployed"] = active * unemployed
    rest = 1.0 - active
    students = settings["student"]
    if band <= len(students):
        shares["student"] = rest * students[band - 1]
        rest -= shares["student"]
    unable = settings["unable"]["from_60" if old else gender]
    if profile == LOW_INCOME_CLASS and not old and band > 1:  # from 19
        unable = settings["unable"]["low_income"]
    shares["unable_to_work"] = rest * unable
    rest -= rest * unable
    retired = 1.0 if old else 0.0
    if band in {6, 7}:  # 50 to 59
        early = settings["retired_early"][gender][band - 6]
        retired = early * settings["retired_early_by_class"][profile]
    shares["retired"] = rest * retired
    shares["homemaker"] = rest * (1.0 - retired)
    return shares


_YOUNG_ROWS = 7  # rows of education below 23: see _education_shares


def _education_shares(settings: Mapping[str, Any]) -> Array:
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
    return np.asarray(shares[None] * np.exp(tilt * level))


def _education_rows(edges: list[int]) -> NDArray[np.int64]:
    """Return the row of `_education_shares` by age; students' rows come just before."""
    age = np.arange(OLDEST + 1)
    cohort = _YOUNG_ROWS + np.maximum(np.searchsorted(edges, age, side="right") - 1, 0)
    young = np.select([age < 12, age < 15, age < 16, age < 19, age < 23], [0, 1, 2, 4, 6], -1)
    return np.where(young >= 0, young, cohort)


@household_rule(unit="code")
def stage(household_type, type_stage):
    """Stage of life of the household, such as young, family, elder."""
    return lookup(type_stage, household_type)


@household_rule(unit="code")
def urban_row(urban):
    """Row of tables by kind of place: 0 rural, 1 urban."""
    return where(urban, 1, 0)


class_draw = draw("city/class and registration", key="household")


@household_rule(unit="code")
def household_class(class_draw, class_choices, collective, urban_row, stage):
    """Class of the household, given its place and stage of life."""
    return choose(class_draw, class_choices, _CLASSES, where(collective, 2, urban_row), stage)


@household_rule(unit="code")
def household_hukou(class_draw, household_class, urban_row, local_urban_share):
    """Registration of the household."""
    local_urban = sub_draw(class_draw, 1) < lookup(local_urban_share, urban_row)
    local = where(local_urban, LOCAL_URBAN, LOCAL_RURAL)
    return where(household_class == MIGRANT_CLASS, MIGRANT, local)


@household_rule(unit="code")
def profile(stage, household_class):
    """Row of the shares of statuses: the class; campuses and institutions have their own."""
    found = where(stage == STAGES.index("campus"), CAMPUS, household_class)
    return where(stage == STAGES.index("institution"), INSTITUTION, found)


@person_rule(unit="code")
def band(age, band_of_age):
    """Band of age: below 16, 16 to 18, and so on (``age_bands``)."""
    return lookup(band_of_age, age)


status_draw = draw("city/status and education")


@person_rule(unit="code")
def labour_status(status_draw, status_choices, profile, band, sex):
    """Labour status, given the household's profile, age and sex."""
    return choose(status_draw, status_choices, len(_STATUS), profile, band, sex)


@person_rule(unit="code")
def education(status_draw, education_choices, education_row, household_class, age, is_student):
    """Highest education, given class, age and schooling; students' rows come just before."""
    young_student = is_student & (age >= 16) & (age < 23)
    row = lookup(education_row, age) - where(young_student, 1, 0)
    return choose(sub_draw(status_draw, 1), education_choices, _LEVELS, household_class, row)


@person_rule(unit="bool")
def is_employee(labour_status):
    """Employee."""
    return labour_status == _STATUS["employee"]


@person_rule(unit="bool")
def is_self_employed(labour_status):
    """Self-employed."""
    return labour_status == _STATUS["self_employed"]


@person_rule(unit="bool")
def is_farmer(labour_status):
    """Farmer or fisher."""
    return labour_status == _STATUS["farmer"]


@person_rule(unit="bool")
def is_platform_worker(labour_status):
    """Platform worker."""
    return labour_status == _STATUS["platform_worker"]


@person_rule(unit="bool")
def is_student(labour_status):
    """Student."""
    return labour_status == _STATUS["student"]


@person_rule(unit="bool")
def is_retired(labour_status):
    """Retired."""
    return labour_status == _STATUS["retired"]


@person_rule(unit="bool")
def is_unable(labour_status):
    """Unable to work."""
    return labour_status == _STATUS["unable_to_work"]


@person_rule(unit="bool")
def at_work(is_employee, is_self_employed, is_farmer, is_platform_worker):
    """At work in any status."""
    return is_employee | is_self_employed | is_farmer | is_platform_worker
