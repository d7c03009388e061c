"""Maximum likelihood on microdata against scipy and the distributions that made the data."""

import numpy as np
import pytest
from scipy import stats

from olive.errors import DataError
from olive.statistics.distributions import (
    FAMILIES,
    DistributionError,
    GeneralizedBeta,
    Lognormal,
    fit_microdata,
)

TRUE = GeneralizedBeta(50_000.0, 3.0, 0.8, 1.2)
INCOMES = TRUE.sample(8_000, np.random.default_rng(0))
# Each family as scipy writes it: distribution, and its arguments from our parameters.
PEERS = {
    "generalized_beta": None,
    "singh_maddala": lambda p: stats.burr12(p["shape"], p["high"], scale=p["scale"]),
    "dagum": lambda p: stats.burr(p["shape"], p["low"], scale=p["scale"]),
    "fisk": lambda p: stats.fisk(p["shape"], scale=p["scale"]),
    "beta_2": lambda p: stats.betaprime(p["low"], p["high"], scale=p["scale"]),
    "lognormal": lambda p: stats.lognorm(p["sigma"], scale=p["scale"]),
}


@pytest.mark.parametrize("family", [name for name, peer in PEERS.items() if peer])
def test_the_likelihood_is_that_of_scipy_and_has_its_maximum_there(family):
    found = fit_microdata(INCOMES, 1, family)
    peer = PEERS[family]
    assert found.log_likelihood == pytest.approx(
        peer(found.parameters).logpdf(INCOMES).sum(), rel=1e-10
    )
    for name in found.parameters:
        for factor in (0.995, 1.005):
            moved = {**found.parameters, name: found.parameters[name] * factor}
            assert peer(moved).logpdf(INCOMES).sum() < found.log_likelihood
    assert found.distribution.median == pytest.approx(peer(found.parameters).median(), rel=1e-9)


def test_fisk_and_lognormal_are_the_fits_of_scipy():
    shape, _, scale = stats.fisk.fit(INCOMES, floc=0)
    found = fit_microdata(INCOMES, 1, "fisk").parameters
    assert (found["shape"], found["scale"]) == pytest.approx((shape, scale), rel=1e-4)
    logarithms = np.log(INCOMES)
    found = fit_microdata(INCOMES, 1, "lognormal")
    assert found.parameters["sigma"] == pytest.approx(logarithms.std(), rel=1e-6)
    assert np.log(found.parameters["scale"]) == pytest.approx(logarithms.mean(), rel=1e-8)
    # Textbook errors: sigma / sqrt(2 n), up to the kurtosis of these data, which are not normal.
    kurtosis = stats.kurtosis(logarithms)
    expected = logarithms.std() * np.sqrt((2 + kurtosis) / (4 * INCOMES.size))
    assert found.standard_errors["sigma"] == pytest.approx(expected, rel=1e-3)


def test_the_generalized_beta_finds_what_made_the_data_and_beats_its_special_cases():
    found = fit_microdata(INCOMES, 1)
    for name, true in (("scale", 50_000.0), ("shape", 3.0), ("low", 0.8), ("high", 1.2)):
        assert abs(found.parameters[name] - true) < 3 * found.standard_errors[name]
    for family in ("singh_maddala", "dagum", "fisk", "beta_2"):
        assert fit_microdata(INCOMES, 1, family).log_likelihood < found.log_likelihood + 1e-3
    assert found.at_bounds == ()
    assert found.akaike == pytest.approx(8 - 2 * found.log_likelihood)


def test_weights_are_repetitions_in_proportion():
    incomes = INCOMES[:1_000]
    times = np.random.default_rng(1).integers(0, 4, incomes.size)
    weighted = fit_microdata(incomes, times * 10.0, "dagum")
    repeated = fit_microdata(np.repeat(incomes, times), 1, "dagum")
    for name, value in repeated.parameters.items():
        assert weighted.parameters[name] == pytest.approx(value, rel=1e-5)
    assert weighted.rows == np.count_nonzero(times)


def test_the_unit_of_money_only_moves_the_scale():
    found, in_wan = (fit_microdata(INCOMES / unit, 1, "dagum") for unit in (1.0, 10_000.0))
    assert in_wan.parameters["scale"] * 10_000 == pytest.approx(found.parameters["scale"], rel=1e-6)
    assert in_wan.parameters["low"] == pytest.approx(found.parameters["low"], rel=1e-6)


@pytest.mark.slow  # quick: the other fits
def test_a_parameter_at_its_edge_is_told_and_has_no_error():
    # A lognormal is the limit of the double Pareto lognormal with both tails thin.
    draws = Lognormal(10.0, 0.5).sample(3_000, np.random.default_rng(2))
    found = fit_microdata(draws, 1, "double_pareto_lognormal")
    for name in found.at_bounds:
        assert np.isnan(found.standard_errors[name])
    assert np.isfinite(found.standard_errors["sigma"])


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(DataError, match="values above 0"):
        fit_microdata([0.0, *INCOMES[:100]], 1)
    with pytest.raises(DistributionError, match="do not determine the 4 parameters"):
        fit_microdata(INCOMES[:39], 1)
    with pytest.raises(DistributionError, match="did you mean 'dagum'"):
        fit_microdata(INCOMES, 1, "dagun")
    assert set(PEERS) - set(FAMILIES) == set()
