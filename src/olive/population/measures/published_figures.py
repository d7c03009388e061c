"""Published figures: a value with its measure, year, unit, status and source; read from CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from olive.engine.csv_reading import CsvFault, CsvTable, read_csv_file
from olive.engine.numerals import number_of
from olive.errors import CalibrationError, Faults, nearest, shown, told_where
from olive.messages import Message, joined
from olive.native.given_numbers import as_float, is_finite
from olive.population.measures.measure import Measure
from olive.population.years import YEARS_IN_WORDS, is_year

ENTITIES = ("household", "person")
ROLES = ("fit", "held_out", "")
MISSING = "missing"
# The tolerance of a figure that states none: how far the figure itself may be from the truth.
TOLERANCE_BY_STATUS: Mapping[str, float] = {
    "law": 0.0005,
    "published": 0.0005,
    "derived": 0.001,
    "recalled": 0.005,
    "proxy": 0.005,
    "assumption": 0.005,
}
NEEDED = ("id", "entity", "measure", "where", "value", "year", "unit", "source", "status")
_TEXTS = ("id", "entity", "measure", "where", "unit", "source", "status", "block", "role")


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure: what weights are calibrated to, or a population is compared with.

    Attributes
    ----------
    id : str
        Unique name, for example ``"age.60_and_over"``.
    entity : {"household", "person"}
        The rows that are counted or measured.
    measure : str
        What is measured of them, as `Measure.parse` reads it: ``"count"``, ``"sum:column"``, ...
    where : str
        Comparisons joined by ``and`` that select the rows; empty for all rows.
    value : float or None
        The figure, in ``unit``; None when none was published (status ``missing``).
    year : int
        Year of the figure.
    unit : str
        For example ``"persons"`` or ``"yuan/year"``.
    source : str
        Document or address of the figure.
    status : str
        A key of ``TOLERANCE_BY_STATUS``, or ``"missing"``.
    tolerance : float
        Relative miss that is accepted; 0 means exactly.
    block : str
        Name shared by figures that divide one whole, for example ``"age"``; the heading under
        which they are shown.
    role : {"fit", "held_out", ""}
        Whether the population was made to meet it; empty when that is not known.
    at : int, optional
        Year of the population and of the law that it is compared with, by default ``year``.

    Raises
    ------
    CalibrationError
        When a field is no text or number, a word is unknown, or the measure cannot be read.

    Examples
    --------
    >>> old = PublishedFigure("old", "person", "share", "age >= 60", 0.25, 2023, "1", "made up",
    ...                       "published", 0.01)
    >>> old.measured.statistic, old.compared_in
    ('share', 2023)
    """

    id: str
    entity: str
    measure: str
    where: str
    value: float | None
    year: int
    unit: str
    source: str
    status: str
    tolerance: float
    block: str = ""
    role: str = ""
    at: int | None = None

    def __post_init__(self) -> None:
        with told_where(Message("Target {id!r}", self.id), CalibrationError):
            self._refuse_other_types()
            self._refuse_unknown_words()
            _ = self.measured
            self._refuse_other_numbers()

    @property
    def measured(self) -> Measure:
        """The statistic, of what and of whom."""
        return Measure.parse(self.measure, self.entity, self.where)

    @property
    def compared_in(self) -> int:
        """Year of the population and of the law that it is compared with."""
        return self.year if self.at is None else self.at

    def _refuse_other_types(self) -> None:
        for name in _TEXTS:
            if not isinstance(getattr(self, name), str):
                raise CalibrationError("{name} {value!r} must be text.", name, getattr(self, name))
        for name in ("value", "year", "tolerance", "at"):
            number = getattr(self, name)
            if number is None and (name == "at" or (name == "value" and self.status == MISSING)):
                continue
            if as_float(number) is None:
                raise CalibrationError("{name} {number!r} must be a number.", name, number)

    def _refuse_unknown_words(self) -> None:
        for name, word, valid in (
            ("entity", self.entity, ENTITIES),
            ("status", self.status, (*TOLERANCE_BY_STATUS, MISSING)),
            ("role", self.role, ROLES),
        ):
            if word not in valid:
                hint, known = nearest(word, valid), joined(valid)
                raise CalibrationError(
                    "unknown {name} {word!r}{hint}; known: {valid}", name, word, hint, known
                )

    def _refuse_other_numbers(self) -> None:
        if self.value is not None and not is_finite(self.value):
            raise CalibrationError("value {value!r} must be a finite number.", self.value)
        if not (is_finite(self.tolerance) and 0.0 <= self.tolerance <= 1.0):
            raise CalibrationError(
                "tolerance {tolerance!r} must be a share of the value, from 0 to 1 (0.01 = one per "
                "cent).",
                self.tolerance,
            )
        for name in ("year", "at"):
            year = getattr(self, name)
            if year is not None:
                whole = is_finite(year) and year == int(year)
                _refuse_other_years(name, int(year) if whole else year)
                object.__setattr__(self, name, int(year))
        for name in ("value", "tolerance"):
            number = getattr(self, name)
            object.__setattr__(self, name, None if number is None else float(number))


def read_figures(path: str | Path) -> tuple[PublishedFigure, ...]:
    """Read published figures from a CSV file; see ``docs/how_to/targets_file.md``.

    Parameters
    ----------
    path : str or pathlib.Path
        A file in UTF-8, or in GB18030 as spreadsheets in China save it, which is told in a
        warning; lines that begin with ``#`` are remarks.

    Raises
    ------
    CalibrationError
        If the file or a column is absent, or cells cannot be read: all of them, with line.
    """
    return figures_of(cells_of_file(path, NEEDED))


def cells_of_file(path: str | Path, needed: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Return where each row of a file of figures stands, and its cells."""
    try:
        table = read_csv_file(path, remarks=True)
    except CsvFault as fault:
        raise CalibrationError(fault.message) from None
    table.warn_of_encoding()
    return cells_of_table(table, needed)


def cells_of_table(table: CsvTable, needed: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Return where each row of a table of figures stands, and its cells."""
    require_columns(table.heads, table.name, needed)
    return (
        (Message("{name}, line {line}", table.name, line), row) for line, row in table.records()
    )


def require_columns(found: Iterable[str], where: str, needed: Iterable[str]) -> None:
    """Raise when a table of figures lacks columns."""
    names, needed = list(found), list(needed)
    absent = joined(
        Message("{column!r}{hint}", column, nearest(column, names))
        for column in needed
        if column not in names
    )
    if absent:
        raise CalibrationError(
            "{where} has no column {absent}; needed: {columns}.", where, absent, joined(needed)
        )


def figures_of(rows: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[PublishedFigure, ...]:
    """Return the figures of rows of text cells, each with the place that messages name.

    Raises
    ------
    CalibrationError
        Listing every row that cannot be read, and identifiers that stand there twice.
    """
    found: list[PublishedFigure] = []
    faults = Faults()
    for place, cells in rows:
        with faults.at(place).catching(CalibrationError):
            found.append(_figure(cells))
    faults.raise_as(CalibrationError, separator="\n")
    refuse_repeated(found)
    return tuple(found)


def refuse_repeated(figures: Iterable[PublishedFigure]) -> None:
    """Raise when two figures have one identifier."""
    ids = [each.id for each in figures]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise CalibrationError(
            "Target identifiers must be unique; repeated: {repeated}.", joined(repeated)
        )


def _figure(cells: Mapping[str, str]) -> PublishedFigure:
    status = cells["status"]
    tolerance = cells.get("tolerance") or str(TOLERANCE_BY_STATUS.get(status, 0.0))
    if not cells["id"]:
        raise CalibrationError("id is empty; every target needs a name of its own.")
    return PublishedFigure(
        **{name: cells.get(name, "") for name in _TEXTS},
        value=None if status == MISSING else _number("value", cells["value"]),
        year=_year("year", cells["year"]),
        tolerance=_number("tolerance", tolerance),
        at=_year("at", cells["at"]) if cells.get("at") else None,
    )


def _year(column: str, text: str) -> int:
    year = _number(column, text)
    _refuse_other_years(column, int(year) if year == int(year) else text)
    return int(year)


def _refuse_other_years(column: str, year: object) -> None:
    if not is_year(year):
        raise CalibrationError(
            "{column} {year} must be {years_in_words}.", column, shown(year), YEARS_IN_WORDS
        )


def _number(column: str, text: str) -> float:
    found = number_of(text)
    if found is None:
        told = shown(text)
        raise CalibrationError(
            "{column} {text} is not a number; write a finite one, such as 1200.5.", column, told
        )
    return found
