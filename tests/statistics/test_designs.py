"""Designs: finite populations, strata with one cluster; rows without weight; extreme weights."""

from decimal import Decimal
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from olive import statistics as st
from olive.errors import DataError

INCOME = np.array([20.0, 30.0, 40.0, 60.0, 80.0, 120.0, 90.0, 10.0])


def error(values, design, weights=1.0):
    found = st.estimate(st.mean, values, weights=weights, uncertainty=design, counted="rows")
    return found.standard_error


def test_the_finite_population_correction_is_the_variance_over_all_samples():
    """Without replacement the variance estimator is unbiased: average over all 4 of 8."""
    population = INCOME
    samples = [population[list(rows)] for rows in combinations(range(8), 4)]
    design = st.survey_design(4, population_clusters=8)
    estimates = [error(sample, design) ** 2 for sample in samples]
    true = np.var([sample.mean() for sample in samples])
    assert np.mean(estimates) == pytest.approx(true, rel=1e-12)


def test_a_census_has_no_sampling_error():
    assert error(INCOME, st.survey_design(8, population_clusters=8)) == 0.0


def test_each_stratum_has_its_own_correction():
    strata = [1] * 4 + [2] * 4
    design = st.survey_design(8, strata=strata, population_clusters=[8] * 4 + [100] * 4)
    # By hand: sum of N^2 / n (1 - n/N) s^2 for the total with weights N / n.
    weights = np.repeat([2.0, 25.0], 4)
    by_hand = sum(
        size**2 / 4 * (1 - 4 / size) * np.var(values, ddof=1)
        for size, values in ((8, INCOME[:4]), (100, INCOME[4:]))
    )
    found = st.estimate(st.total, INCOME, weights=weights, uncertainty=design, counted="rows")
    assert found.standard_error**2 == pytest.approx(by_hand, rel=1e-12)
    jackknife = st.estimate(
        st.total, INCOME, weights=weights, uncertainty=st.jackknife_weights(design), counted="rows"
    )
    assert jackknife.standard_error == pytest.approx(found.standard_error, rel=1e-12)
    assert "finite population" in found.method


def test_the_bootstrap_carries_the_correction():
    design = st.survey_design(8, population_clusters=16)
    drawn = st.bootstrap_weights(design, replicates=4_000, seed=3)
    found = st.estimate(st.total, INCOME, weights=1.0, uncertainty=drawn, counted="rows")
    exact = st.estimate(st.total, INCOME, weights=1.0, uncertainty=design, counted="rows")
    assert found.standard_error == pytest.approx(exact.standard_error, rel=0.04)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([8] * 7 + [9], "differs between rows of one stratum"),
        ([7] * 8, "less than the clusters of the sample"),
        ([8, 8], "has 2 rows and the design 8"),
    ],
)
def test_impossible_populations_are_refused(given, message):
    with pytest.raises(DataError, match=message):
        st.survey_design(8, population_clusters=given)


def test_half_samples_refuse_the_correction():
    design = st.survey_design(4, strata=[1, 1, 2, 2], population_clusters=10)
    with pytest.raises(DataError, match="finite population correction"):
        st.brr_weights(design)


STRATA = ["a"] * 7 + ["z"]


def test_a_single_cluster_is_refused_unless_a_choice_is_named():
    with pytest.raises(DataError, match=r"stratum z has a single cluster.*leave_out"):
        st.survey_design(8, strata=STRATA)
    with pytest.raises(DataError, match="did you mean 'leave_out'"):
        st.survey_design(8, strata=STRATA, single_clusters="leave out")
    with pytest.raises(DataError, match="every stratum"):
        st.survey_design(2, strata=[1, 2], single_clusters="leave_out")


def test_a_single_cluster_left_out_or_about_the_overall_mean():
    scores = INCOME.copy()
    within = 7 / 6 * ((scores[:7] - scores[:7].mean()) ** 2).sum()
    left_out = st.survey_design(8, strata=STRATA, single_clusters="leave_out")
    assert left_out.variance(scores) == pytest.approx(within, rel=1e-12)
    centred = st.survey_design(8, strata=STRATA, single_clusters="overall_mean")
    assert centred.variance(scores) == pytest.approx(
        within + (scores[7] - scores.mean()) ** 2, rel=1e-12
    )
    assert "1 single clusters about the overall mean" in centred.description
    assert centred.degrees_of_freedom == 6
    for replicates in (st.jackknife_weights, st.bootstrap_weights, st.brr_weights):
        with pytest.raises(DataError):
            replicates(centred)


MISSING = [1.0, 2.0, np.nan, 4.0]
OUTSIDE = [1.0, 1.0, 0.0, 2.0]


def test_a_row_without_weight_may_hold_anything():
    assert st.mean([1.0, 2.0, float("nan")], [1, 1, 0]) == 1.5
    kept, weights = [1.0, 2.0, 4.0], [1.0, 1.0, 2.0]
    for one in (st.gini, st.median, st.theil_l, st.wolfson, st.s80_s20_ratio):
        assert one(MISSING, OUTSIDE) == one(kept, weights)
    for two in (st.concentration_coefficient, st.kakwani, st.re_ranking):
        assert two(MISSING, [3.0, 2.0, np.nan, 1.0], OUTSIDE) == two(kept, [3.0, 2.0, 1.0], weights)
    assert st.bracket_shares(MISSING, [1, 2, np.nan, 3], OUTSIDE, low=1, high=3) == (
        st.bracket_shares(kept, [1, 2, 3], weights, low=1, high=3)
    )
    assert st.person_weights(OUTSIDE, [1, 2, np.nan, 3]).tolist() == [1, 2, 0, 6]
    parts = st.decompose_by_group(MISSING, ["a", "b", None, "b"], OUTSIDE, alpha=0)
    assert parts == st.decompose_by_group(kept, ["a", "b", "b"], weights, alpha=0)
    sources = st.decompose_by_source({"wage": MISSING, "rent": [1, 0, np.inf, 1]}, OUTSIDE)
    assert sources == st.decompose_by_source({"wage": kept, "rent": [1, 0, 1]}, weights)
    design = st.survey_design(4)
    found = st.estimate(st.gini, MISSING, weights=OUTSIDE, uncertainty=design, counted="rows")
    filled = st.estimate(
        st.gini, [1.0, 2.0, 0.0, 4.0], weights=OUTSIDE, uncertainty=design, counted="rows"
    )
    assert found == filled


def test_missing_values_with_weight_are_refused_by_position():
    with pytest.raises(DataError, match=r"1 missing or infinite values.*position 2"):
        st.mean(MISSING, [1, 0, 1, 1])


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([10, 20], dtype=object),
        pd.Series([10, 20], dtype="Int64"),
        pd.Series([10.0, 20], dtype=object),
        [Decimal("10.00"), Decimal(20)],
        np.array([np.int8(10), True * 20], dtype=object),
    ],
)
def test_numbers_in_object_columns_are_numbers(column):
    assert st.gini(column, 1) == st.gini([10.0, 20.0], 1)


def test_text_and_missing_numbers_in_object_columns_are_refused():
    with pytest.raises(DataError, match=r"type str \('20' at position 1\)"):
        st.gini(np.array([10, "20"], dtype=object), 1)
    with pytest.raises(DataError, match="position 1"):
        st.gini(pd.Series([10, pd.NA], dtype="Int64"), 1)
    with pytest.raises(DataError, match="position 1"):
        st.gini(pd.Series([10, 10**400], dtype=object), 1)
    assert st.mean(pd.Series([10, None], dtype=object), [1, 0]) == 10.0


STATISTICS = (
    st.mean,
    st.median,
    st.gini,
    st.hoover,
    st.theil_l,
    st.coefficient_of_variation,
    st.palma_ratio,
    st.wolfson,
)


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e300])
def test_only_the_proportions_of_weights_matter_whatever_their_size(scale):
    weights = np.array([1.0, 2.0, 1.0, 3.0, 1.0, 2.0, 1.0, 1.0])
    design = st.survey_design(8)
    for statistic in STATISTICS:
        expected = st.estimate(
            statistic, INCOME, weights=weights, uncertainty=design, counted="rows"
        )
        found = st.estimate(
            statistic, INCOME, weights=weights * scale, uncertainty=design, counted="rows"
        )
        assert found.value == pytest.approx(expected.value, rel=1e-12)
        assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-9)
    assert st.headcount(INCOME, weights * scale, line=50.0) == pytest.approx(5 / 12)
    found = st.estimate(
        st.gini,
        INCOME,
        weights=weights * scale,
        uncertainty=st.jackknife_weights(design),
        counted="rows",
    )
    assert 0 < found.standard_error < 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_errors_of_totals_neither_vanish_nor_overflow(scale):
    design = st.survey_design(8)
    for how in (design, st.jackknife_weights(design)):
        plain, found = (
            st.estimate(st.total, INCOME, weights=weight, uncertainty=how, counted="rows")
            for weight in (1.0, scale)
        )
        assert found.standard_error == pytest.approx(plain.standard_error * scale, rel=1e-9)


def test_totals_keep_the_size_of_the_weights():
    assert st.total([2.0, 3.0], [1e-300, 2e-300]) == pytest.approx(8e-300)
    assert st.total([2.0, 3.0], [1e300, 2e300]) == pytest.approx(8e300)
    assert st.linearize(st.total, [2.0, 3.0], weights=1e300).scores.tolist() == (
        pytest.approx([2e300, 3e300])
    )
