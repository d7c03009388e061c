"""Who earns, and what becomes of the household when one of them earns more, draws held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.held_draws import FloatArray, HeldDraws, Rows
from olive.errors import DataError

if TYPE_CHECKING:
    from olive.population import Population


@dataclass(frozen=True, slots=True, eq=False)
class Earners:
    """Who earns, and from what most.

    Attributes
    ----------
    person, household : int array, shape (earners,)
        Rows of the two tables.
    source : int array, shape (earners,)
        Position among the earnings of the place that the population has.
    amount : array, shape (earners,)
        What that source brings, yuan a year.
    columns : tuple of str
        Those earnings.
    """

    person: Rows
    household: Rows
    source: Rows
    amount: FloatArray
    columns: tuple[str, ...]

    @classmethod
    def of(cls, population: Population) -> Earners:
        """Return the earners of a population, in its order.

        Raises
        ------
        DataError
            When nobody earns anything.
        """
        arrays = population.arrays()
        columns = tuple(name for name in population.place.earnings if name in arrays.persons)
        values = np.array([arrays.persons[name] for name in columns], dtype=np.float64)
        person = np.flatnonzero((values > 0.0).any(axis=0))
        if not person.size:
            raise DataError("nobody earns anything, so there are no rates of extra earnings")
        household = np.searchsorted(arrays.starts, person, side="right") - 1
        source = values[:, person].argmax(axis=0)
        return cls(person, household, source, values[source, person], columns)

    def __len__(self) -> int:
        """Return how many they are."""
        return self.person.size

    def main(self) -> Earners:
        """Return of every household the earner whose source brings most, the first of equals."""
        order = np.lexsort((self.person, -self.amount, self.household))
        first = np.flatnonzero(np.diff(self.household[order], prepend=-1))
        return self.chosen(order[first])

    def chosen(self, which: Rows | slice) -> Earners:
        """Return some of them."""
        return Earners(
            self.person[which],
            self.household[which],
            self.source[which],
            self.amount[which],
            self.columns,
        )

    def earning_more(self, held: HeldDraws, extra: FloatArray) -> FloatArray:
        """Return the outputs when each of them, alone in the household, earns more.

        The extra earnings are yuan a year; outputs are those of a copy of the household for each
        earner, shape (outputs, earners).
        """
        tables = held.rows(self.household)
        place = tables.starts[:-1] + self.person - held.tables.starts[self.household]
        columns = {}
        for number, name in enumerate(self.columns):
            if name not in tables.persons:  # no rule reads it
                continue
            own = self.source == number
            values = tables.persons[name].astype(np.float64)
            values[place[own]] += extra[own]
            columns[name] = values
        return held.run(tables, columns)
