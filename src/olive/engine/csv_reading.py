"""Reading CSV written by people and spreadsheets: any usual encoding, faults with their line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from olive.errors import Faults, OliveError, tell
from olive.messages import Message

_LINE = re.compile("\r\n|\r|\n")
_SEPARATORS = (",", "\t", ";", "，", "；", "|")
_QUOTED = re.compile('"[^"]*"')
# With semicolons between cells the comma may be that of decimals: 1.2, or 1200?
_UNCLEAR = re.compile("[+-]?[0-9]{1,3},[0-9]{3}")
# Where bytes that are no GB18030 text end up when they are read as such.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SHOWN_FAULTS = 20


class CsvFault(OliveError):
    """A CSV file cannot be read; the message gives file, line and remedy."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The cells of a CSV file, as text.

    Attributes
    ----------
    name : str
        Name of the file, for messages.
    heads : tuple of str
        The first row, all different.
    rows : tuple of (int, list of str)
        Line in the file, counted from 1, and one cell for each head; blank rows are left out.
    note : str
        How the file was decoded, when it is not UTF-8; else empty.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    note: str

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the line and the cells by head, without blanks at their ends."""
        for line, row in self.rows:
            cells = (cell.strip() for cell in row)
            yield line, dict(zip(self.heads, cells, strict=True))

    def warn_of_encoding(self) -> None:
        """Warn when the file was not UTF-8, so that nobody is surprised by odd characters."""
        if self.note:
            tell(self.note)


def read_csv_file(path: str | Path, *, remarks: bool) -> CsvTable:
    """Return the cells of a CSV file.

    Parameters
    ----------
    path : str or pathlib.Path
        Commas, tabs or semicolons between cells; UTF-8, UTF-16 with its mark, or GB18030 (GBK),
        which spreadsheets in China save.
    remarks : bool
        Lines that begin with ``#`` are remarks, and every row is on one line.

    Raises
    ------
    CsvFault
        When the file cannot be read or decoded, has no row, repeats a head, or has rows of another
        length than its first; lists every such row.
    """
    if not isinstance(path, (str, Path)):
        raise CsvFault("the path of a file is needed, not {type}", type(path).__name__)
    path = Path(path)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or error
        raise CsvFault("{path}: cannot be read ({reason})", path, reason) from None
    text, encoding = decoded(content, str(path))
    note = ""
    if encoding != "UTF-8":
        note = Message("{name} is not UTF-8, it was read as {encoding}", path.name, encoding)
    return parse_csv(text, str(path), remarks=remarks, note=note)


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """Return bytes as text, and the encoding that they are in.

    Examples
    --------
    >>> decoded("台州".encode("gbk"), "a.csv"), decoded("台州".encode(), "a.csv")
    (('台州', 'GB18030'), ('台州', 'UTF-8'))
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["UTF-16"]
    elif content.startswith(b"\xef\xbb\xbf"):  # marked as UTF-8: what is none is damaged
        encodings = ["UTF-8"]
    else:
        encodings = ["UTF-8", "GB18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\0" in text or (encoding == "GB18030" and _PRIVATE.search(text)):
            break
        return text, encoding
    raise CsvFault(
        "{name}: is no text in UTF-8 or GB18030 (a workbook or another kind of "
        "file?); save it as CSV in UTF-8",
        name,
    )


def parse_csv(text: str, name: str, *, remarks: bool, note: str = "") -> CsvTable:
    r"""Return the cells of CSV text; ``name`` stands in messages. See `read_csv_file`.

    Examples
    --------
    >>> parse_csv("a,b\n1,2\n", "x.csv", remarks=True).rows
    ((2, ['1', '2']),)
    """
    written = (line for line in _LINE.split(text) if line.strip())
    head = next((line for line in written if not (remarks and _is_remark(line))), "")
    separator = max(_SEPARATORS, key=_QUOTED.sub("", head).count)
    lines = (_by_line if remarks else _across_lines)(text, name, separator)
    rows = [(line, row) for line, row in lines if any(cell.strip() for cell in row)]
    if not rows:
        raise CsvFault("{name}: holds no table", name)
    heads = [head.strip() for head in rows[0][1]]
    while not heads[-1]:  # spreadsheets add empty columns
        heads.pop()
    faults = Faults()
    repeated = sorted({head for head in heads if heads.count(head) > 1})
    if repeated:
        here = faults.at(Message("line {line}", rows[0][0]))
        here.note("the column {repeated!r} stands twice", repeated[0])
    body = []
    for line, row in rows[1:]:
        here = faults.at(Message("line {line}", line))
        if len(row) < len(heads) or any(cell.strip() for cell in row[len(heads) :]):
            here.note("{cells} cells, but {columns} columns", len(row), len(heads))
        unclear = [cell for cell in row if separator == ";" and _UNCLEAR.fullmatch(cell.strip())]
        if unclear:
            here.note(
                "{cell} between semicolons may have a decimal comma, or be in thousands; "
                "write numbers with a decimal point and without separators",
                unclear[0],
            )
        body.append((line, row[: len(heads)]))
    if faults and len(heads) == 1:
        faults.note("the first row must hold the names of the columns; is it a title?")
    _raise(name, faults)
    return CsvTable(Path(name).name, tuple(heads), tuple(body), note)


def _by_line(text: str, name: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return rows that each are on one line; remarks are left out."""
    rows = []
    faults = Faults()
    for number, line in enumerate(_LINE.split(text), 1):
        if not line.strip() or _is_remark(line):
            continue
        try:
            rows.append((number, next(csv.reader([line], delimiter=separator, strict=True))))
        except csv.Error as error:
            faults.at(Message("line {line}", number)).note(_in_words(error))
    _raise(name, faults)
    return rows


def _across_lines(text: str, name: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return rows whose quoted cells may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CsvFault("{name}, line {line}: {reason}", name, line, _in_words(error)) from None
    return rows


def _is_remark(line: str) -> bool:
    return line.lstrip().startswith("#")


def _in_words(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return Message("a quoted cell runs over several lines; keep a row on one line")
    if "field limit" in str(error):
        return Message(
            "a cell of more than {limit:,} characters; is a quote missing?", csv.field_size_limit()
        )
    return Message("no CSV ({error})", error)


def _raise(name: str, faults: Faults) -> None:
    more = len(faults) - _SHOWN_FAULTS
    if more > 0:
        faults.found[_SHOWN_FAULTS:] = [Message("and {more} more", more)]
    faults.raise_as(CsvFault, "{name} has faults:\n  {faults}", name=name)
