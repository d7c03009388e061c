"""The generator's draws: even, unrelated, exact in their shares, a function of their key alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from olive.engine.draws import stream_key, uniform
from olive.synthesis.sampling import (
    choice_table,
    choose,
    exponential,
    exponential_knots,
    normal,
    normal_knots,
    power_of_e,
    powers_of_two,
    rounded_to,
    sub_draw,
    whole_number,
)

HOUSEHOLDS = 200_000
NAMES = [f"variable {number}" for number in range(24)]
EVEN = (np.arange(2**21) + 0.5) / 2**21  # draws spread evenly over [0, 1)
UNLIKELY = 4.5  # standard deviations: a fair generator exceeds it once in 150,000


def households(name: str = "standing", seed: int = 1) -> np.ndarray:
    return uniform(stream_key(seed, name), np.arange(HOUSEHOLDS, dtype=np.uint64))


def persons() -> np.ndarray:
    """One column a variable: draws of 400,000 persons, two in each household."""
    keys = np.repeat(np.arange(HOUSEHOLDS, dtype=np.uint64), 2)
    numbers = np.tile([0, 1], HOUSEHOLDS)
    return np.stack([uniform(stream_key(1, name), keys, numbers) for name in NAMES], axis=1)


@pytest.mark.parametrize("use", range(3))
def test_uses_of_a_draw_are_even(use):
    """Chi-square over 256 cells; a fair generator fails this bound once in ten thousand."""
    values = sub_draw(households(), use)
    counts = np.bincount((values * 256).astype(int), minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_uses_of_a_draw_are_unrelated():
    first = households()
    uses = np.stack([first, sub_draw(first, 1), sub_draw(first, 2)])
    scores = np.corrcoef(uses)[np.triu_indices(3, 1)] * np.sqrt(HOUSEHOLDS)
    assert abs(scores).max() < UNLIKELY
    squares = np.bincount(((uses[0] * 32).astype(int) * 32) + (uses[1] * 32).astype(int))
    assert stats.chisquare(squares).pvalue > 1e-4


@pytest.mark.slow  # quick: uses and neighbours are
def test_variables_are_uncorrelated():
    """Scores of all pairs of variables are standard normal in a fair generator."""
    matrix = persons()
    correlation = np.corrcoef(matrix.T)[np.triu_indices(len(NAMES), 1)]
    scores = correlation * np.sqrt(len(matrix))
    assert abs(scores).max() < UNLIKELY
    assert 0.85 < scores.std() < 1.15


def test_members_of_a_household_are_uncorrelated():
    pairs = persons()[:, 0].reshape(-1, 2)
    assert abs(np.corrcoef(pairs.T)[0, 1]) * np.sqrt(len(pairs)) < UNLIKELY


@pytest.mark.parametrize("lag", [1, 2, 3, 16, 17, 256, 65_536])
def test_neighbours_are_uncorrelated(lag):
    values = households()
    score = np.corrcoef(values[:-lag], values[lag:])[0, 1] * np.sqrt(len(values) - lag)
    assert abs(score) < UNLIKELY


@pytest.mark.slow  # quick: categories are chosen by row
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).filter(lambda shares: sum(shares) > 0.01)
)
@example([1.0, 1.0, 0.5, 0.5, 0.5, 1.0])  # a cell that is full but for rounding
def test_categories_have_their_shares(shares):
    """A category's share is exact: even draws meet it to one step at either end of each cell."""
    found = np.bincount(
        choose(EVEN, choice_table(shares), len(shares)).astype(int), minlength=len(shares)
    )
    wanted = np.array(shares) / sum(shares)
    assert np.abs(found / EVEN.size - wanted).max() <= 2 * len(shares) / EVEN.size
    assert (found[wanted == 0] == 0).all()


def test_categories_are_chosen_by_row():
    """Row 0 always gives category 1, row 1 categories 0 and 2 alike."""
    table = choice_table([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    rows = np.tile([0.0, 1.0], EVEN.size // 2)
    found = choose(EVEN, table, 3, rows)
    assert (found[rows == 0] == 1).all()
    counts = np.bincount(found[rows == 1].astype(int), minlength=3)
    assert counts[1] == 0
    assert abs(counts[0] - counts[2]) <= 6


def test_whole_numbers_are_even_and_within():
    drawn = whole_number(EVEN, 3, 10)
    assert np.array_equal(np.bincount(drawn.astype(int))[3:], np.full(8, EVEN.size // 8))


def test_deviates_have_their_moments():
    """Standard normal: mean 0, variance 1, kurtosis 3. Standard exponential: 1, 1."""
    values = normal(EVEN, normal_knots())
    assert abs(values.mean()) < 1e-6
    assert abs(values.std() - 1.0) < 1e-3
    assert abs((values**4).mean() - 3.0) < 0.02
    waits = exponential(EVEN, exponential_knots())
    assert abs(waits.mean() - 1.0) < 1e-3
    assert abs(waits.std() - 1.0) < 5e-3


def test_deviates_follow_their_distribution():
    """Quantiles of even draws are those of the distributions between the outermost steps."""
    inner = EVEN[(EVEN > 0.001) & (EVEN < 0.999)][::97]
    assert np.abs(stats.norm.cdf(normal(inner, normal_knots())) - inner).max() < 2e-4
    assert np.abs(stats.expon.cdf(exponential(inner, exponential_knots())) - inner).max() < 2e-4


@given(st.floats(-26.0, 26.0))
def test_powers_are_right_to_a_ten_millionth(logarithm):
    found = power_of_e(np.array([logarithm]), powers_of_two())[0]
    assert found == pytest.approx(np.exp(logarithm), rel=3e-7)


@given(st.floats(0.0, 1e8), st.sampled_from([10.0, 100.0, 1000.0]))
def test_rounding_goes_to_the_nearest_step(amount, step):
    found = float(rounded_to(amount, step))
    assert found % step == 0.0
    assert abs(found - amount) <= step / 2
