"""Every public function refuses bad input with one clear error.

Functions are found by introspection, and bad input by the names of their parameters: a new
function needs a working call below, and every array that it takes has to be checked.
"""

import inspect

import numpy as np
import pytest

from olive import statistics as st
from olive.errors import OliveError

ROWS = 6
INCOME = [20.0, 30.0, 40.0, 60.0, 80.0, 120.0]
AFTER = [25.0, 32.0, 41.0, 58.0, 75.0, 110.0]
TAX = [1.0, 2.0, 3.0, 6.0, 9.0, 20.0]
WEIGHTS = [1.0, 2.0, 1.0, 3.0, 1.0, 2.0]
DESIGN = st.survey_design(ROWS)
REPLICATES = st.jackknife_weights(DESIGN)

# What a call that works is made of, by the name of the parameter.
WORKING = {
    "values": INCOME,
    "columns": INCOME,
    "income_before": INCOME,
    "ranked_by": INCOME,
    "before": INCOME,
    "household_income": INCOME,
    "income_after": AFTER,
    "after": AFTER,
    "first": AFTER,
    "second": INCOME,
    "reference": INCOME,
    "tax": TAX,
    "household_size": [1, 2, 3, 4, 2, 1],
    "sources": {"wage": INCOME, "transfers": TAX},
    "weights": WEIGHTS,
    "household_weight": WEIGHTS,
    "weights_after": WEIGHTS,
    "weights_second": WEIGHTS,
    "weights_reference": WEIGHTS,
    "calibrated_weights": WEIGHTS,
    "calibrated_on": np.ones((ROWS, 1)),
    "replicate_weights": np.tile(np.array(WEIGHTS)[:, None], 3),
    "scales": [0.5, 0.5, 0.5],
    "thresholds": [30.0, 50.0, 70.0, 90.0],
    "band_weights": [1.0, 2.0, 3.0, 2.0, 1.0],
    "band_means": [20.0, 40.0, 60.0, 80.0, 100.0],
    "group_means": [20.0, 40.0, 60.0, 80.0],
    "group_weights": [1.0, 1.0, 1.0, 1.0],
    "strata": [1, 1, 1, 2, 2, 2],
    "clusters": ["a", "b", "c", "a", "b", "c"],
    "population_clusters": [10, 10, 10, 20, 20, 20],
    "single_clusters": "leave_out",
    "matrix": np.array([[0.5, 0.5], [0.2, 0.8]]),
    "rows": ROWS,
    "design": DESIGN,
    "uncertainty": DESIGN,
    "replicates": REPLICATES,
    "linearized": st.linearize(st.mean, INCOME, weights=WEIGHTS),
    "statistic": st.mean,
    "statistics": {"mean": st.mean},
    "counted": "households",
    "definition": "household",
    "method": "bootstrap",
    "line": st.RelativeLine(0.6),
    "p": 0.5,
    "low": 0.2,
    "high": 0.8,
    "alpha": 1.0,
    "inequality_aversion": 2.0,
    "poverty_aversion": 1.0,
}
# The same name, but something else in these functions.
WORKING_IN = {
    "lorenz": {"p": [0.2, 0.5]},
    "growth_incidence": {"p": [0.2, 0.5]},
    "esteban_ray": {"groups": ["a", "b", "a", "b", "a", "b"]},
    "duclos_esteban_ray": {"alpha": 0.5},
    "middle_share": {"low": 30.0, "high": st.RelativeLine(3.0)},
    "decompose_by_group": {"groups": ["a", "b", "a", "b", "a", "b"]},
    "estimate_linearized": {"statistic": "mean"},
    "bootstrap_weights": {"replicates": 8},
    "brr_weights": {"design": st.survey_design(ROWS, strata=[1, 1, 2, 2, 3, 3])},
}
# Left out although they are given by name: they take no data, or what the statistic checks.
FREE = {
    "level",
    "others",
    "closed",
    "convention",
    "family",
    "points",
    "seed",
    "fay",
    "top",
    "arguments",
}

STRINGS = "strings"


def bad_column(good):
    good = list(good)
    return {
        STRINGS: [str(number) for number in good],
        "missing": [np.nan, *good[1:]],
        "infinite": [*good[:-1], np.inf],
        "one row more": [*good, good[-1]],
        "empty": [],
        "two dimensions": [good],
    }


def bad_weights(good):
    return {
        **bad_column(good),
        "all zero": [0.0] * len(good),
        "negative": [-1.0, *good[1:]],
    }


def bad_ascending(good):
    return {**bad_column(good), "unsorted": good[::-1], "repeated": [good[0], *good[:-1]]}


def bad_matrix(good):
    missing = good.copy()
    missing[0, 0] = np.nan
    return {
        STRINGS: good.astype(str),
        "missing": missing,
        "one row more": np.vstack((good, good[-1:])),
        "empty": good[:0],
        "one dimension": good[:, 0],
    }


def bad_labels(good):
    return {
        "missing": [np.nan] * len(good),
        "None": [None, *good[1:]],
        "one row more": [*good, good[-1]],
        "empty": [],
    }


def bad_sources(good):
    first = next(iter(good))
    wrong = {name: {**good, first: column} for name, column in bad_column(good[first]).items()}
    return {**wrong, "no source": {}, "empty": {key: [] for key in good}}


def bad_points(good):
    return {**bad_column(good), "above 1": [2.0], "one row more": [-1.0]}


def bad_replicates(good):
    none_left = good.copy()
    none_left[:, 1] = 0.0
    return {**bad_matrix(good), "negative": -good, "all zero": none_left}


COLUMNS = (
    *("values", "columns", "income_before", "ranked_by", "before", "household_income"),
    *("income_after", "after", "tax", "first", "second", "reference"),
)
POSITIVE = (
    *("weights", "household_weight", "calibrated_weights", "band_weights", "group_weights"),
    *("household_size", "scales", "weights_after", "weights_second", "weights_reference"),
)
BAD = {
    **dict.fromkeys(COLUMNS, bad_column),
    **dict.fromkeys(POSITIVE, bad_weights),
    "thresholds": bad_ascending,
    "group_means": bad_ascending,
    "band_means": lambda good: {**bad_column(good), "outside the bands": good[::-1]},
    "sources": bad_sources,
    "calibrated_on": bad_matrix,
    "matrix": bad_matrix,
    "replicate_weights": bad_replicates,
    "strata": bad_labels,
    "clusters": bad_labels,
    "population_clusters": lambda good: {**bad_weights(good), "differing": [*good[1:], good[0]]},
    "single_clusters": lambda _: {"unknown": "certainty", "none": None},
    "rows": lambda _: {"too few": 1, "none": 0},
    "design": lambda _: {"not a design": WEIGHTS},
    "uncertainty": lambda _: {
        "neither": WEIGHTS,
        "other rows": st.survey_design(ROWS + 1),
        "replicates of other rows": st.jackknife_weights(st.survey_design(ROWS + 1)),
    },
    "replicates": lambda _: {
        "not replicate weights": WEIGHTS,
        "other rows": st.jackknife_weights(st.survey_design(ROWS + 1)),
    },
}
BAD_IN = {
    "lorenz": {"p": bad_points},
    "growth_incidence": {"p": bad_points},
    "esteban_ray": {"groups": bad_labels},
    "relative_density": {"part": lambda _: {"unknown": "shap"}},
    "relative_distribution": {"groups": lambda _: {"one": 1, "a half": 2.5}},
    "dominance": {"order": lambda _: {"third": 3, "none": 0, "text": "1", "truth": True}},
    "middle_share": {"band": lambda _: {"unknown": "median", "band and bounds": "median_75_200"}},
    "wolfson": {"negatives": lambda _: {"unknown": "zero"}},
    "foster_wolfson": {"negatives": lambda _: {"unknown": "zero"}},
    "decompose_by_group": {"groups": bad_labels},
    "quantile_groups": {"groups": lambda _: {"none": 0}},
    "quantile_shares": {"groups": lambda _: {"none": 0}},
    "bootstrap_weights": {"replicates": lambda _: {"too few": 1}},
}

FUNCTIONS = [name for name in st.__all__ if inspect.isfunction(getattr(st, name))]


def working_call(name):
    """Return the arguments of a call that works, of all parameters that take data."""
    given = {**WORKING, **WORKING_IN.get(name, {})}
    arguments = {}
    for parameter in inspect.signature(getattr(st, name)).parameters.values():
        if parameter.name in given:
            arguments[parameter.name] = given[parameter.name]
        elif parameter.name not in FREE:
            assert parameter.default is not parameter.empty, f"what is {parameter.name}?"
            assert parameter.name in BAD_IN.get(name, {}), f"what is bad for {parameter.name}?"
    return arguments


def call(name, arguments):
    function = getattr(st, name)
    kinds = {each.name: each.kind for each in inspect.signature(function).parameters.values()}
    by_position = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    positional = [value for key, value in arguments.items() if kinds[key] in by_position]
    named = {key: value for key, value in arguments.items() if kinds[key] not in by_position}
    return function(*positional, **named)


def bad_calls():
    for name in FUNCTIONS:
        arguments = working_call(name)
        wrong = {**BAD, **BAD_IN.get(name, {})}
        for parameter in inspect.signature(getattr(st, name)).parameters:
            if parameter in wrong:
                for what, value in wrong[parameter](arguments.get(parameter)).items():
                    yield pytest.param(
                        name, {**arguments, parameter: value}, id=f"{name}-{parameter}-{what}"
                    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_call_that_works_and_bad_input(name):
    call(name, working_call(name))
    wrong = {**BAD, **BAD_IN.get(name, {})}
    assert wrong.keys() & inspect.signature(getattr(st, name)).parameters.keys()


@pytest.mark.parametrize(("name", "arguments"), list(bad_calls()))
def test_bad_input_is_refused(name, arguments):
    with pytest.raises(OliveError) as refusal:
        call(name, arguments)
    assert len(str(refusal.value)) > 20


NO_NUMBERS = [10**400, "0.5", None, True, [0.5], float("nan"), 1j, np.array([1.0, 2.0])]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=[type(each).__name__ for each in NO_NUMBERS])
@pytest.mark.parametrize(
    ("measure", "name"),
    [
        (st.headcount, "line"),
        (st.watts, "line"),
        (st.generalized_entropy, "alpha"),
        (st.atkinson, "inequality_aversion"),
        (st.extended_gini, "inequality_aversion"),
        (st.duclos_esteban_ray, "alpha"),
        (st.quantile_groups, "groups"),
        (st.quantile_shares, "groups"),
    ],
)
def test_an_argument_that_is_one_number(measure, name, value):
    with pytest.raises(OliveError, match=f"{name} is .*; it must be (one finite|a whole|at most)"):
        measure([1.0, 2.0, 3.0], 1, **{name: value})
