"""Distributional statistics on weighted arrays; conventions are in ``docs/statistics.md``.

Every function takes values and weights (numpy, pandas or Arrow arrays), or a sample that was
checked and sorted once with `ordered`. Weights are never implied: household weights count
households, `person_weights` counts persons, and 1 counts every row alike.
"""

from olive.statistics.bootstrap import bootstrap_weights
from olive.statistics.brackets import (
    DEFINITIONS,
    BracketShares,
    bracket_basis,
    bracket_samples,
    bracket_shares,
)
from olive.statistics.decomposition import (
    Source,
    Subgroup,
    SubgroupDecomposition,
    decompose_by_group,
    decompose_by_source,
)
from olive.statistics.design import Design, survey_design
from olive.statistics.dominance import Dominance, dominance
from olive.statistics.entropy import atkinson, generalized_entropy, theil_l, theil_t
from olive.statistics.estimate import Estimate
from olive.statistics.grouped import (
    FittedDistribution,
    fit_bands,
    fit_group_means,
    gini_bounds,
)
from olive.statistics.growth_incidence import growth_incidence, quantile_growth
from olive.statistics.identification import duclos_esteban_ray, esteban_ray
from olive.statistics.income_grid import Bounded, IncomeGrid
from olive.statistics.inequality import coefficient_of_variation, extended_gini, gini, hoover
from olive.statistics.inference import (
    estimate,
    estimate_difference,
    estimate_difference_table,
    estimate_linearized,
    estimate_table,
)
from olive.statistics.linearization import linearize
from olive.statistics.linearized import Linearized
from olive.statistics.lorenz import (
    lorenz,
    palma_ratio,
    quantile_shares,
    ranked_share,
    s80_s20_ratio,
    top_share,
)
from olive.statistics.means_and_shares import (
    band_shares,
    mean,
    person_weights,
    share_between,
    total,
)
from olive.statistics.middle_class import MIDDLE_CLASS_BANDS, middle_share
from olive.statistics.mobility import fields_ok, shorrocks
from olive.statistics.polarisation import foster_wolfson, wolfson
from olive.statistics.poverty import (
    RelativeLine,
    foster_greer_thorbecke,
    headcount,
    poverty_gap,
    poverty_line,
    poverty_severity,
    relative_median_poverty_gap,
)
from olive.statistics.poverty_intensity import sen, sen_shorrocks_thon, watts
from olive.statistics.progressivity import (
    average_tax_rate,
    concentration_coefficient,
    kakwani,
    re_ranking,
    redistributive_effect,
    reynolds_smolensky,
)
from olive.statistics.quantiles import median, quantile, quantile_groups
from olive.statistics.relative_distribution import (
    RelativeDistribution,
    relative_density,
    relative_distribution,
    relative_polarisation,
)
from olive.statistics.replicates import (
    ReplicateWeights,
    brr_weights,
    jackknife_weights,
    supplied_weights,
)
from olive.statistics.samples import Ordered, Sample, ordered, sampled
from olive.statistics.ungrouping import ungroup_bands, ungroup_means

__all__ = [
    "DEFINITIONS",
    "MIDDLE_CLASS_BANDS",
    "Bounded",
    "BracketShares",
    "Design",
    "Dominance",
    "Estimate",
    "FittedDistribution",
    "IncomeGrid",
    "Linearized",
    "Ordered",
    "RelativeDistribution",
    "RelativeLine",
    "ReplicateWeights",
    "Sample",
    "Source",
    "Subgroup",
    "SubgroupDecomposition",
    "atkinson",
    "average_tax_rate",
    "band_shares",
    "bootstrap_weights",
    "bracket_basis",
    "bracket_samples",
    "bracket_shares",
    "brr_weights",
    "coefficient_of_variation",
    "concentration_coefficient",
    "decompose_by_group",
    "decompose_by_source",
    "dominance",
    "duclos_esteban_ray",
    "esteban_ray",
    "estimate",
    "estimate_difference",
    "estimate_difference_table",
    "estimate_linearized",
    "estimate_table",
    "extended_gini",
    "fields_ok",
    "fit_bands",
    "fit_group_means",
    "foster_greer_thorbecke",
    "foster_wolfson",
    "generalized_entropy",
    "gini",
    "gini_bounds",
    "growth_incidence",
    "headcount",
    "hoover",
    "jackknife_weights",
    "kakwani",
    "linearize",
    "lorenz",
    "mean",
    "median",
    "middle_share",
    "ordered",
    "palma_ratio",
    "person_weights",
    "poverty_gap",
    "poverty_line",
    "poverty_severity",
    "quantile",
    "quantile_groups",
    "quantile_growth",
    "quantile_shares",
    "ranked_share",
    "re_ranking",
    "redistributive_effect",
    "relative_density",
    "relative_distribution",
    "relative_median_poverty_gap",
    "relative_polarisation",
    "reynolds_smolensky",
    "s80_s20_ratio",
    "sampled",
    "sen",
    "sen_shorrocks_thon",
    "share_between",
    "shorrocks",
    "supplied_weights",
    "survey_design",
    "theil_l",
    "theil_t",
    "top_share",
    "total",
    "ungroup_bands",
    "ungroup_means",
    "watts",
    "wolfson",
]
