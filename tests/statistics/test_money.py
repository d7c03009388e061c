"""Amounts within half a fen of a bound count as equal to it, everywhere alike."""

import numpy as np
import pytest

from olive import statistics as st
from olive.errors import DataError
from olive.statistics.money import edge_above, edge_at, edges_between, exceeds, is_below

# Just below, within half a fen below, at, within half a fen above, just above 13,000 yuan.
AROUND = np.array([12_999.99, 12_999.996, 12_999.999999999998, 13_000.0, 13_000.004, 13_000.01])


def test_who_is_lifted_to_the_line_is_not_below_it():
    assert is_below(AROUND, 13_000.0).tolist() == [True, False, False, False, False, False]
    assert st.headcount(AROUND, 1, line=13_000.0) == pytest.approx(1 / 6)
    assert st.poverty_gap(AROUND, 1, line=13_000.0) == pytest.approx(0.01 / 13_000 / 6)
    lifted = AROUND[1:]
    for measure in (st.headcount, st.poverty_gap, st.watts, st.sen, st.sen_shorrocks_thon):
        assert measure(lifted, 1, line=13_000.0) == 0.0
    found = st.linearize(st.headcount, lifted, weights=1, line=13_000.0)
    assert found.value == 0.0
    assert not found.scores.any()


@pytest.mark.parametrize(
    ("closed", "low_end", "high_end"),
    [("low", True, False), ("high", False, True), ("both", True, True), ("neither", False, False)],
)
def test_both_ends_of_a_bracket_have_the_same_tolerance(closed, low_end, high_end):
    # Of the six amounts around an end, four are at it and one lies on either side.
    low = st.share_between(AROUND, 1, low=13_000.0, high=20_000.0, closed=closed)
    high = st.share_between(AROUND, 1, low=10_000.0, high=13_000.0, closed=closed)
    assert (low, high) == pytest.approx(((1 + 4 * low_end) / 6, (1 + 4 * high_end) / 6))


def test_bands_have_the_tolerance_of_shares():
    assert st.band_shares(AROUND, 1, thresholds=[13_000.0]) == pytest.approx([1 / 6, 5 / 6])


def test_gains_exceed_a_threshold_by_more_than_half_a_fen():
    assert exceeds(np.array([100.0, 100.0 + 1e-9, 100.004, 100.006]), 100.0).tolist() == [
        False,
        False,
        False,
        True,
    ]


def test_other_units_are_not_blurred():
    # Ten thousand yuan: 1.3 less 10 yuan lies below; ratios to a median too.
    assert st.headcount([1.299, 1.3], 1, line=1.3) == 0.5
    assert st.share_between([0.7499, 0.75], 1, low=0.75, high=2.0) == 0.5


def test_open_sides_stay_open():
    assert edge_at(-np.inf) == -np.inf
    assert edge_above(np.inf) == np.inf
    assert st.share_between([-1e9, 0.0, 1e9], 1, low=-np.inf, high=np.inf, closed="neither") == 1.0


def test_bounds_that_enclose_nothing_are_refused():
    with pytest.raises(DataError, match="enclose nothing"):
        edges_between(2.0, 1.0)
