"""Indicators of a result: one row for each indicator and definition, under every policy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.growth import GrowthNeeded, growth_for_mean, growth_for_share
from olive.plan import Target, targets
from olive.simulation.result import is_family
from olive.statistics.brackets import Definition
from olive.statistics.points import is_between

if TYPE_CHECKING:
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]

# Poverty lines of the report, yuan per head and year: the plan's dibao floor, and twice that.
POVERTY_LINES = (13_000.0, 26_000.0)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure under every policy of a result.

    Attributes
    ----------
    id : str
        For example ``"share_10_50"``.
    definition : str
        How units are counted: one of the four share definitions, or ``"persons"``.
    unit : str
        ``"yuan/year"`` or ``"1"`` (shares are fractions of 1).
    values : tuple of float
        In the order of the policies.
    target : Target or None
    growth : GrowthNeeded or None
        What the target still needs under one policy, by default the last.
    line : float or None
        Poverty line, yuan per head and year.
    samples : tuple of int
        Sample households that the figure rests on under each policy: those within the bracket or
        below the line, else all.
    """

    id: str
    definition: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    growth: GrowthNeeded | None = None
    line: float | None = None
    samples: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Incomes:
    """Household incomes of one policy, with sizes and weights.

    Attributes
    ----------
    income, cash : float64 arrays, shape (households,)
        Disposable income with and without imputed rent, yuan a year.
    size : float64 array, shape (households,)
        Persons.
    weight : float64 array, shape (households,)
    family : bool array, shape (households,)
        Family households; collective ones stay out of the shares.
    """

    income: FloatArray
    cash: FloatArray
    size: FloatArray
    weight: FloatArray
    family: NDArray[np.bool_]

    @property
    def per_capita(self) -> FloatArray:
        """Disposable income per head of each household."""
        return self.income / self.size


def incomes(result: Result, policy: int | str) -> Incomes:
    """Return the incomes of one policy of a result."""
    return Incomes(
        income=result.values("disposable_income", policy),
        cash=result.values("cash_disposable_income", policy),
        size=result.values("household_size", policy),
        weight=result.population.weight,
        family=is_family(result.population),
    )


def indicators(
    result: Result, *, deflator: float = 1.0, reached_under: int = -1
) -> tuple[Indicator, ...]:
    """Return the headline indicators of a result.

    The three targets come first: income per head, and the two shares in the four definitions;
    then medians, inequality and poverty, for which the plan states no target.

    Parameters
    ----------
    result : Result
    deflator : float
        Bounds of the income brackets are multiplied by it: price level of the data over that of
        the brackets; 1 for nominal brackets.
    reached_under : int
        Position of the policy on top of which incomes would grow to meet a target.
    """
    each = [incomes(result, position) for position in range(len(result.policies))]
    rows: list[Indicator] = []
    for target in targets():
        if target.bounds is None:
            rows.append(_mean_row(each, target, reached_under))
        else:
            low, high = target.bounds
            rows += _share_rows(each, target, (low * deflator, high * deflator), reached_under)
    rows.append(_row(each, "cash_per_capita_income", "yuan/year", _cash_mean))
    rows.append(_row(each, "median_per_capita", "yuan/year", _median))
    rows.append(_row(each, "gini", "1", _gini))
    for line in POVERTY_LINES:
        rows += [_poverty_row(each, name, line) for name in ("headcount", "poverty_gap")]
    return tuple(rows)


def _mean_row(each: list[Incomes], target: Target, reached_under: int) -> Indicator:
    values = tuple(_mean(one) for one in each)
    growth = growth_for_mean(values[reached_under], target.value)
    samples = tuple(_sample(one) for one in each)
    return Indicator(
        "per_capita_income", "persons", "yuan/year", values, target, growth, samples=samples
    )


def _share_rows(
    each: list[Incomes], target: Target, bounds: tuple[float, float], reached_under: int
) -> list[Indicator]:
    rows = []
    for definition in statistics.DEFINITIONS:
        measured = [bracket_rows(one, definition) for one in each]
        values = tuple(
            statistics.share_between(income, weight, low=bounds[0], high=bounds[1])
            for income, weight in measured
        )
        growth = growth_for_share(*measured[reached_under], bounds, target.value)
        name = target.id.removeprefix("targets.")
        samples = tuple(
            int(np.count_nonzero((weight > 0) & is_between(income, *bounds)))
            for income, weight in measured
        )
        rows.append(Indicator(name, definition, "1", values, target, growth, samples=samples))
    return rows


def bracket_rows(one: Incomes, definition: Definition) -> tuple[FloatArray, FloatArray]:
    """Return the incomes and weights of family households whose share a definition measures."""
    return statistics.bracket_basis(
        definition, one.income[one.family], one.size[one.family], one.weight[one.family]
    )


def _row(
    each: list[Incomes],
    name: str,
    unit: str,
    measure: Callable[[Incomes], float],
) -> Indicator:
    values = tuple(measure(one) for one in each)
    return Indicator(name, "persons", unit, values, samples=tuple(_sample(one) for one in each))


def _sample(one: Incomes) -> int:
    return int(np.count_nonzero(one.weight > 0))


def _mean(one: Incomes) -> float:
    return statistics.mean(one.per_capita, one.weight * one.size)


def _cash_mean(one: Incomes) -> float:
    return statistics.mean(one.cash / one.size, one.weight * one.size)


def _median(one: Incomes) -> float:
    return statistics.median(one.per_capita, one.weight * one.size)


def _gini(one: Incomes) -> float:
    # The Gini is not defined for negative incomes; the few there are count as none. Nor is it
    # where nobody has an income.
    positive = np.maximum(one.per_capita, 0.0)
    weight = one.weight * one.size
    return statistics.gini(positive, weight) if (positive * weight).any() else math.nan


def _poverty_row(each: list[Incomes], name: str, line: float) -> Indicator:
    measure = statistics.headcount if name == "headcount" else statistics.poverty_gap
    values = tuple(measure(one.per_capita, one.weight * one.size, line=line) for one in each)
    samples = tuple(
        int(np.count_nonzero((one.weight > 0) & (one.per_capita < line))) for one in each
    )
    return Indicator(name, "persons", "1", values, line=line, samples=samples)
