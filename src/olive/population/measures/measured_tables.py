"""Two tables that measures are taken of: who is chosen by `where`, counted or added up.

What persons add up to is first added up within the household, so that one weight a household serves
person and household totals together, exactly and in one pass.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.engine.columns import Column, Entity
from olive.engine.rules import Rule
from olive.engine.units import PURE_NUMBER, parse_unit
from olive.errors import CalibrationError, WhereError, nearest
from olive.messages import Message, joined
from olive.places.place import Place
from olive.population.measures.filters import BoolArray, Condition, Where, compare

FloatArray = NDArray[np.float64]
Table = Mapping[str, Any]

# Households of the largest tables of which what was counted is kept: all years of a projection ask
# for the same. Those of a whole city would fill the memory.
REMEMBERED_ROWS = 200_000


@dataclass(frozen=True, eq=False)
class MeasuredTables:
    """Columns of households, of persons if there are any, and who belongs where.

    Attributes
    ----------
    households, persons
        Columns by name: pandas series or arrays. Without persons, None.
    home
        Row of the household of each person; shape (persons,).
    sizes
        Persons of each household; shape (households,). None when nothing tells them.
    columns
        Catalogue in which code names of columns of numbers are looked up.
    amounts
        Household columns that are amounts: persons share them equally. Any other household column
        is seen by each of its persons.
    """

    households: Table
    persons: Table | None
    home: NDArray[np.int64]
    sizes: FloatArray | None
    columns: Mapping[str, Column]
    amounts: frozenset[str] = frozenset()
    _masks: dict[tuple[str, Condition], BoolArray] = field(
        default_factory=dict, init=False, repr=False
    )
    _a_head: dict[str, FloatArray] = field(default_factory=dict, init=False, repr=False)
    _counts: dict[tuple[Entity, Where], FloatArray] = field(
        default_factory=dict, init=False, repr=False
    )

    def with_household_column(self, name: str, values: FloatArray) -> MeasuredTables:
        """Return the tables with another column of households."""
        return replace(self, households={**self.households, name: values})

    @property
    def rows(self) -> int:
        """Number of households."""
        return len(next(iter(self.households.values()), ()))

    def persons_of_households(self) -> FloatArray:
        """Return the persons of each household; shape (households,).

        Raises
        ------
        CalibrationError
            When nothing tells them.
        """
        if self.sizes is None:
            raise CalibrationError(
                "it counts persons, but there is no person table; give {'household': frame, "
                "'person': frame}, or measure households."
            )
        return self.sizes

    def owner(self, entity: Entity, column: str) -> Entity:
        """Return the table where rows of an entity find a column: persons their household's too.

        Raises
        ------
        WhereError
            When there is none, with the nearest name.
        """
        persons = self.persons or {}
        if entity == "person" and column in persons:
            return "person"
        if column in self.households:
            return "household"
        if column in persons:
            raise WhereError(
                "{column!r} is a column of persons, and households are measured; set the "
                "entity to 'person'.",
                column,
            )
        hint = nearest(column, [*self.households, *(persons if entity == "person" else ())])
        raise WhereError("the {entity} table has no column {column!r}{hint}", entity, column, hint)

    def chosen(self, entity: Entity, where: Where) -> BoolArray | None:
        """Return which rows of an entity satisfy all conditions; None for every row."""
        masks = [self._mask(entity, condition) for condition in where]
        return reduce(operator.and_, masks) if masks else None

    def count(self, entity: Entity, where: Where) -> FloatArray:
        """Return how many rows of an entity each household has that satisfy all conditions."""
        found = self._counts.get((entity, where))
        if found is None:
            found = self._counted(entity, where)
            if found.size <= REMEMBERED_ROWS:
                self._counts[entity, where] = found
        return found

    def _counted(self, entity: Entity, where: Where) -> FloatArray:
        if entity == "person" and not self._asks_persons(entity, where):
            sizes, chosen = self.persons_of_households(), self.chosen("household", where)
            return sizes if chosen is None else sizes * chosen
        chosen = self.chosen(entity, where)
        if entity == "person":
            persons = self.home if chosen is None else self.home[chosen]
            return _added(persons, None, self.rows)
        return np.ones(self.rows) if chosen is None else chosen.astype(np.float64)

    def weight_of(self, entity: Entity, weight: FloatArray, where: Where) -> FloatArray:
        """Return the weight of each household's rows of an entity that satisfy all conditions."""
        if entity == "household" and not where:
            return weight
        return weight * self.count(entity, where)

    def total(self, entity: Entity, column: str, where: Where) -> FloatArray:
        """Return a column added up over the rows of each household that satisfy all conditions."""
        owner = self.owner(entity, column)
        if owner == entity == "person" or self._asks_persons(entity, where):
            values, chosen = self.numbers("person", column), self.chosen("person", where)
            added = values if chosen is None else np.where(chosen, values, 0.0)
            return _added(self.home, added, self.rows)
        values = self.numbers("household", column)
        if entity == "person" and column in self.amounts:
            entity = "household"  # what each of its persons has of it adds up to the amount
        return values * self.count(entity, where)

    def _asks_persons(self, entity: Entity, where: Where) -> bool:
        """Say whether a condition is on a column of persons, not of their household."""
        return any(self.owner(entity, each.column) == "person" for each in where)

    def numbers(self, rows: Entity, column: str) -> FloatArray:
        """Return a column as numbers for each row of a table.

        Raises
        ------
        CalibrationError
            When it does not hold finite numbers.
        """
        owner = self.owner(rows, column)
        found = self._table(owner)[column]
        if isinstance(found, np.ndarray) and found.dtype == np.float64:
            values: FloatArray = found  # simulated: what is computed from it checks it
        else:
            values = _numbers(pd.Series(found), column, owner)
        return values if owner == rows else self.of_each_person(column)[self.home]

    def of_each_person(self, column: str) -> FloatArray:
        """Return what each person of a household has of a household column; shape (households,)."""
        values = self.numbers("household", column)
        if column not in self.amounts:
            return values
        if column not in self._a_head:
            self._a_head[column] = values / self.persons_of_households()
        return self._a_head[column]

    def _table(self, owner: Entity) -> Table:
        table = self.households if owner == "household" else self.persons
        assert table is not None, "owner() names tables that there are"
        return table

    def _mask(self, entity: Entity, condition: Condition) -> BoolArray:
        owner = self.owner(entity, condition.column)
        if (owner, condition) not in self._masks:
            series = pd.Series(self._table(owner)[condition.column])
            _refuse_missing(series, condition.column, owner)
            self._masks[owner, condition] = _matches(series, condition, self.columns)
        mask = self._masks[owner, condition]
        return mask if owner == entity else mask[self.home]


def _added(home: NDArray[np.int64], values: FloatArray | None, rows: int) -> FloatArray:
    """Return the sum of values over the persons of each household; how many, without values."""
    found: FloatArray = np.bincount(home, values, minlength=rows).astype(np.float64, copy=False)
    return found


def amounts_of(place: Place) -> frozenset[str]:
    """Return the household columns and variables that have a unit: amounts, areas.

    Examples
    --------
    >>> import olive
    >>> found = amounts_of(olive.place())
    >>> "rent_paid" in found, "disposable_income" in found, "vehicles" in found
    (True, True, False)
    """
    every: tuple[Column | Rule, ...] = (*place.columns.values(), *place.rules.rules.values())
    owned = (each for each in every if each.entity == "household")
    return frozenset(each.name for each in owned if parse_unit(str(each.unit)) != PURE_NUMBER)


def _numbers(series: pd.Series[Any], column: str, owner: Entity) -> FloatArray:
    if not (pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series)):
        raise CalibrationError("column {column!r} does not hold numbers.", column)
    values: FloatArray = series.to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(values).all():
        row = int(np.argmax(~np.isfinite(values)))
        raise CalibrationError(
            "column {column!r} of the {owner} table is {values} in row {row}; fill in or drop "
            "such rows first.",
            column,
            owner,
            values[row],
            row,
        )
    return values


def _refuse_missing(series: pd.Series[Any], column: str, owner: Entity) -> None:
    absent = series.isna().to_numpy()
    if absent.any():
        raise CalibrationError(
            "column {column!r} of the {owner} table is missing in {number} row(s), the first "
            "{row}; fill in or drop such rows first.",
            column,
            owner,
            absent.sum(),
            int(absent.argmax()),
        )


def _matches(
    series: pd.Series[Any], condition: Condition, columns: Mapping[str, Column]
) -> BoolArray:
    """Compare a column with a literal, translating code names."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        if pd.api.types.is_numeric_dtype(series.cat.categories.dtype):
            return compare(condition, series.astype(np.float64).to_numpy())
        names = [str(name) for name in series.cat.categories]
        return compare(_coded(condition, names), series.cat.codes.to_numpy())
    if pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        if isinstance(condition.value, str):
            known = columns.get(condition.column)
            condition = _coded(condition, list(known.codes) if known else [])
        return compare(condition, series.to_numpy())
    _coded(condition, sorted({str(name) for name in pd.unique(series.dropna())}))
    return compare(condition, series.astype(object).to_numpy())


def _coded(condition: Condition, names: list[str]) -> Condition:
    """Return a condition on the position of a code name, which must exist and has no order."""
    wanted, column = str(condition.value), condition.column
    if not isinstance(condition.value, str) or wanted not in names:
        known = Message("; known: {names}", joined(names[:12])) if names else ""
        raise WhereError(
            "{value!r} is not a code of column {column!r}{hint}{known}",
            condition.value,
            column,
            nearest(wanted, names),
            known,
        )
    if condition.operator not in ("==", "!="):
        raise WhereError("codes have no order; compare {column!r} with == or != only.", column)
    return Condition(column, condition.operator, float(names.index(wanted)))
