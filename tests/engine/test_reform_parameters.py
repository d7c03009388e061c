"""A reform with rules and parameters of its own: carried out, told, compared, sent elsewhere."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from olive_tests.toy import homes, rule_set, run, tables

import olive
from olive.engine import Reform, household_sum, policy_on, run_policies, sum_of_role
from olive.errors import DataError, OliveError, ParameterError, ReformError, RuleError

DAY = "2024-01-01"
BONUS = """
bonus_per_head:
  zh: 每人补助
  en: Bonus per head
  unit: yuan/year
  range: [0, 1000]
  known_to: 2030-12-31
  plausible: {range: [50, 200], basis: an example}
  values:
    - {from: 2020-01-01, value: 100, status: assumption, source: an example}
    - {from: 2024-07-01, value: 200, status: assumption, source: an example}
bonus_by_county:
  zh: 各县补助
  en: Bonus by county
  unit: yuan/year
  by: county
  known_to: 2030-12-31
  values:
    - {from: 2020-01-01, value: {north: 1, south: 2, islands: 3}, status: law, source: an example}
"""


@homes("yuan/year", role="cash_benefit", en="bonus")
def bonus(rent, bonus_per_head):
    return rent * 0.0 + bonus_per_head


LAW = policy_on(
    rule_set(wages=household_sum("wage"), cash=sum_of_role("cash_benefit")), DAY
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bonus.yaml"
    path.write_text(BONUS, encoding="utf-8")
    return path


def test_parameters_come_with_the_rules(file: Path) -> None:
    reform = Reform(rules=[bonus], parameter_files=file, label="bonus")
    after = LAW | reform
    assert after.values["bonus_per_head"].datum == 100
    assert after.values["bonus_per_head"].status == "assumption"
    assert after.values["bonus_per_head"].plausible.high == 200
    assert after.rules.parameters["bonus_by_county"].keys == (("north", "south", "islands"),)
    assert run(tables(), after, "cash")["cash"][0] == 100
    assert "bonus_per_head" not in LAW.values  # nothing is changed in place
    assert "bonus_per_head" in after.uncertain()


def test_figures_are_those_of_the_policys_day_or_year(file: Path) -> None:
    reform = Reform(rules=[bonus], parameter_files=[file])
    assert (policy_on(LAW.rules, "2024-07-01") | reform).values["bonus_per_head"].datum == 200
    # By hand: six months of 100, six of 200.
    assert (policy_on(LAW.rules, year=2024) | reform).values["bonus_per_head"].datum == 150


def test_operations_may_move_what_the_reform_brings(file: Path) -> None:
    brings = Reform(rules=[bonus], parameter_files=file, label="bonus")
    more = brings | {"bonus_per_head": 900}
    assert (LAW | more).values["bonus_per_head"].datum == 900
    assert (LAW | brings | {"bonus_per_head": 900}).values["bonus_per_head"].datum == 900
    with pytest.raises(ReformError, match=r"bonus_per_head"):
        LAW | brings | {"bonus_per_head": 1_001}
    with pytest.raises(ReformError, match=r"no parameter 'bonus_per_head'"):
        LAW | {"bonus_per_head": 900}
    assert (LAW | brings | brings).values["bonus_per_head"].datum == 100


def test_it_needs_the_file_no_more_once_it_is_read(file: Path) -> None:
    reform = Reform(parameter_files=file, label="bonus")
    file.unlink()
    again = pickle.loads(pickle.dumps(reform))
    assert again == reform
    assert hash(again) == hash(reform)
    assert (LAW | again).values["bonus_per_head"].datum == 100


def test_diff_lists_figures_parameters_and_rules(file: Path) -> None:
    law = policy_on(rule_set(levy=bonus_of_rent(0.5)), DAY)
    reform = Reform(
        {"allowance": 70_000, "bonus_per_head": 300},
        rules=[bonus.named("bonus"), bonus_of_rent(0.25).named("levy")],
        parameter_files=file,
    )
    found = [(each.name, each.before, each.after, each.kind) for each in reform.differences(law)]
    assert found == [
        ("allowance", "60000", "70000", "figure"),
        ("bonus_per_head", "", "300", "added_parameter"),
        ("bonus_by_county", "", "1 to 3", "added_parameter"),
        ("bonus", "", "", "added_rule"),
        ("levy", "", "", "replaced_rule"),
    ]
    lines = [line.split() for line in reform.diff(law).splitlines()]
    assert lines[1] == ["allowance", "60000", "70000", "yuan/year"]
    assert lines[4] == ["bonus", "added", "rule", "yuan/year"]
    assert lines[5] == ["levy", "replaced", "rule", "yuan/year"]


def bonus_of_rent(share: float):
    return homes("yuan/year")(lambda rent: rent * share)


def test_what_a_reform_must_not_bring(file: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"5 is no path; write a text such as"):
        Reform(parameter_files=[5])
    with pytest.raises(ReformError, match=r"parameter_files is 5; give a path"):
        Reform(parameter_files=5)
    with pytest.raises(OliveError, match=r"missing\.yaml: cannot be read"):
        Reform(parameter_files=tmp_path / "missing.yaml")
    with pytest.raises(ReformError, match=r"cannot be written"):
        Reform(parameter_files=file).write(tmp_path / "out.yaml")
    clash = tmp_path / "clash.yaml"
    clash.write_text(BONUS.replace("bonus_per_head", "allowance"), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"clash\.yaml: allowance: the policy has a parameter"):
        LAW | Reform(parameter_files=clash)
    broken = tmp_path / "broken.yaml"
    broken.write_text(BONUS.replace("status: assumption", "status: guess"), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"broken\.yaml: bonus_per_head"):
        LAW | Reform(parameter_files=broken)
    named = tmp_path / "named.yaml"
    named.write_text(BONUS.replace("bonus_per_head", "wages"), encoding="utf-8")
    with pytest.raises(RuleError, match=r"'wages' has the name of a parameter"):
        LAW | Reform(parameter_files=named)


def test_ranges_may_name_parameters_of_the_law(file: Path) -> None:
    bounded = BONUS.replace("range: [0, 1000]", "range: [0, allowance]")
    file.write_text(bounded, encoding="utf-8")
    reform = Reform(parameter_files=file)
    assert (LAW | reform | {"bonus_per_head": 60_000}).values["bonus_per_head"].datum == 60_000
    with pytest.raises(ReformError, match=r"bonus_per_head"):
        LAW | reform | {"bonus_per_head": 60_001}


@pytest.mark.parametrize("read", [Reform.read, olive.Population.read])
def test_what_is_no_path_is_refused(read) -> None:
    with pytest.raises(OliveError, match=r"5 is no path; write a text such as"):
        read(5)


def test_outputs_that_only_one_policy_has(file: Path) -> None:
    after = LAW | Reform(rules=[bonus], parameter_files=file)
    found = run_policies(tables(), [LAW, after], ["wages", "bonus"], totals=["bonus"])
    assert {key for key in found.arrays if key[1] == "bonus"} == {(1, "bonus")}
    assert set(found.totals) == {(1, "bonus")}
    weight = tables().households["weight"]
    assert found.totals[1, "bonus"] == pytest.approx(100 * weight.sum())
    with pytest.raises(RuleError, match=r"no variable 'bonuss' \(did you mean 'bonus'"):
        run_policies(tables(), [LAW, after], ["bonuss"])
    with pytest.raises(RuleError, match=r"no variable 'bonus'"):  # of the first policy alone
        run_policies(tables(), [LAW, after], ["wages"], into={"bonus": weight * 0.0})
