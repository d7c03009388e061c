"""How a sample was drawn: strata, clusters, calibration; and the variance of a weighted sum."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError, one_of
from olive.messages import Message
from olive.native.blas import one_blas_thread
from olive.native.given_numbers import whole_number
from olive.native.immutable import ByContent
from olive.native.mixing import mix
from olive.statistics.arguments import array_of, one_number
from olive.statistics.given_columns import FloatArray, Numbers, checked_weights, numbers
from olive.statistics.labels import labels as checked_labels

IntArray = NDArray[np.int64]
SingleClusters = Literal["refuse", "leave_out", "overall_mean"]
_LONGEST_WHOLE = 200  # bits
_SINGLE: Mapping[SingleClusters, str] = {
    "refuse": "",
    "leave_out": "left out",
    "overall_mean": "about the overall mean",
}


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedWeights:
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

    @one_blas_thread
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
class Design(ByContent):
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
        Number of clusters in the sample.
    cluster_keys, stratum_keys : uint64 array, shape (clusters,) and (strata,)
        What generated replicate weights are keyed by.
    calibration : CalibratedWeights or None
    sampled_fraction : float64 array, shape (strata,)
        Share of the stratum's clusters that were drawn; 0 without finite population correction.
    single_clusters : {"refuse", "leave_out", "overall_mean"}
        What a stratum with one cluster adds to variances, see `survey_design`.
    """

    rows: int
    cluster_of_row: IntArray | None
    stratum_of_cluster: IntArray
    clusters_of_stratum: IntArray
    cluster_keys: NDArray[np.uint64]
    stratum_keys: NDArray[np.uint64]
    calibration: CalibratedWeights | None
    sampled_fraction: FloatArray
    single_clusters: SingleClusters

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters less strata."""
        return int(self.stratum_of_cluster.size - self.clusters_of_stratum.size)

    @property
    def description(self) -> str:
        """Number of strata and clusters, and whether weights are calibrated, in words."""
        calibrated = ", calibrated weights" if self.calibration is not None else ""
        corrected = ", finite population" if self.sampled_fraction.any() else ""
        single = int(np.count_nonzero(self.clusters_of_stratum == 1))
        alone = f", {single} single clusters {_SINGLE[self.single_clusters]}" if single else ""
        return (
            f"{self.clusters_of_stratum.size} strata, {self.stratum_of_cluster.size} clusters"
            f"{alone}{corrected}{calibrated}"
        )

    def variance(self, scores: FloatArray) -> float:
        """Return the variance of the sum of scores (weight x linearized variable).

        Between clusters within strata; times the share of the stratum's clusters that was not
        drawn, where their number in the population is known.

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
                "the design has {rows} rows and the data {size}; a subgroup keeps all "
                "rows, with weight 0 outside it",
                self.rows,
                scores.size,
            )
        if self.calibration is not None:
            scores = self.calibration.residual_scores(scores)
        sums = scores
        if self.cluster_of_row is not None:
            sums = np.bincount(self.cluster_of_row, scores).astype(np.float64)
        counts = self.clusters_of_stratum
        means = np.bincount(self.stratum_of_cluster, sums, minlength=counts.size) / counts
        if self.single_clusters == "overall_mean":
            means[counts == 1] = sums.mean()
        squares = (sums - means[self.stratum_of_cluster]) ** 2
        within = np.bincount(self.stratum_of_cluster, squares, minlength=counts.size)
        spread = within * counts / np.maximum(counts - 1.0, 1.0)
        return float((spread * (1.0 - self.sampled_fraction)).sum())


def checked_design(design: Design) -> Design:
    """Return a design, or refuse what is none.

    Raises
    ------
    DataError
        When it was not made by `survey_design`.
    """
    if not isinstance(design, Design):
        raise DataError(
            "a design is needed, not {type}; survey_design(rows, strata=, clusters=) makes one",
            type(design).__name__,
        )
    return design


def survey_design(
    rows: int,
    *,
    strata: Any = None,
    clusters: Any = None,
    calibrated_on: Any = None,
    calibrated_weights: Numbers = None,
    population_clusters: Numbers = None,
    single_clusters: SingleClusters = "refuse",
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
    population_clusters : array-like, shape (rows,), or number, optional
        How many clusters the population of the row's stratum has, the same in all rows of the
        stratum, for the finite population correction of clusters drawn without replacement.
        Absent when they were drawn with replacement, or few of many.
    single_clusters : {"refuse", "leave_out", "overall_mean"}
        A stratum with one cluster says nothing about the variance within it. ``leave_out`` takes
        it for 0, which is right for clusters drawn with certainty and too small otherwise;
        ``overall_mean`` centres it on the mean of all clusters, which is mostly too large.

    Raises
    ------
    DataError
        When lengths differ, a stratum has a single cluster and no choice was made, every one
        has, or a population has fewer clusters than its sample.

    References
    ----------
    Cochran (1977), "Sampling Techniques", sections 2.5 and 5.6 (finite population correction);
    Wolter (2007), "Introduction to Variance Estimation", chapter 2 (single clusters).

    Examples
    --------
    >>> survey_design(6, strata=[1, 1, 1, 2, 2, 2], clusters=[1, 1, 2, 1, 2, 3]).description
    '2 strata, 5 clusters'
    """
    if whole_number("rows", rows, 0) < 2:
        raise DataError("the design has {rows} rows; a variance needs at least 2", rows)
    stratum, stratum_labels = _codes(strata, rows, "strata")
    stratum_keys = mix(_keys(stratum_labels))
    if clusters is None:
        cluster_of_row = None
        stratum_of_cluster = stratum
        keys = np.arange(rows, dtype=np.uint64)
    else:
        within, cluster_labels = _codes(clusters, rows, "clusters")
        pairs = stratum * cluster_labels.size + within
        pairs, first, cluster_of_row = np.unique(pairs, return_index=True, return_inverse=True)
        stratum_of_cluster = stratum[first]
        own_keys = _keys(cluster_labels)[pairs % cluster_labels.size]
        keys = stratum_keys[stratum_of_cluster] ^ own_keys
    counts = np.bincount(stratum_of_cluster)
    _check_single(counts, stratum_labels, single_clusters)
    calibration = _calibration(calibrated_on, calibrated_weights, rows)
    fraction = _sampled_fraction(population_clusters, stratum, counts, stratum_labels)
    return Design(
        rows,
        cluster_of_row,
        stratum_of_cluster,
        clusters_of_stratum=counts,
        cluster_keys=keys,
        stratum_keys=stratum_keys,
        calibration=calibration,
        sampled_fraction=fraction,
        single_clusters=single_clusters,
    )


def _check_single(counts: IntArray, names: NDArray[Any], choice: SingleClusters) -> None:
    one_of("single_clusters", choice, _SINGLE)
    single = counts < 2
    if single.all():
        raise DataError(
            "every stratum has a single cluster, so no variance is known; give coarser strata"
        )
    if choice == "refuse" and single.any():
        others = int(single.sum()) - 1
        raise DataError(
            "stratum {names!s} has a single cluster{others}, so the variance within "
            "it is unknown; merge it with a similar stratum, or choose "
            "single_clusters='leave_out' or 'overall_mean'",
            names[int(np.argmax(single))],
            Message(" (and {others} others)", others) if others else "",
        )


def _sampled_fraction(
    population: Numbers, stratum: IntArray, counts: IntArray, names: NDArray[Any]
) -> FloatArray:
    """Return which share of the clusters of each stratum was drawn; 0 where it is not known."""
    if population is None:
        return np.zeros(counts.size)
    given = array_of("population_clusters", population)
    if given.ndim == 0:
        given = np.full(stratum.size, one_number("population_clusters", population))
    sizes = numbers(given, "population_clusters")
    if sizes.size != stratum.size:
        raise DataError(
            "population_clusters has {size} rows and the design {size2}; give the "
            "number of clusters in the population of each row's stratum",
            sizes.size,
            stratum.size,
        )
    own = np.empty(counts.size)
    own[stratum] = sizes
    for fault, what in (
        (own[stratum] != sizes, Message("differs between rows of one stratum")),
        (own[stratum] < counts[stratum], Message("is less than the clusters of the sample")),
    ):
        if fault.any():
            row = int(np.argmax(fault))
            raise DataError(
                "population_clusters {what}: {sizes:g} at position {row}, stratum "
                "{names!s} with {counts} clusters in the sample",
                what,
                sizes[row],
                row,
                names[stratum[row]],
                counts[stratum[row]],
            )
    return np.asarray(counts / own)


def _codes(labels: Any, rows: int, name: str) -> tuple[IntArray, NDArray[Any]]:
    if labels is None:
        return np.zeros(rows, dtype=np.int64), np.zeros(1, dtype=np.int64)
    array = checked_labels(labels, rows, name)
    if array.dtype.kind not in "biuU":
        array = np.array([_written(label) for label in array])
    unique, codes = np.unique(array, return_inverse=True)
    return codes.astype(np.int64), unique


def _written(label: object) -> str:
    # Whole numbers of thousands of digits cannot be written as such.
    long = isinstance(label, int) and label.bit_length() > _LONGEST_WHOLE
    return hex(label) if long else str(label)  # type: ignore[arg-type]


def _keys(labels: NDArray[Any]) -> NDArray[np.uint64]:
    if labels.dtype.kind in "biu":
        return labels.astype(np.uint64)
    digests = [hashlib.blake2b(str(label).encode(), digest_size=8).digest() for label in labels]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _calibration(columns: Any, weights: Numbers, rows: int) -> CalibratedWeights | None:
    if columns is None:
        return None
    given = array_of("calibrated_on", columns)
    if given.ndim != 2 or given.shape[0] != rows or given.dtype.kind not in "biuf":
        raise DataError(
            "calibrated_on has shape {shape} and type {dtype}; it must be numbers of "
            "shape ({rows}, number of columns)",
            given.shape,
            given.dtype,
            rows,
        )
    matrix = given.astype(np.float64)
    if not np.isfinite(matrix).all():
        raise DataError("calibrated_on has missing or infinite values; fill them")
    return CalibratedWeights(matrix, checked_weights(weights, rows))
