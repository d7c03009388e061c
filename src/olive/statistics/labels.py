"""Names and codes that go with the rows of data, checked once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.statistics.arguments import array_of


def labels(
    data: Any, rows: int, name: str, counted: NDArray[np.bool_] | None = None
) -> NDArray[Any]:
    """Return one name or code per row, none of them missing where the row counts.

    Raises
    ------
    DataError
        When their number is not `rows`, or a row has no label.

    Examples
    --------
    >>> labels(["jiaojiang", "xianju"], 2, "strata").tolist()
    ['jiaojiang', 'xianju']
    """
    array = array_of(name, data)
    if array.shape != (rows,):
        raise DataError(
            "{name} have shape {shape}, and there are {rows} rows", name, array.shape, rows
        )
    missing = np.zeros(rows, dtype=np.bool_)
    if array.dtype.kind == "f":
        missing = ~np.isfinite(array)
    elif array.dtype.kind == "O":
        missing = np.fromiter((is_missing(label) for label in array), np.bool_, rows)
    if counted is not None:
        missing &= counted
    if missing.any():
        position = int(np.argmax(missing))
        raise DataError(
            "{name} have {count} missing values, the first ({value}) at position "
            "{position}; give every row a name or code",
            name,
            int(np.count_nonzero(missing)),
            array[position],
            position,
        )
    return array


def is_missing(label: object) -> bool:
    """Return whether a label, or a number among objects, is not there."""
    # None, NaN and the missing values of pandas, which are not equal to themselves either.
    # Whole numbers are there, and those of thousands of digits cannot be written.
    return not isinstance(label, str | int) and str(label) in {"None", "nan", "<NA>", "NaT"}
