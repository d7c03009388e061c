"""What holds for all tests."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from olive.messages import speak

# What holds of a commit must not depend on the day: drawn examples are the same in every run, and
# `make fuzz` alone draws new ones. Limits of wall-clock time fail on a busy machine and say
# nothing of the code.
settings.register_profile(
    "olive", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fuzz", settings.get_profile("olive"), derandomize=False, print_blob=True)
settings.load_profile("olive")
# Numbers that stand in the modules loaded so far would be drawn too, and these are others in each
# process of a run.
providers.is_local_module_file = lambda path: False


@pytest.fixture(autouse=True)
def no_language_is_left() -> Iterator[None]:
    """A test that chooses a language leaves none behind for those that run after it."""
    yield
    speak(None)


@pytest.fixture(autouse=True)
def _charts_are_closed() -> Iterator[None]:
    yield
    if "matplotlib.pyplot" in sys.modules:  # what opened none need not wait for its import
        sys.modules["matplotlib.pyplot"].close("all")
