"""The benchmark set: three ways of running the same rules, held against hand arithmetic."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import generate
import memory_limit
import olive_engine
import pandas_notebook
import reference_numpy
from reference_numpy import BASELINE, REFORM

PERSON = {
    "hh": 0,
    "age": 40,
    "formal": False,
    "wage": 0.0,
    "operating": 0.0,
    "property": 0.0,
    "pension": 0.0,
    "private_transfer": 0.0,
    "disability": 0,
}
HOUSEHOLD = {"weight": 1.0, "rent": 0.0, "assets": 1e6, "mortgage_interest": 0.0, "v": 0.5}

# Household, persons, disposable income of the baseline and of the reform.
CASES = {
    # base 200,000; insurance 10.5 % = 21,000; fund 8 % = 16,000; deductions 60,000 + 24,000 (child)
    # + 12,000 (mortgage); taxable 67,000; tax 1,080 + 3,100 = 4,180
    "employee with child and mortgage": (
        {"mortgage_interest": 20_000.0},
        [{"formal": True, "wage": 200_000.0}, {}, {"age": 10}],
        200_000 - 21_000 - 16_000 - 4_180,
        200_000 - 21_000 - 16_000 - 4_180,
    ),
    # resident pension 3,600; dibao 13,000 - 3,600 = 9,400 (10,000 - 3,600 = 6,400); care 2,400;
    # disability living subsidy 3,600 and care subsidy 6,000
    "very old, disabled and poor": (
        {"assets": 0.0},
        [{"age": 85, "disability": 1}],
        3_600 + 9_400 + 2_400 + 3_600 + 6_000,
        3_600 + 6_400 + 2_400 + 3_600 + 6_000,
    ),
    "the same without claiming dibao": (
        {"assets": 0.0, "v": 0.9},
        [{"age": 85, "disability": 1}],
        3_600 + 2_400 + 3_600 + 6_000,
        3_600 + 2_400 + 3_600 + 6_000,
    ),
    # wage 24,840; insurance 10.5 % of 50,400 = 5,292; fund 1,987.20; net 17,560.80; disregard
    # 12,420; dibao 26,000 - 5,140.80 = 20,859.20; supplement 1,300; living subsidy 3,600 (grade 3
    # in low income). Reform: wage 32,292; fund 2,583.36; net 24,416.64; disregard 10,000; dibao
    # 20,000 - 14,416.64 = 5,583.36; supplement 1,000
    "minimum wage, dibao and a disabled child": (
        {"assets": 1_000.0, "rent": 12_000.0},
        [{"formal": True, "wage": 20_000.0}, {"age": 5, "disability": 3}],
        17_560.80 + 20_859.20 + 1_300 + 3_600,
        24_416.64 + 5_583.36 + 1_000 + 3_600,
    ),
    # tax on 100,000 - 60,000: 30,000 x 5 % + 10,000 x 10 % = 2,500; a quarter of 8,000 at 20 %: 400
    "own business and some property": (
        {},
        [{"operating": 100_000.0, "property": 8_000.0}],
        100_000 - 2_500 + 8_000 - 400,
        100_000 - 2_500 + 8_000 - 400,
    ),
    # two wages of 100,000 tie: insurance 10,500 and fund 8,000 each; each deducts the child:
    # taxable 100,000 - 18,500 - 60,000 - 24,000 < 0
    "main earners who tie both deduct": (
        {},
        [{"formal": True, "wage": 100_000.0}, {"formal": True, "wage": 100_000.0}, {"age": 8}],
        2 * (100_000 - 18_500),
        2 * (100_000 - 18_500),
    ),
}


def tables(cases=CASES):
    persons, households = [], []
    for position, (household, members, *_) in enumerate(cases.values()):
        households.append(HOUSEHOLD | household)
        persons += [PERSON | member | {"hh": position} for member in members]
    person_frame, household_frame = pd.DataFrame(persons), pd.DataFrame(households)
    return (
        {name: person_frame[name].to_numpy() for name in person_frame},
        {name: household_frame[name].to_numpy() for name in household_frame},
    )


def by_reference(persons, households):
    return [
        reference_numpy.households_of(persons, households, parameters)[0]
        for parameters in (BASELINE, REFORM)
    ]


def by_pandas(persons, households):
    frames = pd.DataFrame(persons), pd.DataFrame(households)
    return [
        pandas_notebook.simulate(*frames, parameters)["disposable"].to_numpy()
        for parameters in (pandas_notebook.PARAMETERS, pandas_notebook.REFORM)
    ]


def by_olive(persons, households):
    run = olive_engine.simulate(olive_engine.tables(persons, households))
    return [run.arrays[position, "disposable_income"] for position in (0, 1)]


@pytest.mark.parametrize("way", [by_reference, by_pandas, by_olive])
def test_households_worked_by_hand(way):
    baseline, reform = way(*tables())
    expected = np.array([case[2:] for case in CASES.values()])
    np.testing.assert_allclose(baseline, expected[:, 0], rtol=0, atol=1e-6)
    np.testing.assert_allclose(reform, expected[:, 1], rtol=0, atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("run", [pandas_notebook.run, olive_engine.run])
def test_figures_agree_with_the_reference(run, seed):
    data = generate.generate(3_000, seed)
    for found, expected in zip(run(*data), reference_numpy.run(*data), strict=True):
        assert found.largest_difference(expected) < 1e-9


@pytest.mark.parametrize("way", [by_pandas, by_olive])
def test_every_household_agrees_with_the_reference(way):
    data = generate.generate(3_000, seed=2)
    for found, expected in zip(way(*data), by_reference(*data), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_figures_by_hand():
    # Two households of weight 1 and 2 with 1 and 2 persons, 90,000 and 300,000 yuan.
    found = reference_numpy.figures(
        disposable=np.array([90_000.0, 300_000.0]),
        dibao=np.array([500.0, 10.0]),
        size=np.array([1.0, 2.0]),
        weight=np.array([1.0, 2.0]),
        marginal_line=100_000.0,
    )
    assert found.share_100_500 == pytest.approx(2 / 3)
    assert found.share_200_600 == pytest.approx(2 / 3)
    assert found.mean_per_capita == pytest.approx((90_000 + 600_000) / 5)
    assert found.poverty_headcount == pytest.approx(1 / 5)
    assert found.dibao_cost == pytest.approx(500 + 20)
    # One person in five has 90 of 690 thousand: Gini = 1/5 - 90/690
    assert found.gini_per_capita == pytest.approx(1 / 5 - 90 / 690)


def test_bracket_ends_belong_to_the_upper_bracket():
    ends = np.array([100_000.0, 200_000.0, 500_000.0, 600_000.0])
    one = np.ones(4)
    found = reference_numpy.figures(ends, one, one, one, marginal_line=0.0)
    assert found.share_100_500 == 2 / 4  # 100,000 and 200,000
    assert found.share_200_600 == 2 / 4  # 200,000 and 500,000


def test_generated_tables_depend_on_the_seed_alone_and_are_sorted():
    persons, households = generate.generate(2_000, seed=5)
    again, _ = generate.generate(2_000, seed=5)
    other, _ = generate.generate(2_000, seed=6)
    assert np.array_equal(persons["wage"], again["wage"])
    assert not np.array_equal(households["v"], generate.generate(2_000, seed=6)[1]["v"])
    assert len(persons["wage"]) != len(other["wage"])
    assert (np.diff(persons["hh"]) >= 0).all()
    assert np.array_equal(np.unique(persons["hh"]), np.arange(2_000))


def test_memory_limit_counts_each_byte_once():
    # 1,000,000 and 3,000 bytes to read, 8,000 bytes to write
    for threads in (1, 2):
        limit = memory_limit.stream_limit(
            [np.zeros(125_000), np.zeros(3_000, dtype=np.int8)],
            [np.zeros(1_000)],
            threads=threads,
        )
        assert (limit.bytes_read, limit.bytes_written) == (1_003_000, 8_000)
        assert limit.seconds > 0


def test_memory_limit_of_the_set_counts_the_columns_that_the_rules_read():
    # Per person 4 + 2 + 1 + 5 x 8 + 1 = 48 bytes; per household 5 x 8, and 2 x 8 written.
    persons, households = generate.generate(4_000)
    limit = memory_limit.memory_limit(persons, households)
    assert limit.bytes_read == pytest.approx(48 * len(persons["hh"]) + 40 * 4_000, abs=8 * 14)
    assert limit.bytes_written == 16 * 4_000
