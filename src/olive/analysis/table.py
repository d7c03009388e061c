"""A table of results: a tidy pandas frame with units, labels in two languages, and notes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from rich.console import Console

from olive.analysis.rendering import PURE_UNITS, as_latex, as_markdown, as_text
from olive.analysis.spreadsheets import BYTE_ORDER_MARK, csv_text, frame_text, write_workbook
from olive.analysis.terminal_table import TextTable, wrapped
from olive.analysis.words import (
    SYNTHETIC,
    UNIT_OF_FIGURE,
    UNIT_OF_ROW,
    UNITS,
    ColumnWords,
    unit_labels,
    words_of,
)
from olive.native.files import write_text
from olive.native.html import as_html
from olive.native.immutable import ByContent, FrozenMapping
from olive.places.labels import Label, Language, checked_language, spoken
from olive.places.place import Place

_NO_WORDS: Mapping[str, Mapping[str, Label]] = FrozenMapping({})
_NO_PLACES: Mapping[str, int] = FrozenMapping({})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table(ByContent):
    """A tidy frame (one row an observation) with what is needed to read it.

    Frames, CSV and Arrow hold names and plain numbers (shares are fractions of 1, money is yuan a
    year); Markdown, LaTeX and HTML hold labels. Printed, it speaks the language of the process
    (``OLIVE_LANG=zh``, or the locale's). Columns and rows are reached as in the frame:
    ``table["change"]``, ``table[["indicator", "change"]]``.

    Attributes
    ----------
    frame : pandas.DataFrame
    title : Label
    units : mapping of str to str
        Unit of each column; empty for text, ``"by row"`` where the column ``unit`` tells it.
    labels : mapping of str to Label
        Label of each column.
    words : mapping of str to mapping of str to Label
        For columns of names: the label of each name.
    notes : tuple of Label
        Conventions, thresholds and what was suppressed.
    synthetic : bool
        Whether the households are generated; every form of the table says so first.
    places : mapping of str to int
        Decimals of the pure numbers of a column, four where none are named.

    Examples
    --------
    >>> table = Table(
    ...     frame=pd.DataFrame({"county": ["linhai"], "households": [1234.0]}),
    ...     title=Label("户数", "households"),
    ...     units={"county": "", "households": "households"},
    ...     labels={"county": Label("县", "county"), "households": Label("户数", "households")},
    ... )
    >>> print(table.to_markdown())
    **households**
    <BLANKLINE>
    | county | households |
    | --- | ---: |
    | linhai | 1,234 |
    """

    frame: pd.DataFrame
    title: Label
    units: Mapping[str, str]
    labels: Mapping[str, Label]
    words: Mapping[str, Mapping[str, Label]] = field(default_factory=lambda: _NO_WORDS)
    notes: tuple[Label, ...] = ()
    synthetic: bool = False
    places: Mapping[str, int] = field(default_factory=lambda: _NO_PLACES)

    def __getitem__(self, key: Any) -> Any:
        """Return columns or rows of the frame."""
        return self.frame[key]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> pd.Index[Any]:
        """Names of the columns."""
        return self.frame.columns

    def remarks(self, language: Language = "en") -> tuple[str, ...]:
        """Return what must be said with the table: that data are synthetic, then the notes."""
        checked_language(language)
        first = (SYNTHETIC,) if self.synthetic else ()
        return tuple(each.in_language(language) for each in (*first, *self.notes))

    def to_csv(self, path: str | Path, language: Language = "en", *, excel: bool = False) -> None:
        """Write the table as CSV, after lines of remarks that begin with ``#``.

        ``pandas.read_csv(path, comment="#")`` reads it back. The file is written whole or not at
        all. A text that a spreadsheet would run as a formula gets a quotation mark before it.

        Parameters
        ----------
        path : str or pathlib.Path
        language : {"zh", "en"}
            Of the remarks, and of headings and labels for Excel.
        excel : bool
            Write for Excel: headings and labels instead of names, and a byte order mark, without
            which Excel shows Chinese as garbage. Numbers stay plain.
        """
        if excel:
            text = BYTE_ORDER_MARK + csv_text(*self.labelled(language), self.remarks(language))
        else:
            text = frame_text(self.frame, self.remarks(language))
        write_text(path, text)

    def to_excel(self, path: str | Path, language: Language = "en") -> None:
        """Write the table as a workbook (xlsx), remarks on a sheet before it.

        See `olive.analysis.spreadsheets.write_workbook`, which takes several tables.
        """
        write_workbook(path, [self], language)

    def to_markdown(self, language: Language = "en") -> str:
        """Return the table in Markdown with labels and remarks."""
        title = self.title.in_language(language)
        return as_markdown(title, *self.texts(language), self.numeric, self.remarks(language))

    def to_latex(self, language: Language = "en") -> str:
        """Return the table as a LaTeX ``table`` (booktabs) with labels and remarks."""
        title = self.title.in_language(language)
        return as_latex(title, *self.texts(language), self.numeric, self.remarks(language))

    def to_arrow(self) -> pa.Table:
        """Return names and numbers as an Arrow table; units, labels and remarks are metadata."""
        table = pa.Table.from_pandas(self.frame, preserve_index=False)
        fields = [
            each.with_metadata({"unit": self.units[each.name], **self.labels[each.name]._asdict()})
            for each in table.schema
        ]
        about = {
            "title": self.title._asdict(),
            "synthetic": self.synthetic,
            "notes": [note._asdict() for note in self.notes],
        }
        metadata = {"olive": json.dumps(about, ensure_ascii=False)}
        return table.cast(pa.schema(fields, metadata=metadata))

    def _repr_html_(self) -> str:
        language = spoken()
        title = self.title.in_language(language)
        return as_html(title, *self.texts(language), self.numeric, self.remarks(language))

    def block(self, language: Language = "en") -> TextTable:
        """Return the table as it is laid out on a terminal."""
        heads, rows = self.texts(language)
        if "unit" in self.frame.columns:  # the unit of a pure number says nothing in a label
            at = list(self.columns).index("unit")
            for row, unit in zip(rows, self.frame["unit"], strict=True):
                row[at] = "" if unit in PURE_UNITS else row[at]
        return TextTable.of_rows(self.title.in_language(language), heads, rows, self.numeric)

    def to_text(self, language: Language = "en", *, width: int = 80) -> str:
        """Return the table with labels and remarks, in lines that fit a width.

        Columns that do not fit stand in a block below.

        Parameters
        ----------
        language : {"zh", "en"}
        width : int
            Columns of the terminal or page; a Chinese character takes two.
        """
        into = StringIO()
        console = Console(
            file=into,
            width=width,
            color_system=None,
            force_jupyter=False,
            markup=False,
            emoji=False,
        )
        self.block(language).print(console)
        lines = [line.rstrip() for line in into.getvalue().splitlines()]
        remarks = [wrapped(remark, width) for remark in self.remarks(language)]
        return "\n".join([*remarks[: self.synthetic], *lines, *remarks[self.synthetic :]]).rstrip()

    def __repr__(self) -> str:
        return self.to_text(spoken())

    @property
    def numeric(self) -> list[bool]:
        """Whether each column holds numbers."""
        return [bool(self.units[name]) for name in self.columns]

    def texts(self, language: Language = "en") -> tuple[list[str], list[list[str]]]:
        """Return headings and cells as they are shown in a language."""
        head = [self.labels[name].in_language(language) for name in self.columns]
        rows = [
            [self._cell(name, record, language) for name in self.columns]
            for record in self.frame.to_dict("records")
        ]
        return head, rows

    def labelled(self, language: Language = "en") -> tuple[list[str], list[list[Any]]]:
        """Return headings with their unit, and rows: labels for names, numbers as they are."""
        head = []
        for name in self.columns:
            label, of_column = self.labels[name].in_language(language), self.units[name]
            if of_column not in {"", UNIT_OF_ROW, UNIT_OF_FIGURE}:
                label += f" [{self.unit_of(name, language)}]"
            head.append(label)
        rows = [
            [self._label(name, record[name], language) for name in self.columns]
            for record in self.frame.to_dict("records")
        ]
        return head, rows

    def unit_of(self, column: str, language: Language = "en") -> str:
        """Return the unit of a column, as the words of the table call it."""
        unit = self.units[column]
        word = {**UNITS, **self.words.get("unit", {})}.get(unit)
        return word.in_language(language) if word else unit

    def _label(self, name: str, value: Any, language: Language) -> Any:
        word = self.words.get(name, {}).get(value) if isinstance(value, str) else None
        if word is not None:
            return word.in_language(language)
        return None if value != value else value  # noqa: PLR0124 - NaN

    def _cell(self, name: str, record: Mapping[Any, Any], language: Language) -> str:
        value, unit = record[name], self.units[name]
        if not unit:
            return as_text(self._label(name, value, language), "")
        own = str(record["unit"]) if unit == UNIT_OF_ROW else unit
        return as_text(value, own, self.places.get(name, 4))


def placed_table(
    place: Place,
    frame: pd.DataFrame,
    title: Label,
    columns: Mapping[str, ColumnWords],
    *,
    words: Mapping[str, Mapping[str, Label]] = _NO_WORDS,
    notes: tuple[Label, ...] = (),
    synthetic: bool = False,
) -> Table:
    """Return a frame as a table whose amounts are in the currency of a place.

    Of ``columns`` those of the frame are taken; everything else is as in `Table`.
    """
    known = words_of(place, columns)
    units = {name: known[name].unit for name in frame.columns}
    labels = {name: known[name].label for name in frame.columns}
    told = {"unit": unit_labels(place), **words}
    return Table(frame, title, units, labels, told, notes, synthetic)
