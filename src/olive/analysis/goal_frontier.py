"""The frontier of a goal-seek: what each yuan more brings the targets nearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from olive.analysis.goal_trials import Score, Trials

FloatArray = NDArray[np.float64]

_ROUNDS = 3
_MOST_POINTS = 24  # of the frontier: refined in a round, and shown


def refine(trials: Trials, score: Score) -> None:
    """Simulate more policies near the frontier of cost and distance.

    Halfway between neighbours of the frontier, and each of its policies with one lever drawn back
    by half: the latter removes levers that cost something and bring nothing.
    """
    for _ in range(_ROUNDS):
        positions, found = trials.every()
        rows = frontier_rows(found[:, -1], _distance(score, found), _moved(positions))
        along = positions[_thinned(rows)]
        count = along.shape[1]
        drawn_back = (along[:, None, :] * (1.0 - np.eye(count) / 2.0)).reshape(-1, count)
        trials.at(np.vstack([(along[1:] + along[:-1]) / 2.0, drawn_back]))


def _moved(positions: FloatArray) -> FloatArray:
    return np.asarray(np.abs(positions).sum(axis=1))


def frontier_rows(cost: FloatArray, distance: FloatArray, moved: FloatArray) -> NDArray[np.intp]:
    """Return the rows that no other beats in cost and distance, the cheapest first.

    Of rows alike in both, the one whose levers are moved least stands for all, whichever was
    found first.

    >>> cost, distance = np.array([3.0, 1.0, 2.0, 2.5]), np.array([0.1, 0.5, 0.6, 0.2])
    >>> frontier_rows(cost, distance, np.zeros(4)).tolist()
    [1, 3, 0]
    >>> frontier_rows(np.ones(2), np.ones(2), np.array([0.3, 0.1])).tolist()
    [1]
    """
    order = np.lexsort((moved, distance, cost))
    ahead = np.concatenate([[np.inf], np.minimum.accumulate(distance[order])[:-1]])
    return np.asarray(order[distance[order] < ahead])


def frontier(trials: Trials, score: Score) -> pd.DataFrame:
    """Return the policies that none beats in both cost and the largest share that is missing.

    At most 24 of them, at even distances in their order, the first and the last among them.
    """
    positions, found = trials.every()
    distance = _distance(score, found)
    cost = found[:, -1] - trials.now[-1]
    shown = frontier_rows(cost, distance, _moved(positions))
    rows = []
    for number, place in enumerate(_thinned(shown), 1):
        values = zip(trials.spans, positions[place].tolist(), strict=True)
        rows.append(
            {
                "point": str(number),
                "cost": cost[place],
                "missing_share": distance[place],
                **{each.measure.id: found[place, at] for at, each in enumerate(trials.wanted)},
                **{span.parameter: span.value(position) for span, position in values},
            }
        )
    return pd.DataFrame(rows)


def _thinned(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    if rows.size <= _MOST_POINTS:
        return rows
    return np.asarray(rows[np.linspace(0, rows.size - 1, _MOST_POINTS).round().astype(int)])


def _distance(score: Score, found: FloatArray) -> FloatArray:
    """Return the largest share of a target that is missing, 0 where all are met."""
    return np.asarray(np.maximum(score.missing(found), 0.0).max(axis=1))
