"""Every argument of every public statistic, given what it is not: only olive's errors."""

from __future__ import annotations

import datetime as dt
import inspect
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from olive import statistics as st
from olive.errors import OliveError

VALUES, LATER, WEIGHTS = [20.0, 10.0, 40.0, 30.0], [25.0, 10.0, 60.0, 30.0], [1.0, 2.0, 1.0, 1.0]
GROUPS, STRATA, CLUSTERS = ["a", "a", "b", "b"], ["x"] * 4, [1, 2, 3, 4]
TAX = [2.0, 0.0, 8.0, 5.0]
DESIGN = st.survey_design(4, strata=STRATA, clusters=CLUSTERS)
PAIRS = st.survey_design(4, strata=["x", "x", "y", "y"], clusters=CLUSTERS)
REPLICATES = st.bootstrap_weights(DESIGN, replicates=10)

DIGITS = 5_000
WRONG = [
    None,
    True,
    "中位数",
    "",
    "9" * DIGITS,
    10**DIGITS,
    -(10**DIGITS),
    float("nan"),
    float("inf"),
    -1,
    0,
    2.5,
    1e308,
    5e-324,
    3 + 4j,
    Decimal("NaN"),
    Fraction(1, 3),
    b"0.5",
    [],
    [[1.0, 2.0], [3.0]],
    [[1.0, 2.0], [3.0, 4.0]],
    ["1", "2", "3", "4"],
    [10**DIGITS, 1, 1, 1],
    [None, 1.0, 2.0, 3.0],
    (1, "a", None, []),
    {},
    {"p": 0.5},
    {0.5},
    object(),
    range(4),
    np.array(0.5),
    np.array([[0.5]]),
    np.array(["2021-01-01"] * 4, dtype="datetime64[D]"),
    np.datetime64("2021-01-01"),
    np.timedelta64("NaT"),
    np.bool_(True),
    dt.date(2021, 1, 1),
    pd.NaT,
    pd.NA,
    pd.Series(["a", None, 1, 2.0]),
    pd.DataFrame({"a": VALUES}),
    pd.Timestamp("2021-01-01"),
    st.sampled([1.0, 2.0], 1),
    st.RelativeLine(0.5),
]

ON_VALUES = {"values": VALUES, "weights": WEIGHTS}
PAIR = {"before": VALUES, "after": LATER, "weights": WEIGHTS}
OF_HOUSEHOLDS = {
    "household_income": VALUES,
    "household_size": [1, 2, 3, 4],
    "household_weight": WEIGHTS,
}
TAXED = {"tax": TAX, "income_before": VALUES, "weights": WEIGHTS}
AFTER_TAX = {"income_after": LATER, "income_before": VALUES, "weights": WEIGHTS}
MEANS = {"group_means": [10.0, 20.0, 40.0], "group_weights": [1.0, 2.0, 1.0]}
BANDS = {"thresholds": [10.0, 20.0, 40.0], "band_weights": [1.0, 2.0, 2.0, 1.0]}
CERTAIN = {"counted": "households", "level": 0.9}
BY_NAME = {"mean": st.mean}
# Arguments with which each function works; what is not here takes values and weights alone.
RIGHT = {
    "RelativeLine": {"fraction": 0.5, "of": "mean"},
    "atkinson": ON_VALUES | {"inequality_aversion": 0.5},
    "average_tax_rate": TAXED,
    "band_shares": ON_VALUES | {"thresholds": [15.0, 35.0]},
    "bootstrap_weights": {"design": DESIGN, "replicates": 5, "seed": 3},
    "bracket_basis": {"definition": "household"} | OF_HOUSEHOLDS,
    "bracket_samples": OF_HOUSEHOLDS,
    "bracket_shares": OF_HOUSEHOLDS | {"low": 15.0, "high": 35.0, "closed": "both"},
    "brr_weights": {"design": PAIRS, "fay": 0.5},
    "concentration_coefficient": {"values": TAX, "ranked_by": VALUES, "weights": WEIGHTS},
    "decompose_by_group": ON_VALUES | {"groups": GROUPS, "alpha": 1.0},
    "decompose_by_source": {"sources": {"wage": VALUES, "rent": TAX}, "weights": WEIGHTS},
    "dominance": {
        "first": VALUES,
        "second": LATER,
        "weights": WEIGHTS,
        "weights_second": WEIGHTS,
        "order": 2,
    },
    "duclos_esteban_ray": ON_VALUES | {"alpha": 0.5},
    "esteban_ray": ON_VALUES | {"groups": GROUPS, "alpha": 1.3},
    "estimate": {"statistic": st.mean, "columns": VALUES, "weights": WEIGHTS}
    | {"uncertainty": REPLICATES}
    | CERTAIN,
    "estimate_difference": {"statistic": st.mean} | PAIR | {"uncertainty": DESIGN} | CERTAIN,
    "estimate_difference_table": {"statistics": BY_NAME}
    | PAIR
    | {"replicates": REPLICATES}
    | CERTAIN,
    "estimate_linearized": {
        "linearized": st.linearize(st.mean, VALUES, weights=WEIGHTS),
        "design": DESIGN,
        "statistic": "mean",
    }
    | CERTAIN,
    "estimate_table": {"statistics": BY_NAME} | ON_VALUES | {"replicates": REPLICATES} | CERTAIN,
    "extended_gini": ON_VALUES | {"inequality_aversion": 2.0},
    "fields_ok": PAIR,
    "fit_bands": BANDS | {"family": "fisk"},
    "fit_group_means": MEANS | {"family": "fisk"},
    "foster_greer_thorbecke": ON_VALUES | {"line": 25.0, "poverty_aversion": 1.0},
    "foster_wolfson": ON_VALUES | {"negatives": "refuse"},
    "generalized_entropy": ON_VALUES | {"alpha": 1.0},
    "gini_bounds": MEANS,
    "growth_incidence": PAIR | {"weights_after": WEIGHTS, "p": [0.25, 0.5]},
    "headcount": ON_VALUES | {"line": 25.0},
    "jackknife_weights": {"design": DESIGN},
    "kakwani": TAXED,
    "linearize": {"statistic": st.quantile, "columns": VALUES, "weights": WEIGHTS, "p": 0.5},
    "lorenz": ON_VALUES | {"p": [0.25, 0.5]},
    "median": ON_VALUES | {"convention": "hyndman_fan_1"},
    "middle_share": ON_VALUES | {"low": 15.0, "high": 35.0},
    "person_weights": {"household_weight": WEIGHTS, "household_size": [1, 2, 3, 4]},
    "poverty_gap": ON_VALUES | {"line": 25.0},
    "poverty_line": ON_VALUES | {"line": 25.0},
    "poverty_severity": ON_VALUES | {"line": 25.0},
    "quantile": ON_VALUES | {"p": 0.5, "convention": "hyndman_fan_7"},
    "quantile_groups": ON_VALUES | {"groups": 2},
    "quantile_growth": PAIR | {"p": 0.5},
    "quantile_shares": ON_VALUES | {"groups": 2},
    "ranked_share": ON_VALUES | {"low": 0.2, "high": 0.8},
    "re_ranking": AFTER_TAX,
    "redistributive_effect": AFTER_TAX,
    "relative_density": ON_VALUES | {"reference": LATER, "low": 0.2, "high": 0.8, "part": "shape"},
    "relative_distribution": ON_VALUES
    | {"reference": LATER, "weights_reference": WEIGHTS, "groups": 2},
    "relative_median_poverty_gap": ON_VALUES | {"line": 25.0},
    "relative_polarisation": ON_VALUES | {"reference": LATER},
    "reynolds_smolensky": AFTER_TAX,
    "sen": ON_VALUES | {"line": 25.0},
    "sen_shorrocks_thon": ON_VALUES | {"line": 25.0},
    "share_between": ON_VALUES | {"low": 15.0, "high": 35.0, "closed": "both"},
    "shorrocks": {"matrix": [[0.5, 0.5], [0.25, 0.75]]},
    "supplied_weights": {
        "replicate_weights": np.ones((4, 3)),
        "weights": WEIGHTS,
        "method": "brr",
        "fay": 0.5,
        "scales": [1.0, 1.0, 1.0],
    },
    "survey_design": {
        "rows": 4,
        "strata": STRATA,
        "clusters": CLUSTERS,
        "calibrated_on": np.ones((4, 1)),
        "calibrated_weights": WEIGHTS,
        "population_clusters": [9, 9, 9, 9],
        "single_clusters": "refuse",
    },
    "top_share": ON_VALUES | {"top": 0.25},
    "ungroup_bands": BANDS | {"band_means": [5.0, 15.0, 30.0, 60.0], "points": 8},
    "ungroup_means": MEANS | {"family": "fisk", "points": 8},
    "watts": ON_VALUES | {"line": 25.0},
    "wolfson": ON_VALUES | {"negatives": "refuse"},
}
FUNCTIONS = sorted(
    name for name in st.__all__ if inspect.isfunction(getattr(st, name)) or name == "RelativeLine"
)


def called(name, arguments):
    """Call a statistic; an argument named as `*columns` is given by position."""
    function = getattr(st, name)
    columns = ["statistic", "columns"] if "columns" in arguments else []
    named = {key: value for key, value in arguments.items() if key not in columns}
    return function(*[arguments[key] for key in columns], **named)


@pytest.mark.parametrize(
    "name",
    [
        # A fit for each wrong value; ungroup_means is its like.
        pytest.param(each, marks=[pytest.mark.slow] if each == "ungroup_bands" else [])
        for each in FUNCTIONS
    ],
)
def test_a_wrong_value_of_any_argument_raises_only_olives_errors(name):
    right = RIGHT.get(name, ON_VALUES)
    called(name, right)
    foreign = []
    for argument in right:
        for number, value in enumerate(WRONG):
            try:
                called(name, right | {argument: value})
            except OliveError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever is raised is the finding
                # The value itself may be a number of more digits than Python writes.
                said = f"{argument}: {type(value).__name__} number {number} of the wrong values"
                foreign.append(f"{said}: {type(error).__name__}: {error!s:.80}")
    assert not foreign, "\n".join(foreign)
