"""What values a statistic is defined for; others are refused in its name."""

from __future__ import annotations

import numpy as np

from olive.errors import DataError, shown
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.statistics.samples import Sample


def non_negative(sample: Sample, statistic: str) -> None:
    """Refuse negative values where a statistic is not defined for them.

    Raises
    ------
    DataError
        With the number of negative values and the lowest.
    """
    lowest = sample.lowest
    if lowest < 0.0:
        raise DataError(
            "{statistic} is not defined for negative values, and {count} of {size} "
            "are negative (lowest {lowest}); drop them, or set them to 0 with "
            "numpy.maximum(values, 0) and say so",
            Message(statistic),
            int(np.count_nonzero(sample.values < 0.0)),
            sample.values.size,
            lowest,
        )


def positive(sample: Sample, statistic: str) -> None:
    """Refuse zeros and negative values where a statistic takes their logarithm or inverse.

    Raises
    ------
    DataError
        With the number of such values and the lowest.
    """
    lowest = sample.lowest
    if lowest <= 0.0:
        raise DataError(
            "{statistic} is defined for values above 0 only, and {count} of {size} are 0 or less "
            "(lowest {lowest}); drop them, or use a statistic that admits zeros, such as gini",
            Message(statistic),
            int(np.count_nonzero(sample.values <= 0.0)),
            sample.values.size,
            lowest,
        )


def positive_mean(sample: Sample, statistic: str) -> float:
    """Return the mean, which a relative statistic divides by.

    Raises
    ------
    DataError
        When the mean is 0 or negative.
    """
    mean = sample.mean
    if not mean > 0.0:
        raise DataError(
            "{statistic} is a ratio to the mean, which is {mean}; it is not defined "
            "unless the mean is above 0",
            Message(statistic),
            mean,
        )
    return mean


def fraction(value: float, name: str, *, closed: bool = True) -> float:
    """Return a number checked to lie in [0, 1], or inside (0, 1) when not closed.

    Raises
    ------
    DataError
        When it lies outside.
    """
    inside = is_finite(value) and (0.0 <= value <= 1.0 if closed else 0.0 < value < 1.0)
    if not inside:
        where = "from 0 to 1" if closed else Message("between 0 and 1, ends excluded")
        raise DataError(
            "{name} is {value}; it must be a fraction {where}", name, shown(value), where
        )
    return float(value)
