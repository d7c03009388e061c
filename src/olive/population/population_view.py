"""The tables of a population as they stand, and what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from olive.messages import Message
from olive.native.immutable import ByContent
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.entering import noted
from olive.population.origin import Origin
from olive.population.subset import reweighted
from olive.population.table_schema import PopulationTables
from olive.population.table_views import (
    Arrays,
    arrays_of,
    facts_of,
    fingerprint_of,
    frame_of,
    html_of,
)


class OfOrigin:
    """What a population says of itself, whole or block by block."""

    __slots__ = ()
    origin: Origin

    @property
    def place(self) -> Place:
        """Where the households live: whose columns, law, plan and words apply."""
        return place_named(self.origin.place)

    @property
    def year(self) -> int:
        """Calendar year that incomes refer to."""
        return self.origin.year

    @property
    def is_synthetic(self) -> bool:
        """True when the persons are drawn, not observed."""
        return self.origin.synthetic


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PopulationView(OfOrigin, ByContent):
    """What can be read of an `olive.Population`, under these weights or others."""

    tables: PopulationTables
    origin: Origin

    @property
    def households(self) -> pd.DataFrame:
        """The household table as a new pandas frame; codes show their names."""
        return frame_of(self.tables.households, self.tables.columns)

    @property
    def persons(self) -> pd.DataFrame:
        """The person table as a new pandas frame, sorted by household; codes show their names."""
        return frame_of(self.tables.persons, self.tables.columns)

    @property
    def weight(self) -> np.ndarray:
        """Number of households that each row stands for; float64, shape (households,)."""
        weight: np.ndarray = self.tables.households["weight"].to_numpy()
        return weight

    @property
    def size(self) -> np.ndarray:
        """Number of persons in each household; int64, shape (households,)."""
        return np.diff(self.tables.starts)

    def __len__(self) -> int:
        return len(self.tables.households)

    def arrays(self) -> Arrays:
        """Return the columns as plain arrays, the way the engine reads them."""
        return arrays_of(self.tables)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What was done to the tables since they were drawn or read, in words."""
        return self.origin.notes

    def with_weights(self, weights: Any, *, note: str = "") -> Self:
        """Return the same households with other weights.

        Parameters
        ----------
        weights : array_like of float, shape (households,)
            In the order of `households`; finite and not negative.
        note : str
            Added to the notes of the origin, for example ``"calibrated"``.

        Raises
        ------
        DataError
            When the length is wrong or a weight is NaN, infinite or negative.
        """
        tables = reweighted(self.tables, weights)
        return replace(self, tables=tables, origin=noted(self.origin, note))

    def fingerprint(self) -> str:
        """Return the SHA-256 of all values, columns by name; the same data give the same text."""
        return fingerprint_of(self.tables.households, self.tables.persons)

    def __repr__(self) -> str:
        facts = facts_of(self.tables, self.origin)
        return "Population: " + ", ".join(f"{name} {value}" for name, value in facts)

    def _repr_html_(self) -> str:
        return html_of(facts_of(self.tables, self.origin))
