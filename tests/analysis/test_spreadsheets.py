"""Tables for spreadsheets: formulas are not run, Chinese is shown, numbers stay numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from openpyxl import load_workbook

import olive
from olive.analysis.spreadsheets import frame_text, write_workbook
from olive.analysis.table import Table
from olive.errors import OutputError
from olive.places.labels import Label

EVIL = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


def table(title: str = "表：甲/乙") -> Table:
    frame = pd.DataFrame(
        {
            "county": ["linhai", *EVIL],
            "=share": [0.25, float("nan"), -1.5, 1e-12, 2.0, 3.0, 4.0],
        }
    )
    return Table(
        frame=frame,
        title=Label(title, "table"),
        units={"county": "", "=share": "1"},
        labels={"county": Label("县", "county"), "=share": Label("=占比", "=share")},
        words={"county": {"linhai": Label("临海市", "Linhai")}},
        notes=(Label("=说明\n第二行", "=note\nline two"),),
        synthetic=True,
    )


@pytest.mark.parametrize("excel", [False, True])
def test_csv(tmp_path, excel) -> None:
    path = tmp_path / "t.csv"
    table().to_csv(path, "zh", excel=excel)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == excel
    found = pd.read_csv(path, comment="#", encoding="utf-8-sig")
    assert list(found.columns) == (["县", "'=占比 [比例]"] if excel else ["county", "'=share"])
    assert found.iloc[0, 0] == ("临海市" if excel else "linhai")
    assert found.iloc[1:, 0].tolist() == [f"'{each}".replace("\r", "\n") for each in EVIL]
    assert found.iloc[:, 1].dropna().tolist() == [0.25, -1.5, 1e-12, 2.0, 3.0, 4.0]


def test_numbers_are_written_as_pandas_writes_them() -> None:
    frame = pd.DataFrame(
        {"a": [1, 2], "b": [0.1, 1 / 3], "c": [True, False], "d": ["-", None], "e": [1e300, 5e-324]}
    )
    expected = frame.to_csv(index=False, lineterminator="\n").replace(",-,", ",'-,")
    assert frame_text(frame) == expected


def test_workbook(tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    write_workbook(path, [table(), table()], "zh", about={"recipe": "=A1", "seed": "1"})
    book = load_workbook(path)
    assert book.sheetnames == ["说明", "表：甲 乙", "表：甲 乙 2"]
    said = [cell.value for row in book["说明"].iter_rows() for cell in row if cell.value]
    assert said[:2] == ["表：甲/乙", "表：甲/乙"]
    assert {"recipe", "=A1", "seed", "=说明\n第二行"} <= set(said)
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    rows = [[cell.value for cell in row] for row in book["表：甲 乙"].iter_rows()]
    assert rows[0] == ["县", "=占比 [比例]"]
    assert rows[1] == ["临海市", 0.25]
    assert rows[2] == [EVIL[0], None]
    assert rows[4] == [EVIL[2], 1e-12]
    table().to_excel(tmp_path / "one.xlsx")
    assert load_workbook(tmp_path / "one.xlsx").sheetnames == ["Notes", "table"]
    with pytest.raises(OutputError, match="no folder"):
        table().to_excel(tmp_path / "no" / "one.xlsx")


def test_without_openpyxl(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(OutputError, match=r"pip install 'olive-microsim\[excel\]'"):
        table().to_excel(tmp_path / "one.xlsx")


def test_headings_name_units_in_the_readers_language(city_result) -> None:
    compared = olive.compare(city_result, "law", "both", model_range=False)
    tables = [
        *(compared.targets(), compared.winners_and_losers(), compared.budget(), compared.cells()),
        *(compared.crossings(), compared.growth_incidence(), compared.progressivity()),
        *(olive.crossing_profile(city_result), olive.vulnerability(city_result)),
        *(olive.transitions(city_result), olive.marginal_rates(city_result)),
        olive.budget_line(city_result, 0, high=30_000),
    ]
    for each in tables:
        headings, _ = each.labelled("zh")
        assert not [head for head in headings if re.search(r"\[[^\]]*[A-Za-z1]", head)], each.title
    assert any("[元/年]" in head for head in tables[0].labelled("zh")[0])
    assert any("[yuan a year]" in head for head in tables[0].labelled("en")[0])
