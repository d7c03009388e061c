"""Income distributions, fitted to published group means or to microdata."""

from __future__ import annotations

from olive.statistics.distributions.double_pareto import DoubleParetoLognormal
from olive.statistics.distributions.families import (
    Distribution,
    DistributionError,
    GeneralizedBeta,
    Lognormal,
    beta_2,
    dagum,
    fisk,
    singh_maddala,
)
from olive.statistics.distributions.fitting import (
    FAMILIES,
    IncomeFit,
    fit,
    goodness_of_fit,
    group_means,
)
from olive.statistics.distributions.grouped import GroupedIncome, read_quintiles
from olive.statistics.distributions.likelihood import LikelihoodFit, fit_microdata

__all__ = [
    "FAMILIES",
    "Distribution",
    "DistributionError",
    "DoubleParetoLognormal",
    "GeneralizedBeta",
    "GroupedIncome",
    "IncomeFit",
    "LikelihoodFit",
    "Lognormal",
    "beta_2",
    "dagum",
    "fisk",
    "fit",
    "fit_microdata",
    "goodness_of_fit",
    "group_means",
    "read_quintiles",
    "singh_maddala",
]
