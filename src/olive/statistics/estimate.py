"""What an estimate is: a value with its standard error, interval, n and convention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from olive.errors import DataError, one_of, shown
from olive.native.given_numbers import is_finite

Counted = Literal["households", "persons", "rows"]
COUNTED: tuple[Counted, ...] = ("households", "persons", "rows")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic with its sampling error.

    Attributes
    ----------
    statistic : str
        Its name.
    value, standard_error : float
        In the unit of the statistic.
    low, high : float
        Ends of the interval; not cut at the bounds of the statistic.
    level : float
        Confidence level of the interval.
    n : int
        Rows of the sample with weight.
    counted : {"households", "persons", "rows"}
        What the weights count.
    degrees_of_freedom : float
        Of the t interval; infinite for a normal interval.
    method : str
        How the error was found.
    convention : str
        The definition used, with its arguments.
    """

    statistic: str
    value: float
    standard_error: float
    low: float
    high: float
    level: float
    n: int
    counted: Counted
    degrees_of_freedom: float
    method: str
    convention: str

    def __str__(self) -> str:
        return (
            f"{self.statistic} of {self.counted}: {self.value:.6g} "
            f"({self.level:.0%} interval {self.low:.6g} to {self.high:.6g}, "
            f"standard error {self.standard_error:.3g}, n = {self.n:,}; {self.convention}; "
            f"{self.method})"
        )


def make_estimate(
    value: float,
    variance: float,
    unit: float = 1.0,
    *,
    statistic: str,
    n: int,
    counted: Counted,
    level: float,
    degrees_of_freedom: float,
    method: str,
    convention: str,
) -> Estimate:
    """Return an `Estimate` with a symmetric t (or normal) interval.

    The variance is in the square of `unit`, so that errors of very large or small totals keep
    within the range of numbers.

    Raises
    ------
    DataError
        When `counted` or `level` cannot be used.

    Examples
    --------
    >>> estimate = make_estimate(
    ...     0.5, 0.0001, statistic="share_between", n=2000, counted="households", level=0.95,
    ...     degrees_of_freedom=float("inf"), method="linearization", convention="low <= y < high")
    >>> round(estimate.low, 4), round(estimate.high, 4)
    (0.4804, 0.5196)
    """
    one_of("counted", counted, COUNTED)
    if not (is_finite(level) and 0.0 < level < 1.0):
        raise DataError("level is {level}; it must lie between 0 and 1, usually 0.95", shown(level))
    standard_error = float(np.sqrt(variance)) * unit
    tail = 0.5 + 0.5 * float(level)
    value, freedom = float(value), float(degrees_of_freedom)
    if np.isfinite(freedom):
        reach = float(scipy.special.stdtrit(freedom, tail)) * standard_error
    else:
        reach = float(scipy.special.ndtri(tail)) * standard_error
    low, high = value - reach, value + reach
    return Estimate(
        statistic, value, standard_error, low, high, level, n, counted, freedom, method, convention
    )
