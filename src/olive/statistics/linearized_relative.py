"""Linearizations of the relative distribution: its density in a group, and its polarisation."""

from __future__ import annotations

import numpy as np

from olive.native.blas import sum_of_products
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.linearization import linearizes
from olive.statistics.linearized import Linearized, density, from_influence
from olive.statistics.linearized_statistics import (
    linearized_median,
    linearized_quantile,
    linearized_share,
)
from olive.statistics.quantiles import median, quantile
from olive.statistics.relative_distribution import (
    Part,
    checked_pair,
    ranks_in,
    relative_density,
    relative_polarisation,
    spread,
)
from olive.statistics.samples import Ordered, Values


@linearizes(relative_density)
def linearized_relative_density(
    values: Values,
    reference: Values,
    weights: Numbers,
    *,
    low: float,
    high: float,
    part: Part = "density",
) -> Linearized:
    """Differences of the relative distribution function at two ranks, over their distance.

    Source: Handcock and Janssen (2002), "Statistical inference for the relative density",
    Sociological Methods and Research 30(3), of two samples; here of the same rows.
    """
    one, base = checked_pair(values, reference, weights)
    value = relative_density(one, base, low=low, high=high, part=part)
    moved = linearized_median(one, None) - linearized_median(base, None)
    if part == "density":
        moved = moved * 0.0
    elif part == "location":
        one, moved = base, moved * -1.0
    scores = _reached(one, base, moved, high) - _reached(one, base, moved, low)
    return Linearized(value, scores / (high - low), one.values.size)


def _reached(one: Ordered, base: Ordered, moved: Linearized, rank: float) -> FloatArray:
    """Return the scores of the share of values, less what has moved, up to a rank of the base.

    Those of the share at a fixed level, and what the errors of the level let in: as much as lies
    there of the values.
    """
    if rank in {0.0, 1.0}:
        return np.zeros(one.rows)
    level = quantile(base, p=rank) + moved.value
    share = linearized_share(one, None, low=-np.inf, high=level, closed="both")
    if not 0.0 < share.value < 1.0:
        return share.scores
    limit = linearized_quantile(base, None, p=rank) + moved
    return np.asarray(share.scores + density(one, share.value) * limit.scores)


@linearizes(relative_polarisation)
def linearized_relative_polarisation(
    values: Values, reference: Values, weights: Numbers
) -> Linearized:
    """Four times the mean distance of ranks from the middle, medians matched, less 1.

    A row moves it by the distance of its own rank, by the ranks that it gives to the others as a
    row of the reference, and through the medians.
    """
    one, base = checked_pair(values, reference, weights)
    value = relative_polarisation(one, base)
    moved = median(one) - median(base)
    ranks = ranks_in(base, one.values - moved)
    distance = np.abs(ranks - 0.5)
    own = from_influence(
        0.0, distance - sum_of_products(one.weights, distance) / one.total_weight, one
    )
    # A row of the reference raises the ranks of all values above it: away from the middle those
    # in the upper half, towards it those in the lower half.
    away = np.concatenate(([0.0], np.cumsum(one.weights * np.sign(ranks - 0.5))))
    not_above = np.searchsorted(one.values - moved, base.values, side="left")
    given = (away[-1] - away[not_above]) / one.total_weight
    others = from_influence(
        0.0, given - sum_of_products(base.weights, given) / base.total_weight, base
    )
    medians = linearized_median(one, None) - linearized_median(base, None)
    slope = _slope(one, base, moved)
    scores = 4.0 * (own.scores + others.scores + slope * medians.scores)
    return Linearized(value, scores, one.values.size)


def _slope(one: Ordered, base: Ordered, moved: float) -> float:
    """Return how the mean distance changes when the values are moved further down."""
    effective = one.total_weight**2 / float((one.weights**2).sum())
    quarters = quantile(base, p=0.75) - quantile(base, p=0.25)
    step = 0.5 * quarters * effective**-0.2
    up, down = (
        spread(ranks_in(base, one.values - (moved + way * step)), one).sum() for way in (1.0, -1.0)
    )
    return float((up - down) / (2.0 * step))
