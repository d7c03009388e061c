"""The report command: what a user types, sees, and gets wrong."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from olive import __version__

FEW = ("--households", "400")


def olive(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from olive.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "240"},
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict, list[dict]]:
    folder = tmp_path_factory.mktemp("report")
    done = olive(
        "report", *FEW, "--json", str(folder / "all.json"), "--csv", str(folder / "table.csv")
    )
    assert done.returncode == 0, done.stderr
    content = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    lines = (folder / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# SYNTHETIC DATA")
    assert sorted(path.name for path in folder.iterdir()) == ["all.json", "table.csv"]
    return done.stdout, content, list(csv.DictReader(each for each in lines if each[0] != "#"))


def test_label_stands_above_every_figure(written: tuple) -> None:
    text, content, _ = written
    assert "SYNTHETIC DATA" in text.splitlines()[1]
    assert content["synthetic"] is True


def test_three_laws_and_the_targets_are_shown(written: tuple) -> None:
    text, content, rows = written
    assert content["policies"] == ["frozen", "in force", "plan"]
    for heading in ("frozen", "in force", "plan", "target", "gap", "residual growth needed"):
        assert heading in text
    targets = {row["indicator"]: float(row["target"]) for row in rows if row["target"]}
    assert targets == {"per_capita_income": 75_000, "share_10_50": 0.70, "share_20_60": 0.45}
    assert len([row for row in rows if row["indicator"] == "share_10_50"]) == 4


def test_change_and_gap_are_differences_of_the_columns(written: tuple) -> None:
    for row in written[2]:
        assert float(row["change"]) == pytest.approx(float(row["plan"]) - float(row["in force"]))
        if row["target"]:
            assert float(row["gap"]) == pytest.approx(float(row["plan"]) - float(row["target"]))


def test_assumptions_are_listed_and_none_is_law_or_published(written: tuple) -> None:
    statuses = {each["status"] for each in written[1]["assumptions"]}
    assert statuses
    assert not statuses & {"law", "published"}
    assert "dibao_take_up_rate" in {each["parameter"] for each in written[1]["assumptions"]}


def test_programmes_cost_at_least_nothing_and_dibao_reaches_someone(written: tuple) -> None:
    programmes = {each["id"]: each for each in written[1]["programmes"]}
    assert all(min(each["cost"]) >= 0 for each in programmes.values())
    assert programmes["resident_basic_pensions"]["cost"][2] > 0


def test_chinese_report() -> None:
    done = olive("report", *FEW, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "合成数据" in done.stdout.splitlines()[1]
    assert "指标与目标" in done.stdout


def test_a_reform_file_adds_a_column(tmp_path: Path) -> None:
    path = tmp_path / "floor.yaml"
    path.write_text(
        "label: floor\n"
        "zh: 提高下限\n"
        "operations:\n"
        "  - {parameter: dibao_standard, operation: at_least, value: 15000}\n",
        encoding="utf-8",
    )
    done = olive("report", *FEW, "--reform", str(path), "--json", str(tmp_path / "all.json"))
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert content["policies"] == ["frozen", "in force", "plan", "floor"]
    assert "floor" in done.stdout
    assert "提高下限" not in done.stdout
    chinese = olive("report", *FEW, "--reform", str(path), "--lang", "zh")
    assert "提高下限" in chinese.stdout
    assert " floor " not in chinese.stdout.split("┡")[0]  # the headings of the first table


REFORM = "label: x\noperations:\n  - {parameter: %s, operation: %s, value: %s}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REFORM % ("dibao_standart", "set", 1), "did you mean 'dibao_standard'"),
        (REFORM % ("dibao_standard", "rise", 1), "use one of set, at_least"),
        (REFORM % ("dibao_standard", "set", 1_000_000_000), "outside the allowed range"),
        ("label: x\nlabel: y\noperations: []\n", "stands twice"),
        ("label: !!python/object/apply:os.system ['true']\noperations: []\n", "never run"),
        ("label: x\noperation: []\n", "did you mean 'operations'"),
    ],
)
def test_faulty_reforms_end_in_one_line_and_write_nothing(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(text, encoding="utf-8")
    done = olive("report", *FEW, "--reform", str(path), "--json", str(tmp_path / "all.json"))
    assert done.returncode == 1
    assert expected in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "all.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("--population", "no_such_folder"), 1, "no_such_folder"),
        (("--population", ".", "--households", "10"), 1, "not both"),
        (("--households", "0"), 2, "households"),
        (("--lang", "fr"), 2, "lang"),
        (("--csv", "no_such_folder/table.csv"), 1, "give a file in a folder that exists"),
        (("--json", "."), 1, "give a file in a folder that exists"),
        (("--house", "10"), 2, "--households"),
    ],
)
def test_mistakes_in_arguments(arguments: tuple[str, ...], code: int, expected: str) -> None:
    done = olive("report", *arguments)
    assert done.returncode == code
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout  # refused before any work


def test_corrupt_parquet_is_named(tmp_path: Path) -> None:
    for table in ("households", "persons"):
        (tmp_path / f"{table}.parquet").write_bytes(b"not parquet")
    done = olive("report", "--population", str(tmp_path))
    assert done.returncode == 1
    assert "households.parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_version_and_short_help() -> None:
    assert olive("--version").stdout == f"olive {__version__}\n"
    assert "--population" in olive("report", "-h").stdout
