"""Workbooks of several sheets: the first is read, and a note says which."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import olive


def test_a_note_says_which_sheet_was_read(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    people = pd.DataFrame({"fid": [1], "age": [40]})
    with pd.ExcelWriter(tmp_path / "p.xlsx") as book:
        people.to_excel(book, sheet_name="成员", index=False)
        people.assign(age=70).to_excel(book, sheet_name="旧表", index=False)
    mapping = {
        "year": 2022,
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": {"age": "age"}},
    }
    homes = {"fid": [1], "w": [1.0]}
    read = olive.Population.from_survey(homes, tmp_path / "p.xlsx", mapping)
    assert read.persons["age"].tolist() == [40]
    assert any("'成员' was read, the first of 2" in str(note) for note in read.notes)
    people.to_excel(tmp_path / "one.xlsx", index=False)
    alone = olive.Population.from_survey(homes, tmp_path / "one.xlsx", mapping)
    assert not any("sheet" in str(note) for note in alone.notes)
