"""Poverty lines and the measures of Foster, Greer and Thorbecke."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from olive.errors import DataError, shown
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.native.room import empty
from olive.native.sums import weighted_sum
from olive.statistics.arguments import one_number
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.money import edge_at, is_below
from olive.statistics.quantiles import median
from olive.statistics.samples import Sample, Values, ordered, sampled


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """A poverty line that is a fraction of the median or mean of the same weighted values.

    Attributes
    ----------
    fraction : float
        Above 0; 0.6 is usual in the European Union, 0.5 in the OECD.
    of : {"median", "mean"}
        The median follows convention ``hyndman_fan_1``.

    Raises
    ------
    DataError
        When the fraction is not above 0 or `of` is unknown.

    Examples
    --------
    >>> headcount([10.0, 20.0, 30.0], 1, line=RelativeLine(0.6))
    0.3333333333333333
    """

    fraction: float
    of: Literal["median", "mean"] = "median"

    def __post_init__(self) -> None:
        if not (is_finite(self.fraction) and self.fraction > 0.0):
            raise DataError(
                "the fraction of a relative line is {fraction}; it must be > 0",
                shown(self.fraction),
            )
        object.__setattr__(self, "fraction", float(self.fraction))
        if not isinstance(self.of, str) or self.of not in {"median", "mean"}:
            raise DataError(
                "a relative line is of the median or the mean, not of {of}", shown(self.of)
            )


Line = float | RelativeLine
"""An amount, or a fraction of the median or the mean."""


def poverty_line(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the poverty line in the unit of the values.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine
        An absolute line is returned as it is.

    Raises
    ------
    DataError
        When the line is not above 0.

    Examples
    --------
    >>> poverty_line([10.0, 20.0, 30.0], 1, line=RelativeLine(0.6))
    12.0
    """
    if not isinstance(line, RelativeLine):
        level = one_number("line", line)
    else:
        sample = _prepared(values, weights, line)
        level = line.fraction * (median(sample) if line.of == "median" else sample.mean)
    if not level > 0.0 or not math.isfinite(level):
        source = Message("given")
        if isinstance(line, RelativeLine):
            source = Message("{fraction} x the {of}", line.fraction, line.of)
        raise DataError("the poverty line ({source}) is {level}; it must be above 0", source, level)
    return level


def foster_greer_thorbecke(
    values: Values, weights: Numbers = None, *, line: Line, poverty_aversion: float
) -> float:
    """Return the mean of ((line - y) / line)^aversion over the poor, 0 for everybody else.

    The poor are those with y < line by more than half a fen (`olive.statistics.money`). A
    negative income counts as it is, with a gap above the line itself.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine
    poverty_aversion : float
        0 (headcount), 1 (gap), 2 (severity) or any number of 0 or more.

    Returns
    -------
    float
        From 0 to 1 when no value is negative.

    Raises
    ------
    DataError
        When values, weights, line or aversion cannot be used.

    References
    ----------
    Foster, Greer and Thorbecke (1984), "A class of decomposable poverty measures",
    Econometrica 52(3).

    Examples
    --------
    >>> foster_greer_thorbecke([50.0, 80.0, 200.0, 300.0], 1, line=100.0, poverty_aversion=1)
    0.175
    """
    poverty_aversion = one_number("poverty_aversion", poverty_aversion)
    if not poverty_aversion >= 0.0:
        raise DataError(
            "poverty_aversion is {poverty_aversion}; it must be 0 or more", poverty_aversion
        )
    sample = _prepared(values, weights, line)
    level = poverty_line(sample, line=line)
    if poverty_aversion == 0.0:
        return sample.weight_between(-np.inf, edge_at(level)) / sample.total_weight
    depth = gap_ratios(sample.values, level)
    depth = depth if poverty_aversion == 1.0 else depth**poverty_aversion
    return weighted_sum(depth, sample.weights) / sample.total_weight


def _prepared(values: Values, weights: Numbers, line: Line) -> Sample:
    if isinstance(line, RelativeLine) and line.of == "median":
        return ordered(values, weights)
    return sampled(values, weights)


def gap_ratios(values: FloatArray, line: float) -> FloatArray:
    """Return (line - y) / line for values below the line and 0 for the others.

    A value within half a fen of the line is not below it.
    """
    poor = np.flatnonzero(is_below(values, line))
    found: FloatArray = empty(values.size)
    found.fill(0.0)
    found[poor] = (line - values[poor]) / line
    return found


def headcount(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the poverty rate: the share of the weight with a value below the line.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When values, weights or line cannot be used.

    Examples
    --------
    >>> headcount([50.0, 100.0, 200.0, 300.0], 1, line=100.0)
    0.25
    """
    return foster_greer_thorbecke(values, weights, line=line, poverty_aversion=0)


def poverty_gap(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the poverty gap index: the mean shortfall from the line, as a share of the line.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Raises
    ------
    DataError
        When values, weights or line cannot be used.

    Examples
    --------
    >>> poverty_gap([50.0, 100.0, 200.0, 300.0], 1, line=100.0)
    0.125
    """
    return foster_greer_thorbecke(values, weights, line=line, poverty_aversion=1)


def poverty_severity(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return the squared poverty gap index.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Raises
    ------
    DataError
        When values, weights or line cannot be used.

    Examples
    --------
    >>> poverty_severity([50.0, 100.0, 200.0, 300.0], 1, line=100.0)
    0.0625
    """
    return foster_greer_thorbecke(values, weights, line=line, poverty_aversion=2)


def relative_median_poverty_gap(values: Values, weights: Numbers = None, *, line: Line) -> float:
    """Return how far the median of the poor lies below the line, as a share of the line.

    Eurostat's relative median at-risk-of-poverty gap, with ``line=RelativeLine(0.6)``.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    line : float or RelativeLine

    Returns
    -------
    float
        From 0 to 1 when no value is negative; 0 when nobody is poor.

    Raises
    ------
    DataError
        When values, weights or line cannot be used.

    References
    ----------
    Eurostat, indicator ilc_li11; Alfons and Templ (2013), "Estimation of social exclusion
    indicators from complex surveys: the R package laeken", Journal of Statistical Software 54(15).

    Examples
    --------
    >>> relative_median_poverty_gap([20.0, 60.0, 70.0, 200.0, 300.0], 1, line=100.0)
    0.4
    """
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    poor = int(np.count_nonzero(is_below(sample.values, level)))
    if poor == 0:
        return 0.0
    return (level - median(sample.values[:poor], sample.weights[:poor])) / level
