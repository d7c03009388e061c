"""Income distributions against scipy.stats, published closed forms and algebraic laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from olive.statistics.distributions import (
    DistributionError,
    DoubleParetoLognormal,
    GeneralizedBeta,
    Lognormal,
    dagum,
    singh_maddala,
)

INCOMES = np.array([1e-3, 0.05, 0.4, 1.0, 2.5, 9.0, 400.0, 1e5])

PAIRS = [
    (Lognormal(0.3, 0.7), stats.lognorm(0.7, scale=np.exp(0.3))),
    (singh_maddala(1.7, 2.2, 1.6), stats.burr12(2.2, 1.6, scale=1.7)),
    (dagum(1.7, 3.1, 0.6), stats.burr(3.1, 0.6, scale=1.7)),
    (DoubleParetoLognormal(0.2, 0.5, 3.0, 1.4), stats.dpareto_lognorm(0.2, 0.5, 3.0, 1.4)),
    (DoubleParetoLognormal(-0.4, 0.15, 1.7, 6.0), stats.dpareto_lognorm(-0.4, 0.15, 1.7, 6.0)),
]

DISTRIBUTIONS = st.one_of(
    st.builds(Lognormal, st.floats(-2, 2), st.floats(0.2, 1.2)),
    st.builds(
        GeneralizedBeta,
        st.floats(0.5, 3),
        st.floats(1.5, 5),
        st.floats(0.4, 4),
        st.floats(1.0, 6),
    ),
    st.builds(
        DoubleParetoLognormal,
        st.floats(-1, 1),
        st.floats(0.1, 1.0),
        st.floats(1.5, 30),
        st.floats(1.0, 30),
    ),
)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_distribution_functions_agree_with_scipy(ours, theirs):
    np.testing.assert_allclose(ours.cdf(INCOMES), theirs.cdf(INCOMES), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(ours.survival(INCOMES), theirs.sf(INCOMES), rtol=1e-6, atol=1e-14)
    np.testing.assert_allclose(ours.density(INCOMES), theirs.pdf(INCOMES), rtol=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_mean_agrees_with_scipy(ours, theirs):
    assert ours.mean == pytest.approx(theirs.mean(), rel=1e-7)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_samples_pass_a_kolmogorov_test_against_scipy(ours, theirs):
    draws = ours.sample(20_000, np.random.default_rng(1))
    assert stats.kstest(draws, theirs.cdf).pvalue > 0.001


def test_generalized_beta_is_a_power_of_a_beta_prime_variable():
    # Kleiber and Kotz (2003), section 6.1: (X / b)**a has a beta prime distribution.
    ours = GeneralizedBeta(scale=2.0, shape=2.5, low=0.8, high=1.9)
    theirs = stats.betaprime(0.8, 1.9)
    np.testing.assert_allclose(ours.cdf(INCOMES), theirs.cdf((INCOMES / 2.0) ** 2.5), rtol=1e-9)
    draws = ours.sample(20_000, np.random.default_rng(2))
    assert stats.kstest((draws / 2.0) ** 2.5, theirs.cdf).pvalue > 0.001


def test_gini_of_the_lognormal():
    # Aitchison and Brown (1957): G = 2 Phi(sigma / sqrt 2) - 1
    for sigma in (0.2, 0.6, 1.1):
        expected = 2.0 * special.ndtr(sigma / np.sqrt(2.0)) - 1.0
        assert Lognormal(3.0, sigma).gini == pytest.approx(expected, abs=1e-11)


def test_gini_of_singh_maddala_and_dagum():
    # Kleiber and Kotz (2003), equations 6.54 and 6.88.
    gamma = special.gamma
    for shape, other in ((2.2, 1.6), (3.5, 0.7), (1.8, 3.0)):
        expected = 1.0 - gamma(other) * gamma(2 * other - 1 / shape) / (
            gamma(other - 1 / shape) * gamma(2 * other)
        )
        assert singh_maddala(1.3, shape, other).gini == pytest.approx(expected, abs=1e-11)
        expected = (
            gamma(other)
            * gamma(2 * other + 1 / shape)
            / (gamma(2 * other) * gamma(other + 1 / shape))
            - 1.0
        )
        assert dagum(1.3, shape, other).gini == pytest.approx(expected, abs=1e-11)


def _double_pareto_gini(sigma: float, upper: float, lower: float) -> float:
    """Closed form after Hajargasht and Griffiths (2013), by partial fractions.

    G = 2 P(D > 0) - 1, where D is the log income of a unit drawn in proportion to income minus
    that of a unit drawn at random: a normal N(sigma^2, 2 sigma^2) plus exponentials with rates
    upper - 1 and lower, minus exponentials with rates lower + 1 and upper.
    """
    mean, deviation = sigma**2, sigma * np.sqrt(2.0)
    ups, downs = (upper - 1.0, lower), (lower + 1.0, upper)
    probability = 0.0
    for rates, others, sign in ((ups, downs, 1.0), (downs, ups, -1.0)):
        for rate in rates:
            weight = np.prod([other / (other + rate) for other in others])
            weight *= np.prod([rival / (rival - rate) for rival in rates if rival != rate])
            tail = np.exp(sign * rate * mean + 0.5 * (rate * deviation) ** 2) * special.ndtr(
                -sign * mean / deviation - rate * deviation
            )
            probability += weight * (special.ndtr(mean / deviation) + sign * tail)
    return float(2.0 * probability - 1.0)


def test_gini_of_the_double_pareto_lognormal():
    for shape in ((0.4, 3.0, 1.5), (0.15, 1.7, 4.0), (0.6, 9.0, 2.6)):
        expected = _double_pareto_gini(*shape)
        assert DoubleParetoLognormal(1.0, *shape).gini == pytest.approx(expected, abs=1e-10)


@given(DISTRIBUTIONS, st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_quantile_inverts_the_cdf(distribution, probabilities):
    wanted = np.array(probabilities)
    np.testing.assert_allclose(
        distribution.cdf(distribution.quantile(wanted)), wanted, rtol=1e-8, atol=1e-12
    )


@given(DISTRIBUTIONS)
@settings(max_examples=15, deadline=None)
def test_gini_is_twice_the_area_above_the_lorenz_curve(distribution):
    # Substituting p = 1 - s**4 removes the vertical end of the curve of a heavy tail.
    nodes, weights = np.polynomial.legendre.leggauss(200)
    rest = 0.5 * (nodes + 1.0)
    area = np.sum(0.5 * weights * 4.0 * rest**3 * distribution.lorenz(1.0 - rest**4))
    assert distribution.gini == pytest.approx(1.0 - 2.0 * area, abs=2e-4)


@given(DISTRIBUTIONS, st.floats(-0.7, 0.9))
@settings(max_examples=40, deadline=None)
def test_tilting_weights_the_density_by_a_power_of_income(distribution, power):
    power = power if power > 0 else power / 2
    income = distribution.quantile(np.array([0.05, 0.3, 0.5, 0.9]))
    expected = income**power * distribution.density(income) / distribution.moment(power)
    np.testing.assert_allclose(distribution.tilt(power).density(income), expected, rtol=1e-7)


@given(DISTRIBUTIONS, st.floats(0.5, 1.3), st.floats(0.1, 1e5))
@settings(max_examples=40, deadline=None)
def test_spread_and_scale_move_every_quantile_alike(distribution, spread, factor):
    # A power transformation x**spread, up to scale; then a multiplication.
    ranks = np.array([0.02, 0.2, 0.5, 0.8, 0.98])
    before = np.log(distribution.quantile(ranks))
    after = np.log(distribution.spread(spread).scaled(factor).quantile(ranks))
    np.testing.assert_allclose(after - after[2], spread * (before - before[2]), atol=1e-7)
    shifted = np.log(distribution.scaled(factor).quantile(ranks))
    np.testing.assert_allclose(shifted - before, np.log(factor), atol=1e-7)


def test_quantiles_at_the_ends_and_far_in_the_tails():
    for distribution, _ in PAIRS:
        assert distribution.quantile(0.0) == 0.0
        assert distribution.quantile(1.0) == np.inf
        far = np.array([1e-15, 1e-12])
        np.testing.assert_allclose(distribution.cdf(distribution.quantile(far)), far, rtol=1e-6)
    nearly_normal = DoubleParetoLognormal(0.0, 0.5, 300.0, 300.0)
    assert np.log(nearly_normal.quantile(1e-15)) == pytest.approx(
        0.5 * special.ndtri(1e-15), rel=1e-3
    )


def test_wrong_parameters_are_named():
    with pytest.raises(DistributionError, match=r"sigma = -0\.1.*finite number above 0"):
        Lognormal(0.0, -0.1)
    with pytest.raises(DistributionError, match=r"upper = nan"):
        DoubleParetoLognormal(0.0, 0.5, float("nan"), 1.0)
    with pytest.raises(DistributionError, match=r"orders must lie between -2 and 0\.9"):
        _ = DoubleParetoLognormal(0.0, 0.5, 0.9, 2.0).mean
    with pytest.raises(DistributionError, match=r"between 0 and 1"):
        Lognormal(0.0, 1.0).quantile(1.2)
