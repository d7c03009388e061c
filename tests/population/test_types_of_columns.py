"""Columns of every type that libraries hand over: converted right, or refused in one error."""

from __future__ import annotations

import datetime as dt
import warnings
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from olive.errors import DataError
from olive.population import Population

HOMES = {"fid": [1, 2], "w": [10.0, 20.0]}
FIVE = (Decimal("5.25"), Decimal(-8))
TEXT = ("5.25", "-8")

# 5.25 and then -8, the survey's code for "not known"
NUMBERS = {
    "arrow decimal32": pa.array(FIVE, pa.decimal32(5, 2)),
    "arrow decimal128": pa.array(FIVE, pa.decimal128(38, 2)),
    "arrow decimal256": pa.array(FIVE, pa.decimal256(76, 2)),
    "arrow dictionary of decimals": pa.array(FIVE).dictionary_encode(),
    "arrow dictionary of text": pa.array(TEXT, pa.large_string()).dictionary_encode(),
    "arrow large string": pa.array(TEXT, pa.large_string()),
    "arrow string view": pa.array(TEXT, pa.string_view()),
    "arrow halffloat": pa.array(np.array([5.25, -8], np.float16)),
    "arrow runs": pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(FIVE)),
    "arrow empty chunk": pa.chunked_array([[], [5.25, -8.0]], pa.float64()),
    "numpy float16": np.array([5.25, -8], np.float16),
    "numpy longdouble": np.array([5.25, -8], np.longdouble),
    "numpy big endian": np.array([5.25, -8], ">f4"),
    "numpy objects": np.array([np.float32(5.25), np.int8(-8)], object),
    "numpy masked": np.ma.array([5.25, 99.0], mask=[False, True]),
    "numpy masked text": np.ma.array(["5.25", "x"], mask=[False, True]),
    "numpy text": np.array(TEXT),
    "numpy text of other machines": np.array(TEXT).astype(">U4"),
    "numpy text of any length": np.array(TEXT, np.dtypes.StringDType()),
    "fractions": [Fraction(21, 4), Fraction(-8)],
    "values of a dict": dict(enumerate(FIVE)).values(),
    "pandas Float32": pd.Series([5.25, -8], dtype="Float32"),
    "pandas NaN of Float64": pd.Series([5.25, 0], dtype="Float64")
    / pd.Series([1, 0], dtype="Float64"),
    "pandas category": pd.Series([5.25, -8]).astype("category"),
    "pandas Categorical": pd.Categorical(["5.25", None], ordered=True),
    "pandas string of Arrow": pd.Series(TEXT, dtype="string[pyarrow]"),
    "pandas decimal of Arrow": pd.Series(FIVE, dtype=pd.ArrowDtype(pa.decimal128(9, 2))),
    "pandas sparse": pd.Series(pd.arrays.SparseArray([5.25, -8])),
    "pandas Index": pd.Index([5.25, -8]),
    "polars Categorical": pl.Series(TEXT, dtype=pl.Categorical),
    "polars Enum": pl.Series(TEXT, dtype=pl.Enum(TEXT)),
    "polars Decimal": pl.Series(FIVE),
    "polars Object": pl.Series([5.25, -8], dtype=pl.Object),
    "polars Float32": pl.Series([5.25, -8], dtype=pl.Float32),
}
Pair = namedtuple("Pair", "one two")
NO_NUMBERS = {
    "arrow date32": pa.array([dt.date(2020, 1, 1), None]),
    "arrow timestamp": pa.array([dt.datetime(2020, 1, 1), None], pa.timestamp("ns", "Asia/Tokyo")),
    "arrow zone that is none": pa.array([0, None], pa.timestamp("s", "Mars/Base")),
    "arrow time": pa.array([dt.time(1), None]),
    "arrow duration": pa.array([dt.timedelta(1), None]),
    "arrow interval": pa.array([pa.MonthDayNano([1, 2, 3]), None]),
    "arrow struct": pa.array([{"a": 1}, None]),
    "arrow list": pa.array([[1], None]),
    "arrow list view": pa.array([[1], None], pa.list_view(pa.int8())),
    "arrow map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int8())),
    "arrow bool8": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8())),
    "arrow uuid": pa.ExtensionArray.from_storage(
        pa.uuid(), pa.array([b"0" * 16] * 2, pa.binary(16))
    ),
    "arrow binary": pa.array([b"5.25", b"-8"]),
    "arrow union": pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()),
        pa.array([0, 0], pa.int32()),
        [pa.array(["x"]), pa.array([5.25])],
    ),
    "numpy beyond float64": np.array([np.longdouble("1e4000"), -8]),
    "numpy complex": np.array([5.25, -8], complex),
    "numpy bytes": np.array([b"5.25", b"-8"]),
    "numpy records": np.array([(1, 2.0), (2, 3.0)], dtype=[("a", int), ("b", float)]),
    "numpy two dimensions": np.array([[5.25], [-8]]),
    "numpy no dimension": np.array(5.25),
    "numpy durations": np.array([1, 2], "m8[D]"),
    "pandas boolean": pd.Series([True, None], dtype="boolean"),
    "pandas intervals": pd.Series(pd.interval_range(0, 2)),
    "pandas periods": pd.Series(pd.period_range("2020", "2021", freq="Y")),
    "pandas levels": pd.MultiIndex.from_tuples([(1, 2), (3, 4)]),
    "pandas frame": pd.DataFrame({"a": [5.25, -8]}),
    "polars struct": pl.Series([{"a": 1}, {"a": 2}]),
    "polars list": pl.Series([[1], [2]]),
    "polars objects": pl.Series([object(), object()], dtype=pl.Object),
    "polars frame": pl.DataFrame({"a": [5.25, -8]}),
    "named tuples": [Pair(1, 2), Pair(3, 4)],
    "a set": {5.25, -8},
    "bytes": bytearray(b"ab"),
    "one number": 5.25,
}


def survey(values, keep=(), **person) -> Population:
    content = {
        "year": 2022,
        "missing_codes": [-8],
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": {"age": {"value": 40}, **person}, "keep": list(keep)},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Population.from_survey(HOMES, {"fid": [1, 2], "x": values}, content)


@pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_every_type(values):
    city = survey(values, operating_income={"from": "x", "unit": "万元", "missing": 1})
    assert city.persons["operating_income"].tolist() == [52_500, 10_000]


@pytest.mark.parametrize("values", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_number_is_refused_in_one_error(values):
    with pytest.raises(DataError, match=r"person table.*('x'|x: column 'operating_income')"):
        survey(values, operating_income={"from": "x", "missing": 0})


@pytest.mark.parametrize("values", [*NUMBERS.values(), *NO_NUMBERS.values()])
def test_columns_of_any_type_are_kept_and_come_back_or_are_refused(values, tmp_path):
    try:
        city = survey(values, keep=["x"])
    except DataError as fault:
        assert "'x'" in str(fault)  # noqa: PT017 - either is right
        return
    city.write(tmp_path)
    again = Population.read(tmp_path)
    assert again.fingerprint() == city.fingerprint()
    pd.testing.assert_series_equal(again.persons["x"], city.persons["x"])


@pytest.mark.parametrize(
    "dtype", ["int8", "uint8", "int16", "uint16", "uint64", "float16", "Int8", "UInt16"]
)
def test_numbers_of_few_bits_are_summed_and_scaled_in_many(dtype):
    city = survey(
        pd.Series([120, 100], dtype=dtype),
        operating_income={"from": "x", "unit": "万元/月"},
        contractual_wage={"from": "x", "unit": "千元", "missing": 1e6},
    )
    assert city.persons["operating_income"].tolist() == [14_400_000, 12_000_000]
    assert city.persons["contractual_wage"].tolist() == [120_000, 100_000]
    # few bits hold no year of ours
    with pytest.raises(DataError, match=r"found 120(\.0)?, which is 1902(\.0)?, in row 0"):
        survey(pd.Series([120, 100], dtype=dtype), age={"from": "x", "unit": "出生年"})


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30, -(10**30), 10**400, 1e300, 1.7e308])
@pytest.mark.parametrize("word", ["value", "missing"])
def test_numbers_of_a_mapping_may_be_of_any_size(number, word):
    """What no float64 or no amount can be is a fault of the mapping or the column, and no other."""
    rule = {"value": number} if word == "value" else {"from": "x", "missing": number}
    for column in ("operating_income", "contractual_wage", "age"):
        try:
            city = survey(["", "5"], **{column: rule})
        except DataError as fault:
            assert column in str(fault)  # noqa: PT017 - either is right
        else:
            assert city.persons[column].tolist()[0] == float(number)


BEYOND = [10**400, -(10**400), 10**5000, Fraction(10**400), Decimal("1e400"), np.longdouble("inf")]


@pytest.mark.parametrize("other", ["x", 1, dt.date(2020, 1, 1)], ids=["text", "number", "date"])
@pytest.mark.parametrize("number", BEYOND, ids=lambda number: type(number).__name__)
@pytest.mark.parametrize(
    "person",
    [
        {"operating_income": {"from": "x", "missing": 0}},
        {"sex": {"from": "x", "codes": {1: "male"}, "missing": "female"}},
        {"in_education": "x"},
    ],
    ids=["amount", "code", "truth"],
)
def test_a_number_beyond_float64_beside_values_of_any_type_is_refused(number, other, person):
    """With codes for missing answers, to which each value is compared."""
    with pytest.raises(DataError, match=r"person table.*x"):
        survey([number, other], **person)


def test_a_signalling_nan_is_a_missing_value():
    """Python can neither hash nor compare it."""
    for values in ([Decimal("sNaN"), "5.25"], [Decimal("sNaN"), Decimal("5.25")]):
        city = survey(values, operating_income={"from": "x", "missing": 1})
        assert city.persons["operating_income"].tolist() == [1, 5.25]


def test_an_index_of_pandas_that_only_counts_stands_in_no_column_of_the_file(tmp_path):
    people = pd.DataFrame({"fid": [1, 2], "x": [5, 3]}).set_index("fid")
    people.to_parquet(tmp_path / "p.parquet")
    assert survey_of_files(tmp_path / "p.parquet").persons["operating_income"].tolist() == [5, 3]


def test_a_column_that_stands_twice_in_a_file(tmp_path):
    twice = pa.Table.from_arrays([pa.array([1, 2])] * 3, names=["fid", "x", "x"])
    parquet.write_table(twice, tmp_path / "p.parquet")
    with pytest.raises(DataError, match="the person table has the column 'x' more than once"):
        survey_of_files(tmp_path / "p.parquet")


def survey_of_files(path) -> Population:
    content = {
        "year": 2022,
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {"key": "fid", "columns": {"age": {"value": 40}, "operating_income": "x"}},
    }
    return Population.from_survey(HOMES, path, content)


def test_labels_of_stata_are_left_aside(tmp_path):
    people = pd.DataFrame({"fid": [1, 2], "x": [1, 2]})
    labels = {"x": {1: "二", 2: "一"}}
    people.to_stata(tmp_path / "p.dta", write_index=False, version=118, value_labels=labels)
    assert survey_of_files(tmp_path / "p.dta").persons["operating_income"].tolist() == [1, 2]
