"""Poverty measures that look at inequality among the poor: Watts, Sen, Sen-Shorrocks-Thon."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.messages import Message
from olive.statistics.domains import positive
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.inequality import gini
from olive.statistics.money import is_below
from olive.statistics.poverty import Line, gap_ratios, poverty_line
from olive.statistics.samples import Sample, Values, in_order, ordered, sampled


def watts(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the Watts index: the mean of log(line / y) over the poor, 0 for everybody else.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        Above 0.
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Raises
    ------
    DataError
        When a value is 0 or negative, or weights or line cannot be used.

    References
    ----------
    Watts (1968), "An economic definition of poverty"; Zheng (1993).

    Examples
    --------
    >>> round(watts([50.0, 200.0], 1, line=100.0), 6), round(float(np.log(2) / 2), 6)
    (0.346574, 0.346574)
    """
    sample = sampled(values, weights)
    positive(sample, "the Watts index")
    level = poverty_line(sample, line=line)
    logarithms = shortfall_logarithms(sample.values, level)
    return float((sample.weights * logarithms).sum()) / sample.total_weight


def shortfall_logarithms(values: FloatArray, line: float) -> FloatArray:
    """Return log(line / y) for values below the line and 0 for the others."""
    return np.log(line / np.where(is_below(values, line), values, line))


def sen(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return Sen's poverty index in its replication-invariant form: H (I + (1 - I) G).

    H is the headcount, I the mean gap ratio of the poor and G the Gini coefficient of the incomes
    of the poor. Sen's own form has G times q / (q + 1), q being the number of poor, which would
    make weights of 2 differ from doubled rows.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more.
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Returns
    -------
    float
        From 0 to 1; 0 when nobody is poor.

    Raises
    ------
    DataError
        When a poor value is negative, or weights or line cannot be used.

    References
    ----------
    Sen (1976), "Poverty: an ordinal approach to measurement", Econometrica 44(2).

    Examples
    --------
    >>> round(sen([20.0, 60.0, 200.0, 300.0], 1, line=100.0), 12)
    0.35
    """
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    poor = is_below(sample.values, level)
    if not poor.any():
        return 0.0
    _no_debt(sample, "Sen's index")
    incomes = sampled(sample.values[poor], sample.weights[poor])
    head = incomes.total_weight / sample.total_weight
    ratio = 1.0 - incomes.mean / level
    inequality = gini(incomes) if incomes.mean > 0.0 else 0.0
    return head * (ratio + (1.0 - ratio) * inequality)


def sen_shorrocks_thon(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the Sen-Shorrocks-Thon index: the poverty gap x (1 + Gini of the gap ratios).

    The gap ratios are those of the whole population, 0 for the non-poor.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more.
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Returns
    -------
    float
        From 0 to 1; 0 when nobody is poor.

    Raises
    ------
    DataError
        When a poor value is negative, or weights or line cannot be used.

    References
    ----------
    Shorrocks (1995), "Revisiting the Sen poverty index", Econometrica 63(5), in its limit for
    large populations.

    Examples
    --------
    >>> round(sen_shorrocks_thon([20.0, 60.0, 200.0, 300.0], 1, line=100.0), 12)
    0.475
    """
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    # Incomes ascend, so their gaps ascend in the opposite order: no second sort.
    ratios = gap_ratios(sample.values, level)[::-1]
    gaps = in_order(ratios, sample.weights[::-1], None, sample.values.size)
    if not gaps.total_amount > 0.0:
        return 0.0
    _no_debt(sample, Message("the Sen-Shorrocks-Thon index"))
    return gaps.mean * (1.0 + gini(gaps))


def _no_debt(sample: Sample, statistic: str) -> None:
    lowest = float(sample.values[0])
    if lowest < 0.0:
        raise DataError(
            "{statistic} is not defined for negative values, and the lowest is {lowest}; set them "
            "to 0 with numpy.maximum(values, 0) and say so, or use headcount",
            statistic,
            lowest,
        )
