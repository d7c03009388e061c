"""A table of the analysis on a terminal, and several of them as one CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console

from olive.analysis.spreadsheets import frame_text
from olive.analysis.table import Table
from olive.analysis.terminal_table import print_wrapped
from olive.native.files import write_text
from olive.places.labels import Language


def print_table(table: Table, language: Language, console: Console) -> None:
    """Print a table: columns of names become the label of each row."""
    table.block(language).print(console)


def print_remarks(tables: Sequence[Table], language: Language, console: Console) -> None:
    """Print what must be said with the tables, each remark once."""
    for remark in _remarks(tables, language):
        print_wrapped(remark, console)


def write_tables(tables: Sequence[Table], path: Path, language: Language) -> None:
    """Write the rows of tables below each other as CSV, after their remarks as ``#`` lines."""
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    write_text(path, frame_text(frame, _remarks(tables, language)))


def _remarks(tables: Sequence[Table], language: Language) -> list[str]:
    return list(dict.fromkeys(each for table in tables for each in table.remarks(language)))
