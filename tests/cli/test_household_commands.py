"""Commands about households: tables, charts and faults on the command line."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

import olive
from olive.cli.commands import app
from olive.errors import OliveError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("city")
    olive.Population.synthetic(households=200, seed=1).write(path)
    return str(path)


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})


@pytest.mark.parametrize(
    "command",
    [
        ("budget-line", "--household", "3"),
        ("marginal-rates", "--by", "county", "--plan"),
        ("cliffs", "--plan"),
        ("crossings", "--by", "size", "--bound", "80000"),
        ("vulnerability",),
        ("transitions",),
    ],
)
def test_each_writes_its_table_and_its_chart(folder, tmp_path, command) -> None:
    csv, chart = tmp_path / "table.csv", tmp_path / "chart.png"
    found = run(*command, "--population", folder, "--csv", str(csv), "--chart", str(chart))
    assert found.exit_code == 0, found.output
    assert "SYNTHETIC DATA" in found.output
    assert len(pd.read_csv(csv, comment="#")) > 0
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """Return the folder of households of a place that has no plan, and a reform file."""
    path = tmp_path_factory.mktemp("province")
    whole = olive.Population.shipped("zhejiang")
    whole.select(whole.households["household_id"].to_numpy() < 300).write(path / "homes")
    pensions = olive.Reform(multiply={"resident_basic_pension_standard": 3.0}, label="pensions")
    pensions.write(path / "reform.yaml")
    return str(path / "homes"), str(path / "reform.yaml")


@pytest.mark.parametrize(
    "command",
    [
        ("crossings",),
        ("vulnerability",),
        ("transitions",),
        ("growth-and-shape",),
        ("distribution",),
        ("rank", "--draws", "0"),
    ],
)
def test_a_reform_stands_for_the_plan_where_there_is_none(province, command) -> None:
    homes, reform = province
    found = run("--place", "zhejiang", *command, "--population", homes, "--reform", reform)
    assert found.exit_code == 0, found.output
    refused = run("--place", "zhejiang", *command, "--population", homes)
    assert isinstance(refused.exception, OliveError)
    assert "'zhejiang' has no plan; give a reform instead, --reform FILE" in str(refused.exception)


def test_a_reform_is_laid_on_the_law_alone_or_on_the_plan(folder, province, tmp_path) -> None:
    csv, (_, reform) = tmp_path / "moves.csv", province
    city, read = olive.Population.read(folder), olive.Reform.read(reform)
    law = olive.law(year=city.year)
    assert (
        run("transitions", "--population", folder, "--reform", reform, "--csv", str(csv)).exit_code
        == 0
    )
    own = olive.transitions(olive.simulate(city, [law, law | read]))["households"]
    assert pd.read_csv(csv, comment="#").iloc[:, 3].tolist() == pytest.approx(own.tolist())
    line = ("budget-line", "--household", "3", "--population", folder, "--csv", str(csv))
    assert run(*line, "--plan", "--reform", reform).exit_code == 0
    both = olive.simulate(city, law | olive.plan.scenario() | read)
    income = olive.budget_line(both, 3)["income_from"]
    assert pd.read_csv(csv, comment="#").iloc[:, 3].tolist() == pytest.approx(income.tolist())


def test_a_place_without_a_plan_has_a_record(province, tmp_path) -> None:
    homes, reform = province
    card = str(tmp_path / "card.yaml")
    given = ("--place", "zhejiang", "record", card, "--population", homes, "--reform", reform)
    assert run(*given).exit_code == 0
    assert run("--place", "zhejiang", "verify", card, "--population", homes).exit_code == 0


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (("budget-line", "--household", "999"), "no household '999' among 200"),
        (("explain", "dibaoo", "--household", "3"), "did you mean 'dibao'"),
        (("crossings", "--by", "counti"), "did you mean 'county'"),
        (("marginal-rates", "--share", "0.1", "--amount", "5"), "not both"),
        (("cliffs", "--chart", "cliffs.gif"), "end the file's name in one of them"),
    ],
)
def test_faults_are_told_in_one_sentence(folder, command, fault) -> None:
    found = run(*command, "--population", folder)
    assert isinstance(found.exception, OliveError)
    assert fault in str(found.exception)


def test_growth_and_shape_add_up_to_the_change(folder, tmp_path) -> None:
    csv = tmp_path / "table.csv"
    found = run("growth-and-shape", "--population", folder, "--csv", str(csv))
    assert found.exit_code == 0, found.output
    table = pd.read_csv(csv, comment="#")
    assert table["change"].abs().max() > 0.0
    assert (table["growth"] + table["shape"] - table["change"]).abs().max() < 1e-9


FAMILY = """
household: {county: sanmen, urban: false}
persons:
  - {age: 38, sex: female, contractual_wage: 36000}
  - {age: 9, mother: 0, disability_grade: grade_1, in_education: true}
"""


def test_a_family_in_a_file_is_explained_and_has_a_budget_line(tmp_path) -> None:
    file = tmp_path / "family.yaml"
    file.write_text(FAMILY, encoding="utf-8")
    explained = run("explain", "household_size", "--household", "0", "--population", str(file))
    assert explained.exit_code == 0, explained.output
    csv = tmp_path / "line.csv"
    line = run("budget-line", "--household", "0", "--population", str(file), "--csv", str(csv))
    assert line.exit_code == 0, line.output
    built = olive.household(
        [
            olive.member(38, sex="female", contractual_wage=36_000),
            olive.member(9, mother=0, disability_grade="grade_1", in_education=True),
        ],
        county="sanmen",
        urban=False,
    )
    expected = olive.budget_line(olive.simulate(built, olive.law(year=2023)), 0).frame
    found = pd.read_csv(csv, comment="#")
    assert found["income_to"].to_numpy() == pytest.approx(expected["income_to"].to_numpy())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("persons: [{age: -3}]\nhousehold: {county: sanmen}", "age"),
        ("persons: [{age: 30}]\nhousehold: {conty: sanmen}", "did you mean 'county'"),
        ("person: [{age: 30}]", "did you mean 'persons'"),
        ("persons: [{age: 30, mother: 0}]\nhousehold: {county: sanmen}", "names nobody else"),
        ("household: {county: sanmen}", "at least one member"),
        ("persons: 5", "yaml: `persons` is 5; a household is written as"),
        ("persons: {age: 30}", "yaml: `persons` is {'age': 30}; a household is written as"),
        ("persons: [5]", r"yaml: `persons\[0\]` is 5; a household is written as"),
        ("household: 5\npersons: [{age: 30}]", "yaml: `household` is 5; a household is written as"),
        ("- 3", "a household is written as"),
        ("year: soon\npersons: [{age: 30}]\nhousehold: {county: sanmen}", "calendar year"),
    ],
)
def test_a_family_that_cannot_be_is_refused(tmp_path, text, message) -> None:
    file = tmp_path / "family.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OliveError, match=message) as refused:
        olive.read_household(file)
    assert str(file) in str(refused.value)


def test_keys_of_a_household_file_are_not_translated(tmp_path) -> None:
    file = tmp_path / "family.yaml"
    file.write_text("persons: 5", encoding="utf-8")
    with pytest.raises(OliveError) as refused:
        olive.read_household(file)
    assert "`persons` 为 5；一户应写作" in refused.value.message.in_language("zh")


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "disposable_income", "--household", "3"),
        ("budget-line", "--household", "3"),
        ("crossings",),
        ("project",),
        ("attribute",),
        ("uncertainty",),
        ("distribution",),
    ],
)
def test_a_reform_is_read_before_the_population(tmp_path, command) -> None:
    reform, city = tmp_path / "reform.yaml", tmp_path / "city"
    reform.write_text("operation: []", encoding="utf-8")
    city.mkdir()  # no population lies there, which would be told first
    found = run(*command, "--reform", str(reform), "--population", str(city))
    assert isinstance(found.exception, OliveError)
    assert "unknown key 'operation'" in str(found.exception)
