"""Importing olive is light, and every public name is there."""

import subprocess
import sys

import pytest

import olive


@pytest.mark.timing
def test_import_is_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import time, sys; start = time.perf_counter(); import olive; "
        "print(time.perf_counter() - start); "
        "print(any(name in sys.modules for name in ('numba', 'llvmlite', 'pandas', 'matplotlib')))"
    )
    seconds, heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(seconds) < 0.3
    assert heavy == "False"


def test_every_public_name_loads() -> None:
    for name in olive.__all__:
        assert getattr(olive, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        olive.no_such_name  # noqa: B018
