"""`olive reform show|diff|check FILE`: what a user types, sees, and gets wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
STEPS = """# two steps towards the plan's floor
label: steps
zh: 分步
operations:
  - parameter: dibao_standard
    operation: at_least
    path: {2023: 12500, 2025: 13000}
    clause: path.11.dibao_floor
    note: in two steps
    plausible: {range: [0.95, 1.05], form: factor, basis: two drafts}
  - {parameter: basic_deduction, operation: set, value: 60000, status: law, source: 个人所得税法}
"""


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    path = tmp_path / "steps.yaml"
    path.write_text(STEPS, encoding="utf-8")
    return path


def test_show_lists_operations_and_names_what_is_assumed(olive: Run, steps: Path) -> None:
    done = olive("reform", "show", str(steps))
    assert done.returncode == 0, done.stderr
    for shown in ("steps · 分步", "2023: 12500", "2025: 13000", "0.95 to 1.05", "in two steps"):
        assert shown in done.stdout
    assert "Neither law nor published (1): dibao_standard" in done.stdout


def test_a_table_is_changed_for_one_county(olive: Run, tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text(
        "operations:\n  - {parameter: dibao_standard, operation: set, value: {tiantai: 13000}}\n",
        encoding="utf-8",
    )
    assert "tiantai: 13000" in olive("reform", "show", str(path)).stdout
    # 1,041 yuan a month is 12,492 a year
    (line,) = [
        row
        for row in olive("reform", "diff", str(path), "--date", "2023-03-01").stdout.splitlines()
        if row.startswith("dibao_standard")
    ]
    assert line.split() == ["dibao_standard:", "tiantai", "12492", "13000", "yuan/year"]


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        # 950 yuan a month is 11,400 a year; the path begins in 2023
        (("--date", "2022-07-01"), "11400", "11400"),
        # 1,041 yuan a month is 12,492 a year
        (("--date", "2023-03-01"), "12492", "12500"),
        # as in a report of 2025: 1,078 yuan a month on the first of four months, 1,125 of eight
        ((), "13312", "13312"),
    ],
)
def test_diff_against_a_law(
    olive: Run, steps: Path, when: tuple[str, ...], before: str, after: str
) -> None:
    done = olive("reform", "diff", str(steps), *when)
    assert done.returncode == 0, done.stderr
    (line,) = [x for x in done.stdout.splitlines() if x.startswith("dibao_standard ")]
    assert line.split() == ["dibao_standard", before, after, "yuan/year"]
    assert "path.11.dibao_floor" in done.stdout


@pytest.mark.parametrize(("when", "grown"), [(("--date", "2023-06-01"), False), ((), True)])
def test_the_law_of_a_day_is_as_recorded(
    olive: Run, tmp_path: Path, when: tuple[str, ...], grown: bool
) -> None:
    # 500 yuan a month since 2016: no later figure is recorded, and over a year it grows with dibao.
    path = tmp_path / "care.yaml"
    path.write_text(
        "operations: [{parameter: disability_care_amount, operation: multiply, value: 2}]\n",
        encoding="utf-8",
    )
    done = olive("reform", "diff", str(path), *when)
    (line,) = [row for row in done.stdout.splitlines() if "fully_unable" in row]
    before, after = map(float, line.split()[2:4])
    assert after == pytest.approx(2 * before)
    assert before > 6_000.0 if grown else before == 6_000.0


def test_check_of_a_sound_reform(olive: Run, steps: Path) -> None:
    done = olive("reform", "check", str(steps), "--year", "2024")
    assert done.returncode == 0, done.stderr
    assert "2 operations on 2 parameters fit the law 2024; 1 rest on an assumption" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("parameter: dibao_standard", "parameter: dibao_standart", "did you mean 'dibao_standard'"),
        ("2025: 13000", "2025: 1300000", "outside the allowed range"),
        ("value: 60000", "value: [1]", "must be a number"),
    ],
)
def test_check_finds_faults_before_their_year(
    olive: Run, steps: Path, old: str, new: str, expected: str
) -> None:
    assert old in STEPS
    steps.write_text(STEPS.replace(old, new), encoding="utf-8")
    done = olive("reform", "check", str(steps), "--date", "2022-07-01")
    assert done.returncode == 1
    assert expected in done.stdout
    assert "operations[" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_names_every_fault(olive: Run, steps: Path) -> None:
    faulty = STEPS.replace("dibao_standard", "dibao_standart").replace("60000", "-1")
    steps.write_text(faulty, encoding="utf-8")
    done = olive("reform", "check", str(steps))
    assert done.returncode == 1
    assert "operations[0]" in done.stdout
    assert "operations[1]" in done.stdout


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("1e999", "dibao_standard must be a number, found '1e999'"),
        (".nan", "dibao_standard: nan is not a finite number"),
        ("fifteen", "dibao_standard must be a number, found 'fifteen'"),
        ("{linhai: x}", "dibao_standard, linhai: must be a number, found 'x'"),
        ("-5", "outside the allowed range"),
        ("80%", "dibao_standard must be a number, found '80%'; write digits alone"),
        ("１５０００", "such as 15000, and 80 % as 0.8"),
    ],
)
def test_every_command_refuses_what_no_law_can_carry_out_in_the_same_words(
    olive: Run, tmp_path: Path, value: str, fault: str
) -> None:
    path = tmp_path / "faulty.yaml"
    step = f"{{parameter: dibao_standard, operation: set, value: {value}}}"
    path.write_text(f"operations: [{step}]\n", encoding="utf-8")
    for command in ("show", "diff", "check"):
        done = olive("reform", command, str(path))
        assert done.returncode == 1
        assert fault in " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("command", ["show", "diff", "check"])
def test_unreadable_files_end_in_one_line(olive: Run, tmp_path: Path, command: str) -> None:
    path = tmp_path / "faulty.yaml"
    path.write_text("label: x\noperation: []\n", encoding="utf-8")
    done = olive("reform", command, str(path))
    assert done.returncode == 1
    assert "did you mean 'operations'" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    gone = olive("reform", command, str(tmp_path / "gone.yaml"))
    assert gone.returncode == 1
    assert "gone.yaml" in gone.stderr


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (("--date", "2023-01-01", "--year", "2023"), "not both"),
        (("--date", "2018-01-01"), "recorded from 2019-01-01"),
        (("--date", "tomorrow"), "is not a date"),
    ],
)
def test_impossible_dates(olive: Run, steps: Path, when: tuple[str, ...], expected: str) -> None:
    done = olive("reform", "diff", str(steps), *when)
    assert done.returncode == 1
    assert expected in done.stderr


def test_show_in_chinese_names_parameters_by_label_and_identifier(olive: Run, steps: Path) -> None:
    done = olive("reform", "show", str(steps), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    for shown in (
        "分步",
        "最低生活保障标准（每人）",
        "(dibao_standard)",
        "不低于",
        "0.95 至 1.05 倍",
    ):
        assert shown in done.stdout
    assert "既非法律也非公布数（1 项）：最低生活保障标准（每人） (dibao_standard)" in done.stdout
    for english in ("at_least", "assumption", "operation", "status", "Neither"):
        assert english not in done.stdout


def test_diff_in_chinese(olive: Run, steps: Path) -> None:
    done = olive("reform", "diff", str(steps), "--date", "2023-03-01", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    (line,) = [x for x in done.stdout.splitlines() if "最低生活保障标准" in x]
    # 1,041 yuan a month is 12,492 a year
    assert line.split()[-3:] == ["12492", "12500", "元/年"]
    assert "yuan" not in done.stdout


def test_diff_in_chinese_names_the_county(olive: Run, tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text(
        "operations:\n  - {parameter: dibao_standard, operation: set, value: {tiantai: 13000}}\n",
        encoding="utf-8",
    )
    shown = olive("reform", "diff", str(path), "--year", "2023", "--lang", "zh").stdout
    assert "：天台县" in shown
    assert "2023 年法规" in shown
    assert "天台县: 13000" in olive("reform", "show", str(path), "--lang", "zh").stdout


def test_check_in_chinese(olive: Run, steps: Path) -> None:
    done = olive("reform", "check", str(steps), "--year", "2024", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "2 项操作，涉及 2 个参数，与2024 年法规相符；1 项为假定" in done.stdout
    steps.write_text(STEPS.replace("value: 60000", "value: -1"), encoding="utf-8")
    done = olive("reform", "check", str(steps), "--lang", "zh")
    assert done.returncode == 1
    assert f"{steps}：operations[1]：" in done.stdout
