"""Sampling errors of a streamed survey, from replicate weights in columns of its households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive.analysis.intervals import COLUMNS_OF_INTERVALS, LEVEL
from olive.errors import DataError, nearest
from olive.places.labels import Label
from olive.population.column_coercion import is_number
from olive.statistics.estimate import make_estimate
from olive.statistics.replicates import replicate_scales

if TYPE_CHECKING:
    from olive.analysis.indicators import IndicatorMeasure
    from olive.population import Population
    from olive.statistics.given_columns import FloatArray
    from olive.statistics.replicates import Method

_LEAST = 2


@dataclass(frozen=True, slots=True)
class ReplicateColumns:
    """Columns of households that hold complete replicate weights, and how they were made.

    Attributes
    ----------
    columns : tuple of str
        Two or more.
    method : {"bootstrap", "jackknife", "brr", "fay"}
        Sets the scales, as in `olive.statistics.supplied_weights`.
    fay : float or None
        Needed with method "fay".

    Examples
    --------
    >>> ReplicateColumns(("rep_1", "rep_2"), "jackknife").scales
    array([0.5, 0.5])
    """

    columns: tuple[str, ...]
    method: Method
    fay: float | None = None

    @property
    def scales(self) -> FloatArray:
        """What squared deviations are multiplied by, shape (replicates,)."""
        return replicate_scales(self.method, len(self.columns), self.fay)

    def checked(self, population: Population) -> ReplicateColumns:
        """Return these columns, or refuse those that a population lacks.

        Raises
        ------
        DataError
            When it is synthetic, a column is missing or has no numbers, there are fewer than two,
            or the method is unknown.
        """
        if population.is_synthetic:
            raise DataError(
                "the households are synthetic, so they have no sampling error; leave replicates out"
            )
        if len({*self.columns}) < _LEAST:
            raise DataError("replicates need two columns of weights or more, each once")
        households = population.tables.households
        for name in self.columns:
            if name not in households.column_names:
                hint = nearest(name, households.column_names)
                raise DataError(
                    "the households have no column {name!r} of replicate weights{hint}", name, hint
                )
            if not is_number(households[name]):
                raise DataError("the column {name!r} of replicate weights holds no numbers", name)
        _ = self.scales
        return self

    def factors(self, population: Population) -> FloatArray:
        """Return what the weight of each household is multiplied by, shape (replicates, n).

        Raises
        ------
        DataError
            When a replicate weight is negative or missing, or above 0 where the weight is 0.
        """
        households, weight = population.tables.households, population.weight
        found = np.empty((len(self.columns), weight.size))
        for place, name in enumerate(self.columns):
            given = np.asarray(households[name].to_numpy(), dtype=np.float64)
            if not (np.isfinite(given) & (given >= 0.0) & ((given == 0.0) | (weight > 0.0))).all():
                raise DataError(
                    "the replicate weights {name!r} must be 0 or more, without missing values, and "
                    "0 where the weight is 0",
                    name,
                )
            found[place] = given / np.where(weight > 0.0, weight, 1.0)
        return found

    def errors(
        self,
        every: Sequence[IndicatorMeasure],
        sums: Mapping[str, FloatArray],
        pair: tuple[int, int],
    ) -> pd.DataFrame:
        """Return standard error and interval of each indicator after and of its change.

        Missing where the figure is no ratio of sums, such as a median, or not defined in a
        replicate. Replicates are paired: the same households count under both policies.
        """
        freedom = np.inf if self.method == "bootstrap" else len(self.columns) - 1.0
        rows = []
        for place, measure in enumerate(every):
            full = [_ratio(sums[f"means/{at}"][place]) for at in pair]
            each = [_ratio(sums[f"replicates/{at}"][place]) for at in pair]
            row: list[float] = []
            for value, replicates in ((full[1], each[1]), (full[1] - full[0], each[1] - each[0])):
                found = make_estimate(
                    float(value),
                    float((self.scales * (replicates - value) ** 2).sum()),
                    statistic=measure.id,
                    n=0,
                    counted=measure.measure.counted,
                    level=LEVEL,
                    degrees_of_freedom=freedom,
                    method=self.method,
                    convention="",
                )
                row += [found.standard_error, found.low, found.high]
            rows.append(row)
        return pd.DataFrame(rows, columns=list(COLUMNS_OF_INTERVALS))

    def note(self) -> Label:
        """Return the note that says how errors were computed."""
        count = len(self.columns)
        return Label(
            f"区间：{LEVEL:.0%}，{self.method}，{count} 组重复权数；变化按同一批住户配对。"
            "中位数和基尼系数没有区间。",
            f"Intervals: {LEVEL:.0%}, {self.method}, {count} replicates; changes are paired, from "
            "the same households. Medians and the Gini have none.",
        )


def _ratio(sums: FloatArray) -> FloatArray:
    """Return numerator over weight; the last axis holds both."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])
