"""Python blocks of the how-to guides run, one after the other within a guide."""

import importlib
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import olive

ROOT = Path(__file__).parent.parent
GUIDES = sorted((ROOT / "docs" / "how_to").glob("*.md"))
CHINESE = [guide for guide in GUIDES if guide.name.endswith(".zh-CN.md")]
# A Chinese edition shows the code of the English one, which a test below holds: it runs once.
ENGLISH = [guide for guide in GUIDES if guide not in CHINESE]


# Those that draw assumptions, solve a recipe or write a large city; the others are quick.
LONG = {"how_sure", "own_recipe", "larger_than_memory", "ask_further"}


@pytest.mark.parametrize(
    "guide",
    [
        pytest.param(each, id=each.stem, marks=[pytest.mark.slow] if each.stem in LONG else [])
        for each in ENGLISH
    ],
)
def test_guide_runs(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "\n".join(
        re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    )
    if not code:
        pytest.skip("no python in this guide")
    monkeypatch.chdir(tmp_path)
    if "__main__" not in code:
        exec(compile(code, guide.name, "exec"), {"__name__": guide.stem})
        return
    # What starts processes of its own needs a process that they can be started from.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_modules_that_are_named_stand_there(page: Path) -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", page.read_text(encoding="utf-8"))
    assert [
        each for each in named if not any(path.endswith(f"/{each}") for path in _modules())
    ] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_names_of_olive_are_there(page: Path) -> None:
    named = set(re.findall(r"`(olive(?:\.[A-Za-z_]\w*)+)", page.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not _is_there(name)] == []


def _is_there(name: str) -> bool:
    """Return whether a dotted name is an attribute, or a module that can be imported."""
    found: object = olive
    parts = name.split(".")
    for last, part in enumerate(parts[1:], 2):
        try:
            found = getattr(found, part)
        except AttributeError:
            try:
                found = importlib.import_module(".".join(parts[:last]))
            except ImportError:
                return False
    return True


@cache
def _modules() -> list[str]:
    folders = ("src", "tests", "benchmarks", "examples", "tools")
    return [path.as_posix() for folder in folders for path in (ROOT / folder).rglob("*.py")]


@pytest.mark.parametrize("guide", CHINESE, ids=lambda guide: guide.stem)
def test_chinese_edition_shows_the_code_of_the_english_one(guide: Path) -> None:
    english = guide.with_name(guide.name.replace(".zh-CN", ""))
    assert _blocks(guide) == _blocks(english)


def _blocks(page: Path) -> list[str]:
    """Return the blocks of code of a page without their comments, which are translated."""
    blocks = re.findall(r"```\w*\n.*?```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [re.sub(r"[ ]*#.*", "", block) for block in blocks]
