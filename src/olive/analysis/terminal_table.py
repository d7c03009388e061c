"""Tables on a terminal: as many columns side by side as fit, the others in a block below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from olive.analysis.rendering import MISSING

_WIDEST_HEAD, _WIDEST_CELL = 10, 18  # longer ones fold
_LEAST_LABEL = 24
_EMPTY = ("", MISSING)
_ASIDE = "  "  # before a remark
_GAP = 1  # between columns, beside the one that every table has


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column of figures: its heading and its cells."""

    head: str
    cells: Sequence[str]

    @property
    def folded(self) -> str:
        """The heading; a long Chinese one goes on in a line of its own from its bracket."""
        if cell_len(self.head) <= _WIDEST_HEAD:
            return self.head
        return self.head.replace("（", "\n（", 1)

    @property
    def unfolded(self) -> int:
        """Columns of the terminal that it takes with its heading and its cells whole."""
        return max(cell_len(self.head), self._widest_cell)

    @property
    def width(self) -> int:
        """Columns of the terminal that it takes: its cells whole, its heading folded.

        >>> TextColumn("变化（方案－现行）", ["+811"]).width
        14
        """
        head = max(map(cell_len, self.folded.split("\n")))
        if self.head.isascii():  # words stay whole
            head = max([min(head, _WIDEST_HEAD), *map(len, self.head.split())])
        return max(head, min(self._widest_cell, _WIDEST_CELL))

    @property
    def _widest_cell(self) -> int:
        return max((cell_len(line) for cell in self.cells for line in cell.split("\n")), default=0)


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows with a label each, and columns of figures; headings of groups have empty cells.

    Attributes
    ----------
    title, head : str
        Of the table, and of the labels.
    labels : sequence of str
    columns : sequence of TextColumn
    asides : sequence of str
        A remark under each label; empty for none.
    styles : sequence of str
        How each row is shown, as rich calls it (``"red"``); empty for none.
    """

    title: str
    head: str
    labels: Sequence[str]
    columns: Sequence[TextColumn]
    asides: Sequence[str] = ()
    styles: Sequence[str] = ()

    @classmethod
    def of_rows(
        cls,
        title: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Sequence[bool],
    ) -> TextTable:
        """Return the block of a tidy table: columns of names become the label of each row.

        Rows that agree in the first name stand under one heading. Where every column
        holds numbers, the first is the label.

        Parameters
        ----------
        title : str
        heads : sequence of str, length k
        rows : sequence of sequences of str, n of length k
        numeric : sequence of bool, length k
            Which columns hold figures.

        Examples
        --------
        >>> rows = [["poor", "13,000", "1"], ["gap", "13,000", "2"], ["poor", "26,000", "3"]]
        >>> TextTable.of_rows("", ["what", "line", ""], rows, [False, False, True]).labels
        ['poor · 13,000', 'gap · 13,000', 'poor · 26,000']
        >>> TextTable.of_rows("", ["what", ""], [], [False, True]).labels
        []
        """
        first, *others = _keys(rows, numeric)
        groups = [row[first] for row in rows]
        labels = [_joined(row[at] for at in others) or row[first] for row in rows]
        whole = [_joined(row[at] for at in (first, *others)) for row in rows]
        before, after = [None, *groups][:-1], [*groups, None][1:]  # none where there are no rows
        lines = indented(
            [
                group if others and group in beside else text
                for group, text, *beside in zip(groups, whole, before, after, strict=True)
            ],
            labels,
        )
        columns = [
            TextColumn(head, ["" if row is None else rows[row][at] for _, row in lines])
            for at, head in enumerate(heads)
            if at not in (first, *others)
        ]
        head = _joined(heads[at] for at in (first, *others))
        return cls(title, head, [label for label, _ in lines], columns)

    def rows(self) -> list[tuple[str, str, list[str] | None]]:
        """Return each label with its remark and its cells; no cells for the heading of a group."""
        found: list[tuple[str, str, list[str] | None]] = []
        for row, label in enumerate(self.labels):
            cells = [column.cells[row] for column in self.columns]
            aside = self.asides[row] if self.asides else ""
            found.append((label, aside, cells if any(cells) else None))
        return found

    def print(self, console: Console) -> None:
        """Print the table, in several blocks where the terminal is narrow."""
        widest = max(map(cell_len, [self.head, *self.labels]))
        lines = [line for aside in self.asides for line in aside.split("\n")]
        widest = max(widest, min(max(map(cell_len, lines), default=0) + len(_ASIDE), console.width))
        if self.title:
            print_wrapped(self.title, console, style="bold")
        told: set[int] = set()
        for columns, gap, width, unfolded in self._parts(console.width, widest):
            table = Table(
                box=box.SIMPLE_HEAD, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False
            )
            table.add_column(self.head, width=width, overflow="fold")
            for column in columns:
                head = column.head if unfolded else column.folded
                taken = column.unfolded if unfolded else column.width
                table.add_column(head, width=taken, justify="right", overflow="fold")
            for row, (label, aside, cells) in enumerate(self.rows()):
                here = [column.cells[row] for column in columns]
                if any(here) or cells is None:
                    shown = _labelled(label, "" if row in told else aside, width, console)
                    table.add_row(shown, *here, style=self.styles[row] if self.styles else None)
                    told.add(row)
            console.print(table)
            console.print()

    def _parts(self, room: int, widest: int) -> list[tuple[list[TextColumn], int, int, bool]]:
        """Return columns, space between them, width of labels, and whether headings are whole.

        One table where it fits, at last with headings folded and columns close to each other;
        else the columns in several tables.
        """
        every = list(self.columns)
        left = room - max((each.width for each in every), default=0) - _GAP - 1
        whole = max(_LEAST_LABEL, min(self._longest_word(), left))
        width = min(widest, max(whole, room * 2 // 5))
        for unfolded, gap in ((True, _GAP), (False, _GAP), (False, 0)):
            taken = sum((each.unfolded if unfolded else each.width) + gap + 1 for each in every)
            least = width if gap else min(width, whole)
            if least + taken <= room:
                return [(every, gap, min(widest, room - taken), unfolded)]
        return [(columns, _GAP, width, False) for columns in _packed(every, room - width)]

    def _longest_word(self) -> int:
        asides = (_ASIDE + piece.strip() for aside in self.asides for piece in _pieces(aside))
        labels = (piece.strip() for label in self.labels for piece in _pieces(label))
        return max(map(cell_len, (*asides, *labels)), default=0)


def _keys(rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[int]:
    """Return the columns that tell rows apart: those of names, and a figure where they do not.

    >>> _keys([["up", "100", "7"], ["up", "200", "7"]], [False, True, True])
    [0, 1]
    """
    names = [at for at, number in enumerate(numeric) if not number] or [0]
    figures = [at for at in range(len(numeric)) if at not in names]
    for keys in (names, *([*names, at] for at in figures)):
        if len({tuple(row[at] for at in keys) for row in rows}) == len(rows):
            return keys
    return names


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(text for text in texts if text not in _EMPTY)


def _labelled(label: str, aside: str, width: int, console: Console) -> Text:
    """Return a label that folds within its width, with its remark in dim letters under it."""
    indent = " " * _indent(label)
    lines = wrapped(label.lstrip(), width - len(indent)).split("\n")
    told = [(indent + line, "") for line in lines]
    for each in aside.split("\n") if aside else ():
        under = wrapped(each, width - len(_ASIDE)).split("\n")
        told += [(_ASIDE + line, "dim") for line in under]
    return Text("\n").join(
        console.render_str(line, style=style, markup=False, emoji=False, highlight=False)
        for line, style in told
    )


def _indent(label: str) -> int:
    return len(label) - len(label.lstrip())


def _packed(columns: Sequence[TextColumn], room: int) -> list[list[TextColumn]]:
    """Return the columns in groups that fit beside the labels; one at least in each."""
    groups: list[list[TextColumn]] = [[]]
    used = 0
    for column in columns:
        needed = column.width + _GAP + 1
        if groups[-1] and used + needed > room:
            groups.append([])
            used = 0
        groups[-1].append(column)
        used += needed
    return groups


def indented(groups: Sequence[str], labels: Sequence[str]) -> list[tuple[str, int | None]]:
    """Return the lines of a table in groups: a group of one is its own line, others get a heading.

    Parameters
    ----------
    groups, labels : sequence of str
        Of each row; rows of a group stand together.

    Returns
    -------
    list of (str, int or None)
        Text of each line, and the position of its row; none for a heading.

    >>> indented(["Gini", "share", "share"], ["all", "households", "persons"])
    [('Gini', 0), ('share', None), ('  households', 1), ('  persons', 2)]
    """
    lines: list[tuple[str, int | None]] = []
    starts = [at for at in range(len(groups)) if not at or groups[at] != groups[at - 1]]
    for start, end in pairwise([*starts, len(groups)]):
        if end - start == 1:
            lines.append((groups[start], start))
        else:
            lines.append((groups[start], None))
            lines += [(f"  {labels[row]}", row) for row in range(start, end)]
    return lines


# What does not begin a line, and what does not end one, in Chinese.
_NOT_FIRST = "，。；：、）”！？%…"
_NOT_LAST = "（“"


def wrapped(text: str, width: int) -> str:
    """Return a text in lines that fit; Chinese breaks between any two characters.

    Words of Latin letters and figures stay whole, and no line begins with a closing mark.

    >>> print(wrapped("比例只计家庭户；均值与人口指标含2025年的集体户。", 16))
    比例只计家庭户；
    均值与人口指标含
    2025年的集体户。
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join([*lines, line])


def print_wrapped(text: str, console: Console, style: str = "") -> None:
    """Print a text in lines that fit the terminal, without markup."""
    lines = wrapped(text, console.width)
    console.print(lines, style=style, highlight=False, markup=False, soft_wrap=True)


def _pieces(text: str) -> list[str]:
    """Return what is not to be broken: words, or a character with the marks that belong to it."""
    pieces: list[str] = []
    for character in text:
        last = pieces[-1] if pieces else ""
        within = last and cell_len(last[-1]) == 1 and last[-1] != " " and cell_len(character) == 1
        if last and (within or character in _NOT_FIRST or last[-1] in _NOT_LAST):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
