"""Linearizations of means, shares, quantiles, inequality and polarisation.

Each returns the value that its statistic returns and the influence of every row on it
(Deville 1999). Influences are written for one unit of weight, times the total weight.
"""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.statistics.domains import fraction
from olive.statistics.entropy import atkinson, generalized_entropy, theil_l, theil_t
from olive.statistics.given_columns import FloatArray, Numbers
from olive.statistics.inequality import coefficient_of_variation, gini, hoover
from olive.statistics.linearization import linearizes
from olive.statistics.linearized import Linearized, constant, density, from_influence
from olive.statistics.lorenz import (
    lorenz,
    palma_ratio,
    ranked_share,
    s80_s20_ratio,
    top_share,
)
from olive.statistics.means_and_shares import mean, share_between, total
from olive.statistics.money import Closed, is_between
from olive.statistics.polarisation import (
    Negatives,
    foster_wolfson,
    without_negatives,
    wolfson,
)
from olive.statistics.progressivity import (
    aligned,
    average_tax_rate,
    concentration_coefficient,
    kakwani,
    re_ranking,
    redistributive_effect,
    reynolds_smolensky,
)
from olive.statistics.quantiles import Convention, median, middle_weights, quantile
from olive.statistics.samples import Ordered, ordered, sampled


@linearizes(total)
def linearized_total(values: Numbers, weights: Numbers) -> Linearized:
    """Scores of a total: weight x value."""
    sample = sampled(values, weights)
    influence = sample.values * (sample.total_weight * sample.unit)
    return from_influence(total(sample), influence, sample)


@linearizes(mean)
def linearized_mean(values: Numbers, weights: Numbers) -> Linearized:
    """Influence on a mean: y - mean."""
    sample = sampled(values, weights)
    return from_influence(sample.mean, sample.values - sample.mean, sample)


@linearizes(share_between)
def linearized_share(
    values: Numbers, weights: Numbers, *, low: float, high: float, closed: Closed = "low"
) -> Linearized:
    """Influence on a share: 1 - share inside the bounds, -share outside."""
    sample = sampled(values, weights)
    share = share_between(sample, low=low, high=high, closed=closed)
    inside = is_between(sample.values, low, high, closed).astype(np.float64)
    return from_influence(share, inside - share, sample)


@linearizes(quantile)
def linearized_quantile(
    values: Numbers, weights: Numbers, *, p: float, convention: Convention = "hyndman_fan_1"
) -> Linearized:
    """Influence on a quantile q: (p - [y <= q]) / density at q."""
    p = fraction(p, "p")
    if p in {0.0, 1.0}:
        raise DataError("p is {p}: the lowest and highest value have no standard error", p)
    sample = ordered(values, weights)
    value = quantile(sample, p=p, convention=convention)
    reached = (sample.values <= value).astype(np.float64)
    return from_influence(value, (p - reached) / density(sample, p), sample)


@linearizes(median)
def linearized_median(
    values: Numbers, weights: Numbers, *, convention: Convention = "hyndman_fan_1"
) -> Linearized:
    """Influence on the median: as a quantile."""
    return linearized_quantile(values, weights, p=0.5, convention=convention)


def _lorenz_point(sample: Ordered, p: float) -> Linearized:
    """Influence on L(p): ((y - q)[y <= q] + p q - L y) / mean, q being the p-quantile."""
    share = float(lorenz(sample, p=[p])[0])
    if p in {0.0, 1.0}:
        return constant(share, sample)
    level = quantile(sample, p=p)
    below = np.minimum(sample.values - level, 0.0)
    influence = (below + p * level - share * sample.values) / sample.mean
    return from_influence(share, influence, sample)


@linearizes(ranked_share)
def linearized_ranked_share(
    values: Numbers, weights: Numbers, *, low: float, high: float
) -> Linearized:
    """The difference of two points of the Lorenz curve."""
    sample = ordered(values, weights)
    ranked_share(sample, low=low, high=high)
    return _lorenz_point(sample, high) - _lorenz_point(sample, low)


@linearizes(top_share)
def linearized_top_share(values: Numbers, weights: Numbers, *, top: float = 0.1) -> Linearized:
    """One less a point of the Lorenz curve."""
    sample = ordered(values, weights)
    top_share(sample, top=top)
    return 1.0 - _lorenz_point(sample, 1.0 - top)


@linearizes(palma_ratio)
def linearized_palma(values: Numbers, weights: Numbers) -> Linearized:
    """The ratio of two shares."""
    sample = ordered(values, weights)
    palma_ratio(sample)
    return (1.0 - _lorenz_point(sample, 0.9)) / _lorenz_point(sample, 0.4)


@linearizes(s80_s20_ratio)
def linearized_s80_s20(values: Numbers, weights: Numbers) -> Linearized:
    """The ratio of two shares."""
    sample = ordered(values, weights)
    s80_s20_ratio(sample)
    return (1.0 - _lorenz_point(sample, 0.8)) / _lorenz_point(sample, 0.2)


def _concentration(value: float, amounts: FloatArray, ranking: Ordered) -> Linearized:
    """Influence on C: 2 (y F + sum of y above) / mean - (C + 1)(1 + y / mean)."""
    middle = middle_weights(ranking)
    weighted = ranking.weights * amounts
    mean_amount = float(weighted.sum()) / ranking.total_weight
    reached = weighted.cumsum()
    # The amount above the middle of each row, tied rows counting as one row.
    ends = np.searchsorted(ranking.values, ranking.values, side="right") - 1
    starts = np.searchsorted(ranking.values, ranking.values, side="left")
    before = np.concatenate(([0.0], reached))[starts]
    above = reached[-1] - 0.5 * (before + reached[ends])
    pairs = 2.0 * (amounts * middle + above) / (ranking.total_weight * mean_amount)
    return from_influence(value, pairs - (value + 1.0) * (1.0 + amounts / mean_amount), ranking)


@linearizes(gini)
def linearized_gini(values: Numbers, weights: Numbers) -> Linearized:
    """The concentration of the values along their own ranking."""
    sample = ordered(values, weights)
    return _concentration(gini(sample), sample.values, sample)


@linearizes(concentration_coefficient)
def linearized_concentration(values: Numbers, ranked_by: Numbers, weights: Numbers) -> Linearized:
    """Influence on a concentration coefficient."""
    ranking = ordered(ranked_by, weights)
    value = concentration_coefficient(values, ranking)
    return _concentration(value, aligned(values, ranking, "values"), ranking)


@linearizes(average_tax_rate)
def linearized_average_tax_rate(tax: Numbers, before: Numbers, weights: Numbers) -> Linearized:
    """The ratio of two means."""
    income = sampled(before, weights)
    value = average_tax_rate(tax, income)
    paid = aligned(tax, income, "taxes")
    return from_influence(value, (paid - value * income.values) / income.mean, income)


@linearizes(kakwani)
def linearized_kakwani(tax: Numbers, before: Numbers, weights: Numbers) -> Linearized:
    """Concentration of the tax less the Gini before."""
    return linearized_concentration(tax, before, weights) - linearized_gini(before, weights)


@linearizes(reynolds_smolensky)
def linearized_reynolds_smolensky(after: Numbers, before: Numbers, weights: Numbers) -> Linearized:
    """Gini before less the concentration after."""
    return linearized_gini(before, weights) - linearized_concentration(after, before, weights)


@linearizes(redistributive_effect)
def linearized_redistributive_effect(
    after: Numbers, before: Numbers, weights: Numbers
) -> Linearized:
    """Gini before less Gini after."""
    return linearized_gini(before, weights) - linearized_gini(after, weights)


@linearizes(re_ranking)
def linearized_re_ranking(after: Numbers, before: Numbers, weights: Numbers) -> Linearized:
    """Gini after less concentration after."""
    return linearized_gini(after, weights) - linearized_concentration(after, before, weights)


@linearizes(hoover)
def linearized_hoover(values: Numbers, weights: Numbers) -> Linearized:
    """Influence on the Hoover index: the mean moves every deviation from it."""
    sample = sampled(values, weights)
    value, centre = hoover(sample), sample.mean
    below = share_between(sample, low=-np.inf, high=centre)
    deviation = np.abs(sample.values - centre) - 2.0 * centre * value
    moved = (2.0 * below - 1.0) * (sample.values - centre)
    shrunk = 2.0 * value * (sample.values - centre)
    return from_influence(value, (deviation + moved - shrunk) / (2.0 * centre), sample)


@linearizes(coefficient_of_variation)
def linearized_variation(values: Numbers, weights: Numbers) -> Linearized:
    """Influence on the coefficient of variation."""
    sample = sampled(values, weights)
    value = coefficient_of_variation(sample)
    if value == 0.0:
        raise DataError("all values are equal, so the coefficient of variation has no influence")
    ratios = sample.values / sample.mean
    influence = ((ratios - 1.0) ** 2 - value**2) / (2.0 * value) - value * (ratios - 1.0)
    return from_influence(value, influence, sample)


@linearizes(generalized_entropy)
def linearized_entropy(values: Numbers, weights: Numbers, *, alpha: float) -> Linearized:
    """Influence on GE(alpha)."""
    sample = sampled(values, weights)
    value = generalized_entropy(sample, alpha=alpha)
    ratios = sample.values / sample.mean
    if alpha == 0.0:
        influence = (ratios - 1.0) - np.log(ratios) - value
    elif alpha == 1.0:
        logarithms = np.log(np.where(ratios > 0.0, ratios, 1.0))
        influence = ratios * logarithms - value - (value + 1.0) * (ratios - 1.0)
    else:
        scale = alpha * (alpha - 1.0)
        powered = value * scale + 1.0
        influence = (ratios**alpha - powered - alpha * powered * (ratios - 1.0)) / scale
    return from_influence(value, influence, sample)


@linearizes(theil_t)
def linearized_theil_t(values: Numbers, weights: Numbers) -> Linearized:
    """Influence on GE(1)."""
    return linearized_entropy(values, weights, alpha=1.0)


@linearizes(theil_l)
def linearized_theil_l(values: Numbers, weights: Numbers) -> Linearized:
    """Influence on GE(0)."""
    return linearized_entropy(values, weights, alpha=0.0)


@linearizes(atkinson)
def linearized_atkinson(
    values: Numbers, weights: Numbers, *, inequality_aversion: float
) -> Linearized:
    """Influence on Atkinson's index through the equally distributed equivalent e = 1 - A."""
    sample = sampled(values, weights)
    value = atkinson(sample, inequality_aversion=inequality_aversion)
    ratios = sample.values / sample.mean
    equal = 1.0 - value
    power = 1.0 - inequality_aversion
    if power == 0.0:
        moved = equal * (np.log(ratios) - np.log(equal))
    else:
        moved = equal * (ratios**power / equal**power - 1.0) / power
    return from_influence(value, equal * (ratios - 1.0) - moved, sample)


@linearizes(foster_wolfson)
def linearized_foster_wolfson(
    values: Numbers, weights: Numbers, *, negatives: Negatives = "refuse"
) -> Linearized:
    """(1 - 2 L(1/2) - Gini) x mean / median, each with its scores."""
    sample = without_negatives(ordered(values, weights), negatives)
    foster_wolfson(sample)
    spread = 1.0 - 2.0 * _lorenz_point(sample, 0.5) - linearized_gini(sample, None)
    middle = linearized_median(sample, None, convention="hyndman_fan_2")
    return spread * linearized_mean(sample, None) / middle


@linearizes(wolfson)
def linearized_wolfson(
    values: Numbers, weights: Numbers, *, negatives: Negatives = "refuse"
) -> Linearized:
    """Twice the index of Foster and Wolfson."""
    return 2.0 * linearized_foster_wolfson(values, weights, negatives=negatives)
