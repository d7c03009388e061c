"""The Lorenz curve and what is read off it: decile and top shares, Palma, S80/S20."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import whole_number
from olive.statistics.arguments import one_number
from olive.statistics.domains import fraction, non_negative, positive_mean
from olive.statistics.given_columns import FloatArray, Numbers, numbers
from olive.statistics.samples import Values, ordered


def lorenz(values: Values, weights: Numbers = None, *, p: Numbers) -> FloatArray:
    """Return the Lorenz curve: the share of the total held by the lowest p of the weight.

    Linear between rows: a row that straddles p is divided in proportion, so neither the order
    of tied rows nor the splitting of a row changes the curve.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number
    p : array-like, shape (k,)
        From 0 to 1.

    Returns
    -------
    float64 array, shape (k,)
        From 0 to 1.

    Raises
    ------
    DataError
        When a value is negative, all are 0, or weights or p cannot be used.

    References
    ----------
    Lorenz (1905); Gastwirth (1971), "A general definition of the Lorenz curve",
    Econometrica 39(6).

    Examples
    --------
    >>> lorenz([1.0, 2.0, 7.0, 10.0], 1, p=[0, 0.5, 0.75, 0.875, 1])
    array([0.  , 0.15, 0.5 , 0.75, 1.  ])
    """
    sample = ordered(values, weights)
    non_negative(sample, "the Lorenz curve")
    positive_mean(sample, "the Lorenz curve")
    points = numbers(p, "p")
    for point in (points.min(), points.max()):
        fraction(point, "p")
    targets = points * sample.total_weight
    last = sample.values.size - 1
    row = np.minimum(np.searchsorted(sample.cumulative_weights, targets, side="left"), last)
    missing = (sample.cumulative_weights[row] - targets) * sample.values[row]
    held = (sample.cumulative_amounts[row] - missing) / sample.total_amount
    return np.asarray(held.clip(0.0, 1.0), dtype=np.float64)


def quantile_shares(values: Values, weights: Numbers = None, *, groups: int = 10) -> FloatArray:
    """Return the share of the total held by each group of equal weight, lowest group first.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number
    groups : int
        5 for quintile shares, 10 for decile shares.

    Returns
    -------
    float64 array, shape (groups,)
        They add up to 1.

    Raises
    ------
    DataError
        As `lorenz`, or when groups is below 1.

    Examples
    --------
    >>> quantile_shares([1.0, 2.0, 7.0, 10.0], 1, groups=2)
    array([0.15, 0.85])
    """
    whole_number("groups", groups, 1)
    return np.diff(lorenz(values, weights, p=np.arange(groups + 1) / groups))


def top_share(values: Values, weights: Numbers = None, *, top: float = 0.1) -> float:
    """Return the share of the total held by the highest part of the weight.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number
    top : float
        From 0 to 1; 0.1 for the top tenth. A constant series gives `top` itself.

    Raises
    ------
    DataError
        As `lorenz`.

    Examples
    --------
    >>> top_share([1.0, 2.0, 7.0, 10.0], 1, top=0.25)
    0.5
    """
    return 1.0 - float(lorenz(values, weights, p=[1.0 - fraction(top, "top")])[0])


def ranked_share(values: Values, weights: Numbers = None, *, low: float, high: float) -> float:
    """Return the share of the total held between two ranks, such as 0.4 and 0.9.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number
    low, high : float
        Ranks as fractions of the weight, ascending: 0 and 0.2 for the bottom fifth.

    Raises
    ------
    DataError
        As `lorenz`, or when low is not below high.

    Examples
    --------
    >>> round(ranked_share([1.0, 2.0, 7.0, 10.0], 1, low=0.5, high=0.75), 12)
    0.35
    """
    if not one_number("low", low) < one_number("high", high):
        raise DataError(
            "the ranks {low} and {high} enclose nothing; low must be below high", low, high
        )
    below, up_to = lorenz(values, weights, p=[low, high])
    return float(up_to - below)


def palma_ratio(values: Values, weights: Numbers = None) -> float:
    """Return the share of the top tenth over the share of the bottom four tenths.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        As `lorenz`, or when the bottom four tenths have nothing.

    References
    ----------
    Palma (2011), "Homogeneous middles vs. heterogeneous tails", Development and Change 42(1).

    Examples
    --------
    >>> round(palma_ratio([1.0] * 9 + [11.0], 1), 12)
    2.75
    """
    return _share_ratio(values, weights, bottom=0.4, top=0.1, statistic=Message("the Palma ratio"))


def s80_s20_ratio(values: Values, weights: Numbers = None) -> float:
    """Return the share of the top fifth over the share of the bottom fifth.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        As `lorenz`, or when the bottom fifth has nothing.

    Examples
    --------
    >>> round(s80_s20_ratio([1.0, 2.0, 3.0, 4.0, 5.0], 1), 12)
    5.0
    """
    return _share_ratio(values, weights, bottom=0.2, top=0.2, statistic="S80/S20")


def _share_ratio(
    values: Values, weights: Numbers, *, bottom: float, top: float, statistic: str
) -> float:
    low, high = lorenz(values, weights, p=[bottom, 1.0 - top])
    if not low > 0.0:
        raise DataError(
            "{statistic} divides by the share of the lowest {bottom:.0%}, which have "
            "nothing; use top_share or gini instead",
            statistic,
            bottom,
        )
    return float((1.0 - high) / low)
