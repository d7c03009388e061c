"""A measure: which statistic, of which income concept, of whom, over which units.

As text, in files of figures and recipes, a measure is one of

==================================  =================================================
``count``                           units that satisfy ``where``
``share``                           the same, over all units
``share:condition``                 the same, over the units that satisfy the condition
``sum:a`` or ``sum:a+b``            sum of variables or columns
``mean:a``, ``median:a``, ...       any other statistic of ``STATISTICS``, with its arguments
                                    behind: ``headcount:disposable_income:13000``
``median_over_mean:a``              median of households ranked by income per head, as the
                                    statistical bureau takes it, over the mean per person
``fifth:a:k``                       share of the k-th fifth of households by income per head
                                    in the sum of the five mean incomes per head
``bracket:definition:low:high``     share of a bracket of disposable income, by one of the
                                    four definitions, see ``statistics.brackets``
==================================  =================================================

Persons count with the income per head of their household, unless the measure says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from olive import statistics
from olive.engine.columns import Entity
from olive.engine.numerals import number_of
from olive.errors import DataError, nearest, shown
from olive.messages import joined
from olive.native.blas import sum_of_products
from olive.native.immutable import FrozenMapping
from olive.population.measures.filters import parse_where
from olive.population.measures.measured_tables import FloatArray, MeasuredTables
from olive.statistics.brackets import Definition
from olive.statistics.estimate import Counted

INCOME = "disposable_income"
PURE_NUMBER, SHARE, MONEY = "ratio", "1", "money/year"
# Whose income is measured, and who counts: the four definitions of a share; or income per head of
# all persons, or of households ranked by it, as the statistical bureau does.
Counting = Definition | Literal["persons", "households"]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of values and weights that measures may name.

    Attributes
    ----------
    function : callable
        Takes values and weights, shape (units,), and the arguments; see `olive.statistics`.
    unit : str
        ``"money/year"`` for amounts, ``"1"`` for shares, which are shown in per cent, and
        ``"ratio"`` for any other pure number.
    arguments : tuple of str
        Names of its arguments, in the order in which a text gives them.
    losses_as_nothing : bool
        It is not defined for incomes below nought; the few there are count as nought.
    less_is_better : bool
        As of inequality and poverty: a target is a value to come down to.
    """

    function: Callable[..., float]
    unit: str
    arguments: tuple[str, ...] = ()
    losses_as_nothing: bool = False
    less_is_better: bool = False


def _unequal(function: Callable[..., float]) -> Statistic:
    return Statistic(function, PURE_NUMBER, losses_as_nothing=True, less_is_better=True)


def _fifth(values: Any, weights: Any = None, *, group: float) -> float:
    if group not in {1, 2, 3, 4, 5}:
        raise DataError("the fifths are 1, 2, 3, 4 and 5, not {group:g}", group)
    return float(statistics.quantile_shares(values, weights, groups=5)[int(group) - 1])


# The one list: a statistic that stands here can be an indicator, a published figure, a recipe's.
STATISTICS: Mapping[str, Statistic] = {
    "sum": Statistic(statistics.total, MONEY),
    "mean": Statistic(statistics.mean, MONEY),
    "median": Statistic(statistics.median, MONEY),
    "gini": _unequal(statistics.gini),
    "hoover": _unequal(statistics.hoover),
    "theil_t": _unequal(statistics.theil_t),
    "coefficient_of_variation": Statistic(
        statistics.coefficient_of_variation, PURE_NUMBER, less_is_better=True
    ),
    "palma_ratio": _unequal(statistics.palma_ratio),
    "s80_s20_ratio": _unequal(statistics.s80_s20_ratio),
    "top_share": Statistic(
        statistics.top_share, SHARE, ("top",), losses_as_nothing=True, less_is_better=True
    ),
    "share_between": Statistic(statistics.share_between, SHARE, ("low", "high")),
    "fifth": Statistic(_fifth, SHARE, ("group",), losses_as_nothing=True),
    "headcount": Statistic(statistics.headcount, SHARE, ("line",), less_is_better=True),
    "poverty_gap": Statistic(statistics.poverty_gap, SHARE, ("line",), less_is_better=True),
    "poverty_severity": Statistic(
        statistics.poverty_severity, PURE_NUMBER, ("line",), less_is_better=True
    ),
    "middle_share": Statistic(statistics.middle_share, SHARE, ("band",)),
    "wolfson": _unequal(statistics.wolfson),
    "duclos_esteban_ray": _unequal(statistics.duclos_esteban_ray),
}
# What is counted, and what is made of two others: words of the text alone.
_OTHERS = ("count", "share", "median_over_mean", "bracket")
# Of households ranked by income per head, as the statistical bureau takes them.
_OF_RANKED_HOUSEHOLDS = ("median_over_mean", "fifth")
LINEAR = ("count", "sum")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure is: a statistic of an income concept over the units of a domain.

    Attributes
    ----------
    statistic : str
        A key of ``STATISTICS``, ``"count"``, ``"share"`` or ``"median_over_mean"``.
    variables : tuple of str
        Variables or columns that are added up to the income that is measured.
    definition : {"persons", "households", "household", "household_persons", "three_person", \
"three_person_persons"}
        How units are counted, and with which income: the four definitions of a share, or income
        per head of persons or households.
    where : str
        The domain, as in `parse_where`; empty for all units.
    arguments : mapping of str to float or str
        Of the statistic.
    base : str
        Of a ``share``: what the units are a share of, as in `parse_where`.

    Examples
    --------
    >>> Measure.parse("bracket:three_person:100000:500000", "household").definition
    'three_person'
    >>> Measure.parse("headcount:disposable_income:13000").arguments["line"]
    13000.0
    """

    statistic: str
    variables: tuple[str, ...] = ()
    definition: Counting = "persons"
    where: str = ""
    arguments: FrozenMapping[str, Any] = field(default_factory=FrozenMapping)
    base: str = ""

    @classmethod
    def parse(cls, text: str, entity: str = "person", where: str = "") -> Measure:
        """Return the measure that a text names; see the head of this module.

        Raises
        ------
        DataError
            When it is none, with the nearest word.
        """
        return _parsed(text, entity, where)

    @property
    def entity(self) -> Entity:
        """The unit counted."""
        return "person" if self.definition.endswith("persons") else "household"

    @property
    def counted(self) -> Counted:
        """What its weights count."""
        return "persons" if self.entity == "person" else "households"

    @property
    def of(self) -> Statistic:
        """The statistic that is computed from values and weights."""
        return STATISTICS["median" if self.statistic == "median_over_mean" else self.statistic]

    @property
    def of_spread(self) -> bool:
        """Whether it tells more of a distribution than its mean."""
        return self.statistic not in (*LINEAR, "share", "mean")

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that must be known: variables, and columns of the conditions."""
        conditions = (*parse_where(self.where), *parse_where(self.base))
        return (*self.variables, *(part.column for part in conditions))

    @property
    def basis_key(self) -> tuple[Any, ...]:
        """What tells one `basis` from another."""
        return self.variables, self.definition, self.where, self.of.losses_as_nothing

    def contribution(self, tables: MeasuredTables) -> FloatArray:
        """Return what each household adds to a ``count`` or ``sum``; shape (households,)."""
        where = parse_where(self.where)
        if self.statistic == "count":
            return tables.count(self.entity, where)
        return _added(tables.total(self.entity, name, where) for name in self.variables)

    def basis(self, tables: MeasuredTables, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the values and weights that the statistic is computed from.

        Parameters
        ----------
        weight : float64 array, shape (households,)

        Returns
        -------
        values, weights : float64 arrays
            Of every household; or of every person where a variable or condition is of persons.
            Weight 0 outside the domain.
        """
        where = parse_where(self.where)
        names = (*self.variables, *(condition.column for condition in where))
        if any(tables.owner(self.entity, name) == "person" for name in names):
            chosen = tables.chosen("person", where)
            values = _added(tables.numbers("person", name) for name in self.variables)
            weights = weight[tables.home]
            weights = weights if chosen is None else weights * chosen
        elif self.definition in statistics.DEFINITIONS:
            households = self._of_households(tables, weight)
            values, weights = statistics.bracket_basis(self.definition, *households)
        else:
            weights = tables.weight_of(self.entity, weight, where)
            values = _added(tables.of_each_person(name) for name in self.variables)
        return np.maximum(values, 0.0) if self.of.losses_as_nothing else values, weights

    def counts_anybody(self, tables: MeasuredTables, weight: FloatArray) -> bool:
        """Return whether a row of `basis` has a weight."""
        return bool(tables.weight_of(self.entity, weight, parse_where(self.where)).any())

    def samples(
        self, tables: MeasuredTables, weight: FloatArray
    ) -> dict[Hashable, statistics.Sample]:
        """Return the checked basis by its key; those of all definitions of a share at once."""
        variables, definition, where, nothing = self.basis_key
        if definition not in statistics.DEFINITIONS or nothing:
            return {self.basis_key: statistics.sampled(*self.basis(tables, weight))}
        every = statistics.bracket_samples(*self._of_households(tables, weight))
        return {(variables, each, where, nothing): found for each, found in every.items()}

    def _of_households(
        self, tables: MeasuredTables, weight: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the income, the persons and the weight of each household."""
        income = _added(tables.numbers("household", name) for name in self.variables)
        weights = tables.weight_of("household", weight, parse_where(self.where))
        return income, tables.persons_of_households(), weights

    def value(self, tables: MeasuredTables, weight: FloatArray) -> float:
        """Return the figure; missing where it is not defined, such as that of nobody.

        Parameters
        ----------
        weight : float64 array, shape (households,)

        Raises
        ------
        CalibrationError
            When a column or a code does not exist.
        """
        if self.statistic in LINEAR:
            return sum_of_products(weight, self.contribution(tables))
        if self.statistic == "share":
            counted = (tables.count(self.entity, parse_where(x)) for x in (self.where, self.base))
            part, whole = (sum_of_products(weight, each) for each in counted)
            return part / whole if whole else math.nan
        try:
            found = float(self.of.function(*self.basis(tables, weight), **self.arguments))
        except DataError:
            return math.nan
        if self.statistic == "median_over_mean":
            per_person = replace(self, statistic="mean", definition="persons")
            return found / per_person.value(tables, weight)
        return found


def _added(columns: Iterable[FloatArray]) -> FloatArray:
    first, *others = columns
    return sum(others, first)


@lru_cache(maxsize=1024)
def _parsed(text: str, entity: str, where: str) -> Measure:
    kind, *parts = (part.strip() for part in text.split(":"))
    known = (*STATISTICS, *_OTHERS)
    if kind not in known:
        hint = nearest(kind, known)
        raise DataError("unknown measure {word!r}{hint}; known: {valid}", kind, hint, joined(known))
    counting: Counting = "persons" if entity == "person" else "household"
    found = Measure(kind, (), counting, where)
    if kind == "share":
        found = replace(found, base=text.partition(":")[2].strip())
    elif kind == "bracket":
        found = _bracket(text, parts, where)
    elif kind != "count":
        found = _of_variables(text, kind, parts, found)
    _ = found.names  # says at once what cannot be read
    return found


def _of_variables(text: str, kind: str, parts: list[str], bare: Measure) -> Measure:
    variables = tuple(name.strip() for name in parts[0].split("+")) if parts else ()
    if not all(variables) or not variables:
        raise DataError(
            "measure {measure!r} needs a variable, such as 'mean:disposable_income'", text
        )
    if kind in _OF_RANKED_HOUSEHOLDS:
        bare = replace(bare, definition="households")
    statistic = bare.of
    names = statistic.arguments
    if len(parts) != 1 + len(names):
        form = ":".join((kind, "variable", *names))
        raise DataError("measure {measure!r} must be {form!r}", text, form)
    given = {name: _argument(name, part) for name, part in zip(names, parts[1:], strict=True)}
    if given:
        statistic.function([1.0], [1.0], **given)  # says at once what it cannot use
    return replace(bare, variables=variables, arguments=FrozenMapping(given))


def _argument(name: str, text: str) -> float | str:
    if name == "band":
        return text
    found = number_of(text)
    if found is None:
        raise DataError("{name} {text} is not a number", name, shown(text))
    return found


def _bracket(text: str, parts: list[str], where: str) -> Measure:
    if len(parts) != 3 or parts[0] not in statistics.DEFINITIONS:
        raise DataError(
            "measure {measure!r} must be 'bracket:definition:low:high'; definitions are "
            "{definitions}",
            text,
            joined(statistics.DEFINITIONS),
        )
    bounds = FrozenMapping(low=_argument("low", parts[1]), high=_argument("high", parts[2]))
    return Measure("share_between", (INCOME,), parts[0], where, bounds)
