"""Fits to group means against quadrature, brute force and published medians that were held out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, special, stats

from olive.china.recipes.quintiles import quintiles
from olive.errors import DataError
from olive.statistics.distributions import (
    FAMILIES,
    DistributionError,
    DoubleParetoLognormal,
    GroupedIncome,
    Lognormal,
    fit,
    goodness_of_fit,
    group_means,
    read_quintiles,
)

URBAN = quintiles()["national urban 2022"]
NATIONAL = quintiles()["national all 2021"]


def test_group_means_of_a_lognormal_without_gradient():
    # Share of income below rank p is Phi(probit(p) - sigma): Aitchison and Brown (1957).
    limits = special.ndtri(np.arange(6) / 5)
    shares = np.diff(special.ndtr(limits - 0.6))
    expected = 5 * shares * np.exp(2.0 + 0.5 * 0.6**2)
    np.testing.assert_allclose(group_means(Lognormal(2.0, 0.6), 0.0), expected, rtol=1e-12)


def test_group_means_with_a_gradient_by_quadrature_on_scipy_densities():
    gradient, theirs = 0.3, stats.dpareto_lognorm(0.2, 0.5, 3.0, 1.4)
    limits = np.log(theirs.ppf(np.arange(1, 10) / 10))
    edges = [-40.0, *limits, 40.0]

    def total(power: float, low: float, high: float) -> float:
        # Over log income, with the density of log income = x * density.
        return integrate.quad(
            lambda y: np.exp((power + 1) * y) * theirs.pdf(np.exp(y)), low, high, limit=400
        )[0]

    pairs = list(pairwise(edges))
    expected = [total(1 - gradient, *pair) / total(-gradient, *pair) for pair in pairs]
    ours = group_means(DoubleParetoLognormal(0.2, 0.5, 3.0, 1.4), gradient, groups=10)
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_published_mean_is_met_and_shares_add_up(family):
    found = fit(URBAN, family)
    assert found.persons.mean == pytest.approx(URBAN.mean, rel=1e-12)
    assert found.person_shares.sum() == pytest.approx(1.0, abs=1e-12)
    # The mean over persons is the mean of the group means, weighted by persons.
    assert found.person_shares @ found.group_means == pytest.approx(URBAN.mean, rel=1e-12)


def test_parameters_are_recovered_from_exact_group_means():
    truth = DoubleParetoLognormal(10.5, 0.45, 3.0, 2.2)
    # Ranked households of a fine grid: no formula of the library is used here.
    logs = np.linspace(0.0, 22.0, 20_000)
    ranks = stats.dpareto_lognorm(10.5, 0.45, 3.0, 2.2).cdf(np.exp(logs))
    income = np.exp(np.interp((np.arange(40_000) + 0.5) / 40_000, ranks, logs))
    size = income**-0.2
    means = [
        (part * weight).sum() / weight.sum()
        for part, weight in zip(income.reshape(5, -1), size.reshape(5, -1), strict=True)
    ]
    data = GroupedIncome("a", "b", 2020, tuple(means), (income * size).sum() / size.sum())
    found = fit(data)
    assert found.rms_log_error < 1e-4
    assert found.size_gradient == pytest.approx(0.2, abs=0.005)
    assert found.households.median == pytest.approx(truth.median, rel=0.005)
    assert found.households.sigma == pytest.approx(0.45, abs=0.03)


@pytest.mark.slow  # quick: the other fits
def test_the_gap_between_the_two_means_identifies_the_gradient():
    # (16971 + 31180 + 44283 + 61724 + 107224) / 5 = 52,276.4, 6.1 % above the mean of 49,283.
    assert np.mean(URBAN.group_means) == pytest.approx(52_276.4)
    flat = GroupedIncome("a", "b", 2022, URBAN.group_means, 52_276.4)
    assert fit(flat).size_gradient == pytest.approx(0.0, abs=1e-3)
    assert 0.1 < fit(URBAN).size_gradient < 0.2


@pytest.mark.parametrize(
    "name",
    [
        "national urban 2022",
        pytest.param("national all 2021", marks=pytest.mark.slow),
        pytest.param("national all 2022", marks=pytest.mark.slow),
    ],
)
def test_held_out_median_of_households(name):
    # The medians are published by the National Bureau of Statistics and were not fitted.
    data = quintiles()[name]
    for family in ("double_pareto_lognormal", "generalized_beta"):
        assert fit(data, family).households.median == pytest.approx(data.median, rel=0.035)
    assert fit(data, "lognormal").median_error < -0.04


@pytest.mark.slow
def test_heavy_tailed_families_beat_the_lognormal_everywhere():
    table = goodness_of_fit(quintiles().values())
    errors = table.pivot_table(index="data", columns="family", values="rms_log_error")
    assert (errors["lognormal"] >= errors.max(axis="columns")).all()
    assert (errors["double_pareto_lognormal"] < 0.02).all()
    assert (errors["generalized_beta"] < 0.02).all()


@pytest.mark.slow  # quick: the other fits
def test_the_median_as_a_moment_pulls_the_fit_towards_it():
    held_out, used = fit(NATIONAL), fit(NATIONAL, use_median=True)
    assert abs(used.median_error) < abs(held_out.median_error)
    assert used.used_median


def test_fixed_tail_and_fixed_gradient_are_kept():
    found = fit(NATIONAL, fixed={"lower": 3.0}, size_gradient=0.25)
    assert found.households.lower == pytest.approx(3.0, rel=1e-12)
    assert found.size_gradient == 0.25
    # A thinner lower tail leaves fewer of the very poor.
    assert found.persons.cdf(2_000.0) < fit(NATIONAL).persons.cdf(2_000.0)


def test_reshaping_sets_the_mean_and_scales_log_distances():
    found = fit(URBAN)
    moved = found.reshaped(mean=73_879.0, spread=0.9)
    assert moved.persons.mean == pytest.approx(73_879.0, rel=1e-12)
    ranks = np.array([0.1, 0.9])
    before = np.diff(np.log(found.households.quantile(ranks)))
    after = np.diff(np.log(moved.households.quantile(ranks)))
    np.testing.assert_allclose(after, 0.9 * before, rtol=1e-9)
    np.testing.assert_allclose(moved.person_shares, found.person_shares, atol=1e-10)


@pytest.mark.slow  # quick: the other fits
def test_weakly_identified_tails_are_reported():
    assert fit(NATIONAL).at_bounds == ("upper",)
    assert fit(URBAN).at_bounds == ()


def test_figures_that_are_not_published_are_listed():
    assert NATIONAL.proxies == ()
    assert set(URBAN.proxies) == {"low", "lower_middle", "middle", "upper_middle", "high"}


def test_errors_name_the_nearest_valid_name():
    with pytest.raises(DistributionError, match="did you mean 'lognormal'"):
        fit(URBAN, "lognormel")
    with pytest.raises(DistributionError, match="did you mean 'lower'"):
        fit(URBAN, fixed={"lowr": 2.0})
    with pytest.raises(DistributionError, match="no published median"):
        fit(quintiles()["fujian rural 2021"], use_median=True)


def test_grouped_income_refuses_disordered_means_and_other_units():
    with pytest.raises(DataError, match="rising order"):
        GroupedIncome("a", "b", 2020, (5.0, 4.0, 6.0), 5.0)
    with pytest.raises(DataError, match="are both in yuan per year"):
        GroupedIncome("a", "b", 2020, (5_000.0, 6_000.0, 9_000.0), 500.0)


HEADER = "place,area,year,statistic,value,unit,status,source,url\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,area,year,statistic,valu,unit,status,source,url\n", "'value' is missing .did you"),
        (HEADER + "a,b,2020,hihg,1,yuan/year,published,s,u\n", "line 2: unknown statistic 'hihg'"),
        (HEADER + "a,b,2020,high,1,yuan/month,published,s,u\n", "convert the figure"),
        (HEADER + "a,b,2020,high,1,yuan/year,found,s,u\n", "unknown status 'found'"),
        (HEADER + "a,b,2020,high,one,yuan/year,published,s,u\n", "value 'one' is not a number"),
        (HEADER + "a,b,2020,high,1,yuan/year,published,s,u\n", "a b 2020 lacks low"),
    ],
)
def test_faults_in_a_quintile_file_are_located(tmp_path, text, message):
    path = tmp_path / "quintiles.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        read_quintiles(path)
