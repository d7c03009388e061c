"""How unequal the incomes of a simulated city may be for the shares to reach their targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.feasibility_words import CITY_NOTE, table_of, target_labels
from olive.analysis.feasible_shapes import Bracket, largest_spread, rows_of_most
from olive.analysis.indicators import Incomes, bracket_rows, incomes
from olive.analysis.words import DEFINITION_LABELS
from olive.errors import DataError
from olive.native.cores import available_cores
from olive.places.labels import Label, policy_label
from olive.population.measures.measure import INCOME
from olive.statistics.brackets import Definition

if TYPE_CHECKING:
    from olive.analysis.table import Table
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]

# Factors of log distances that are looked at: from nearly equal incomes to twice today's spread.
_FACTORS = np.linspace(0.02, 2.0, 100)
_LOWEST = 1.0  # yuan per head: a log distance needs a positive income


def city_table(
    income_per_head: float, brackets: Sequence[Bracket], result: Result, policy: int | str
) -> Table:
    """Return the table of `Feasibility.city`.

    Raises
    ------
    DataError
        When incomes per head are not positive on average.
    """
    one = incomes(result, policy)
    now = statistics.mean(one.per_capita, one.weight * one.size)
    if now <= 0.0:
        raise DataError("income per head is {now:,.0f} yuan on average: it cannot be scaled", now)
    spread = _spreading(one, income_per_head)
    looked_at = _at_every_factor(spread, brackets)
    rows = []
    for definition in statistics.DEFINITIONS:
        share = partial(_share, spread, definition)
        most = {
            bracket: largest_spread(
                np.vectorize(partial(share, bracket), otypes=[np.float64]),
                bracket.target,
                _FACTORS,
                looked_at[definition, bracket.name],
            )
            for bracket in brackets
        }
        found = rows_of_most(most, "factor", share, lambda factor: _gini(spread(factor)))
        rows += [{"definition": definition, **row} for row in found]
    frame = pd.DataFrame(rows)
    frame.insert(list(frame.columns).index("gini") + 1, "gini_now", _gini(one))
    label = policy_label(result.policies[result.position(policy)])
    money = result.place.currency
    return table_of(
        result.place,
        frame,
        Label(
            f"模拟城市的可行性：{label.zh}，人均{income_per_head:,.0f}{money.zh}",
            f"Feasibility in the simulated city: {label.en}, {income_per_head:,.0f} {money.en} a "
            "head",
        ),
        words={
            "definition": DEFINITION_LABELS,
            **dict.fromkeys(("bracket", "binds"), target_labels(result.place)),
        },
        notes=(CITY_NOTE,),
        synthetic=result.population.is_synthetic,
    )


def _spreading(one: Incomes, income_per_head: float) -> Callable[[float], Incomes]:
    """Return the function that gives incomes of the wanted mean with log distances scaled."""
    per_head, persons = one.per_capita, one.weight * one.size
    positive = per_head >= _LOWEST
    median = statistics.median(per_head[positive], persons[positive])
    log_distance = np.log(np.where(positive, per_head, median) / median)

    def spread(factor: float) -> Incomes:
        moved = np.where(positive, median * np.exp(factor * log_distance), per_head)
        scale = income_per_head / np.average(moved, weights=persons)
        return replace(one, amounts={INCOME: moved * scale * one.size})

    return spread


def _shares(one: Incomes, definition: Definition, brackets: Sequence[Bracket]) -> list[float]:
    sample = statistics.sampled(*bracket_rows(one, definition))
    return [statistics.share_between(sample, low=each.low, high=each.high) for each in brackets]


def _share(
    spread: Callable[[float], Incomes], definition: Definition, bracket: Bracket, factor: float
) -> float:
    return _shares(spread(factor), definition, [bracket])[0]


def _at_every_factor(
    spread: Callable[[float], Incomes], brackets: Sequence[Bracket]
) -> dict[tuple[str, str], FloatArray]:
    """Return the share by definition and bracket at every factor that is looked at."""

    def at(factor: float) -> list[list[float]]:
        one = spread(factor)
        return [_shares(one, each, brackets) for each in statistics.DEFINITIONS]

    with ThreadPoolExecutor(available_cores()) as pool:
        rows = np.array(list(pool.map(at, _FACTORS.tolist())))
    keys = product(statistics.DEFINITIONS, [each.name for each in brackets])
    return dict(zip(keys, rows.reshape(_FACTORS.size, -1).T, strict=True))


def _gini(one: Incomes) -> float:
    return statistics.gini(np.maximum(one.per_capita, 0.0), one.weight * one.size)
