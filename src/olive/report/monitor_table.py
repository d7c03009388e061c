"""Progress of the plan's indicators and targets on a terminal and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from olive.analysis.spreadsheets import csv_text
from olive.native.files import write_text
from olive.places.labels import Language
from olive.places.plan import Plan, Progress
from olive.places.plan.monitoring import STANDINGS, by_group
from olive.report.plan_words import group_name, plan_word

_TEXTS = ("clause", "quote")
_NUMBERS = ("target_value", "deadline", "latest", "year", "gap", "progress", "pace", "pace_needed")
_CSV = (
    "clause",
    "group",
    "kind",
    "comparator",
    "target_value",
    "unit",
    "period",
    "deadline",
    "year",
    "latest",
    "gap",
    "progress",
    "pace",
    "pace_needed",
    "standing",
    "source",
)
# A plain count (三家, 全覆盖) is read as at least that many.
_SIGNS = {"<=": "≤", ">=": "≥", "=": "≥", ">": ">"}


def print_monitor(
    rows: Sequence[Progress], plan: Plan, language: Language, console: Console
) -> None:
    """Print a row for each clause, the count by group, and how to read them."""
    table = Table(title=plan_word("monitor", language), title_justify="left", title_style="bold")
    for column in _TEXTS:
        table.add_column(plan_word(column, language), overflow="fold", no_wrap=column == "clause")
    for column in _NUMBERS:
        table.add_column(plan_word(column, language), justify="right")
    table.add_column(plan_word("standing", language))
    for row in rows:
        table.add_row(*_cells(row, plan, language))
    console.print(table)
    console.print(_groups(rows, language))
    console.print(plan_word("monitor_note", language), highlight=False)


def monitor_csv(rows: Sequence[Progress], path: Path) -> None:
    """Write the rows as CSV with names and plain numbers; empty cells are unknown."""
    write_text(path, csv_text(_CSV, [list(_record(row).values()) for row in rows]))


def _record(row: Progress) -> dict[str, object]:
    quantity, latest = row.quantity, row.latest
    own = ("clause", "group", "kind", "gap", "progress", "pace", "pace_needed", "standing")
    record: dict[str, object] = dict.fromkeys(_CSV)
    record |= {name: getattr(row, name) for name in own}
    if quantity:
        record |= {name: getattr(quantity, name) for name in ("comparator", "unit", "period")}
        record |= {"target_value": quantity.value, "deadline": quantity.deadline_year}
    if latest:
        record |= {"year": latest.year, "latest": latest.value, "source": latest.source}
    return record


def _cells(row: Progress, plan: Plan, language: Language) -> list[str]:
    record = _record(row)
    quantity = row.quantity
    shown = {name: _shown(record[name]) for name in _NUMBERS}
    if quantity is not None:
        shown["target_value"] = f"{_SIGNS[quantity.comparator]} {quantity.value:,.6g}"
    if row.progress is not None:
        shown["progress"] = f"{row.progress:.0%}"
    for name in ("deadline", "year"):
        shown[name] = str(record[name] or "")
    return [
        row.clause,
        plan.clause(row.clause).quote_zh,
        *(shown[name] for name in _NUMBERS),
        plan_word(row.standing, language),
    ]


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float) else ""


def _groups(rows: Sequence[Progress], language: Language) -> Table:
    title = plan_word("monitor_groups", language)
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(plan_word("group", language))
    for standing in STANDINGS:
        table.add_column(plan_word(standing, language), justify="right")
    for group, counts in by_group(rows).items():
        cells = (str(counts[standing] or "") for standing in STANDINGS)
        table.add_row(group_name(group, language), *cells)
    return table
