"""Polarisation: how far the distribution has spread away from its middle."""

from __future__ import annotations

from typing import Literal

import numpy as np

from olive.errors import DataError, one_of
from olive.statistics.given_columns import Numbers
from olive.statistics.inequality import gini
from olive.statistics.lorenz import lorenz
from olive.statistics.quantiles import median
from olive.statistics.samples import Ordered, Values, in_order, ordered

Negatives = Literal["refuse", "as_zero"]
NEGATIVES: tuple[Negatives, ...] = ("refuse", "as_zero")


def foster_wolfson(
    values: Values, weights: Numbers = None, *, negatives: Negatives = "refuse"
) -> float:
    """Return the bipolarisation index of Foster and Wolfson.

    (between - within) x mean / median, where the halves below and above the median have a Gini
    coefficient between them of 1/2 - L(1/2), and the rest of the Gini is within them.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, median above 0.
    weights : array-like, shape (n,), or number
    negatives : {"refuse", "as_zero"}
        ``"as_zero"`` counts negative values as none, as the reports do.

    Returns
    -------
    float
        0 when all are equal, 1/2 when half have nothing and half have twice the mean (with the
        median half-way).

    Raises
    ------
    DataError
        When a value is negative, the median is 0, or weights cannot be used.

    References
    ----------
    Foster and Wolfson (2010), "Polarization and the decline of the middle class", Journal of
    Economic Inequality 8(2) (written 1992).

    Examples
    --------
    >>> round(foster_wolfson([1.0, 1.0, 2.0, 3.0, 3.0], 1), 12)
    0.16
    """
    sample = without_negatives(ordered(values, weights), negatives)
    inequality = gini(sample)
    middle = median(sample, convention="hyndman_fan_2")
    if not middle > 0.0:
        raise DataError("the index divides by the median, which is 0; polarisation is undefined")
    between = 0.5 - float(lorenz(sample, p=[0.5])[0])
    return (2.0 * between - inequality) * sample.mean / middle


def wolfson(values: Values, weights: Numbers = None, *, negatives: Negatives = "refuse") -> float:
    """Return Wolfson's polarisation index, twice that of Foster and Wolfson.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
        0 or more, median above 0.
    weights : array-like, shape (n,), or number
    negatives : {"refuse", "as_zero"}
        ``"as_zero"`` counts negative values as none, as the reports do.

    Returns
    -------
    float
        From 0 (all equal) to 1 (two poles).

    Raises
    ------
    DataError
        As `foster_wolfson`.

    References
    ----------
    Wolfson (1994), "When inequalities diverge", American Economic Review 84(2).

    Examples
    --------
    >>> round(wolfson([1.0, 1.0, 2.0, 3.0, 3.0], 1), 12)
    0.32
    """
    return 2.0 * foster_wolfson(values, weights, negatives=negatives)


def without_negatives(sample: Ordered, negatives: Negatives) -> Ordered:
    """Return a sample with negative values set to 0 where that was chosen, else as it is.

    Raises
    ------
    DataError
        When the choice is unknown.
    """
    one_of("negatives", negatives, NEGATIVES)
    if negatives == "refuse" or sample.values[0] >= 0.0:
        return sample
    values = np.maximum(sample.values, 0.0)
    return in_order(values, sample.weights, sample.positions, sample.rows, sample.unit)
