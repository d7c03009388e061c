"""How a sample was drawn: strata, clusters, calibration; and the variance of a weighted sum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.statistics.inputs import FloatArray, Numbers, checked_weights
from olive.statistics.inputs import labels as checked_labels
from olive.statistics.keyed_random import mixed

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Weights calibrated to known totals, which removes the variance the totals explain.

    Attributes
    ----------
    columns : float64 array, shape (n, k)
        What the weights were calibrated on, such as indicators of county and age band.
    weights : float64 array, shape (n,)
        The calibrated weights.
    """

    columns: FloatArray
    weights: FloatArray

    def residual_scores(self, scores: FloatArray) -> FloatArray:
        """Return weight x residual of the linearized variable regressed on the columns.

        Source: Deville and Sarndal (1992), "Calibration estimators in survey sampling",
        Journal of the American Statistical Association 87(418).
        """
        root = np.sqrt(self.weights)
        scaled = np.divide(scores, root, out=np.zeros_like(scores), where=root > 0.0)
        slopes = np.linalg.lstsq(self.columns * root[:, None], scaled, rcond=None)[0]
        return scores - self.weights * (self.columns @ slopes)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The design of a sample, one entry per row; made by `survey_design`.

    Attributes
    ----------
    rows : int
        Number of rows.
    cluster_of_row : int64 array, shape (n,), or None
        Position of each row's cluster; None when every row is its own cluster.
    stratum_of_cluster : int64 array, shape (clusters,)
        Position of each cluster's stratum.
    clusters_of_stratum : int64 array, shape (strata,)
        Number of clusters, 2 or more each.
    cluster_keys, stratum_keys : uint64 array, shape (clusters,) and (strata,)
        What generated replicate weights are keyed by.
    calibration : Calibration or None
    """

    rows: int
    cluster_of_row: IntArray | None
    stratum_of_cluster: IntArray
    clusters_of_stratum: IntArray
    cluster_keys: NDArray[np.uint64]
    stratum_keys: NDArray[np.uint64]
    calibration: Calibration | None

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata."""
        return int(self.stratum_of_cluster.size - self.clusters_of_stratum.size)

    @property
    def description(self) -> str:
        """Number of strata and clusters, and whether weights are calibrated, in words."""
        calibrated = ", calibrated weights" if self.calibration is not None else ""
        return (
            f"{self.clusters_of_stratum.size} strata, {self.stratum_of_cluster.size} clusters"
            f"{calibrated}"
        )

    def variance(self, scores: FloatArray) -> float:
        """Return the variance of the sum of scores (weight x linearized variable).

        Between clusters within strata, clusters taken as drawn with replacement (no finite
        population correction).

        Parameters
        ----------
        scores : float64 array, shape (rows,)

        Raises
        ------
        DataError
            When the number of scores is not the number of rows.
        """
        if scores.size != self.rows:
            raise DataError(
                f"the design has {self.rows} rows and the data {scores.size}; a subgroup keeps "
                "all rows, with weight 0 outside it"
            )
        if self.calibration is not None:
            scores = self.calibration.residual_scores(scores)
        if self.cluster_of_row is None:
            sums = scores
        else:
            sums = np.bincount(self.cluster_of_row, scores).astype(np.float64)
        counts = self.clusters_of_stratum
        means = np.bincount(self.stratum_of_cluster, sums, minlength=counts.size) / counts
        squares = (sums - means[self.stratum_of_cluster]) ** 2
        within = np.bincount(self.stratum_of_cluster, squares, minlength=counts.size)
        return float((within * counts / (counts - 1.0)).sum())


def checked_design(design: Design) -> Design:
    """Return a design, or refuse what is none.

    Raises
    ------
    DataError
        When it was not made by `survey_design`.
    """
    if not isinstance(design, Design):
        raise DataError(
            f"a design is needed, not {type(design).__name__}; survey_design(rows, strata=, "
            "clusters=) makes one"
        )
    return design


def survey_design(
    rows: int,
    *,
    strata: Any = None,
    clusters: Any = None,
    calibrated_on: Any = None,
    calibrated_weights: Numbers = None,
) -> Design:
    """Describe how a sample was drawn.

    Rows of one household in a table of persons must share a cluster (the household, or the
    primary sampling unit that it was drawn in).

    Parameters
    ----------
    rows : int
        Number of rows of the table.
    strata : array-like, shape (rows,), optional
        Codes or names; absent for one stratum.
    clusters : array-like, shape (rows,), optional
        Codes or names of primary sampling units; equal names in different strata are different
        clusters. Absent when every row was drawn by itself.
    calibrated_on : array-like, shape (rows, k), optional
        What the weights were calibrated on.
    calibrated_weights : array-like, shape (rows,), optional
        The calibrated weights; needed with `calibrated_on`.

    Raises
    ------
    DataError
        When lengths differ, or a stratum has a single cluster, since its variance is unknown.

    Examples
    --------
    >>> survey_design(6, strata=[1, 1, 1, 2, 2, 2], clusters=[1, 1, 2, 1, 2, 3]).description
    '2 strata, 5 clusters'
    """
    if rows < 2:
        raise DataError(f"the design has {rows} rows; a variance needs at least 2")
    stratum, stratum_labels = _codes(strata, rows, "strata")
    stratum_keys = mixed(_keys(stratum_labels))
    if clusters is None:
        cluster_of_row = None
        stratum_of_cluster = stratum
        keys = np.arange(rows, dtype=np.uint64)
    else:
        within, cluster_labels = _codes(clusters, rows, "clusters")
        pairs, first, cluster_of_row = np.unique(
            stratum * cluster_labels.size + within, return_index=True, return_inverse=True
        )
        stratum_of_cluster = stratum[first]
        own_keys = _keys(cluster_labels)[pairs % cluster_labels.size]
        keys = stratum_keys[stratum_of_cluster] ^ own_keys
    counts = np.bincount(stratum_of_cluster)
    if (counts < 2).any():
        name = stratum_labels[int(np.argmin(counts))]
        raise DataError(
            f"stratum {name!s} has a single cluster, so the variance within it is unknown; merge "
            "it with a similar stratum"
        )
    calibration = _calibration(calibrated_on, calibrated_weights, rows)
    return Design(rows, cluster_of_row, stratum_of_cluster, counts, keys, stratum_keys, calibration)


def _codes(labels: Any, rows: int, name: str) -> tuple[IntArray, NDArray[Any]]:
    if labels is None:
        return np.zeros(rows, dtype=np.int64), np.zeros(1, dtype=np.int64)
    array = checked_labels(labels, rows, name)
    if array.dtype.kind not in "biuU":
        array = array.astype(str)
    unique, codes = np.unique(array, return_inverse=True)
    return codes.astype(np.int64), unique


def _keys(labels: NDArray[Any]) -> NDArray[np.uint64]:
    if labels.dtype.kind in "biu":
        return labels.astype(np.uint64)
    digests = [hashlib.blake2b(str(label).encode(), digest_size=8).digest() for label in labels]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _calibration(columns: Any, weights: Numbers, rows: int) -> Calibration | None:
    if columns is None:
        return None
    given = np.asarray(columns)
    if given.ndim != 2 or given.shape[0] != rows or given.dtype.kind not in "biuf":
        raise DataError(
            f"calibrated_on has shape {given.shape} and type {given.dtype}; it must be numbers of "
            f"shape ({rows}, number of columns)"
        )
    matrix = given.astype(np.float64)
    if not np.isfinite(matrix).all():
        raise DataError("calibrated_on has missing or infinite values; fill them")
    return Calibration(matrix, checked_weights(weights, rows))
