"""Suppression of small cells, so that tables from real microdata reveal nobody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.words import Label
from olive.errors import DataError

DEFAULT_SMALLEST_CELL = 10

Counts = NDArray[np.int64]
Truth = NDArray[np.bool_]


def smallest_cell_for(requested: int | None, *, synthetic: bool) -> int:
    """Return the fewest sample households that a published cell may rest on.

    Parameters
    ----------
    requested : int or None
        By default 10, and 0 (no guard) for synthetic data, where no household is real.
    synthetic : bool

    Raises
    ------
    DataError
        When it is not a whole number of 0 or more.

    Examples
    --------
    >>> smallest_cell_for(None, synthetic=False), smallest_cell_for(None, synthetic=True)
    (10, 0)
    """
    if requested is None:
        return 0 if synthetic else DEFAULT_SMALLEST_CELL
    if isinstance(requested, bool) or not isinstance(requested, int | np.integer) or requested < 0:
        raise DataError(
            f"smallest_cell is {requested!r}; give the fewest sample households that a published "
            "cell may rest on, a whole number of 0 (no guard) or more"
        )
    return int(requested)


def suppress(
    frame: pd.DataFrame,
    *,
    smallest_cell: int,
    samples: Sequence[str],
    keys: Sequence[str],
    sums: Sequence[Sequence[int]] = (),
) -> tuple[pd.DataFrame, tuple[Label, ...]]:
    """Return the frame with small rows blanked, and a note that says how many.

    A row is small when a count of sample households is above 0 and below the threshold. Where rows
    add up to something that is known, one blanked row could be worked out by subtraction:
    further rows are then blanked (the smallest first), until at least two are, which together rest
    on as many households as the threshold asks for.

    Parameters
    ----------
    frame : pandas.DataFrame
    smallest_cell : int
        0 leaves the frame as it is.
    samples : sequence of str
        Columns that count the sample households of a row.
    keys : sequence of str
        Columns that say what the row is; they stay.
    sums : sequence of sequence of int
        Each lists positions of rows that add up to a known figure.

    References
    ----------
    Hundepool and others (2012), "Statistical Disclosure Control", chapter 4 (threshold rule,
    secondary cell suppression).

    Examples
    --------
    >>> frame = pd.DataFrame({"county": ["a", "b", "c"], "sample": [3, 40, 90], "share": 0.1})
    >>> shown, notes = suppress(
    ...     frame, smallest_cell=10, samples=["sample"], keys=["county"], sums=[[0, 1, 2]]
    ... )
    >>> shown["sample"].tolist()
    [<NA>, <NA>, 90]
    """
    if smallest_cell == 0:
        return frame, ()
    counts = frame[list(samples)].to_numpy(dtype=np.int64)
    small: Truth = np.any((counts > 0) & (counts < smallest_cell), axis=1)
    hidden = _protected(small, counts.max(axis=1, initial=0), sums, smallest_cell)
    note = Label(
        f"样本户数少于{smallest_cell}的单元不予显示（{int(hidden.sum())}行缺失，"
        "含为防止相减推算而隐去的行）。",
        f"Cells of fewer than {smallest_cell} sample households are suppressed: "
        f"{int(hidden.sum())} rows are missing, with those that would give them away by "
        "subtraction.",
    )
    return _blanked(frame, hidden, keys), (note,)


def _protected(small: Truth, counts: Counts, sums: Sequence[Sequence[int]], least: int) -> Truth:
    """Return which rows to blank: the small ones, and those that would give them away."""
    hidden = small.copy()
    settled = False
    while not settled:
        settled = True
        for rows in map(np.asarray, sums):
            inside = hidden[rows]
            if not inside.any() or inside.all():
                continue
            if inside.sum() < 2 or counts[rows[inside]].sum() < least:
                open_rows = rows[~inside]
                # Rows without households protect least, so they come last.
                size = np.where(counts[open_rows] == 0, np.iinfo(np.int64).max, counts[open_rows])
                hidden[open_rows[np.argmin(size)]] = True
                settled = False
    return hidden


def _blanked(frame: pd.DataFrame, hidden: Truth, keys: Sequence[str]) -> pd.DataFrame:
    blanked = frame.copy()
    for name in blanked.columns:
        if name in keys:
            continue
        if pd.api.types.is_integer_dtype(blanked[name]):
            blanked[name] = blanked[name].astype("Int64").mask(hidden)
        else:
            blanked[name] = blanked[name].mask(hidden)
    return blanked
