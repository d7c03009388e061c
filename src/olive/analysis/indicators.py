"""Indicators of a result: one row for each indicator and definition, under every policy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.growth import GrowthNeeded, growth_for_mean, growth_for_share
from olive.errors import DataError
from olive.places.plan import Target
from olive.simulation.result import is_family
from olive.statistics.brackets import Definition
from olive.statistics.estimate import Counted
from olive.statistics.money import edges_between, is_below, is_between

if TYPE_CHECKING:
    from olive.places.place import Place
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]
MEAN = "per_capita_income"
CASH = "cash_disposable_income"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure under every policy of a result.

    Attributes
    ----------
    id : str
        For example ``"share_10_50"``.
    definition : str
        How units are counted: one of the four share definitions, ``"persons"``, or
        ``"households"`` for the statistical bureau's median.
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
    others : tuple of int
        Sample households counted beside those: outside the bracket or not below the line; 0 for
        figures of all.
    """

    id: str
    definition: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    growth: GrowthNeeded | None = None
    line: float | None = None
    samples: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Incomes:
    """Household incomes of one policy, with sizes and weights.

    Attributes
    ----------
    income : float64 array, shape (households,)
        Disposable income, yuan a year.
    cash : float64 array, shape (households,), or None
        The same without imputed rent; None when the result did not keep it.
    size : float64 array, shape (households,)
        Persons.
    weight : float64 array, shape (households,)
    family : bool array, shape (households,)
        Family households; collective ones stay out of the shares.
    """

    income: FloatArray
    cash: FloatArray | None
    size: FloatArray
    weight: FloatArray
    family: NDArray[np.bool_]

    @property
    def per_capita(self) -> FloatArray:
        """Disposable income per head of each household."""
        return self.income / self.size


def incomes(result: Result, policy: int | str) -> Incomes:
    """Return the incomes of one policy of a result.

    Raises
    ------
    DataError
        When the result did not keep disposable income.
    """
    kept = result.outputs
    return Incomes(
        income=result.values("disposable_income", policy),
        cash=result.values(CASH, policy) if CASH in kept else None,
        size=household_sizes(result, policy),
        weight=result.population.weight,
        family=is_family(result.population),
    )


def income_variables(place: Place) -> tuple[str, ...]:
    """Return the variables that indicators are computed from, as far as the law has them."""
    wanted = ("disposable_income", CASH, "household_size")
    return tuple(name for name in wanted if name in place.rules.rules)


def household_sizes(result: Result, policy: int | str) -> FloatArray:
    """Return the persons of each household: what the rules count, where the result kept it."""
    if "household_size" in result.outputs:
        return result.values("household_size", policy)
    return result.population.size.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """How one indicator is computed: a statistic of the values and weights of households.

    Attributes
    ----------
    id, definition, unit : str
        As in `Indicator`.
    statistic : function of olive.statistics
        Takes values, weights and ``arguments``.
    basis : function of Incomes
        Returns values and weights, shape (households,); weight 0 for who is left out.
    counted : {"households", "persons"}
        What the weights count.
    arguments : dict of str to float or str
    target : Target or None
    """

    id: str
    definition: str
    unit: str
    statistic: Callable[..., float]
    basis: Callable[[Incomes], tuple[FloatArray, FloatArray]]
    counted: Counted
    arguments: dict[str, Any] = field(default_factory=dict)
    target: Target | None = None

    @property
    def basis_key(self) -> object:
        """What tells its values and weights from those of other measures."""
        basis = self.basis
        return (basis.func, *basis.keywords.items()) if isinstance(basis, partial) else basis

    def value(self, one: Incomes) -> float:
        """Return the figure; missing where it is not defined, such as a Gini of no income."""
        values, weights = self.basis(one)
        try:
            return self.statistic(values, weights, **self.arguments)
        except DataError:
            return math.nan

    def sample(self, one: Incomes) -> tuple[int, int]:
        """Return how many sample households lie within the bracket or below the line, or all.

        The second number are the others that count.
        """
        return self.counts(*self.basis(one))

    def counts(self, values: FloatArray, weights: FloatArray) -> tuple[int, int]:
        """Return the same of values and weights that `basis` gave."""
        counted = weights > 0
        inside = counted
        if "low" in self.arguments:
            inside = counted & is_between(values, **self.arguments)
        elif "line" in self.arguments:
            inside = counted & is_below(values, self.arguments["line"])
        number = int(np.count_nonzero(inside))
        return number, int(np.count_nonzero(counted)) - number

    def growth(self, one: Incomes) -> GrowthNeeded | None:
        """Return the uniform growth that the target still needs; None without one."""
        if self.target is None or math.isnan(self.value(one)):
            return None
        if "low" not in self.arguments:
            return growth_for_mean(self.value(one), self.target.value)
        edges = edges_between(**self.arguments)
        return growth_for_share(*self.basis(one), edges, self.target.value)


def measures(rule: BracketRule | None = None) -> tuple[Measure, ...]:
    """Return how each indicator is computed, in the order of `indicators`.

    Parameters
    ----------
    rule : BracketRule
        Of which place, and how the bounds of its income brackets are applied; by default the
        default place's, nominal.
    """
    rule = BracketRule() if rule is None else rule
    place, brackets = rule.place, rule.brackets()
    yearly = f"{place.currency.en}/year"
    targets = place.plan.targets() if place.has_plan else ()
    mean = next((each for each in targets if each.bounds is None), None)
    shares = {each.name: each for each in targets}
    rows = [_of_persons(MEAN, statistics.mean, unit=yearly, target=mean)]
    for name, (low, high) in brackets.items():
        rows += [
            Measure(
                name,
                definition,
                "1",
                statistics.share_between,
                partial(bracket_rows, definition=definition),
                "persons" if definition.endswith("persons") else "households",
                {"low": low, "high": high, "closed": rule.closed},
                shares.get(name),
            )
            for definition in statistics.DEFINITIONS
        ]
    if CASH in place.outputs:
        rows.append(_of_persons("cash_per_capita_income", statistics.mean, _cash, unit=yearly))
    rows.append(_of_persons("median_per_capita", statistics.median, unit=yearly))
    rows.append(
        Measure(
            "median_per_capita_of_households",
            "households",
            yearly,
            statistics.median,
            _per_head_of_households,
            "households",
        )
    )
    rows.append(_of_persons("gini", statistics.gini, _not_negative, unit="1"))
    for line in (each.value for each in place.poverty_lines):
        rows += [
            _of_persons(name, statistic, unit="1", arguments={"line": line})
            for name, statistic in (
                ("headcount", statistics.headcount),
                ("poverty_gap", statistics.poverty_gap),
            )
        ]
    return tuple(rows)


def measures_of(place: Place) -> tuple[Measure, ...]:
    """Return the indicators of a place, with its brackets at nominal prices."""
    return measures(BracketRule(place=place))


def figures(every: Sequence[Measure], one: Incomes) -> list[float]:
    """Return the figure of each measure; values and weights that measures share are checked once.

    Missing where a measure is not defined.
    """
    samples: dict[object, statistics.Sample | None] = {}
    found = []
    for measure in every:
        key = measure.basis_key
        if key not in samples:
            try:
                samples[key] = statistics.sampled(*measure.basis(one))
            except DataError:
                samples[key] = None
        sample = samples[key]
        try:
            value = math.nan if sample is None else measure.statistic(sample, **measure.arguments)
        except DataError:
            value = math.nan
        found.append(value)
    return found


def indicators(
    result: Result, *, rule: BracketRule | None = None, reached_under: int = -1
) -> tuple[Indicator, ...]:
    """Return the headline indicators of a result.

    The three targets come first: income per head, and the two shares in the four definitions;
    then medians, inequality and poverty, for which the plan states no target.

    Parameters
    ----------
    result : Result
    rule : BracketRule
        How the bounds of the income brackets are applied; nominal ones of the place by default.
    reached_under : int
        Position of the policy on top of which incomes would grow to meet a target.
    """
    each = [incomes(result, position) for position in range(len(result.policies))]
    rule = BracketRule(place=result.place) if rule is None else rule
    if CASH in result.place.outputs and any(one.cash is None for one in each):
        result.values(CASH)  # says that it was not kept, and how to keep it
    samples = {measure: [measure.sample(one) for one in each] for measure in measures(rule)}
    return tuple(
        Indicator(
            measure.id,
            measure.definition,
            measure.unit,
            tuple(measure.value(one) for one in each),
            measure.target,
            measure.growth(each[reached_under]),
            measure.arguments.get("line"),
            tuple(inside for inside, _ in counts),
            tuple(outside for _, outside in counts),
        )
        for measure, counts in samples.items()
    )


def bracket_rows(one: Incomes, definition: Definition) -> tuple[FloatArray, FloatArray]:
    """Return incomes and weights by a definition of the shares, weight 0 for collective ones."""
    return statistics.bracket_basis(definition, one.income, one.size, one.weight * one.family)


def _of_persons(
    name: str,
    statistic: Callable[..., float],
    basis: Callable[[Incomes], tuple[FloatArray, FloatArray]] | None = None,
    *,
    unit: str,
    arguments: dict[str, Any] | None = None,
    target: Target | None = None,
) -> Measure:
    """Return a measure of income per head over all residents."""
    return Measure(
        name, "persons", unit, statistic, basis or _per_head, "persons", arguments or {}, target
    )


def _per_head(one: Incomes) -> tuple[FloatArray, FloatArray]:
    return one.per_capita, one.weight * one.size


def _per_head_of_households(one: Incomes) -> tuple[FloatArray, FloatArray]:
    # The statistical bureau's median is that of the household in the middle, households ranked
    # by income per head; it lies above the median of persons, since poorer households are larger.
    return one.per_capita, one.weight


def _cash(one: Incomes) -> tuple[FloatArray, FloatArray]:
    assert one.cash is not None, "indicators() refuses results without it"
    return one.cash / one.size, one.weight * one.size


def _not_negative(one: Incomes) -> tuple[FloatArray, FloatArray]:
    # The Gini is not defined for negative incomes; the few there are count as none.
    return np.maximum(one.per_capita, 0.0), one.weight * one.size
