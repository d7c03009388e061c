"""A fine fixed grid of incomes that adds up: quantiles, Gini and Lorenz curve within bounds.

Where incomes do not fit in memory they are counted in cells: for each cell the weight and the sum
of weighted incomes, both exact. Cells are those of a floating-point number with nine binary digits
after the leading one, so a cell is at most 1/512 of its lower end wide: from 8 yuan to 1.07
thousand million, and the same below zero. What lies nearer to zero, or farther away, has a cell of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from olive.errors import DataError
from olive.messages import Message
from olive.native.digit_cells import DigitCells
from olive.native.sorting import FEWEST_ROWS
from olive.statistics.domains import fraction
from olive.statistics.given_columns import FloatArray, Numbers, numbers
from olive.statistics.quantiles import ROUNDING
from olive.statistics.samples import Values, sampled

_DIGITS = 9
_FIRST_EXPONENT, _LAST_EXPONENT = 3, 30
_STEPS = (_LAST_EXPONENT - _FIRST_EXPONENT) << _DIGITS
_SHIFT = 52 - _DIGITS
_FIRST = int(np.float64(2.0**_FIRST_EXPONENT).view(np.int64)) >> _SHIFT
_CELLS = DigitCells(_SHIFT, _FIRST, _STEPS)
CELLS = 2 * _CELLS.side


class Bounded(NamedTuple):
    """A figure and the bounds that the exact one lies within."""

    value: float
    low: float
    high: float


def grid_sums(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weight, and the weighted sum of values, of each cell, shape (2, CELLS).

    Values are finite, weights 0 or more. Such arrays add up over parts of a population.

    Examples
    --------
    >>> grid_sums(np.array([100.0, 100.1]), np.array([1.0, 2.0])).sum(axis=1).round(1).tolist()
    [3.0, 300.2]
    """
    return _CELLS.sums(values, weights, fewest_rows=FEWEST_ROWS)


def _edges() -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper end of each cell."""
    digits = np.arange(_FIRST, _FIRST + _STEPS + 1, dtype=np.int64) << _SHIFT
    ends = np.concatenate([[0.0], digits.view(np.float64), [np.inf]])
    return (np.concatenate([-ends[:0:-1], ends[:-1]]), np.concatenate([-ends[-2::-1], ends[1:]]))


@dataclass(frozen=True, slots=True, eq=False)
class IncomeGrid:
    """Incomes counted on the grid.

    Attributes
    ----------
    weights : float64 array, shape (k,)
        Weight of each cell that somebody is in, the lowest first.
    means : float64 array, shape (k,)
        Mean income in it. Any function of `olive.statistics` takes ``means`` and ``weights`` as
        values and weights, at the price of up to 1/512 in each value.
    low, high : float64 arrays, shape (k,)
        Its ends.

    Examples
    --------
    >>> grid = IncomeGrid.of([10_000.0, 20_000.0, 30_000.0, 90_000.0], 1)
    >>> median = grid.quantile(0.5)
    >>> median.low <= 20_000.0 <= median.high, median.high / median.low < 1 + 1 / 511
    (True, True)
    """

    weights: FloatArray
    means: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, values: Values, weights: Numbers = None) -> IncomeGrid:
        """Count values.

        Raises
        ------
        DataError
            When values or weights cannot be used.
        """
        sample = sampled(values, weights)
        return cls.of_sums(grid_sums(sample.values, sample.weights * sample.unit))

    @classmethod
    def of_sums(cls, sums: FloatArray) -> IncomeGrid:
        """Take sums that `grid_sums` gave, or that were added up of several.

        Raises
        ------
        DataError
            When they are of another shape, or nobody is counted.
        """
        if sums.shape != (2, CELLS):
            raise DataError(
                "sums on the grid have the shape {wanted}, not {shape}", (2, CELLS), sums.shape
            )
        used = np.flatnonzero(sums[0] > 0.0)
        if not used.size:
            raise DataError("nobody is counted on the grid: no weight is above 0")
        low, high = (ends[used] for ends in _edges())
        weights = sums[0, used]
        means = np.clip(sums[1, used] / weights, low, high)
        return cls(weights, means, low, high)

    def quantile(self, p: float) -> Bounded:
        """Return the p-quantile (Hyndman-Fan 1), linear within its cell, and the cell's ends.

        Raises
        ------
        DataError
            When p is not from 0 to 1.
        """
        reached = self.weights.cumsum()
        # As in memory, the weight may fall short of p by what rounding in its sum can do.
        target = (fraction(p, "p") - ROUNDING) * reached[-1]
        at = min(int(np.searchsorted(reached, target)), reached.size - 1)
        low, high = float(self.low[at]), float(self.high[at])
        if not np.isfinite(low) or not np.isfinite(high):
            return Bounded(float(self.means[at]), low, high)
        part = 1.0 - (reached[at] - target) / float(self.weights[at])
        return Bounded(low + (high - low) * float(np.clip(part, 0.0, 1.0)), low, high)

    def gini(self) -> Bounded:
        """Return the Gini coefficient: all alike in each cell, and all at its ends, as bounds.

        The figure lies two thirds of the way up, which is right for incomes spread evenly over
        their cells.

        Raises
        ------
        DataError
            When a value is negative or all are 0.

        References
        ----------
        Gastwirth (1972), "The estimation of the Lorenz curve and Gini index", Review of Economics
        and Statistics 54(3); Cowell (2011), "Measuring Inequality", on the two thirds.
        """
        self._refuse_negative(Message("the Gini coefficient"))
        share = self.weights / self.weights.sum()
        mean = float((share * self.means).sum())
        if not mean > 0.0:
            raise DataError("the Gini coefficient needs a mean above 0")
        middle = share.cumsum() - 0.5 * share
        low = max(2.0 * float((share * self.means * middle).sum()) / mean - 1.0, 0.0)
        # Mean difference of two drawn from a cell whose members stand at its ends.
        above, below = self.means - self.low, self.high - self.means
        part = np.divide(below, self.high - self.low, out=np.ones_like(below), where=below < np.inf)
        widest = 0.5 * float((share**2 * 2.0 * above * part).sum()) / mean
        return Bounded(low + widest * 2.0 / 3.0, low, low + widest)

    def lorenz(self, p: Numbers) -> FloatArray:
        """Return the Lorenz curve at p: the figure, its lower and its upper bound.

        Exact between cells. Within one the curve is convex, so it lies below the chord and above
        the lines whose slopes are the cell's ends.

        Parameters
        ----------
        p : array-like, shape (k,)
            From 0 to 1.

        Returns
        -------
        float64 array, shape (3, k)

        Raises
        ------
        DataError
            When a value is negative, all are 0, or p is out of range.
        """
        self._refuse_negative(Message("the Lorenz curve"))
        reached = np.concatenate([[0.0], self.weights.cumsum()])
        held = np.concatenate([[0.0], (self.weights * self.means).cumsum()])
        if not held[-1] > 0.0:
            raise DataError("the Lorenz curve needs a mean above 0")
        points = np.array([fraction(each, "p") for each in numbers(np.atleast_1d(p), "p").tolist()])
        targets = points * reached[-1]
        at = np.clip(np.searchsorted(reached, targets) - 1, 0, self.weights.size - 1)
        before = targets - reached[at]
        after = reached[at + 1] - targets
        chord = held[at] + before * self.means[at]
        steep = held[at + 1] - after * np.where(after > 0.0, self.high[at], 0.0)
        low = np.maximum(held[at] + before * self.low[at], steep.clip(None, chord))
        found: FloatArray = np.stack([(chord + low) / 2.0, low, chord]) / held[-1]
        return found.clip(0.0, 1.0)

    def _refuse_negative(self, what: str) -> None:
        if self.low[0] < 0.0:
            raise DataError(
                "{what} is not defined for negative values, and there are some; count them as 0: "
                "numpy.maximum(values, 0)",
                what,
            )
