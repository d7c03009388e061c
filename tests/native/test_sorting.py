"""The sort by machine code is the stable argsort of numpy, bit by bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from olive.native.sorting import FEWEST_ROWS, running_sums, stable_order
from olive.statistics import ordered

FINITE = some.floats(allow_nan=False, allow_infinity=False, allow_subnormal=True)
TIED = some.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1.0, 1.0 + 2**-52, -1.0, 1e308, -1e308])
# values that share the key of 32 bits and differ only behind it
CLOSE = some.integers(0, 2**20).map(lambda number: 1.0 + number * 2.0**-52)


@given(
    values=arrays.arrays(
        np.float64, some.integers(1, 60), elements=some.one_of(FINITE, TIED, CLOSE)
    ),
    threads=some.integers(1, 4),
)
def test_any_values_are_in_the_stable_order(values, threads):
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
        # keys do not tell these apart: the machine code gives up and numpy sorts
        "close": 1.0 + generator.random(rows) * 1e-12,
        "not contiguous": np.repeat(incomes, 2)[::2],
    }[name]


@pytest.mark.parametrize("threads", [1, 2, None])
@pytest.mark.parametrize(
    "name",
    [
        "incomes",
        "a third of zeros",
        "hundreds",
        "negatives",
        "ascending",
        "descending",
        "equal",
        "two zeros",
        "close",
        "not contiguous",
    ],
)
def test_many_rows_are_in_the_stable_order(name, threads):
    values = many(name)
    found = stable_order(values, threads=threads)
    assert np.array_equal(found, np.argsort(values, kind="stable"))


def test_a_small_table_compiles_nothing(monkeypatch):
    def refused():
        raise AssertionError("machine code was asked for")

    monkeypatch.setattr("olive.native.sorting._sort", refused)
    stable_order(np.arange(FEWEST_ROWS - 1.0))
    with pytest.raises(AssertionError, match="asked for"):
        stable_order(np.arange(float(FEWEST_ROWS)), threads=1)


def test_tied_rows_keep_their_order_in_a_sample():
    assert ordered([2.0, 1.0, 2.0, 1.0], [1, 2, 3, 4]).positions.tolist() == [1, 3, 0, 2]


def test_sorted_values_are_not_sorted_again(monkeypatch):
    def refused(values):
        raise AssertionError("a sort was asked for")

    monkeypatch.setattr("olive.statistics.samples.stable_order", refused)
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
    assert np.array_equal(stable_order(values), np.argsort(values, kind="stable"))


@given(
    rows=arrays.arrays(np.float64, some.tuples(some.integers(1, 40), some.just(2)), elements=TIED)
)
def test_sums_along_an_order_are_those_of_numpy_bit_by_bit(rows):
    values, weights = rows.T
    order = stable_order(values)
    with np.errstate(over="ignore", invalid="ignore"):
        expected = running_sums(order, values, weights)
    for found, own in zip(
        running_sums(order, values, weights, fewest_rows=0), expected, strict=True
    ):
        assert np.array_equal(found, own, equal_nan=True)
        assert np.array_equal(np.signbit(found), np.signbit(own)) or np.isnan(own).any()
