"""The command line as tests of commands run it."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
from olive_tests.command_line import run_olive

RunOlive = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="session")
def olive() -> RunOlive:
    """Run ``olive`` with arguments on a wide terminal."""
    return run_olive
