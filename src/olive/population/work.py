"""Occupation, hours, training and insurance of the persons of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.population.recipe import by_county, code_of
from olive.population.sampling import (
    chance,
    chance_of,
    choose,
    exponential,
    lookup_table,
    normal,
    raise_e,
    whole,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.scene import Kitchen, Scene

Columns = dict[str, "NDArray[Any]"]
SELF_EMPLOYED_ROW, PLATFORM_ROW = 7, 8  # of the tables by kind of work, after the seven classes


def occupations(ready: Kitchen, scene: Scene) -> Columns:
    """Return industry, occupation and certified skill of those at work."""
    people = len(scene.status)
    industry, occupation = np.zeros(people, np.int8), np.zeros(people, np.int8)
    skill = np.zeros(people, np.int8)
    rows = np.flatnonzero(scene.at_work)
    pieces = scene.person_pieces("occupation", rows)
    kind = _kind_of_work(scene, rows)
    industry[rows] = choose(ready.people.industry, kind, pieces[:, 0])
    occupation[rows] = choose(ready.people.occupation, kind, pieces[:, 1])
    farmer = scene.is_status("farmer").take(rows)
    occupation[rows[farmer]] = code_of("occupation", "farm_worker")
    county = scene.county.take(scene.roster.owner.take(rows[farmer]))
    fishes = chance(pieces[farmer, 0], by_county(scene.recipe.place, "fishing").take(county))
    industry[rows[farmer]] = np.where(
        fishes, code_of("industry", "fishery"), code_of("industry", "agriculture")
    )
    skill[rows] = _skill(scene, occupation[rows], pieces[:, 2], pieces[:, 3])
    return {"industry": industry, "occupation": occupation, "skill_level": skill}


def _kind_of_work(scene: Scene, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    kind = scene.person_class.take(rows).astype(np.int32)
    kind[scene.is_status("self_employed").take(rows)] = SELF_EMPLOYED_ROW
    kind[scene.is_status("platform_worker").take(rows)] = PLATFORM_ROW
    return kind


def _skill(
    scene: Scene,
    occupation: NDArray[np.int8],
    certified: NDArray[np.uint16],
    high: NDArray[np.uint16],
) -> NDArray[np.int8]:
    settings = scene.recipe.persons["skill"]
    codes = catalogue()["occupation"].codes
    shares = np.full(len(codes), settings["certified"]["other"])
    for name in ("skilled_worker", "production_worker"):
        shares[codes.index(name)] = settings["certified"][name]
    has = chance_of(certified, shares, occupation)
    return (has * (1 + chance(high, settings["high"]))).astype(np.int8)


def schooling(scene: Scene) -> Columns:
    """Return attendance, further study, new certificates and years since graduation."""
    age, status = scene.roster.age, scene.status
    student = scene.is_status("student")
    pieces = scene.person_pieces("schooling")
    school = (age >= 6) & (status == code_of("labour_status", "child"))
    nursery = (age >= 3) & (age < 6) & chance(pieces[:, 0], 0.95)
    settings = scene.recipe.persons
    further = settings["continuing_education"]
    learner = scene.at_work & (age < further["until"])
    leaving = np.array([0, 0, 0, 0, 21, 22, 25], dtype=np.int16).take(scene.education)
    graduate = (leaving > 0) & ~student
    years = np.where(graduate, np.clip(age - leaving, 0, 99), -1)
    return {
        "in_education": student | school | nursery,
        "continuing_education": learner & chance(pieces[:, 1], further["share"]),
        "new_certificate": scene.at_work & chance(pieces[:, 2], settings["new_certificate"]),
        "years_since_graduation": years.astype(np.int8),
    }


def hours(scene: Scene, months: NDArray[np.int8]) -> Columns:
    """Return weekly hours of those at work, zero for the others."""
    settings = scene.recipe.persons["hours"]
    pieces = scene.person_pieces("hours_and_months")
    usual = np.array(settings["usual"], dtype=np.int8)
    drawn = usual.take(choose(lookup_table(settings["shares"]), 0, pieces[:, 0]))
    part = chance(pieces[:, 1], settings["part_time"])
    drawn = np.where(part, np.int8(20), drawn)
    return {"weekly_hours": np.where(scene.at_work, drawn, np.int8(0)), "months_worked": months}


def insurance(scene: Scene) -> Columns:
    """Return the schemes that persons are insured in, and rates and bases chosen."""
    settings = scene.recipe.persons["insurance"]
    codes = {name: np.int8(code_of("pension_scheme", name)) for name in ("employee", "flexible")}
    resident = np.int8(code_of("pension_scheme", "resident"))
    pieces = scene.person_pieces("insurance")
    employee = scene.is_status("employee") & (scene.roster.age < 60)
    klass = scene.person_class
    formal = employee & chance_of(pieces[:, 0], settings["employee"], klass)
    others = scene.at_work & ~formal & (scene.roster.age < 60)
    flexible = others & chance_of(pieces[:, 0], settings["flexible"], klass)
    joins = chance_of(pieces[:, 1], settings["resident"], klass)
    rest = ~formal & ~flexible
    of_age = (scene.band >= 2) & (scene.roster.age < 60) & ~scene.is_status("student")
    scheme = np.where(formal, codes["employee"], np.where(flexible, codes["flexible"], np.int8(0)))
    medical = np.where(scene.pensioner, codes["employee"], scheme)
    ratios, rows = np.array(settings["base_ratios"]), np.flatnonzero(flexible)
    ratio = np.full(len(klass), ratios[0])
    ratio[rows] = ratios.take(choose(lookup_table(settings["base_shares"]), 0, pieces[rows, 2]))
    return {
        "pension_scheme": np.where(rest & of_age & joins & ~scene.pensioner, resident, scheme),
        "medical_scheme": np.where((medical == 0) & (joins | (scene.band == 0)), resident, medical),
        "unemployment_insured": formal & chance(pieces[:, 3], settings["unemployment"]),
        "flexible_base_ratio": ratio,
        "housing_fund_rate": _housing_fund(scene, formal),
    }


def _housing_fund(scene: Scene, formal: NDArray[np.bool_]) -> NDArray[np.float64]:
    settings = scene.recipe.persons["housing_fund"]
    rate = np.zeros(len(formal))
    rows = np.flatnonzero(formal)
    pieces = scene.person_pieces("housing_fund", rows)
    klass = scene.person_class.take(rows)
    shares = np.array([settings["other"], settings["white_collar"]])
    white_collar = klass == code_of("household_class", "white_collar")
    drawn = choose(lookup_table(shares), white_collar, pieces[:, 0])
    enrolled = chance_of(pieces[:, 1], settings["share"], klass)
    rate[rows] = np.where(enrolled, np.array(settings["rates"]).take(drawn), 0.0)
    return rate


def unemployment(scene: Scene) -> Columns:
    """Return the record of those out of work."""
    settings = scene.recipe.persons["unemployment"]
    people = len(scene.status)
    contributed, before = np.zeros(people, np.int16), np.zeros(people, np.int16)
    months, involuntary = np.zeros(people, np.int8), np.zeros(people, np.bool_)
    rows = np.flatnonzero(scene.is_status("unemployed"))
    pieces = scene.person_pieces("unemployment", rows)
    spread = raise_e(normal(pieces[:, 0]) * np.float32(0.8))
    longest = np.clip((scene.roster.age.take(rows) - 18) * 12, 0, 480)
    contributed[rows] = np.minimum(np.rint(settings["contribution_median"] * spread), longest)
    months[rows] = np.clip(whole(pieces[:, 1], 2, 16), 0, 12)
    drawn = np.rint(settings["before_median"] * exponential(pieces[:, 2]))
    before[rows] = np.where(months[rows] == 12, np.minimum(drawn, 120), 0)
    involuntary[rows] = chance(pieces[:, 3], settings["involuntary"])
    return {
        "unemployment_contribution_months": contributed,
        "months_unemployed": months,
        "months_unemployed_before": before,
        "involuntary_job_loss": involuntary,
    }


def ties(scene: Scene) -> Columns:
    """Return registration, residence, living parents and siblings."""
    roster, age = scene.roster, scene.roster.age
    settings = scene.recipe.persons
    pieces = scene.person_pieces("ties")
    alive = settings["parents_alive"]
    band = np.clip((age - alive["from"]) // 5, -1, len(alive["shares"]) - 1)
    elsewhere = chance_of(pieces[:, 0], [0.0, *alive["shares"]], band + 1)
    here = _has_old_parent(roster.starts[:-1].take(roster.owner), roster.father, roster.mother, age)
    hukou = scene.household_hukou.take(roster.owner)
    migrant = hukou == code_of("hukou", "migrant")
    months = whole(pieces[:, 1], 6, 240)
    return {
        "birth_month": whole(pieces[:, 2], 1, 12).astype(np.int8),
        "has_elderly_parents": here | (elsewhere & (age >= alive["from"])),
        "only_child": _only_child(scene, pieces[:, 3], hukou),
        "hukou": hukou,
        "months_resident": np.where(migrant, np.minimum(months, age * 12 + 6), 1440).astype(
            np.int16
        ),
        "assistance_unit": np.zeros(len(age), np.int8),
    }


def _has_old_parent(
    first: NDArray[Any], father: NDArray[np.int8], mother: NDArray[np.int8], age: NDArray[np.int16]
) -> NDArray[np.bool_]:
    found = np.zeros(len(age), np.bool_)
    for parent in (father, mother):
        rows = np.flatnonzero(parent >= 0)
        found[rows] |= age[first[rows] + parent[rows]] >= 60
    return found


def _only_child(
    scene: Scene, pieces: NDArray[np.uint16], hukou: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Children with siblings at home are none; the others by birth year and registration."""
    settings = scene.recipe.persons["only_child"]
    roster = scene.roster
    shares = [settings[name] for name in catalogue()["hukou"].codes]
    shares += [settings["before_1978"], settings["children"]]
    row = np.where(scene.recipe.year - roster.age < 1978, 3, np.where(roster.age < 16, 4, hukou))
    child = roster.relation == code_of("relation", "child")
    siblings = scene.household_sum(child.astype(np.float64)).take(roster.owner)
    alone: NDArray[np.bool_] = chance_of(pieces, shares, row) & ~(child & (siblings > 1))
    return alone
