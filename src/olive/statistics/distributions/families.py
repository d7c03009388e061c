"""Five families of positive income distributions with closed-form partial moments.

Every family is closed under *tilting*: weighting a density by ``x**power`` gives a distribution of
the same family. Group means of ranked households, Lorenz curves and the passage from households to
persons are therefore differences of cumulative distribution functions, without quadrature.

Sources: Kleiber and Kotz, *Statistical Size Distributions in Economics and Actuarial Sciences*
(2003), for the generalized beta family and the lognormal; Reed and Jorgensen, "The double
Pareto-lognormal distribution", *Communications in Statistics* 33(8), 2004.
"""

# ruff: noqa: D102 - what each method means is documented once, in Distribution.
from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from olive.errors import OliveError

FloatArray = NDArray[np.float64]

GINI_STEP = 0.01
GINI_REACH = 45.0


class DistributionError(OliveError):
    """A parameter or a moment of an income distribution is out of range."""


def require_positive(**parameters: float) -> None:
    """Refuse parameters that are not finite and above zero, naming all of them."""
    wrong = {name: value for name, value in parameters.items() if not 0.0 < value < np.inf}
    if wrong:
        listed = ", ".join(f"{name} = {value!r}" for name, value in wrong.items())
        raise DistributionError(
            "{listed}: each of these parameters must be a finite number above 0.", listed
        )


def checked_probabilities(probability: ArrayLike) -> FloatArray:
    """Return probabilities as float64, refusing values outside [0, 1]."""
    values = np.asarray(probability, dtype=np.float64)
    if not np.all((values >= 0.0) & (values <= 1.0)):
        raise DistributionError("A quantile needs probabilities between 0 and 1.")
    return values


def logarithms(income: ArrayLike) -> FloatArray:
    """Return logarithms of incomes, minus infinity for none."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.asarray(income, dtype=np.float64)))


class Distribution(ABC):
    """A distribution of positive incomes, in yuan per year.

    Subclasses are frozen dataclasses; every method is pure and vectorised over its argument.
    """

    @abstractmethod
    def density(self, income: ArrayLike) -> FloatArray:
        """Probability density at `income` (per yuan)."""

    @abstractmethod
    def cdf(self, income: ArrayLike) -> FloatArray:
        """Share of units with an income of at most `income`."""

    @abstractmethod
    def survival(self, income: ArrayLike) -> FloatArray:
        """Share of units with an income above `income`, exact in the upper tail."""

    @abstractmethod
    def quantile(self, probability: ArrayLike) -> FloatArray:
        """Income below which a share `probability` of the units lies."""

    @abstractmethod
    def moment(self, power: float) -> float:
        """Return the expected value of ``income**power``.

        Raises
        ------
        DistributionError
            If the moment does not exist, with the range of powers for which it does.
        """

    @abstractmethod
    def tilt(self, power: float) -> Distribution:
        """Return the distribution whose density is proportional to ``income**power * density``."""

    @abstractmethod
    def scaled(self, factor: float) -> Distribution:
        """Return the distribution of ``factor * income``."""

    @abstractmethod
    def spread(self, factor: float) -> Distribution:
        """Return the distribution with deviations of log income multiplied by `factor`."""

    @abstractmethod
    def sample(self, count: int, generator: np.random.Generator) -> FloatArray:
        """Draw `count` independent incomes."""

    @property
    def mean(self) -> float:
        """Mean income."""
        return self.moment(1.0)

    @property
    def median(self) -> float:
        """Income of the unit in the middle."""
        return float(self.quantile(0.5))

    @property
    def gini(self) -> float:
        """Gini coefficient, 1 - integral of survival(x)**2 dx / mean.

        The integrand is analytic in log income and falls off at least as fast as ``exp(-|y|)`` on
        both sides, so the trapezoidal rule is exact to about twelve digits.
        """
        steps = np.arange(-GINI_REACH, GINI_REACH, GINI_STEP)
        income = self.median * np.exp(steps)
        area = float(np.sum(self.survival(income) ** 2 * income)) * GINI_STEP
        return 1.0 - area / self.mean

    def lorenz(self, probability: ArrayLike) -> FloatArray:
        """Share of all income that the poorest share `probability` of the units receives."""
        values = checked_probabilities(probability)
        inside = (values > 0.0) & (values < 1.0)
        limits = self.quantile(np.where(inside, values, 0.5))
        return np.where(inside, self.tilt(1.0).cdf(limits), values)


@dataclass(frozen=True)
class Lognormal(Distribution):
    """Lognormal distribution: log income is normal with mean `location` and deviation `sigma`.

    Examples
    --------
    >>> round(Lognormal(location=0.0, sigma=0.5).gini, 6)
    0.276326
    """

    location: float
    sigma: float

    def __post_init__(self) -> None:
        require_positive(sigma=self.sigma)

    def _standard(self, income: ArrayLike) -> FloatArray:
        return np.asarray((logarithms(income) - self.location) / self.sigma)

    def density(self, income: ArrayLike) -> FloatArray:
        standard = self._standard(income)
        height = np.exp(-0.5 * standard**2) / (self.sigma * np.sqrt(2.0 * np.pi))
        return np.asarray(height / np.asarray(income, dtype=np.float64))

    def cdf(self, income: ArrayLike) -> FloatArray:
        return np.asarray(scipy.special.ndtr(self._standard(income)))

    def survival(self, income: ArrayLike) -> FloatArray:
        return np.asarray(scipy.special.ndtr(-self._standard(income)))

    def quantile(self, probability: ArrayLike) -> FloatArray:
        standard = scipy.special.ndtri(checked_probabilities(probability))
        return np.asarray(np.exp(self.location + self.sigma * standard))

    def moment(self, power: float) -> float:
        return float(np.exp(power * self.location + 0.5 * (power * self.sigma) ** 2))

    def tilt(self, power: float) -> Lognormal:
        return Lognormal(self.location + power * self.sigma**2, self.sigma)

    def scaled(self, factor: float) -> Lognormal:
        require_positive(factor=factor)
        return Lognormal(self.location + float(np.log(factor)), self.sigma)

    def spread(self, factor: float) -> Lognormal:
        require_positive(factor=factor)
        return Lognormal(self.location, self.sigma * factor)

    def sample(self, count: int, generator: np.random.Generator) -> FloatArray:
        return np.exp(self.location + self.sigma * generator.standard_normal(count))


@dataclass(frozen=True)
class GeneralizedBeta(Distribution):
    """Generalized beta of the second kind, GB2.

    ``(income / scale)**shape`` is a ratio of gamma variables with shapes `low` and `high`. The
    lower tail is a power law with exponent ``shape * low``, the upper one with ``shape * high``.
    `singh_maddala` is the case ``low == 1``, `dagum` the case ``high == 1``, `fisk` both, and
    `beta_2` the case ``shape == 1``.

    Examples
    --------
    >>> round(GeneralizedBeta(scale=1.0, shape=2.0, low=1.0, high=1.5).mean, 6)
    1.0
    """

    scale: float
    shape: float
    low: float
    high: float

    def __post_init__(self) -> None:
        require_positive(scale=self.scale, shape=self.shape, low=self.low, high=self.high)

    def _log_odds(self, income: ArrayLike) -> FloatArray:
        return np.asarray(self.shape * (logarithms(income) - np.log(self.scale)))

    def density(self, income: ArrayLike) -> FloatArray:
        odds = self._log_odds(income)
        logarithm = (
            np.log(self.shape)
            + self.low * odds
            - (self.low + self.high) * np.logaddexp(0.0, odds)
            - scipy.special.betaln(self.low, self.high)
        )
        return np.asarray(np.exp(logarithm) / np.asarray(income, dtype=np.float64))

    def cdf(self, income: ArrayLike) -> FloatArray:
        return self._below(self._log_odds(income), self.low, self.high)

    def survival(self, income: ArrayLike) -> FloatArray:
        return self._below(-self._log_odds(income), self.high, self.low)

    @staticmethod
    def _below(odds: FloatArray, low: float, high: float) -> FloatArray:
        """Regularised incomplete beta at ``expit(odds)``, from whichever end is smaller."""
        found, left = np.empty_like(odds), np.asarray(odds < 0.0)
        scipy.special.betainc(low, high, scipy.special.expit(odds), out=found, where=left)
        scipy.special.betaincc(high, low, scipy.special.expit(-odds), out=found, where=~left)
        return found

    def quantile(self, probability: ArrayLike) -> FloatArray:
        values = checked_probabilities(probability)
        share = scipy.special.betaincinv(self.low, self.high, values)
        rest = scipy.special.betainccinv(self.high, self.low, values)
        with np.errstate(divide="ignore"):
            return np.asarray(self.scale * (share / rest) ** (1.0 / self.shape))

    def moment(self, power: float) -> float:
        low, high = self.low + power / self.shape, self.high - power / self.shape
        if low <= 0.0 or high <= 0.0:
            raise DistributionError(
                "The moment of order {power:g} does not exist: orders must lie between "
                "{value:.4g} and {shape:.4g}.",
                power,
                -self.shape * self.low,
                self.shape * self.high,
            )
        logarithm = scipy.special.betaln(low, high) - scipy.special.betaln(self.low, self.high)
        return float(self.scale**power * np.exp(logarithm))

    def tilt(self, power: float) -> GeneralizedBeta:
        self.moment(power)
        shift = power / self.shape
        return GeneralizedBeta(self.scale, self.shape, self.low + shift, self.high - shift)

    def scaled(self, factor: float) -> GeneralizedBeta:
        require_positive(factor=factor)
        return GeneralizedBeta(self.scale * factor, self.shape, self.low, self.high)

    def spread(self, factor: float) -> GeneralizedBeta:
        require_positive(factor=factor)
        return GeneralizedBeta(self.scale, self.shape / factor, self.low, self.high)

    def sample(self, count: int, generator: np.random.Generator) -> FloatArray:
        drawn = generator.standard_gamma
        ratio = drawn(self.low, count) / drawn(self.high, count)
        return np.asarray(self.scale * ratio ** (1.0 / self.shape))


def singh_maddala(scale: float, shape: float, high: float) -> GeneralizedBeta:
    """Singh-Maddala distribution, survival ``(1 + (income / scale)**shape)**-high``.

    Examples
    --------
    >>> round(float(singh_maddala(scale=1.0, shape=2.0, high=3.0).survival(1.0)), 6)
    0.125
    """
    return GeneralizedBeta(scale, shape, 1.0, high)


def dagum(scale: float, shape: float, low: float) -> GeneralizedBeta:
    """Dagum distribution, cdf ``(1 + (income / scale)**-shape)**-low``.

    Examples
    --------
    >>> round(float(dagum(scale=1.0, shape=2.0, low=3.0).cdf(1.0)), 6)
    0.125
    """
    return GeneralizedBeta(scale, shape, low, 1.0)


def fisk(scale: float, shape: float) -> GeneralizedBeta:
    """Fisk (log-logistic) distribution, cdf ``1 / (1 + (income / scale)**-shape)``.

    Examples
    --------
    >>> round(fisk(scale=1.0, shape=4.0).gini, 9)
    0.25
    """
    return GeneralizedBeta(scale, shape, 1.0, 1.0)


def beta_2(scale: float, low: float, high: float) -> GeneralizedBeta:
    """Beta distribution of the second kind: a ratio of gamma variables.

    Examples
    --------
    >>> round(beta_2(scale=1.0, low=2.0, high=3.0).mean, 9)
    1.0
    """
    return GeneralizedBeta(scale, 1.0, low, high)
