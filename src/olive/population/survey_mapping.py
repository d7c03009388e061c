"""What a mapping file says: where each of olive's columns comes from in a user's survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from olive.engine.columns import Column
from olive.places.place import Place
from olive.population.cells import MissingCodes

Entity = Literal["household", "person"]
Tables = Mapping[Entity, Mapping[str, Any]]  # columns by name
ENTITIES: tuple[Entity, ...] = ("household", "person")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where one of olive's columns comes from.

    Attributes
    ----------
    column : Column
        Entry of olive's catalogue.
    sources : tuple of str
        Columns of the survey, added together; empty when ``value`` is given.
    factor : float
        What the survey's values are multiplied by.
    unit : str
        The survey's unit, or an empty string when it is olive's own.
    codes : mapping
        The survey's codes and olive's names (or truth values) for them; empty for none.
    missing : object
        What stands for a missing value; ``None`` when missing values are faults.
    value : object
        The same value for every row; ``None`` when the column comes from the survey.
    """

    column: Column
    sources: tuple[str, ...] = ()
    factor: float = 1.0
    unit: str = ""
    codes: Mapping[Any, Any] = field(default_factory=dict)
    missing: Any = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table of the survey is read.

    Attributes
    ----------
    key : str
        Column that identifies the household.
    person : str
        Column that identifies the person, for pointers; empty when there is none.
    columns : tuple of ColumnMapping
    kept : mapping of str to str
        Columns that are kept as they are: name in olive's table, name in the survey.
    """

    key: str
    person: str
    columns: tuple[ColumnMapping, ...]
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """A whole mapping file.

    Attributes
    ----------
    survey : str
        Name of the survey, for notes.
    year : int or None
        Calendar year that incomes refer to.
    place : Place
        Where it was taken.
    missing_codes : MissingCodes
        Numbers and words that mean "not known" in every mapped column.
    household, person : TableMapping
    """

    survey: str
    year: int | None
    place: Place
    missing_codes: MissingCodes
    household: TableMapping
    person: TableMapping

    def of(self, entity: Entity) -> TableMapping:
        """Return the part for one table."""
        return self.household if entity == "household" else self.person
