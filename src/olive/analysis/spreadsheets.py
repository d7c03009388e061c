"""Tables for spreadsheets: CSV that a spreadsheet opens unharmed, and workbooks (xlsx)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from olive.errors import OutputError
from olive.native.files import write_bytes

if TYPE_CHECKING:
    import os

    from olive.places.labels import Label, Language

# By it, Excel tells that a CSV file is UTF-8; without it Chinese is shown as garbage.
BYTE_ORDER_MARK = "\ufeff"
# With one of these a spreadsheet takes a text for a formula, and runs it.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-]?[\d.,]+([eE][+\-]?\d+)?%?")
_TITLE_LENGTH = 31
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST = 60


def harmless(cell: Any) -> Any:
    """Return a cell that a spreadsheet does not run: a text like a formula gets a quotation mark.

    >>> harmless("=cmd|x!A1"), harmless("+1.5 %"), harmless("-1.5"), harmless(-1.5)
    ("'=cmd|x!A1", "'+1.5 %", '-1.5', -1.5)
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")  # which csv would not put in quotes
    return f"'{text}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else text


def csv_text(
    head: Sequence[str], rows: Iterable[Sequence[Any]], remarks: Sequence[str] = ()
) -> str:
    r"""Return rows as CSV after lines of remarks that begin with ``#``.

    >>> csv_text(["a", "b"], [[1, "=b"], [None, "x"]], ["note"])
    "# note\na,b\n1,'=b\n,x\n"
    """
    text = io.StringIO()
    for remark in remarks:
        text.write(f"# {' '.join(remark.splitlines())}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(harmless, head))
    writer.writerows(map(harmless, row) for row in rows)
    return text.getvalue()


def frame_text(frame: pd.DataFrame, remarks: Sequence[str] = ()) -> str:
    """Return a frame as CSV after lines of remarks that begin with ``#``; nothing for NaN."""
    columns = [frame[name].astype(object) for name in frame.columns]
    cells = [column.where(column.notna(), None) for column in columns]
    return csv_text([str(name) for name in frame.columns], zip(*cells, strict=True), remarks)


class Sheet(Protocol):
    """What a sheet of a workbook shows."""

    @property
    def title(self) -> Label:
        """What stands above it."""

    def remarks(self, language: Language, /) -> Sequence[str]:
        """Return what must be said with it."""

    def labelled(self, language: Language, /) -> tuple[list[str], list[list[Any]]]:
        """Return headings and rows."""


def write_workbook(
    path: str | os.PathLike[str],
    tables: Sequence[Sheet],
    language: Language = "en",
    *,
    about: Mapping[str, str] | None = None,
) -> None:
    """Write tables as a workbook (xlsx): what must be said with them first, then a sheet each.

    Parameters
    ----------
    tables : sequence of Table
        Sheets hold labels and plain numbers: shares are fractions of 1, money is yuan a year.
    language : {"zh", "en"}
        Of headings, labels and remarks.
    about : mapping of str to str, optional
        Further lines of the first sheet, such as where the data come from.

    Raises
    ------
    OutputError
        When openpyxl is not installed (``pip install 'olive-microsim[excel]'``), or the file
        cannot be written.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise OutputError(
            "{path}: workbooks need openpyxl; install it: pip install 'olive-microsim[excel]'", path
        ) from error
    book = Workbook()
    first = book.active
    first.title = {"zh": "说明", "en": "Notes"}[language]
    titles = ([each.title.in_language(language)] for each in tables)
    said = dict.fromkeys(remark for table in tables for remark in table.remarks(language))
    _fill(first, [*titles, *(about or {}).items(), [], *([remark] for remark in said)])
    for table in tables:
        sheet = book.create_sheet(_sheet_title(table.title.in_language(language), book.sheetnames))
        head, rows = table.labelled(language)
        _fill(sheet, [head, *rows])
        sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    write_bytes(path, content.getvalue())


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows; a text stays a text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 - an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if value is None or value != value:  # noqa: PLR0124 - NaN
                continue
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                text = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.value = text
                cell.data_type = "s"
                width = sheet.column_dimensions[get_column_letter(column)]
                width.width = min(max(width.width, len(text) + 2), _WIDEST)
            else:
                cell.value = value.item() if hasattr(value, "item") else value


def _sheet_title(title: str, taken: Sequence[str]) -> str:
    """Return a title that a workbook allows and does not have yet.

    >>> _sheet_title("a/b: " + "x" * 40, ["a b  xxxxxxxxxxxxxxxxxxxxxxxxxx"])
    'a b  xxxxxxxxxxxxxxxxxxxxxxxx 2'
    """
    plain = _NO_TITLE.sub(" ", title).strip("' ") or "-"
    known = {name.casefold() for name in taken}
    found, number = plain[:_TITLE_LENGTH], 1
    while found.casefold() in known:
        number += 1
        ending = f" {number}"
        found = plain[: _TITLE_LENGTH - len(ending)] + ending
    return found
