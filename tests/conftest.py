"""What holds for all tests."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from olive.messages import speak

# Wall-clock deadlines of single examples fail on a busy machine and say nothing of the code.
settings.register_profile("olive", deadline=None)
settings.load_profile("olive")


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
