"""Income mobility between two periods: of a transition matrix, and of pairs of incomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from olive.errors import DataError


def shorrocks(matrix: ArrayLike) -> float:
    """Return the trace index of a transition matrix, ``(n - trace) / (n - 1)``.

    0 when everybody stays, 1 when the cell after does not depend on the cell before.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Row i: shares of the units of cell i that move to each cell; rows add up to 1.

    Raises
    ------
    DataError
        When the matrix is not square, has a single cell, or a row does not add up to 1.

    References
    ----------
    Shorrocks (1978), "The measurement of mobility", Econometrica 46.

    Examples
    --------
    >>> shorrocks([[1.0, 0.0], [0.0, 1.0]]), shorrocks([[0.5, 0.5], [0.5, 0.5]])
    (0.0, 1.0)
    """
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or values.shape[0] < 2:
        raise DataError(f"a transition matrix is square with 2 cells or more, found {values.shape}")
    if (values < 0.0).any() or not np.allclose(values.sum(axis=1), 1.0, atol=1e-9):
        raise DataError("each row of a transition matrix holds shares that add up to 1")
    cells = values.shape[0]
    return float((cells - np.trace(values)) / (cells - 1))


def fields_ok(before: ArrayLike, after: ArrayLike, weights: ArrayLike) -> float:
    """Return the weighted mean of ``|log(after) - log(before)|``.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Incomes of the same units, all above 0.
    weights : array_like, shape (n,) or scalar

    Raises
    ------
    DataError
        When lengths differ, an income is not above 0, or the weights add up to nothing.

    References
    ----------
    Fields and Ok (1999), "Measuring movement of incomes", Economica 66.

    Examples
    --------
    >>> import math
    >>> fields_ok([1.0, 2.0], [math.e, 2.0], 1)
    0.5
    """
    old, new = (np.asarray(each, dtype=np.float64) for each in (before, after))
    if old.shape != new.shape or old.ndim != 1:
        raise DataError(f"incomes before and after have shapes {old.shape} and {new.shape}")
    weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), old.shape)
    if not ((old > 0.0) & (new > 0.0)).all():
        raise DataError("the change of log income needs incomes above 0 before and after")
    total = float(weight.sum())
    if not total > 0.0 or (weight < 0.0).any():
        raise DataError("weights must not be negative and must add up to more than 0")
    return float(weight @ np.abs(np.log(new / old)) / total)
