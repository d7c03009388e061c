"""Codes of a survey in olive's words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.engine.columns import Column
from olive.engine.numerals import number_of, plain_text
from olive.errors import nearest, spelled
from olive.messages import Message, joined
from olive.native.given_numbers import as_float
from olive.population.cells import BoolArray, Cells, MissingCodes, cells_of, read_truths
from olive.population.column_coercion import missing_faults, rows_of
from olive.population.survey_mapping import ColumnMapping


@dataclass(frozen=True, slots=True)
class Decoded:
    """A column of codes in olive's words.

    Attributes
    ----------
    values : numpy.ndarray of object, shape (n,)
    filled : numpy.ndarray of bool, shape (n,)
        Where a missing value was filled.
    faults : tuple of str
    """

    values: NDArray[Any]
    filled: BoolArray
    faults: tuple[str, ...]


def decoded(each: ColumnMapping, cells: Cells, missing: MissingCodes) -> Decoded:
    """Return the meaning of every code; a code that nobody explained is a fault, never a guess.

    A code may be written as text in one place and as a number in the other: 1, 1.0 and "1" agree.
    """
    codes = each.codes or {name: name for name in each.column.codes}
    meaning = {plain_code(theirs): ours for theirs, ours in codes.items()}
    absent = cells.absent | missing.within(cells)
    if cells.kind in {"date", "dated", "other"} and not absent.all():
        return Decoded(cells.values, np.zeros_like(absent), (_no_codes(each, cells, ~absent),))
    places, different = pd.factorize(pd.Series(cells.values, dtype=object).mask(absent, None))
    words: list[Any] = [each.missing]
    faults: list[str] = []
    for position, value in enumerate(different):
        word = _meaning_of(value, meaning)
        words.append(word)
        if word is None:
            faults.append(_unknown(each, cells, (places == position) & ~absent))
    if each.missing is None:
        faults += missing_faults(each.column.name, cells, absent, filling(each.column))
    filled = absent & (each.missing is not None)
    named = np.array([*words, None], dtype=object)[:-1]
    return Decoded(named[places + 1], filled, tuple(faults))


def filling(column: Column) -> Message:
    """Return how missing values of a survey are mended.

    >>> filling(Column("urban", "household", kind="bool"))
    'fill them, or say in the mapping what they stand for, for example missing: false'
    """
    example: str = Message("0 (in the survey's unit)")
    if column.kind in {"bool", "code"}:
        example = column.codes[0] if column.codes else "false"
    return Message(
        "fill them, or say in the mapping what they stand for, for example missing: {example}",
        example,
    )


def _meaning_of(value: Any, meaning: Mapping[Any, Any]) -> Any:
    """Return olive's word for a code, or None; a code as it is written goes first."""
    plain = plain_code(value)
    if plain in meaning:
        return meaning[plain]
    if isinstance(plain, str):
        number = number_of(plain)
        if number is not None:
            return meaning.get(plain_code(number))
        truth = read_truths(cells_of([plain]))
        if truth.wrong[0] or truth.absent[0]:
            return None
        # YAML reads the codes yes and no as truth values.
        return next((ours for key, ours in meaning.items() if key is bool(truth.values[0])), None)
    return meaning.get(str(plain))


def _no_codes(each: ColumnMapping, cells: Cells, rows: BoolArray) -> str:
    row = int(rows.argmax())
    return Message(
        "column {name!r} holds {described} (for example {value} in {rows}), which are no codes",
        each.column.name,
        cells.described(row),
        cells.shown(row),
        rows_of(rows),
    )


def _unknown(each: ColumnMapping, cells: Cells, rows: BoolArray) -> str:
    row = int(rows.argmax())
    column = each.column
    value = plain_code(cells.values[row])
    if not each.codes:
        return Message(
            "column {name!r} holds codes of the survey's, for example {value!r} in {rows}; say "
            "what they mean: codes: {{{value}: {codes}, ...}} (olive's: {codes2})",
            column.name,
            value,
            rows_of(rows),
            column.codes[0],
            joined(column.codes),
        )
    return Message(
        "column {name!r} has the code {value!r} ({kind}) in {rows}, which the mapping does not "
        "know (known: {codes}){hint}; add it to codes, or to missing_codes",
        column.name,
        value,
        "text" if isinstance(value, str) else "number",
        rows_of(rows),
        joined(each.codes),
        nearest(spelled(value), map(spelled, each.codes)),
    )


def plain_code(value: Any) -> Any:
    """Return 1 for 1.0 and for ``numpy.int64(1)``, and text without blanks at its ends.

    >>> plain_code(1.0), plain_code(" １ ")
    (1, '1')
    """
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    number = as_float(value)
    if number is None or math.isinf(number):
        return spelled(value)
    return int(number) if number.is_integer() else number
