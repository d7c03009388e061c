"""Stochastic dominance: which distribution is better whatever the poverty line or aversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, shown
from olive.native.given_numbers import is_finite
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.samples import Ordered, Values, ordered

Better = Literal["first", "second", "equal", "neither"]

# Curves that differ by less than this, relative to the largest value, count as touching.
_ROUNDING = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """How two distributions compare; made by `dominance`.

    Attributes
    ----------
    order : {1, 2}
    better : {"first", "second", "equal", "neither"}
        Which distribution dominates: its curve lies nowhere above the other's.
    crossings : float64 array, shape (k,)
        Amounts at which the curves cross, ascending; empty unless neither dominates. Below the
        first of them one distribution is better for every line.
    better_below : {"first", "second", "equal"}
        Which is better for every line up to the first crossing.
    better_above : {"first", "second", "equal"}
        Which is better for every line beyond the last crossing.
    amounts : float64 array, shape (n,)
        All values of both distributions, ascending.
    first, second : float64 array, shape (n,)
        The curves there. Order 1: the share of the weight with at most this amount. Order 2: the
        mean shortfall from the amount, in its unit (poverty gap x line).
    """

    order: int
    better: Better
    crossings: FloatArray
    better_below: Better
    better_above: Better
    amounts: FloatArray
    first: FloatArray
    second: FloatArray


def dominance(
    first: Values,
    second: Values,
    weights: Numbers = None,
    *,
    weights_second: Numbers = None,
    order: int = 1,
) -> Dominance:
    """Compare two distributions by stochastic dominance of first or second order.

    Dominance of first order: for every poverty line the headcount is no higher, so everybody
    who likes more income prefers it. Of second order: for every line the poverty gap is no
    higher; the generalized Lorenz curve is no lower; everybody who also dislikes inequality
    prefers it. Curves are compared at every value and, of second order, between them, where
    they are straight. Standard errors at single amounts: those of `headcount` and `poverty_gap`.

    Parameters
    ----------
    first, second : array-like, shape (n,) and (m,), or Sample
    weights : array-like, shape (n,), or number
    weights_second : array-like, shape (m,), or number, optional
        Without it, `weights`.
    order : {1, 2}

    Raises
    ------
    DataError
        When values, weights or order cannot be used.

    References
    ----------
    Atkinson (1987), "On the measurement of poverty", Econometrica 55(4); Davidson and Duclos
    (2000), "Statistical inference for stochastic dominance and for the measurement of poverty and
    inequality", Econometrica 68(6); Shorrocks (1983), "Ranking income distributions", Economica 50.

    Examples
    --------
    >>> equal, unequal = [20.0, 20.0], [10.0, 30.0]
    >>> dominance(equal, unequal, 1).better, dominance(equal, unequal, 1).crossings
    ('neither', array([20.]))
    >>> dominance(equal, unequal, 1, order=2).better
    'first'
    """
    if not is_finite(order) or order not in (1, 2):
        raise DataError(
            "order is {order}; dominance is of first or second order, 1 or 2", shown(order)
        )
    one = ordered(first, weights)
    two = ordered(second, weights if weights_second is None else weights_second)
    amounts = np.unique(np.concatenate((one.values, two.values)))
    curve = _reached if order == 1 else _shortfall
    first_curve, second_curve = curve(one, amounts), curve(two, amounts)
    gap = first_curve - second_curve
    scale = 1.0 if order == 1 else float(max(np.abs(amounts).max(), first_curve.max()))
    sign = np.sign(np.where(np.abs(gap) <= _ROUNDING * scale, 0.0, gap)).astype(np.int64)
    sides = sign[sign != 0]
    crossings = _crossings(amounts, gap, sign, straight=order == 2)
    below: Better = "equal" if sides.size == 0 else _side(int(sides[0]))
    above: Better = "equal" if sides.size == 0 else _side(int(sides[-1]))
    better: Better = "neither" if crossings.size else below
    return Dominance(order, better, crossings, below, above, amounts, first_curve, second_curve)


def _side(sign: int) -> Better:
    return "second" if sign > 0 else "first"


def _reached(sample: Ordered, amounts: FloatArray) -> FloatArray:
    """Return the share of the weight with at most each amount."""
    position = np.searchsorted(sample.values, amounts, side="right")
    below = np.concatenate(([0.0], sample.cumulative_weights))
    return np.asarray(below[position] / sample.total_weight)


def _shortfall(sample: Ordered, amounts: FloatArray) -> FloatArray:
    """Return the mean of max(amount - y, 0)."""
    position = np.searchsorted(sample.values, amounts, side="right")
    below = np.concatenate(([0.0], sample.cumulative_weights))[position]
    held = np.concatenate(([0.0], sample.cumulative_amounts))[position]
    return np.asarray((below * amounts - held) / sample.total_weight)


def _crossings(
    amounts: FloatArray, gap: FloatArray, sign: NDArray[np.int64], *, straight: bool
) -> FloatArray:
    """Return where the gap changes its sign: at the step, or on the straight line between."""
    apart = np.flatnonzero(sign)
    changes = np.flatnonzero(sign[apart][1:] != sign[apart][:-1])
    found = []
    for change in changes:
        before, after = apart[change], apart[change + 1]
        if not straight:
            found.append(amounts[after])
        elif after > before + 1:
            # The curves meet in between and part to the other side.
            found.append(amounts[before + 1])
        else:
            part = gap[before] / (gap[before] - gap[after])
            found.append(amounts[before] + part * (amounts[after] - amounts[before]))
    return np.array(found, dtype=np.float64)
