"""Values of games: textbook games by hand, brute force over orders, the axioms as laws."""

from __future__ import annotations

from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from olive.analysis.joining_orders import all_orders, drawn_orders, interaction, number_met

GAMES = st.integers(1, 5).flatmap(
    lambda players: arrays.arrays(np.float64, 2**players, elements=st.floats(-100, 100))
)


def singles(players):
    return [[player] for player in range(players)]


def shapley(figures):
    players = len(figures).bit_length() - 1
    return all_orders(singles(players)).contributions(figures.__getitem__)


def by_brute_force(figures, players, allowed=lambda order: True):
    """Return the mean of what each player adds over every order that is allowed."""
    added, count = np.zeros(players), 0
    for order in permutations(range(players)):
        if not allowed(order):
            continue
        count, coalition = count + 1, 0
        for player in order:
            added[player] += figures[coalition | 1 << player] - figures[coalition]
            coalition |= 1 << player
    return added / count


def test_the_glove_game() -> None:
    # One left glove (player 0), two right ones (1 and 2); a pair is worth 1. Of the six orders
    # the left glove completes the pair in four, each right one in one: 4/6, 1/6, 1/6.
    worth = [0, 0, 0, 1, 0, 1, 0, 1]
    np.testing.assert_allclose(shapley(np.array(worth, float)), [4 / 6, 1 / 6, 1 / 6])


def test_the_airport_game() -> None:
    # Littlechild and Owen (1973): runways of cost 8, 11, 13, 18 for aircraft of rising size. Each
    # step of the runway is shared by those who need it: 8/4, + 3/3, + 2/2, + 5/1.
    cost = [8.0, 11.0, 13.0, 18.0]
    worth = np.array(
        [max((cost[i] for i in range(4) if s >> i & 1), default=0.0) for s in range(16)]
    )
    np.testing.assert_allclose(shapley(worth), [2.0, 3.0, 4.0, 9.0], rtol=1e-14)


@pytest.mark.parametrize("needed", [0b0011, 0b0111, 0b1111, 0b1000])
def test_unanimity_games(needed) -> None:
    # Worth 1 when all of t players are there: each gets 1/t, each pair interacts by 1/(t - 1)
    # (Grabisch and Roubens 1999), all others nothing.
    worth = np.array([float(s & needed == needed) for s in range(16)])
    t = needed.bit_count()
    expected = [1 / t if needed >> i & 1 else 0.0 for i in range(4)]
    np.testing.assert_allclose(shapley(worth), expected, atol=1e-15)
    for (one, two), value in interaction(worth.__getitem__, 4).items():
        inside = needed >> one & needed >> two & 1
        assert value == pytest.approx(1 / (t - 1) if inside and t > 1 else 0.0, abs=1e-15)


def test_owen_values_of_a_majority_by_hand() -> None:
    # Three players, two of them needed; 0 and 1 are a party. Four orders keep the party together:
    # 012, 102, 201, 210. The player in second place decides: 1, 0, 0, 1.
    worth = np.array([float(s.bit_count() >= 2) for s in range(8)])
    orders = all_orders([[0, 1], [2]])
    np.testing.assert_allclose(orders.contributions(worth.__getitem__), [0.5, 0.5, 0.0])


@given(GAMES)
def test_contributions_are_the_mean_over_all_orders(figures) -> None:
    players = len(figures).bit_length() - 1
    np.testing.assert_allclose(shapley(figures), by_brute_force(figures, players), atol=1e-11)


@given(arrays.arrays(np.float64, 32, elements=st.floats(-100, 100)))
def test_owen_values_are_the_mean_over_orders_that_keep_groups(figures) -> None:
    groups = [[3, 0], [1], [4, 2]]

    def kept(order):
        places = [[order.index(player) for player in group] for group in groups]
        return all(max(each) - min(each) == len(each) - 1 for each in places)

    found = all_orders(groups).contributions(figures.__getitem__)
    np.testing.assert_allclose(found, by_brute_force(figures, 5, kept), atol=1e-11)


@given(GAMES)
def test_contributions_add_up_to_the_last_bits(figures) -> None:
    # 2^n differences of numbers below m are added with weights that add up to 1: the rounding is
    # a few times the last bit of the largest number.
    largest = np.spacing(np.abs(figures).max())
    total = shapley(figures).sum()
    assert abs(total - (figures[-1] - figures[0])) <= 32 * largest


@given(GAMES, GAMES)
def test_contributions_of_a_sum_are_sums_of_contributions(one, other) -> None:
    if one.shape == other.shape:
        np.testing.assert_allclose(shapley(one + other), shapley(one) + shapley(other), atol=1e-9)


@given(arrays.arrays(np.float64, 8, elements=st.floats(-100, 100)))
def test_who_changes_nothing_contributes_nothing(figures) -> None:
    figures[4:] = figures[:4]  # player 2 adds nothing to any coalition
    assert shapley(figures)[2] == 0.0
    assert interaction(figures.__getitem__, 3)[0, 2] == 0.0


@given(arrays.arrays(np.float64, 16, elements=st.floats(-100, 100)))
def test_who_is_alike_contributes_alike(figures) -> None:
    # Players 1 and 3 are exchanged in every coalition, and the mean of both games taken.
    exchanged = [(s & 0b0101) | (s >> 1 & 1) << 3 | (s >> 3 & 1) << 1 for s in range(16)]
    found = shapley(figures + figures[exchanged])
    assert found[1] == pytest.approx(found[3], abs=1e-10)


@given(arrays.arrays(np.float64, 16, elements=st.floats(-100, 100)), st.integers(0, 99))
def test_drawn_orders_add_up_and_keep_groups(figures, seed) -> None:
    orders = drawn_orders([[0, 2], [1, 3]], 3, seed)
    assert set(orders.coalitions()) <= {0, 1, 4, 5, 2, 8, 10, 7, 13, 11, 14, 15}
    found = orders.contributions(figures.__getitem__)
    assert found.sum() == pytest.approx(figures[-1] - figures[0], abs=1e-9)


def test_errors_of_drawn_orders_hold_what_they_say() -> None:
    # 300 designs of a game that is no sum: the mean of the estimates is the value, and their
    # spread is what each states on average.
    generator = np.random.default_rng(1)
    figures = generator.normal(size=64)
    exact = shapley(figures)
    each = [drawn_orders(singles(6), 10, seed) for seed in range(300)]
    found = np.array([one.contributions(figures.__getitem__) for one in each])
    stated = np.array([one.errors(figures.__getitem__) for one in each])
    np.testing.assert_allclose(found.mean(axis=0), exact, atol=5 * found.std() / np.sqrt(300))
    np.testing.assert_allclose(
        np.sqrt((stated**2).mean(axis=0)), found.std(axis=0, ddof=1), rtol=0.2
    )


def test_nobody_who_joins_has_no_error() -> None:
    orders = drawn_orders([], 2, 0)
    assert orders.contributions(lambda _: np.zeros(3)).shape == (0, 3)
    assert orders.errors(lambda _: np.zeros(3)).shape == (0, 3)


def test_a_pair_of_orders_is_exact_for_two_at_a_time() -> None:
    # With an order and its reverse every pair of players stands once in each order: where at most
    # two players act on each other, each pair of orders gives the value, and the error is nothing.
    pairs = np.triu(np.random.default_rng(2).normal(size=(5, 5)))
    chosen = np.array([[s >> i & 1 for i in range(5)] for s in range(32)], float)
    figures = np.einsum("si,ij,sj->s", chosen, pairs, chosen)
    orders = drawn_orders(singles(5), 2, 7)
    np.testing.assert_allclose(orders.contributions(figures.__getitem__), shapley(figures))
    np.testing.assert_allclose(orders.errors(figures.__getitem__), 0.0, atol=1e-14)


def test_coalitions_that_are_met() -> None:
    for groups in (singles(5), [[0, 1, 2], [3, 4]], [[0, 1], [2], [3, 4, 5]]):
        assert len(all_orders(groups).coalitions()) == number_met(groups)
    assert number_met(singles(12)) == 4_096 == sum(comb(12, k) for k in range(13))
