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
GUIDE = (ROOT / "docs" / "how_to" / "add_a_lever.md").read_text(encoding="utf-8")
FILES = re.findall(r"```(?:py|yaml)\n# (\S+)\n(.*?)```", GUIDE, re.DOTALL)
CHANGES = re.findall(r"```diff\n(.*?)```", GUIDE, re.DOTALL)
HOOK = "src/olive/taizhou/law/programme_transfers.py"


def patched(text: str, change: str) -> str:
    """Carry out a change given as lines that begin with a space (there) or a plus (added)."""
    lines = change.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line.startswith(" "))
    assert text.count(before) == 1, before
    return text.replace(before, "".join(line[1:] for line in lines))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(
        ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.parquet")
    )
    for name, content in FILES:
        target = folder / name
        assert not (ROOT / name).exists(), name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    hook = folder / HOOK
    for change in CHANGES:
        hook.write_text(patched(hook.read_text(encoding="utf-8"), change), encoding="utf-8")
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
    assert [Path(name).suffix for name, _ in FILES] == [".py", ".yaml", ".yaml", ".yaml"]
    assert len(CHANGES) == 2


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
