"""Values that carry names for their rows are never taken by their position alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.errors import DataError
from olive.messages import Message
from olive.native.masked import unmasked


def in_row_order(values: Any, rows: pd.Index[Any], what: str) -> NDArray[Any]:
    """Return values in the order of a table's rows.

    Parameters
    ----------
    values : array_like, or pandas.Series
        An array is taken as it stands. A series is brought into order by its index: the
        identifiers of the rows when the index is called as they are, else the numbers of the rows.
    rows : pandas.Index, shape (n,)
        Identifiers of the rows.
    what : str
        For messages.

    Raises
    ------
    DataError
        When the index of a series names other rows, or one twice.

    Examples
    --------
    >>> homes = pd.Index([7, 8], name="household_id")
    >>> in_row_order(pd.Series([2.0, 1.0], index=[1, 0]), homes, "weights").tolist()
    [1.0, 2.0]
    """
    if not isinstance(values, pd.Series):
        try:
            return np.asarray(unmasked(values))
        except ValueError:
            raise DataError(
                "{what}: lists of different lengths; give one value for each household", what
            ) from None
    by_name = rows.name is not None and values.index.name == rows.name
    wanted: pd.Index[Any] = rows if by_name else pd.RangeIndex(len(rows))
    if values.index.equals(rows) or values.index.equals(wanted):
        return values.to_numpy()
    whole = len(values) == len(wanted) and values.index.is_unique
    place = values.index.get_indexer(wanted) if whole else None
    if place is not None and (place >= 0).all():
        return values.to_numpy()[place]
    named = Message("the rows 0 to {rows}", len(wanted) - 1)
    if by_name:
        named = Message("the identifiers of the households")
    raise DataError(
        "{what}: the index of the series does not name {named}, each once; give an array in the "
        "order of the households (series.to_numpy()), or set the index",
        what,
        named,
    )
