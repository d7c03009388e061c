"""Why an indicator changed: growth or shape; prices, policy, or the people and their incomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.indicators import (
    Incomes,
    income_variables,
    incomes,
    indicator_labels,
    measures_of,
)
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, UNIT_OF_ROW, ColumnWords, of_year
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.population import Population
from olive.population.years import checked_year
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.progress import Progress
    from olive.simulation.result import Result

_WORDS = {
    **COLUMNS,
    "before": ColumnWords(Label("之前", "before"), UNIT_OF_ROW),
    "after": ColumnWords(Label("之后", "after"), UNIT_OF_ROW),
    "growth": ColumnWords(Label("增长", "growth"), UNIT_OF_ROW),
    "shape": ColumnWords(Label("分布形状", "shape"), UNIT_OF_ROW),
    "nominal": ColumnWords(Label("名义水平", "nominal level"), UNIT_OF_ROW),
    "policy": ColumnWords(Label("政策", "policy"), UNIT_OF_ROW),
    "other": ColumnWords(Label("人口与收入", "people and incomes"), UNIT_OF_ROW),
}


@checked_objects
def growth_and_shape(result: Result, before: int | str = 0, after: int | str = 1) -> Table:
    """Split the change of every indicator into growth of the mean and change of shape.

    Growth moves all incomes per head by the same factor; shape changes them with the mean held.
    Each is the mean over the two orders in which they can be taken (the Shapley value), so they
    add up to the change.

    Parameters
    ----------
    result : Result
    before, after : int or str
        Policies of the result.

    Returns
    -------
    Table
        One row an ``indicator`` and ``definition``: ``before``, ``after``, ``change``,
        ``growth``, ``shape``.

    Raises
    ------
    DataError
        When a mean income is not above 0.

    References
    ----------
    Datt and Ravallion (1992), "Growth and redistribution components of changes in poverty
    measures", Journal of Development Economics 38; Shorrocks (2013), Journal of Economic
    Inequality 11, for the symmetric split without a residual.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> found = growth_and_shape(olive.simulate(city, [law, law | olive.plan.scenario()]))
    >>> bool(abs(found["change"] - found["growth"] - found["shape"]).max() < 1e-9)
    True
    """
    old, new = (incomes(result, result.position(each)) for each in (before, after))
    means = [_mean(each) for each in (old, new)]
    if min(means) <= 0.0:
        raise DataError("mean incomes must be above 0 to be scaled, found {means}", means)
    factor = means[1] / means[0]
    grown = old.changed(lambda each: each * factor)
    shrunk = new.changed(lambda each: each * (1.0 / factor))
    rows = []
    for measure in measures_of(result.place):
        first, last, mid, other = (measure.value(each) for each in (old, new, grown, shrunk))
        growth = ((mid - first) + (last - other)) / 2.0
        rows.append(
            measure.keys
            | {
                "before": first,
                "after": last,
                "change": last - first,
                "growth": growth,
                "shape": last - first - growth,
            }
        )
    title = Label("增长与分布形状", "Growth and shape")
    notes = (of_year(result.population.year), _GROWTH_NOTE)
    return _table(rows, title, notes, result.population)


@checked_objects
def decompose(
    population: Population,
    before: int,
    after: int,
    *,
    seed: int = 0,
    bring: Callable[[Population, int], Population] | None = None,
    progress: Progress = None,
) -> Table:
    """Split the change between two years into nominal level, policy, and people and incomes.

    With incomes y and law p of the two years and a, the growth of income per head: the nominal
    part is I(a y0, a p0) - I(y0, p0), that of people and incomes I(y1, a p0) - I(a y0, a p0), and
    that of policy I(y1, p1) - I(y1, a p0). The law "a p0" is that of the first year with all its
    amounts grown to the second: what a government that changes nothing but prices would have.

    Parameters
    ----------
    population : Population
        Of any year; it is brought to both.
    before, after : int
        Calendar years, the earlier first.
    seed : int
    bring : function of population and year, optional
        How the population is brought to a year; by default a synthetic city is aged and own data
        are uprated.
    progress : callable or bool, optional
        Called with (blocks done, blocks in all) in each of three passes; True shows a bar.

    Returns
    -------
    Table
        One row an ``indicator`` and ``definition``: ``before``, ``after``, ``change`` and its
        parts ``nominal``, ``other``, ``policy``, which add up to it.

    Raises
    ------
    DataError
        When the years do not ascend.

    References
    ----------
    Bargain and Callan (2010), "Analysing the effects of tax-benefit reforms on income
    distribution: a decomposition approach", Journal of Economic Inequality 8.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> found = decompose(city, 2022, 2023)
    >>> parts = found["nominal"] + found["other"] + found["policy"]
    >>> bool(abs(found["change"] - parts).max() < 1e-9)
    True
    """
    before, after = checked_year(before, "before"), checked_year(after, "after")
    if before >= after:
        raise DataError("the earlier year comes first, found {before} and {after}", before, after)
    how = bring or Population.brought_to
    old, new = how(population, before), how(population, after)
    place = population.place
    first = place.law(year=before)
    kept = place.law(f"{before}-07-01", uprated_to=after)
    last = place.law(year=after)
    start = _simulated(old, [first, kept], seed, progress)
    end = _simulated(new, [kept, last], seed, progress)
    growth = _mean(end[1]) / _mean(start[0])
    scaled = _simulated(_grown(old, growth), [kept], seed, progress)[0]
    rows = []
    for measure in measures_of(population.place):
        values = [measure.value(each) for each in (start[0], scaled, end[0], end[1])]
        rows.append(
            measure.keys
            | {
                "before": values[0],
                "after": values[3],
                "change": values[3] - values[0],
                "nominal": values[1] - values[0],
                "other": values[2] - values[1],
                "policy": values[3] - values[2],
            }
        )
    title = Label(f"{before}年至{after}年变化的分解", f"Change from {before} to {after}, split")
    return _table(rows, title, (_YEARS_NOTE,), population)


def _simulated(
    population: Population, policies: list[Policy], seed: int, progress: Progress
) -> list[Incomes]:
    wanted = income_variables(population.place)
    result = simulate(population, policies, outputs=wanted, seed=seed, progress=progress)
    return [incomes(result, place) for place in range(len(policies))]


def _grown(population: Population, factor: float) -> Population:
    """Return the population with every amount of income and expense times a factor."""
    arrays, place = population.arrays(), population.place
    columns = place.columns
    amounts = {
        name: values.astype(np.float64) * factor
        for table in (arrays.households, arrays.persons)
        for name, values in table.items()
        if name in columns and place.is_money(columns[name].unit)
    }
    return population.with_columns(amounts, note=Message("all amounts times {factor:.6g}", factor))


def _mean(one: Incomes) -> float:
    return statistics.mean(one.per_capita, one.weight * one.size)


def _table(
    rows: list[dict[str, Any]], title: Label, notes: tuple[Label, ...], population: Population
) -> Table:
    place = population.place
    return placed_table(
        place,
        pd.DataFrame(rows),
        title,
        _WORDS,
        words={"indicator": indicator_labels(place), "definition": DEFINITION_LABELS},
        notes=notes,
        synthetic=population.is_synthetic,
    )


_GROWTH_NOTE = Label(
    "增长：所有收入同比例变动到新的均值；形状：均值不变时分布的变动；取两种次序的平均，两项之和"
    "等于变化。",
    "Growth: all incomes change in proportion to the new mean. Shape: the distribution changes "
    "with the mean held. Mean over the two orders; together they are the change.",
)
_YEARS_NOTE = Label(
    "名义水平：第一年的收入和法规金额同比例增长；人口与收入：在增长后的第一年法规下从第一年的住户到"
    "第二年的住户；政策：第二年的住户从增长后的第一年法规（各金额随其法定挂钩指标增长）到第二年法规。",
    "Nominal level: incomes and the amounts of the law of the first year grow together. People and "
    "incomes: from the households of the first year to those of the second under that grown law. "
    "Policy: for the households of the second year, from the grown law (each amount with what the "
    "law ties it to) to the law of the second year.",
)
