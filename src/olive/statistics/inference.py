"""Statistics with standard errors and intervals, for one data set or a reform less a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from olive.errors import DataError, shown
from olive.native.sums import unit_of
from olive.statistics import (  # noqa: F401 - register
    linearized_polarisation,
    linearized_poverty,
    linearized_relative,
    linearized_statistics,
)
from olive.statistics.conventions import convention_text
from olive.statistics.design import Design, checked_design
from olive.statistics.estimate import Counted, Estimate, make_estimate
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.linearization import Statistic, linearize
from olive.statistics.linearized import Linearized
from olive.statistics.replicate_pass import OrderedStatistic, replicate_values
from olive.statistics.replicates import ReplicateWeights, checked_replicates
from olive.statistics.samples import Values, ordered


def estimate(
    statistic: Statistic,
    *columns: Numbers,
    weights: Numbers,
    uncertainty: Design | ReplicateWeights,
    counted: Counted,
    level: float = 0.95,
    **arguments: Any,
) -> Estimate:
    """Return a statistic with its standard error and interval.

    Parameters
    ----------
    statistic : function
        Of `olive.statistics`, such as `gini`; with replicate weights of a single column, any
        function of an `Ordered` sample.
    *columns : array-like, shape (n,)
        What the statistic takes before the weights.
    weights : array-like, shape (n,), or number
        Household or person weights; 0 outside a subgroup.
    uncertainty : Design or ReplicateWeights
        A design asks for linearization.
    counted : {"households", "persons", "rows"}
        What the weights count; goes into the label.
    level : float
        Confidence level of the interval.
    **arguments
        Further arguments of the statistic, such as ``line=``.

    Raises
    ------
    DataError
        When data, design or arguments cannot be used, or the statistic has no linearization.

    Examples
    --------
    >>> from olive.statistics import mean, survey_design
    >>> income = [10.0, 20.0, 30.0, 40.0]
    >>> found = estimate(
    ...     mean, income, weights=1, uncertainty=survey_design(4), counted="households")
    >>> found.value, round(found.standard_error, 6)
    (25.0, 6.454972)
    """
    name = getattr(statistic, "__name__", "statistic")
    if isinstance(uncertainty, Design):
        linearized = linearize(statistic, *columns, weights=weights, **arguments)
        return estimate_linearized(
            linearized, uncertainty, statistic=name, counted=counted, level=level, **arguments
        )
    if not callable(statistic):
        raise DataError(
            "statistic is {shown}; give a function of values and weights", shown(statistic)
        )
    bound = partial(statistic, **arguments)
    if len(columns) == 1:
        table = estimate_table(
            {name: bound}, columns[0], weights, uncertainty, counted=counted, level=level
        )
        return table[name]
    return _estimate_columns(
        lambda each: bound(*columns, each),
        weights,
        uncertainty,
        **_labels(name, bound, checked_replicates(uncertainty), counted, level),
    )


def estimate_linearized(
    linearized: Linearized,
    design: Design,
    *,
    statistic: str,
    counted: Counted,
    level: float = 0.95,
    **arguments: Any,
) -> Estimate:
    """Return the estimate of linearized statistics that were combined by + - x /.

    Parameters
    ----------
    linearized : Linearized
    design : Design
    statistic : str
        What to call it.
    counted : {"households", "persons", "rows"}
    level : float
    **arguments
        Named in the convention.

    Raises
    ------
    DataError
        When the design has other rows.

    Examples
    --------
    The ratio of two means:

    >>> from olive.statistics import linearize, mean, survey_design
    >>> rent, income = [1.0, 2.0, 2.0], [4.0, 6.0, 10.0]
    >>> ratio = linearize(mean, rent, weights=1) / linearize(mean, income, weights=1)
    >>> found = estimate_linearized(
    ...     ratio, survey_design(3), statistic="rent over income", counted="households")
    >>> found.value, round(found.standard_error, 4)
    (0.25, 0.0433)
    """
    if not isinstance(linearized, Linearized):
        raise DataError(
            "linearized is {shown}; give what linearize(...) returns", shown(linearized)
        )
    name = statistic if isinstance(statistic, str) else shown(statistic)
    unit = unit_of(linearized.scores)
    return make_estimate(
        linearized.value,
        checked_design(design).variance(linearized.scores / unit),
        unit=unit,
        statistic=name,
        n=linearized.n,
        counted=counted,
        level=level,
        degrees_of_freedom=float(design.degrees_of_freedom),
        method=f"linearization, {design.description}",
        convention=convention_text(name, arguments),
    )


def estimate_difference(
    statistic: Statistic,
    before: Numbers,
    after: Numbers,
    *others: Numbers,
    weights: Numbers,
    uncertainty: Design | ReplicateWeights,
    counted: Counted,
    level: float = 0.95,
    **arguments: Any,
) -> Estimate:
    """Return a statistic after a reform less the same before it, with a paired interval.

    Both are computed from the same households, so their errors go together and the interval of
    the difference is narrower than that of either.

    Parameters
    ----------
    statistic : function
    before, after : array-like, shape (n,)
        Incomes of the same rows under two policies.
    *others : array-like, shape (n,)
        What the statistic takes behind them, the same before and after, such as groups.
    weights : array-like, shape (n,), or number
    uncertainty : Design or ReplicateWeights
    counted : {"households", "persons", "rows"}
    level : float
    **arguments
        Further arguments of the statistic. A `RelativeLine` moves with the incomes.

    Raises
    ------
    DataError
        When data, design or arguments cannot be used.

    References
    ----------
    Goedeme, Van den Bosch, Salanauskaite and Verbist (2013), "Testing the statistical
    significance of microsimulation results", International Journal of Microsimulation 6(3).

    Examples
    --------
    >>> from olive.statistics import mean, survey_design
    >>> found = estimate_difference(
    ...     mean, [10.0, 20.0, 60.0], [11.0, 21.0, 61.0], weights=1,
    ...     uncertainty=survey_design(3), counted="households")
    >>> found.value, found.standard_error
    (1.0, 0.0)
    """
    name = getattr(statistic, "__name__", "statistic")
    if isinstance(uncertainty, Design):
        linear = partial(linearize, statistic, weights=weights, **arguments)
        change = linear(after, *others) - linear(before, *others)
        return estimate_linearized(
            change, uncertainty, statistic=name, counted=counted, level=level, **arguments
        )
    bound = partial(statistic, **arguments)
    if others:
        return _estimate_columns(
            lambda each: bound(after, *others, each) - bound(before, *others, each),
            weights,
            uncertainty,
            **_labels(name, bound, checked_replicates(uncertainty), counted, level),
        )
    table = estimate_difference_table(
        {name: bound}, before, after, weights, uncertainty, counted=counted, level=level
    )
    return table[name]


def estimate_table(
    statistics: Mapping[str, OrderedStatistic],
    values: Values,
    weights: Numbers,
    replicates: ReplicateWeights,
    *,
    counted: Counted,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Return many statistics of one column with replicate errors: one sort, one pass.

    Parameters
    ----------
    statistics : mapping of name to function of Ordered
        Such as ``{"gini": gini, "poverty": partial(headcount, line=RelativeLine(0.6))}``.
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    replicates : ReplicateWeights
    counted : {"households", "persons", "rows"}
    level : float

    Raises
    ------
    DataError
        When data or replicates cannot be used, or a statistic is undefined in a replicate.

    Examples
    --------
    >>> from olive.statistics import gini, jackknife_weights, mean, survey_design
    >>> table = estimate_table(
    ...     {"mean": mean, "gini": gini}, [10.0, 20.0, 30.0, 40.0], 1,
    ...     jackknife_weights(survey_design(4)), counted="households")
    >>> round(table["mean"].standard_error, 6), table["gini"].value
    (6.454972, 0.25)
    """
    sample = ordered(values, weights)
    full, each = replicate_values(statistics, [sample], replicates)
    return {
        name: make_estimate(
            float(statistic(sample)),
            *_variance_of(replicates, each[:, 0, position] - full[0, position]),
            n=sample.values.size,
            **_labels(name, statistic, replicates, counted, level),
        )
        for position, (name, statistic) in enumerate(statistics.items())
    }


def estimate_difference_table(
    statistics: Mapping[str, OrderedStatistic],
    before: Values,
    after: Values,
    weights: Numbers,
    replicates: ReplicateWeights,
    *,
    counted: Counted,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Return many differences, after less before, with paired replicate errors in one pass.

    Parameters
    ----------
    statistics : mapping of name to function of Ordered
    before, after : array-like, shape (n,), or Sample
        Incomes of the same rows under two policies.
    weights : array-like, shape (n,), or number
    replicates : ReplicateWeights
    counted : {"households", "persons", "rows"}
    level : float

    Raises
    ------
    DataError
        When data or replicates cannot be used, or a statistic is undefined in a replicate.

    Examples
    --------
    >>> from olive.statistics import jackknife_weights, mean, survey_design
    >>> table = estimate_difference_table(
    ...     {"mean": mean}, [10.0, 20.0, 60.0], [11.0, 21.0, 61.0], 1,
    ...     jackknife_weights(survey_design(3)), counted="households")
    >>> table["mean"].value, round(table["mean"].standard_error, 9)
    (1.0, 0.0)
    """
    first, second = ordered(before, weights), ordered(after, weights)
    full, each = replicate_values(statistics, [first, second], replicates)
    change = (each[:, 1] - each[:, 0]) - (full[1] - full[0])
    return {
        name: make_estimate(
            float(statistic(second)) - float(statistic(first)),
            *_variance_of(replicates, change[:, position]),
            n=first.values.size,
            **_labels(name, statistic, replicates, counted, level),
        )
        for position, (name, statistic) in enumerate(statistics.items())
    }


def _estimate_columns(
    figure: Callable[[Numbers], float], weights: Numbers, replicates: ReplicateWeights, **words: Any
) -> Estimate:
    """Return a figure of several columns: every replicate is computed from all rows."""
    value = float(figure(weights))
    each = np.array(
        [figure(replicates.weights(weights, replicate)) for replicate in range(replicates.count)]
    )
    n = int(np.count_nonzero(np.broadcast_to(weights, (replicates.rows,))))
    return make_estimate(value, *_variance_of(replicates, each - value), n=n, **words)


def _variance_of(replicates: ReplicateWeights, deviations: FloatArray) -> tuple[float, float]:
    """Return the variance from deviations of replicates, in the square of a unit, and the unit."""
    unit = unit_of(deviations)
    return float((replicates.scales * (deviations / unit) ** 2).sum()), unit


def _labels(
    name: str,
    statistic: Callable[..., float],
    replicates: ReplicateWeights,
    counted: Counted,
    level: float,
) -> dict[str, Any]:
    function: Any = statistic
    arguments: dict[str, Any] = {}
    while isinstance(function, partial):  # one that carries attributes is not merged with another
        function, arguments = function.func, {**function.keywords, **arguments}
    return {
        "statistic": name,
        "counted": counted,
        "level": level,
        "degrees_of_freedom": replicates.degrees_of_freedom,
        "method": replicates.description,
        "convention": convention_text(getattr(function, "__name__", name), arguments),
    }
