"""Inequality, Lorenz shares, polarisation, poverty intensity and progressivity by hand."""

import numpy as np
import pytest
from scipy import special

from olive import statistics as st
from olive.errors import DataError

SIGMA = 0.8
# Midpoints of two hundred thousand equal groups of a lognormal distribution with mean e^(s^2/2).
LOGNORMAL = np.exp(SIGMA * special.ndtri((np.arange(200_000) + 0.5) / 200_000))


def normal(x):
    return special.ndtr(x)


def test_lognormal_closed_forms():
    # Aitchison and Brown (1957); Cowell (2011), "Measuring Inequality", appendix.
    assert st.gini(LOGNORMAL, 1) == pytest.approx(2 * normal(SIGMA / 2**0.5) - 1, rel=1e-4)
    assert st.theil_l(LOGNORMAL, 1) == pytest.approx(SIGMA**2 / 2, rel=1e-3)
    assert st.theil_t(LOGNORMAL, 1) == pytest.approx(SIGMA**2 / 2, rel=1e-3)
    assert st.hoover(LOGNORMAL, 1) == pytest.approx(2 * normal(SIGMA / 2) - 1, rel=1e-4)
    for aversion in (0.5, 1.0, 2.0):
        assert st.atkinson(LOGNORMAL, 1, inequality_aversion=aversion) == pytest.approx(
            1 - np.exp(-aversion * SIGMA**2 / 2), rel=1e-3
        )
    for alpha in (-1.0, 2.0):
        assert st.generalized_entropy(LOGNORMAL, 1, alpha=alpha) == pytest.approx(
            (np.exp(alpha * (alpha - 1) * SIGMA**2 / 2) - 1) / (alpha * (alpha - 1)), rel=4e-3
        )
    assert st.coefficient_of_variation(LOGNORMAL, 1) == pytest.approx(
        np.sqrt(np.exp(SIGMA**2) - 1), rel=3e-3
    )
    assert st.lorenz(LOGNORMAL, 1, p=[0.2, 0.5, 0.9]) == pytest.approx(
        normal(special.ndtri([0.2, 0.5, 0.9]) - SIGMA), rel=1e-4
    )
    assert st.top_share(LOGNORMAL, 1, top=0.01) == pytest.approx(
        normal(SIGMA - special.ndtri(0.99)), rel=1e-3
    )


def test_lognormal_poverty_closed_forms():
    # line z = 0.6 x median 1: H = Phi(ln z / s); the poor hold Phi(ln z / s - s) of the mean
    z, mean = 0.6, np.exp(SIGMA**2 / 2)
    head = normal(np.log(z) / SIGMA)
    gap = head - mean / z * normal(np.log(z) / SIGMA - SIGMA)
    line = st.RelativeLine(0.6)
    assert st.headcount(LOGNORMAL, 1, line=line) == pytest.approx(head, rel=1e-4)
    assert st.poverty_gap(LOGNORMAL, 1, line=line) == pytest.approx(gap, rel=1e-3)
    # Watts: integral of (ln z - s t) phi(t) up to ln z / s = ln z Phi(a) + s phi(a)
    a = np.log(z) / SIGMA
    density = np.exp(-a * a / 2) / np.sqrt(2 * np.pi)
    assert st.watts(LOGNORMAL, 1, line=line) == pytest.approx(
        np.log(z) * normal(a) + SIGMA * density, rel=1e-3
    )


def test_two_values_by_hand():
    # 1 and 4, mean 2.5: GE(2) = ((0.4^2 + 1.6^2) / 2 - 1) / 2 = 0.18; geometric mean 2
    assert st.generalized_entropy([1, 4], 1, alpha=2) == pytest.approx(0.18)
    assert st.theil_t([1, 4], 1) == pytest.approx(0.2 * np.log(0.4) + 0.8 * np.log(1.6))
    # A(2): 1 - harmonic mean / mean = 1 - 1.6 / 2.5
    assert st.atkinson([1, 4], 1, inequality_aversion=2) == pytest.approx(0.36)
    assert st.hoover([1, 4], 1) == pytest.approx(0.3)
    assert st.coefficient_of_variation([1, 4], 1) == pytest.approx(0.6)


@pytest.mark.parametrize("size", [1, 7])
def test_equality_is_zero(size):
    same = np.full(size, 123.456)
    weights = np.arange(1.0, size + 1)
    for statistic in (
        st.gini,
        st.hoover,
        st.theil_t,
        st.theil_l,
        st.coefficient_of_variation,
        st.wolfson,
    ):
        assert statistic(same, weights) == pytest.approx(0.0, abs=1e-14)
    assert st.atkinson(same, weights, inequality_aversion=2) == pytest.approx(0.0, abs=1e-14)
    assert st.palma_ratio(same, weights) == pytest.approx(0.25)
    assert st.s80_s20_ratio(same, weights) == pytest.approx(1.0)
    # the defect that one published package had: the top tenth of a constant series holds a tenth
    assert st.top_share(same, weights, top=0.1) == pytest.approx(0.1)


def test_shares_divide_a_straddling_row():
    # 4 rows of weight 1: the top 10 % is 0.4 of the last row: 4 / 20 of the total
    assert st.top_share([1, 2, 7, 10], 1, top=0.1) == pytest.approx(4 / 20)
    # the lowest 40 % is 1.6 rows: 1 + 0.6 x 2 = 2.2
    assert st.palma_ratio([1, 2, 7, 10], 1) == pytest.approx(4 / 2.2)
    assert st.quantile_shares([1, 2, 7, 10], 1, groups=4) == pytest.approx([0.05, 0.1, 0.35, 0.5])


def test_polarisation_of_two_poles():
    # half have 0 and half 2: Gini 1/2, L(1/2) = 0, median half-way 1, mean 1: (1 - 1/2) x 1
    assert st.foster_wolfson([0, 0, 2, 2], 1) == pytest.approx(0.5)
    assert st.wolfson([0, 0, 2, 2], 1) == pytest.approx(1.0)


def test_polarisation_of_published_examples():
    # worked in the documentation of PySAL inequality, where the index has the factor 1
    incomes = [20000, 25000, 27000, 30000, 35000, 45000, 60000, 75000, 80000, 120000]
    assert st.foster_wolfson(incomes, 1) == pytest.approx(0.2013, abs=1e-4)
    assert st.foster_wolfson([6, 6, 8, 8, 10, 10, 12, 12], 1) == pytest.approx(0.0833, abs=5e-5)


def test_a_spread_from_the_middle_raises_polarisation():
    assert st.wolfson([1, 2, 3, 4, 5], 1) < st.wolfson([0.5, 1.5, 3, 4.5, 5.5], 1)


def test_bunching_within_halves_raises_polarisation_and_lowers_inequality():
    spread, bunched = [1, 2, 3, 4, 5, 6], [1.5, 1.5, 3, 4, 5.5, 5.5]
    assert st.gini(bunched, 1) < st.gini(spread, 1)
    assert st.wolfson(bunched, 1) > st.wolfson(spread, 1)


def test_sen_indices_by_hand():
    # poor 20 and 60 of four, line 100: H = 1/2, I = 0.6, Gini of (20, 60) = 1/4
    assert st.sen([20, 60, 200, 300], 1, line=100) == pytest.approx(0.5 * (0.6 + 0.4 * 0.25))
    # gap ratios 0, 0, 0.4, 0.8: mean 0.3; Gini 2 x 2.8 / 16 / (2 x 0.3) = 7 / 12
    assert st.sen_shorrocks_thon([20, 60, 200, 300], 1, line=100) == pytest.approx(0.3 * 19 / 12)


def test_all_poor_with_nothing_is_the_worst():
    assert st.sen([0, 0], 1, line=10) == pytest.approx(1.0)
    assert st.sen_shorrocks_thon([0, 0], 1, line=10) == pytest.approx(1.0)


def test_nobody_poor():
    for statistic in (st.sen, st.sen_shorrocks_thon, st.watts, st.headcount, st.poverty_gap):
        assert statistic([20, 60], 1, line=20) == 0.0


def test_proportional_tax_changes_nothing():
    income = np.array([10.0, 20.0, 70.0])
    assert st.kakwani(0.2 * income, income, 1) == pytest.approx(0, abs=1e-15)
    assert st.reynolds_smolensky(0.8 * income, income, 1) == pytest.approx(0, abs=1e-15)
    assert st.re_ranking(0.8 * income, income, 1) == pytest.approx(0, abs=1e-15)


def test_reynolds_smolensky_follows_from_kakwani():
    # Kakwani (1977): without any condition, RS = t / (1 - t) x K, t being the average tax rate
    income = np.array([10.0, 20.0, 30.0, 90.0])
    tax = np.array([0.0, 1.0, 9.0, 20.0])
    weights = np.array([3.0, 1.0, 2.0, 1.0])
    rate = (tax @ weights) / (income @ weights)
    assert st.reynolds_smolensky(income - tax, income, weights) == pytest.approx(
        rate / (1 - rate) * st.kakwani(tax, income, weights)
    )


def test_re_ranking_by_hand():
    # incomes 10, 30 become 30, 10: Gini after 1/4, concentration after -1/4
    assert st.re_ranking([30, 10], [10, 30], 1) == pytest.approx(0.5)
    assert st.redistributive_effect([30, 10], [10, 30], 1) == pytest.approx(0)
    assert st.reynolds_smolensky([30, 10], [10, 30], 1) == pytest.approx(0.5)


def test_subgroups_by_hand():
    # a: 1, 1; b: 2, 6: Theil L within b = ln 4 - (ln 2 + ln 6) / 2, half the weight;
    # between: mean 2.5, group means 1 and 4
    parts = st.decompose_by_group([1, 2, 1, 6], ["a", "b", "a", "b"], 1, alpha=0)
    assert parts.within == pytest.approx(0.5 * (np.log(4) - np.log(12) / 2))
    assert parts.between == pytest.approx(np.log(2.5) - np.log(4) / 2)
    assert [group.name for group in parts.groups] == ["a", "b"]
    assert [group.mean for group in parts.groups] == [1.0, 4.0]
    assert [group.weight_share for group in parts.groups] == [0.5, 0.5]


@pytest.mark.parametrize("alpha", [-1, 0, 0.5, 1, 2])
def test_within_and_between_add_up(alpha):
    generator = np.random.default_rng(3)
    income, weights = generator.lognormal(size=500), generator.uniform(0, 3, 500)
    weights[:20] = 0.0
    groups = generator.integers(0, 5, 500)
    parts = st.decompose_by_group(income, groups, weights, alpha=alpha)
    assert parts.total == pytest.approx(
        st.generalized_entropy(income, weights, alpha=alpha), rel=1e-12
    )
    assert parts.within == pytest.approx(sum(group.contribution for group in parts.groups))
    for group in parts.groups:
        members = groups == group.name
        assert group.index == pytest.approx(
            st.generalized_entropy(income[members], weights[members], alpha=alpha)
        )


def test_sources_add_up_to_the_gini():
    generator = np.random.default_rng(5)
    wage, rent = generator.lognormal(size=300), generator.lognormal(-2, 2, 300)
    tax = -0.1 * wage**1.2
    weights = generator.uniform(0, 3, 300)
    parts = st.decompose_by_source({"wage": wage, "rent": rent, "tax": tax}, weights)
    assert sum(part.contribution for part in parts.values()) == pytest.approx(
        st.gini(wage + rent + tax, weights)
    )
    assert sum(part.elasticity for part in parts.values()) == pytest.approx(0, abs=1e-14)
    # the elasticity against a finite difference
    step = 1e-6
    grown = st.gini(wage + rent * (1 + step) + tax, weights)
    base = st.gini(wage + rent + tax, weights)
    assert parts["rent"].elasticity == pytest.approx((grown / base - 1) / step, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.theil_l([0, 1], 1), "above 0 only, and 1 of 2"),
        (lambda: st.theil_t([-1, 2], 1), "negative"),
        (lambda: st.generalized_entropy([1, 2], 1, alpha=np.nan), "alpha"),
        (lambda: st.atkinson([0, 1], 1, inequality_aversion=1), "above 0 only"),
        (lambda: st.atkinson([1, 1], 1, inequality_aversion=0), "above 0"),
        (lambda: st.watts([0, 5], 1, line=3), "above 0 only"),
        (lambda: st.sen([-1, 5], 1, line=3), "numpy.maximum"),
        (lambda: st.sen_shorrocks_thon([-1, 5], 1, line=3), "numpy.maximum"),
        (lambda: st.palma_ratio([0, 0, 1], 1), "lowest 40%, which have nothing"),
        (lambda: st.wolfson([0, 0, 1], 1), "median"),
        (lambda: st.coefficient_of_variation([-1, 1], 1), "mean"),
        (lambda: st.lorenz([1, 2], 1, p=[0.5, 1.5]), "fraction from 0 to 1"),
        (lambda: st.top_share([1, 2], 1, top=10), "fraction from 0 to 1"),
        (lambda: st.quantile_shares([1, 2], 1, groups=0), "at least 1"),
        (lambda: st.kakwani([1, -1], [1, 2], 1), "add up to 0"),
        (lambda: st.kakwani([1], [1, 2], 1), "1 values and 2 rows"),
        (lambda: st.decompose_by_group([1, 2], ["a"], 1, alpha=0), "groups have shape.*2 rows"),
        (lambda: st.decompose_by_group([0, 2], ["a", "b"], 1, alpha=1), "'a' has nothing"),
        (lambda: st.decompose_by_source({}, 1), "no income sources"),
        (lambda: st.decompose_by_source({"a": [1, 1]}, 1), "equal for all"),
        (lambda: st.decompose_by_source({"a": [1, 2], "b": [1]}, 1), "differ in length"),
        (lambda: st.decompose_by_source({"a": [1, 2], "b": [1, -1]}, 1), "'b' adds up to 0"),
    ],
)
def test_undefined_cases_are_refused_with_a_reason(call, message):
    with pytest.raises(DataError, match=message):
        call()
