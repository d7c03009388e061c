"""Disability, care, illness and family loss of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.columns import catalogue
from olive.china.households.household_composition import STAGES
from olive.china.recipes.recipe import code_of, value_of
from olive.engine import draw, floor, lookup, minimum, person_rule, where
from olive.synthesis.sampling import (
    choice_table,
    choose,
    normal,
    power_of_e,
    rounded_to,
    sub_draw,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from olive.china.recipes.recipe import Recipe

_LOW_INCOME = code_of("household_class", "low_income")
_GRADES = len(catalogue()["disability_grade"].codes) - 1
_SELF_CARE = len(catalogue()["self_care"].codes)
_LARGEST_EXPENSE = 800_000.0


def wellbeing_settings(recipe: Recipe) -> Settings:
    """Return rates of disability, illness, care and loss, and what they cost."""
    wealth = recipe.wealth
    disability, medical, care = wealth["disability"], wealth["medical"], wealth["care"]
    illness, lost = wealth["serious_illness"], wealth["only_child_lost"]
    by_age = np.array([illness["below_40"], illness["below_60"], illness["from_60"]])
    disabled, died = value_of(lost["disability"]), lost["death"]
    disabled_of_thousand = np.outer(disability["per_thousand"], disability["by_class"])
    schemes = catalogue()["medical_scheme"].codes
    return {
        "ten_years": Setting(10, "year"),
        "fifteen_years": Setting(15, "year"),
        "disability_share": Setting(disabled_of_thousand / 1000.0),
        "disability_last_decade": Setting(len(disability["per_thousand"]) - 1),
        "disability_of_unable": Setting(disability["of_unable"]),
        "grade_choices": Setting(choice_table(disability["grades"])),
        "mental_share": Setting(disability["mental"]),
        "able_share": Setting([1.0, *disability["works"]]),
        "self_care_choices": Setting(choice_table(_self_care_shares(wealth["self_care"]))),
        "serious_illness_share": Setting([by_age, by_age * illness["low_income"]]),
        "medical_median": Setting(medical["median"], "yuan/year"),
        "medical_last_group": Setting(len(medical["median"]) - 1),
        "medical_serious_factor": Setting(medical["serious"]),
        "medical_spread": Setting(medical["spread"]),
        "medical_none_share": Setting(medical["none"]),
        "reimbursed_share": Setting([medical["reimbursed"][name] for name in schemes]),
        "care_share": Setting([care["dependent"], care["infant"]]),
        "care_median": Setting([care["dependent_median"], care["infant_median"]], "yuan/year"),
        "care_spread": Setting(care["spread"]),
        "child_lost_choices": Setting(choice_table([1.0 - disabled - died, disabled, died])),
        "child_lost_from": Setting(min(lost["ages"]), "year"),
        "child_lost_until": Setting(max(lost["ages"]), "year"),
    }


def _self_care_shares(settings: Mapping[str, Any]) -> list[list[float]]:
    """Return shares by ability of self-care: rows by age of those without disability, by grade."""
    unable = [[0.0, 0.0, 0.0], settings["from_70"], settings["from_80"]]
    unable += [settings["grade"][name] for name in catalogue()["disability_grade"].codes[1:]]
    return [[1.0 - sum(shares), *shares] for shares in unable]


disability_draw = draw("city/disability")
ability_draw = draw("city/ability")


@person_rule(unit="bool")
def disabled(
    disability_draw,
    age,
    household_class,
    is_unable,
    disability_share,
    disability_last_decade,
    disability_of_unable,
    ten_years,
):
    """Certified as disabled: by age and class, and many of those unable to work."""
    decade = minimum(floor(age / ten_years), disability_last_decade)
    share = lookup(disability_share, decade, household_class)
    return (disability_draw < share) | (is_unable & (disability_draw < disability_of_unable))


@person_rule(unit="code")
def disability_grade(disability_draw, disabled, at_work, grade_choices):
    """Grade of disability, 1 the severest; at work, few are severely disabled."""
    grade = choose(sub_draw(disability_draw, 1), grade_choices, _GRADES) + 1
    return where(disabled, where(at_work & (grade <= 2), 4, grade), 0)


@person_rule(unit="bool")
def mental_disability(disability_draw, disabled, mental_share):
    """Whether the disability is mental."""
    return disabled & (sub_draw(disability_draw, 2) < mental_share)


@person_rule(unit="code")
def self_care(ability_draw, age, disability_grade, self_care_choices):
    """Ability of self-care: from able (0) to fully unable (3)."""
    by_age = where(age >= 80, 2, where(age >= 70, 1, 0))
    row = where(disability_grade > 0, disability_grade + 2, by_age)
    return choose(ability_draw, self_care_choices, _SELF_CARE, row)


@person_rule(unit="bool")
def in_institution(stage):
    """Whether the person lives in an institution."""
    return stage == STAGES.index("institution")


@person_rule(unit="bool")
def able_to_work(ability_draw, disability_grade, self_care, age, is_unable, at_work, able_share):
    """Whether the person could work."""
    able = sub_draw(ability_draw, 1) < lookup(able_share, disability_grade)
    return at_work | (able & (age >= 16) & (self_care == 0) & ~is_unable)


illness_draw = draw("city/illness")


@person_rule(unit="bool")
def serious_illness(illness_draw, age, household_class, serious_illness_share):
    """Whether the person is seriously ill."""
    by_age = where(age >= 60, 2, where(age >= 40, 1, 0))
    low_income = where(household_class == _LOW_INCOME, 1, 0)
    return illness_draw < lookup(serious_illness_share, low_income, by_age)


@person_rule(unit="yuan/year")
def medical_expense(
    illness_draw,
    age,
    serious_illness,
    medical_median,
    medical_last_group,
    medical_serious_factor,
    medical_spread,
    medical_none_share,
    fifteen_years,
    normal_knots,
    powers_of_two,
):
    """Medical expense before reimbursement: by age, and many times more in serious illness."""
    group = minimum(floor(age / fifteen_years), medical_last_group)
    median = lookup(medical_median, group) * where(serious_illness, medical_serious_factor, 1)
    drawn = sub_draw(illness_draw, 1)
    amount = median * power_of_e(medical_spread * normal(drawn, normal_knots), powers_of_two)
    none = (sub_draw(illness_draw, 2) < medical_none_share) & ~serious_illness
    return rounded_to(where(none, 0, minimum(amount, _LARGEST_EXPENSE)), 10)


@person_rule(unit="yuan/year")
def medical_reimbursement(medical_expense, medical_scheme, reimbursed_share):
    """What basic medical insurance pays of the expense."""
    return floor(medical_expense * lookup(reimbursed_share, medical_scheme) + 0.5)


care_draw = draw("city/care")


@person_rule(unit="yuan/year")
def care_expense(
    care_draw, age, self_care, care_share, care_median, care_spread, normal_knots, powers_of_two
):
    """What is paid for the care of small children and of persons who need help."""
    infant = age < 3
    row = where(infant, 1, 0)
    drawn = normal(sub_draw(care_draw, 1), normal_knots)
    amount = lookup(care_median, row) * power_of_e(care_spread * drawn, powers_of_two)
    pays = (infant | (self_care >= 2)) & (care_draw < lookup(care_share, row))
    return where(pays, rounded_to(amount, 10), 0)


loss_draw = draw("city/loss")


@person_rule(unit="code")
def only_child_lost(loss_draw, age, child_lost_from, child_lost_until, child_lost_choices):
    """Whether the person's only child has died or is disabled."""
    drawn = choose(loss_draw, child_lost_choices, 3)
    return where((age >= child_lost_from) & (age <= child_lost_until), drawn, 0)
