"""Who lives with whom in a survey, and who is meant where persons name each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from olive.engine.pointers import NOBODY
from olive.errors import DataError, Faults
from olive.messages import Message
from olive.population.cells import MissingCodes
from olive.population.column_coercion import ColumnFault, is_text
from olive.population.identity import agreed, homes_of, identifiers, possible_identifiers
from olive.population.survey_mapping import ENTITIES, Entity, SurveyMapping, Tables


@dataclass(frozen=True, slots=True)
class Persons:
    """Identifiers of a survey.

    Attributes
    ----------
    households, persons : pyarrow.Array
        The identifier of the household in each row of the two tables.
    number : numpy.ndarray of int64, shape (persons,)
        Place of each person within the household, in the order of the table.
    identifier : pyarrow.Array or None
        Identifier of each person; None when the mapping names none.
    column : str
        The survey's name for it.
    codes : MissingCodes
    written : bool
        Whether both tables come from text files.
    """

    households: pa.Array
    persons: pa.Array
    number: NDArray[np.int64]
    identifier: pa.Array | None
    column: str
    codes: MissingCodes
    written: bool

    @classmethod
    def of(cls, plan: SurveyMapping, tables: Tables, faults: Faults, *, written: bool) -> Persons:
        """Read the identifiers of a survey; faults are added to the list.

        Where an identifier has a fault, rows are counted in its place, so that the other columns
        can be looked at as well.
        """
        one, two = (_read(entity, tables, plan.of(entity).key, plan, faults) for entity in ENTITIES)
        words = [f"column {plan.of(entity).key!r} of the {entity} table" for entity in ENTITIES]
        whole = not faults
        with faults.catching(DataError):
            one, two = agreed(one, two, (words[0], words[1]), written=written)
        if whole and not faults:
            homes_of(one, two, plan.person.key, faults)
        home = pd.Series(_numbered(two))
        number = home.groupby(home).cumcount().to_numpy().astype(np.int64)
        identifier, column = None, plan.person.person
        if column:
            identifier = _read("person", tables, column, plan, faults)
            _refuse_repeated(column, two, identifier, faults)
        return cls(one, two, number, identifier, column, plan.missing_codes, written)

    def household_of(self, entity: str) -> Any:
        """Return the identifiers of the households of a table, for a frame."""
        array = self.households if entity == "household" else self.persons
        if pa.types.is_decimal(array.type):  # beyond 64 bits pandas knows Python's numbers only
            return pd.Series([int(number) for number in array.to_pylist()], dtype=object)
        return pd.Series(array.to_numpy(zero_copy_only=False))

    def numbers_of(self, source: str, values: Any) -> tuple[NDArray[np.int64], int]:
        """Return the numbers within the household of persons who are named by identifier.

        Parameters
        ----------
        source : str
            The survey's column, for messages.
        values : pandas.Series or pyarrow.Array
            Whom each person names; missing, or a number below 1, for nobody.

        Returns
        -------
        array of int64, shape (persons,)
            -1 for nobody, and for whoever is not in the household's table.
        int
            How many name somebody who is not in the household's table.
        """
        assert self.identifier is not None
        named = possible_identifiers(values, source, self.codes)
        known = self.identifier
        if not is_text(named) and len(named):
            nobody = pc.less_equal(named, pa.scalar(0, named.type))
            named = pc.if_else(nobody, pa.scalar(None, named.type), named)
        if named.null_count == len(named):
            return np.full(len(named), NOBODY, dtype=np.int64), 0
        try:
            words = (f"column {self.column!r}", f"column {source!r}")
            known, named = agreed(known, named, words, written=self.written)
        except DataError as fault:
            raise ColumnFault(fault.message) from None
        home = _numbered(self.persons)
        everybody = pd.Index(_pairs(home, known, known))
        if not everybody.is_unique:  # told already, as a fault of the identifiers
            return np.full(len(named), NOBODY, dtype=np.int64), 0
        place = everybody.get_indexer(pd.Index(_pairs(home, named, known)))
        someone = named.is_valid().to_numpy(zero_copy_only=False)
        found = someone & (place >= 0)
        return np.where(found, self.number[place], NOBODY), int((someone & ~found).sum())


def _read(
    entity: Entity, tables: Tables, column: str, plan: SurveyMapping, faults: Faults
) -> pa.Array:
    values = tables[entity][column]
    try:
        return identifiers(values, column, codes=plan.missing_codes)
    except ColumnFault as fault:
        faults.at(Message("{entity} table, {column}", entity, column)).note_all(fault.faults)
        return pa.array(np.arange(len(values)))


def _numbered(identifier: pa.Array) -> NDArray[np.int64]:
    """Return a number for every different identifier."""
    places: NDArray[np.int64] = identifier.dictionary_encode().indices.to_numpy().astype(np.int64)
    return places


def _pairs(home: NDArray[np.int64], persons: pa.Array, known: pa.Array) -> NDArray[np.int64]:
    """Return one number for household and person together; -1 for persons who are not known."""
    different = pc.unique(known)
    place = pc.index_in(persons, value_set=different).fill_null(-1).to_numpy().astype(np.int64)
    return np.where(place < 0, -1, home * len(different) + place)


def _refuse_repeated(column: str, home: pa.Array, identifier: pa.Array, faults: Faults) -> None:
    pairs = pd.Series(_pairs(_numbered(home), identifier, identifier))
    twice = pairs.duplicated().to_numpy()
    if twice.any():
        row = int(twice.argmax())
        faults.note(
            "person table, {column}: the identifier {identifier!r} of persons stands "
            "twice in household {home!r}, the second time in row {row}",
            column,
            identifier[row].as_py(),
            home[row].as_py(),
            row,
        )
