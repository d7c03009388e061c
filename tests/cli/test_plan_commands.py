"""`olive plan`: coverage and monitoring as a user types them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from olive import plan
from olive.places.plan import SCENARIOS

Run = Callable[..., CompletedProcess[str]]


def test_coverage_lists_every_clause_and_counts_them(olive: Run, tmp_path: Path) -> None:
    done = olive("plan", "--coverage", "--csv", str(tmp_path / "coverage.csv"))
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "coverage.csv").open(encoding="utf-8")))
    assert [row["clause"] for row in rows] == [each.clause for each in plan.coverage()]
    (floor,) = [row for row in rows if row["clause"] == "path.11.dibao_floor"]
    assert floor["parameters"] == "dibao_standard"
    assert "disposable_income" in floor["reaches"].split(";")
    (training,) = [row for row in rows if row["clause"] == "path.14.training_volume"]
    assert training["verdict"] == "acts"
    assert float(training["income_low"]) <= float(training["income"])
    assert "programme_additionality = 0.3" in done.stdout
    (rate,) = [row for row in rows if row["clause"] == "group.3.8.finance_cost"]
    assert (rate["verdict"], rate["income"]) == ("credited_elsewhere", "")
    assert {row["verdict"] for row in rows} == {
        "acts",
        "open",
        "credited_elsewhere",
        "no_household_income",
    }
    assert "Count by verdict" in done.stdout
    total = done.stdout.rsplit("\nall ", 1)[1].splitlines()[0].split()
    assert [int(cell) for cell in total[:3]] == [81, 25, 28]
    assert int(total[-1]) == len(rows)


def test_coverage_in_chinese(olive: Run) -> None:
    done = olive("plan", "--coverage", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "按结论计数" in done.stdout
    for shown in ("起作用", "待定", "计入他处", "不涉及居民收支", "方案数量中的增量比例"):
        assert shown in done.stdout


def test_effects_are_computed_for_coverage_alone(olive: Run) -> None:
    done = olive("plan", "--compute")
    assert done.returncode == 1
    assert "--compute belongs to --coverage" in done.stderr
    for option in (("--line", "20000"), ("--by", "county")):
        assert "belong to --low-income" in olive("plan", *option).stderr
    assert "group" in olive("plan", "--help").stdout.partition("[default: ")[2]


def test_monitoring_a_file(olive: Run, tmp_path: Path) -> None:
    path = tmp_path / "observed.csv"
    path.write_text(
        "clause,year,value,source\n"
        "path.10.pension_participation,2021,65,yearbook\n"
        "path.10.pension_participation,2023,69,yearbook\n",
        encoding="utf-8",
    )
    done = olive("plan", "--monitor", str(path), "--csv", str(tmp_path / "progress.csv"))
    assert done.returncode == 0, done.stderr
    line = next(x for x in done.stdout.splitlines() if "path.10.pension_participation" in x)
    for shown in ("≥ 75", "2025", "69", "6", "40%", "2", "3", "behind"):
        assert f" {shown} " in f"{line} "
    rows = list(csv.DictReader((tmp_path / "progress.csv").open(encoding="utf-8")))
    (row,) = [each for each in rows if each["clause"] == "path.10.pension_participation"]
    assert (row["gap"], row["progress"], row["pace_needed"]) == ("6.0", "0.4", "3.0")
    assert len(rows) == 64


def test_without_options_the_table_to_fill_is_shown(olive: Run) -> None:
    done = olive("plan", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "无观测值" in done.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("clause,year,value,source\npath.10.pension_partcipation,2021,65,x\n", "did you mean"),
        ("clause,year,value,source\npath.10.pension_participation,2021,many,x\n", "not a number"),
    ],
)
def test_faulty_files_end_with_code_1(
    olive: Run, tmp_path: Path, content: str, expected: str
) -> None:
    path = tmp_path / "observed.csv"
    path.write_text(content, encoding="utf-8")
    done = olive("plan", "--monitor", str(path), "--csv", str(tmp_path / "out.csv"))
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_coverage_and_monitoring_at_once_are_refused(olive: Run, tmp_path: Path) -> None:
    done = olive("plan", "--coverage", "--monitor", str(tmp_path / "x.csv"))
    assert done.returncode == 1
    assert "not both" in done.stderr


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_lists_its_operations_and_assumptions(olive: Run, name: str) -> None:
    done = olive("plan", "--scenario", name)
    assert done.returncode == 0, done.stderr
    assert "dibao_standard" in done.stdout
    assert ("Neither law nor published" in done.stdout) == bool(plan.scenario(name).assumptions)


def test_an_unknown_scenario_is_refused(olive: Run) -> None:
    done = olive("plan", "--scenario", "leter")
    assert done.returncode == 1
    assert "did you mean 'letter'" in done.stderr
