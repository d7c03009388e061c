"""Codes of the input columns by name, so that rules never spell a bare code number."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from olive.china.columns import catalogue
from olive.errors import RuleError, nearest
from olive.messages import joined


def code(column: str, name: str) -> int:
    """Return the number that stands for ``name`` in a code column.

    Parameters
    ----------
    column : str
        A code column of the catalogue, for example ``"labour_status"``.
    name : str
        One of its codes, for example ``"employee"``.

    Returns
    -------
    int
        Position in the order of the catalogue, from 0.

    Raises
    ------
    RuleError
        When the column has no codes, or not this one.

    Examples
    --------
    >>> code("tenure", "market_renter")
    2
    """
    columns = catalogue()
    if column not in columns or not columns[column].codes:
        coded = [each for each, entry in columns.items() if entry.codes]
        raise RuleError("{column!r} is not a code column{hint}", column, nearest(column, coded))
    names = columns[column].codes
    if name not in names:
        raise RuleError(
            "column {column!r} has no code {name!r}{hint}; its codes are {names}",
            column,
            name,
            nearest(name, names),
            joined(names),
        )
    return names.index(name)


def is_any_of(value: Any, *codes: int) -> Any:
    """Say in a rule whether a code is one of several.

    >>> import numpy as np
    >>> is_any_of(np.array([0, 1, 2]), 0, 2).tolist()
    [True, False, True]
    """
    return reduce(or_, (value == each for each in codes))
