"""`olive attribute` and `olive rank` on the command line."""

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
    olive.Population.synthetic(households=300, seed=1).write(path)
    return path


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})


@pytest.mark.slow  # quick: clauses of a part
def test_the_parts_of_the_plan_add_up(folder, tmp_path) -> None:
    csv, chart = tmp_path / "parts.csv", tmp_path / "parts.png"
    found = run("attribute", "--population", str(folder), "--csv", str(csv), "--chart", str(chart))
    assert found.exit_code == 0, found.output
    assert "contribution" in found.output
    frame = pd.read_csv(csv, comment="#")
    mean = frame[frame["indicator"] == "per_capita_income"].set_index("part")["contribution"]
    assert mean.drop("together").sum() == pytest.approx(mean["together"], rel=1e-9)
    assert chart.read_bytes().startswith(b"\x89PNG")


def test_clauses_of_a_part_and_whom_they_take_over_the_bounds(folder, tmp_path) -> None:
    chart = tmp_path / "crossings.svg"
    found = run(
        *("attribute", "--what", "crossings", "--part", "assistance"),
        *("--population", str(folder), "--lang", "zh", "--chart", str(chart)),
    )
    assert found.exit_code == 0, found.output
    assert "越过收入界线的住户" in found.output
    assert chart.read_text().startswith("<?xml")


@pytest.mark.slow  # quick: clauses of a part
def test_reforms_from_files_and_drawn_orders(folder, tmp_path) -> None:
    files = []
    for name, value in (("dibao_standard", 15_000), ("minimum_wage", 30_000)):
        files += ["--reform", str(tmp_path / f"{name}.yaml")]
        olive.Reform(at_least={name: value}, label=name).write(files[-1])
    arguments = [*files, "--population", str(folder), "--indicator", "gini", "--definition"]
    found = run("attribute", *arguments, "persons", "--orders", "4")
    assert found.exit_code == 0, found.output
    assert "standard error" in found.output
    interacting = run("attribute", "--what", "interactions", *arguments, "persons")
    assert interacting.exit_code == 0, interacting.output
    ranked = run(
        *("rank", *files, "--population", str(folder), "--draws", "2"),
        *("--chart", str(tmp_path / "rank.png")),
    )
    assert ranked.exit_code == 0, ranked.output
    assert "dibao_standard" in ranked.output
    assert (tmp_path / "rank.png").exists()


@pytest.mark.slow  # quick: project, in test_languages.py
def test_years_with_their_doubt(folder, tmp_path) -> None:
    chart = tmp_path / "years.svg"
    found = run(
        *("project", "--from", "2022", "--to", "2023", "--draws", "2"),
        *("--population", str(folder), "--chart", str(chart)),
    )
    assert found.exit_code == 0, found.output
    assert "Back-test" in found.output
    assert chart.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--part", "wrok"], "did you mean 'work'"),
        (["--indicator", "ginny"], "did you mean 'gini'"),
        (["--what", "interactions", "--orders", "4"], "leave --orders out"),
        (["--chart", "parts.gif"], "a chart is written as"),
    ],
)
def test_bad_options_end_in_one_sentence(folder, arguments, message) -> None:
    found = run("attribute", "--population", str(folder), *arguments)
    assert isinstance(found.exception, OliveError)
    assert message in str(found.exception)
