"""Questions that are asked wrongly on the command line: refused before any work."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

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
