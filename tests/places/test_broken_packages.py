"""A place whose package cannot be loaded is named, and hides no other place."""

from __future__ import annotations

import pytest
from olive_tests.command_line import run_olive

from olive.errors import DataError
from olive.places import registry


class Broken:
    def load(self) -> object:
        raise ImportError("No module named 'narnia'")


@pytest.fixture(autouse=True)
def with_a_broken_package(monkeypatch):
    entries = {**registry._entries(), "narnia": Broken()}
    monkeypatch.setattr(registry, "_entries", lambda: entries)


def test_it_is_named_where_it_is_asked_for():
    words = r"the place 'narnia' is installed, but its package cannot be loaded \(No module named"
    with pytest.raises(DataError, match=words):
        registry.place("narnia")


def test_it_hides_no_other():
    assert registry.place("浙江").name == "zhejiang"
    done = run_olive("places")
    assert done.returncode == 0
    assert "* taizhou  Taizhou" in done.stdout
    assert (
        "narnia  the place 'narnia' is installed, but its package cannot be loaded" in done.stdout
    )
