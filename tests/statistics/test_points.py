"""Means, shares, quantiles, Gini, poverty and brackets against values worked by hand."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from olive import statistics as st
from olive.errors import DataError

FIVE = [10.0, 20.0, 30.0, 40.0, 100.0]
WEIGHTS = [1.0, 2.0, 1.0, 4.0, 2.0]  # cumulative 1, 3, 4, 8, 10


def test_mean_and_total_by_hand():
    # 10 + 40 + 30 + 160 + 200 = 440; 440 / 10 = 44
    assert st.total(FIVE, WEIGHTS) == 440.0
    assert st.mean(FIVE, WEIGHTS) == 44.0


@pytest.mark.parametrize(
    ("closed", "share"),
    [("low", 0.7), ("high", 0.7), ("both", 0.9), ("neither", 0.5)],
)
def test_share_between_counts_the_ends_it_is_told_to(closed, share):
    # bounds 20 and 100: inside 30, 40 (weight 5); at 20 weight 2; at 100 weight 2
    assert st.share_between(FIVE, WEIGHTS, low=20, high=100, closed=closed) == share


def test_open_sides():
    assert st.share_between(FIVE, WEIGHTS, low=-np.inf, high=20) == 0.1
    assert st.share_between(FIVE, WEIGHTS, low=40, high=np.inf) == 0.6


def test_bands_are_disjoint_and_add_up():
    bands = st.band_shares(FIVE, WEIGHTS, thresholds=[20, 40, 100])
    assert bands.tolist() == [0.1, 0.3, 0.4, 0.2]


@pytest.mark.parametrize(
    ("p", "value"), [(0, 10), (0.1, 10), (0.11, 20), (0.3, 20), (0.31, 30), (0.8, 40), (1, 100)]
)
def test_quantile_is_the_smallest_value_that_reaches_p(p, value):
    assert st.quantile(FIVE, WEIGHTS, p=p) == value


def test_quantile_reaches_its_target_in_spite_of_rounding():
    # ten weights of 0.1: their running sum after three is 0.30000000000000004, and after all
    # ten 0.9999999999999999; the 0.3-quantile is the third value.
    values = np.arange(1.0, 11.0)
    for number in range(1, 11):
        assert st.quantile(values, 0.1, p=number / 10) == number


def test_second_convention_averages_at_a_step_only():
    assert st.quantile(FIVE, WEIGHTS, p=0.3, convention="hyndman_fan_2") == 25.0
    assert st.quantile(FIVE, WEIGHTS, p=0.35, convention="hyndman_fan_2") == 30.0
    assert st.quantile(FIVE, WEIGHTS, p=1, convention="hyndman_fan_2") == 100.0


@pytest.mark.parametrize(
    ("convention", "method"),
    [("hyndman_fan_1", "inverted_cdf"), ("hyndman_fan_2", "averaged_inverted_cdf")],
)
def test_conventions_of_numpy(convention, method):
    generator = np.random.default_rng(6)
    values, counts = generator.normal(size=40), generator.integers(1, 5, 40)
    counts[0] += counts.sum() % 2  # an even number of units, so that 1/2 falls on a step
    units = np.repeat(values, counts)
    for p in (0.013, 0.25, 0.377, 0.5, 0.9, 0.991):
        found = st.quantile(values, counts, p=p, convention=convention)
        assert found == pytest.approx(np.quantile(units, p, method=method), rel=1e-12)


def test_seventh_convention_interpolates_between_units():
    # ten units: 10 20 20 30 40 40 40 40 100 100; rank 1 + 9 x 0.3 = 3.7: 20 + 0.7 x 10 = 27
    assert st.quantile(FIVE, WEIGHTS, p=0.3, convention="hyndman_fan_7") == pytest.approx(27)
    units = np.repeat(FIVE, np.array(WEIGHTS, dtype=int))
    for p in np.linspace(0, 1, 23):
        assert st.quantile(FIVE, WEIGHTS, p=p, convention="hyndman_fan_7") == pytest.approx(
            np.quantile(units, p)
        )


def test_median_of_households_differs_from_median_of_persons():
    income, size, weight = [100.0, 200.0, 300.0], [1, 1, 5], [1.0, 1.0, 1.0]
    assert st.median(income, weight) == 200.0
    assert st.median(income, st.person_weights(weight, size)) == 300.0


def test_groups_keep_ties_together():
    # weight 0.5 each; the three tied rows have their middle at 2.5 of 5 units: the upper half
    groups = st.quantile_groups([1, 2, 2, 2, 3], 1, groups=2)
    assert groups.tolist() == [0, 1, 1, 1, 1]
    assert st.quantile_groups([3, 1, 2, 9], [1, 1, 1, 0], groups=3).tolist() == [2, 0, 1, -1]


def test_gini_of_zero_and_one():
    # nine units own nothing, one owns all: 1 - 1/10
    assert st.gini([0, 1], [9, 1]) == pytest.approx(0.9, abs=1e-15)
    assert st.gini(np.repeat([0, 1], [9, 1]), 1) == pytest.approx(0.9, abs=1e-15)


def test_gini_by_mean_difference():
    # mean absolute difference over all ordered pairs: 2 x (1+2+3+1+2+1) / 16 = 1.25; mean 2.5
    assert st.gini([1, 2, 3, 4], 1) == pytest.approx(1.25 / (2 * 2.5))
    assert st.gini([5.0], [3.0]) == 0.0
    assert st.gini([5.0, 5.0], [3.0, 0.1]) == pytest.approx(0.0, abs=1e-15)


def test_gini_of_a_uniform_distribution_tends_to_a_third():
    assert st.gini(np.linspace(0, 1, 20001), 1) == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize("aversion", [1.5, 2, 3, 4])
def test_extended_gini_of_an_exponential_distribution(aversion):
    # Yitzhaki (1983): the smallest of v exponential draws has mean 1 / v, so G(v) = 1 - 1/v
    income = -np.log1p(-(np.arange(200_000) + 0.5) / 200_000)
    found = st.extended_gini(income, 1, inequality_aversion=aversion)
    assert found == pytest.approx(1 - 1 / aversion, abs=2e-5)


def test_poverty_by_hand():
    # line 40: gaps 30/40, 20/40, 10/40 with weights 1, 2, 1; an income at the line is not poor
    assert st.headcount(FIVE, WEIGHTS, line=40) == 0.4
    assert st.poverty_gap(FIVE, WEIGHTS, line=40) == pytest.approx((0.75 + 1.0 + 0.25) / 10)
    severity = (0.75**2 + 2 * 0.5**2 + 0.25**2) / 10
    assert st.poverty_severity(FIVE, WEIGHTS, line=40) == pytest.approx(severity)


def test_relative_lines():
    assert st.poverty_line(FIVE, WEIGHTS, line=st.RelativeLine(0.5)) == 20.0  # median 40
    assert st.headcount(FIVE, WEIGHTS, line=st.RelativeLine(0.5)) == 0.1
    assert st.poverty_line(FIVE, WEIGHTS, line=st.RelativeLine(0.5, of="mean")) == 22.0
    assert st.headcount(FIVE, WEIGHTS, line=st.RelativeLine(0.5, of="mean")) == pytest.approx(0.3)


def test_four_definitions_by_hand():
    # own incomes 60, 120, 90 (thousand); heads 1, 4, 2; x 3 per head: 180, 90, 135; weights 1 1 2
    shares = st.bracket_shares(
        [60_000, 120_000, 90_000], [1, 4, 2], [1, 1, 2], low=100_000, high=500_000
    )
    assert shares.household == 1 / 4
    assert shares.household_persons == pytest.approx(4 / 9)
    assert shares.three_person == 3 / 4
    assert shares.three_person_persons == pytest.approx(5 / 9)
    assert tuple(shares.as_dict()) == st.DEFINITIONS


def test_bracket_ends_hold_exactly_for_three_persons():
    # a household of three at exactly 100,000 yuan is at the bound under every definition
    shares = st.bracket_shares([100_000.0], [3], [1], low=100_000, high=500_000)
    assert set(shares.as_dict().values()) == {1.0}
    shares = st.bracket_shares([500_000.0], [3], [1], low=100_000, high=500_000)
    assert set(shares.as_dict().values()) == {0.0}


@pytest.mark.parametrize(
    "convert",
    [
        np.array,
        list,
        pd.Series,
        lambda x: pd.Series(x, dtype="Float64"),
        pa.array,
        lambda x: pa.chunked_array([x[:2], x[2:]]),
        lambda x: np.array(x, dtype=np.float32),
        lambda x: np.array(x, dtype=np.int64),
    ],
)
def test_arrays_of_every_kind(convert):
    assert st.mean(convert(FIVE), convert(WEIGHTS)) == 44.0
    assert st.gini(convert(FIVE), convert(WEIGHTS)) == st.gini(FIVE, WEIGHTS)


def test_pandas_rows_pair_by_position():
    values = pd.Series(FIVE, index=[4, 3, 2, 1, 0])
    assert st.mean(values, pd.Series(WEIGHTS)) == 44.0


def test_rows_without_weight_do_not_count():
    assert st.gini([-5.0, 0.0, 1.0], [0, 9, 1]) == pytest.approx(0.9)
    assert st.quantile([-5.0, 1.0, 2.0], [0, 1, 1], p=0) == 1.0


def test_a_sample_sorted_once_gives_the_same():
    sample = st.ordered(FIVE, WEIGHTS)
    assert st.gini(sample) == st.gini(FIVE, WEIGHTS)
    assert st.median(sample) == st.median(FIVE, WEIGHTS)
    assert st.ordered(sample) is sample
    with pytest.raises(DataError, match="already has its weights"):
        st.gini(sample, WEIGHTS)
