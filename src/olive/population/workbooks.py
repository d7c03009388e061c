"""Tables of workbooks: what a sheet shows is read, and what only seems to be there is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

import pandas as pd

from olive.errors import DataError, spelled
from olive.messages import Message, joined
from olive.native.given_numbers import as_float

_SHOWN = 5
# A spreadsheet keeps fifteen digits of a number; the further ones of an identifier are lost.
_EXACT = 10**15


def read_workbook(path: Path) -> tuple[pd.DataFrame, str]:
    """Return the table of a workbook's first visible sheet, and a note where there are others.

    The first row holds the names of the columns. An error of the spreadsheet (``#N/A``) is that
    text; empty rows are left out.

    Raises
    ------
    DataError
        When a cell of the table is merged with one of another row, so that the others are empty,
        or holds a formula whose result the file lacks; when the first row holds a title.
    ImportError
        Without openpyxl.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - only workbooks need it
    except ImportError:
        raise ImportError(
            Message("workbooks need openpyxl; install it: pip install 'olive-microsim[excel]'")
        ) from None
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = next(each for each in book.worksheets if each.sheet_state == "visible")
        sheet.reset_dimensions()  # programs write wrong ones
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        others = len(book.sheetnames) - 1
    finally:
        book.close()
    with ZipFile(path) as archive:
        _refuse_what_is_not_there(archive, path.name, sheet.title)
    note = Message(
        "{name!r}: the sheet {sheet!r} was read, the first visible of {sheets}",
        path.name,
        sheet.title,
        others + 1,
    )
    return _table(rows, path.name), note if others else ""


def _table(rows: list[list[Any]], name: str) -> pd.DataFrame:
    filled = [row for row in rows if any(map(_is_there, row))]
    if not filled:
        raise DataError("{name!r}: the sheet holds no table", name)
    heads, *body = filled
    width = max((n + 1 for row in filled for n, cell in enumerate(row) if _is_there(cell)))
    names = [spelled(cell).strip() if _is_there(cell) else "" for cell in _padded(heads, width)]
    columns = [
        [_plain(cell) for cell in cells]
        for cells in zip(*(_padded(row, width) for row in body), strict=True)
    ] or [[]] * width
    used = [n for n in range(width) if names[n] or any(map(_is_there, columns[n]))]
    unnamed = [n for n in used if not names[n]]
    if unnamed:
        raise DataError(
            "{name!r}: the first row must hold the names of the columns, but that of column "
            "{column} is empty; is the first row a title?",
            name,
            _letters(unnamed[0]),
        )
    given = [names[n] for n in used]
    repeated = sorted({each for each in given if given.count(each) > 1})
    if repeated:
        raise DataError("{name!r} has the column {repeated!r} more than once", name, repeated[0])
    return pd.DataFrame({names[n]: pd.Series(columns[n], dtype=object) for n in used})


def _is_there(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _padded(row: list[Any], width: int) -> list[Any]:
    return [*row[:width], *[None] * (width - len(row))]


def _plain(cell: Any) -> Any:
    """Return 5 for 5.0, since a spreadsheet knows no difference; long numbers stay inexact."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return cell
    if abs(cell) >= _EXACT:
        return as_float(cell)
    return int(cell) if float(cell).is_integer() else cell


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    >>> _letters(0), _letters(25), _letters(27)
    ('A', 'Z', 'AB')
    """
    first, last = divmod(column, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def _refuse_what_is_not_there(archive: ZipFile, name: str, sheet: str) -> None:
    """Refuse formulas without a result and cells merged over rows; their values read as empty."""
    unsolved, merged = [], []
    with archive.open(_part_of(archive, sheet)) as stream:
        for tag, element in _elements(stream):
            if tag == "c" and _lacks_its_result(element):
                unsolved.append(element.get("r", "?"))
            elif tag == "mergeCell" and _over_rows(element.get("ref", "")):
                merged.append(element.get("ref"))
            if tag == "row":
                element.clear()
    if unsolved:
        raise DataError(
            "{name!r}, sheet {sheet!r}: the file lacks the results of {number} formula(s), in "
            "{cells}; open it in a spreadsheet, let it compute, and save it again",
            name,
            sheet,
            len(unsolved),
            _listed(unsolved),
        )
    if merged:
        raise DataError(
            "{name!r}, sheet {sheet!r}: cells of several rows are merged ({cells}), so that only "
            "the first of them holds the value; unmerge them and write the value into each row "
            "that it is of",
            name,
            sheet,
            _listed(merged),
        )


def _listed(cells: Sequence[str]) -> str:
    return joined(cells[:_SHOWN]) + (", ..." if len(cells) > _SHOWN else "")


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Yield the elements of an XML file by their local name, each when it ends."""
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415 - see above

    for _, element in iterparse(stream):
        yield element.tag.rpartition("}")[2], element


def _part_of(archive: ZipFile, sheet: str) -> str:
    """Return the part of a workbook that holds a sheet (ECMA-376, part 1, 18.2.19)."""
    target = ""
    with archive.open("xl/workbook.xml") as stream:
        for tag, element in _elements(stream):
            if tag == "sheet" and element.get("name") == sheet:
                target = next(value for key, value in element.items() if key.endswith("}id"))
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        for tag, element in _elements(stream):
            if tag == "Relationship" and element.get("Id") == target:
                place = element.get("Target")
                return place.lstrip("/") if place.startswith("/") else f"xl/{place}"
    raise KeyError(sheet)


def _lacks_its_result(cell: Any) -> bool:
    children = {child.tag.rpartition("}")[2]: child for child in cell}
    value = children.get("v")
    # A formula may give an empty text, which is a result of type "str".
    return "f" in children and cell.get("t") != "str" and (value is None or not value.text)


def _over_rows(reference: str) -> bool:
    """Say whether a merged range covers several rows below that of the names of the columns.

    >>> _over_rows("A1:H1"), _over_rows("B3:B5"), _over_rows("A1:A2")
    (False, True, False)
    """
    first, _, last = reference.partition(":")
    rows = [int("".join(filter(str.isdigit, cell)) or 0) for cell in (first, last)]
    return max(rows[0], 2) < rows[1]
