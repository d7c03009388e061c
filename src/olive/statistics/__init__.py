"""Distributional statistics on weighted arrays; conventions are in ``docs/statistics.md``.

Every function takes values and weights (numpy, pandas or Arrow arrays), or a sample that was
checked and sorted once with `ordered`. Weights are never implied: household weights count
households, `person_weights` counts persons, and 1 counts every row alike.
"""

from olive.statistics.brackets import (
    DEFINITIONS,
    BracketShares,
    bracket_basis,
    bracket_shares,
)
from olive.statistics.inequality import extended_gini, gini
from olive.statistics.inputs import Ordered, Sample, ordered, sampled
from olive.statistics.points import band_shares, mean, person_weights, share_between, total
from olive.statistics.poverty import (
    RelativeLine,
    foster_greer_thorbecke,
    headcount,
    poverty_gap,
    poverty_line,
    poverty_severity,
)
from olive.statistics.quantiles import median, quantile, quantile_groups

__all__ = [
    "DEFINITIONS",
    "BracketShares",
    "Ordered",
    "RelativeLine",
    "Sample",
    "band_shares",
    "bracket_basis",
    "bracket_shares",
    "extended_gini",
    "foster_greer_thorbecke",
    "gini",
    "headcount",
    "mean",
    "median",
    "ordered",
    "person_weights",
    "poverty_gap",
    "poverty_line",
    "poverty_severity",
    "quantile",
    "quantile_groups",
    "sampled",
    "share_between",
    "total",
]
