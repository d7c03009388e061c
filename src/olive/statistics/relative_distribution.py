"""The relative distribution: where one distribution stands in the ranks of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from olive.errors import DataError, one_of
from olive.native.given_numbers import whole_number
from olive.statistics.arguments import one_number
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.quantiles import median
from olive.statistics.samples import Ordered, Values, ordered

Part = Literal["density", "location", "shape"]
PARTS: tuple[Part, ...] = ("density", "location", "shape")


@dataclass(frozen=True, slots=True, eq=False)
class RelativeDistribution:
    """Where a distribution stands in the ranks of a reference; made by `relative_distribution`.

    Attributes
    ----------
    density : float64 array, shape (groups,)
        Share of the distribution in each equal group of the reference, times the number of
        groups: 1 everywhere when the distributions are alike, 1.2 where there are 20 % more.
    location, shape : float64 array, shape (groups,)
        The density as it would be if only the median had moved, and what remains of the
        distribution once its median is that of the reference. In each point of the ranks the
        density is the product of the two; here each is averaged over its group.
    polarisation, lower, upper : float
        Median relative polarisation index of the shape, and of its halves: from -1 (all gather at
        the middle) to 1 (all at the ends), 0 for the shape of the reference; the index is the
        mean of the halves.
    divergence : float
        Kullback-Leibler divergence from the reference over the groups; 0 when alike.
    """

    density: FloatArray
    location: FloatArray
    shape: FloatArray
    polarisation: float
    lower: float
    upper: float
    divergence: float


def relative_distribution(
    values: Values,
    reference: Values,
    weights: Numbers = None,
    *,
    weights_reference: Numbers = None,
    groups: int = 10,
) -> RelativeDistribution:
    """Return the relative distribution of Handcock and Morris, with location and shape apart.

    Parameters
    ----------
    values, reference : array-like, shape (n,) and (m,), or Sample
        Such as incomes after and before, or of two counties.
    weights : array-like, shape (n,), or number
    weights_reference : array-like, shape (m,), or number, optional
        Without it, `weights`.
    groups : int
        Equal groups of the reference: 10 for deciles.

    Raises
    ------
    DataError
        When values, weights or groups cannot be used.

    Notes
    -----
    The location is moved by adding the difference of the medians. Ranks of tied values are those
    of the middle of their weight, and distances from the middle are relative to those of the
    reference in its own ranks (1/4 when continuous), so that a distribution has no polarisation
    relative to itself however few its rows.

    References
    ----------
    Handcock and Morris (1998), "Relative distribution methods", Sociological Methodology 28;
    Handcock and Morris (1999), "Relative Distribution Methods in the Social Sciences".

    Examples
    --------
    >>> import numpy as np
    >>> even = (np.arange(1000) + 0.5) / 1000
    >>> middle = 0.25 + 0.5 * even
    >>> found = relative_distribution(middle, even, 1, groups=4)
    >>> found.density.round(1), round(found.polarisation, 3)
    (array([0., 2., 2., 0.]), -0.5)
    """
    whole_number("groups", groups, 2)
    one, base = checked_pair(values, reference, weights, weights_reference)
    moved = median(one) - median(base)
    density = _shares(ranks_in(base, one.values), one.weights, groups)
    location = _shares(ranks_in(base, base.values + moved), base.weights, groups)
    ranks = ranks_in(base, one.values - moved)
    occurs = density > 0.0
    divergence = float((density[occurs] * np.log(density[occurs])).sum()) / groups
    own = spread(ranks_in(base, base.values), base)
    lower, upper = (spread(ranks, one) / own - 1.0).tolist()
    shape = _shares(ranks, one.weights, groups)
    polarisation = 0.5 * (lower + upper)
    return RelativeDistribution(density, location, shape, polarisation, lower, upper, divergence)


def relative_density(
    values: Values,
    reference: Values,
    weights: Numbers = None,
    *,
    low: float,
    high: float,
    part: Part = "density",
) -> float:
    """Return the relative density between two ranks of a reference of the same rows.

    One entry of what `relative_distribution` returns, for a standard error of its own.

    Parameters
    ----------
    values, reference : array-like, shape (n,), or Sample
        Such as incomes after and before.
    weights : array-like, shape (n,), or number
    low, high : float
        Ranks in the reference, from 0 to 1.
    part : {"density", "location", "shape"}
        The whole, what the move of the median makes of it, or what is left when medians are
        matched.

    Returns
    -------
    float
        Share of the values between the ranks over the distance of the ranks: 1 as in the
        reference.

    Raises
    ------
    DataError
        When values, weights, ranks or part cannot be used.

    Examples
    --------
    >>> relative_density([1.0, 2.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0], 1, low=0.75, high=1.0)
    2.0
    """
    one, base = checked_pair(values, reference, weights)
    _check_ranks(low, high)
    one_of("part", part, PARTS)
    moved = median(one) - median(base)
    if part == "location":
        ranks, weight = ranks_in(base, base.values + moved), base.weights
    else:
        ranks, weight = ranks_in(base, one.values - moved * (part == "shape")), one.weights
    # As in `_shares`: a rank that rounding has left just below a bound has reached it.
    reached = ranks + 1e-9 * (high - low)
    inside = (reached >= low) & ((reached < high) | (high == 1.0))
    return float(weight[inside].sum() / weight.sum() / (high - low))


def checked_pair(
    values: Values, reference: Values, weights: Numbers, weights_reference: Numbers = None
) -> tuple[Ordered, Ordered]:
    """Return both samples in ascending order.

    Raises
    ------
    DataError
        When they cannot be used, or all values of the reference are equal.
    """
    one = ordered(values, weights)
    base = ordered(reference, weights if weights_reference is None else weights_reference)
    if base.values[0] == base.values[-1]:
        raise DataError("all values of the reference are equal, so there are no ranks in it")
    return one, base


def _check_ranks(low: float, high: float) -> None:
    """Refuse ranks between which nobody can be.

    Raises
    ------
    DataError
        When they are not 0 <= low < high <= 1.
    """
    if not 0.0 <= one_number("low", low) < one_number("high", high) <= 1.0:
        raise DataError(
            "low is {low} and high {high}; ranks lie from 0 to 1, the lower one first", low, high
        )


def relative_polarisation(values: Values, reference: Values, weights: Numbers = None) -> float:
    """Return the median relative polarisation of values against a reference of the same rows.

    Parameters
    ----------
    values, reference : array-like, shape (n,)
        Such as incomes after and before.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From -1 to 1; above 0 when values have moved from the middle towards the ends.

    Raises
    ------
    DataError
        When values or weights cannot be used.

    References
    ----------
    Handcock and Morris (1998), "Relative distribution methods", Sociological Methodology 28.

    Examples
    --------
    >>> relative_polarisation([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0], 1)
    0.0
    """
    return relative_distribution(values, reference, weights).polarisation


def ranks_in(reference: Ordered, values: FloatArray) -> FloatArray:
    """Return the share of the reference below each value, half of the weight tied with it.

    Examples
    --------
    >>> ranks_in(ordered([1.0, 2.0, 2.0, 3.0], 1), np.array([2.0, 2.5]))
    array([0.5 , 0.75])
    """
    reached = np.concatenate(([0.0], reference.cumulative_weights))
    below = reached[np.searchsorted(reference.values, values, side="left")]
    up_to = reached[np.searchsorted(reference.values, values, side="right")]
    return np.asarray(0.5 * (below + up_to) / reference.total_weight)


def _shares(ranks: FloatArray, weights: FloatArray, groups: int) -> FloatArray:
    group = np.minimum(np.floor(ranks * groups + 1e-9), groups - 1).astype(np.int64)
    return np.asarray(np.bincount(group, weights, groups) * groups / weights.sum())


def spread(ranks: FloatArray, sample: Ordered) -> FloatArray:
    """Return the mean distance of ranks from the middle, of those below and of those above.

    For a continuous reference in its own ranks both are 1/8.
    """
    away = sample.weights * (ranks - 0.5) / sample.total_weight
    return np.array([-away[ranks < 0.5].sum(), away[ranks > 0.5].sum()])
