"""The floors of the house: imports only go down and never in a circle, lazy and type-only too."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

# A room may import from rooms on lower floors, and from itself. docs/architecture.md explains them.
FLOORS = (
    {"messages"},
    {"errors", "progress_bar"},
    {"native", "progress"},
    {"engine", "statistics"},
    {"places"},
    {"population"},
    {"simulation"},
    {"synthesis", "validation"},
    {"analysis"},
    {"report"},
    {"cli"},
)
# Beside the floors: packs of places, which may use every floor; no floor may import them.
PACKS = {"china", "taizhou", "zhejiang"}
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in (SOURCE / "olive").rglob("*.py")}


def imports_of(path: Path) -> set[str]:
    """Return every module of olive that a file imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                found.add(inner if inner in MODULES else node.module)
    return {name for name in found if name in MODULES and name != "olive"}


@cache  # not before a test runs: every worker of the tests reads this file
def edges() -> dict[str, set[str]]:
    return {name: imports_of(path) for name, path in MODULES.items()}


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


# Tests of more than one room: files that run, data beside tests, and what stands outside `src`.
NO_ROOM = {"benchmarks", "fuzzing", "helpers", "known_faults", "notebooks", "policy_cases"}


def test_every_room_has_a_floor() -> None:
    assert {room(name) for name in MODULES} - {""} == set(FLOOR) | PACKS


def test_tests_mirror_the_rooms() -> None:
    """Each room that is a folder has a folder of tests, and each of these its room."""
    folders = {each.name for each in Path(__file__).parent.iterdir() if each.is_dir()}
    rooms = {path.relative_to(SOURCE / "olive").parts[0] for path in MODULES.values()}
    assert {each for each in folders if each[0] != "_"} - NO_ROOM == {
        each for each in rooms if not each.endswith(".py")
    }


def test_imports_go_down() -> None:
    upwards = [
        f"{name} -> {other}"
        for name, others in edges().items()
        for other in others
        if room(name) in FLOOR and room(other) in FLOOR and room(name) != room(other)
        if FLOOR[room(name)] <= FLOOR[room(other)]
    ]
    assert upwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(edges()).prepare()
    except CycleError as fault:
        pytest.fail(f"imported by each other in a circle: {' <- '.join(fault.args[1])}")


def test_no_floor_knows_a_pack() -> None:
    knowing = {
        f"{name} -> {other}"
        for name, others in edges().items()
        for other in others
        if room(name) in FLOOR and room(other) in PACKS
    }
    assert knowing == set()


def test_no_private_name_crosses_modules() -> None:
    crossing = []
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("olive"):
                crossing += [
                    f"{name} takes {each.name} of {node.module}"
                    for each in node.names
                    if each.name.startswith("_") and not each.name.startswith("__")
                ]
    assert crossing == []
