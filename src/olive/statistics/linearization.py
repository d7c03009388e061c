"""Which statistics have a linearization, and the one door to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from olive.errors import DataError, shown
from olive.statistics.given_columns import Numbers
from olive.statistics.linearized import Linearized

Statistic = Callable[..., float]
Linearization = Callable[..., Linearized]
_LINEARIZATIONS: dict[Statistic, Linearization] = {}


def linearizes(statistic: Statistic) -> Callable[[Linearization], Linearization]:
    """Register a function as the linearization of a statistic with the same arguments."""

    def register(function: Linearization) -> Linearization:
        _LINEARIZATIONS[statistic] = function
        return function

    return register


def linearize(
    statistic: Statistic, *columns: Numbers, weights: Numbers, **arguments: Any
) -> Linearized:
    """Return a statistic with the scores that its standard error is computed from.

    Parameters
    ----------
    statistic : function
        Of `olive.statistics`, such as `gini` or `kakwani`.
    *columns : array-like, shape (n,)
        What the statistic takes before the weights.
    weights : array-like, shape (n,), or number
        Household or person weights; 0 outside a subgroup.
    **arguments
        Further arguments of the statistic, such as ``line=``.

    Raises
    ------
    DataError
        When the statistic has no linearization, or its arguments cannot be used.

    References
    ----------
    Deville (1999), "Variance estimation for complex statistics and estimators: linearization
    and residual techniques", Survey Methodology 25(2).

    Examples
    --------
    >>> from olive.statistics import gini
    >>> before, after = [1.0, 2.0, 3.0], [1.5, 2.0, 3.0]
    >>> change = linearize(gini, after, weights=1) - linearize(gini, before, weights=1)
    >>> round(change.value, 6), round(float(abs(change.scores.sum())), 12)
    (-0.068376, 0.0)
    """
    if not callable(statistic) or statistic not in _LINEARIZATIONS:
        names = ", ".join(sorted(known.__name__ for known in _LINEARIZATIONS))
        raise DataError(
            "{name!s} has no linearization; use replicate weights, or one of {names}",
            getattr(statistic, "__name__", shown(statistic)),
            names,
        )
    return _LINEARIZATIONS[statistic](*columns, weights, **arguments)
