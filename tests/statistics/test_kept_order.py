"""A sorted sample knows where its rows stood, whatever becomes of the data."""

import numpy as np
import pytest

from olive.native.sorting import FEWEST_ROWS
from olive.statistics import ordered


@pytest.fixture
def values():
    random = np.random.default_rng(3)
    return random.integers(0, 1000, FEWEST_ROWS).astype(np.float64)


def test_rows_are_found_where_they_were_given(values):
    sample = ordered(values, 1)
    np.testing.assert_array_equal(sample.positions, np.argsort(values, kind="stable"))


def test_figures_stand_when_the_data_are_changed_in_place(values):
    before = values.copy()
    sample = ordered(values, 1)
    values *= 2.0
    np.testing.assert_array_equal(sample.values, np.sort(before))


def test_rows_are_found_when_the_data_were_changed_in_place(values):
    expected = np.argsort(values, kind="stable")
    sample = ordered(values, 1)
    values[:] = 0.0
    np.testing.assert_array_equal(sample.positions, expected)
