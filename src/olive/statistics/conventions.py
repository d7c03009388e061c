"""The convention that each statistic follows, in one line; in full in ``docs/statistics.md``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RANKED = "rows in ascending order, a straddling row is divided"
POOR = "poor below the line"
CONVENTIONS_BY_NAME: Mapping[str, str] = {
    "mean": "weighted mean",
    "total": "weighted sum",
    "share_between": "low <= y < high unless said otherwise",
    "quantile": "smallest value whose cumulative weight reaches p (Hyndman-Fan 1)",
    "median": "smallest value whose cumulative weight reaches one half (Hyndman-Fan 1)",
    "gini": "no small-sample factor, values of 0 or more",
    "extended_gini": "Donaldson-Weymark, values of 0 or more",
    "ranked_share": RANKED,
    "top_share": RANKED,
    "palma_ratio": f"top 10 % over bottom 40 %; {RANKED}",
    "s80_s20_ratio": f"top 20 % over bottom 20 %; {RANKED}",
    "hoover": "half the mean absolute deviation over the mean",
    "coefficient_of_variation": "divisor is the total weight",
    "generalized_entropy": "GE(alpha) of Shorrocks",
    "theil_t": "GE(1)",
    "theil_l": "GE(0), mean log deviation",
    "atkinson": "one less equally distributed equivalent over mean",
    "foster_wolfson": "median of type 2",
    "wolfson": "twice Foster-Wolfson, median of type 2",
    "esteban_ray": "relative to the mean, groups alone",
    "duclos_esteban_ray": "relative to the mean, normal kernel",
    "middle_share": "low <= y < high, relative bounds move with the values",
    "quantile_growth": "relative, quantiles of type 1, anonymous",
    "relative_density": "ranks of the reference, ties at the middle of their weight",
    "relative_polarisation": "medians matched by addition, ties at the middle of their weight",
    "headcount": POOR,
    "poverty_gap": POOR,
    "poverty_severity": POOR,
    "foster_greer_thorbecke": POOR,
    "relative_median_poverty_gap": f"{POOR}, median of the poor of type 1",
    "watts": POOR,
    "sen": f"{POOR}, replication-invariant",
    "sen_shorrocks_thon": f"{POOR}, replication-invariant",
    "concentration_coefficient": "ties in the ranking count as one row",
    "average_tax_rate": "sum of the tax over sum of the income, not a mean of rates",
    "kakwani": "concentration of the tax less Gini before",
    "reynolds_smolensky": "Gini before less concentration after",
    "redistributive_effect": "Gini before less Gini after",
    "re_ranking": "Gini after less concentration after",
}


def convention_text(name: str, arguments: Mapping[str, Any]) -> str:
    """Return the convention of a statistic and the arguments it was called with.

    Examples
    --------
    >>> convention_text("share_between", {"low": 1, "high": 2})
    'low <= y < high unless said otherwise; low=1, high=2'
    """
    known = CONVENTIONS_BY_NAME.get(name, "as defined by the caller")
    given = ", ".join(f"{key}={value}" for key, value in arguments.items())
    return f"{known}; {given}" if given else known
