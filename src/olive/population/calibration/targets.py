"""Targets: the published totals that weights are calibrated to, read from a CSV file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine.csv_reading import CsvFault, read_csv_file
from olive.engine.numerals import number_of
from olive.errors import nearest
from olive.messages import Message, joined
from olive.population.calibration.errors import CalibrationError
from olive.population.calibration.filters import Condition, parse_where
from olive.population.cells import cells_of, shortened
from olive.population.sources import columns_from
from olive.population.years import YEARS_IN_WORDS, is_year

if TYPE_CHECKING:
    import pandas as pd

ENTITIES = ("household", "person")
# The tolerance of a target that states none: how far the figure itself may be from the truth.
TOLERANCE_BY_STATUS: Mapping[str, float] = {
    "law": 0.0005,
    "published": 0.0005,
    "derived": 0.001,
    "recalled": 0.005,
    "proxy": 0.005,
    "assumption": 0.005,
}
MISSING = "missing"


@dataclass(frozen=True)
class Target:
    """One total that the weighted tables should reproduce.

    Attributes
    ----------
    id
        Unique name, for example ``"age.60_and_over"``.
    entity
        ``"household"`` or ``"person"``: the rows that are counted or added up.
    measure
        ``"count"``, or ``"sum:column"``.
    where
        Comparisons joined by ``and`` that select the rows; empty for all rows.
    value
        The total, in `unit`.
    year
        Year of the figure.
    unit
        Unit of the value, for example ``"persons"`` or ``"yuan/year"``.
    source
        Document or address of the figure.
    status
        A key of `TOLERANCE_BY_STATUS`.
    tolerance
        Relative miss that is accepted; 0 means that the target must be met exactly.
    block
        Name shared by targets that divide one whole, for example ``"age"``.
    """

    id: str
    entity: str
    measure: str
    where: str
    value: float
    year: int
    unit: str
    source: str
    status: str
    tolerance: float
    block: str = ""

    def __post_init__(self) -> None:
        self._refuse_other_types()
        for name, value, valid in (
            ("entity", self.entity, ENTITIES),
            ("status", self.status, tuple(TOLERANCE_BY_STATUS)),
        ):
            if value not in valid:
                hint = nearest(value, valid)
                raise CalibrationError(
                    "Target {id!r}: unknown {name} {value!r}{hint} (known: {valid})",
                    id=self.id,
                    name=name,
                    value=value,
                    hint=hint,
                    valid=valid,
                )
        if self.measure != "count" and not self.column:
            raise CalibrationError(
                "Target {id!r}: measure {measure!r} must be 'count' or 'sum:column'.",
                id=self.id,
                measure=self.measure,
            )
        if not np.isfinite(self.value):
            raise CalibrationError(
                "Target {id!r}: value {value!r} must be a finite number.",
                id=self.id,
                value=self.value,
            )
        if not (np.isfinite(self.tolerance) and self.tolerance >= 0.0):
            raise CalibrationError(
                "Target {id!r}: tolerance {tolerance!r} must be 0 or more, as a share of "
                "the value (0.01 = one per cent).",
                id=self.id,
                tolerance=self.tolerance,
            )
        _ = self.conditions

    def _refuse_other_types(self) -> None:
        for name in ("id", "entity", "measure", "where", "unit", "source", "status", "block"):
            if not isinstance(getattr(self, name), str):
                raise CalibrationError(
                    "Target {id!r}: {name} {value!r} must be text.",
                    id=self.id,
                    name=name,
                    value=getattr(self, name),
                )
        for name in ("value", "year", "tolerance"):
            number = getattr(self, name)
            if not isinstance(number, (int, float, np.number)) or isinstance(number, bool):
                raise CalibrationError(
                    "Target {id!r}: {name} {number!r} must be a number.",
                    id=self.id,
                    name=name,
                    number=number,
                )

    @property
    def column(self) -> str:
        """The column that is added up; empty for a count."""
        kind, separator, column = self.measure.partition(":")
        return column.strip() if kind == "sum" and separator else ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The parsed `where` expression."""
        try:
            return parse_where(self.where)
        except CalibrationError as error:
            message = Message("Target {id!r}: {error}", id=self.id, error=error)
            raise type(error)(message) from None


COLUMNS = tuple(field.name for field in fields(Target))


@dataclass(frozen=True)
class Targets:
    """An ordered collection of targets with unique identifiers.

    Attributes
    ----------
    items
        The targets.
    missing
        Identifiers of rows with status ``missing``, which carry no value and are not fitted.
    """

    items: tuple[Target, ...]
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        repeated = sorted({name for name in self.ids if self.ids.count(name) > 1})
        if repeated:
            raise CalibrationError(
                "Target identifiers must be unique; repeated: {repeated}.",
                repeated=joined(repeated),
            )

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Target]:
        return iter(self.items)

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers, in order."""
        return tuple(target.id for target in self.items)

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
        try:
            table = read_csv_file(path, remarks=True)
        except CsvFault as fault:
            raise CalibrationError(fault.message) from None
        table.warn_of_encoding()
        _require_columns(table.heads, table.name)
        return cls._of_rows((f"{table.name}, line {line}", row) for line, row in table.records())

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
        _require_columns(columns, "targets")
        cells = {name: cells_of(columns[name]) for name in COLUMNS}
        return cls._of_rows(
            (
                f"targets, row {row}",
                {name: "" if of.absent[row] else str(of.values[row]) for name, of in cells.items()},
            )
            for row in range(len(cells["id"]))
        )

    @classmethod
    def _of_rows(cls, rows: Iterable[tuple[str, Mapping[str, str]]]) -> Targets:
        items: list[Target] = []
        missing: list[str] = []
        faults: list[str] = []
        for place, row in rows:
            cells = {name: row[name].strip() for name in COLUMNS}
            if cells["status"] == MISSING:
                missing.append(cells["id"])
                continue
            try:
                items.append(_read_target(cells))
            except CalibrationError as error:
                faults.append(Message("{place}: {error}", place=place, error=error))
        if faults:
            raise CalibrationError(joined(faults, "\n"))
        return cls(tuple(items), tuple(missing))

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
            raise CalibrationError(
                "Unknown target {name!r}{hint}", name=name, hint=nearest(name, self.ids)
            )
        return replace(self, items=tuple(item for item in self if item.id not in dropped))

    def fingerprint(self) -> str:
        """Return the SHA-256 of all fields, for provenance."""
        text = "\n".join("\t".join(str(getattr(item, name)) for name in COLUMNS) for item in self)
        return hashlib.sha256(text.encode()).hexdigest()


def _require_columns(found: Iterable[str], where: str) -> None:
    names = list(found)
    for column in COLUMNS:
        if column not in names:
            hint = nearest(column, names)
            raise CalibrationError(
                "{where}: column {column!r} is missing{hint}; needed: {columns}.",
                where=where,
                column=column,
                hint=hint,
                columns=joined(COLUMNS),
            )


def _read_target(cells: Mapping[str, str]) -> Target:
    """Make a target of one row of text cells."""
    tolerance = cells["tolerance"] or str(TOLERANCE_BY_STATUS.get(cells["status"], 0.0))
    if not cells["id"]:
        raise CalibrationError("id is empty; every target needs a name of its own.")
    year = _number("year", cells["year"])
    if year != int(year) or not is_year(int(year)):
        raise CalibrationError(
            "year {year} must be {years_in_words}.",
            year=shortened(cells["year"]),
            years_in_words=YEARS_IN_WORDS,
        )
    return Target(
        id=cells["id"],
        entity=cells["entity"],
        measure=cells["measure"],
        where=cells["where"],
        value=_number("value", cells["value"]),
        year=int(year),
        unit=cells["unit"],
        source=cells["source"],
        status=cells["status"],
        tolerance=_number("tolerance", tolerance),
        block=cells["block"],
    )


def _number(column: str, text: str) -> float:
    found = number_of(text)
    if found is None:
        raise CalibrationError(
            "{column} {text} is not a number; write a finite one, such as 1200.5.",
            column=column,
            text=shortened(text),
        )
    return found
