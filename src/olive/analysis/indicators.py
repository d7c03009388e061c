"""Indicators of a result: one row for each indicator and definition, under every policy.

A statistic of `olive.population.measures.measure.STATISTICS` is shown in every table and report
once it has a line in ``INDICATORS``; see ``docs/how_to/add_an_indicator.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.figures import Indicator, figures
from olive.analysis.growth import GrowthNeeded, growth_for_mean, growth_for_share
from olive.native.given_numbers import whole_number
from olive.native.given_objects import checked_objects
from olive.native.immutable import FrozenMapping
from olive.places.labels import Label
from olive.places.plan import Target
from olive.population.measures.measure import INCOME, MONEY, Measure
from olive.population.measures.measured_tables import MeasuredTables
from olive.simulation.result import is_family
from olive.statistics.brackets import Definition
from olive.statistics.money import edges_between, is_below, is_between

if TYPE_CHECKING:
    from olive.places.place import Place
    from olive.population import Population
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]
MEAN = "per_capita_income"
CASH = "cash_disposable_income"
_NOBODY = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Incomes:
    """Household incomes of one policy, with sizes and weights.

    Attributes
    ----------
    amounts : mapping of str to float64 array, shape (households,)
        Disposable income and, as far as the result kept them, the other variables that indicators
        are computed from; yuan a year.
    size : float64 array, shape (households,)
        Persons.
    population : Population
    """

    amounts: Mapping[str, FloatArray]
    size: FloatArray
    population: Population

    @property
    def income(self) -> FloatArray:
        """Disposable income of each household."""
        return self.amounts[INCOME]

    @property
    def per_capita(self) -> FloatArray:
        """Disposable income per head of each household."""
        return self.income / self.size

    @property
    def weight(self) -> FloatArray:
        """Weights of households."""
        return self.population.weight

    @cached_property
    def family(self) -> NDArray[np.bool_]:
        """Family households; collective ones stay out of the shares."""
        return is_family(self.population)

    @cached_property
    def tables(self) -> MeasuredTables:
        """The incomes as measures read them, with the columns of households."""
        households = self.population.tables.households
        known = _COLUMNS.intersection(households.column_names)
        columns = {name: households[name].to_numpy() for name in known}
        return MeasuredTables(
            {**columns, "collective": ~self.family, **self.amounts},
            None,
            _NOBODY,
            self.size,
            self.population.place.columns,
            frozenset(self.amounts),
        )

    def changed(self, change: Callable[[FloatArray], FloatArray]) -> Incomes:
        """Return the same households with every amount changed."""
        return replace(self, amounts={name: change(each) for name, each in self.amounts.items()})


def incomes(result: Result, policy: int | str) -> Incomes:
    """Return the incomes of one policy of a result.

    Raises
    ------
    DataError
        When the result did not keep disposable income.
    """
    kept = set(result.outputs) & _VARIABLES
    amounts = {name: result.values(name, policy) for name in (INCOME, *sorted(kept - {INCOME}))}
    return Incomes(amounts, household_sizes(result, policy), result.population)


def income_variables(
    place: Place, every: Iterable[IndicatorMeasure] | None = None
) -> tuple[str, ...]:
    """Return the variables that indicators (by default all) need, as far as the law has them."""
    needing = INDICATORS if every is None else every
    variables = {name for each in needing for name in each.measure.variables}
    wanted = (INCOME, *sorted(variables - {INCOME}), "household_size")
    return tuple(name for name in wanted if name in place.rules.rules)


def household_sizes(result: Result, policy: int | str) -> FloatArray:
    """Return the persons of each household: what the rules count, where the result kept it."""
    if "household_size" in result.outputs:
        return result.values("household_size", policy)
    return result.population.size.astype(np.float64)


@dataclass(frozen=True, slots=True)
class IndicatorMeasure:
    """A measure as tables show it.

    Attributes
    ----------
    id : str
        For example ``"share_10_50"``.
    label : Label
        What tables and reports call it.
    measure : Measure
    currency : str
        Of amounts, such as ``"yuan"``.
    target : Target or None
        What the plan aims at.
    """

    id: str
    label: Label
    measure: Measure
    currency: str = ""
    target: Target | None = None

    @property
    def definition(self) -> str:
        """How units are counted."""
        return self.measure.definition

    @property
    def statistic(self) -> Callable[..., float]:
        """The function of values and weights; standard errors are known by it."""
        return self.measure.of.function

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Those of the statistic, such as a poverty line."""
        return self.measure.arguments

    @property
    def unit(self) -> str:
        """``"yuan/year"``, ``"1"`` for shares, which are fractions of 1, or ``"ratio"``."""
        unit = self.measure.of.unit
        return f"{self.currency}/year" if unit == MONEY else unit

    @property
    def basis_key(self) -> Hashable:
        """What tells its basis from others."""
        return self.measure.basis_key

    @property
    def keys(self) -> dict[str, Any]:
        """The cells that tell its row from others of a table."""
        return {
            "indicator": self.id,
            "definition": self.definition,
            "line": self.arguments.get("line"),
            "unit": self.unit,
        }

    def basis(self, one: Incomes) -> tuple[FloatArray, FloatArray]:
        """Return values and weights, shape (households,); weight 0 for who is left out."""
        return self.measure.basis(one.tables, one.weight)

    def counts_anybody(self, one: Incomes) -> bool:
        """Return whether a household has a weight, and is not left out."""
        return self.measure.counts_anybody(one.tables, one.weight)

    def samples(self, one: Incomes) -> Mapping[Hashable, statistics.Sample]:
        """Return the same, checked, by `basis_key`; of all definitions of a share at once."""
        return self.measure.samples(one.tables, one.weight)

    def of(self, sample: statistics.Sample) -> float:
        """Return the figure of values and weights."""
        return self.statistic(sample, **self.arguments)

    def value(self, one: Incomes) -> float:
        """Return the figure; missing where it is not defined, such as a Gini of no income."""
        return self.measure.value(one.tables, one.weight)

    def counts(self, values: FloatArray, weights: FloatArray) -> tuple[int, int]:
        """Return how many sample households lie in the bracket or below the line, and others."""
        counted = weights > 0
        inside = self.inside(values)
        number = int(np.count_nonzero(counted if inside is None else counted & inside))
        return number, int(np.count_nonzero(counted)) - number

    def inside(self, values: FloatArray) -> NDArray[np.bool_] | None:
        """Return which values lie in the bracket or below the line; None where it has neither."""
        if "low" in self.arguments:
            return is_between(values, **self.arguments)
        if "line" in self.arguments:
            return is_below(values, self.arguments["line"])
        return None

    def under(
        self,
        values: tuple[float, ...],
        growth: GrowthNeeded | None,
        counts: Iterable[tuple[int, int]],
    ) -> Indicator:
        """Return its figures under every policy, with sample households inside and outside."""
        inside, outside = zip(*counts, strict=True)
        keys = self.id, self.definition, self.unit
        line = self.arguments.get("line")
        return Indicator(*keys, values, self.target, growth, line, inside, outside)

    def growth(
        self, value: float, basis: Callable[[], tuple[FloatArray, FloatArray]]
    ) -> GrowthNeeded | None:
        """Return the uniform growth that the target still needs from a value; None without one.

        A share needs the values and weights that it is of.
        """
        if self.target is None or math.isnan(value):
            return None
        if "low" not in self.arguments:
            return growth_for_mean(value, self.target.value)
        return growth_for_share(*basis(), edges_between(**self.arguments), self.target.value)


def _of(name: str, zh: str, en: str, measure: Measure) -> IndicatorMeasure:
    return IndicatorMeasure(name, Label(zh, en), measure)


# One line an indicator. A statistic of a poverty line gets a row for each line of the place.
INDICATORS = (
    _of(MEAN, "人均可支配收入", "disposable income per head", Measure("mean", (INCOME,))),
    _of(
        "cash_per_capita_income",
        "人均现金可支配收入（不含自有住房折算租金）",
        "cash disposable income per head, without imputed rent",
        Measure("mean", (CASH,)),
    ),
    _of(
        "median_per_capita",
        "人均可支配收入中位数（按人排序）",
        "median disposable income per head, persons ranked",
        Measure("median", (INCOME,)),
    ),
    # The statistical bureau's median is that of the household in the middle, households ranked
    # by income per head; it lies above the median of persons, since poorer households are larger.
    _of(
        "median_per_capita_of_households",
        "人均可支配收入中位数（按户排序，统计部门口径）",
        "median disposable income per head, households ranked (as the statistical bureau)",
        Measure("median", (INCOME,), "households"),
    ),
    _of("gini", "人均可支配收入基尼系数", "Gini of income per head", Measure("gini", (INCOME,))),
    _of(
        "headcount",
        "人均收入低于贫困线的人口比例",
        "persons below the line",
        Measure("headcount", (INCOME,)),
    ),
    _of("poverty_gap", "平均贫困缺口率", "poverty gap", Measure("poverty_gap", (INCOME,))),
)

_VARIABLES = frozenset(name for each in INDICATORS for name in each.measure.variables)
# Of households, which conditions of indicators read.
_COLUMNS = frozenset(name for each in INDICATORS for name in each.measure.names) - _VARIABLES


def measures(rule: BracketRule | None = None) -> tuple[IndicatorMeasure, ...]:
    """Return how each indicator is computed, in the order of `olive.analysis.indicators`.

    Parameters
    ----------
    rule : BracketRule
        Of which place, and how the bounds of its income brackets are applied; by default the
        default place's, nominal.
    """
    return _measures(BracketRule() if rule is None else rule)


@lru_cache(maxsize=64)
def _measures(rule: BracketRule) -> tuple[IndicatorMeasure, ...]:
    place = rule.place
    known = [each for each in INDICATORS if {*each.measure.variables} <= {INCOME, *place.outputs}]
    targets = place.plan.targets() if place.has_plan else ()
    mean = next((each for each in targets if each.bounds is None), None)
    of_lines = [each for each in known if "line" in each.measure.of.arguments]
    first, *others = [each for each in known if each not in of_lines]
    rows = (
        replace(first, target=mean),
        *_shares(rule, {each.name: each for each in targets}),
        *others,
        *(_at(each, line.value) for line in place.poverty_lines for each in of_lines),
    )
    return tuple(replace(each, currency=place.currency.en) for each in rows)


def _shares(rule: BracketRule, targets: Mapping[str, Target]) -> Iterator[IndicatorMeasure]:
    labels = indicator_labels(rule.place)
    for name, (low, high) in rule.brackets().items():
        bounds = FrozenMapping({"low": low, "high": high, "closed": rule.closed})
        for definition in statistics.DEFINITIONS:
            # Collective households stay out of the shares.
            measure = Measure("share_between", (INCOME,), definition, "collective == false", bounds)
            yield IndicatorMeasure(name, labels[name], measure, target=targets.get(name))


def _at(each: IndicatorMeasure, line: float) -> IndicatorMeasure:
    return replace(each, measure=replace(each.measure, arguments=FrozenMapping({"line": line})))


def measures_of(place: Place) -> tuple[IndicatorMeasure, ...]:
    """Return the indicators of a place, with its brackets at nominal prices."""
    return measures(BracketRule(place=place))


@cache
def indicator_labels(place: Place) -> Mapping[str, Label]:
    """Return the labels of the indicators of a place, its income brackets among them.

    Examples
    --------
    >>> import olive
    >>> indicator_labels(olive.place())["share_10_50"].zh
    '10—50万元群体比例'
    """
    spans = {each.name: each.span(place.currency) for each in place.brackets_shown()}
    shares = {name: Label(f"{span.zh}群体比例", f"share {span.en}") for name, span in spans.items()}
    return {**{each.id: each.label for each in INDICATORS}, **shares}


@checked_objects
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
    last = len(result.policies) - 1
    reached = whole_number("reached_under", reached_under, -last - 1, last)
    every = measures(rule)
    for name in sorted({name for each in every for name in each.measure.variables}):
        result.values(name)  # says that it was not kept, and how to keep it
    values = list(zip(*(figures(every, one) for one in each), strict=True))
    return tuple(
        measure.under(
            own,
            measure.growth(own[reached], partial(measure.basis, each[reached])),
            [measure.counts(*measure.basis(one)) for one in each],
        )
        for measure, own in zip(every, values, strict=True)
    )


def bracket_rows(one: Incomes, definition: Definition) -> tuple[FloatArray, FloatArray]:
    """Return incomes and weights by a definition of the shares, weight 0 for collective ones."""
    return statistics.bracket_basis(definition, one.income, one.size, one.weight * one.family)
