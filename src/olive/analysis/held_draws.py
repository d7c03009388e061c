"""Households of a result with other amounts, every draw, total and seed held fixed.

Copies of a household keep its key, so what moves is the law alone: take-up, selection by
programmes and compliance stay as they were in the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive.analysis.public_purse import LEVIES
from olive.engine import Tables, run_policies

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.population import Population
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]
Rows = NDArray[np.int64]

INCOME = "disposable_income"
#: What a household has in all, and what it pays and receives, in this order: `HeldDraws.by_kind`.
KINDS = ("income", "tax", "contribution", "benefit", "relief")
#: Kinds that are parts of a rate.
PARTS = ("tax", "contribution", "benefit")
_COPIES = 200_000  # of households, that are run at a time


@dataclass(frozen=True, slots=True, eq=False)
class HeldDraws:
    """What rules read of some households, ready to be run again with other amounts.

    Attributes
    ----------
    tables : Tables
        Columns that the outputs rest on; neutral ones where the data lack them.
    policy : Policy
        With the population totals of the run as parameters.
    seed : int
    outputs : tuple of str
        Disposable income first, then taxes, contributions, cash benefits and in-kind benefits,
        whoever pays them, and what income is the sum of.
    kinds : tuple of str
        Of each output, one of `KINDS`, or "component".
    """

    tables: Tables
    policy: Policy
    seed: int
    outputs: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, result: Result, policy: int | str, population: Population) -> HeldDraws:
        """Return households of a result under one of its policies."""
        settled = result.settled(policy)
        rules = settled.rules
        own = {
            "income": (INCOME,),
            "tax": rules.with_role("tax", "household"),
            "contribution": rules.with_role("contribution", "household"),
            "benefit": rules.with_role("cash_benefit"),
            "relief": rules.with_role("in_kind_benefit"),
            "component": [name for name in rules.reads(INCOME) if name in rules.rules],
        }
        kinds = {name: kind for kind in reversed(own) for name in own[kind]}
        kinds = {name: kinds[name] for names in own.values() for name in names}
        outputs = tuple(kinds)
        tables = _read_columns(population, settled, outputs)
        return cls(tables, settled, result.seed, outputs, tuple(kinds.values()))

    @property
    def signs(self) -> FloatArray:
        """Return 1 for outputs that are paid, -1 for those that are received."""
        return np.array([1.0 if kind in LEVIES else -1.0 for kind in self.kinds])

    def by_kind(self, values: FloatArray) -> FloatArray:
        """Return sums of outputs, shape (outputs, n), by kind, shape (kinds, n)."""
        own = np.array([[each == kind for each in self.kinds] for kind in KINDS], dtype=float)
        return np.asarray(own @ values)

    def rows(self, rows: Rows) -> Tables:
        """Return the tables of the households in some rows, which may come again and again."""
        starts = self.tables.starts
        sizes = np.diff(starts)[rows]
        begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        persons = np.repeat(starts[rows] - begins[:-1], sizes) + np.arange(begins[-1])
        return Tables(
            {name: values[rows] for name, values in self.tables.households.items()},
            {name: values[persons] for name, values in self.tables.persons.items()},
            begins,
            self.tables.household_key[rows],
        )

    def run(self, tables: Tables, columns: Mapping[str, NDArray[Any]]) -> FloatArray:
        """Return the outputs with other values in some columns, shape (outputs, households)."""
        homes, people = (
            {name: columns.get(name, values) for name, values in own.items()}
            for own in (tables.households, tables.persons)
        )
        again = Tables(homes, people, tables.starts, tables.household_key)
        run = run_policies(again, [self.policy], list(self.outputs), seed=self.seed)
        return np.array([run.arrays[0, name] for name in self.outputs], dtype=np.float64)


def _read_columns(population: Population, policy: Policy, outputs: Sequence[str]) -> Tables:
    """Return the columns behind the outputs, with neutral ones where the data lack them."""
    arrays = population.arrays()
    needed = policy.rules.depends_on(outputs)
    columns = population.place.columns
    kept: dict[str, dict[str, NDArray[Any]]] = {
        "household": {n: v for n, v in arrays.households.items() if n in needed},
        "person": {n: v for n, v in arrays.persons.items() if n in needed or n not in columns},
    }
    counts = {"household": arrays.starts.size - 1, "person": int(arrays.starts[-1])}
    for name in needed & columns.keys():
        column = columns[name]
        if column.neutral is not None and name not in kept[column.entity]:
            kind = np.bool_ if column.kind == "bool" else None
            kept[column.entity][name] = np.full(counts[column.entity], column.neutral, dtype=kind)
    return Tables(kept["household"], kept["person"], arrays.starts, arrays.household_key)


def in_blocks(count: int, copies: int = 1) -> list[slice]:
    """Return slices of many households, each of which is copied so often, that are run at a time.

    >>> in_blocks(300_000)
    [slice(0, 200000, None), slice(200000, 300000, None)]
    """
    step = max(_COPIES // copies, 1)
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]
