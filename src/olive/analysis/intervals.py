"""Sampling errors of indicators, from how the sample of real households was drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.indicators import Incomes, IndicatorMeasure
from olive.analysis.ranges import NOT_COMPUTED
from olive.errors import DataError
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.analysis.indicators import FloatArray
    from olive.population import Population
    from olive.statistics.estimate import Counted

Uncertainty = statistics.Design | statistics.ReplicateWeights
LEVEL = 0.95
INTERVAL_ENDS = ("_error", "_low", "_high")
COLUMNS_OF_INTERVALS = (
    "after_error",
    "after_low",
    "after_high",
    "change_error",
    "change_low",
    "change_high",
)
_UNDEFINED = (math.nan,) * len(COLUMNS_OF_INTERVALS)


def design_of(population: Population) -> tuple[Uncertainty | None, Label]:
    """Return how the sample was drawn, derived from its columns, and a note that says so.

    Household columns ``stratum`` and ``psu`` (primary sampling unit) are used where they are;
    otherwise households count as drawn one by one. A stratum with a single sampling unit is
    centred on the mean of all of them, and the note says how many there are. Replicate weights
    need their method and are given to `olive.compare` explicitly, as is any other design.

    Returns
    -------
    design : Design or None
        None when no error can be computed; the note then says why.
    note : Label
    """
    if population.is_synthetic:
        return None, NOT_COMPUTED
    households = population.households
    known = {
        argument: households[column].to_numpy()
        for argument, column in (("strata", "stratum"), ("clusters", "psu"))
        if column in households
    }
    try:
        design = statistics.survey_design(len(population), **known, single_clusters="overall_mean")
    except DataError as fault:
        return None, Label(f"未给出区间：{fault}", f"No intervals: {fault}")
    return design, note_on(design)


def note_on(uncertainty: Uncertainty) -> Label:
    """Return the note that says how errors were computed."""
    calibrated = Label("", "")
    if isinstance(uncertainty, statistics.Design) and uncertainty.calibration is None:
        calibrated = Label("；未计入校准", "; calibration of weights not counted")
    return Label(
        f"区间：{LEVEL:.0%}，{_in_chinese(uncertainty.description)}{calibrated.zh}；变化按同一批住户配对。",
        f"Intervals: {LEVEL:.0%}, {uncertainty.description}{calibrated.en}; changes are paired, "
        "from the same households.",
    )


def _in_chinese(description: str) -> str:
    """Return how a sample was drawn in Chinese; the names of replicate methods stay.

    >>> _in_chinese("3 strata, 20 clusters, calibrated weights")
    '3 层，20 个初级抽样单元，已校准权数'
    """
    for english, chinese in (
        (" single clusters about the overall mean", " 个单一抽样单元的层以总体均值为中心"),
        (" single clusters left out", " 个单一抽样单元的层不计"),
        ("finite population", "有限总体校正"),
        (" strata", " 层"),
        (" clusters", " 个初级抽样单元"),
        (" replicates", " 组重复权数"),
        ("calibrated weights", "已校准权数"),
        (", ", "，"),
    ):
        description = description.replace(english, chinese)
    return description


def interval_rows(
    before: Incomes,
    after: Incomes,
    uncertainty: Uncertainty,
    measures: tuple[IndicatorMeasure, ...],
) -> pd.DataFrame:
    """Return standard error and interval of every indicator after, and of its change.

    Columns are ``COLUMNS_OF_INTERVALS``; missing where a figure or its error is not defined.
    """
    rows = [_row(measure, before, after, uncertainty) for measure in measures]
    return pd.DataFrame(rows, columns=list(COLUMNS_OF_INTERVALS))


def mean_interval(
    name: str,
    values: FloatArray,
    weight: FloatArray,
    uncertainty: Uncertainty | None,
    counted: Counted = "households",
) -> dict[str, float]:
    """Return standard error and interval of a mean or share, as columns named after a figure.

    A change of each household is one column of values, so its interval is paired.

    Parameters
    ----------
    name : str
        Of the figure: ``gain`` leads to ``gain_error``, ``gain_low`` and ``gain_high``.
    values : float64 array, shape (households,)
    weight : float64 array, shape (households,)
        0 outside the part of the population that the figure is of.
    uncertainty : Design, ReplicateWeights or None
        None leads to no columns.
    counted : {"households", "persons"}

    Examples
    --------
    >>> found = mean_interval(
    ...     "gain", np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), statistics.survey_design(4)
    ... )
    >>> round(found["gain_error"], 6)
    0.645497
    """
    if uncertainty is not None and _units(weight, uncertainty) < 2:
        # The spread within the only unit of a part is unknown, not 0.
        return dict.fromkeys(_ends(name), math.nan)
    options = {"weights": weight, "uncertainty": uncertainty, "counted": counted}
    return _interval(name, statistics.estimate, statistics.mean, values, **options)


def total_interval(
    name: str, values: FloatArray, weight: FloatArray, uncertainty: Uncertainty | None
) -> dict[str, float]:
    """Return standard error and interval of a weighted sum over households, as `mean_interval`.

    Values are 0 for households outside.
    """
    options = {"weights": weight, "uncertainty": uncertainty, "counted": "households"}
    return _interval(name, statistics.estimate, statistics.total, values, **options)


def persons_interval(
    name: str,
    estimated: Callable[..., statistics.Estimate],
    *columns: Any,
    uncertainty: Uncertainty | None,
    **options: Any,
) -> dict[str, float]:
    """Return standard error and interval of any figure of persons, missing where undefined.

    Names and uncertainty are those of `mean_interval`. Estimated is a statistic with its columns,
    by `olive.statistics.estimate` or `estimate_difference`; further options are theirs.
    """
    options |= {"uncertainty": uncertainty, "counted": "persons"}
    return _interval(name, estimated, *columns, **options)


def interval_columns(*names: str) -> tuple[str, ...]:
    """Return the names of figures with those of their intervals.

    >>> interval_columns("gain")
    ('gain', 'gain_error', 'gain_low', 'gain_high')
    """
    return tuple(each for name in names for each in (name, *_ends(name)))


def _ends(name: str) -> list[str]:
    return [f"{name}{end}" for end in INTERVAL_ENDS]


def _units(weight: FloatArray, uncertainty: Uncertainty) -> int:
    """Return how many sampling units a part of the population touches."""
    rows = np.flatnonzero(weight)
    clusters = (
        uncertainty.cluster_of_row
        if isinstance(uncertainty, statistics.Design)
        else uncertainty.unit_of_row
    )
    return int(rows.size if clusters is None else np.unique(clusters[rows]).size)


def _interval(
    name: str, estimated: Callable[..., statistics.Estimate], *columns: Any, **options: Any
) -> dict[str, float]:
    if options["uncertainty"] is None:
        return {}
    figures = (math.nan,) * 3
    # Some errors do not exist: at a rank where all incomes are alike, in a replicate of nobody.
    with suppress(DataError):
        found = estimated(*columns, level=LEVEL, **options)
        figures = (found.standard_error, found.low, found.high)
    return dict(zip(_ends(name), figures, strict=True))


def _row(
    measure: IndicatorMeasure, before: Incomes, after: Incomes, uncertainty: Uncertainty
) -> tuple[float, ...]:
    if math.isnan(measure.value(before)) or math.isnan(measure.value(after)):
        return _UNDEFINED
    values, weights = measure.basis(after)
    return paired_figures(
        measure.statistic,
        measure.basis(before)[0],
        values,
        weights=weights,
        uncertainty=uncertainty,
        counted=measure.measure.counted,
        **measure.arguments,
    )


def paired_figures(
    statistic: Any, before: FloatArray, after: FloatArray, *others: Any, **options: Any
) -> tuple[float, ...]:
    """Return the figures of ``COLUMNS_OF_INTERVALS`` of a statistic; missing where undefined.

    Parameters
    ----------
    statistic : function
        Of `olive.statistics`.
    before, after : float64 array, shape (households,)
    *others : array
        What the statistic takes behind them, such as groups.
    **options
        Weights, uncertainty, what is counted, and arguments of the statistic.
    """
    try:
        level = statistics.estimate(statistic, after, *others, level=LEVEL, **options)
        change = statistics.estimate_difference(
            statistic, before, after, *others, level=LEVEL, **options
        )
    except DataError:
        # Such as a median where incomes are all alike: its error does not exist.
        return _UNDEFINED
    return tuple(
        figure for each in (level, change) for figure in (each.standard_error, each.low, each.high)
    )
