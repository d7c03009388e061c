"""Growth incidence: by how much each quantile of incomes has grown."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.statistics.given_columns import FloatArray, Numbers, numbers
from olive.statistics.quantiles import quantile
from olive.statistics.samples import Values, ordered


def quantile_growth(before: Numbers, after: Numbers, weights: Numbers, *, p: float) -> float:
    """Return the relative growth of one quantile between two distributions of the same rows.

    Parameters
    ----------
    before, after : array-like, shape (n,)
        Incomes of the same rows, such as under two policies; they may change their ranks.
    weights : array-like, shape (n,), or number
    p : float
        From 0 to 1; type 1 of Hyndman and Fan.

    Returns
    -------
    float
        0.02 for a quantile that is 2 % higher.

    Raises
    ------
    DataError
        When values, weights or p cannot be used, or the quantile before is not above 0.

    Examples
    --------
    >>> quantile_growth([10.0, 20.0, 40.0], [12.0, 40.0, 20.0], 1, p=0.25)
    0.19999999999999996
    """
    return float(growth_incidence(before, after, weights, p=[p])[0])


def growth_incidence(
    before: Values,
    after: Values,
    weights: Numbers = None,
    *,
    weights_after: Numbers = None,
    p: Numbers,
) -> FloatArray:
    """Return the growth incidence curve: the relative growth of quantiles.

    It is anonymous: the p-quantile after is compared with the p-quantile before, whoever stands
    there. The two distributions may have other rows (two years of a survey).

    Parameters
    ----------
    before, after : array-like, shape (n,) and (m,), or Sample
    weights : array-like, shape (n,), or number
    weights_after : array-like, shape (m,), or number, optional
        Without it, the weights of the rows before.
    p : array-like, shape (k,)
        From 0 to 1; type 1 of Hyndman and Fan.

    Returns
    -------
    float64 array, shape (k,)
        0.02 for a quantile that is 2 % higher.

    Raises
    ------
    DataError
        When values, weights or p cannot be used, or a quantile before is not above 0.

    References
    ----------
    Ravallion and Chen (2003), "Measuring pro-poor growth", Economics Letters 78(1).

    Examples
    --------
    >>> growth_incidence([10.0, 20.0, 40.0], [12.0, 22.0, 40.0], 1, p=[0.25, 0.5, 1.0]).round(6)
    array([0.2, 0.1, 0. ])
    """
    first = ordered(before, weights)
    second = ordered(after, weights if weights_after is None else weights_after)
    points = numbers(p, "p")
    start = np.array([quantile(first, p=float(point)) for point in points])
    if not (start > 0.0).all():
        position = int(np.argmax(start <= 0.0))
        raise DataError(
            "the {points:g}-quantile before is {start:g}; growth is relative to it, "
            "so it must be above 0; leave the lowest quantiles out",
            points[position],
            start[position],
        )
    end = np.array([quantile(second, p=float(point)) for point in points])
    return np.asarray(end / start - 1.0)
