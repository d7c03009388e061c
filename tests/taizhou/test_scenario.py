"""The scenarios: every lever exists and names its clause; nothing in force is cut."""

from __future__ import annotations

import numpy as np
import pytest

from olive import plan
from olive.engine import Reform
from olive.errors import PlanError, nearest
from olive.places import law, place
from olive.places.plan import SCENARIOS


def test_every_parameter_exists_in_the_law():
    parameters = place().rules.parameters
    for name in plan.scenario().parameters:
        assert name in parameters, name + nearest(name, parameters)


def test_every_operation_names_a_clause_a_source_and_a_status():
    for operation in plan.scenario().operations:
        assert plan.clause(operation.clause)
        assert operation.source, operation.parameter


def test_what_is_assumed_says_why():
    for operation in plan.scenario().assumptions:
        assert operation.note, operation.parameter


def test_the_letter_holds_only_figures_of_the_text():
    letter = plan.scenario("letter")
    assert letter.assumptions == ()
    assert all(each in plan.scenario().operations for each in letter.operations)
    parameters = set(letter.parameters)
    assert {"dibao_standard", "new_urban_jobs", "trainee_lawyer_minimum_wage"} <= parameters
    # 与经济增长、社会平均工资增长挂钩联动: no weights in the text
    assert "minimum_wage_gdp_weight" not in parameters


@pytest.mark.parametrize("year", [2021, 2023, 2025])
def test_frozen_is_the_law_of_the_frozen_day_laid_over_any_year(year):
    frozen = law(year=year) | plan.scenario("frozen")
    before = law(plan.frozen_day)
    for name, value in before.values.items():
        assert np.array_equal(frozen.values[name].vector(), value.vector()), name


def test_frozen_keeps_the_deductions_of_2022():
    # 国发〔2018〕41号: 1,000 yuan a month and child; 2,000 from 2023 (国发〔2023〕13号)
    name = "child_education_deduction"
    assert (law(year=2023) | plan.scenario("frozen")).values[name].datum == 12_000
    assert law(year=2023).values[name].datum == 24_000


def test_an_unknown_scenario_is_refused_with_the_nearest():
    with pytest.raises(PlanError, match="did you mean 'letter'"):
        plan.scenario("leter")


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_are_written_and_read_as_files(name, tmp_path):
    plan.scenario(name).write(tmp_path / "scenario.yaml")
    again = Reform.read(tmp_path / "scenario.yaml")
    assert (law(year=2023) | again).digest() == (law(year=2023) | plan.scenario(name)).digest()


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


@pytest.mark.parametrize("day", ["2022-07-01", "2025-07-01"])
def test_the_plan_never_cuts_a_floor_that_is_in_force(day):
    before = law(day)
    after = before | plan.scenario()
    for operation in plan.scenario().operations:
        if operation.kind == "at_least":
            old = np.asarray(before.values[operation.parameter].datum)
            new = np.asarray(after.values[operation.parameter].datum)
            assert (new >= old).all(), operation.parameter


def test_dibao_of_2022_is_raised_to_the_floor():
    # 950 yuan a month from December 2021 is 11,400 a year, under the 13,000 of the plan
    before = law("2022-07-01")
    assert np.max(before.values["dibao_standard"].datum) == 11_400
    after = before | plan.scenario()
    assert np.min(after.values["dibao_standard"].datum) == 13_000
