"""One assumed figure, and between which ends it may lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from olive.engine.parameters import Datum, Parameter, ParameterValue, PlausibleRange
from olive.engine.vocabulary import Schedule
from olive.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Side = Literal["law", "plan"]


@dataclass(frozen=True, slots=True)
class Assumed:
    """A figure that is neither law nor published, with the ends between which it may lie.

    Attributes
    ----------
    name : str
        Of the parameter.
    side : {"law", "plan"}
        Whether the law leaves the figure open (it is drawn for both policies) or the reform.
    parameter : Parameter
    value : ParameterValue
        What the policies have.
    plausible : PlausibleRange
    low, figure, high : float
        In the parameter's unit; around 1, multiples of the entries of a table or of the rates of
        a schedule.
    stretched : bool
        Whether the figure lay outside its range, which was stretched to hold it.
    """

    name: str
    side: Side
    parameter: Parameter
    value: ParameterValue
    plausible: PlausibleRange
    low: float
    figure: float
    high: float
    stretched: bool = False

    @classmethod
    def of(
        cls, side: Side, parameter: Parameter, value: ParameterValue, plausible: PlausibleRange
    ) -> Assumed:
        """Return a figure with the ends of its range, stretched to hold it.

        Raises
        ------
        DataError
            When the range has no width.
        """
        figure = float(np.asarray(value.datum)) if parameter.kind == "scalar" else 1.0
        low, high = plausible.ends(figure)
        if not low < high:
            raise DataError(
                "{name}: the figure is {figure:g}, so the range of multiples [{low:g}, "
                "{high:g}] has no width; give it as values",
                parameter.name,
                figure,
                plausible.low,
                plausible.high,
            )
        lowest, highest = min(low, figure), max(high, figure)
        stretched = not low <= figure <= high
        name = parameter.name
        return cls(name, side, parameter, value, plausible, lowest, figure, highest, stretched)

    def quantile(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the figures below which it lies with given probabilities.

        Triangular with the mode at the figure itself, or uniform.
        """
        width = self.high - self.low
        if self.plausible.shape == "uniform":
            return self.low + probability * width
        # As scipy.stats.triang, which takes longer to load than this takes for all figures.
        mode = (self.figure - self.low) / width
        rising = np.sqrt(mode * probability)
        falling = 1.0 - np.sqrt((1.0 - mode) * (1.0 - probability))
        found: NDArray[np.float64] = np.where(probability < mode, rising, falling)
        return found * width + self.low

    def at(self, figure: float, before: ParameterValue | None = None) -> ParameterValue:
        """Return the value with the figure drawn, within the allowed range.

        Entries of a table that stand as ``before`` stay; of a schedule the rates are multiplied.
        """
        datum = self.datum(figure, before)
        return ParameterValue(datum, self.value.status, self.value.source)

    def datum(self, figure: float, before: ParameterValue | None = None) -> Datum:
        """Return what `at` holds."""
        old = self.value.datum
        if isinstance(old, Schedule):
            return Schedule(old.thresholds, old.rates * figure)
        low, high = self.parameter.minimum, self.parameter.maximum
        least = low if isinstance(low, int | float) else -np.inf
        most = high if isinstance(high, int | float) else np.inf
        if self.parameter.kind != "table":
            return float(min(max(figure, least), most))
        datum = np.asarray(old, dtype=np.float64) * figure
        if before is not None:
            datum = np.where(old == before.datum, old, datum)
        return np.minimum(np.maximum(datum, least), most)

    @property
    def unit(self) -> str:
        """Unit of the ends; "x" where they are multiples of many figures."""
        return self.parameter.unit if self.parameter.kind == "scalar" else "x"

    @property
    def label(self) -> str:
        """The parameter's name, and which side leaves it open where that is the reform."""
        return self.name if self.side == "law" else f"{self.name} (plan)"
