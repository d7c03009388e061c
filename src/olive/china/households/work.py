"""Occupation, hours, training and family ties of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.china.households.people import MIGRANT
from olive.china.recipes.recipe import by_county, code_of
from olive.engine import (
    clip,
    draw,
    floor,
    household_count,
    lookup,
    minimum,
    of,
    person_rule,
    where,
)
from olive.synthesis.sampling import choice_table, choose, sub_draw, whole_number
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe

_SELF_EMPLOYED_ROW, _PLATFORM_ROW = 7, 8  # of the tables by kind of work, after the classes
_INDUSTRIES = len(catalogue()["industry"].codes)
_OCCUPATIONS = len(catalogue()["occupation"].codes)
_FISHERY, _AGRICULTURE = code_of("industry", "fishery"), code_of("industry", "agriculture")
_FARM_WORKER = code_of("occupation", "farm_worker")
_CHILD_STATUS, _CHILD = code_of("labour_status", "child"), code_of("relation", "child")
# Age at which college, bachelor's and postgraduate studies usually end; zero for other levels.
_LEAVING_AGES = {"college": 21, "bachelor": 22, "postgraduate": 25}


def work_settings(recipe: Recipe) -> Settings:
    """Return shares and levels of work, schooling and family ties."""
    persons = recipe.persons
    skill, hours, further = persons["skill"], persons["hours"], persons["continuing_education"]
    alive, only = persons["parents_alive"], persons["only_child"]
    levels = catalogue()["education"].codes
    by_hukou = [only[name] for name in catalogue()["hukou"].codes]
    return {
        "industry_choices": Setting(choice_table(_by_kind_of_work(persons, "industry"))),
        "occupation_choices": Setting(choice_table(_occupation_shares(persons))),
        "fishing_share": Setting(by_county(recipe.place, "fishing")),
        "certified_share": Setting(_certified(skill["certified"])),
        "high_skill_share": Setting(skill["high"]),
        "nursery_share": Setting(0.95),
        "continuing_share": Setting(further["share"]),
        "continuing_until": Setting(further["until"], "year"),
        "new_certificate_share": Setting(persons["new_certificate"]),
        "leaving_age": Setting([_LEAVING_AGES.get(level, 0) for level in levels], "year"),
        "usual_hours": Setting(hours["usual"]),
        "usual_hours_choices": Setting(choice_table(hours["shares"])),
        "usual_hours_count": Setting(len(hours["usual"])),
        "part_time_share": Setting(hours["part_time"]),
        "parents_alive_from": Setting(alive["from"], "year"),
        "parents_alive_share": Setting([0.0, *alive["shares"]]),
        "parents_alive_last": Setting(len(alive["shares"])),
        "five_years": Setting(5, "year"),
        "only_child_share": Setting([*by_hukou, only["before_1978"], only["children"]]),
        "age_at_one_child_policy": Setting(recipe.year - 1978, "year"),
        "months_a_year": Setting(12, "month/year"),
        "one_month": Setting(1, "month"),
    }


def _by_kind_of_work(settings: Mapping[str, Any], name: str) -> NDArray[np.float64]:
    rows = [settings[name][one] for one in settings["classes"]]
    return np.array([*rows, settings[f"{name}_self_employed"], settings[f"{name}_platform"]])


def _occupation_shares(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    other = np.zeros((2, _OCCUPATIONS))
    for name, share in (("manager", 0.22), ("service", 0.43), ("skilled_worker", 0.35)):
        other[0, code_of("occupation", name)] = share
    other[1, code_of("occupation", "service")] = 1.0
    return np.vstack([[settings["occupation"][one] for one in settings["classes"]], other])


def _certified(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    shares = np.full(_OCCUPATIONS, float(settings["other"]))
    for name in ("skilled_worker", "production_worker"):
        shares[code_of("occupation", name)] = settings[name]
    return shares


occupation_draw = draw("city/occupation")
skill_draw = draw("city/skill")


@person_rule(unit="code")
def kind_of_work(household_class, is_self_employed, is_platform_worker):
    """Row of the tables of industries and occupations."""
    found = where(is_platform_worker, _PLATFORM_ROW, household_class)
    return where(is_self_employed, _SELF_EMPLOYED_ROW, found)


@person_rule(unit="code")
def industry(
    occupation_draw, industry_choices, kind_of_work, fishing_share, county, is_farmer, at_work
):
    """Industry of those at work; some farmers fish, more in some counties."""
    fishes = occupation_draw < lookup(fishing_share, county)
    drawn = choose(occupation_draw, industry_choices, _INDUSTRIES, kind_of_work)
    drawn = where(is_farmer, where(fishes, _FISHERY, _AGRICULTURE), drawn)
    return where(at_work, drawn, 0)


@person_rule(unit="code")
def occupation(occupation_draw, occupation_choices, kind_of_work, is_farmer, at_work):
    """Occupation of those at work."""
    drawn = sub_draw(occupation_draw, 1)
    found = choose(drawn, occupation_choices, _OCCUPATIONS, kind_of_work)
    return where(at_work, where(is_farmer, _FARM_WORKER, found), 0)


@person_rule(unit="code")
def skill_level(skill_draw, occupation, certified_share, high_skill_share, at_work):
    """Certified skill of those at work: none, certified, high."""
    certified = at_work & (skill_draw < lookup(certified_share, occupation))
    high = sub_draw(skill_draw, 1) < high_skill_share
    return where(certified, where(high, 2, 1), 0)


schooling_draw = draw("city/schooling")


@person_rule(unit="bool")
def in_education(schooling_draw, age, labour_status, is_student, nursery_share):
    """Whether the person attends a nursery, a school or a university."""
    school = (age >= 6) & (labour_status == _CHILD_STATUS)
    nursery = (age >= 3) & (age < 6) & (schooling_draw < nursery_share)
    return is_student | school | nursery


@person_rule(unit="bool")
def continuing_education(schooling_draw, at_work, age, continuing_until, continuing_share):
    """Whether the person studies for a degree beside work."""
    drawn = sub_draw(schooling_draw, 1)
    return at_work & (age < continuing_until) & (drawn < continuing_share)


@person_rule(unit="bool")
def new_certificate(schooling_draw, at_work, new_certificate_share):
    """Whether a professional certificate was gained this year."""
    drawn = sub_draw(schooling_draw, 2)
    return at_work & (drawn < new_certificate_share)


@person_rule(unit="year")
def years_since_graduation(education, age, is_student, leaving_age):
    """Years since tertiary studies ended; -1 for those without."""
    left = lookup(leaving_age, education)
    return where((left > 0) & ~is_student, clip(age - left, 0, 99), -1)


hours_draw = draw("city/hours and months")


@person_rule(unit="1")
def weekly_hours(
    hours_draw, at_work, usual_hours, usual_hours_choices, usual_hours_count, part_time_share
):
    """Weekly hours of those at work."""
    usual = lookup(usual_hours, choose(hours_draw, usual_hours_choices, usual_hours_count))
    part_time = sub_draw(hours_draw, 1) < part_time_share
    return where(at_work, where(part_time, 20, usual), 0)


ties_draw = draw("city/ties")
birth_draw = draw("city/birth month and siblings")


@person_rule(unit="1")
def birth_month(birth_draw):
    """Month of birth."""
    return whole_number(birth_draw, 1, 12)


father_age = of("father", "age")
mother_age = of("mother", "age")


@person_rule(unit="bool")
def has_elderly_parents(
    ties_draw,
    age,
    father_age,
    mother_age,
    parents_alive_from,
    parents_alive_share,
    parents_alive_last,
    five_years,
):
    """Whether a parent of 60 or more lives: in the household, or elsewhere by the person's age."""
    row = clip(floor((age - parents_alive_from) / five_years) + 1, 0, parents_alive_last)
    elsewhere = ties_draw < lookup(parents_alive_share, row)
    return (father_age >= 60) | (mother_age >= 60) | elsewhere


@person_rule(unit="code")
def hukou(household_hukou):
    """Registration, that of the household."""
    return household_hukou


@person_rule(unit="month")
def months_resident(ties_draw, age, household_hukou, months_a_year, one_month):
    """Months that migrants have lived here; 1,440 for others."""
    drawn = whole_number(sub_draw(ties_draw, 1), 6, 240) * one_month
    resident = minimum(drawn, age * months_a_year + 6)
    return where(household_hukou == MIGRANT, resident, 1440)


@person_rule(unit="bool")
def is_child_of_head(relation):
    """Child of the head."""
    return relation == _CHILD


children_of_head = household_count("is_child_of_head")


@person_rule(unit="bool")
def only_child(
    birth_draw,
    age,
    household_hukou,
    is_child_of_head,
    children_of_head,
    age_at_one_child_policy,
    only_child_share,
):
    """Children with siblings at home are none; the others by birth year and registration."""
    row = where(age < 16, 4, household_hukou)
    row = where(age > age_at_one_child_policy, 3, row)
    alone = sub_draw(birth_draw, 1) < lookup(only_child_share, row)
    return alone & ~(is_child_of_head & (children_of_head > 1))


@person_rule(unit="code")
def assistance_unit():
    """Family unit for assistance: one a household."""
    return 0
