"""Fits that are kept in a file are those that would be computed."""

from dataclasses import astuple

import pytest

from olive.china.recipes.quintiles import quintiles
from olive.china.recipes.solving.published_fits import _kept, published_fit
from olive.statistics.distributions import fit


@pytest.mark.parametrize("name", ["fujian urban 2021", "national rural 2022"])
def test_a_kept_fit_is_the_fit(name):
    kept, fresh = published_fit(name), fit(quintiles()[name])
    assert name in _kept()
    assert astuple(kept.households) == pytest.approx(astuple(fresh.households), rel=1e-6)
    assert kept.size_gradient == pytest.approx(fresh.size_gradient, rel=1e-6)
    assert kept.at_bounds == fresh.at_bounds
