"""`olive uncertainty` on the command line."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from olive.cli.commands import app
from olive.errors import OliveError

SMALL = ["uncertainty", "--households", "300", "--year", "2023"]
ONE = ["--parameter", "training_wage_return=0:0.05"]


def run(*arguments: str):
    return CliRunner().invoke(app, [*SMALL, *arguments], env={"COLUMNS": "160"})


def test_joint_draws_are_printed_and_written(tmp_path) -> None:
    csv, chart = tmp_path / "joint.csv", tmp_path / "joint.png"
    found = run(*ONE, "--draws", "4", "--csv", str(csv), "--chart", str(chart))
    assert found.exit_code == 0, found.output
    assert "target met" in " ".join(found.output.split())
    frame = pd.read_csv(csv, comment="#")
    assert {"change_low", "change_high", "rises", "met"} <= set(frame.columns)
    assert chart.read_bytes().startswith(b"\x89PNG")


def test_what_was_computed_is_written_before_it_is_drawn(tmp_path, monkeypatch) -> None:
    def undrawable(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("olive.report.uncertainty_charts.change_ranges", undrawable)
    csv, chart = tmp_path / "joint.csv", tmp_path / "joint.png"
    found = run(*ONE, "--draws", "2", "--csv", str(csv), "--chart", str(chart))
    assert isinstance(found.exception, MemoryError)
    assert csv.exists()
    assert not chart.exists()


@pytest.mark.slow  # quick: joint draws
def test_a_tornado_in_chinese_has_no_english_sentence(tmp_path) -> None:
    chart = tmp_path / "tornado.svg"
    found = run(*ONE, "--method", "one_at_a_time", "--lang", "zh", "--chart", str(chart))
    assert found.exit_code == 0, found.output
    assert "逐项变动" in found.output
    assert "培训" in found.output
    words = [word for word in found.output.split() if word.isascii() and word.isalpha()]
    assert len(words) < 3, words
    assert chart.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--parameter", "training_wage_retrun"], "did you mean 'training_wage_return'"),
        (["--parameter", "training_wage_return=0.05"], "NAME=LOW:HIGH"),
        (["--parameter", "training_wage_return=0.05:0.01"], "low to high"),
        ([*ONE, "--draws", "0"], "draws is 0"),
        ([*ONE, "--csv", "/nowhere/at/all.csv"], "cannot be written"),
        (
            [*ONE, "--method", "one_at_a_time", "--indicator", "ginny"],
            "did you mean 'gini'",
        ),
    ],
)
def test_bad_options_end_in_one_sentence(arguments, message) -> None:
    found = run(*arguments)
    assert isinstance(found.exception, OliveError)
    assert message in str(found.exception)
