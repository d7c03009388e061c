"""Examples are the same in every run of the tests, or a green commit is red the next day."""

from __future__ import annotations

import importlib

from hypothesis import given, settings
from hypothesis import strategies as st

PINNED = settings(settings.get_profile("olive"), max_examples=200)


def drawn() -> list[int | str]:
    examples = []

    @PINNED
    @given(st.integers() | st.text())
    def draw(example: int | str) -> None:
        examples.append(example)

    draw()
    return examples


def test_examples_do_not_depend_on_what_else_is_loaded(tmp_path, monkeypatch):
    before = drawn()
    path = tmp_path / "constants.py"
    path.write_text(f"NUMBERS = {[*range(10**6, 10**6 + 300)]}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("constants")
    assert len(module.NUMBERS) == 300
    assert drawn() == before
