"""`olive validate --lang zh`: every figure has a Chinese name."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]


def test_validation_in_chinese(olive: Run) -> None:
    done = olive("validate", "--households", "400", "--no-model-range", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "合成数据" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if "│ 人均可支配收入·2023 " in line]
    # 61,067 yuan: income per head published for 2023
    assert [cell.strip() for cell in row.split("│")[2:6]] == ["拟合", "公布", "2023", "61,067"]
    letters = {each for each in done.stdout if each.isascii() and each.isalpha()}
    assert not letters
