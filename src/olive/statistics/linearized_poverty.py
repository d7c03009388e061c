"""Linearizations of poverty measures, with the error of a relative line."""

from __future__ import annotations

from functools import partial

import numpy as np

from olive.errors import DataError
from olive.messages import Message
from olive.statistics.given_columns import Numbers
from olive.statistics.linearization import linearizes
from olive.statistics.linearized import Linearized, constant, density, from_influence
from olive.statistics.linearized_statistics import (
    linearized_gini,
    linearized_mean,
    linearized_median,
)
from olive.statistics.money import is_below
from olive.statistics.poverty import (
    Line,
    RelativeLine,
    foster_greer_thorbecke,
    gap_ratios,
    headcount,
    poverty_gap,
    poverty_line,
    poverty_severity,
    relative_median_poverty_gap,
)
from olive.statistics.poverty_intensity import (
    sen,
    sen_shorrocks_thon,
    shortfall_logarithms,
    watts,
)
from olive.statistics.samples import Ordered, Values, ordered


@linearizes(poverty_line)
def linearized_line(values: Values, weights: Numbers, *, line: Line) -> Linearized:
    """Scores of a line: none when it is absolute."""
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    if not isinstance(line, RelativeLine):
        return constant(level, sample)
    middle = linearized_median if line.of == "median" else linearized_mean
    return line.fraction * middle(sample, None)


def _with_line(fixed: Linearized, slope: float, sample: Ordered, line: Line) -> Linearized:
    """Add slope x (scores of the line) to the scores at a fixed line."""
    if not isinstance(line, RelativeLine):
        return fixed
    moved = linearized_line(sample, None, line=line)
    return Linearized(fixed.value, fixed.scores + slope * moved.scores, fixed.n)


@linearizes(foster_greer_thorbecke)
def linearized_foster_greer_thorbecke(
    values: Numbers, weights: Numbers, *, line: Line, poverty_aversion: float
) -> Linearized:
    """Influence at a fixed line, plus what a moving line adds or removes."""
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    value = foster_greer_thorbecke(sample, line=level, poverty_aversion=poverty_aversion)
    gaps = gap_ratios(sample.values, level)
    poor = gaps > 0.0
    depth = poor.astype(np.float64) if poverty_aversion == 0.0 else gaps**poverty_aversion
    fixed = from_influence(value, depth - value, sample)
    return _with_line(fixed, _slope(sample, level, line, poverty_aversion), sample, line)


def _slope(sample: Ordered, level: float, line: Line, poverty_aversion: float) -> float:
    """Return how fast the measure grows with the line: the density there, for the headcount."""
    if not isinstance(line, RelativeLine):
        return 0.0
    if poverty_aversion == 0.0:
        rate = headcount(sample, line=level)
        return density(sample, rate) if 0.0 < rate < 1.0 else 0.0
    poor = is_below(sample.values, level)
    ratios = (level - sample.values[poor]) / level
    inner = ratios ** (poverty_aversion - 1.0) * sample.values[poor] / level**2
    return poverty_aversion * float((sample.weights[poor] * inner).sum()) / sample.total_weight


for _statistic, _aversion in ((headcount, 0), (poverty_gap, 1), (poverty_severity, 2)):
    linearizes(_statistic)(partial(linearized_foster_greer_thorbecke, poverty_aversion=_aversion))


@linearizes(relative_median_poverty_gap)
def linearized_relative_median_poverty_gap(
    values: Numbers, weights: Numbers, *, line: Line
) -> Linearized:
    """1 - m / line: the median m of the poor is the quantile at half of a poverty rate that moves.

    Source: Osier (2009), "Variance estimation for complex indicators of poverty and inequality
    using linearization techniques", Survey Research Methods 3(3).
    """
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    rate = linearized_foster_greer_thorbecke(sample, None, line=line, poverty_aversion=0)
    if rate.value == 0.0:
        return constant(0.0, sample)
    middle = level * (1.0 - relative_median_poverty_gap(sample, line=level))
    reached = (sample.values <= middle).astype(np.float64)
    share = float((sample.weights * reached).sum()) / sample.total_weight
    below = from_influence(share, reached - share, sample)
    moved = (0.5 * rate - below) * (1.0 / density(sample, 0.5 * rate.value))
    median_of_poor = Linearized(middle, moved.scores, rate.n)
    return 1.0 - median_of_poor / linearized_line(sample, None, line=line)


@linearizes(watts)
def linearized_watts(values: Numbers, weights: Numbers, *, line: Line) -> Linearized:
    """Influence on the Watts index, whose slope in the line is headcount / line."""
    sample = ordered(values, weights)
    level = poverty_line(sample, line=line)
    value = watts(sample, line=level)
    logarithms = shortfall_logarithms(sample.values, level)
    fixed = from_influence(value, logarithms - value, sample)
    return _with_line(fixed, headcount(sample, line=level) / level, sample, line)


@linearizes(sen)
def linearized_sen(values: Numbers, weights: Numbers, *, line: Line) -> Linearized:
    """H (I + (1 - I) G) from the scores of its parts, at an absolute line."""
    line = _absolute(line, "Sen's index")
    sample = ordered(values, weights)
    value = sen(sample, line=line)
    poor = is_below(sample.values, line)
    if value == 0.0:
        return constant(0.0, sample)
    head = linearized_foster_greer_thorbecke(sample, None, line=line, poverty_aversion=0)
    gap = linearized_foster_greer_thorbecke(sample, None, line=line, poverty_aversion=1)
    intensity = gap / head
    inequality = linearized_gini(*_given_order(sample, sample.weights * poor))
    return head * (intensity + (1.0 - intensity) * inequality)


@linearizes(sen_shorrocks_thon)
def linearized_sen_shorrocks_thon(values: Numbers, weights: Numbers, *, line: Line) -> Linearized:
    """Poverty gap x (1 + Gini of the gap ratios) from the scores of its parts."""
    line = _absolute(line, Message("the Sen-Shorrocks-Thon index"))
    sample = ordered(values, weights)
    value = sen_shorrocks_thon(sample, line=line)
    if value == 0.0:
        return constant(0.0, sample)
    given_values, given_weights = _given_order(sample, sample.weights)
    gaps = gap_ratios(given_values, line)
    return linearized_mean(gaps, given_weights) * (linearized_gini(gaps, given_weights) + 1.0)


def _absolute(line: Line, statistic: str) -> float:
    if isinstance(line, RelativeLine):
        raise DataError(
            "the linearization of {statistic} needs an absolute line; use replicate "
            "weights for a relative one",
            statistic,
        )
    return float(line)


def _given_order(sample: Ordered, weights: Numbers) -> tuple[Numbers, Numbers]:
    return sample.in_given_order(sample.values), sample.in_given_order(weights)
