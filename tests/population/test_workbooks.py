"""Workbooks: what a sheet shows is read, and what only seems to be there is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import olive
from olive.errors import DataError

openpyxl = pytest.importorskip("openpyxl")

HEADS = ["户编号", "成员", "出生年", "配偶", "月工资"]
ROWS = [[1, 1, 1985, 2, 5000], [1, 2, 1988, 1, "1,200"], [2, 1, 1972, -8, 3000.5]]
HOMES = {"户编号": [1, 2], "w": [10.0, 20.0]}
MAPPING = {
    "year": 2022,
    "missing_codes": [-8, "拒答"],
    "household": {"key": "户编号", "columns": {"weight": "w"}},
    "person": {
        "key": "户编号",
        "person": "成员",
        "columns": {
            "age": {"from": "出生年", "unit": "出生年"},
            "spouse": "配偶",
            "operating_income": {"from": "月工资", "unit": "元/月", "missing": 0},
        },
    },
}
# 5,000 x 12 = 60,000; 1,200 x 12 = 14,400; 3,000.5 x 12 = 36,006
AGES, INCOMES = [37, 34, 50], [60_000.0, 14_400.0, 36_006.0]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def write(change: Callable[[Any, Any], object] = lambda *_: None) -> Path:
        found = openpyxl.Workbook()
        sheet = found.active
        for row in (HEADS, *ROWS):
            sheet.append(row)
        change(sheet, found)
        found.save(tmp_path / "p.xlsx")
        return tmp_path / "p.xlsx"

    return write


def read(path: Path, **more: object) -> olive.Population:
    return olive.Population.from_survey(HOMES, path, MAPPING | more)


def put(cell: str, value: object) -> Callable[[Any, Any], None]:
    def change(sheet: Any, _book: Any) -> None:
        sheet[cell] = value

    return change


def hidden_first(_sheet: Any, book: Any) -> None:
    book.create_sheet("旧表", 0).append(["x"])
    book["旧表"].sheet_state = "hidden"


UNHARMED: dict[str, Callable[[Any, Any], object]] = {
    "plain": lambda *_: None,
    "text for numbers": put("E2", "5000"),
    "a number with a fraction of nought": put("A2", 1.0),
    "a date of birth": put("C2", dt.datetime(1985, 3, 1)),
    "empty rows between and after": lambda sheet, _: (
        sheet.insert_rows(3),
        put("A9", " ")(sheet, _),
    ),
    "blanks around a name": put("E1", " 月工资\n"),
    "formats and hidden rows": lambda sheet, _: sheet.row_dimensions.group(2, 3, hidden=True),
    "a hidden sheet before it": hidden_first,
    "a column without a name or a value": put("F1", " "),
    "a formula of another column's name": put("F1", "备注"),
}


@pytest.mark.parametrize("change", UNHARMED.values(), ids=UNHARMED)
def test_what_a_sheet_shows_is_read(book, change) -> None:
    found = read(book(change)).persons
    assert found["age"].tolist() == AGES
    assert found["spouse"].tolist() == [1, 0, -1]
    assert found["operating_income"].tolist() == INCOMES


ERRORS = ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!"]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_of_a_spreadsheet_is_no_empty_cell(book, error) -> None:
    path = book(put("E3", error))
    with pytest.raises(
        DataError, match=rf"for example '{error}' in row 1\)(.|\n)*row 0 is the first"
    ):
        read(path)
    told = read(path, missing_codes=[-8, error])
    assert told.persons["operating_income"].tolist() == [60_000, 0, 36_006]


@pytest.mark.parametrize("error", ERRORS)
def test_nor_in_text_files(tmp_path, error) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"户编号,成员,出生年,配偶,月工资\n1,1,1985,,{error}\n2,1,1972,,1\n", "utf-8")
    with pytest.raises(DataError, match=f"for example '{error}' in row 0"):
        read(path)
    found = read(path, missing_codes=["#n/a", error])
    assert found.persons["operating_income"].tolist() == [0, 12]


@pytest.mark.parametrize("cell", ["A3", "B3", "D3"])
def test_nor_in_identifiers(book, cell) -> None:
    with pytest.raises(DataError, match="#REF!"):
        read(book(put(cell, "#REF!")))


def test_nor_in_the_design() -> None:
    homes = {**HOMES, "s": ["a", "#N/A"]}
    household = {**MAPPING["household"], "design": {"stratum": "s"}}
    people = dict(zip(HEADS, zip(*ROWS, strict=True), strict=True))
    people = {name: list(values) for name, values in people.items()}
    with pytest.raises(DataError, match=r"stratum is missing in 1 rows.*row 1 \('#N/A'\)"):
        olive.Population.from_survey(homes, people, MAPPING | {"household": household})


def test_a_word_among_numbers_may_be_a_code_of_identifiers(book) -> None:
    assert read(book(put("D4", "拒答"))).persons["spouse"].tolist() == [1, 0, -1]


def merge(cells: str) -> Callable[[Any, Any], None]:
    return lambda sheet, _: sheet.merge_cells(cells)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            put("E3", "=E2*2"),
            r"lacks the results of 1 formula\(s\), in E3; open it in a spreadsheet",
        ),
        (merge("A2:A3"), r"cells of several rows are merged \(A2:A3\)"),
        (lambda sheet, _: sheet.insert_rows(1), None),
        (
            lambda sheet, _: (
                sheet.insert_rows(1),
                merge("A1:E1")(sheet, _),
                put("A1", "2022年住户调查")(sheet, _),
            ),
            "column B is empty; is the first row a title",
        ),
        (put("E1", "出生年"), "has the column '出生年' more than once"),
        (put("F3", "无名"), "that of column F is empty"),
        (
            put("A2", 331_000_198_501_011_234),
            "keeps whole numbers up to|several|not in the household",
        ),
        (lambda sheet, _: sheet.delete_rows(1, 9), "the sheet holds no table"),
    ],
)
def test_what_only_seems_to_be_there(book, change, words) -> None:
    path = book(change)
    if words is None:
        assert read(path).persons["age"].tolist() == AGES
        return
    with pytest.raises(DataError, match=words) as caught:
        read(path)
    assert "person table" in str(caught.value)


def test_long_numbers_have_lost_digits(book) -> None:
    """A spreadsheet keeps fifteen digits: identity cards of eighteen end in 000."""
    path = book(put("B2", 331_000_198_501_011_000))
    with pytest.raises(DataError, match=r"holds (double|float64), which keeps whole numbers up to"):
        read(path)


def test_a_note_says_which_sheet_was_read(tmp_path: Path) -> None:
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
    found = olive.Population.from_survey(homes, tmp_path / "p.xlsx", mapping)
    assert found.persons["age"].tolist() == [40]
    assert any("'成员' was read, the first visible of 2" in str(note) for note in found.notes)
    people.to_excel(tmp_path / "one.xlsx", index=False)
    alone = olive.Population.from_survey(homes, tmp_path / "one.xlsx", mapping)
    assert not any("sheet" in str(note) for note in alone.notes)
