"""A short standard battery on keyed draws, in the orders in which olive draws them.

The bound of every test is derived: all p-values of this file together raise a false alarm once in
a million runs of a fair generator (Bonferroni). Dieharder and ent run on longer streams:
``python benchmarks/draws_battery.py``, see ``docs/random_numbers.md``.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from olive.engine.draws import stream_key, uniform

FALSE_ALARM = 1e-6
STREAMS = [f"stream {number}" for number in range(20)]
LAGS = (1, 2, 3, 4, 7, 16, 17, 64, 256, 4096)
N = 2**18  # numbers in each sample
ORDERS = ("households", "persons", "names")
PAIRS = len(STREAMS) * (len(STREAMS) - 1) // 2
# Even cells of upper and lower 16 bits, serial pairs, birthday spacings: one of each an order.
TESTS = len(ORDERS) * (2 + 1 + 1) + PAIRS + len(LAGS) * len(ORDERS) + 2
LEVEL = FALSE_ALARM / TESTS


def sample(order: str, size: int = N) -> np.ndarray:
    """Uniform numbers in the order of households, of persons, or of names within a household."""
    if order == "households":
        return uniform(stream_key(1, "take_up"), np.arange(size))
    if order == "persons":
        ids, numbers = np.repeat(np.arange(size // 4), 4), np.tile(np.arange(4), size // 4)
        return uniform(stream_key(1, "hired"), ids, numbers)
    rows = np.arange(size // 16)
    return np.stack([uniform(stream_key(1, name), rows) for name in STREAMS[:16]], 1).ravel()


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("shift", [0, 16])
def test_sixteen_bits_are_even(order, shift):
    """Chi-square over 65,536 cells of four each: bits 1 to 16, and 17 to 32, of the number."""
    pieces = (sample(order) * 2.0**32).astype(np.uint64) >> np.uint64(shift)
    counts = np.bincount((pieces & np.uint64(65_535)).astype(np.int64), minlength=65_536)
    assert two_sided(stats.chi2(65_535).cdf(((counts - 4.0) ** 2 / 4.0).sum())) > LEVEL


@pytest.mark.parametrize("order", ORDERS)
def test_neighbours_fall_evenly_into_the_square(order):
    """Serial test: pairs that do not overlap, 128 x 128 cells of eight each."""
    cells = (sample(order) * 128).astype(np.int64).reshape(-1, 2) @ [128, 1]
    counts = np.bincount(cells, minlength=128**2)
    assert two_sided(stats.chi2(128**2 - 1).cdf(((counts - 8.0) ** 2 / 8.0).sum())) > LEVEL


def test_streams_are_uncorrelated():
    """A correlation of n pairs of independent numbers has the standard error 1 / sqrt(n)."""
    values = np.stack([uniform(stream_key(1, name), np.arange(N)) for name in STREAMS])
    found = np.corrcoef(values)[np.triu_indices(len(STREAMS), 1)]
    assert len(found) == PAIRS
    assert np.abs(found).max() * np.sqrt(N) < stats.norm.isf(LEVEL / 2)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("lag", LAGS)
def test_numbers_do_not_follow_those_before(order, lag):
    values = sample(order)
    found = np.corrcoef(values[:-lag], values[lag:])[0, 1]
    assert abs(found) * np.sqrt(N - lag) < stats.norm.isf(LEVEL / 2)


def test_seeds_and_persons_are_uncorrelated():
    ids, here = np.arange(N), stream_key(1, "take_up")
    first = uniform(here, ids)
    for other in (uniform(stream_key(2, "take_up"), ids), uniform(here, ids, np.zeros(N, int))):
        assert abs(np.corrcoef(first, other)[0, 1]) * np.sqrt(N) < stats.norm.isf(LEVEL / 2)


@pytest.mark.parametrize("order", ORDERS)
def test_birthday_spacings(order):
    """Spacings that occur again, of m birthdays in a year of d days: Poisson with m^3 / 4d.

    256 samples of 1,024 birthdays in 2^26 days (Marsaglia 1985): 4 a sample, 1,024 in all.
    """
    days = np.sort((sample(order) * 2.0**26).astype(np.int64).reshape(256, 1024), axis=1)
    spacings = np.sort(np.diff(days, axis=1, prepend=0), axis=1)
    again = np.count_nonzero(np.diff(spacings, axis=1) == 0)
    fair = stats.poisson(256 * 1024**3 / (4 * 2**26))
    assert min(fair.cdf(again), fair.sf(again - 1)) * 2 > LEVEL


@pytest.mark.parametrize("weak", [lambda ids: ids * 0.618034 % 1.0, lambda ids: (ids % 251) / 251])
def test_the_battery_sees_a_weak_generator(weak):
    """A golden-ratio sequence and a short cycle fail: the bounds are not too wide to matter."""
    values = weak(np.arange(N))
    counts = np.bincount(
        (values * 128).astype(np.int64).reshape(-1, 2) @ [128, 1], minlength=128**2
    )
    assert two_sided(stats.chi2(128**2 - 1).cdf(((counts - 8.0) ** 2 / 8.0).sum())) < LEVEL


def two_sided(probability: float) -> float:
    """Return the p-value of a cumulative probability: too even is as suspicious as too uneven."""
    return 2.0 * min(probability, 1.0 - probability)
