"""Income mobility between two periods: of a transition matrix, and of pairs of incomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from olive.errors import DataError
from olive.messages import Message
from olive.native.blas import sum_of_products
from olive.statistics.arguments import array_of
from olive.statistics.domains import positive
from olive.statistics.given_columns import Numbers
from olive.statistics.progressivity import aligned
from olive.statistics.samples import sampled


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
    values = array_of("matrix", matrix)
    if values.dtype.kind not in "biuf":
        raise DataError("a transition matrix holds numbers, not {dtype}", values.dtype)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or values.shape[0] < 2:
        raise DataError(
            "a transition matrix is square with 2 cells or more, found {shape}", values.shape
        )
    if (values < 0.0).any() or not np.allclose(values.sum(axis=1), 1.0, atol=1e-9):
        raise DataError("each row of a transition matrix holds shares that add up to 1")
    cells = values.shape[0]
    return float((cells - np.trace(values)) / (cells - 1))


def fields_ok(before: Numbers, after: Numbers, weights: Numbers) -> float:
    """Return the weighted mean of ``|log(after) - log(before)|``.

    Parameters
    ----------
    before, after : array-like, shape (n,)
        Incomes of the same units, all above 0.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When incomes or weights cannot be used, lengths differ, or an income is not above 0.

    References
    ----------
    Fields and Ok (1999), "Measuring movement of incomes", Economica 66.

    Examples
    --------
    >>> import math
    >>> fields_ok([1.0, 2.0], [math.e, 2.0], 1)
    0.5
    """
    old = sampled(before, weights)
    new = aligned(after, old, Message("incomes after"))
    positive(old, "the change of log income")
    positive(replace(old, values=new), "the change of log income")
    return sum_of_products(old.weights, np.abs(np.log(new / old.values))) / old.total_weight
