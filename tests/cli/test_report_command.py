"""The report command: what a user types, sees, and gets wrong."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from olive import Population, __version__, law, plan, simulate
from olive.report.build import Report, ReportRequest, build_report
from olive.report.text import print_report
from olive.report.words import Language

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


def test_the_targets_end_the_screen_and_every_assumption_is_on_demand(written: tuple) -> None:
    text, content, _ = written
    assert text.index("Cost of the transfers") < text.index("Assumptions used")
    assert text.index("Assumptions used") < text.index("Indicators and targets")
    count = len({each["parameter"] for each in content["assumptions"]})
    assert f"\n{count} parameters: " in text
    assert "(dibao_take_up_rate)" not in text
    assert "olive report --assumptions" in text
    done = olive("report", *FEW, "--assumptions", "--no-model-range")
    assert done.returncode == 0, done.stderr
    named = {each["parameter"] for each in content["assumptions"] if each["value"] != "0"}
    assert all(f"({name}): " in done.stdout for name in named)
    assert done.stdout.index("(dibao_take_up_rate)") < done.stdout.index("Indicators and targets")


@pytest.fixture(scope="module")
def small() -> Report:
    return build_report(ReportRequest(households=400))


def shown(report: Report, language: Language, columns: int = 240, **options: bool) -> str:
    file = io.StringIO()
    print_report(report, language, Console(file=file, width=columns), **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("columns", "language"), [(80, "en"), (80, "zh"), (100, "zh"), (160, "zh"), (160, "en")]
)
def test_no_figure_is_broken_on_a_narrow_terminal(
    small: Report, columns: int, language: Language
) -> None:
    lines = shown(small, language, columns).splitlines()
    assert max(map(cell_len, lines)) <= columns
    first = {"en": "disposable income per head", "zh": "人均可支配收入（元）"}[language]
    figures = " ".join(line for line in lines if line.startswith(first)).split()
    assert "75,000" in figures  # the target, whole
    row = small.targets.frame.iloc[0]
    assert f"{row['plan']:,.0f}" in figures
    share = small.targets.frame.iloc[1]
    both = f"{100 * share['after_range_low']:.1f} … {100 * share['after_range_high']:.1f}"
    assert any(both in line for line in lines)


def test_the_targets_fit_in_one_block_on_a_wide_terminal(small: Report) -> None:
    text = shown(small, "zh", 200)
    assert text.count("  本户收入，按户 ") == 2  # once for each of the two shares


def test_chinese_report_has_no_fixed_phrases_in_english(small: Report) -> None:
    text = shown(small, "zh", every_assumption=True)
    for english in (
        "(plan)",
        "（plan）",
        "yuan",
        "carried forward",
        "as a stand-in",
        "from memory",
        "named assumption",
        "middle of the range",
        "neutral",
    ):
        assert english not in text, english
    for chinese in ("之后沿用：", "（作为替代）", "取区间中值", "元/年", "假定"):
        assert chinese in text


def test_a_reform_on_the_plan_has_its_own_change(tmp_path: Path) -> None:
    path = tmp_path / "pension.yaml"
    path.write_text(
        "label: pension\n"
        "operations:\n"
        "  - {parameter: resident_basic_pension_standard, operation: add, value: 1200}\n",
        encoding="utf-8",
    )
    found = {}
    for base in ("law", "plan"):
        file = tmp_path / f"{base}.json"
        done = olive(
            "report",
            *FEW,
            "--no-model-range",
            "--reform",
            str(path),
            "--on",
            base,
            "--json",
            str(file),
        )
        assert done.returncode == 0, done.stderr
        content = json.loads(file.read_text(encoding="utf-8"))
        found[base] = content["indicators"][0]
        assert content["base"] == {"law": "in force", "plan": "plan"}[base]
        assert f"(pension - {content['base']})" in " ".join(done.stdout.split())
        assert f"compared with '{content['base']}'" in done.stdout
    for base, label in (("law", "in force"), ("plan", "plan")):
        row = found[base]
        assert row["change of pension"] == pytest.approx(row["pension"] - row[label])
        assert row["change of pension"] > 0
    # on the plan the reform's column holds the plan as well
    assert found["plan"]["pension"] > found["law"]["pension"]


@pytest.mark.parametrize("label", ["indicator", "plan", "in force", "change"])
def test_a_label_that_is_another_column_is_refused_before_the_work(
    tmp_path: Path, label: str
) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        REFORM.replace("label: x", f"label: {label}") % ("dibao_standard", "set", 13000)
    )
    done = olive("report", "--population", "no_such_folder", "--reform", str(path))
    assert done.returncode == 1
    assert f"the label '{label}' is the name of another column" in done.stderr


def test_costs_of_programmes_that_few_receive_are_hidden_for_real_data(tmp_path: Path) -> None:
    city = Population.synthetic(households=150, seed=1)
    real = Population.from_frames(city.households, city.persons, year=2023)
    real.write(tmp_path / "city")
    file = tmp_path / "all.json"
    done = olive("report", "--population", str(tmp_path / "city"), "--json", str(file))
    assert done.returncode == 0, done.stderr
    programmes = json.loads(file.read_text(encoding="utf-8"))["programmes"]
    in_force = law(year=2023)
    names = [each["id"] for each in programmes]
    laws = [law("2022-07-01"), in_force, in_force | plan.scenario()]
    result = simulate(real, laws, outputs=names)
    hidden = 0
    for each in programmes:
        counts = [int((result.values(each["id"], at) > 0).sum()) for at in range(3)]
        small = any(0 < count < 10 for count in counts)
        hidden += small
        assert (each["cost"] == [None] * 3) == small, (each["id"], counts)
        assert (each["receiving"] == [None] * 3) == small
    assert 0 < hidden < len(programmes)
    assert (
        f"Cost of the transfers: Cells of fewer than 10 sample households are suppressed: {hidden}"
        in (" ".join(done.stdout.split()))
    )
    assert done.stdout.startswith("olive report: 2023\n")  # of a place that is not known
    chinese = olive("report", "--population", str(tmp_path / "city"), "--lang", "zh").stdout
    # every household of the file is its own cluster
    assert "1 层，150 个初级抽样单元；未计入校准" in "".join(chinese.split("\n"))
