"""Policies that carry out some of the parts of a reform, and what each part adds to their figures.

Whatever is a sum over households can be shared out among parts: indicators, and counts of
households that cross a bound. `shared_out` does it for any list of measures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from olive.analysis.indicators import income_variables
from olive.analysis.joining_orders import Orders, all_orders, drawn_orders, interaction, number_met
from olive.analysis.many_policies import figures_of
from olive.engine import Policy, Reform
from olive.engine.arguments import check_run
from olive.errors import DataError, nearest, shown
from olive.messages import joined
from olive.native.given_numbers import LARGEST_WHOLE, is_whole, listed
from olive.places.registry import place as place_of

if TYPE_CHECKING:
    from olive.analysis.figures import Figure
    from olive.analysis.indicators import Incomes
    from olive.population import Population
    from olive.progress import Told

FloatArray = NDArray[np.float64]

MOST_POLICIES = 4_096  # all coalitions of twelve parts
DRAWN_ORDERS = 100
TOGETHER = "together"
_BATCH = 256  # policies made at a time


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What each part adds, by measure.

    Attributes
    ----------
    none, whole : float64 array, shape (measures,)
        Figures with no part, and with all of them.
    alone, on_top, contribution, error : float64 array, shape (parts, measures)
        What a part adds alone, on top of all others, and on average over orders, with its
        standard error where orders were drawn.
    policies : int
        Policies simulated.
    pairs : int
        Pairs of orders drawn; 0 where all orders were taken.
    """

    none: FloatArray
    whole: FloatArray
    alone: FloatArray
    on_top: FloatArray
    contribution: FloatArray
    error: FloatArray
    policies: int
    pairs: int


def shared_out(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    every: Sequence[Figure[Incomes]],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    orders: int | None = None,
    seed: int = 0,
    progress: Told = None,
) -> Shares:
    """Share out the change of measures among the parts of a reform; see `olive.attribute`.

    Parts that change nothing that incomes depend on take no simulation and add nothing.
    """
    checked_parts(parts)
    names = list(parts)
    moving = [names.index(name) for name in moving_parts(policy, parts)]
    grouped = _grouped(names, moving, groups)
    plan = _orders(grouped, orders, seed)
    everything = (1 << len(moving)) - 1
    singles = [1 << each for each in range(len(moving))]
    ends = {0, everything, *singles, *(everything & ~each for each in singles)}
    wanted = sorted(ends.union(plan.coalitions()))
    reforms = [parts[names[at]] for at in moving]
    known = simulated(population, policy, reforms, wanted, every, seed=seed, progress=progress)
    worth = known.__getitem__

    def of_all(rows: FloatArray | list[FloatArray]) -> FloatArray:
        found = np.zeros((len(names), len(every)))
        if moving:
            found[moving] = rows
        return found

    return Shares(
        worth(0),
        worth(everything),
        of_all([worth(each) - worth(0) for each in singles]),
        of_all([worth(everything) - worth(everything & ~each) for each in singles]),
        of_all(plan.contributions(worth)),
        of_all(plan.errors(worth)),
        len(known),
        plan.pairs,
    )


def interactions_of(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    every: Sequence[Figure[Incomes]],
    *,
    seed: int = 0,
    progress: Told = None,
) -> dict[tuple[str, str], FloatArray]:
    """Return the interaction of each two parts, by measure; see `olive.interactions`."""
    checked_parts(parts)
    names = moving_parts(policy, parts)
    if 2 ** len(names) > MOST_POLICIES:
        raise DataError(
            "{number} parts that move incomes: their interactions take all combinations, at most "
            "{most}; join reforms that belong together with |",
            len(names),
            MOST_POLICIES,
        )
    reforms = [parts[name] for name in names]
    known = simulated(
        population, policy, reforms, range(1 << len(names)), every, seed=seed, progress=progress
    )
    moved = {
        (names[one], names[two]): each
        for (one, two), each in interaction(known.__getitem__, len(names)).items()
    }
    nothing = np.zeros(len(every))
    return {pair: moved.get(pair, nothing) for pair in combinations(parts, 2)}


def simulated(
    population: Population,
    policy: Policy,
    reforms: Sequence[Reform],
    coalitions: Sequence[int],
    every: Sequence[Figure[Incomes]],
    *,
    seed: int,
    progress: Told,
) -> dict[int, FloatArray]:
    """Return the measures of each coalition of reforms; bit i says that reform i is carried out.

    In a coalition reforms are carried out in the order given. Policies are made and forgotten in
    batches, those beside each other that have their first reforms in common.
    """
    made = _maker(policy, reforms)
    ordered = sorted(coalitions, key=lambda each: format(each, f"0{len(reforms) + 1}b")[::-1])
    known: dict[int, FloatArray] = {}
    for first in range(0, len(ordered), _BATCH):
        batch = ordered[first : first + _BATCH]
        rows = [(made(each).renamed(f"combination {each}"),) for each in batch]
        figures = figures_of(population, rows, seed=seed, every=every)[:, 0]
        known |= dict(zip(batch, figures, strict=True))
        if progress is not None:
            progress(len(known), len(ordered))
    return known


def together(policy: Policy, parts: Mapping[str, Reform]) -> Policy:
    """Return the policy with all parts carried out."""
    return _maker(policy, list(parts.values()))((1 << len(parts)) - 1).renamed(TOGETHER)


def moving_parts(policy: Policy, parts: Mapping[str, Reform]) -> list[str]:
    """Return the parts that can change incomes in some combination.

    The others have no rules of their own, and each figure that they touch is one that incomes do
    not depend on, or that they leave as it is and no other part touches.

    >>> import olive
    >>> parts = {
    ...     "less": olive.Reform({"dibao_standard": 9_000}),
    ...     "floor": olive.Reform(at_least={"dibao_standard": 10_000}),
    ...     "idle": olive.Reform(at_least={"minimum_wage": 1_000}),
    ... }
    >>> moving_parts(olive.law(year=2023), parts)
    ['less', 'floor']
    """
    reached = policy.rules.depends_on(income_variables(place_of(policy.place)))
    touching = Counter(name for reform in parts.values() for name in reform.parameters)

    def changes(reform: Reform) -> bool:
        after = (policy | reform).values
        return any(
            touching[name] > 1 or not after[name].same_as(policy.values[name])
            for name in reached.intersection(reform.parameters)
        )

    return [name for name, reform in parts.items() if reform.rules or changes(reform)]


def checked_parts(parts: Mapping[str, Reform]) -> None:
    """Refuse parts that cannot share anything.

    Raises
    ------
    DataError
        When there are fewer than two, or one is no reform or has the name of the sum.
    """
    if len(parts) < 2:
        raise DataError(
            "{number} parts; give at least two reforms, such as olive.plan.parts()", len(parts)
        )
    for name, reform in parts.items():
        if not isinstance(reform, Reform):
            raise DataError(
                "part {name!r} is a {type}; parts are reforms: {{'dibao': "
                "olive.Reform({{'dibao_standard': 13_000}}), ...}}",
                name,
                type(reform).__name__,
            )
        if name == TOGETHER:
            raise DataError("no part can be called {name!r}, the name of the sum of all", name)


def _maker(policy: Policy, reforms: Sequence[Reform]) -> Callable[[int], Policy]:
    @lru_cache(maxsize=64)
    def made(chosen: int) -> Policy:
        if not chosen:
            return policy
        last = chosen.bit_length() - 1
        return made(chosen ^ 1 << last) | reforms[last]

    return made


def _grouped(
    names: Sequence[str], moving: Sequence[int], groups: Mapping[str, Sequence[str]] | None
) -> list[list[int]]:
    """Return the positions, among the parts that move something, of each group's parts."""
    if groups is None:
        return [[each] for each in range(len(moving))]
    lists = {name: listed(members) for name, members in groups.items()}
    for name, members in lists.items():
        if members is None:
            raise DataError(
                "group {name!r} is {shown}; give a list of parts", name, shown(groups[name])
            )
    stated = [each for members in lists.values() for each in members or ()]
    unknown = [each for each in stated if each not in names]
    if unknown:
        raise DataError("no part {name!r}{hint}", unknown[0], nearest(unknown[0], names))
    lacking = [each for each in names if stated.count(each) != 1]
    if lacking:
        raise DataError("each part stands in exactly one group; not so {lacking}", joined(lacking))
    place = {names[at]: each for each, at in enumerate(moving)}
    found = [[place[each] for each in members if each in place] for members in groups.values()]
    return [each for each in found if each]


def _orders(grouped: list[list[int]], orders: int | None, seed: int) -> Orders:
    if orders is None and number_met(grouped) <= MOST_POLICIES:
        return all_orders(grouped)
    number = DRAWN_ORDERS if orders is None else orders
    if not is_whole(number) or not 4 <= number <= LARGEST_WHOLE or number % 2:
        raise DataError(
            "orders={number}: orders are drawn with their reverse, so give an even number, at "
            "least 4",
            shown(number),
        )
    check_run(seed)
    return drawn_orders(grouped, number // 2, seed)
