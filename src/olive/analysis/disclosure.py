"""Suppression of small cells, so that tables from real microdata reveal nobody.

A figure is shown when every part of the sample that it tells apart holds no household at all or
as many as the threshold asks for: the row, the households inside a bracket, and those outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.given_numbers import LARGEST_WHOLE, is_whole
from olive.places.labels import Label

DEFAULT_SMALLEST_CELL = 10

Counts = NDArray[np.int64]
Truth = NDArray[np.bool_]

# Counts that only the guard reads; `suppress` takes them off.
HELPER = "_"


@dataclass(frozen=True, slots=True)
class Figures:
    """Columns that tell more of the sample apart than their row does.

    Attributes
    ----------
    columns : tuple of str
        Shown or hidden together.
    behind : tuple of str
        Columns that count the sample households of each part, such as those inside and outside a
        bracket. Those whose name begins with ``_`` are not shown.
    sums : sequence of sequence of int
        Each lists positions of rows that add up to a known figure.
    """

    columns: tuple[str, ...]
    behind: tuple[str, ...]
    sums: Sequence[Sequence[int]] = ()


def smallest_cell_for(requested: int | None, *, synthetic: bool) -> int:
    """Return the fewest sample households that a published cell may rest on.

    Parameters
    ----------
    requested : int or None
        By default 10, and 0 (no guard) for synthetic data, where no household is real.

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
    if not is_whole(requested) or not 0 <= requested <= LARGEST_WHOLE:
        raise DataError(
            "smallest_cell is {requested!r}; give the fewest sample households that "
            "a published cell may rest on, a whole number of 0 (no guard) or more",
            requested,
        )
    return int(requested)


def suppress(
    frame: pd.DataFrame,
    *,
    smallest_cell: int,
    samples: Sequence[str],
    keys: Sequence[str],
    sums: Sequence[Sequence[int]] = (),
    figures: Sequence[Figures] = (),
) -> tuple[pd.DataFrame, tuple[Label, ...]]:
    """Return the frame with small cells blanked, and a note that says how many.

    A row is small when a count of sample households is above 0 and below the threshold; so are the
    figures of a row when a part that they tell apart is. Where rows add up to something that is
    known, a blanked one could be worked out by subtraction: further ones are then blanked (the
    smallest first), until each sum misses two or more, which together rest on as many households
    as the threshold asks for, and no small one follows from all sums together. That nobody is in
    a cell (a count of 0) is shown.

    Parameters
    ----------
    smallest_cell : int
        0 shows everything.
    samples : sequence of str
        Columns that count the sample households of a row.
    keys : sequence of str
        Columns that say what the row is; they stay.
    sums : sequence of sequence of int
        Each lists positions of rows that add up to a known figure.
    figures : sequence of Figures
        Columns that tell more apart than their row.

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
    helpers = [name for name in frame.columns if str(name).startswith(HELPER)]
    if smallest_cell == 0:
        return frame.drop(columns=helpers), ()
    rows = _hidden(frame, samples, sums, smallest_cell, np.zeros(len(frame), dtype=np.bool_))
    shown = _blanked(frame, rows, [str(name) for name in frame.columns if name not in keys])
    further = np.zeros(len(frame), dtype=np.bool_)
    for each in figures:
        hidden = _hidden(frame, each.behind, each.sums, smallest_cell, rows)
        shown = _blanked(shown, hidden, each.columns)
        further |= hidden & ~rows
    note = Label(
        f"样本户数少于{smallest_cell}的单元不予显示：{int(rows.sum())}行缺失，"
        f"另有{int(further.sum())}行的部分数字缺失（比例的内、外两部分都须达到该户数；"
        "含为防止相减推算而隐去的数字）。",
        f"Cells of fewer than {smallest_cell} sample households are suppressed: "
        f"{int(rows.sum())} rows are missing, and some figures of {int(further.sum())} more "
        "(a share needs as many households inside its bracket and outside), with those that would "
        "give them away by subtraction.",
    )
    return shown.drop(columns=helpers), (note,)


def _hidden(
    frame: pd.DataFrame,
    behind: Sequence[str],
    sums: Sequence[Sequence[int]],
    least: int,
    before: Truth,
) -> Truth:
    """Return which rows to blank: hidden ones, small ones, and those that give them away."""
    counts = frame[list(behind)].to_numpy(dtype=np.int64)
    small: Truth = before | np.any((counts > 0) & (counts < least), axis=1)
    return _protected(small, counts, [np.asarray(rows) for rows in sums], least)


def _protected(small: Truth, counts: Counts, sums: Sequence[NDArray[Any]], least: int) -> Truth:
    hidden = small.copy()
    size = counts.max(axis=1, initial=0)
    while True:
        weak = [rows for rows in sums if _gives_away(hidden[rows], counts[rows], size[rows], least)]
        weak = weak or _sums_that_tell(small, hidden, sums)
        if not weak:
            return hidden
        for rows in weak:
            open_rows = rows[~hidden[rows]]
            if open_rows.size:
                # Rows without households protect least, so they come last.
                order = np.where(size[open_rows] == 0, np.iinfo(np.int64).max, size[open_rows])
                hidden[open_rows[np.argmin(order)]] = True


def _gives_away(inside: Truth, counts: Counts, size: Counts, least: int) -> bool:
    """Say whether what one sum misses is a single figure, or rests on too few households."""
    if not inside.any() or inside.all():
        return False
    together = counts[inside].sum(axis=0)
    return bool(
        inside.sum() < 2
        or size[inside].sum() < least
        or np.any((together > 0) & (together < least))
    )


def _sums_that_tell(
    small: Truth, hidden: Truth, sums: Sequence[NDArray[Any]]
) -> list[NDArray[Any]]:
    """Return the sums with open rows around a small figure that all sums together determine."""
    missing = np.flatnonzero(hidden)
    useful = [rows for rows in sums if hidden[rows].any()]
    if not useful or not missing.size:
        return []
    equations = np.array([np.isin(missing, rows) for rows in useful], dtype=np.float64)
    # A figure follows from the sums when no change of the others that keeps them could move it.
    _, sizes, directions = np.linalg.svd(equations, full_matrices=True)
    free = directions[np.count_nonzero(sizes > _NOTHING) :]
    known = missing[np.all(np.abs(free) < _NOTHING, axis=0) & small[missing]]
    return [rows for rows in useful if not hidden[rows].all() and np.isin(known, rows).any()][:1]


_NOTHING = 1e-9


def _blanked(frame: pd.DataFrame, hidden: Truth, columns: Sequence[str]) -> pd.DataFrame:
    blanked = frame.copy()
    published = [name for name in columns if not name.startswith(HELPER)]
    for name in published:
        whole = pd.api.types.is_integer_dtype(blanked[name])
        values = blanked[name].astype("Int64") if whole else blanked[name]
        blanked[name] = values.mask(hidden)
    return blanked
