"""The plan carried out: every lever exists, names its clause, and never cuts what is in force."""

from __future__ import annotations

import numpy as np
import pytest

from olive import plan
from olive.errors import nearest
from olive.policy.law import law, rule_set


def test_every_parameter_exists_in_the_law():
    parameters = rule_set().parameters
    for name in plan.scenario().parameters:
        assert name in parameters, name + nearest(name, parameters)


def test_every_operation_names_a_clause_a_source_and_a_status():
    for operation in plan.scenario().operations:
        assert plan.clause(operation.clause).modellable != "no"
        assert operation.source
        assert operation.status in {"published", "assumption"}


def test_what_the_plan_leaves_open_is_marked_as_an_assumption_with_its_reason():
    for operation in plan.scenario().operations:
        if plan.clause(operation.clause).quantity is None and operation.value is not True:
            assert operation.status == "assumption", operation.parameter
            assert operation.note, operation.parameter


@pytest.mark.parametrize(
    ("parameter", "clause_id", "scale"),
    [
        ("dibao_standard", "path.11.dibao_floor", 1),
        ("dibao_marginal_multiple", "path.11.marginal_threshold", 1),
        ("tekun_consumption_share", "path.11.tekun_consumption_floor", 100),
        ("tekun_dibao_multiple", "path.11.tekun_dibao_multiple", 1),
    ],
)
def test_numbers_are_those_of_the_clauses(parameter, clause_id, scale):
    (operation,) = [each for each in plan.scenario().operations if each.parameter == parameter]
    assert operation.clause == clause_id
    assert operation.value * scale == plan.clause(clause_id).quantity.value


def test_minimum_wage_follows_private_wages_of_the_province():
    # 69,228 yuan in 2021 (71,934 less the published rise of 2,706), 77,230 yuan in 2024
    growth = 77_230 / (71_934 - 2_706)
    values = {each.parameter: each.value for each in plan.scenario().operations}
    for group, monthly, hourly in (("A", 2_070, 20), ("B", 1_840, 18)):
        assert values["minimum_wage"][group] == 12 * round(monthly * growth, -1)
        assert values["minimum_hourly_wage"][group] == round(hourly * growth, 1)


@pytest.mark.parametrize("day", ["2022-07-01", "2025-07-01"])
def test_the_plan_never_cuts_a_floor_that_is_in_force(day):
    before = law(day)
    after = before | plan.scenario()
    for operation in plan.scenario().operations:
        if operation.word == "at_least":
            old = np.asarray(before.values[operation.parameter].datum)
            new = np.asarray(after.values[operation.parameter].datum)
            assert (new >= old).all(), operation.parameter


def test_dibao_of_2022_is_raised_to_the_floor():
    # 950 yuan a month from December 2021 is 11,400 a year, under the 13,000 of the plan
    before = law("2022-07-01")
    assert np.max(before.values["dibao_standard"].datum) == 11_400
    after = before | plan.scenario()
    assert np.min(after.values["dibao_standard"].datum) == 13_000
