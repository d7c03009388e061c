"""Inequality by ranks and deviations: Gini coefficients, Hoover index, variation."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.statistics.arguments import one_number
from olive.statistics.domains import non_negative, positive_mean
from olive.statistics.given_columns import Numbers
from olive.statistics.samples import Values, ordered, sampled


def gini(values: Values, weights: Numbers = None) -> float:
    """Return the Gini coefficient: 0 when all values are equal, 1 in the limit of one owner.

    Half the mean absolute difference of two units drawn with replacement, over the mean; no
    small-sample factor n / (n - 1), so a row of weight 2 equals two rows.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When a value is negative, all are 0, or weights cannot be used.

    References
    ----------
    Lerman and Yitzhaki (1989), "Improving the accuracy of estimates of Gini coefficients",
    Journal of Econometrics 42(1).

    Examples
    --------
    >>> round(gini([0.0, 1.0], [9, 1]), 12)
    0.9
    """
    sample = ordered(values, weights)
    non_negative(sample, "the Gini coefficient")
    positive_mean(sample, "the Gini coefficient")
    spread = 2.0 * sample.ranked_amount / (sample.total_weight * sample.total_amount)
    return max(spread - 1.0, 0.0)


def extended_gini(values: Values, weights: Numbers = None, *, inequality_aversion: float) -> float:
    """Return the extended (single-parameter) Gini coefficient.

    Each value is weighted by its rank through (1 - F)^aversion, so that the low end counts the
    more, the larger the aversion; 2 gives the ordinary Gini coefficient.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number
    inequality_aversion : float
        Above 1.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When values, weights or the aversion cannot be used.

    References
    ----------
    Donaldson and Weymark (1980), "A single-parameter generalization of the Gini indices of
    inequality", Journal of Economic Theory 22(1); Yitzhaki (1983).

    Examples
    --------
    >>> round(extended_gini([0.0, 1.0], 1, inequality_aversion=3), 12)
    0.75
    """
    inequality_aversion = one_number("inequality_aversion", inequality_aversion)
    if not inequality_aversion > 1.0:
        raise DataError(
            "inequality_aversion is {inequality_aversion}; it must be above 1", inequality_aversion
        )
    sample = ordered(values, weights)
    non_negative(sample, "the extended Gini coefficient")
    mean = positive_mean(sample, "the extended Gini coefficient")
    reached = sample.cumulative_weights / sample.total_weight
    above = (1.0 - reached).clip(0.0, None) ** inequality_aversion
    rank_weights = -above
    rank_weights[1:] += above[:-1]
    rank_weights[0] += 1.0
    return max(1.0 - float((rank_weights * sample.values).sum()) / mean, 0.0)


def hoover(values: Values, weights: Numbers = None) -> float:
    """Return the Hoover index: the share of the total to be moved for all to be equal.

    Half the mean absolute deviation from the mean, over the mean.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, mean above 0.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When a value is negative, all are 0, or weights cannot be used.

    References
    ----------
    Hoover (1936), "The measurement of industrial localization", Review of Economics and
    Statistics 18(4).

    Examples
    --------
    >>> round(hoover([0.0, 1.0], [9, 1]), 12)
    0.9
    """
    sample = sampled(values, weights)
    non_negative(sample, "the Hoover index")
    mean = positive_mean(sample, "the Hoover index")
    deviation = float((sample.weights * np.abs(sample.values - mean)).sum())
    return 0.5 * deviation / sample.total_weight / mean


def coefficient_of_variation(values: Values, weights: Numbers = None) -> float:
    """Return the standard deviation (divisor: the total weight) over the mean.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Mean above 0; negative values are admitted.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    DataError
        When the mean is not above 0, or weights cannot be used.

    Examples
    --------
    >>> round(coefficient_of_variation([0.0, 1.0], [9, 1]), 12)
    3.0
    """
    sample = sampled(values, weights)
    mean = positive_mean(sample, "the coefficient of variation")
    squares = float((sample.weights * (sample.values - mean) ** 2).sum())
    return float(np.sqrt(squares / sample.total_weight)) / mean
