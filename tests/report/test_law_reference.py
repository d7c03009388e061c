"""The law to look up: nothing is missing from it, and what people type is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from olive.cli.commands import app
from olive.engine.purposes import PAYERS, ROLES
from olive.errors import ParameterError, RuleError
from olive.places import place
from olive.report.law_reference import (
    _WORDS,
    find,
    index_page,
    parameter_page,
    rule_page,
    topic_page,
)
from olive.simulation.cases import read_cases

CASES = Path(__file__).parents[1] / "policy_cases"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_rule_and_parameter_stands_on_a_page(language) -> None:
    pages = "\n".join(topic_page(topic, language) for topic in place().topics())
    assert [name for name in place().rules.rules if f"\n## {name} " not in pages] == []
    assert [name for name in place().rules.parameters if f"\n## {name} " not in pages] == []
    assert all(f"[{topic}]" in index_page(language) for topic in place().topics())


def test_a_rule_with_its_cases() -> None:
    cases = [case for path in sorted((CASES / "tekun").glob("*.yaml")) for case in read_cases(path)]
    page = rule_page("tekun_standard", "en", cases)
    assert "`path.11.tekun_consumption_floor`" in page
    assert "`local_dibao_standard`" in page
    assert "1.3 times the plan's dibao floor (standard.yaml): plan, item 11" in page


def test_a_parameter_with_its_history() -> None:
    page = parameter_page("basic_deduction")
    assert "60,000" in page
    assert "| law |" in page
    schedule = parameter_page("comprehensive_income_schedule", "zh")
    assert "36,000+: 10.0000%" in schedule
    assert "| 法律 |" in schedule


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("低保标准", "dibao_standard"),
        ("最低工资", "minimum_wage"),
        ("basic deduction", "basic_deduction"),
        ("Tekun", "tekun_standard"),
    ],
)
def test_words_that_people_type_are_found(word, name) -> None:
    assert name in [each for each, _, _ in find(word)]


def test_a_parameter_says_what_it_is_tied_to() -> None:
    assert "- Tied by law to: `provincial_consumption_last_year`" in parameter_page(
        "dibao_standard"
    )
    series = parameter_page("provincial_consumption_last_year", "zh")
    assert "- 记录之后的年增长率: `consumption_growth`" in series


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(RuleError, match="did you mean 'tekun_standard'"):
        rule_page("tekun_standart")
    with pytest.raises(RuleError, match="低保金"):
        rule_page("低保金")
    with pytest.raises(ParameterError, match="dibao_standard"):
        parameter_page("低保标准")
    with pytest.raises(RuleError) as caught:
        topic_page("nothing")
    assert [topic for topic in place().topics() if f"`{topic}`" not in str(caught.value)] == []


def test_commands(tmp_path) -> None:
    run = CliRunner().invoke
    assert "特困" in run(app, ["rule", "tekun_standard", "--lang", "zh"]).stdout
    assert "1041" in run(app, ["parameter", "dibao_standard"]).stdout
    assert run(app, ["parameters", "zzzz"]).exit_code == 1
    written = run(app, ["reference", str(tmp_path / "law")])
    assert written.exit_code == 0
    assert len(list((tmp_path / "law").glob("*.md"))) == len(place().topics()) + 1


def test_a_rule_says_what_it_is_for() -> None:
    page = rule_page("dibao")
    assert "- Role: cash benefit; paid by: the government; what is due: `dibao_entitlement`" in page
    assert "用途: 社会保险缴费; 负担者: 单位" in rule_page("employers_social_contributions", "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_and_payer_has_its_words(language) -> None:
    assert {*ROLES, *PAYERS} <= set(_WORDS[language])
