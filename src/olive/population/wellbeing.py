"""Disability, care, illness and family loss of the persons of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.population.recipe import code_of, value_of
from olive.population.roster import STAGES
from olive.population.sampling import (
    chance,
    chance_of,
    choose,
    logarithm_of,
    lookup_table,
    normal,
    raise_e,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.population.scene import Scene
    from olive.population.work import Columns


def disability(scene: Scene) -> Columns:
    """Return certified disability, ability of self-care and of work, care in an institution."""
    settings = scene.recipe.wealth
    pieces = scene.person_pieces("disability")
    age = scene.roster.age
    rates = settings["disability"]
    decade = np.minimum(age // 10, len(rates["per_thousand"]) - 1)
    shares = np.outer(rates["per_thousand"], rates["by_class"]) / 1000.0
    disabled = chance_of(pieces[:, 0], shares, decade * shares.shape[1] + scene.person_class)
    unable_status = scene.is_status("unable_to_work")
    disabled |= unable_status & chance(pieces[:, 0], rates["of_unable"])
    rows = np.flatnonzero(disabled)
    drawn = choose(lookup_table(rates["grades"]), 0, pieces[rows, 1]) + 1
    mild = scene.at_work.take(rows) & (drawn <= 2)  # at work, few are severely disabled
    grade = np.zeros(len(age), np.int8)
    grade[rows] = np.where(mild, 4, drawn)
    mental = np.zeros(len(age), np.bool_)
    mental[rows] = chance(scene.person_pieces("mental", rows)[:, 0], rates["mental"])
    institution = (scene.stage == STAGES.index("institution")).take(scene.roster.owner)
    self_care = _self_care(settings["self_care"], age, grade, pieces[:, 2])
    works = chance_of(pieces[:, 3], [1.0, *rates["works"]], grade)
    able = works & (age >= 16) & (self_care == 0) & ~unable_status
    return {
        "disability_grade": grade,
        "mental_disability": mental,
        "self_care": self_care,
        "in_institution": institution,
        "able_to_work": able | scene.at_work,
    }


def _self_care(
    settings: Mapping[str, Any],
    age: NDArray[np.int16],
    grade: NDArray[np.int8],
    pieces: NDArray[np.uint16],
) -> NDArray[np.int8]:
    unable = [[0.0, 0.0, 0.0], settings["from_70"], settings["from_80"]]
    unable += [settings["grade"][name] for name in catalogue()["disability_grade"].codes[1:]]
    table = lookup_table([[1.0 - sum(shares), *shares] for shares in unable])
    old = (age >= 70).astype(np.int32) + (age >= 80)
    row = np.where(grade > 0, grade + 2, old)
    return choose(table, row, pieces).astype(np.int8)


def illness(scene: Scene, medical_scheme: NDArray[np.int8]) -> Columns:
    """Return serious illness, medical expense and what basic insurance reimburses."""
    settings = scene.recipe.wealth
    rates, medical = settings["serious_illness"], settings["medical"]
    pieces = scene.person_pieces("illness")
    age = scene.roster.age
    low = scene.person_class == code_of("household_class", "low_income")
    by_age = np.array([rates["below_40"], rates["below_60"], rates["from_60"]])
    row = (age >= 40).astype(np.int8) + (age >= 60)
    serious = chance_of(pieces[:, 0], [by_age, by_age * rates["low_income"]], low * 3 + row)
    group = np.minimum(age // 15, len(medical["median"]) - 1)
    level = logarithm_of(medical["median"]).take(group)
    level = level + logarithm_of(medical["serious"]) * serious
    expense = raise_e(level + np.float32(medical["spread"]) * normal(pieces[:, 1]))
    none = chance(pieces[:, 2], medical["none"]) & ~serious
    expense = np.rint(np.where(none, 0.0, np.minimum(expense, 800_000.0)) / 10) * 10
    codes = catalogue()["medical_scheme"].codes
    rate = np.array([medical["reimbursed"][name] for name in codes]).take(medical_scheme)
    return {
        "serious_illness": serious,
        "medical_expense": expense,
        "medical_reimbursement": np.rint(expense * rate),
    }


def care(scene: Scene, self_care: NDArray[np.int8]) -> Columns:
    """Return what is paid for the care of small children and of persons who need help."""
    settings = scene.recipe.wealth["care"]
    infant = scene.roster.age < 3
    dependent = self_care >= 2
    rows = np.flatnonzero(infant | dependent)
    pieces, small = scene.person_pieces("care", rows), infant.take(rows)
    pays = chance_of(pieces[:, 0], [settings["dependent"], settings["infant"]], small)
    medians = logarithm_of([settings["dependent_median"], settings["infant_median"]])
    drawn = raise_e(medians.take(small) + np.float32(settings["spread"]) * normal(pieces[:, 1]))
    expense = np.zeros(len(infant))
    expense[rows] = np.where(pays, np.rint(drawn / 10) * 10, 0.0)
    return {"care_expense": expense}


def loss(scene: Scene) -> Columns:
    """Return parents whose only child has died or is disabled."""
    settings = scene.recipe.wealth["only_child_lost"]
    oldest, youngest = max(settings["ages"]), min(settings["ages"])
    age = scene.roster.age
    rows = np.flatnonzero((age >= youngest) & (age <= oldest))
    shares = [
        1.0 - value_of(settings["disability"]) - settings["death"],
        settings["disability"],
        settings["death"],
    ]
    pieces = scene.person_pieces("loss", rows)[:, 0]
    lost = np.zeros(len(age), np.int8)
    lost[rows] = choose(lookup_table(shares, steps=65_536), 0, pieces)
    return {"only_child_lost": lost}
