"""The coverage of the plan on a terminal and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from olive.native.files import write_text
from olive.plan import CoverageRow
from olive.plan.coverage import LEVER_KINDS, STATUSES
from olive.report.plan_words import plan_word
from olive.report.words import Language

_COLUMNS = ("clause", "quote", "parameters", "variables", "reaches", "status", "reason")


def print_coverage(rows: Sequence[CoverageRow], language: Language, console: Console) -> None:
    """Print a row for each clause, then the count by status and kind."""
    table = Table(title=plan_word("coverage", language), title_justify="left", title_style="bold")
    for column in _COLUMNS:
        table.add_column(plan_word(column, language), overflow="fold", no_wrap=column == "clause")
    for row in rows:
        table.add_row(*_cells(row, language))
    console.print(table)
    console.print(_counts(rows, language))


def coverage_csv(rows: Sequence[CoverageRow], path: Path) -> None:
    """Write the rows as CSV with names, several of them joined by semicolons."""
    text = io.StringIO()
    columns = [*CoverageRow.__dataclass_fields__]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (getattr(row, column) for column in columns)
        writer.writerow(";".join(cell) if isinstance(cell, tuple) else cell for cell in cells)
    write_text(path, text.getvalue())


def _cells(row: CoverageRow, language: Language) -> tuple[str, ...]:
    waiting = row.waits_for or row.left_open
    reason = row.reason
    if waiting:
        key = "waits_for" if row.waits_for else "left_open"
        reason = f"{plan_word(key, language)}: {', '.join(waiting)}"
    return (
        row.clause,
        row.quote_zh,
        "\n".join(row.parameters),
        "\n".join(row.variables),
        "\n".join(plan_word(outcome, language) for outcome in row.reaches),
        plan_word(row.status, language),
        reason,
    )


def _counts(rows: Sequence[CoverageRow], language: Language) -> Table:
    """Return the count by status (rows) and kind of clause (columns)."""
    kinds = [*LEVER_KINDS, *sorted({row.kind for row in rows} - {*LEVER_KINDS})]
    table = Table(title=plan_word("counts", language), title_justify="left", title_style="bold")
    table.add_column(plan_word("status", language))
    for kind in (*kinds, "total"):
        table.add_column(plan_word(kind, language), justify="right")
    counted = Counter((row.status, row.kind) for row in rows)
    for status in STATUSES:
        figures = [counted[status, kind] for kind in kinds]
        table.add_row(plan_word(status, language), *map(str, (*figures, sum(figures))))
    table.add_section()
    totals = [sum(counted[status, kind] for status in STATUSES) for kind in kinds]
    table.add_row(plan_word("total", language), *map(str, (*totals, sum(totals))))
    return table
