"""synthesize and calibrate: what a user types, sees, and gets wrong."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
from olive_tests.command_line import run_olive

import olive

TARGETS = """id,entity,measure,where,value,year,unit,source,status,tolerance,block
urban,person,count,urban == 1,{urban},2023,persons,a test,published,,
rural,person,count,urban == 0,{rural},2023,persons,a test,published,,
"""


def run(*arguments: object) -> CompletedProcess[str]:
    return run_olive(*arguments, columns=180)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("population") / "city"
    done = run("synthesize", target, "--households", 500, "--seed", 7)
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC DATA" in done.stdout
    return target


def test_written_population_is_the_generated_one(folder: Path) -> None:
    read = olive.Population.read(folder)
    assert read.is_synthetic
    same = olive.Population.synthetic(households=500, seed=7)
    assert read.fingerprint() == same.fingerprint()


def test_calibrated_weights_meet_the_targets(folder: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(TARGETS.format(urban=4_300_000, rural=2_300_000), encoding="utf-8")
    done = run("calibrate", folder, targets, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    city = olive.Population.read(tmp_path / "out")
    urban = city.households["urban"].to_numpy()
    assert (city.weight * city.size)[urban].sum() == pytest.approx(4_300_000, rel=1e-6)


def test_targets_out_of_reach_are_named_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(TARGETS.format(urban=900_000_000, rural=1), encoding="utf-8")
    done = run("calibrate", folder, targets, tmp_path / "out")
    assert done.returncode == 1
    assert "urban" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--place", "taizho"), "taizhou"),
        (("--year", "1990"), "1990"),
    ],
)
def test_unknown_recipes_are_refused(tmp_path: Path, arguments: tuple, expected: str) -> None:
    done = run("synthesize", tmp_path / "x", *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.slow  # quick: validate in test_languages.py
def test_validation_prints_misses_and_writes_page_and_table(tmp_path: Path) -> None:
    done = run(
        "validate",
        "--households",
        600,
        "--no-model-range",
        "--page",
        tmp_path / "validation.md",
        "--csv",
        tmp_path / "validation.csv",
    )
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC DATA" in done.stdout
    assert "held_out" in done.stdout
    assert "61,067" in done.stdout
    assert (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert (tmp_path / "validation.csv").read_text(encoding="utf-8").startswith("id,block,role")
