"""`olive cases FILE...`: cases that hold, cases that do not, files that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
CASE = """
- name: tax of 2023 on 50,000 yuan
  date: 2023-01-01
  source: 个人所得税法, rates of comprehensive income
  arithmetic: "50,000 x 10% - 2,520 = 2,480"
  inputs:
    persons:
      - {taxable_income: 50000}
  outputs:
    comprehensive_income_tax: [2480]
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_cases_that_hold(olive: Run, sound: Path) -> None:
    done = olive("cases", str(sound))
    assert (done.returncode, done.stdout) == (0, "1 of 1 cases hold\n"), done.stderr


def test_a_case_that_does_not_hold_shows_what_differs(
    olive: Run, sound: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CASE.replace("[2480]", "[2481]"), encoding="utf-8")
    done = olive("cases", str(wrong), str(sound))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "wrong.yaml: tax of 2023 on 50,000 yuan: comprehensive_income_tax should be [2481.0], "
        "is [2480.0]"
    )
    assert lines[1].strip() == "source: 个人所得税法, rates of comprehensive income"
    assert lines[2] == "1 of 2 cases hold"


def test_folders_are_searched(olive: Run, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "more.yaml").write_text(CASE, encoding="utf-8")
    done = olive("cases", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "2 of 2 cases hold\n"), done.stderr


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("outputs:", "output:", "did you mean 'outputs'"),
        ("{taxable_income:", "{taxable_incom:", "did you mean 'taxable_income'"),
        ("date: 2023-01-01", "date: someday", "date"),
        ("- name:", "name:", "list of cases"),
        ("[2480]", "[]", "outputs: comprehensive_income_tax must be a finite number"),
        ("[2480]", "text", "outputs: comprehensive_income_tax must be a finite number"),
        ("[2480]", "{a: 1}", "outputs: comprehensive_income_tax must be a finite number"),
        ("[2480]", "[[1], 2]", "outputs: comprehensive_income_tax must be a finite number"),
        ("[2480]", ".inf", "outputs: comprehensive_income_tax must be a finite number"),
        ("[2480]", "9" * 400, "a number of 400 digits is too large"),
        ("    comprehensive_income_tax: [2480]", "    {}", "outputs: "),
        (
            "outputs:",
            "tolerance: .inf\n  outputs:",
            "tolerance: must be a finite",
        ),
        ("outputs:", "tolerance: -1\n  outputs:", "tolerance: "),
        ("outputs:", "tolerance: 2480\n  outputs:", "nought would do"),
        ("comprehensive_income_tax: [2480]", "taxable_income: [50000]", "nothing is computed"),
        (CASE, "", "list of cases"),
        (CASE, "[]", "list of cases"),
        (CASE, "- a", "case 1: expected `name: ...` and further keys, found 'a'"),
    ],
)
def test_files_that_are_no_cases(
    olive: Run, sound: Path, old: str, new: str, expected: str
) -> None:
    text = CASE.replace(old, new) if old != "- name:" else "name: x\n"
    sound.write_text(text, encoding="utf-8")
    done = olive("cases", str(sound))
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_output_is_named_with_the_nearest(olive: Run, sound: Path) -> None:
    sound.write_text(CASE.replace("comprehensive_income_tax:", "comprehensive_income_tx:"))
    done = olive("cases", str(sound))
    assert done.returncode == 1
    assert "did you mean 'comprehensive_income_tax'" in done.stdout + done.stderr


def test_missing_files_and_empty_folders(olive: Run, tmp_path: Path) -> None:
    done = olive("cases", str(tmp_path / "gone.yaml"))
    assert done.returncode == 1
    assert "gone.yaml" in done.stderr
    (tmp_path / "empty").mkdir()
    done = olive("cases", str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "no YAML file" in done.stderr
