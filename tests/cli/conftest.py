"""The command line in a process of its own, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

RunOlive = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def olive() -> RunOlive:
    """Run ``olive`` with arguments on a wide terminal."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from olive.cli import main; main()", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "COLUMNS": "220"},
        )

    return run
