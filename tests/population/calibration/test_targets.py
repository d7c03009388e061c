"""The language of `where`, and targets read from files."""

from __future__ import annotations

import pytest

from olive.population.calibration import CalibrationError, Targets, WhereError, parse_where

# The language of where -------------------------------------------------------------------------


def test_where_reads_every_kind_of_value():
    parts = parse_where("age>=60 and urban == true and county != 'san men' and x < -1.5e3")
    assert [(p.column, p.operator, p.value) for p in parts] == [
        ("age", ">=", 60.0),
        ("urban", "==", True),
        ("county", "!=", "san men"),
        ("x", "<", -1500.0),
    ]
    assert parse_where("  ") == ()
    assert parse_where("收入 > 13_000")[0].column == "收入"


@pytest.mark.parametrize(
    "text",
    [
        "age >= 60 or sex == male",
        "age >= 60 and",
        "age",
        "60 <= age",
        "age >= 60 sex == male",
        "age >= 60 and and sex == male",
        "not urban",
        "__import__('os').system('true')",
        "age >= (60)",
        "age >= 60; sex == 1",
        "age => 60",
        "age >= 3x",
        "0 < age < 10",
    ],
)
def test_where_refuses_everything_else(text):
    with pytest.raises(WhereError, match="cannot be read at"):
        parse_where(text)


# Reading targets -------------------------------------------------------------------------------

HEADER = "id,entity,measure,where,value,year,unit,source,status,tolerance,block,quote\n"
GOOD = 'old,person,count,age >= 60,1295869,2020,persons,census,published,,age,"60岁及以上"\n'


def read(tmp_path, text):
    path = tmp_path / "targets.csv"
    path.write_text(text, "utf-8")
    return Targets.read(path)


def test_targets_are_read_with_tolerances_by_status(tmp_path):
    text = HEADER + GOOD + "later,person,count,,7,2024,persons,census,missing,,,\n"
    text += "rough,person,count,,6e6,2020,persons,memory,recalled,0.02,,\n"
    found = read(tmp_path, text)
    assert found.ids == ("old", "rough")
    assert found.missing == ("later",)
    assert [item.tolerance for item in found] == [0.0005, 0.02]
    assert Targets.from_frame(found.to_frame()).items == found.items
    assert found.fingerprint() != found.without(["rough"]).fingerprint()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER.replace("tolerance", "tolerence"), r"no column 'tolerance' \(did you mean"),
        (HEADER + GOOD.replace("person,", "persn,"), "line 2.*unknown entity 'persn' .did you"),
        (HEADER + GOOD.replace("published", "publised"), "line 2.*did you mean 'published'"),
        (HEADER + GOOD.replace("1295869", "1.3m"), "line 2: value '1.3m' is not a number"),
        (HEADER + GOOD.replace("count", "mean:wage"), "'count' or 'sum:column'"),
        (HEADER + GOOD.replace(">= 60", "=> 60"), "line 2: Target 'old'.*cannot be read"),
        (HEADER + GOOD + GOOD, "repeated: old"),
        (
            HEADER + GOOD.replace("published,,", "published,-1,"),
            "tolerance -1.0 must be a share of the value, from 0 to 1",
        ),
        (HEADER + GOOD.replace("1295869", "inf"), "finite"),
    ],
)
def test_faults_in_a_targets_file_are_located(tmp_path, text, message):
    with pytest.raises(CalibrationError, match=message):
        read(tmp_path, text)
