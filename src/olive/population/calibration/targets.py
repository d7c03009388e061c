"""Targets: the published totals that weights are calibrated to, read from a CSV file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.errors import CalibrationError, nearest, shown, told_where
from olive.messages import Message
from olive.population.cells import Cells, cells_of
from olive.population.measures.measure import LINEAR
from olive.population.measures.measured_tables import FloatArray, MeasuredTables
from olive.population.measures.published_figures import (
    MISSING,
    NEEDED,
    PublishedFigure,
    cells_of_file,
    figures_of,
    refuse_repeated,
    require_columns,
)
from olive.population.sources import columns_from
from olive.progress import Step

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (*NEEDED, "tolerance", "block")


@dataclass(frozen=True)
class Targets:
    """An ordered collection of published totals with unique identifiers.

    Attributes
    ----------
    items : tuple of PublishedFigure
        Counts and sums; whatever is linear in the weights.
    missing : tuple of str
        Identifiers of rows with status ``missing``, which carry no value and are not fitted.

    Raises
    ------
    CalibrationError
        When an identifier stands there twice, or a figure is no total or has no value.
    """

    items: tuple[PublishedFigure, ...]
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for each in self.items if isinstance(self.items, tuple) else (self.items,):
            if not isinstance(each, PublishedFigure):
                raise CalibrationError(
                    "items hold {shown}; give a tuple of olive.PublishedFigure", shown(each)
                )
        refuse_repeated(self.items)
        for each in self.items:
            if each.measured.statistic not in LINEAR or each.value is None:
                raise CalibrationError(
                    "Target {id!r}: measure {measure!r} must be 'count' or 'sum:column', and have "
                    "a value.",
                    each.id,
                    each.measure,
                )

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[PublishedFigure]:
        return iter(self.items)

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers, in order."""
        return tuple(target.id for target in self.items)

    @property
    def values(self) -> FloatArray:
        """The totals, in order."""
        return np.array([target.value for target in self.items], dtype=np.float64)

    @classmethod
    def read(cls, path: str | Path) -> Targets:
        """Read targets from a CSV file.

        Parameters
        ----------
        path
            A file in UTF-8, or in GB18030 as spreadsheets in China save it (which is told in a
            warning); lines that begin with ``#`` are remarks. Its columns are ``id, entity,
            measure, where, value, year, unit, source, status, tolerance, block`` (others, such as
            a quote, are left alone), see ``docs/how_to/targets_file.md``. An empty tolerance is
            filled in by status; rows with status ``missing`` are listed but not fitted.

        Raises
        ------
        CalibrationError
            If the file or a column is absent, or cells cannot be read: all of them, with line and
            column.

        Warns
        -----
        DataWarning
            If the file is not UTF-8.
        """
        return cls._of_rows(cells_of_file(path, COLUMNS))

    @classmethod
    def from_frame(cls, frame: Any) -> Targets:
        """Read targets from a frame (of pandas, polars, Arrow) with the columns of `read`.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame([["all", "person", "count", "", 6e6, 2020, "persons",
        ...     "census", "published", 0.0, ""]], columns=list(COLUMNS))
        >>> Targets.from_frame(frame).ids
        ('all',)
        """
        columns, _ = columns_from(frame, "target")
        require_columns(columns, "targets", COLUMNS)
        texts = [_texts(cells_of(columns[name])) for name in COLUMNS]
        rows = (dict(zip(COLUMNS, row, strict=True)) for row in zip(*texts, strict=True))
        return cls._of_rows((Message("targets, row {row}", n), row) for n, row in enumerate(rows))

    @classmethod
    def _of_rows(cls, rows: Iterable[tuple[str, Mapping[str, str]]]) -> Targets:
        given = list(rows)
        known = [(place, cells) for place, cells in given if cells["status"] != MISSING]
        missing = (cells["id"] for _, cells in given if cells["status"] == MISSING)
        return cls(figures_of(known), tuple(missing))

    def to_frame(self) -> pd.DataFrame:
        """Return the targets as a pandas frame with the columns of `read`."""
        import pandas as pd  # noqa: PLC0415 - keeps the import of olive light

        rows = [[getattr(target, name) for name in COLUMNS] for target in self]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def without(self, ids: Iterable[str]) -> Targets:
        """Return the targets except those named.

        Raises
        ------
        CalibrationError
            If an identifier is unknown, with the nearest known one.
        """
        dropped = set(ids)
        for name in sorted(dropped - set(self.ids)):
            raise CalibrationError("Unknown target {name!r}{hint}", name, nearest(name, self.ids))
        return replace(self, items=tuple(item for item in self if item.id not in dropped))

    def fingerprint(self) -> str:
        """Return the SHA-256 of all fields, for provenance."""
        text = "\n".join("\t".join(str(getattr(item, name)) for name in COLUMNS) for item in self)
        return hashlib.sha256(text.encode()).hexdigest()


def _texts(cells: Cells) -> list[str]:
    """Return the values of a column as cells of a file would hold them."""
    given = zip(cells.values, cells.absent, strict=True)
    return ["" if absent else str(value).strip() for value, absent in given]


def build_design(tables: MeasuredTables, targets: Targets, step: Step = lambda: None) -> FloatArray:
    """What each household adds to each target; ``step`` is called after each of them.

    Returns
    -------
    numpy.ndarray
        Shape (targets, households), float64, one contiguous row a target, in the target's unit.

    Raises
    ------
    CalibrationError
        If a column or code does not exist or a column to add up is not finite.
    """
    design = np.empty((len(targets), tables.rows))
    for row, target in enumerate(targets):
        with told_where(Message("Target {id!r}", target.id)):
            design[row] = target.measured.contribution(tables)
        step()
    return design
