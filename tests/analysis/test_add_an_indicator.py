"""The guide to another indicator, carried out word for word on a copy of the source."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how_to" / "add_an_indicator.md"
DIFFS = re.findall(r"```diff\n# (\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name, diff in DIFFS:
        target = folder / name
        text = target.read_text(encoding="utf-8")
        lines = diff.splitlines()
        before = "\n".join(line[1:] for line in lines if line.startswith(" "))
        after = "\n".join(line[1:] for line in lines)
        assert text.count(before) == 1, name
        target.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def run(folder: Path, code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_files_are_changed_and_both_languages_say_the_same():
    assert len({name for name, _ in DIFFS}) == len(DIFFS) == 2
    chinese = GUIDE.with_suffix(".zh-CN.md").read_text(encoding="utf-8")
    assert all(diff in chinese for _, diff in DIFFS)


def test_lines_fit_the_projects_style(copy):
    command = [sys.executable, "-m", "ruff", "format", "--check", "--config"]
    names = [name for name, _ in DIFFS]
    done = subprocess.run(
        [*command, str(ROOT / "pyproject.toml"), *names], cwd=copy, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow  # quick: a file of figures may name it
def test_the_report_shows_it_in_both_languages(copy):
    report = ("report", "--households", "500", "--detail", "--json", "report.json", "--lang")
    code = "from olive.cli import main; main()"
    assert "median gap of the poor" in run(copy, code, *report, "en")
    assert "贫困人口收入中位数与贫困线的差距" in run(copy, code, *report, "zh")
    rows = json.loads((copy / "report.json").read_text(encoding="utf-8"))["indicators"]
    new = [row for row in rows if row["indicator"] == "relative_median_poverty_gap"]
    lines = [row["line"] for row in rows if row["indicator"] == "poverty_gap"]
    assert [row["line"] for row in new] == lines
    assert all(0.0 < row["in force"] < 1.0 and row["unit"] == "1" for row in new)


def test_a_file_of_figures_may_name_it(copy):
    code = (
        "import numpy as np\n"
        "from olive.population.measures.measure import Measure\n"
        "from olive.population.measures.measured_tables import MeasuredTables\n"
        "income = np.array([2_000.0, 6_000.0, 7_000.0, 20_000.0, 30_000.0])\n"
        "homes = {'disposable_income': income}\n"
        "one = np.ones(5)\n"
        "tables = MeasuredTables(homes, None, np.empty(0, np.int64), one, {})\n"
        "text = 'relative_median_poverty_gap:disposable_income:10000'\n"
        "print(Measure.parse(text, 'household').value(tables, one))\n"
    )
    # the poor have 2,000, 6,000 and 7,000: their median lies 4,000 below the line
    assert float(run(copy, code)) == pytest.approx(0.4)
