"""Options of the suite, and the cities that it shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate import Table, generate

from olive.native.cores import available_cores
from olive.report.works import Workbench


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the size of the cities."""
    parser.addoption("--households", type=int, default=20_000, help="of the drawn cities")


@pytest.fixture(scope="session")
def households(pytestconfig: pytest.Config) -> int:
    """Return the size asked for."""
    size: int = pytestconfig.getoption("--households")
    return size


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Workbench]:
    """Return the workbenches made so far, by size."""
    return _Benches(tmp_path_factory.mktemp("benches"))


@pytest.fixture(scope="session")
def made_up(households: int) -> tuple[Table, Table]:
    """Return the tables of the fourteen rules."""
    return generate(households)


class _Benches(dict[int, Workbench]):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __missing__(self, size: int) -> Workbench:
        bench = Workbench(size, available_cores(), self._folder / str(size))
        self[size] = bench
        return bench
