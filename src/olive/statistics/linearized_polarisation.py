"""Linearizations of the middle class, polarisation and growth of quantiles."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError
from olive.statistics.given_columns import Numbers, floats
from olive.statistics.growth_incidence import quantile_growth
from olive.statistics.identification import (
    Identified,
    between_groups,
    duclos_esteban_ray,
    esteban_ray,
)
from olive.statistics.linearization import linearizes
from olive.statistics.linearized import Linearized, constant, density, from_influence
from olive.statistics.linearized_poverty import linearized_line
from olive.statistics.linearized_statistics import linearized_quantile, linearized_share
from olive.statistics.means_and_shares import share_between
from olive.statistics.middle_class import middle_bounds, middle_share
from olive.statistics.poverty import Line, RelativeLine, poverty_line
from olive.statistics.samples import Ordered, ordered, sampled


@linearizes(middle_share)
def linearized_middle_share(
    values: Numbers,
    weights: Numbers,
    *,
    band: str | None = None,
    low: Line | None = None,
    high: Line | None = None,
) -> Linearized:
    """Share between fixed bounds, plus what their own errors let in or out."""
    sample = ordered(values, weights)
    value = middle_share(sample, band=band, low=low, high=high)
    bounds = middle_bounds(band, low, high)
    levels = [poverty_line(sample, line=bound) for bound in bounds]
    fixed = linearized_share(sample, None, low=levels[0], high=levels[1])
    moved = _crossed(sample, bounds[1], levels[1]) - _crossed(sample, bounds[0], levels[0])
    return Linearized(value, fixed.scores + moved.scores, fixed.n)


def _crossed(sample: Ordered, bound: Line, level: float) -> Linearized:
    """Return the scores of a bound times the density there: none when it is absolute."""
    below = share_between(sample, low=-np.inf, high=level)
    if not isinstance(bound, RelativeLine) or not 0.0 < below < 1.0:
        return constant(0.0, sample)
    return linearized_line(sample, None, line=bound) * density(sample, below)


@linearizes(esteban_ray)
def linearized_esteban_ray(
    values: Numbers, groups: Numbers, weights: Numbers, *, alpha: float = 1.3
) -> Linearized:
    """Each group's share and mean moves with its rows; all is relative to the mean."""
    value = esteban_ray(values, groups, weights, alpha=alpha)
    sample = sampled(floats(values, "values"), weights)
    group, share, means = between_groups(sample, groups)
    apart = np.abs(means[:, None] - means)
    of_share = (1.0 + alpha) * share**alpha * (apart @ share) + apart @ share ** (1.0 + alpha)
    pairs = np.outer(share ** (1.0 + alpha), share)
    of_mean = ((pairs + pairs.T) * np.sign(means[:, None] - means)).sum(axis=1)
    relative = sample.values / sample.mean
    influence = of_share[group] + of_mean[group] * (relative - means[group]) / share[group]
    influence -= of_share @ share + value * (relative - 1.0)
    return from_influence(value, influence, sample)


@linearizes(duclos_esteban_ray)
def linearized_duclos_esteban_ray(
    values: Numbers, weights: Numbers, *, alpha: float = 0.5
) -> Linearized:
    """Influence through the density (alpha times), the row itself and the distances to it.

    Source: Duclos, Esteban and Ray (2004), theorem 3.
    """
    sample = ordered(values, weights)
    parts = Identified.of(sample, alpha)
    own = (1.0 + alpha) * parts.identification * parts.alienation
    pull = parts.share * parts.identification
    reached, amount = pull.cumsum(), (pull * parts.relative).cumsum()
    from_others = parts.relative * (2.0 * reached - reached[-1]) + amount[-1] - 2.0 * amount
    influence = own + from_others - (2.0 + alpha) * parts.value
    influence -= (1.0 - alpha) * parts.value * (parts.relative - 1.0)
    return from_influence(parts.value, influence, sample)


@linearizes(quantile_growth)
def linearized_quantile_growth(
    before: Numbers, after: Numbers, weights: Numbers, *, p: float
) -> Linearized:
    """The ratio of two quantiles of the same rows."""
    quantile_growth(before, after, weights, p=p)
    if not 0.0 < p < 1.0:
        raise DataError("p is {p}: the lowest and highest value have no standard error", p)
    ratio = linearized_quantile(after, weights, p=p) / linearized_quantile(before, weights, p=p)
    return ratio - 1.0
