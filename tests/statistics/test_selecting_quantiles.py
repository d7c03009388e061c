"""A quantile of unsorted rows, found among those near it, is the one of all rows in order."""

import numpy as np
import pytest

from olive.statistics import ordered, quantile, quantiles

GENERATOR = np.random.default_rng(8)
ROWS, LOOKED_AT = 4_000, 1_024
INCOMES = GENERATOR.lognormal(11.8, 0.7, ROWS)
DATA = {
    "incomes": INCOMES,
    "thousands": np.round(INCOMES, -3),
    "ascending": np.sort(INCOMES),
    "descending": -np.sort(-INCOMES),
    "equal": np.full(ROWS, 3.0),
    "two": np.where(GENERATOR.random(ROWS) < 0.5, 1.0, 2.0),
    "debts": INCOMES - INCOMES.mean(),
    # every row that is looked at first is high: the rest is sorted after all
    "periodic": np.where(np.arange(ROWS) % (ROWS // LOOKED_AT) == 0, 9e9, INCOMES),
}


@pytest.mark.parametrize("convention", ["hyndman_fan_1", "hyndman_fan_2", "hyndman_fan_7"])
@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("weights", ["one", "any", "one row has most"])
def test_the_same_quantile_without_sorting_all(name, weights, convention, monkeypatch):
    monkeypatch.setattr(quantiles, "FEWEST_ROWS", 2_000)
    monkeypatch.setattr(quantiles, "LOOKED_AT", LOOKED_AT)
    given = {
        "one": np.ones(ROWS),
        "any": np.random.default_rng(1).uniform(0.0, 20.0, ROWS) * (np.arange(ROWS) % 7 > 0),
        "one row has most": np.where(np.arange(ROWS) == 77, 1e6, 1.0),
    }[weights]
    values = DATA[name]
    in_order = ordered(values, given)
    for p in (0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1.0):
        expected = quantile(in_order, p=p, convention=convention)
        assert quantile(values, given, p=p, convention=convention) == expected
