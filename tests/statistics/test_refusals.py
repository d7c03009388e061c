"""Bad input gets one clear error that says what, where and how to mend it."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from olive import statistics as st
from olive.errors import DataError

ANY = [st.mean, st.total, st.gini, st.median]


@pytest.mark.parametrize("statistic", ANY)
@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([1.0, 2.0], [0, 0], "all weights are zero"),
        ([1.0, 2.0], 0, "all weights are zero"),
        ([1.0, 2.0], [1, -1], r"1 weights are negative, the lowest \(-1.0\) at position 1"),
        ([1.0, 2.0], [1, np.nan], "weights has 1 missing or infinite values.*position 1"),
        ([1.0, 2.0], [np.inf, 1], "weights has 1 missing or infinite"),
        ([1.0, np.nan], [1, 1], "values has 1 missing or infinite values.*position 1"),
        ([1.0, np.inf], [1, 1], "values has 1 missing or infinite values"),
        (["10", "20"], [1, 1], "must be numbers.*str"),
        (pd.Series(["10", "20"]), [1, 1], "must be numbers.*str"),
        (pa.array(["10", "20"]), [1, 1], "must be numbers.*str"),
        ([1.0, 2.0], ["a", "b"], "weights must be numbers"),
        ([1.0, 2.0], "household", "must be numbers|dimensions"),
        ([1.0, None], [1, 1], "must be numbers|missing"),
        (pa.array([1.0, None]), [1, 1], "missing"),
        (pd.Series([1.0, None], dtype="Float64"), [1, 1], "must be numbers|missing"),
        ([1.0, 2.0], [1, 1, 1], "2 values and 3 weights"),
        ([], [], "empty"),
        ([[1.0], [2.0]], [1, 1], "2 dimensions"),
        (3.0, [1], "0 dimensions"),
        ([1.0 + 2.0j], [1], "must be numbers"),
        (np.array(["2021-01-01"], dtype="datetime64[D]"), [1], "must be numbers"),
    ],
)
def test_bad_data(statistic, values, weights, message):
    with pytest.raises(DataError, match=message):
        statistic(values, weights)


@pytest.mark.parametrize("statistic", ANY)
def test_weights_are_never_implied(statistic):
    with pytest.raises(DataError, match="person_weights"):
        statistic([1.0, 2.0])


@pytest.mark.parametrize(("low", "high"), [(5, 1), (1, 1), (np.nan, 2), (0, np.nan)])
def test_bounds_that_enclose_nothing(low, high):
    with pytest.raises(DataError, match="enclose nothing"):
        st.share_between([1.0], 1, low=low, high=high)


def test_unknown_words_name_the_nearest():
    with pytest.raises(DataError, match="did you mean 'both'"):
        st.share_between([1.0], 1, low=0, high=1, closed="bot")
    with pytest.raises(DataError, match="did you mean 'hyndman_fan_7'"):
        st.median([1.0], 1, convention="hyndman_fan7")
    with pytest.raises(DataError, match="did you mean 'household_persons'"):
        st.bracket_basis("household_person", [1.0], [1], 1)
    with pytest.raises(DataError, match="median or the mean"):
        st.RelativeLine(0.5, of="mode")


@pytest.mark.parametrize(("thresholds", "pair"), [([2, 1], "2.0 is followed by 1.0"), ([1, 1], "")])
def test_unsorted_thresholds(thresholds, pair):
    with pytest.raises(DataError, match=f"must ascend, but.*{pair}"):
        st.band_shares([1.0], 1, thresholds=thresholds)


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
def test_p_outside_its_range(p):
    with pytest.raises(DataError, match="fraction from 0 to 1"):
        st.quantile([1.0], 1, p=p)


def test_gini_needs_a_sensible_distribution():
    with pytest.raises(DataError, match=r"1 of 2 are negative \(lowest -1.0\).*numpy.maximum"):
        st.gini([-1.0, 5.0], 1)
    with pytest.raises(DataError, match="mean"):
        st.gini([0.0, 0.0], 1)
    with pytest.raises(DataError, match="above 1"):
        st.extended_gini([1.0], 1, inequality_aversion=1)


@pytest.mark.parametrize("line", [0, -1, np.nan, np.inf])
def test_poverty_line_must_be_positive(line):
    with pytest.raises(DataError, match=r"must be above 0|must be one finite number"):
        st.headcount([1.0], 1, line=line)


def test_a_relative_line_of_nothing_is_refused():
    with pytest.raises(DataError, match=r"0.6 x the median\) is 0.0"):
        st.headcount([0.0, 0.0, 1.0], 1, line=st.RelativeLine(0.6))
    with pytest.raises(DataError, match="must be > 0"):
        st.RelativeLine(0)


def test_brackets_name_the_faulty_household():
    with pytest.raises(DataError, match=r"household_size is 0\.0 at position 1"):
        st.bracket_shares([1.0, 1.0], [1, 0], 1, low=0, high=1)
    with pytest.raises(DataError, match="2 household incomes and 1 sizes"):
        st.bracket_shares([1.0, 1.0], [1], 1, low=0, high=1)
    with pytest.raises(DataError, match="household_size is negative"):
        st.person_weights([1.0], [-1])


def test_seventh_convention_needs_units():
    with pytest.raises(DataError, match="below 1"):
        st.median([1.0, 2.0], 0.1, convention="hyndman_fan_7")
