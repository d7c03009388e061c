"""A table of the analysis on a terminal, and several of them as one CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console

from olive.analysis.spreadsheets import frame_text
from olive.analysis.table import Table
from olive.native.files import write_text
from olive.report.terminal_table import Block, Column, indented
from olive.report.words import Language


def print_table(table: Table, language: Language, console: Console) -> None:
    """Print a table: columns of names become the label of each row."""
    heads, rows = table.texts(language)
    names = [at for at, number in enumerate(table.numeric) if not number]
    *outer, last = names
    labels = [row[last] for row in rows]
    groups = [" · ".join(row[at] for at in outer) for row in rows] if outer else labels
    alone = {group for group in groups if outer and groups.count(group) == 1}
    lines = indented(
        [
            f"{group} · {label}" if group in alone else group
            for group, label in zip(groups, labels, strict=True)
        ],
        labels,
    )
    columns = [
        Column(head, ["" if row is None else rows[row][at] for _, row in lines])
        for at, head in enumerate(heads)
        if at not in names
    ]
    head = " · ".join(heads[at] for at in names)
    title = table.title.in_language(language)
    Block(title, head, [label for label, _ in lines], columns).print(console)


def print_remarks(tables: Sequence[Table], language: Language, console: Console) -> None:
    """Print what must be said with the tables, each remark once."""
    for remark in _remarks(tables, language):
        console.print(remark, markup=False)


def write_tables(tables: Sequence[Table], path: Path, language: Language) -> None:
    """Write the rows of tables below each other as CSV, after their remarks as ``#`` lines."""
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    write_text(path, frame_text(frame, _remarks(tables, language)))


def _remarks(tables: Sequence[Table], language: Language) -> list[str]:
    return list(dict.fromkeys(each for table in tables for each in table.remarks(language)))
