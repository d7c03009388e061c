"""A sorted sample knows where its rows stood, without a copy of what was given."""

import numpy as np
import pytest

from olive.errors import DataError
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


def test_data_changed_in_place_are_not_taken_for_those_sorted(values):
    sample = ordered(values, 1)
    values[:2] = values[0] + 1.0, values[1] + 1.0
    with pytest.raises(DataError, match="changed in place"):
        _ = sample.positions
