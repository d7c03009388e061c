"""The Shire through olive: its cases, its population, its tables and its report, in its words."""

from pathlib import Path

import pytest
from rich.console import Console

import olive
from olive.report.build import ReportRequest, build_report
from olive.report.text import print_report
from olive.simulation.cases import Case, differences, read_cases
from olive.validation.validation import validate

PLACE = olive.place("shire")
CASES = read_cases(Path(__file__).parent / "cases" / "households.yaml")


@pytest.fixture(scope="module")
def people() -> olive.Population:
    return olive.Population.synthetic(households=1_000, seed=1, place="shire")


@pytest.fixture(scope="module")
def result(people):
    law = PLACE.law(year=2024)
    return olive.simulate(people, [law, law | PLACE.plan.scenario()])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    assert not differences(case)


def test_a_household_depends_on_seed_and_number_only(people) -> None:
    few = olive.Population.synthetic(households=100, seed=1, place="shire")
    assert few.persons.equals(people.persons.head(len(few.persons)))
    assert few.weight.sum() == pytest.approx(people.weight.sum())
    other = olive.Population.synthetic(households=100, seed=2, place="shire")
    assert not other.persons.equals(few.persons)


def test_tables_are_in_its_words(result) -> None:
    compared = olive.compare(result)
    assert compared.targets().units["line"] == "florin/year"
    assert set(compared.winners_and_losers("farthing")["category"]) == {*PLACE.regions, "all"}
    assert {"pensioners", "children"} <= set(compared.group_table()["category"])
    budget = compared.budget().frame.set_index("programme")
    # The Charter doubles the child benefit.
    row = budget.loc["child_benefit"]
    assert row["amount_after"] == pytest.approx(2 * row["amount_before"])
    assert budget.loc["minimum_income", "take_up_before"] == pytest.approx(0.7, abs=0.1)


def test_assumptions_move_the_effect(people) -> None:
    law = PLACE.law(year=2024)
    table = olive.uncertainty(people, law, PLACE.plan.scenario(), draws=8)
    mean = table.frame.iloc[0]
    assert mean["change_low"] < mean["change_high"]
    assert "florin" in table.to_markdown()


def test_it_is_validated_against_its_published_figures(people) -> None:
    found = validate(people).set_index("id")
    assert found.loc["households", "met"]
    assert len(found) == 4


def test_clauses_are_covered() -> None:
    rows = {row.clause: row.verdict for row in PLACE.plan.coverage()}
    assert rows["path.child_benefit"] == rows["path.claiming"] == "acts"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_in_its_words(people, tmp_path, language) -> None:
    people.write(tmp_path / "people")
    request = ReportRequest(folder=tmp_path / "people", parts=True)
    console = Console(record=True, width=160, file=(tmp_path / "screen").open("w"))
    print_report(build_report(request), language, console, detail=True)
    text = console.export_text()
    assert PLACE.label.in_language(language) in text
    assert PLACE.currency.in_language(language) in text
    for foreign in ("Taizhou", "台州", "yuan", "万元", "dibao", "低保"):
        assert foreign not in text
