"""A statistic together with the contribution of every row to its sampling error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from olive.errors import DataError
from olive.statistics.given_columns import FloatArray
from olive.statistics.quantiles import quantile
from olive.statistics.samples import Ordered, Sample


@dataclass(frozen=True, slots=True, eq=False)
class Linearized:
    """A value and its scores: weight x influence of each row on the value.

    The variance of the value is that of the sum of the scores under the sample design. Sums,
    differences, products and ratios carry their scores with them, so that the error of a
    difference between two policies knows that both were computed from the same households.

    Attributes
    ----------
    value : float
    scores : float64 array, shape (n,)
        In the order of the data that were given; 0 for rows without weight.
    n : int
        Number of rows with weight.
    """

    value: float
    scores: FloatArray
    n: int

    def __add__(self, other: Linearized | float) -> Linearized:
        if isinstance(other, Linearized):
            return self._with(other, self.value + other.value, 1.0, 1.0)
        return Linearized(self.value + other, self.scores, self.n)

    def __sub__(self, other: Linearized | float) -> Linearized:
        return self + other * -1.0

    def __rsub__(self, other: float) -> Linearized:
        return self * -1.0 + other

    def __mul__(self, other: Linearized | float) -> Linearized:
        if isinstance(other, Linearized):
            return self._with(other, self.value * other.value, other.value, self.value)
        return Linearized(self.value * other, self.scores * other, self.n)

    def __rmul__(self, other: float) -> Linearized:
        return self * other

    def __truediv__(self, other: Linearized | float) -> Linearized:
        if not isinstance(other, Linearized):
            return self * (1.0 / other)
        ratio = self.value / other.value
        return self._with(other, ratio, 1.0 / other.value, -ratio / other.value)

    def _with(self, other: Linearized, value: float, own: float, others: float) -> Linearized:
        if self.scores.size != other.scores.size:
            raise DataError(
                "statistics of {size} and {size2} rows cannot be combined; compute both "
                "from the same rows, with weight 0 outside a subgroup",
                self.scores.size,
                other.scores.size,
            )
        scores = own * self.scores + others * other.scores
        return Linearized(value, scores, max(self.n, other.n))


def from_influence(value: float, influence: FloatArray, sample: Sample) -> Linearized:
    """Return a `Linearized` from the influence of one unit of weight x total weight."""
    scores = sample.weights * influence / sample.total_weight
    return Linearized(float(value), sample.in_given_order(scores), sample.values.size)


def constant(value: float, sample: Sample) -> Linearized:
    """Return a figure without sampling error."""
    return Linearized(float(value), np.zeros(sample.rows), sample.values.size)


def density(sample: Ordered, p: float) -> float:
    """Return the density of the values at their p-quantile.

    The weight between two quantiles around p over their distance (Siddiqui 1960; Bloch and
    Gastwirth 1968). The half-width is that of Hall and Sheather (1988), which serves the error
    of a quantile rather than the density itself, from the effective number of rows; where the
    values are heaped, the wider one of Bofinger (1975).

    Raises
    ------
    DataError
        When the values are so heaped there that no density exists.
    """
    effective = sample.total_weight**2 / float((sample.weights**2).sum())
    for width in (_hall_sheather(effective, p), _bofinger(effective, p)):
        half = min(width, p, 1.0 - p)
        low, high = p - half, p + half
        distance = quantile(sample, p=high) - quantile(sample, p=low)
        if distance > 0.0:
            return float((high - low) / distance)
    raise DataError(
        "the values around the {p:.3g}-quantile are all alike, so their density, "
        "which the standard error needs, does not exist; use replicate weights",
        p,
    )


def _hall_sheather(effective: float, p: float) -> float:
    """Return the half-width for a 95 % interval."""
    normal, height = _normal_at(p)
    shape = (1.5 * height**2 / (2.0 * normal**2 + 1.0)) ** (1.0 / 3.0)
    return float(effective ** (-1.0 / 3.0) * scipy.special.ndtri(0.975) ** (2.0 / 3.0) * shape)


def _bofinger(effective: float, p: float) -> float:
    normal, height = _normal_at(p)
    shape = (4.5 * height**4 / (2.0 * normal**2 + 1.0) ** 2) ** 0.2
    return float(effective**-0.2 * shape)


def _normal_at(p: float) -> tuple[float, float]:
    """Return the p-quantile of the standard normal distribution and the density there."""
    normal = float(scipy.special.ndtri(min(max(p, 1e-6), 1.0 - 1e-6)))
    return normal, float(np.exp(-0.5 * normal * normal) / np.sqrt(2.0 * np.pi))
