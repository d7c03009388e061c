"""The sort by machine code is the stable argsort of numpy, bit by bit."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from olive.native.sorting import (
    FEWEST_AT_HAND,
    FEWEST_ROWS,
    ROWS_AT_ONCE,
    sorted_together,
    stable_order,
)
from olive.native.sums import running_sums
from olive.statistics import gini, ordered, quantile_groups

FINITE = some.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True)
TIED = some.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1.0, 1.0 + 2**-52, -1.0, 1e308, -1e308])
# values that differ in their last bits alone
CLOSE = some.integers(0, 2**20).map(lambda number: 1.0 + number * 2.0**-52)


@given(
    values=arrays.arrays(
        np.float64, some.integers(1, 60), elements=some.one_of(FINITE, TIED, CLOSE)
    ),
    threads=some.integers(1, 4),
    at_once=some.sampled_from([0, ROWS_AT_ONCE]),
)
def test_any_values_are_in_the_stable_order(values, threads, at_once):
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("olive.native.sorting.ROWS_AT_ONCE", at_once)
        found = stable_order(values, threads=threads, fewest_rows=0)
    assert np.array_equal(found, np.argsort(values, kind="stable"))


def many(name, rows=FEWEST_ROWS + 1):
    generator = np.random.default_rng(5)
    incomes = generator.lognormal(11.8, 0.7, rows)
    return {
        "incomes": incomes,
        "a third of zeros": np.where(generator.random(rows) < 0.3, 0.0, incomes),
        "hundreds": np.round(incomes, -2),
        "negatives": generator.normal(size=rows),
        "ascending": np.sort(incomes),
        "descending": -np.sort(incomes),
        "equal": np.full(rows, 3.0),
        "two zeros": np.where(generator.random(rows) < 0.5, 0.0, -0.0),
        "close": 1.0 + generator.random(rows) * 1e-12,
        # lifted to a line, but for the rounding of the sums that got there
        "at a line": np.where(
            generator.random(rows) < 0.6, 13_000.0 + generator.random(rows) * 1e-9, incomes
        ),
        "any size": np.exp(generator.uniform(-700.0, 700.0, rows)),
        "few far away": np.where(
            generator.random(rows) < 0.001, 1e308 * generator.uniform(-1, 1, rows), incomes
        ),
        "as far as numbers go": 1e308 * generator.uniform(-1.7, 1.7, rows),
        "whole numbers": incomes.astype(np.int32),
        "single precision": incomes.astype(np.float32),
        "not contiguous": np.repeat(incomes, 2)[::2],
    }[name]


MANY = [
    "incomes",
    "a third of zeros",
    "hundreds",
    "negatives",
    "ascending",
    "descending",
    "equal",
    "two zeros",
    "close",
    "at a line",
    "any size",
    "few far away",
    "as far as numbers go",
    "whole numbers",
    "single precision",
    "not contiguous",
]


@pytest.mark.parametrize("threads", [1, 2, None])
@pytest.mark.parametrize("name", MANY)
def test_many_rows_are_in_the_stable_order(name, threads):
    values = many(name)
    found = stable_order(values, threads=threads)
    assert np.array_equal(found, np.argsort(values, kind="stable"))


def test_a_small_table_compiles_nothing(monkeypatch):
    def refused():
        raise AssertionError("machine code was asked for")

    monkeypatch.setattr("olive.native.sorting._sort", refused)
    monkeypatch.setitem(sys.modules, "olive.native.machine_library", None)
    stable_order(np.arange(FEWEST_ROWS - 1.0))
    with pytest.raises(AssertionError, match="asked for"):
        stable_order(np.arange(float(FEWEST_ROWS)), threads=1)


def test_code_at_hand_sorts_smaller_tables(monkeypatch):
    values = many("hundreds", FEWEST_AT_HAND)
    expected = np.argsort(values, kind="stable")
    stable_order(values, fewest_rows=0)  # compiled and kept
    with monkeypatch.context() as changed:
        changed.setattr("olive.native.sorting._by_numpy", lambda values: pytest.fail("numpy"))
        assert np.array_equal(stable_order(values), expected)
    with monkeypatch.context() as changed:
        changed.setattr("olive.native.sorting._at_hand", lambda: False)
        changed.setattr("olive.native.sorting._sort", lambda: pytest.fail("machine code"))
        assert np.array_equal(stable_order(values), expected)


def test_tied_rows_keep_their_order_in_a_sample():
    assert ordered([2.0, 1.0, 2.0, 1.0], [1, 2, 3, 4]).positions.tolist() == [1, 3, 0, 2]


def test_sorted_values_are_not_sorted_again(monkeypatch):
    def refused(*values, **others):
        raise AssertionError("a sort was asked for")

    for sort in ("stable_order", "sorted_together"):
        monkeypatch.setattr(f"olive.statistics.samples.{sort}", refused)
    sample = ordered([-1.0, 0.0, -0.0, 7.0, 2.0], [1, 2, 3, 0, 4])
    assert sample.values.tolist() == [-1.0, 0.0, -0.0, 2.0]
    assert sample.positions.tolist() == [0, 1, 2, 4]
    assert sample.in_given_order(sample.values).tolist() == [-1.0, 0.0, 0.0, 0.0, 2.0]
    with pytest.raises(AssertionError, match="asked for"):
        ordered([*range(5_000), 0.0], 1)


def test_a_sample_of_sorted_data_keeps_its_values():
    income, weights = np.array([1.0, 2.0, 5.0]), np.array([1.0, 1.0, 2.0])
    sample = ordered(income, weights)
    income *= 2.0
    weights *= 3.0
    assert sample.values.tolist() == [1.0, 2.0, 5.0]
    assert sample.weights.tolist() == [1.0, 1.0, 2.0]


@given(
    values=arrays.arrays(
        np.float64, some.integers(0, 60), elements=some.sampled_from([-0.0, 0.0, 1.0, 2.5, -3.0])
    ),
)
def test_numpy_keeps_equal_values_in_their_order_too(values) -> None:
    with pytest.MonkeyPatch.context() as changed:
        for fewest in (0, 100):
            changed.setattr("olive.native.sorting.FEWEST_FOR_TIES", fewest)
            assert np.array_equal(stable_order(values), np.argsort(values, kind="stable"))


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("name", MANY)
def test_sums_along_the_order_are_those_of_numpy_bit_by_bit(name, threads, monkeypatch):
    values, weights = many(name, 3_000), np.random.default_rng(1).random(3_000)
    order = np.argsort(values, kind="stable")
    values, weight = values.astype(np.float64)[order], weights[order]
    with np.errstate(over="ignore"):
        expected = values, weight, weight.cumsum(), (weight * values).cumsum()[-1]
    for at_once in (0, ROWS_AT_ONCE):
        monkeypatch.setattr("olive.native.sorting.ROWS_AT_ONCE", at_once)
        found = sorted_together(many(name, 3_000), weights, threads=threads)
        found = *found, *running_sums(*found, fewest_rows=0)
        assert all(map(np.array_equal, found, expected))


def test_a_large_sample_knows_where_its_rows_stood_though_data_change():
    income = many("hundreds")
    weights = np.random.default_rng(2).integers(0, 3, income.size).astype(np.float64)
    rows = np.flatnonzero(weights)
    expected = rows[np.argsort(income[rows], kind="stable")]
    for counted, own in ((weights, expected), (1, np.argsort(income, kind="stable"))):
        changing = income.copy()
        sample = ordered(changing, counted)
        changing[:] = 0.0
        assert np.array_equal(sample.positions, own)
        assert np.array_equal(sample.values, income[own])
        assert np.array_equal(sample.in_given_order(sample.values)[own], income[own])
        assert np.array_equal(
            quantile_groups(sample, groups=5), quantile_groups(income, counted, groups=5)
        )


def test_figures_of_a_large_sample_are_those_of_its_two_halves():
    income = many("at a line")
    twice = np.concatenate((income, income))
    assert gini(twice, 1) == pytest.approx(gini(income, 2), rel=1e-12)
