"""Sampling errors of indicators, from how the sample of real households was drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive import statistics
from olive.analysis.indicators import Incomes, Measure, incomes
from olive.analysis.ranges import NOT_COMPUTED
from olive.analysis.words import Label
from olive.errors import DataError

if TYPE_CHECKING:
    from olive.population import Population
    from olive.simulation.result import Result

Uncertainty = statistics.Design | statistics.ReplicateWeights
LEVEL = 0.95
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
    """Return how the sample was drawn, told from its columns, and a note that says so.

    Household columns ``stratum`` and ``psu`` (primary sampling unit) are used where they are;
    otherwise households count as drawn one by one. Replicate weights need their method and are
    given to `olive.compare` explicitly.

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
        design = statistics.survey_design(len(population), **known)
    except DataError as fault:
        return None, Label(f"未给出区间：{fault}", f"No intervals: {fault}")
    return design, note_on(design)


def note_on(uncertainty: Uncertainty) -> Label:
    """Return the note that says how errors were computed."""
    calibrated = Label("", "")
    if isinstance(uncertainty, statistics.Design) and uncertainty.calibration is None:
        calibrated = Label("；未计入校准", "; calibration of weights not counted")
    return Label(
        f"区间：{LEVEL:.0%}，{uncertainty.description}{calibrated.zh}；变化按同一批住户配对。",
        f"Intervals: {LEVEL:.0%}, {uncertainty.description}{calibrated.en}; changes are paired, "
        "from the same households.",
    )


def interval_rows(
    result: Result,
    positions: tuple[int, int],
    uncertainty: Uncertainty,
    measures: tuple[Measure, ...],
) -> pd.DataFrame:
    """Return standard error and interval of every indicator after, and of its change.

    Returns
    -------
    pandas.DataFrame
        In the order of `indicators`, columns ``COLUMNS_OF_INTERVALS``; missing where a figure
        or its error is not defined.
    """
    before, after = (incomes(result, position) for position in positions)
    return pd.DataFrame(
        [_row(measure, before, after, uncertainty) for measure in measures],
        columns=list(COLUMNS_OF_INTERVALS),
    )


def _row(
    measure: Measure, before: Incomes, after: Incomes, uncertainty: Uncertainty
) -> tuple[float, ...]:
    values_before, _ = measure.basis(before)
    values_after, weights = measure.basis(after)
    if math.isnan(measure.value(before)) or math.isnan(measure.value(after)):
        return _UNDEFINED
    options: dict[str, Any] = {
        "weights": weights,
        "uncertainty": uncertainty,
        "counted": measure.counted,
        "level": LEVEL,
        **measure.arguments,
    }
    try:
        level = statistics.estimate(measure.statistic, values_after, **options)
        change = statistics.estimate_difference(
            measure.statistic, values_before, values_after, **options
        )
    except DataError:
        # Such as a median where incomes are all alike: its error does not exist.
        return _UNDEFINED
    return (
        level.standard_error,
        level.low,
        level.high,
        change.standard_error,
        change.low,
        change.high,
    )
