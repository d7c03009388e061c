"""Income distributions fitted to published group means of households ranked per capita."""

from __future__ import annotations

from olive.population.distributions.double_pareto import DoubleParetoLognormal
from olive.population.distributions.families import (
    Distribution,
    DistributionError,
    GeneralizedBeta,
    Lognormal,
    dagum,
    singh_maddala,
)
from olive.population.distributions.fitting import (
    FAMILIES,
    IncomeFit,
    fit,
    goodness_of_fit,
    group_means,
)
from olive.population.distributions.grouped import GroupedIncome, read_quintiles

__all__ = [
    "FAMILIES",
    "Distribution",
    "DistributionError",
    "DoubleParetoLognormal",
    "GeneralizedBeta",
    "GroupedIncome",
    "IncomeFit",
    "Lognormal",
    "dagum",
    "fit",
    "goodness_of_fit",
    "group_means",
    "read_quintiles",
    "singh_maddala",
]
