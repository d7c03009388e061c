"""Strategies for what users hand over: cells, columns, tables, mappings, files, damaged or not."""

from __future__ import annotations

import datetime as dt
import string
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st

from olive.china.columns import catalogue

ODD_NUMBERS = st.sampled_from(
    [
        0,
        1,
        -1,
        -8,
        10**400,
        2**63,
        -(2**70),
        float("nan"),
        float("inf"),
        1e308,
        5e-324,
        -0.0,
    ]
)
ODD_TEXTS = st.sampled_from(
    [
        *("", " ", "　", "NA", ".", "nan", "inf", "1,200", "1,2", "１２", "－8", "1.2万", "3亿"),
        *("¥5", "5元", "是", "否", "true", "1e400", "0x1", "=1+1", "\x00", "\u202e", "a" * 5_000),
        *("'", '"', "#", "。", "1985-01-01", "1985年", "1.1E+17", "007", "male", "linhai", "台州"),
        *("-", "--1", "e5", "None"),
    ]
)
NUMBERS = st.integers(-10, 300) | st.floats(-1e6, 1e6) | st.integers() | st.floats() | ODD_NUMBERS
TEXTS = ODD_TEXTS | st.text(max_size=8) | st.integers(-9, 300).map(str)
OTHERS = st.sampled_from(
    [
        *(None, True, False, b"x", [1], {"a": 1}, (), dt.date(1985, 1, 1), dt.datetime(2020, 1, 1)),
        *(Decimal("1.5"), Decimal("NaN"), pd.NA, pd.NaT, 1j, dt.timedelta(1), object(), range(2)),
    ]
)
CELLS = NUMBERS | TEXTS | OTHERS


def _frames_of(values: list) -> list:
    """Every library's column of these values that can be made."""
    makers = [
        lambda: values,
        lambda: tuple(values),
        lambda: np.array(values),
        lambda: pd.Series(values),
        lambda: pd.Series(values, dtype=object),
        lambda: pd.Series(values).astype("category"),
        lambda: pd.Series(values).convert_dtypes(),
        lambda: pd.Series(values, index=range(5, 5 + len(values))),
        lambda: pa.array(values),
        lambda: pa.array(values).dictionary_encode(),
        lambda: pa.chunked_array([pa.array(values)]),
        lambda: _polars_series(values),
    ]
    found = []
    for make in makers:
        try:
            column = make()
        except Exception:  # noqa: BLE001 - what a library cannot hold, no user can give
            continue
        if not isinstance(column, np.ndarray) or column.ndim == 1:
            found.append(column)
    return found


def _polars_series(values: list) -> pl.Series:
    """A polars column; polars panics where values are of several types."""
    kinds = {type(value) for value in values if value is not None}
    odd = any(isinstance(value, Decimal) and not value.is_finite() for value in values)
    if odd or len(kinds) > 1 or not kinds <= {int, float, str, bool, dt.date, dt.datetime, Decimal}:
        raise TypeError(kinds)
    return pl.Series(values)


@st.composite
def columns(draw, rows: int):
    """A column of any library: of one kind, of many, or a plain one with odd cells."""
    kind = draw(st.sampled_from([NUMBERS, TEXTS, OTHERS, CELLS, st.integers(0, 9)]))
    values = draw(st.lists(kind, min_size=rows, max_size=rows))
    return draw(st.sampled_from(_frames_of(values)))


IDS = st.sampled_from([[1, 2, 3], ["a", "b", "c"], [1.0, 2.0, 3.0], ["001", "002", "003"]])


@st.composite
def tables(draw):
    """Two tables in olive's own columns, plain or odd, and what they are."""
    identifiers = draw(IDS)
    names = {entity: _names(entity) for entity in ("household", "person")}
    homes = {"household_id": identifiers, "weight": [1.0, 2.0, 3.0]}
    people = {"household_id": draw(st.just(identifiers) | columns(3)), "age": [40, 30, 5]}
    for entity, table in (("household", homes), ("person", people)):
        for name in draw(st.lists(st.sampled_from(names[entity]), max_size=4, unique=True)):
            table[name] = draw(columns(3))
    wrap = draw(st.sampled_from([dict, _frame, _table, _polars]))
    return _wrapped(wrap, homes), _wrapped(wrap, people)


def _names(entity: str) -> list[str]:
    own = [column.name for column in catalogue().values() if column.entity == entity]
    return [*own, "stratum", "psu", "contractual_wages", "户编号", "x"]


def _frame(table):
    return pd.DataFrame({name: list(values) for name, values in table.items()})


def _table(table):
    return pa.table({name: pa.array(list(values)) for name, values in table.items()})


def _polars(table):
    return pl.DataFrame({name: _polars_series(list(values)) for name, values in table.items()})


def _wrapped(wrap, table):
    try:
        return wrap(table)
    except Exception:  # noqa: BLE001 - what a library cannot hold, no user can give
        return table


MAPPING_WORDS = st.sampled_from(
    [
        *("from", "unit", "codes", "missing", "value", "key", "person", "columns", "design"),
        *("keep", "year", "missing_codes", "household", "survey", "place", "fid", "x", "y"),
        *("weight", "age", "spouse", "contractual_wage", "sex", "yuan/month", "万元", "出生年"),
        *("male", "linhai", "0"),
    ]
)
YAML = st.recursive(
    MAPPING_WORDS | st.none() | st.booleans() | ODD_NUMBERS | ODD_TEXTS | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(MAPPING_WORDS | st.integers(-9, 9) | st.booleans(), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def mappings(draw):
    """A mapping that is right but for one place, which is replaced by anything."""
    person = {
        "age": {"from": "x", "unit": "year of birth"},
        "sex": {"from": "y", "codes": {1: "male", 2: "female"}, "missing": "male"},
        "contractual_wage": {"from": ["x", "y"], "unit": "yuan/month", "missing": 0},
        "spouse": "y",
    }
    content = {
        "year": 2022,
        "missing_codes": [-8],
        "household": {"key": "fid", "columns": {"weight": "w", "rent_paid": {"value": 5}}},
        "person": {"key": "fid", "person": "pid", "columns": person},
    }
    for _ in range(draw(st.integers(0, 2))):
        place = content
        while True:
            word = draw(st.sampled_from(sorted(place, key=str)))
            if isinstance(place[word], dict) and place[word] and draw(st.booleans()):
                place = place[word]
                continue
            change = draw(st.sampled_from(["replace", "remove", "add"]))
            if change == "remove":
                del place[word]
            else:
                key = word if change == "replace" else draw(MAPPING_WORDS)
                place[key] = draw(YAML)
            break
        if not content:
            break
    return content


@st.composite
def damaged(draw, text: str) -> bytes:
    """A file of text in any encoding, with cells replaced, lines doubled, bytes turned."""
    lines = [line.split(",") for line in text.splitlines()]
    for _ in range(draw(st.integers(0, 3))):
        line = draw(st.integers(0, len(lines) - 1))
        if lines[line]:
            cell = draw(st.integers(0, len(lines[line]) - 1))
            lines[line][cell] = draw(TEXTS | NUMBERS.map(lambda x: str(x)[:400]))
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines)))
    joined = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(map(",".join, lines))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5", "cp1252"]))
    content = bytearray(joined.encode(encoding, errors="replace"))
    for _ in range(draw(st.sampled_from([0, 0, 1, 5]))):
        if content:
            content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    cut = draw(st.sampled_from([None, None, len(content) // 2]))
    return bytes(content[:cut])


@st.composite
def written_amounts(draw) -> tuple[object, float]:
    """An amount as people write it, and the number that is meant."""
    number = draw(st.integers(0, 10**9))
    plain = str(number)
    wide = plain.translate(str.maketrans(string.digits, "０１２３４５６７８９"))
    myriads = draw(st.integers(0, 10**5))
    forms = [
        (number, number),
        (float(number), number),
        (plain, number),
        (f" {plain} ", number),
        (f"{number:,}", number),
        (f"{number:,}".replace(",", "，"), number),
        (wide, number),
        (f"¥{number:,}", number),
        (f"{plain}元", number),
        (f"{myriads}万", myriads * 10_000),
        (f"{plain}.0", number),
        (Decimal(number), number),
    ]
    return draw(st.sampled_from(forms))
