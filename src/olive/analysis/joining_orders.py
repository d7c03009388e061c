"""Who contributes what to a common result: values of cooperative games.

A game says what each coalition of players brings about. A player's contribution is the mean of what
it adds when players join one after the other, over all orders in which they can: the Shapley
value. Where players stand in groups, only orders count in which each group joins in one piece: the
Owen value, whose sums over groups are the Shapley value of the game that the groups play. Where
there are too many coalitions, orders are drawn.

References
----------
Shapley (1953), "A value for n-person games". Owen (1977), "Values of games with a priori unions".
Castro, Gómez and Tejada (2009), "Polynomial calculation of the Shapley value based on sampling",
Computers and Operations Research 36; Mitchell, Cooper, Frank and Holmes (2022), "Sampling
permutations for Shapley value estimation", Journal of Machine Learning Research 23, for pairs of
an order and its reverse. Grabisch and Roubens (1999), "An axiomatic approach to the concept of
interaction among players in cooperative games", International Journal of Game Theory 28.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Groups = Sequence[Sequence[int]]
# Bit i of a coalition says that player i is in it.
Coalition = int


@dataclass(frozen=True, slots=True)
class Step:
    """A player joins a coalition: with what weight that counts for the player."""

    player: int
    without: Coalition
    weight: float

    @property
    def joined(self) -> Coalition:
        """The coalition with the player in it."""
        return self.without | 1 << self.player


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Orders in which players join, as the steps that they are made of.

    Attributes
    ----------
    players : int
    steps : tuple of Step
        The weights of a player's steps add up to 1.
    pairs : int
        Pairs of an order and its reverse that were drawn, their steps one pair after the other;
        0 where the steps stand for all orders.
    """

    players: int
    steps: tuple[Step, ...]
    pairs: int = 0

    def coalitions(self) -> list[Coalition]:
        """Return every coalition that is met on the way, ascending."""
        return sorted({each for step in self.steps for each in (step.without, step.joined)})

    def contributions(self, worth: Callable[[Coalition], FloatArray]) -> FloatArray:
        """Return the mean of what each player adds, shape (players, ...).

        Rows add up to the worth of all players less that of none.
        """
        return self._added(worth, self.steps)

    def errors(self, worth: Callable[[Coalition], FloatArray]) -> FloatArray:
        """Return standard errors of the contributions; nothing where all orders were taken.

        Pairs are independent of each other, so the error is that of the mean over pairs.
        """
        if not self.pairs:
            return np.zeros_like(self.contributions(worth))
        length = len(self.steps) // self.pairs
        of_pair = [
            self.pairs * self._added(worth, self.steps[length * pair : length * (pair + 1)])
            for pair in range(self.pairs)
        ]
        return np.asarray(np.std(of_pair, axis=0, ddof=1) / np.sqrt(self.pairs))

    def _added(self, worth: Callable[[Coalition], FloatArray], steps: Sequence[Step]) -> FloatArray:
        found = np.zeros((self.players, *np.shape(worth(0))))
        for step in steps:
            found[step.player] += step.weight * (worth(step.joined) - worth(step.without))
        return found


def all_orders(groups: Groups) -> Orders:
    """Return all orders in which the players of each group join in one piece.

    Each player is in one group; groups of one player each give all orders that there are.

    Examples
    --------
    Two players who are worth nothing alone and 6 together:

    >>> orders = all_orders([[0], [1]])
    >>> orders.contributions(lambda coalition: np.float64(6.0 * (coalition == 0b11))).tolist()
    [3.0, 3.0]
    """
    unions = [sum(1 << player for player in group) for group in groups]
    steps = [
        Step(player, there | here, own * weight)
        for at, group in enumerate(groups)
        for there, own in _before([each for each in unions if each != unions[at]])
        for player in group
        for here, weight in _before([1 << other for other in group if other != player])
    ]
    return Orders(sum(map(len, groups)), tuple(steps))


def number_met(groups: Groups) -> int:
    """Return how many coalitions `all_orders` meets.

    Unions of groups, and parts of one group on top of unions of others.

    >>> number_met([[0], [1], [2]]), number_met([[0, 1, 2], [3, 4]])
    (8, 20)
    """
    unions = 1 << len(groups)
    return unions + sum(unions // 2 * ((1 << len(group)) - 2) for group in groups)


def drawn_orders(groups: Groups, pairs: int, seed: int) -> Orders:
    """Draw orders in which the players of each group join in one piece, each with its reverse."""
    generator = np.random.default_rng(seed)
    steps: list[Step] = []
    for _ in range(pairs):
        order = [
            int(player)
            for at in generator.permutation(len(groups))
            for player in generator.permutation(groups[at])
        ]
        for each in (order, order[::-1]):
            coalition = 0
            for player in each:
                steps.append(Step(player, coalition, 0.5 / pairs))
                coalition |= 1 << player
    return Orders(sum(map(len, groups)), tuple(steps), pairs)


def interaction(
    worth: Callable[[Coalition], FloatArray], players: int
) -> dict[tuple[int, int], FloatArray]:
    """Return how much more each two players add together than one by one.

    The Shapley interaction index: the mean, over all orders in which the two join as one, of what
    both add less what each adds without the other. Above 0 they reinforce each other, below 0
    they do the same work twice.

    Examples
    --------
    Two players who are worth nothing alone and 6 together:

    >>> float(interaction(lambda coalition: np.float64(6.0 * (coalition == 0b11)), 2)[0, 1])
    6.0
    """
    found = {}
    for one, two in combinations(range(players), 2):
        first, second = 1 << one, 1 << two
        others = [1 << each for each in range(players) if each not in {one, two}]
        together = (
            weight * (worth(s | first | second) - worth(s | first) - worth(s | second) + worth(s))
            for s, weight in _before(others)
        )
        found[one, two] = np.asarray(sum(together))
    return found


def _before(others: Sequence[Coalition]) -> Iterator[tuple[Coalition, float]]:
    """Yield what may stand before somebody who joins, with the share of orders in which it does."""
    count = len(others)
    for size in range(count + 1):
        weight = 1.0 / (comb(count, size) * (count + 1))
        for chosen in combinations(others, size):
            yield sum(chosen), weight
