"""The table of peers leaves no public function out."""

import inspect
from pathlib import Path

import pytest

from olive import statistics as st

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
FUNCTIONS = [name for name in st.__all__ if inspect.isfunction(getattr(st, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_peer_or_a_reason(name):
    _, peers = PAGE.read_text(encoding="utf-8").split("## Independent peers")
    assert f"`{name}`" in peers
