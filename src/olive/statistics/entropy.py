"""Inequality by income ratios: generalized entropy, Theil and Atkinson."""

from __future__ import annotations

import sys

import numpy as np

from olive.errors import DataError
from olive.messages import Message
from olive.statistics.arguments import one_number
from olive.statistics.domains import non_negative, positive, positive_mean
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.samples import Sample, Values, sampled


def generalized_entropy(values: Values, weights: Numbers = None, *, alpha: float) -> float:
    """Return the generalized entropy index GE(alpha).

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Above 0; zeros are admitted when alpha is above 0.
    weights : array-like, shape (n,), or number
    alpha : float
        0 is Theil L (mean log deviation), 1 is Theil T, 2 half the squared coefficient of
        variation. The larger alpha, the more the top counts.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    DataError
        When values, weights or alpha cannot be used.

    References
    ----------
    Shorrocks (1980), "The class of additively decomposable inequality measures",
    Econometrica 48(3).

    Examples
    --------
    >>> round(generalized_entropy([0.0, 1.0], [9, 1], alpha=2), 12)
    4.5
    """
    sample = sampled(values, weights)
    alpha = admit(sample, alpha)
    ratios = sample.values / positive_mean(sample, "generalized entropy")
    kernel = entropy_kernel(ratios, alpha)
    return max(float((sample.weights * kernel).sum()) / sample.total_weight, 0.0)


def admit(sample: Sample, alpha: float) -> float:
    """Return alpha; refuse one that is no number, and values for which GE(alpha) is undefined."""
    alpha = one_number("alpha", alpha)
    check = non_negative if alpha > 0.0 else positive
    check(sample, Message("generalized entropy with alpha={alpha}", alpha))
    return alpha


def entropy_kernel(ratios: FloatArray, alpha: float) -> FloatArray:
    """Return the function of value / mean whose mean is GE(alpha); never below 0 at alpha 0, 1.

    The terms ``ratio - 1`` cancel in the mean and keep rounding small near equality.
    """
    if alpha == 0.0:
        return ratios - 1.0 - np.log(ratios)
    if alpha == 1.0:
        return ratios * np.log(np.where(ratios > 0.0, ratios, 1.0)) - (ratios - 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        powered: FloatArray = ratios**alpha - 1.0 - alpha * (ratios - 1.0)
        kernel = powered / (alpha * (alpha - 1.0))
    if not np.isfinite(kernel).all():
        raise _beyond("alpha", alpha)
    return kernel


def _beyond(name: str, value: float) -> DataError:
    return DataError(
        "{name} is {value}, for which powers of these values are beyond float64; give one nearer 0",
        name,
        value,
    )


def theil_t(values: Values, weights: Numbers = None) -> float:
    """Return Theil's T, GE(1): the mean of (y / mean) log(y / mean).

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more (0 log 0 is 0), mean above 0.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From 0 to log of the total weight.

    Raises
    ------
    DataError
        When a value is negative, all are 0, or weights cannot be used.

    Examples
    --------
    >>> round(theil_t([0.0, 1.0], [9, 1]), 6), round(float(np.log(10)), 6)
    (2.302585, 2.302585)
    """
    return generalized_entropy(values, weights, alpha=1.0)


def theil_l(values: Values, weights: Numbers = None) -> float:
    """Return Theil's L, GE(0), the mean log deviation: the mean of log(mean / y).

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Above 0.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    DataError
        When a value is 0 or negative, or weights cannot be used.

    Examples
    --------
    >>> round(theil_l([1.0, 4.0], 1), 6), round(float(np.log(2.5 / 2)), 6)
    (0.223144, 0.223144)
    """
    return generalized_entropy(values, weights, alpha=0.0)


def atkinson(values: Values, weights: Numbers = None, *, inequality_aversion: float) -> float:
    """Return Atkinson's index: the share of the mean that equality would make dispensable.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Above 0; zeros are admitted when the aversion is below 1 (from 1 on, a single zero
        would make the index 1).
    weights : array-like, shape (n,), or number
    inequality_aversion : float
        Above 0; usually 0.5, 1 or 2.

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
    Atkinson (1970), "On the measurement of inequality", Journal of Economic Theory 2(3).

    Examples
    --------
    >>> round(atkinson([1.0, 4.0], 1, inequality_aversion=1), 12)
    0.2
    """
    inequality_aversion = one_number("inequality_aversion", inequality_aversion)
    if not inequality_aversion > 0.0:
        raise DataError(
            "inequality_aversion is {inequality_aversion}; it must be above 0", inequality_aversion
        )
    sample = sampled(values, weights)
    name = Message(
        "Atkinson's index with inequality_aversion={inequality_aversion}", inequality_aversion
    )
    check = non_negative if inequality_aversion < 1.0 else positive
    check(sample, name)
    ratios = sample.values / positive_mean(sample, name)
    return max(1.0 - equal_equivalent(ratios, sample, inequality_aversion), 0.0)


def equal_equivalent(ratios: FloatArray, sample: Sample, inequality_aversion: float) -> float:
    """Return the equally distributed equivalent of values given as ratios to their mean."""
    if inequality_aversion == 1.0:
        logarithm = float((sample.weights * np.log(ratios)).sum()) / sample.total_weight
        return float(np.exp(logarithm))
    power = 1.0 - inequality_aversion
    with np.errstate(over="ignore", divide="ignore"):
        average = float((sample.weights * ratios**power).sum()) / sample.total_weight
    if not 0.0 <= average <= sys.float_info.max:
        raise _beyond("inequality_aversion", inequality_aversion)
    return float(average ** (1.0 / power))
