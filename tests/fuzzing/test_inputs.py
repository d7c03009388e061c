"""Whatever a user hands over is read right or refused by an error of olive's, never otherwise."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.fuzzing import SHORT, only_olives_errors
from olive_tests.strategies import (
    CELLS,
    columns,
    damaged,
    mappings,
    tables,
    written_amounts,
)

import olive
from olive import plan
from olive.china.columns import catalogue
from olive.population import Population
from olive.population.calibration import Targets
from olive.validation.published import published_figures

LONG = settings(SHORT, max_examples=500)
NAMES = itertools.count()


def check_values(city: Population) -> None:
    """What was accepted is finite and in the catalogue's range."""
    for name, values in {**city.arrays().households, **city.arrays().persons}.items():
        assert np.isfinite(values).all(), name
        column = catalogue().get(name)
        if column is not None and column.kind != "key":
            assert column.minimum is None or (values >= column.minimum).all(), name
            assert column.maximum is None or (values <= column.maximum).all(), name


HOMES = {"fid": [1, 2, 3], "w": [1.0, 2.0, 3.0]}


def survey(content, x, y) -> Population:
    people = {"fid": [1, 2, 3], "pid": [11, 12, 13], "x": x, "y": y}
    return Population.from_survey(HOMES, people, content)


def any_survey(content, x, y):
    with only_olives_errors():
        check_values(survey(content, x, y))


def any_frames(pair):
    with only_olives_errors():
        check_values(Population.from_frames(*pair, year=2023))


def any_amounts(pairs):
    """An amount that is written in any usual way is that amount, in a column of any kind."""
    content = {
        "year": 2022,
        "household": {"key": "fid", "columns": {"weight": "w"}},
        "person": {
            "key": "fid",
            "columns": {"age": {"value": 40}, "operating_income": {"from": "x", "unit": "元/月"}},
        },
    }
    written, meant = [each for each, _ in pairs], [12.0 * number for _, number in pairs]
    for x in (written, pd.Series(written, dtype=object), np.array([*written, None], object)[:-1]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            city = survey(content, x, [0, 0, 0])
        assert city.persons["operating_income"].tolist() == meant


TARGETS = (
    "id,entity,measure,where,value,year,unit,source,status,tolerance,block\n"
    "all,person,count,,6662888,2020,persons,统计局,published,0,\n"
    "old,person,count,age >= 60 and sex == male,1295869,2020,persons,统计局,derived,,age\n"
    "rent,household,sum:rent_paid,,1e9,2020,yuan,统计局,missing,,\n"
)
FIGURES = (
    "id,value,year,unit,entity,measure,where,status,source\n"
    "a,61067,2023,yuan/year,person,mean:disposable_income,,published,统计局\n"
    "b,0.3,2023,1,household,bracket:household:100000:500000,urban == true,proxy,统计局\n"
)
OBSERVED = (
    "# remark\nclause,year,value,source\n"
    "path.10.pension_participation,2021,65.5,统计局\n"
    "path.2.registered_unemployment,2023,4.25,统计局\n"
)
MAP = (
    "year: 2022\nmissing_codes: [-8]\nhousehold:\n  key: fid\n  columns: {weight: w}\n"
    "person:\n  key: fid\n  columns:\n    age: {from: x, unit: 出生年}\n"
    "    sex: {from: y, codes: {1: male}}\n"
)


def survey_files(path: Path) -> None:
    check_values(Population.from_survey(path, path, yaml.safe_load(MAP)))


def mapping_files(path: Path) -> None:
    people = {"fid": [1, 2, 3], "x": [1985, 1972, 2001], "y": [1, 1, 1]}
    check_values(Population.from_survey(HOMES, people, path))


FILES = {
    "targets": (TARGETS, Targets.read),
    "figures": (FIGURES, published_figures),
    "observed": (OBSERVED, plan.read_observations),
    "survey": ("fid,w,x,y\n1,2.5,1985,1\n2,1,1972,1\n", survey_files),
    "mapping": (MAP, mapping_files),
}


def any_file(folder: Path, kind: str, content: bytes) -> None:
    path = folder / f"{next(NAMES)}.{'yaml' if kind == 'mapping' else 'csv'}"
    path.write_bytes(content)
    try:
        with only_olives_errors():
            FILES[kind][1](path)
    finally:
        path.unlink()


VARIABLES = st.sampled_from(["child_claim", "dibao", "individual_income_tax", "x", "age"])


def any_question(variable, given_values, seed):
    with only_olives_errors():
        found = olive.evaluate(variable, given_values, "2023-07-01", absent="neutral", seed=seed)
        assert np.isfinite(found).all()


GIVEN = st.dictionaries(
    st.sampled_from(["age", "spouse", "father", "mother", "contractual_wage", "household_id"])
    | st.sampled_from(["county", "urban", "weight", "sex", "in_education", "annual_bonus", "x"]),
    columns(3) | CELLS,
    max_size=6,
)


@SHORT
@given(mappings(), columns(3), columns(3))
def test_surveys(content, x, y):
    any_survey(content, x, y)


@SHORT
@given(tables())
def test_frames(pair):
    any_frames(pair)


@SHORT
@given(st.lists(written_amounts(), min_size=3, max_size=3))
def test_amounts(pairs):
    any_amounts(pairs)


@pytest.mark.parametrize("kind", FILES)
@SHORT
@given(data=st.data())
def test_files(tmp_path_factory, kind, data):
    any_file(tmp_path_factory.getbasetemp(), kind, data.draw(damaged(FILES[kind][0])))


@SHORT
@given(VARIABLES, GIVEN, CELLS | st.just(0))
def test_questions(variable, given_values, seed):
    any_question(variable, given_values, seed)


@pytest.mark.slow
@LONG
@given(mappings(), columns(3), columns(3))
def test_many_surveys(content, x, y):
    any_survey(content, x, y)


@pytest.mark.slow
@LONG
@given(tables())
def test_many_frames(pair):
    any_frames(pair)


@pytest.mark.slow
@LONG
@given(st.lists(written_amounts(), min_size=3, max_size=3))
def test_many_amounts(pairs):
    any_amounts(pairs)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
@LONG
@given(data=st.data())
def test_many_files(tmp_path_factory, kind, data):
    any_file(tmp_path_factory.getbasetemp(), kind, data.draw(damaged(FILES[kind][0])))


@pytest.mark.slow
@LONG
@given(VARIABLES, GIVEN, CELLS | st.just(0))
def test_many_questions(variable, given_values, seed):
    any_question(variable, given_values, seed)
