"""Questions that are asked wrongly on the command line: refused before any work."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import olive
from olive.cli.commands import app
from olive.errors import OliveError


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("project --from 2030 --to 2020", "--from 2030 lies after --to 2020"),
        ("project --definition home", "it is one of household, household_persons"),
        ("crossings --definition home", "it is one of household, household_persons"),
        ("record /nowhere/at/all.yaml", "^/nowhere/at/all.yaml: cannot be written"),
        ("reach --lever dibao_standard=1:2", "--lever dibao_standard=x1:x1.5"),
        (
            "reach --lever dibao_standard=x1:x2 --target gini=0.9 --target gini=0.5",
            "--target names 'gini' twice",
        ),
    ],
)
def test_mistakes(command, told) -> None:
    with pytest.raises(OliveError, match=told):
        CliRunner().invoke(app, command.split(), catch_exceptions=False)


def test_a_projection_of_a_reform(tmp_path) -> None:
    file, csv = tmp_path / "reform.yaml", tmp_path / "years.csv"
    olive.Population.synthetic(households=60, seed=1).write(tmp_path / "city")
    olive.Reform(multiply={"resident_basic_pension_standard": 3.0}, label="pensions").write(file)
    asked = ["project", "--from", "2023", "--to", "2025", "--draws", "0"]
    given = ["--reform", str(file), "--population", str(tmp_path / "city"), "--csv", str(csv)]
    found = CliRunner().invoke(app, [*asked, *given])
    assert found.exit_code == 0, found.output
    city = olive.Population.read(tmp_path / "city")
    own = olive.project(city, [2023, 2024, 2025], reform=olive.Reform.read(file), draws=0)
    own.to_csv(tmp_path / "own.csv")
    assert csv.read_text() == (tmp_path / "own.csv").read_text()
