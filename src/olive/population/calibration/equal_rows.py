"""Units whose rows of the design are equal get the same ratio, so that one can stand for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.native.mixing import GOLDEN, mix
from olive.population.calibration.equations import FloatArray

# Below, passes over the units cost less than the search for equal ones; it is worth its while
# when each group stands for so many units.
MANY_UNITS = 200_000
UNITS_A_GROUP = 4


@dataclass(frozen=True)
class EqualRows:
    """The groups of units whose rows are equal.

    Attributes
    ----------
    design
        Row of each group; shape (targets, groups).
    start, units
        Starting weight of each group, and how many units it stands for.
    group
        Group of each unit.
    """

    design: FloatArray
    start: FloatArray
    units: FloatArray
    group: NDArray[np.int64]


def equal_rows(design: FloatArray, start: FloatArray) -> EqualRows | None:
    """Return the groups of many units; None for few units, or too many groups to be of use.

    Parameters
    ----------
    design
        What each unit adds to each target; shape (targets, units).
    start
        Starting weights; shape (units,).
    """
    if len(start) < MANY_UNITS:
        return None
    key = np.zeros(len(start), dtype=np.uint64)
    for row in design:
        key = mix((key ^ row.view(np.uint64)) + np.uint64(GOLDEN))
    group, found = pd.factorize(key)
    if len(found) * UNITS_A_GROUP > len(start):
        return None
    first = np.empty(len(found), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    rows = design[:, first]
    # Different rows share a key in about three of a million cities of ten million households.
    if any(not np.array_equal(own[group], row) for own, row in zip(rows, design, strict=True)):
        return None
    weights = np.bincount(group, weights=start).astype(np.float64)
    units = np.bincount(group).astype(np.float64)
    return EqualRows(rows, weights, units, group.astype(np.int64))
