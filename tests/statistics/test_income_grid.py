"""Figures read off the grid: the exact ones lie within the bounds that are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olive import statistics
from olive.errors import DataError
from olive.statistics.income_grid import _CELLS, CELLS, IncomeGrid, grid_sums

AMOUNTS = st.one_of(st.floats(0.0, 1e7), st.floats(0.0, 12.0), st.integers(0, 300).map(float))
POPULATIONS = st.lists(st.tuples(AMOUNTS, st.floats(0.5, 2_000.0)), min_size=2, max_size=60)


def within(value: float, low: float, high: float) -> bool:
    room = 1e-12 * max(1.0, abs(value))
    return low - room <= value <= high + room


@given(POPULATIONS, st.floats(0.01, 0.99))
def test_exact_quantiles_and_lorenz_curve_lie_within_bounds(rows, p) -> None:
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    values = values + 1.0
    grid = IncomeGrid.of(values, weights)
    exact = statistics.quantile(values, weights, p=p)
    found = grid.quantile(p)
    reached = np.cumsum(weights[np.argsort(values)]) / weights.sum()
    if np.abs(reached - p).min() > 1e-9:  # else either neighbour is a quantile
        assert within(float(exact), found.low, found.high)
    curve, low, high = grid.lorenz([p])[:, 0]
    assert within(float(statistics.lorenz(values, weights, p=[p])[0]), low, high)
    assert low <= curve <= high


@pytest.mark.parametrize("weight", [0.1, 1.0, 0.7])
@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_weights_that_reach_the_quantile_but_for_rounding_reach_it(weight, p) -> None:
    values = 1_000.0 * np.arange(1.0, 41.0)  # of 40 alike, 40 p have up to the p-quantile
    found = IncomeGrid.of(values, np.full(40, weight)).quantile(p)
    assert found.low <= 40_000.0 * p <= found.high


@given(POPULATIONS)
def test_exact_gini_lies_within_bounds(rows) -> None:
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    values = values + 1.0
    found = IncomeGrid.of(values, weights).gini()
    assert within(statistics.gini(values, weights), found.low, found.high)


def test_bounds_are_narrow_for_a_citys_incomes() -> None:
    incomes = np.random.default_rng(1).lognormal(10.8, 0.7, 100_000)
    grid = IncomeGrid.of(incomes, 1)
    median, gini = grid.quantile(0.5), grid.gini()
    assert median.high - median.low < np.median(incomes) / 500
    assert abs(median.value - np.median(incomes)) < 20.0
    assert gini.high - gini.low < 2e-6
    assert abs(gini.value - statistics.gini(incomes, 1)) < 2e-7


def test_many_rows_are_counted_as_few_are() -> None:
    """Machine code, which counts many rows, gives numpy's sums to the bit."""
    random = np.random.default_rng(3)
    ends = np.array([0.0, -0.0, 7.99, 8.0, -8.0, 2.0**30 - 1.0, 2.0**30, -(2.0**31), 1e300, 5e-324])
    values = np.concatenate([ends, random.normal(0.0, 1e5, 70_000), random.normal(0.0, 9.0, 999)])
    weights = random.random(values.size)
    found = grid_sums(values, weights)
    by_hand = np.zeros_like(found)
    for first in range(0, values.size, 1_000):  # few enough for numpy, row by row all the same
        rows = slice(first, first + 1_000)
        cell = _CELLS.places(values[rows])
        np.add.at(by_hand[0], cell, weights[rows])
        np.add.at(by_hand[1], cell, weights[rows] * values[rows])
    assert (found == by_hand).all()


@given(POPULATIONS, st.integers(0, 60))
def test_parts_add_up_to_the_whole(rows, cut: int) -> None:
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    parts = grid_sums(values[:cut], weights[:cut]) + grid_sums(values[cut:], weights[cut:])
    np.testing.assert_allclose(parts, grid_sums(values, weights), rtol=1e-12)


@pytest.mark.parametrize("value", [0.0, -0.0, 7.99, 8.0, -8.0, 1e9, 1e12, -1e12, 5e-324, 65_536.0])
def test_every_value_has_a_cell_that_holds_it(value: float) -> None:
    grid = IncomeGrid.of([value], [2.0])
    assert grid.weights.tolist() == [2.0]
    assert grid.low[0] <= value <= grid.high[0]
    assert grid.means[0] == value


def test_cells_are_narrow_and_ascend_without_gaps() -> None:
    every = IncomeGrid.of_sums(np.stack([np.ones(CELLS), np.zeros(CELLS)]))
    np.testing.assert_array_equal(every.low[1:], every.high[:-1])
    above = every.low >= 8.0
    width = (every.high - every.low)[above][:-1] / every.low[above][:-1]
    assert width.max() <= 1 / 512


def test_functions_of_statistics_take_means_and_weights() -> None:
    incomes = np.random.default_rng(2).gamma(2.0, 30_000.0, 50_000)
    grid = IncomeGrid.of(incomes, 1)
    exact, found = (
        statistics.theil_t(*each) for each in ((incomes, 1), (grid.means, grid.weights))
    )
    assert abs(exact - found) < 1e-5


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: IncomeGrid.of_sums(np.zeros((2, CELLS))), "nobody is counted"),
        (lambda: IncomeGrid.of_sums(np.zeros((2, 3))), "have the shape"),
        (lambda: IncomeGrid.of([-5.0, 6.0], 1).gini(), "not defined for negative values"),
        (lambda: IncomeGrid.of([0.0, 0.0], 1).gini(), "mean above 0"),
        (lambda: IncomeGrid.of([1.0], 1).quantile(1.5), "from 0 to 1|between 0 and 1"),
        (lambda: IncomeGrid.of([-5.0, 6.0], 1).lorenz([0.5]), "not defined for negative values"),
    ],
)
def test_what_is_not_defined_is_refused(act, said: str) -> None:
    with pytest.raises(DataError, match=said):
        act()
