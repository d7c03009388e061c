"""Distributions from published tables: exact on the tables, close to the microdata behind them."""

import numpy as np
import pytest
from scipy import stats

from olive import statistics as st
from olive.errors import DataError
from olive.statistics.grouped import FittedDistribution

P = (np.arange(200_000) + 0.5) / 200_000
EDGES = np.array([50_000.0, 100_000.0, 200_000.0, 500_000.0])
PEERS = {
    "lognormal": stats.lognorm(0.6, scale=150_000),
    # Burr XII and III with the shapes a and q, a and p
    "singh_maddala": stats.burr12(2.8, 1.4, scale=180_000),
    "dagum": stats.burr(3.4, 0.7, scale=170_000),
    "fisk": stats.fisk(3.2, scale=150_000),
    "beta_2": stats.betaprime(3.0, 4.0, scale=160_000),
}
SHAPES = {
    "lognormal": (0.6,),
    "singh_maddala": (2.8, 1.4),
    "dagum": (3.4, 0.7),
    "fisk": (3.2,),
    "beta_2": (3.0, 4.0),
}


@pytest.mark.parametrize("family", PEERS)
def test_families_are_those_of_scipy(family):
    peer = PEERS[family]
    scale = peer.kwds["scale"]
    own = FittedDistribution(family, scale, SHAPES[family], 0.0)
    p = np.array([0.01, 0.2, 0.5, 0.8, 0.99])
    assert [own.quantile(each) for each in p] == pytest.approx(peer.ppf(p), rel=1e-9)
    assert own.distribution.cdf(EDGES) == pytest.approx(peer.cdf(EDGES), rel=1e-9)
    assert own.share_between(*EDGES[1:3]) == pytest.approx(peer.cdf(2e5) - peer.cdf(1e5), rel=1e-9)
    assert own.mean == pytest.approx(peer.mean(), rel=1e-8)
    income = peer.ppf(P)
    assert own.gini == pytest.approx(st.gini(income, 1), abs=2e-3)
    expected = st.lorenz(income, 1, p=p)
    assert [own.lorenz(each) for each in p] == pytest.approx(expected, abs=5e-3)
    assert [own.lorenz(0.0), own.lorenz(1.0)] == pytest.approx([0, 1])


@pytest.mark.parametrize("family", PEERS)
def test_fits_find_the_distribution_that_made_the_table(family):
    peer = PEERS[family]
    share = np.diff(np.concatenate(([0.0], peer.cdf(EDGES), [1.0])))
    from_bands = st.fit_bands(EDGES, share, family=family)
    assert from_bands.largest_deviation < 1e-4
    # deciles of a very fine sample
    means = np.sort(peer.ppf(P)).reshape(10, -1).mean(axis=1)
    from_means = st.fit_group_means(means, 1, family=family)
    assert from_means.largest_deviation < 0.01
    for fitted in (from_bands, from_means):
        expected = peer.cdf(500_000) - peer.cdf(100_000)
        assert fitted.share_between(100_000, 500_000) == pytest.approx(expected, abs=2e-3)
        expected = peer.cdf(600_000) - peer.cdf(200_000)
        assert fitted.share_between(200_000, 600_000) == pytest.approx(expected, abs=2e-3)
        assert fitted.quantile(0.5) == pytest.approx(peer.median(), rel=5e-3)
        assert fitted.mean == pytest.approx(peer.mean(), rel=5e-3)
        assert fitted.gini == pytest.approx(st.gini(peer.ppf(P), 1), abs=5e-3)


def test_ungrouped_quintiles_meet_the_table_and_the_microdata():
    generator = np.random.default_rng(4)
    income = np.sort(generator.lognormal(11.7, 0.65, 50_000))
    means = income.reshape(5, -1).mean(axis=1)
    # the wrong family on purpose: the table is met all the same
    for family in PEERS:
        values, weights = st.ungroup_means(means, 1, family=family)
        assert (np.diff(values) >= 0).all()
        assert st.quantile_shares(values, weights, groups=5) == pytest.approx(
            means / means.sum(), rel=1e-9
        )
        assert st.mean(values, weights) == pytest.approx(income.mean(), rel=1e-9)
        assert st.gini(values, weights) == pytest.approx(st.gini(income, 1), abs=5e-3)
        for low, high in ((100_000, 500_000), (200_000, 600_000)):
            assert st.share_between(values, weights, low=low, high=high) == pytest.approx(
                st.share_between(income, 1, low=low, high=high), abs=0.02
            )


def test_unequal_groups():
    means, share = [10.0, 30.0, 80.0, 300.0], [0.4, 0.3, 0.25, 0.05]
    values, weights = st.ungroup_means(means, share)
    cuts = np.cumsum(share)
    held = np.diff(st.lorenz(values, weights, p=[0.0, *cuts[:-1], 1.0]))
    assert held == pytest.approx(np.multiply(means, share) / np.dot(means, share), rel=1e-8)


def test_ungrouped_bands_meet_the_table():
    share = np.array([8.0, 22.0, 35.0, 31.0, 4.0]) / 100
    means = np.array([31_000, 77_000, 145_000, 290_000, 700_000])
    for band_means in (None, means):
        values, weights = st.ungroup_bands(EDGES, share, band_means=band_means)
        assert st.band_shares(values, weights, thresholds=EDGES) == pytest.approx(share)
        assert (np.diff(values) >= 0).all()
    assert st.mean(values, weights) == pytest.approx(share @ means, rel=1e-9)
    # an empty band
    values, weights = st.ungroup_bands([10, 20, 30], [5, 0, 4, 1], family="lognormal")
    assert st.band_shares(values, weights, thresholds=[10, 20, 30]) == pytest.approx(
        [0.5, 0, 0.4, 0.1]
    )


def test_gini_bounds_hold_what_made_the_table():
    # means 1, 2, 3: mean absolute difference (2 + 2 + 4) / 9, over twice the mean 2: 2 / 9; within
    # the groups at most 1, 1 and 2, each for a ninth of all pairs: 4 / 9 / 4 = 1 / 9 more
    low, high = st.gini_bounds([1, 2, 3], 1)
    assert (low, high) == (pytest.approx(2 / 9), pytest.approx(2 / 9 + 1 / 9))
    for peer in PEERS.values():
        income = peer.ppf(P)
        low, high = st.gini_bounds(income.reshape(5, -1).mean(axis=1), 1)
        assert low < st.gini(income, 1) < high


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.fit_group_means([2, 1, 3], 1), "must ascend"),
        (lambda: st.fit_group_means([0, 1, 3], 1), "above 0"),
        (lambda: st.fit_group_means([1, 3], 1), "do not determine a singh_maddala"),
        (lambda: st.fit_group_means([1, 2, 3], 1, family="dagun"), "did you mean 'dagum'"),
        (lambda: st.fit_group_means([1, 2, 3], [1, 0, 1]), "weight 0"),
        (lambda: st.fit_bands([3, 2, 1], [1, 1, 1, 1]), "must ascend"),
        (lambda: st.fit_bands([1, 2], [1, 1, 1]), "do not determine"),
        (lambda: st.fit_bands([1, 2, 3], [1, 1, 1]), "4 values and 3 weights"),
        (lambda: st.ungroup_bands([1, 2, 3], [1, 1, 1, 1], band_means=[1, 1, 1, 9]), "inside"),
        (lambda: st.ungroup_means([1, 2, 3], 1, points=2), "a whole number of at least 3"),
        (lambda: st.fit_group_means([1, 2, 3], 1).share_between(2, 1), "enclose nothing"),
        (lambda: st.fit_group_means([1, 2, 3], 1).quantile(1), "between 0 and 1"),
    ],
)
def test_tables_that_cannot_be_used(call, message):
    with pytest.raises(DataError, match=message):
        call()
