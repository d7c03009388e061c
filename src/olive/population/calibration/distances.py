"""How a unit's weight answers to the multipliers: four distances from the starting weights.

Calibration minimises ``sum d G(w / d)`` for a convex distance G. Its conjugate gives the ratio
``w / d`` as an increasing function of ``u = x' multipliers``. Source: Deville and Särndal,
"Calibration estimators in survey sampling", *Journal of the American Statistical Association*
87(418), 1992.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from olive.errors import CalibrationError, nearest, shown
from olive.native.given_numbers import is_finite, listed

FloatArray = NDArray[np.float64]

METHODS = ("linear", "raking", "logit", "truncated")
BOUNDED = ("logit", "truncated")
DEFAULT_BOUNDS = (0.2, 5.0)


class DistanceFunction(Protocol):
    """The conjugate of a distance, with its first two derivatives."""

    @property
    def low(self) -> float:
        """Smallest ratio of new to starting weight."""

    @property
    def high(self) -> float:
        """Largest ratio of new to starting weight."""

    def conjugate(self, score: FloatArray) -> FloatArray:
        """Conjugate of the distance at each score."""

    def ratio(self, score: FloatArray) -> FloatArray:
        """Ratio of new to starting weight: the first derivative."""

    def slope(self, score: FloatArray) -> FloatArray:
        """Second derivative."""


@dataclass(frozen=True)
class Linear:
    """Ratio ``1 + u``: chi-squared distance, the generalised regression estimator."""

    low: float = -np.inf
    high: float = np.inf

    def conjugate(self, score: FloatArray) -> FloatArray:
        """Conjugate of the distance at each score."""
        return score + 0.5 * score**2

    def ratio(self, score: FloatArray) -> FloatArray:
        """Ratio of new to starting weight."""
        return 1.0 + score

    def slope(self, score: FloatArray) -> FloatArray:
        """Second derivative."""
        return np.ones_like(score)


@dataclass(frozen=True)
class Raking:
    """Ratio ``exp(u)``: the multiplicative method, iterative proportional fitting."""

    low: float = 0.0
    high: float = np.inf

    def conjugate(self, score: FloatArray) -> FloatArray:
        """Conjugate of the distance at each score."""
        with np.errstate(over="ignore"):
            return np.expm1(score)

    def ratio(self, score: FloatArray) -> FloatArray:
        """Ratio of new to starting weight."""
        with np.errstate(over="ignore"):
            return np.exp(score)

    def slope(self, score: FloatArray) -> FloatArray:
        """Second derivative."""
        return self.ratio(score)


@dataclass(frozen=True)
class Logit:
    """Ratio on a logistic curve between two bounds, with value and slope 1 at zero."""

    low: float
    high: float

    @property
    def _steepness(self) -> float:
        return (self.high - self.low) / ((1.0 - self.low) * (self.high - 1.0))

    @property
    def _offset(self) -> float:
        return float(np.log((1.0 - self.low) / (self.high - 1.0)))

    def conjugate(self, score: FloatArray) -> FloatArray:
        """Conjugate of the distance at each score."""
        rise = np.logaddexp(0.0, self._steepness * score + self._offset)
        height = (self.high - self.low) / self._steepness
        curve = height * (rise - np.logaddexp(0.0, self._offset))
        return np.asarray(self.low * score + curve)

    def ratio(self, score: FloatArray) -> FloatArray:
        """Ratio of new to starting weight."""
        share = special.expit(self._steepness * score + self._offset)
        return np.asarray(self.low + (self.high - self.low) * share)

    def slope(self, score: FloatArray) -> FloatArray:
        """Second derivative."""
        share = special.expit(self._steepness * score + self._offset)
        return np.asarray((self.high - self.low) * self._steepness * share * (1.0 - share))


@dataclass(frozen=True)
class Truncated:
    """Ratio ``1 + u`` cut off at two bounds."""

    low: float
    high: float

    def conjugate(self, score: FloatArray) -> FloatArray:
        """Conjugate of the distance at each score."""
        inside = np.clip(score, self.low - 1.0, self.high - 1.0)
        return inside + 0.5 * inside**2 + (1.0 + inside) * (score - inside)

    def ratio(self, score: FloatArray) -> FloatArray:
        """Ratio of new to starting weight."""
        return np.clip(1.0 + score, self.low, self.high)

    def slope(self, score: FloatArray) -> FloatArray:
        """Second derivative; zero outside the bounds."""
        inside = (score > self.low - 1.0) & (score < self.high - 1.0)
        return inside.astype(np.float64)


def choose_distance(method: str, bounds: tuple[float, float] | None) -> DistanceFunction:
    """Return the link of a method, checking its bounds.

    Raises
    ------
    CalibrationError
        If the method is unknown, or the bounds are not finite numbers with
        ``0 <= low < 1 < high``, or bounds are given to a method that has none.

    Examples
    --------
    >>> choose_distance("logit", None)
    Logit(low=0.2, high=5.0)
    """
    if method not in METHODS:
        hint = nearest(method, METHODS)
        raise CalibrationError(
            "Unknown method {method!r}{hint}; known: {methods}", method, hint, METHODS
        )
    if method not in BOUNDED:
        if bounds is not None:
            raise CalibrationError(
                "The method {method!r} has no bounds; use 'logit' or 'truncated' to keep "
                "the ratios within {bounds}.",
                method,
                bounds,
            )
        return Linear() if method == "linear" else Raking()
    pair = listed(DEFAULT_BOUNDS if bounds is None else bounds) or []
    if not (len(pair) == 2 and all(map(is_finite, pair)) and 0.0 <= pair[0] < 1.0 < pair[1]):
        raise CalibrationError(
            "Impossible bounds {bounds}: the ratio of new to starting "
            "weight needs 0 <= low < 1 < high, for example (0.2, 5.0).",
            shown(bounds),
        )
    low, high = map(float, pair)
    return Logit(low, high) if method == "logit" else Truncated(low, high)
