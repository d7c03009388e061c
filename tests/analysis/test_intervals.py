"""Intervals of the targets table: real data have them, synthetic data say why not."""

import numpy as np
import pytest
from olive_tests.made_up import population, result
from scipy import stats

import olive
from olive.errors import DataError
from olive.statistics import jackknife_weights, survey_design

COUNT = 400


def sample(rng_seed=1, **columns):
    rng = np.random.default_rng(rng_seed)
    before = np.exp(rng.normal(11.5, 0.6, COUNT))
    after = before + rng.uniform(0, 20_000, COUNT)
    city = population([3] * COUNT, [1] * COUNT, synthetic=False, **columns)
    return result(city, before, after), before, after


def row(table, indicator, definition):
    frame = table.frame.set_index(["indicator", "definition"]).sort_index()
    return frame.loc[(indicator, definition)]


def test_errors_of_means_and_shares_are_those_of_a_textbook():
    # Households drawn one by one with equal weights: standard error = s / sqrt(n), s with n - 1.
    made, before, after = sample()
    table = olive.compare(made).targets()
    mean = row(table, "per_capita_income", "persons")
    expected = stats.sem(after / 3)
    assert mean["after_error"] == pytest.approx(expected, rel=1e-9)
    reach = stats.t.ppf(0.975, COUNT - 1) * expected
    assert mean["after_low"] == pytest.approx(mean["b"] - reach, rel=1e-9)
    assert mean["after_high"] == pytest.approx(mean["b"] + reach, rel=1e-9)
    inside = [(y >= 1e5) & (y < 5e5) for y in (before, after)]
    share = row(table, "share_10_50", "household")
    assert share["after_error"] == pytest.approx(stats.sem(inside[1]), rel=1e-9)
    paired = stats.sem(inside[1].astype(float) - inside[0])
    assert share["change_error"] == pytest.approx(paired, rel=1e-9)
    assert share["change_low"] < share["change"] < share["change_high"]


def test_the_design_is_read_from_the_columns():
    strata = ["north", "south"] * (COUNT // 2)
    made, _, after = sample(stratum=strata)
    share = row(olive.compare(made).targets(), "per_capita_income", "persons")
    # Equal weights: variance = sum over strata of (n_h / n)^2 s_h^2 / n_h.
    halves = [after[position::2] / 3 for position in (0, 1)]
    expected = np.sqrt(sum(0.25 * np.var(half, ddof=1) / half.size for half in halves))
    assert share["after_error"] == pytest.approx(expected, rel=1e-9)
    clustered, _, after = sample(psu=np.arange(COUNT) // 4)
    mean = row(olive.compare(clustered).targets(), "per_capita_income", "persons")
    # Clusters of four of equal weight: the error of the mean of cluster means.
    clusters = (after / 3).reshape(-1, 4).mean(axis=1)
    assert mean["after_error"] == pytest.approx(stats.sem(clusters), rel=1e-9)


def test_an_explicit_design_takes_the_place_of_the_columns():
    made, _, after = sample(stratum=["north", "south"] * (COUNT // 2))
    plain = olive.compare(made, uncertainty=survey_design(COUNT)).targets()
    mean = row(plain, "per_capita_income", "persons")
    assert mean["after_error"] == pytest.approx(stats.sem(after / 3), rel=1e-9)
    with pytest.raises(DataError, match="uncertainty is for 7 rows"):
        olive.compare(made, uncertainty=survey_design(7))


def test_a_design_that_cannot_be_used_is_named_and_no_interval_given():
    made, *_ = sample(stratum=[f"own {each}" for each in range(COUNT)])
    table = olive.compare(made).targets()
    assert "after_error" not in table.frame
    assert any("every stratum has a single cluster" in note.en for note in table.notes)


def test_a_stratum_with_one_unit_is_centred_on_the_overall_mean_and_told():
    made, *_ = sample(stratum=["alone"] + ["south"] * (COUNT - 1))
    table = olive.compare(made, smallest_cell=0).targets()
    assert table.frame["after_error"].notna().any()
    assert any("1 single clusters about the overall mean" in note.en for note in table.notes)
    assert any("1 个单一抽样单元的层以总体均值为中心" in note.zh for note in table.notes)


def test_synthetic_data_have_no_sampling_error(city_result):
    table = olive.compare(city_result).targets()
    assert "after_error" not in table.frame
    assert any("no sampling error" in note.en for note in table.notes)
    with pytest.raises(DataError, match="synthetic"):
        olive.compare(city_result, uncertainty=survey_design(500))


def test_suppressed_figures_have_no_interval():
    made, *_ = sample()
    frame = olive.compare(made, smallest_cell=COUNT).targets().frame
    hidden = frame[frame["sample"].isna()]
    assert len(hidden) > 0
    assert hidden[["after_error", "change_low", "b", "change"]].isna().all(axis=None)


def test_replicate_weights_of_the_user():
    # Delete-one jackknife of a mean of equal weights is exactly s / sqrt(n).
    made, _, after = sample()
    replicates = jackknife_weights(survey_design(COUNT))
    table = olive.compare(made, uncertainty=replicates).targets()
    mean = row(table, "per_capita_income", "persons")
    assert mean["after_error"] == pytest.approx(stats.sem(after / 3), rel=1e-9)
    assert any("jackknife" in note.en for note in table.notes)


def test_an_error_that_does_not_exist_is_missing():
    # All incomes alike: the density at the median does not exist, the mean has no error at all.
    city = population([1] * 20, [1] * 20, synthetic=False)
    table = olive.compare(result(city, np.full(20, 9e4), np.full(20, 9e4))).targets()
    assert np.isnan(row(table, "median_per_capita", "persons")["after_error"])
    assert row(table, "per_capita_income", "persons")["after_error"] == 0
