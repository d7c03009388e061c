"""What every test with made-up inputs holds: olive's errors only, and an end within seconds.

Each has a short run, and a long one in ``make slow``.
"""

from __future__ import annotations

import contextlib
import signal
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from olive.errors import OliveError

# Whether the examples are the same every time is settled in tests/conftest.py.
SHORT = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what takes more time of the processor, which does not depend on how busy others are."""

    def stop(*_: object) -> None:
        pytest.fail(f"took more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def only_olives_errors() -> Iterator[None]:
    """Let errors of olive's pass, and warnings; anything else fails the test, a hang too."""
    with within(5), warnings.catch_warnings(), contextlib.suppress(OliveError):
        warnings.simplefilter("ignore")
        yield
