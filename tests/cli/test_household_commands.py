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
