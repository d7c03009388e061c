"""Replicate weights: jackknife and balanced half-samples of a design, or supplied with the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from olive.errors import DataError, one_of, shown
from olive.native.given_numbers import is_finite
from olive.native.immutable import ByContent
from olive.statistics.arguments import array_of
from olive.statistics.design import Design, checked_design
from olive.statistics.given_columns import FloatArray, Numbers, checked_weights, floats, numbers

Method = Literal["bootstrap", "jackknife", "brr", "fay"]
METHODS: tuple[Method, ...] = ("bootstrap", "jackknife", "brr", "fay")


@dataclass(frozen=True, slots=True, eq=False)
class CompleteWeights:
    """Replicate weights that came with the data, and the weights that they are replicates of.

    Attributes
    ----------
    matrix : float32 or float64 array, shape (rows, replicates)
        Contiguous, row after row.
    base : float64 array, shape (rows,)
    """

    matrix: NDArray[Any]
    base: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ReplicateWeights(ByContent):
    """How the weights vary over replicates of the sample.

    Attributes
    ----------
    method : {"bootstrap", "jackknife", "brr", "fay"}
    count : int
        Number of replicates.
    rows : int
        Number of rows of the table.
    scales : float64 array, shape (count,)
        What the squared deviation of each replicate is multiplied by.
    degrees_of_freedom : float
        Of the t interval; infinite for a normal interval.
    unit_of_row : int64 array, shape (rows,), or None
        The unit (cluster) whose multiplier a row takes; None when every row is a unit.
    multipliers : function of (start, stop)
        Returns weight factors of replicates start to stop, shape (units, stop - start); the
        replicate weight is the weight times its factor.
    complete : CompleteWeights or None
        Where the factors come from when the weights were supplied.
    """

    method: Method
    count: int
    rows: int
    scales: FloatArray
    degrees_of_freedom: float
    unit_of_row: NDArray[np.int64] | None
    multipliers: Callable[[int, int], FloatArray]
    complete: CompleteWeights | None = None

    @property
    def description(self) -> str:
        """Method and number of replicates in words."""
        return f"{self.method}, {self.count} replicates"

    def weights(self, weights: Numbers, replicate: int) -> FloatArray:
        """Return the weights of one replicate, shape (rows,)."""
        factors = self.multipliers(replicate, replicate + 1)[:, 0]
        own = factors if self.unit_of_row is None else factors[self.unit_of_row]
        return checked_weights(weights, self.rows) * own


def checked_replicates(replicates: ReplicateWeights) -> ReplicateWeights:
    """Return replicate weights, or refuse what is none.

    Raises
    ------
    DataError
        When they were not made by one of the functions that make replicate weights.
    """
    if not isinstance(replicates, ReplicateWeights):
        raise DataError(
            "a design or replicate weights are needed, not {type}; survey_design makes the one, "
            "bootstrap_weights, jackknife_weights, brr_weights or supplied_weights the other",
            type(replicates).__name__,
        )
    return replicates


def jackknife_weights(design: Design) -> ReplicateWeights:
    """Return weights that leave out one cluster at a time (JKn; JK1 without strata).

    Parameters
    ----------
    design : Design
        One replicate per cluster: a few hundred clusters at most are sensible. Two or more
        clusters in every stratum.

    Raises
    ------
    DataError
        When a stratum has a single cluster.

    References
    ----------
    Wolter (2007), "Introduction to Variance Estimation", chapter 4.

    Examples
    --------
    >>> from olive.statistics import survey_design
    >>> jackknife_weights(survey_design(3)).weights([2.0, 2.0, 2.0], 0)
    array([0., 3., 3.])
    """
    stratum = checked_design(design).stratum_of_cluster
    if (design.clusters_of_stratum < 2).any():
        raise DataError(
            "the jackknife needs 2 clusters in every stratum, and one has a single cluster; merge "
            "it with a similar stratum, or use linearization (give the design itself)"
        )
    counts = design.clusters_of_stratum[stratum].astype(np.float64)

    def multipliers(start: int, stop: int) -> FloatArray:
        left_out = np.arange(start, stop)
        same = stratum[:, None] == stratum[left_out]
        factors = np.where(same, counts[left_out] / (counts[left_out] - 1.0), 1.0)
        factors[left_out, left_out - start] = 0.0
        return factors

    scales = (counts - 1.0) / counts * (1.0 - design.sampled_fraction[stratum])
    return _of_design(design, "jackknife", scales, multipliers)


def brr_weights(design: Design, *, fay: float = 0.0) -> ReplicateWeights:
    """Return balanced half-samples: each takes one of the two clusters of every stratum.

    Parameters
    ----------
    design : Design
        Exactly 2 clusters in every stratum.
    fay : float
        From 0 (the other cluster is left out) to below 1 (Fay's method: the other cluster keeps
        this part of its weight).

    Raises
    ------
    DataError
        When a stratum has not 2 clusters, `fay` is out of range, or the design has a finite
        population correction, which half-samples cannot carry.

    References
    ----------
    McCarthy (1969); Judkins (1990), "Fay's method for variance estimation", Journal of Official
    Statistics 6(3).

    Examples
    --------
    >>> from olive.statistics import survey_design
    >>> design = survey_design(4, strata=[1, 1, 2, 2])
    >>> brr_weights(design, fay=0.5).weights([1.0, 1.0, 1.0, 1.0], 0)
    array([1.5, 0.5, 1.5, 0.5])
    """
    _check_fay(fay)
    counts = checked_design(design).clusters_of_stratum
    if (counts != 2).any():
        raise DataError(
            "balanced half-samples need exactly 2 clusters in every stratum, and one "
            "has {other_than_two}; use jackknife_weights or bootstrap_weights",
            int(counts[counts != 2][0]),
        )
    if design.sampled_fraction.any():
        raise DataError(
            "balanced half-samples cannot carry a finite population correction; use "
            "jackknife_weights, or leave population_clusters out"
        )
    strata = counts.size
    count = 2 ** int(np.ceil(np.log2(strata + 1)))
    balanced = scipy.linalg.hadamard(count)[:, 1 : strata + 1].astype(np.float64)
    stratum = design.stratum_of_cluster
    first = np.zeros(stratum.size, dtype=np.bool_)
    first[np.unique(stratum, return_index=True)[1]] = True
    side = np.where(first, 1.0 - fay, fay - 1.0)

    def multipliers(start: int, stop: int) -> FloatArray:
        return np.asarray(1.0 + side[:, None] * balanced[start:stop, stratum].T)

    scales = np.full(count, 1.0 / (count * (1.0 - fay) ** 2))
    return _of_design(design, "fay" if fay > 0.0 else "brr", scales, multipliers)


def _of_design(
    design: Design, method: Method, scales: FloatArray, factors: Callable[[int, int], FloatArray]
) -> ReplicateWeights:
    freedom, unit_of_row = float(design.degrees_of_freedom), design.cluster_of_row
    return ReplicateWeights(method, scales.size, design.rows, scales, freedom, unit_of_row, factors)


def _check_fay(fay: float) -> None:
    if not (is_finite(fay) and 0.0 <= fay < 1.0):
        raise DataError("fay is {fay}; it must be from 0 to below 1", shown(fay))


def supplied_weights(
    replicate_weights: Any,
    weights: Numbers,
    *,
    method: Method,
    fay: float | None = None,
    scales: Numbers = None,
) -> ReplicateWeights:
    """Take replicate weights that came with the data.

    Parameters
    ----------
    replicate_weights : array-like, shape (n, replicates)
        Complete weights (not factors), 0 or more. Rows are paired with those of the weights by
        position; the index of a pandas frame is ignored, as everywhere in these statistics.
    weights : array-like, shape (n,)
        The weights that they are replicates of. Statistics may then be computed with other
        weights of the same rows, such as persons: each takes the same factors.
    method : {"bootstrap", "jackknife", "brr", "fay"}
        Sets the scales: 1 / R; (R - 1) / R; 1 / R; 1 / (R (1 - fay)^2).
    fay : float, optional
        Needed with method "fay".
    scales : array-like, shape (replicates,), optional
        In place of those, as for a stratified jackknife.

    Raises
    ------
    DataError
        When shapes, scales or method cannot be used, a replicate has no weight at all, or a row
        without weight has a replicate weight.

    Examples
    --------
    >>> given = supplied_weights([[2.0, 0.0], [0.0, 2.0]], [1.0, 1.0], method="jackknife")
    >>> given.scales
    array([0.5, 0.5])
    """
    one_of("method", method, METHODS)
    matrix = _matrix(replicate_weights)
    given = array_of("weights", weights)
    rows, count = matrix.shape
    if given.ndim == 1 and given.size != rows:
        raise DataError(
            "replicate weights have {rows} rows, but there are {size} weights that they are "
            "replicates of; both must be of the same rows, also after a selection",
            rows,
            given.size,
        )
    base = checked_weights(weights, rows)
    if not matrix.any(axis=0).all():
        raise DataError("a replicate gives no row any weight; leave it out")
    if matrix[base == 0.0].any():
        raise DataError("a row has weight 0 but a replicate weight above 0; give it a weight")
    kind = np.float32 if matrix.dtype == np.float32 else np.float64
    matrix = np.ascontiguousarray(matrix, dtype=kind)
    safe = np.where(base > 0.0, base, 1.0)[:, None]
    chosen = replicate_scales(method, count, fay) if scales is None else numbers(scales, "scales")
    if chosen.shape != (count,):
        raise DataError(
            "there are {count} replicates and scales of shape {shape}", count, chosen.shape
        )
    if not (chosen.min() >= 0.0 and chosen.any()):
        raise DataError("scales must be 0 or more, and at least one above 0")

    def multipliers(start: int, stop: int) -> FloatArray:
        return np.asarray(matrix[:, start:stop] / safe)

    freedom = np.inf if method == "bootstrap" else count - 1.0
    complete = CompleteWeights(matrix, base)
    unit_of_row = None  # each row is one
    return ReplicateWeights(
        method, count, rows, chosen, freedom, unit_of_row, multipliers, complete
    )


def _matrix(replicate_weights: Any) -> NDArray[Any]:
    """Return replicate weights as numbers of 0 or more, shape (rows, replicates)."""
    matrix = array_of("replicate_weights", replicate_weights)
    if matrix.ndim != 2 or matrix.shape[1] < 2:
        raise DataError(
            "replicate weights have shape {shape}; they must be numbers of shape "
            "(rows, replicates) with 2 replicates or more",
            matrix.shape,
        )
    if matrix.dtype.kind not in "iuf":  # decimals, or None beside numbers
        matrix = floats(matrix.ravel(), "replicate_weights").reshape(matrix.shape)
    wrong = ~(np.isfinite(matrix) & (matrix >= 0.0))
    if wrong.any():
        row, replicate = np.argwhere(wrong)[0]
        raise DataError(
            "replicate weights must be 0 or more, without missing values; {count} are not, the "
            "first ({value}) in row {row} of replicate {replicate}",
            np.count_nonzero(wrong),
            matrix[row, replicate],
            row,
            replicate,
        )
    return matrix


def replicate_scales(method: str, count: int, fay: float | None) -> FloatArray:
    """Return what the squared deviation of each replicate is multiplied by, shape (count,).

    Raises
    ------
    DataError
        For an unknown method, or a ``fay`` that it cannot take.
    """
    one_of("method", method, METHODS)
    if (method == "fay") != (fay is not None):
        raise DataError("give fay= with method 'fay', and only then")
    if fay is not None:
        _check_fay(fay)
    factor = {"jackknife": count - 1.0, "fay": (1.0 - (fay or 0.0)) ** -2}.get(method, 1.0)
    return np.full(count, factor / count)
