"""The system of calibration equations in scaled form, and sums over its rows block by block.

Targets are scaled to 1 and starting weights to sum to 1, so that one tolerance suits persons,
households and yuan alike. All sums are float64, over blocks of rows in a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from olive.population.calibration.distances import DistanceFunction

FloatArray = NDArray[np.float64]

BLOCK_ROWS = 4096


@dataclass(frozen=True)
class System:
    """What has to be met: rows, totals, starting weights, tolerances and the distance.

    Attributes
    ----------
    design
        What each unit adds to each target; shape (targets, units).
    rows
        Rows of `design` that take part.
    totals
        Value of each target that takes part.
    size
        What a relative miss of each target refers to: its value, or a positive stand-in for 0.
    start
        Starting weights; shape (units,).
    tolerance
        Relative tolerance of each target that takes part; 0 is exact.
    link
        The distance.
    """

    design: FloatArray
    rows: NDArray[np.int64]
    totals: FloatArray
    size: FloatArray
    start: FloatArray
    tolerance: FloatArray
    link: DistanceFunction

    @property
    def mass(self) -> float:
        """Sum of the starting weights."""
        return float(self.start.sum())

    @property
    def scale(self) -> FloatArray:
        """Factor on each row that makes its target the sum of the starting weights (or 0)."""
        return self.mass / self.size

    @property
    def goal(self) -> FloatArray:
        """Scaled targets: 1, or 0 for a target of 0."""
        return self.totals / self.size

    @property
    def penalty(self) -> FloatArray:
        """Diagonal of the penalty: a miss of one tolerance costs as much as doubling all weights.

        The scaled miss of a target at the optimum is its penalty times its multiplier.
        """
        return np.square(self.tolerance)

    def keep(self, chosen: NDArray[np.bool_]) -> System:
        """Return the system with only the chosen targets."""
        return replace(
            self,
            rows=self.rows[chosen],
            totals=self.totals[chosen],
            size=self.size[chosen],
            tolerance=self.tolerance[chosen],
        )

    def with_tolerance(self, tolerance: FloatArray) -> System:
        """Return the system with other tolerances."""
        return replace(self, tolerance=tolerance)

    def blocks(self) -> Iterator[tuple[slice, FloatArray]]:
        """Cut the units into blocks; each with its part of the rows that take part."""
        everything = len(self.rows) == len(self.design)
        for first in range(0, len(self.start), BLOCK_ROWS):
            part = slice(first, first + BLOCK_ROWS)
            yield part, self.design[:, part] if everything else self.design[self.rows, part]

    def scores(self, multipliers: FloatArray) -> FloatArray:
        """Score of each unit: its scaled row times the multipliers; shape (units,)."""
        raw = multipliers * self.scale
        scores = np.empty(len(self.start))
        for part, columns in self.blocks():
            scores[part] = raw @ columns
        return scores

    def sums(self, weights: FloatArray) -> FloatArray:
        """Weighted totals in the units of the targets; shape (targets,)."""
        totals = np.zeros(len(self.rows))
        for part, columns in self.blocks():
            totals += columns @ weights[part]
        return totals

    def gram(self, weights: FloatArray) -> FloatArray:
        """Scaled cross products of the rows, weighted; shape (targets, targets)."""
        product = np.zeros((len(self.rows), len(self.rows)))
        root = np.sqrt(weights / self.mass)
        for part, columns in self.blocks():
            weighted = columns * root[part]
            product += weighted @ weighted.T
        scale = self.scale
        return product * np.outer(scale, scale)

    def misses(self, weights: FloatArray) -> FloatArray:
        """Scaled totals minus scaled targets: relative misses; shape (targets,)."""
        return self.sums(weights) * self.scale / self.mass - self.goal

    def dual(self, scores: FloatArray, multipliers: FloatArray) -> float:
        """Convex function of the multipliers whose minimum gives the calibrated weights."""
        distance = float(self.start @ self.link.conjugate(scores)) / self.mass
        penalty = 0.5 * float(self.penalty @ multipliers**2)
        return distance - float(self.goal @ multipliers) + penalty
