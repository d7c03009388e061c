"""Columns of every type and library go through one pass; expected values by hand."""

from __future__ import annotations

import datetime as dt
import warnings
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from olive.engine.numerals import number_of, year_of
from olive.errors import DataError, DataWarning, OliveError
from olive.population import Population
from olive.population.cells import MissingCodes, cells_of, read_numbers

HOMES = {"fid": [1, 2], "w": [10.0, 20.0]}

# 5 and the code -8 for "not applicable", as each library and type can hold them
FIVE_AND_A_CODE = {
    "list": [5, -8],
    "int8": pd.Series([5, -8], dtype="int8"),
    "float16": pd.Series([5, -8], dtype="float16"),
    "float32": pd.Series([5, -8], dtype="float32"),
    "big endian": np.array([5, -8], dtype=">f8"),
    "Int64": pd.Series([5, -8], dtype="Int64"),
    "Float64": pd.Series([5, -8], dtype="Float64"),
    "object": pd.Series([5, -8], dtype=object),
    "object of text": pd.Series(["5", "-8"], dtype=object),
    "text and number": pd.Series([5, "-8"], dtype=object),
    "decimal": pd.Series([Decimal(5), Decimal(-8)], dtype=object),
    "text": pd.Series(["5", "-8"]),
    "string": pd.Series(["5.0", " -8 "], dtype="string"),
    "wide text": ["５", "－８"],
    "category": pd.Series([5, -8]).astype("category"),
    "category of text": pd.Series(["5", "-8"]).astype("category"),
    "sparse": pd.Series(pd.arrays.SparseArray([5, -8])),
    "arrow": pd.Series([5, -8], dtype="int64[pyarrow]"),
    "arrow decimal": pd.Series(pa.array([Decimal(5), Decimal(-8)])),
    "pyarrow": pa.array([5, -8]),
    "pyarrow chunks": pa.chunked_array([[5], [-8]]),
    "pyarrow text": pa.array(["5", "-8"], pa.string_view()),
    "pyarrow dictionary": pa.array(["5", "-8"]).dictionary_encode(),
    "polars": pl.Series([5, -8]),
    "polars text": pl.Series(["5", "-8"]),
    "polars category": pl.Series(["5", "-8"], dtype=pl.Categorical),
    "polars decimal": pl.Series([Decimal(5), Decimal(-8)]),
}
NOTHING = {
    "nan": [5.0, np.nan],
    "none": [5, None],
    "NA": pd.Series([5, pd.NA], dtype="Int64"),
    "empty": ["5", ""],
    "blank": ["5", "　"],
    "dot of Stata": ["5", "."],
    "NA as text": ["5", "NA"],
    "null of Arrow": pa.array([5, None]),
    "null of polars": pl.Series([5, None]),
    "category": pd.Series([5, None], dtype="category"),
    "decimal": pd.Series([Decimal(5), Decimal("NaN")], dtype=object),
}


def survey(values, rule, homes=None, **more) -> Population:
    content = {
        "year": 2022,
        "missing_codes": [-8],
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": {"age": {"value": 40}, **rule}},
        **more,
    }
    return Population.from_survey(homes or HOMES, {"fid": [1, 2], "x": values}, content)


def amounts(values, **rule) -> list[float]:
    column = {"operating_income": {"from": "x", "missing": 0, **rule}}
    return survey(values, column).persons["operating_income"].tolist()


@pytest.mark.parametrize("values", FIVE_AND_A_CODE.values(), ids=FIVE_AND_A_CODE)
def test_a_missing_code_is_found_in_every_type(values):
    assert amounts(values, unit="10000 yuan/year") == [50_000, 0]


@pytest.mark.parametrize("values", NOTHING.values(), ids=NOTHING)
def test_nothing_is_found_in_every_type(values):
    assert amounts(values) == [5, 0]
    with pytest.raises(DataError, match=r"1 missing value\(s\), the first in row 1"):
        survey(values, {"operating_income": "x"})


def test_text_is_added_as_numbers():
    people = {"fid": [1, 2], "a": ["5000", "300"], "b": ["200", "0"]}
    wage = {"contractual_wage": {"from": ["a", "b"], "unit": "yuan/month"}, "age": {"value": 40}}
    content = {
        "year": 2022,
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": wage},
    }
    city = Population.from_survey(HOMES, people, content)
    # (5,000 + 200) x 12 and 300 x 12
    assert city.persons["contractual_wage"].tolist() == [62_400, 3_600]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", 1200.0),
        ("60,002,400.5", 60_002_400.5),
        ("１，２００", 1200.0),
        ("−3", -3.0),
        (" 7 ", 7.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.2万", 12_000.0),
        ("3亿元", 300_000_000.0),
        ("¥1,200", 1200.0),
        ("5000元", 5000.0),
        ("＋１．５", 1.5),
        ("–7", -7.0),
        ("5000.00 元", 5000.0),
        ("￥１，２００", 1200.0),
        ("1,2", None),
        ("12,34", None),
        ("5²", None),
        ("½", None),
        ("①", None),
        ("٣", None),
        ("5%", None),
        ("５％", None),
        ("(1,200)", None),
        ("1,200-", None),
        ("1 234", None),
        ("1\u00a0234", None),
        ("1\u202f234", None),
        ("1'234", None),
        ("#VALUE!", None),
        ("#N/A", None),
        ("1.2.3", None),
        ("1e999", None),
        ("1.200,50", None),
        ("1 200", None),
        ("110 m2", None),
        ("三千", None),
        ("--5", None),
        ("1_000", None),
        ("0x10", None),
        ("inf", None),
        ("", None),
        ("-", None),
        ("e5", None),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert number_of(text, money=True) == number


def test_scale_is_refused_where_it_could_mean_two_things():
    """1.2万 in a column of 万元 may be 1.2 or 12,000 of them."""
    assert amounts(["1.2万", "3"], unit="yuan/year") == [12_000, 3]
    with pytest.raises(DataError, match=r"'1\.2万' in row 0"):
        amounts(["1.2万", "3"], unit="万元")


@pytest.mark.parametrize(
    ("unit", "result"),
    [
        ("元/月", 60.0),
        ("元/年", 5.0),
        ("元/季度", 20.0),
        ("千元/年", 5_000.0),
        ("万元/年", 50_000.0),
        ("万元", 50_000.0),
        ("元", 5.0),
        ("千元/月", 60_000.0),
        ("元每月", 60.0),
        ("元/每月", 60.0),
    ],
)
def test_units_in_the_users_words(unit, result):
    assert amounts(["5", ""], unit=unit) == [result, 0]


def test_missing_stands_in_the_surveys_unit():
    assert amounts([5, -8], unit="元/月", missing=100) == [60, 1_200]


BIRTHS = {
    "text": ["1985", "1972"],
    "numbers": [1985.0, 1972.0],
    "dates": pd.to_datetime(["1985-01-01", "1972-03-04"]),
    "days": [dt.date(1985, 1, 1), dt.date(1972, 3, 4)],
    "text dates": ["1985-01-01", "1972年3月"],
    "dates among text": [dt.date(1985, 1, 1), "1972年3月"],
    "dates among numbers": [1985, dt.datetime(1972, 3, 4)],
    "periods": pd.Series(pd.PeriodIndex(["1985", "1972"], freq="Y")),
    "arrow": pa.array([dt.date(1985, 1, 1), dt.date(1972, 3, 4)]),
    "polars": pl.Series([dt.date(1985, 1, 1), dt.date(1972, 3, 4)]),
}


@pytest.mark.parametrize("values", BIRTHS.values(), ids=BIRTHS)
@pytest.mark.parametrize("unit", ["year of birth", "出生年"])
def test_years_of_birth_from_every_kind_of_date(values, unit):
    city = survey(values, {"age": {"from": "x", "unit": unit}})
    assert city.persons["age"].tolist() == [37, 50]


def test_years_that_are_none():
    assert year_of("85") is None
    with pytest.raises(DataError, match=r"'85年' in row 0"):
        survey(["85年", "1972"], {"age": {"from": "x", "unit": "year of birth"}})


@pytest.mark.parametrize(
    "values",
    [
        [True, False],
        [b"1", b"2"],
        [[1], [2]],
        pd.to_timedelta([1, 2]),
        np.array([1j, 2]),
        pd.to_datetime(["1985-01-01", "1972-03-04"]),
        ["abc", "1"],
        [float("inf"), 1.0],
        [10**400, 1],
    ],
)
def test_what_is_no_amount_is_refused_by_row(values):
    with pytest.raises(DataError, match=r"operating_income.* in row 0"):
        amounts(values)


def test_every_kind_of_fault_of_a_column_is_told_at_once():
    with pytest.raises(DataError) as caught:
        survey(["abc", None], {"contractual_wage": "x"})
    assert "'abc' in row 0" in str(caught.value)
    assert "1 missing value(s), the first in row 1" in str(caught.value)
    people = {"fid": [1, 1, 2], "x": ["abc", "-5", ""]}
    content = {
        "year": 2022,
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": {"age": {"value": 40}, "contractual_wage": "x"}},
    }
    with pytest.raises(DataError, match="3 fault") as caught:
        Population.from_survey(HOMES, people, content)
    assert "found -5.0 in row 1" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "codes", "result"),
    [
        (["1", "2"], {1: "male", 2: "female"}, ["male", "female"]),
        ([1, 2], {"1": "male", "2": "female"}, ["male", "female"]),
        ([1.0, 2.0], {1: "male", 2: "female"}, ["male", "female"]),
        (["男", " 女 "], {"男": "male", "女": "female"}, ["male", "female"]),
        (["yes", "no"], {True: "male", False: "female"}, ["male", "female"]),
        (["male", "female"], None, ["male", "female"]),
    ],
)
def test_codes_agree_as_text_and_as_numbers(values, codes, result):
    rule = {"from": "x"} | ({"codes": codes} if codes else {})
    assert survey(values, {"sex": rule}).persons["sex"].tolist() == result


def test_an_unknown_code_says_what_it_is():
    with pytest.raises(DataError, match=r"the code '9' \(text\) in row 1.*known: 1, 2"):
        survey(["1", "9"], {"sex": {"from": "x", "codes": {1: "male", 2: "female"}}})


@pytest.mark.parametrize(
    "values", [["是", "否"], ["yes", "No"], [1, 0], ["1", "0"], [True, False], ["有", "无"]]
)
def test_truth_in_the_users_words(values):
    assert survey(values, {"in_education": "x"}).persons["in_education"].tolist() == [True, False]


def test_truth_that_is_none():
    with pytest.raises(DataError, match=r"'maybe' in row 1.*是 and 否"):
        survey(["是", "maybe"], {"in_education": "x"})


def test_missing_codes_count_in_the_design_and_in_identifiers():
    homes = {"fid": [1, 2], "w": [1.0, 1.0], "s": [3, -8]}
    household = {"key": "fid", "columns": {"weight": "w"}, "design": {"stratum": "s"}}
    with pytest.raises(DataError, match=r"s: stratum is missing in 1 rows, the first in row 1"):
        survey([1, 2], {}, homes, household=household)
    with pytest.raises(
        DataError, match=r"household table, fid: .*1 missing value.*row 1 \(nothing\)"
    ):
        survey([1, 2], {}, {"fid": [1, -8], "w": [1.0, 1.0]})


def test_words_may_be_missing_codes():
    codes = ["拒答", -9]
    column = {"operating_income": {"from": "x", "missing": 0}}
    for values in (["拒答", "5"], ["-9", "5"], [-9, 5]):
        city = survey(values, column, missing_codes=codes)
        assert city.persons["operating_income"].tolist() == [0, 5]


@pytest.mark.parametrize(
    ("households", "persons", "words"),
    [
        ([1, 2], ["1", "2"], ["numbers (for example 1)", "text (for example '1')"]),
        ([1, 2], [1.0, 2.5], ["whole numbers or text", "2.5 in row 1"]),
        (
            np.array([1.0, 2.0**24 + 2], dtype="float32"),
            np.array([1.0, 2.0**24 + 2], dtype="float32"),
            ["float32", "16,777,216", "row 1"],
        ),
        ([1.0, 2.0**53 + 2], [1.0, 2.0**53 + 2], ["float64", "9,007,199,254,740,992"]),
        (["1", "1.10102E+17"], ["1", "1.10102E+17"], ["spreadsheet has cut off", "row 1"]),
        ([True, False], [True, False], ["holds bool"]),
    ],
)
def test_identifiers_that_agree_and_lost_no_digits(households, persons, words):
    with pytest.raises(DataError) as caught:
        Population.from_survey(
            {"fid": households, "w": [1.0, 1.0]},
            {"fid": persons},
            {
                "year": 2022,
                "household": {"key": "fid", "columns": {"weight": "w"}},
                "person": {"key": "fid", "columns": {"age": {"value": 40}}},
            },
        )
    for word in words:
        assert word in str(caught.value)


def couple(spouse, person=(11, 12), **columns) -> Population:
    content = {
        "year": 2022,
        "missing_codes": [-8],
        "household": {"key": "fid", "columns": {"weight": {"value": 1}}},
        "person": {
            "key": "fid",
            "person": "pid",
            "columns": {"age": {"value": 40}, "spouse": "s"},
        },
    }
    people = {"fid": [1, 1], "pid": list(person), "s": spouse, **columns}
    return Population.from_survey({"fid": [1]}, people, content)


def test_one_spouse_answers_for_both():
    with pytest.warns(DataWarning, match="spouse: 1 person"):
        city = couple([12, -8])
    assert city.persons["spouse"].tolist() == [1, 0]
    assert any(note.startswith("spouse: 1 person(s)") for note in city.notes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert couple([12, 11]).persons["spouse"].tolist() == [1, 0]


def test_faults_of_pointers_do_not_hang_on_the_order_of_the_columns():
    households = {"household_id": [1], "weight": [1.0]}
    people = {"household_id": [1, 1], "age": [40, 38], "spouse": [1, 7], "father": [-1, 8]}
    said = []
    for names in (list(people), [*people][::-1]):
        with pytest.raises(DataError, match="2 faults") as refused:
            Population.from_frames(households, {name: people[name] for name in names}, year=2023)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("spouse", "person", "words"),
    [
        (["12", "11"], (11, 12), ["'pid' holds numbers", "'s' holds text"]),
        ([12, 11], (11, 11), ["11 of persons stands twice in household 1", "row 1"]),
        ([11, 11], (11, 12), ["spouse", "person 0"]),
        ([11.5, 11], (11, 12), ["s: ", "whole numbers", "11.5"]),
    ],
)
def test_who_names_whom_is_refused_when_unclear(spouse, person, words):
    with pytest.raises(DataError) as caught:
        couple(spouse, person)
    for word in words:
        assert word in str(caught.value)


FRAMES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "lazy polars": pl.LazyFrame,
    "arrow": pa.table,
    "mapping": dict,
    "arrays": lambda table: {name: np.array(values) for name, values in table.items()},
}


@pytest.mark.parametrize("library", FRAMES.values(), ids=FRAMES)
def test_frames_of_any_library(library):
    homes = library({"household_id": ["a", "b"], "weight": [1.0, 2.5], "county": ["linhai"] * 2})
    people = library({"household_id": ["a", "b"], "age": [40, 50], "rent": [None, "x"]})
    city = Population.from_frames(homes, people, year=2023)
    assert city.weight.tolist() == [1.0, 2.5]
    assert city.persons["age"].tolist() == [40, 50]
    assert city.persons["rent"].tolist()[1] == "x"


def test_an_index_is_never_taken_by_position_in_silence():
    ages = pd.Series([40, 50], index=[7, 8])
    with pytest.raises(DataError, match="'age' and 'household_id' name their rows differently"):
        Population.from_frames(
            {"household_id": [1, 2], "weight": [1.0, 1.0]},
            {"household_id": pd.Series([1, 2], index=[8, 7]), "age": ages},
            year=2023,
        )
    # a column that was set aside as the index is a column still
    homes = pd.DataFrame({"household_id": [1], "weight": [1.0]}).set_index("household_id")
    city = Population.from_frames(homes, {"household_id": [1], "age": [40]}, year=2023)
    assert len(city) == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (5, "is a int; give a frame"),
        ({"household_id": 1, "weight": 1.0}, "'household_id' is one int; give a value for every"),
        ({"household_id": [1], "weight": [1.0, 2.0]}, "different lengths"),
        ({"household_id": np.ones((2, 2)), "weight": [1.0]}, r"has the shape \(2, 2\)"),
        (pd.DataFrame([[1, 2]], columns=["weight", "weight"]), "'weight' more than once"),
        ("nowhere.csv", "there is no file 'nowhere.csv'"),
    ],
)
def test_what_is_no_table_is_told(table, words):
    with pytest.raises(DataError, match=words):
        Population.from_frames(table, {"household_id": [1], "age": [40]}, year=2023)


def test_text_and_missing_values_of_tables_in_olives_own_columns():
    people = {"household_id": [1], "age": ["４０"], "contractual_wage": ["1.2万"]}
    city = Population.from_frames({"household_id": [1], "weight": ["2"]}, people, year=2023)
    assert city.persons["contractual_wage"].tolist() == [12_000]
    assert city.weight.tolist() == [2]


def test_all_loose_ends_of_two_tables_are_told_at_once():
    homes = {"household_id": [1, 1, 2], "weight": [1.0, 1.0, 1.0]}
    with pytest.raises(DataError) as caught:
        Population.from_frames(homes, {"household_id": [1, 9], "age": [40, 50]}, year=2023)
    for words in ("more than once: 1", "not in the household table, the first in row 1: 9"):
        assert words in str(caught.value)
    assert "1 household(s) have no person: 2" in str(caught.value)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "feather", "dta"])
def test_files_are_read_where_frames_are(tmp_path, suffix):
    homes = pd.DataFrame({"household_id": [1, 2], "weight": [1.5, 2.0]})
    people = pd.DataFrame({"household_id": [1, 2], "age": [40, 50]})
    for name, frame in (("h", homes), ("p", people)):
        path = tmp_path / f"{name}.{suffix}"
        if suffix == "dta":
            frame.to_stata(path, write_index=False)
        elif suffix == "csv":
            frame.to_csv(path, index=False)
        else:
            getattr(frame, f"to_{suffix}")(path)
    city = Population.from_frames(
        tmp_path / f"h.{suffix}", str(tmp_path / f"p.{suffix}"), year=2023
    )
    assert city.weight.tolist() == [1.5, 2.0]


@pytest.mark.parametrize("suffix", ["csv", "parquet", "feather", "dta", "xlsx"])
def test_damaged_files_are_refused(tmp_path, suffix):
    path = tmp_path / f"h.{suffix}"
    path.write_bytes(b"\x00\x01not a table")
    with pytest.raises(OliveError, match=f"h.{suffix}"):
        Population.from_frames(path, {"household_id": [1], "age": [40]}, year=2023)


def test_missing_codes_are_numbers_or_words():
    codes = MissingCodes.of([-8, "-9", "拒答"])
    assert codes.within(cells_of([-8, -9, 5])).tolist() == [True, True, False]
    assert codes.within(cells_of(["-8.0", "拒答", "5"])).tolist() == [True, True, False]
    assert read_numbers(cells_of(["-8", "5"]), codes).absent.tolist() == [True, False]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"stratum": ["a", None]}, "'stratum' has 1 missing value"),
        ({"psu": [1.0, float("nan")]}, "'psu' has 1 missing value"),
        ({"replicate_weight_1": ["a", "1"]}, "'replicate_weight_1' holds text"),
    ],
)
def test_the_design_of_the_sample_is_whole(column, words):
    homes = {"household_id": [1, 2], "weight": [1.0, 1.0], **column}
    with pytest.raises(DataError, match=words):
        Population.from_frames(homes, {"household_id": [1, 2], "age": [1, 2]}, year=2023)


def test_identifiers_that_only_decimals_hold():
    ids = pa.array([Decimal(10) ** 30, Decimal(2)], pa.decimal256(60, 0))
    city = Population.from_frames(
        {"household_id": ids, "weight": [1.0, 1.0]}, {"household_id": ids, "age": [1, 2]}, year=2023
    )
    assert city.persons["household_id"].tolist() == [2, 10**30]
    with pytest.raises(DataError, match="one of its decimals has a fraction"):
        Population.from_frames(
            {"household_id": [Decimal("1.5")], "weight": [1.0]},
            {"household_id": [Decimal("1.5")], "age": [1]},
            year=2023,
        )


def test_warnings_point_at_the_users_line():
    with pytest.warns(DataWarning, match="spouse") as caught:
        couple([12, -8])
    assert {Path(each.filename).name for each in caught} == {Path(__file__).name}


@pytest.mark.parametrize("values", [[[1], [2]], [b"1", b"2"], [{"a": 1}, None]])
def test_codes_that_nothing_can_be_looked_up_by(values):
    with pytest.raises(DataError, match=r"sex.* in row 0"):
        survey(values, {"sex": {"from": "x", "codes": {1: "male"}, "missing": "male"}})


def test_a_fault_shows_the_surveys_own_value():
    born = {"age": {"from": "x", "unit": "出生年"}}
    with pytest.raises(DataError, match=r"found 85, which is 1937, in row 0"):
        survey([85, 1972], born)
    with pytest.raises(DataError, match=r"found -5\.0, which is -60\.0, in row 1") as caught:
        survey(["5", "-5"], {"contractual_wage": {"from": "x", "unit": "元/月"}})
    assert "应为不小于 0 元/年；第 1 行为 -5.0，换算后为 -60.0" in caught.value.message.in_language(
        "zh"
    )


def test_a_year_that_is_missing_is_one_fault():
    born = {"age": {"from": "x", "unit": "出生年"}}
    with pytest.raises(DataError, match=r"1 fault.*\n.*needs the survey's year"):
        survey([1985, 1972], born, year=None)


def test_units_and_remedies_are_said_in_the_users_language():
    rule = {"rent_paid": {"from": "w", "unit": "元每周"}}
    columns = {"weight": "w", **rule}
    with pytest.raises(DataError) as caught:
        survey([1, 2], {}, household={"key": "fid", "columns": columns})
    assert "；可用：元/月、元/季、千元/月" in caught.value.message.in_language("zh")
    with pytest.raises(DataError, match="missing: false"):
        survey(["是", ""], {"in_education": "x"})
