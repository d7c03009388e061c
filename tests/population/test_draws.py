"""The random words: even, unrelated to one another, and a function of their key alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from olive.population.sampling import (
    STEPS,
    Draws,
    chance,
    chance_of,
    choose,
    exponential,
    keyed_pieces,
    logarithm_of,
    lookup_table,
    normal,
    raise_e,
    whole,
)

HOUSEHOLDS = 200_000
NAMES = [f"variable {number}" for number in range(24)]


def words(seed: int = 1, start: int = 0, count: int = HOUSEHOLDS) -> Draws:
    return Draws(seed, np.arange(start, start + count, dtype=np.uint64))


def person_matrix() -> np.ndarray:
    """One column a variable: uniform deviates of 400,000 persons."""
    draws = words()
    owner = np.repeat(np.arange(HOUSEHOLDS), 2)
    number = np.tile([0, 1], HOUSEHOLDS)
    keys = draws.person_words(owner, number)
    return np.stack([draws.persons(name, keys)[:, 0] / STEPS for name in NAMES], axis=1)


@pytest.mark.parametrize("piece", range(4))
@pytest.mark.parametrize("name", ["standing", "dwelling"])
def test_pieces_are_even(name, piece):
    """Chi-square over 256 cells; a fair generator fails this bound once in ten thousand."""
    values = words().households(name)[:, piece]
    counts = np.bincount(values >> 8, minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-4
    low_bits = np.bincount(values & 255, minlength=256)
    assert stats.chisquare(low_bits).pvalue > 1e-4


def test_variables_are_uncorrelated():
    """Scores of all pairs of variables are standard normal in a fair generator."""
    matrix = person_matrix()
    correlation = np.corrcoef(matrix.T)[np.triu_indices(len(NAMES), 1)]
    scores = correlation * np.sqrt(len(matrix))
    assert abs(scores).max() < 4.5
    assert 0.85 < scores.std() < 1.15


@pytest.mark.parametrize("lag", [1, 2, 3, 16, 17, 256, 65_536])
def test_neighbours_are_uncorrelated(lag):
    values = words().households("standing")[:, 0] / STEPS
    score = np.corrcoef(values[:-lag], values[lag:])[0, 1] * np.sqrt(len(values) - lag)
    assert abs(score) < 4.5


def test_pieces_of_a_word_and_members_of_a_household_are_uncorrelated():
    pieces = words().households("standing") / STEPS
    within = np.corrcoef(pieces.T)[np.triu_indices(4, 1)] * np.sqrt(len(pieces))
    assert abs(within).max() < 4.5
    persons = person_matrix()[:, 0].reshape(-1, 2)
    assert abs(np.corrcoef(persons.T)[0, 1]) * np.sqrt(len(persons)) < 4.5


def test_seeds_are_unrelated():
    one, two = (words(seed).households("standing")[:, 0] / STEPS for seed in (1, 2))
    assert abs(np.corrcoef(one, two)[0, 1]) * np.sqrt(len(one)) < 4.5


def test_runs_up_and_down_have_the_expected_length():
    """Runs test: of n independent deviates (2n - 1)/3 runs are expected, (16n - 29)/90 variance."""
    pieces = words().households("standing").astype(np.int64)
    values = (pieces[:, 0] << 16) + pieces[:, 1]  # 32 bits, so that ties are rare
    rising = np.diff(values) > 0
    runs = 1 + np.count_nonzero(rising[1:] != rising[:-1])
    n = len(values)
    assert abs(runs - (2 * n - 1) / 3) < 4.5 * np.sqrt((16 * n - 29) / 90)


def test_pairs_fill_the_square():
    """Serial test: successive pairs fall evenly into 64 x 64 cells."""
    values = words().households("standing")[:, 2].astype(np.int64) >> 10
    counts = np.bincount(values[0::2] * 64 + values[1::2], minlength=4096)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_birthday_spacings():
    """Words of 64 bits among 200,000 households do not collide."""
    pieces = words().households("standing").astype(np.uint64)
    whole_words = pieces @ (np.uint64(1) << (np.uint64(16) * np.arange(4, dtype=np.uint64)))
    assert len(np.unique(whole_words)) == HOUSEHOLDS


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    keys=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20, unique=True),
    data=st.data(),
)
def test_a_draw_depends_on_its_key_alone(seed, keys, data):
    """Drawn together, in another order or alone: the same words."""
    together = Draws(seed, np.array(keys, dtype=np.uint64)).households("x")
    order = data.draw(st.permutations(range(len(keys))))
    shuffled = Draws(seed, np.array(keys, dtype=np.uint64)[list(order)]).households("x")
    assert np.array_equal(shuffled, together[list(order)])
    alone = Draws(seed, np.array(keys[:1], dtype=np.uint64)).households("x")
    assert np.array_equal(alone, together[:1])


def test_rows_are_drawn_as_in_the_whole():
    draws = words(count=100)
    rows = np.array([3, 50, 99])
    assert np.array_equal(draws.households("x", rows), draws.households("x")[rows])


def test_village_words_do_not_follow_households():
    keys = np.arange(1000, dtype=np.uint64)
    assert not np.array_equal(keyed_pieces(1, "x", keys), Draws(1, keys).households("x"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9).filter(lambda shares: sum(shares) > 0.01)
)
def test_tables_meet_their_shares(shares):
    """Half a step of rounding at either edge of each category, no more."""
    table = lookup_table(shares, steps=4096)
    found = np.bincount(table, minlength=len(shares)) / 4096
    assert np.abs(found - np.array(shares) / sum(shares)).max() <= 1.01 / 4096
    pieces = np.arange(0, STEPS, 16, dtype=np.uint16)
    assert np.array_equal(choose(table, 0, pieces), table)


def test_chance_meets_its_probability():
    pieces = np.arange(STEPS, dtype=np.uint16)
    assert not chance(pieces, 0.0).any()
    assert chance(pieces, 1.0).all()
    assert chance(pieces, 0.25).sum() == STEPS // 4
    rows = np.tile([0, 1], STEPS // 2)
    assert np.array_equal(
        chance_of(pieces, [0.1, 0.9], rows), chance(pieces, np.where(rows == 0, 0.1, 0.9))
    )


def test_whole_numbers_are_even_and_within():
    drawn = whole(np.arange(STEPS, dtype=np.uint16), 3, 10)
    assert np.array_equal(np.bincount(drawn)[3:], np.full(8, STEPS // 8))


def test_deviates_have_their_moments():
    """Standard normal: mean 0, variance 1, kurtosis 3. Standard exponential: 1, 1."""
    pieces = np.arange(STEPS, dtype=np.uint16)
    values = normal(pieces).astype(np.float64)
    assert abs(values.mean()) < 1e-6
    assert abs(values.std() - 1.0) < 1e-3
    assert abs((values**4).mean() - 3.0) < 0.02
    assert abs(exponential(pieces).astype(np.float64).mean() - 1.0) < 1e-4
    assert abs(exponential(pieces).astype(np.float64).std() - 1.0) < 2e-3


@given(st.floats(-15.9, 15.9))
def test_powers_are_right_to_a_thousandth(logarithm):
    found = raise_e(np.array([logarithm], dtype=np.float32))[0]
    exact = np.exp(np.float64(np.float32(logarithm)))
    assert 1.0 - 2.1 / 1024 < found / exact <= 1.0 + 1e-6


def test_logarithms_of_settings_are_rounded_alike():
    assert logarithm_of(1.0) == 0.0
    assert abs(float(logarithm_of(62_000.0)) - np.log(62_000.0)) < 1e-6
