"""Fit an income distribution to microdata by maximum likelihood, with survey weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy

from olive.statistics.distributions.families import (
    Distribution,
    DistributionError,
    FloatArray,
    GeneralizedBeta,
)
from olive.statistics.distributions.fitting import Family, family_named
from olive.statistics.domains import positive
from olive.statistics.given_columns import Numbers
from olive.statistics.quantiles import median
from olive.statistics.samples import Sample, sampled

_EDGE = 1e-3
_STEP = 1e-4


@dataclass(frozen=True)
class LikelihoodFit:
    """A distribution fitted to incomes; made by `fit_microdata`.

    Attributes
    ----------
    family
        Name of the family, a key of `FAMILIES`.
    distribution
        In the unit of the incomes.
    parameters
        ``scale`` and the shapes of the family, by name.
    standard_errors
        Of the parameters, by name, from the spread of the scores (rows taken as drawn one by
        one); missing (NaN) where a parameter is at the edge of its range.
    log_likelihood
        At its maximum; the weights add up to the number of rows.
    rows
        Rows with weight.
    at_bounds
        Shapes that ended on the edge of the searched range: weakly identified.
    """

    family: str
    distribution: Distribution
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    log_likelihood: float
    rows: int
    at_bounds: tuple[str, ...]

    @property
    def akaike(self) -> float:
        """Akaike's criterion, 2 x parameters - 2 x log likelihood: the lower, the better."""
        return 2.0 * len(self.parameters) - 2.0 * self.log_likelihood


def fit_microdata(
    incomes: Numbers, weights: Numbers, family: str = "generalized_beta"
) -> LikelihoodFit:
    """Fit a family of distributions to incomes by (pseudo) maximum likelihood.

    Parameters
    ----------
    incomes : array-like, shape (n,)
        Above 0; drop households without income and say so.
    weights : array-like, shape (n,), or number
        Only their proportions matter.
    family : str
        One of `FAMILIES`, such as ``"generalized_beta"`` (GB2, four parameters).

    Raises
    ------
    DataError
        When incomes or weights cannot be used.
    DistributionError
        When the family is unknown, there are fewer than ten rows a parameter, or the search
        fails.

    References
    ----------
    McDonald (1984), "Some generalized functions for the size distribution of income",
    Econometrica 52(3); Graf and Nedyalkova (2014), "Modeling of income and indicators of poverty
    and social exclusion using the generalized beta distribution of the second kind", Review of
    Income and Wealth 60(4), for weighted microdata and the sandwich error.

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> found = fit_microdata(draw.lognormal(10.0, 0.5, 4_000), 1, "lognormal")
    >>> round(found.parameters["sigma"], 2), round(found.standard_errors["sigma"], 3)
    (0.5, 0.006)
    """
    chosen = family_named(family)
    sample = sampled(incomes, weights)
    positive(sample, "a distribution of incomes")
    names = ("scale", *chosen.ranges)
    rows = sample.values.size
    if rows < 10 * len(names):
        raise DistributionError(
            "{rows} incomes do not determine the {number} parameters of {family}; "
            "give ten rows a parameter, or choose a family with fewer",
            rows,
            len(names),
            family,
        )
    problem = _Problem(chosen, sample.values / median(sample), _shares(sample))
    found = min((problem.solve(start) for start in problem.starts()), key=lambda each: each.fun)
    if not np.isfinite(found.fun):
        raise DistributionError(
            "the likelihood of {family} has no maximum that could be found", family
        )
    free = np.asarray(found.x)
    scale = float(np.exp(free[0])) * median(sample)
    shapes = {name: float(value) for name, value in zip(names[1:], np.exp(free[1:]), strict=True)}
    parameters = {"scale": scale, **shapes}
    edges = problem.at_bounds(free)
    distribution = chosen.build(**shapes).scaled(scale)
    errors = np.sqrt(np.diag(problem.covariance(free, edges))) * np.array([*parameters.values()])
    standard_errors = dict(zip(names, errors.tolist(), strict=True))
    likelihood = float(-found.fun * rows - rows * np.log(median(sample)))
    at_bounds = tuple(name for name, edge in zip(names, edges, strict=True) if edge)
    return LikelihoodFit(
        family, distribution, parameters, standard_errors, likelihood, rows, at_bounds
    )


def _shares(sample: Sample) -> FloatArray:
    return np.asarray(sample.weights / sample.total_weight)


@dataclass(frozen=True)
class _Problem:
    """Logarithms of scale and shapes, incomes over their median, and shares of the weight."""

    family: Family
    incomes: FloatArray
    shares: FloatArray

    def starts(self) -> list[FloatArray]:
        build, starts = self.family.build, self.family.starts
        return [np.log(np.array([1.0 / build(*shapes).median, *shapes])) for shapes in starts]

    def bounds(self) -> list[tuple[float, float]]:
        shapes = [(np.log(low), np.log(high)) for low, high in self.family.ranges.values()]
        return [(np.log(1e-6), np.log(1e6)), *shapes]

    def logarithms(self, free: FloatArray) -> FloatArray:
        """Return the logarithm of the density at every income, shape (n,)."""
        scale, *shapes = np.exp(free)
        density = self.family.build(*map(float, shapes)).density(self.incomes / scale) / scale
        return np.asarray(np.log(np.maximum(density, 1e-300)))

    def mean_loss(self, free: FloatArray) -> float:
        return -float(self.shares @ self.logarithms(free))

    def scores(self, free: FloatArray) -> FloatArray:
        """Return the derivatives of the logarithms by each free number, shape (free, n)."""
        scale, *values = map(float, np.exp(free))
        made = self.family.build(*values)
        if not isinstance(made, GeneralizedBeta):
            steps = np.eye(free.size) * _STEP
            rises = [self.logarithms(free + step) - self.logarithms(free - step) for step in steps]
            return np.stack(rises) / (2.0 * _STEP)
        each = _scores_of_beta(np.log(self.incomes / scale), made)
        return np.stack([each[name] for name in ("scale", *self.family.ranges)])

    def slope(self, free: FloatArray) -> FloatArray:
        return np.asarray(-self.scores(free) @ self.shares)

    def solve(self, start: FloatArray) -> scipy.optimize.OptimizeResult:
        return scipy.optimize.minimize(
            self.mean_loss,
            start,
            method="L-BFGS-B",
            jac=self.slope,
            bounds=self.bounds(),
            options={"ftol": 1e-15, "gtol": 1e-8, "maxiter": 1_000},
        )

    def at_bounds(self, free: FloatArray) -> tuple[bool, ...]:
        low, high = np.transpose(self.bounds())
        return tuple(((free - low < _EDGE) | (high - free < _EDGE)).tolist())

    def covariance(self, free: FloatArray, edges: tuple[bool, ...]) -> FloatArray:
        """Return the sandwich covariance of the logarithms of the parameters; NaN at edges."""
        inner = np.flatnonzero(~np.array(edges))
        scores = self.scores(free)[inner]
        steps = np.eye(free.size)[inner] * _STEP
        bends = [self.slope(free + step) - self.slope(free - step) for step in steps]
        curvature = np.array([bend[inner] for bend in bends]) / (2.0 * _STEP)
        bread = np.linalg.pinv(0.5 * (curvature + curvature.T))
        covariance = np.full((free.size, free.size), np.nan)
        covariance[np.ix_(inner, inner)] = bread @ ((scores * self.shares**2) @ scores.T) @ bread
        return covariance


def _scores_of_beta(logarithm: FloatArray, made: GeneralizedBeta) -> dict[str, FloatArray]:
    """Return the derivatives of a GB2 log density by the logarithm of each parameter.

    ``logarithm`` is that of income over scale. Source: Kleiber and Kotz (2003), section 6.1.
    """
    shape, low, high = made.shape, made.low, made.high
    odds = shape * logarithm
    pull = low - (low + high) * scipy.special.expit(odds)
    rest = np.logaddexp(0.0, odds)
    both = float(scipy.special.digamma(low + high))
    return {
        "scale": -shape * pull,
        "shape": 1.0 + odds * pull,
        "low": low * (odds - rest - scipy.special.digamma(low) + both),
        "high": high * (-rest - scipy.special.digamma(high) + both),
    }
