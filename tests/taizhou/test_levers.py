"""Lever files: what is read, and every fault reported at once with its place and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from olive import plan
from olive.engine import PlausibleRange, Reform
from olive.errors import PlanError
from olive.places import law, place
from olive.places.plan import Lever
from olive.places.plan.lever_files import in_the_text, read_levers

GOOD = """
- clauses: [path.11.dibao_floor, path.11.relief_system]
  operations:
    - parameter: dibao_standard
      operation: at_least
      path: {2023: 12500, 2025: 13000}
      status: assumption
      note: in two steps
      plausible: {range: [0.95, 1.05], form: factor, basis: two drafts}
    - parameter: dibao_take_up_rate
      operation: set
      value: 1
      clause: path.11.relief_system
      note: all
      credit: national
  variables: [dibao_of_whole_family]
- clauses: [path.17.social_maintenance_fee]
  not_modelled: Nobody pays it any more.
  not_modelled_zh: 已无人缴纳。
"""


SCALES = (1, 0.01)  # as stated, or stated in per cent


def written(folder: Path, text: str, name: str = "topic.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_entries_are_read_as_written(tmp_path: Path) -> None:
    first, second = read_levers(plan, written(tmp_path, GOOD))
    assert first.topic == "topic"
    assert first.parameters == ("dibao_standard", "dibao_take_up_rate")
    step, rate = first.operations
    assert step.path == ((2023, 12_500), (2025, 13_000))
    assert step.plausible == PlausibleRange(0.95, 1.05, "two drafts", "factor")
    assert (step.credit, rate.credit) == ("plan", "national")
    assert step.clause == "path.11.dibao_floor"  # the first clause, unless one is named
    assert rate.clause == "path.11.relief_system"
    assert second.not_modelled == "Nobody pays it any more."
    assert second.operations == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("path.11.dibao_floor,", "path.11.dibao_flor,", "did you mean 'path.11.dibao_floor'"),
        ("parameter: dibao_standard", "parameter: dibao_standart", "did you mean 'dibao_standard'"),
        ("[dibao_of_whole_family]", "[dibao_of_whole_famly]", "did you mean 'dibao_of_whole_"),
        ("[dibao_of_whole_family]", "[tax_due]", "no variable 'tax_due'"),
        ("[dibao_of_whole_family]", "[net_operating_income]", "no operation moves the variable"),
        ("variables: [dibao_of_whole_family]", "", "`operations` and `variables` are needed"),
        ("not_modelled:", "not_modeled:", "did you mean 'not_modelled'"),
        ("value: 1\n", "value: 2\n", "outside the allowed range"),
        ("credit: national", "credit: natinal", "did you mean 'national'"),
        ("[0.95, 1.05]", "[-0.95, 1.05]", "0 or more"),
        ("form: factor, ", "", "has `form: factor`"),
        ("operation: at_least", "operation: at_lest", "did you mean 'at_least'"),
        ("      note: in two steps\n", "", "say why in `note`"),
        ("path.17.social_maintenance_fee", "path.11.dibao_floor", "stands twice, first in"),
        ("- clauses: [path.17.social_maintenance_fee]", "- clauses: []", "at least one clause"),
        (
            "clauses: [path.17.social_maintenance_fee]",
            "clauses: path.17",
            "must be a list of names",
        ),
        ("2023: 12500", "23: 12500", "23 is no year"),
        ("2025: 13000", "2025: 1300000", "outside the allowed range"),
        ("  not_modelled: ", "  variables: [dibao]\n  not_modelled: ", "give either"),
    ],
)
def test_faults_name_file_entry_and_remedy(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(PlanError, match=re.escape(expected)) as caught:
        read_levers(plan, tmp_path)
    assert re.search(r"topic\.yaml: entry [12]", str(caught.value))


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("dibao_standard", "dibao_standart"), "a.yaml")
    written(tmp_path, "clauses: []\n", "b.yaml")
    written(tmp_path, "- clauses: [\n", "c.yaml")
    written(tmp_path, "- clause\n", "d.yaml")
    with pytest.raises(PlanError) as caught:
        read_levers(plan, tmp_path)
    for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml"):
        assert name in str(caught.value)


# Figures that a quotation holds beside its own quantity or in words, read by hand:
# 65岁以上; 零就业家庭动态清零, that is, all of them are helped.
READ_BY_HAND = {"free_checkup_from_age": 65, "zero_employment_families_helped": 1}


def test_every_figure_said_to_be_in_the_text_is_that_of_a_clause() -> None:
    for lever in plan.levers():
        stated = [plan.clause(each).quantity for each in lever.clauses]
        allowed = {each.value for each in stated if each is not None}
        for operation in [x for x in lever.operations if in_the_text(x, plan)]:
            table = isinstance(operation.value, dict)
            for value in operation.value.values() if table else [operation.value]:
                if isinstance(value, bool) or READ_BY_HAND.get(operation.parameter) == value:
                    continue
                near = [
                    value == pytest.approx(scale * each) for each in allowed for scale in SCALES
                ]
                assert any(near), (operation.parameter, value, allowed)


def test_every_assumed_figure_lies_in_its_own_range() -> None:
    for lever in plan.levers():
        for each in lever.operations:
            if each.plausible is not None and isinstance(each.value, int | float):
                low, high = each.plausible.ends(each.value)
                assert low <= each.value <= high, each.parameter


@pytest.mark.parametrize("lever", plan.levers(), ids=lambda each: each.clauses[0])
def test_each_lever_can_be_carried_out_alone(lever: Lever) -> None:
    after = law(plan.frozen_day) | Reform.from_operations(lever.operations)
    for operation in lever.operations:
        assert place().rules.moved_by(operation.parameter), operation.parameter
        assert after.values[operation.parameter].datum is not None
