"""Warnings on standard error speak the language that a report was asked for."""

from __future__ import annotations

import pytest
from olive_tests.command_line import run_olive

import olive
from olive.cli.console import show_warning
from olive.errors import LawWarning
from olive.messages import speaking


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", "olive: 提示：2040 法规：法律记录到 2026-11-23；"),
        ("en", "olive: warning: law 2040: the law is recorded to 2026-11-23; "),
    ],
)
def test_the_warning_of_a_later_law(capsys, language, shown) -> None:
    with pytest.warns(LawWarning) as told:
        olive.law(year=2040)
    with speaking(language):
        show_warning(told[0].message, told[0].category, "file", 1)
    said = capsys.readouterr().err
    assert said.startswith(shown)
    assert language == "en" or "carried" not in said.replace("policy.carried()", "")


def test_a_command_says_a_warning_once(tmp_path) -> None:
    path = tmp_path / "monthly.yaml"
    path.write_text(
        "operations: [{parameter: dibao_standard, operation: set, value: 1250}]\n",
        encoding="utf-8",
    )
    for _ in range(2):  # each command says it
        done = run_olive("report", "--households", "100", "--no-model-range", "--reform", str(path))
        assert done.stderr.count("is this the figure of a month") == 1, done.stderr
