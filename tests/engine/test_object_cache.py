"""Compiled code is kept on disk by content: nothing is compiled twice, nothing torn is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from olive.native.machine_library import cache_folder, kernel_name
from olive.native.private_folder import PrivateFolder

# Runs in a process of its own and prints, for each variant of a rule set, how many loops were
# compiled and what came out.
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from olive_tests.toy import people, policy, small
from olive.engine import household_sum, maximum, run_policies

table = small([2, 1], wage=[70_000.0, 50_000.0, 90_000.0])


def law(formula):
    return policy(
        taxed=people("yuan/year")(lambda wage, allowance: maximum(wage - allowance, 0.0)),
        charge=people("yuan/year")(formula),
        charges=household_sum("charge"),
    )


first = law(lambda taxed, rate: taxed * rate)
edited = law(lambda taxed, rate: taxed * rate * 2)
found = []
for variant in (first, first | {"allowance": 40_000, "rate": 0.5}, edited, first):
    run = run_policies(table, [variant], ["charges"], backend="compiled")
    compiled = int(run.notes[0].split()[1]) if run.notes else 0
    found.append((compiled, run.arrays[0, "charges"].tolist()))
print(json.dumps(found))
"""
# 8 % above 60,000: 800 + 0 and 2,400; 50 % above 40,000: 15,000 + 5,000 and 25,000; twice 8 %.
FIGURES = [[800.0, 2_400.0], [20_000.0, 25_000.0], [1_600.0, 4_800.0], [800.0, 2_400.0]]


def compiled(cache: Path) -> list[int]:
    """Return how many loops each variant compiled in a fresh process with a cache folder."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parents[1] / "helpers")],
        env={**os.environ, "OLIVE_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(result.stdout)
    assert [figures for _, figures in found] == [pytest.approx(each) for each in FIGURES]
    return [count for count, _ in found]


def test_cache(tmp_path) -> None:
    cache = tmp_path / "deep" / "cache"
    # The inner order, a column that enters it, two formulas, one sum, a result that leaves, and
    # the driver; then the edited formula alone.
    assert compiled(cache) == [7, 0, 1, 0]
    files = sorted(cache.iterdir())
    assert len(files) == 8
    assert all(file.suffix == ".o" for file in files)
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}
    assert compiled(cache) == [0, 0, 0, 0]
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in files} == before
    # Torn, emptied, grown, one bit turned, gone: each is compiled anew, and mended on disk.
    torn = files[0].read_bytes()
    files[0].write_bytes(torn[: len(torn) // 2])
    files[1].write_bytes(b"")
    files[2].write_bytes(files[2].read_bytes() + b"\0")
    turned = bytearray(files[3].read_bytes())
    turned[-1] ^= 1
    files[3].write_bytes(bytes(turned))
    files[4].unlink()
    assert sum(compiled(cache)) == 5
    assert sum(compiled(cache)) == 0
    assert {file.name: file.read_bytes() for file in cache.iterdir()} == {
        file.name: content for file, (_, content) in before.items()
    }


def test_code_of_others_is_not_run(tmp_path) -> None:
    """Kept files that others may have written are compiled anew: counted, and the figures hold."""
    cache = tmp_path / "cache"
    compiled(cache)
    files = sorted(cache.iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert cache.stat().st_mode & 0o777 == 0o700
    files[0].chmod(0o622)
    files[1].write_bytes(files[2].read_bytes())  # sound, but of another kernel
    assert sum(compiled(cache)) == 2
    assert sum(compiled(cache)) == 0
    cache.chmod(0o777)
    assert compiled(cache) == [7, 0, 1, 0]


@pytest.mark.slow  # quick: the cache above
def test_code_that_cannot_be_linked_is_compiled_anew(tmp_path) -> None:
    cache = tmp_path / "cache"
    compiled(cache)
    for file in cache.iterdir():
        PrivateFolder(cache, own=False).write(file.name, b"no machine code")
    assert compiled(cache) == [7, 0, 1, 0]
    assert sum(compiled(cache)) == 0


def test_without_a_home(monkeypatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("OLIVE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert cache_folder() is None


def test_cache_that_cannot_be_written(tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert compiled(blocked) == [7, 0, 1, 0]
    assert blocked.read_text() == "not a folder"


def test_place_of_the_cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("OLIVE_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    monkeypatch.delenv("OLIVE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "olive"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "olive"


def test_names_follow_the_content() -> None:
    assert kernel_name(("a", 1.0)) == kernel_name(("a", 1.0))
    assert (
        len({kernel_name(each) for each in (("a", 1.0), ("a", True), ("a", 2.0), ("b", 1.0))}) == 4
    )
