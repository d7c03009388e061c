"""Sums by machine code are those of exact arithmetic, whatever the number of rows."""

import math

import numpy as np
import pytest

from olive.native.sums import (
    extent,
    product_and_extents,
    ranked_sum,
    running_sums,
    weight_between,
    weighted_sum,
)


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 1_023, 1_024, 1_025, 5_000])
def test_sums_of_rows(rows):
    generator = np.random.default_rng(rows)
    values, weights = generator.normal(50.0, 30.0, rows), generator.uniform(0.5, 1.5, rows)
    amounts = [value * weight for value, weight in zip(values, weights, strict=True)]
    cumulative = weights.cumsum()
    *_, on_the_way = running_sums(values, weights, fewest_rows=0)
    of_ranks = [on_the_way, ranked_sum(values, weights, cumulative)]
    first, second = float(values.min()), 60.0
    inside = [each for value, each in zip(values, weights, strict=True) if first <= value < second]
    ranked = [
        value * weight * (reached - weight / 2)
        for value, weight, reached in zip(values, weights, cumulative, strict=True)
    ]
    for fewest in (0, rows + 1):  # machine code, numpy
        found = weighted_sum(values, weights, fewest_rows=fewest)
        assert found == pytest.approx(math.fsum(amounts), rel=1e-13)
        found = weight_between(values, weights, first, second, fewest_rows=fewest)
        assert found == pytest.approx(math.fsum(inside), rel=1e-13)
    assert of_ranks == pytest.approx([math.fsum(ranked)] * 2, rel=1e-13)


@pytest.mark.parametrize("rows", [7, 1_024, 5_000])
@pytest.mark.parametrize("bounds", [(-np.inf, 20.0), (30.0, 60.0), (80.0, np.inf), (500.0, 600.0)])
def test_of_values_in_order_only_those_between_are_looked_at(rows, bounds):
    generator = np.random.default_rng(rows)
    values, weights = np.sort(generator.normal(50.0, 30.0, rows)), generator.uniform(0.5, 1.5, rows)
    for fewest in (0, rows + 1):  # machine code, numpy
        of_all, of_some = (
            weight_between(values, weights, *bounds, ascending=ascending, fewest_rows=fewest)
            for ascending in (False, True)
        )
        assert of_some == of_all


def test_a_side_may_be_open_and_every_second_row_be_left_out():
    values, weights = np.arange(20.0), np.ones(20)
    assert weight_between(values, weights, -np.inf, 3.0, fewest_rows=0) == 3.0
    assert weight_between(values[::2], weights[::2], 10.0, np.inf, fewest_rows=0) == 5.0
    assert weighted_sum(values[::2], weights[::2], fewest_rows=0) == 90.0


def test_running_sums_are_those_of_numpy_bit_by_bit():
    generator = np.random.default_rng(4)
    values, weights = generator.normal(size=999), generator.random(999)
    values[0] = -0.0
    for fewest in (0, 1_000):  # machine code, numpy
        reached, amount, _ = running_sums(values, weights, fewest_rows=fewest)
        assert reached.tobytes() == weights.cumsum().tobytes()
        assert amount == (weights * values).cumsum()[-1]


@pytest.mark.parametrize("rows", [1, 8, 21])
@pytest.mark.parametrize("strange", [None, np.nan, np.inf])
def test_products_come_with_the_extents_of_both_columns(rows, strange):
    generator = np.random.default_rng(rows)
    first, second = generator.normal(size=(2, rows))
    if strange is not None:
        second[rows // 2] = strange
    for fewest in (0, rows + 1):  # machine code, numpy
        products, *extents = product_and_extents(first, second, fewest_rows=fewest)
        assert np.array_equal(products, first * second, equal_nan=True)
        for found, column in zip(extents, (first, second), strict=True):
            assert np.array_equal(found, (column.min(), column.max()), equal_nan=True)


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 16, 1_001])
@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize("strange", [None, np.nan, np.inf, -np.inf])
def test_extents_are_those_of_numpy(rows, place, strange):
    values = np.random.default_rng(rows).normal(size=rows)
    place %= rows
    for least_or_largest in (-10.0, 10.0):
        values[place] = least_or_largest if strange is None else strange
        for column in (values, np.repeat(values, 2)[::2]):
            found = extent(column, fewest_rows=0)
            assert np.array_equal(found, (values.min(), values.max()), equal_nan=True)
