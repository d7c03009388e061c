"""The double Pareto-lognormal distribution: a lognormal body with a power law at either end.

Source: Reed and Jorgensen, "The double Pareto-lognormal distribution: a new parametric model for
size distributions", *Communications in Statistics - Theory and Methods* 33(8), 2004.
"""

# ruff: noqa: D102 - what each method means is documented once, in Distribution.
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import ArrayLike

from olive.statistics.distributions.families import (
    Distribution,
    DistributionError,
    FloatArray,
    checked_probabilities,
    logarithms,
    require_positive,
)

NEWTON_STEPS = 200
NEWTON_TOLERANCE = 1e-12


@dataclass(frozen=True)
class DoubleParetoLognormal(Distribution):
    """Log income is ``location + sigma * N + E / upper - E' / lower``.

    N is standard normal, E and E' are standard exponential, all independent. The density falls as
    ``income**(-upper - 1)`` at the top and rises as ``income**(lower - 1)`` at the bottom.

    Examples
    --------
    >>> city = DoubleParetoLognormal(location=0.0, sigma=0.4, upper=3.0, lower=2.0)
    >>> round(city.mean, 6), round(float(city.cdf(city.quantile(0.9))), 12)
    (1.083287, 0.9)
    """

    location: float
    sigma: float
    upper: float
    lower: float

    def __post_init__(self) -> None:
        require_positive(sigma=self.sigma, upper=self.upper, lower=self.lower)

    def _tails(self, standard: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Exponential tails times normal shares, kept in logarithms until the last step."""
        rise, fall = self.upper * self.sigma, self.lower * self.sigma
        top = np.exp(0.5 * rise**2 - rise * standard + scipy.special.log_ndtr(standard - rise))
        bottom = np.exp(0.5 * fall**2 + fall * standard + scipy.special.log_ndtr(-standard - fall))
        return top, bottom

    def _of_logarithm(self, logarithm: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Cdf, survival and density of log income."""
        # Beyond 1e3 deviations every share is 0 or 1; clipping keeps infinities out of products.
        standard = np.clip((logarithm - self.location) / self.sigma, -1e3, 1e3)
        top, bottom = self._tails(standard)
        total = self.upper + self.lower
        excess = (self.lower * top - self.upper * bottom) / total
        below = scipy.special.ndtr(standard) - excess
        above = scipy.special.ndtr(-standard) + excess
        return below, above, self.upper * self.lower / total * (top + bottom)

    def density(self, income: ArrayLike) -> FloatArray:
        height = self._of_logarithm(logarithms(income))[2]
        return np.asarray(height / np.asarray(income, dtype=np.float64))

    def cdf(self, income: ArrayLike) -> FloatArray:
        return self._of_logarithm(logarithms(income))[0]

    def survival(self, income: ArrayLike) -> FloatArray:
        return self._of_logarithm(logarithms(income))[1]

    def quantile(self, probability: ArrayLike) -> FloatArray:
        """Income below which a share `probability` of the units lies.

        The density of log income is log-concave, hence so are cdf and survival: Newton's method on
        the logarithm of the smaller of the two reaches the root from one side without safeguards.
        """
        values = checked_probabilities(probability)
        flat = np.atleast_1d(values).ravel()
        inside = (flat > 0.0) & (flat < 1.0)
        wanted = flat[inside]
        lower_half = wanted <= 0.5
        goal = np.log(np.where(lower_half, wanted, 1.0 - wanted))
        point = np.full(wanted.shape, self.location + 1.0 / self.upper - 1.0 / self.lower)
        # A first step from the middle may leap into a tail where the share underflows to zero.
        longest = 5.0 * self.sigma + 1.0 / self.upper + 1.0 / self.lower
        for _ in range(NEWTON_STEPS):
            below, above, height = self._of_logarithm(point)
            share = np.where(lower_half, below, above)
            step = (np.log(share) - goal) * share / np.where(lower_half, height, -height)
            point = point - np.clip(step, -longest, longest)
            if not step.size or np.max(np.abs(step)) < NEWTON_TOLERANCE:
                break
        answer = np.where(flat >= 1.0, np.inf, 0.0)
        answer[inside] = np.exp(point)
        return np.asarray(answer.reshape(values.shape))

    def moment(self, power: float) -> float:
        if not -self.lower < power < self.upper:
            raise DistributionError(
                "The moment of order {power:g} does not exist: orders must lie between "
                "{value:.4g} and {upper:.4g}.",
                power,
                -self.lower,
                self.upper,
            )
        body = np.exp(power * self.location + 0.5 * (power * self.sigma) ** 2)
        tails = self.upper * self.lower / ((self.upper - power) * (self.lower + power))
        return float(body * tails)

    def tilt(self, power: float) -> DoubleParetoLognormal:
        self.moment(power)
        location = self.location + power * self.sigma**2
        return replace(self, location=location, upper=self.upper - power, lower=self.lower + power)

    def scaled(self, factor: float) -> DoubleParetoLognormal:
        require_positive(factor=factor)
        return replace(self, location=self.location + float(np.log(factor)))

    def spread(self, factor: float) -> DoubleParetoLognormal:
        require_positive(factor=factor)
        upper, lower = self.upper / factor, self.lower / factor
        return replace(self, sigma=self.sigma * factor, upper=upper, lower=lower)

    def sample(self, count: int, generator: np.random.Generator) -> FloatArray:
        body = self.location + self.sigma * generator.standard_normal(count)
        top = generator.standard_exponential(count) / self.upper
        bottom = generator.standard_exponential(count) / self.lower
        return np.exp(body + top - bottom)
