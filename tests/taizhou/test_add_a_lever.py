"""The guide to adding a lever, carried out word for word on a copy of the source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE_FILE = ROOT / "docs" / "how_to" / "add_a_lever.md"
GUIDE = GUIDE_FILE.read_text(encoding="utf-8")
FENCED = r"```(?:py|yaml)\n# (\S+)\n(.*?)```"
FILES = re.findall(FENCED, GUIDE, re.DOTALL)
# What `make test` runs of the tests that a new rule and a new lever can break.
LAST_STEP = (
    "tests/analysis/test_budget.py",
    "tests/places/test_coverage.py",
    "tests/taizhou/test_levers_have_cases.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    for part in ("src", "tests"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.parquet")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, content in FILES:
        target = folder / name
        assert not (ROOT / name).exists(), name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return folder


def run(folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "220"},
    )


OLIVE = "from olive.cli import main; main()"


def test_the_guide_has_its_parts() -> None:
    """Three files for the subsidy, one for what the plan does with it; no other file changes."""
    *subsidy, lever = [name for name, _ in FILES]
    assert [Path(name).suffix for name in subsidy] == [".py", ".yaml", ".yaml"]
    assert "/levers/" in lever
    assert "```diff" not in GUIDE


def test_both_languages_hold_the_same_files() -> None:
    chinese = GUIDE_FILE.with_suffix(".zh-CN.md").read_text(encoding="utf-8")
    assert re.findall(FENCED, chinese, re.DOTALL) == FILES


def test_the_cases_hold(copy: Path) -> None:
    done = run(copy, OLIVE, "cases", "tests/policy_cases/mountain_island_grant")
    assert done.stdout == "2 of 2 cases hold\n", done.stdout + done.stderr
    assert done.stdout.strip() in GUIDE


def test_the_clause_is_covered_and_reaches_income(copy: Path) -> None:
    code = (
        "from olive import plan\n"
        "[row] = [r for r in plan.coverage() if r.clause == 'path.9.mountain_island_transfers']\n"
        "print(row.status, 'disposable_income' in row.reaches)\n"
        "print('mountain_island_grant_per_head' in plan.scenario().parameters)"
    )
    done = run(copy, code)
    assert done.stdout.split() == ["assumed_value", "True", "True"], done.stderr


def test_lines_fit_the_projects_style(copy: Path) -> None:
    python = [name for name, _ in FILES if name.endswith(".py")]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *python],
        capture_output=True,
        text=True,
        check=False,
        cwd=copy,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow  # quick: the coverage says that it reaches income
def test_the_grant_is_in_income_and_in_the_budget(copy: Path) -> None:
    """By hand: what the public purse pays more is what households gain."""
    code = (
        "import olive\n"
        "city = olive.Population.synthetic(households=2_000, seed=1)\n"
        "law = olive.law(year=2023)\n"
        "grant = law | {'mountain_island_grant_per_head': {'tiantai': 300}}\n"
        "result = olive.simulate(city, [law, grant])\n"
        "budget = olive.compare(result).budget().frame.set_index('programme')\n"
        "paid = budget.loc['mountain_island_grant', 'amount_change']\n"
        "now, then = (result.values('disposable_income', at) for at in (1, 0))\n"
        "gained = float(city.weight @ (now - then))\n"
        "print(paid > 0, abs(paid - gained) < 1e-6 * paid)\n"
        "print(abs(budget.loc['public_balance', 'amount_change'] + paid) < 1e-6 * paid)"
    )
    done = run(copy, code)
    assert done.stdout.split() == ["True", "True", "True"], done.stdout + done.stderr


@pytest.mark.slow  # the cases and the coverage of the grant are quick
def test_the_last_step(copy: Path) -> None:
    assert "make test" in GUIDE
    done = run(copy, "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))", "-q", *LAST_STEP)
    assert done.returncode == 0, done.stdout + done.stderr
