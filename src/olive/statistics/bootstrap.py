"""The generalized bootstrap: keyed factors whose variance is the design variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.given_numbers import whole_number
from olive.native.mixing import mix
from olive.statistics.design import Design, checked_design
from olive.statistics.given_columns import FloatArray
from olive.statistics.keyed_random import DRAWS_IN_A_WORD, draws, gamma_levels, seeded
from olive.statistics.replicates import ReplicateWeights

# Strata of up to this many units use the first table of draws, larger ones the second.
SMALL_STRATUM = 3
LARGE_STRATUM = 32
# Beyond this many clusters, those of a stratum are thrown into random groups that are drawn as
# one: the error of the standard error depends on the number of replicates, no longer on theirs.
MANY_CLUSTERS = 65_536
GROUPS_OF_MANY = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """What is drawn: clusters, or random groups of clusters where a stratum has very many."""

    of_cluster: NDArray[np.int64]
    keys: NDArray[np.uint64]
    sizes: FloatArray
    stratum: NDArray[np.int64]
    in_stratum: NDArray[np.int64]


def bootstrap_weights(design: Design, *, replicates: int = 200, seed: int = 0) -> ReplicateWeights:
    """Return weights of the generalized bootstrap, keyed by cluster.

    Within each stratum of n clusters the factors are n x a Dirichlet vector, shrunk towards 1
    such that the variance of every weighted sum is its design variance (up to the number of
    replicates). Factors are above 0, so no replicate loses a subgroup. A draw depends on seed,
    stratum and cluster name (row number without clusters), not on the order of rows. In strata
    of more than 65,536 clusters, 4,096 random groups of clusters are drawn instead.

    Parameters
    ----------
    design : Design
        At least 3 clusters in every stratum.
    replicates : int
        2 or more.
    seed : int

    Raises
    ------
    DataError
        When a stratum has fewer than 3 clusters, or there are too few replicates.

    References
    ----------
    Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9(1); Beaumont and Patak (2012),
    "On the generalized bootstrap for sample surveys", International Statistical Review 80(1);
    Wolter (2007), "Introduction to Variance Estimation", chapter 2, for random groups.

    Examples
    --------
    >>> from olive.statistics import survey_design
    >>> weights = bootstrap_weights(survey_design(3), replicates=8, seed=1)
    >>> weights.weights([2.0, 2.0, 2.0], 0).sum().round(9)
    np.float64(6.0)
    """
    whole_number("replicates", replicates, 2)
    whole_number("seed", seed, 0)
    if (checked_design(design).clusters_of_stratum < SMALL_STRATUM).any():
        raise DataError(
            "the bootstrap needs 3 clusters in every stratum, and one has {min}; use "
            "brr_weights or jackknife_weights, or merge strata",
            int(design.clusters_of_stratum.min()),
        )
    units = _units(design, seed)
    keys = seeded(units.keys, seed)
    shapes = [(limit - 2.0) / limit for limit in (SMALL_STRATUM, LARGE_STRATUM)]
    levels = [gamma_levels(shape) for shape in shapes]
    large = units.in_stratum >= LARGE_STRATUM
    shape = np.where(large, shapes[1], shapes[0])
    shrink = np.sqrt((units.in_stratum * shape + 1.0) / (units.in_stratum - 1.0))
    shrink *= np.sqrt(1.0 - design.sampled_fraction)
    unit_is_large = large[units.stratum]

    def multipliers(start: int, stop: int) -> FloatArray:
        drawn = _draws(keys, start, stop)
        columns = levels[1].take(drawn)
        if not unit_is_large.all():
            columns = np.where(unit_is_large[:, None], columns, levels[0].take(drawn))
        return _centred(columns, units, shrink)

    of_cluster, of_row = units.of_cluster, design.cluster_of_row
    unit_of_row = of_cluster if of_row is None else of_cluster[of_row]
    scales, freedom = np.full(replicates, 1.0 / replicates), np.inf
    return ReplicateWeights(
        "bootstrap", replicates, design.rows, scales, freedom, unit_of_row, multipliers
    )


def _units(design: Design, seed: int) -> _Units:
    counts, stratum = design.clusters_of_stratum, design.stratum_of_cluster
    many = counts > MANY_CLUSTERS
    if not many.any():
        of_cluster = np.arange(stratum.size)
        return _Units(of_cluster, design.cluster_keys, np.ones(stratum.size), stratum, counts)
    grouped = many[stratum]
    group = (seeded(design.cluster_keys, seed) % np.uint64(GROUPS_OF_MANY)).astype(np.int64)
    # Groups come before single clusters; both are numbered by what they are keyed by.
    label = np.where(grouped, stratum * GROUPS_OF_MANY + group, counts.size * GROUPS_OF_MANY)
    label[~grouped] += np.flatnonzero(~grouped)
    # Labels are small numbers: counting them is cheaper than sorting them.
    members = np.bincount(label)
    occurs = members > 0
    of_cluster = (np.cumsum(occurs) - 1)[label]
    sizes = members[occurs]
    first = np.empty(sizes.size, dtype=np.int64)
    first[of_cluster[::-1]] = np.arange(label.size - 1, -1, -1)
    group_keys = design.stratum_keys[stratum] ^ mix(group.astype(np.uint64) + np.uint64(1))
    keys = np.where(grouped, group_keys, design.cluster_keys)[first]
    in_stratum = np.bincount(stratum[first])
    return _Units(of_cluster, keys, sizes.astype(np.float64), stratum[first], in_stratum)


def _draws(keys: NDArray[np.uint64], start: int, stop: int) -> NDArray[np.uint16]:
    words = range(start // DRAWS_IN_A_WORD, (stop - 1) // DRAWS_IN_A_WORD + 1)
    drawn = np.concatenate([draws(keys, word) for word in words], axis=1)
    skipped = start % DRAWS_IN_A_WORD
    return drawn[:, skipped : skipped + stop - start]


def _centred(columns: FloatArray, units: _Units, shrink: FloatArray) -> FloatArray:
    """Scale draws to a mean of 1 over the clusters of a stratum, shrink to the right variance."""
    stratum = units.stratum
    clusters = np.bincount(stratum, units.sizes)
    sums = np.stack([np.bincount(stratum, column * units.sizes) for column in columns.T], axis=1)
    columns *= ((shrink * clusters)[:, None] / sums)[stratum]
    columns += (1.0 - shrink)[stratum][:, None]
    return columns
