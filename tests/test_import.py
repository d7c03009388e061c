"""Importing olive is light, every public name is there, and typed."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import olive
import olive.engine
import olive_microsim

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"


def run(code: str, *folders: Path | str, script: bool = False) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, folders))
    return subprocess.run(
        [sys.executable, "-W", "always", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **({"PYTHONPATH": paths} if folders else {})},
    )


@pytest.mark.timing
def test_import_is_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import time, sys; start = time.perf_counter(); import olive; "
        "print(time.perf_counter() - start); "
        "print(any(name in sys.modules for name in ('numpy', 'llvmlite', 'pandas', 'matplotlib')))"
    )
    seconds, heavy = run(code).stdout.split()
    assert float(seconds) < 0.3
    assert heavy == "False"


def test_statistics_load_no_frames_and_no_solvers() -> None:
    heavy = "('pandas', 'pyarrow', 'scipy.special', 'scipy.optimize', 'olive.engine')"
    done = run(f"import sys, olive.statistics; print([x for x in {heavy} if x in sys.modules])")
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("room", [olive, olive.engine])
def test_every_public_name_loads(room) -> None:
    assert len(room.__all__) > 20
    for name in room.__all__:
        assert getattr(room, name) is not None
        assert name in dir(room)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        olive.no_such_name  # noqa: B018


@pytest.mark.slow  # quick: names of the types are those of the package
def test_a_users_script_is_typed(tmp_path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import olive\n"
        "import olive.engine\n"
        "reveal_type(olive.simulate)\n"
        "reveal_type(olive.compare)\n"
        'reveal_type(olive.law(year=2023) | olive.Reform({"dibao_standard": 15_000}))\n'
        "reveal_type(olive.statistics.gini)\n"
        "reveal_type(olive.engine.person_rule)\n"
        "olive.simulat\n"
        "olive.law(yaer=2023)\n"
        "olive.engine.person_rul\n",
        encoding="utf-8",
    )
    # Other packages' types take most of the time and are not what is tested.
    options = ["--strict", "--no-site-packages", "--cache-dir", tmp_path]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, script.name],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(SOURCE)},
    )
    told: dict[int, str] = {}
    for line in done.stdout.splitlines():
        if line.startswith("script.py:"):
            told.setdefault(int(line.split(":")[1]), line)
    assert 'Revealed type is "def (population: olive.population.population.Population' in told[3]
    assert told[3].endswith('-> olive.simulation.result.Result"')
    assert "-> olive.analysis.comparison.Comparison" in told[4]
    assert 'Revealed type is "olive.engine.policy.Policy"' in told[5]
    assert 'Revealed type is "def ' in told[6]
    assert 'Revealed type is "' in told[7]
    assert '"Any"' not in told[7]
    assert 'has no attribute "simulat"; maybe "simulate"?' in told[8]
    assert '"yaer"' in told[9]
    assert 'has no attribute "person_rul"' in told[10]


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "olive.__version__"}
    assert f"## {olive.__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture
def site(tmp_path) -> Path:
    """Return a folder where olive is installed."""
    for name in ("olive", "olive_microsim.py"):
        (tmp_path / name).symlink_to(SOURCE / name)
    return tmp_path


def test_nothing_is_said_where_olive_is_alone(site) -> None:
    (site / "olive_microsim-0.2.0.dist-info").mkdir()
    (site / "oliver-1.0.dist-info").mkdir()
    assert olive_microsim.others_beside(str(site)) == []


@pytest.mark.parametrize(
    ("metadata", "name"),
    [("olive_ai-0.13.0.dist-info", "olive-ai"), ("olive-0.2.11.dist-info", "olive")],
)
def test_another_olive_in_the_same_folder_is_told_on_import(tmp_path, metadata, name) -> None:
    # Copies: where the module really lies decides.
    (tmp_path / "olive").mkdir()
    for file in ("__init__.py", "__init__.pyi"):
        (tmp_path / "olive" / file).write_bytes((SOURCE / "olive" / file).read_bytes())
    (tmp_path / "olive_microsim.py").write_bytes((SOURCE / "olive_microsim.py").read_bytes())
    assert run("import olive", tmp_path).stderr == ""
    (tmp_path / metadata).mkdir()
    told = run("import olive", tmp_path)
    assert told.returncode == 0
    assert f"the distribution {name} is installed in {tmp_path} as well" in told.stderr
    assert "an environment of its own" in told.stderr
    assert "虚拟环境" in told.stderr


def test_another_olive_that_hides_this_one_is_told_under_the_distributions_name(tmp_path) -> None:
    (tmp_path / "olive").mkdir()
    (tmp_path / "olive" / "__init__.py").write_text("run = None\n", encoding="utf-8")
    for code in ("import olive_microsim", "import olive, olive_microsim"):
        told = run(code, tmp_path, SOURCE)
        assert told.returncode == 1
        assert f"'import olive' gives {tmp_path / 'olive' / '__init__.py'}" in told.stderr
        assert "ImportError" in told.stderr


def test_another_olive_written_over_this_one_is_told(tmp_path) -> None:
    (tmp_path / "olive").mkdir()
    (tmp_path / "olive" / "__init__.py").write_text("run = None\n", encoding="utf-8")
    (tmp_path / "olive_microsim.py").write_bytes((SOURCE / "olive_microsim.py").read_bytes())
    told = run("import olive_microsim", tmp_path)
    assert told.returncode == 1
    assert "belongs to another project" in told.stderr


def test_the_distributions_name_runs_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "olive_microsim", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == f"olive {olive.__version__}"
