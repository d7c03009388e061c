"""Progress of the plan's indicators and targets on a terminal and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from olive.analysis.spreadsheets import csv_text
from olive.analysis.terminal_table import TextColumn, TextTable, print_wrapped
from olive.native.files import write_text
from olive.places.labels import Language
from olive.places.plan import Plan, Progress
from olive.places.plan.monitoring import STANDINGS, by_group
from olive.report.plan_words import group_name, plan_word

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
    cells = [_cells(row, language) for row in rows]
    columns = [
        TextColumn(plan_word(name, language), column)
        for name in (*_NUMBERS, "standing")
        if any(column := [each[name] for each in cells])
    ]
    TextTable(
        plan_word("monitor", language),
        plan_word("clause", language),
        [row.clause for row in rows],
        columns,
        asides=[plan.clause(row.clause).quote_zh for row in rows],
    ).print(console)
    _groups(rows, language).print(console)
    print_wrapped(plan_word("monitor_note", language), console)


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


def _cells(row: Progress, language: Language) -> dict[str, str]:
    record = _record(row)
    quantity = row.quantity
    shown = {name: _shown(record[name]) for name in _NUMBERS}
    if quantity is not None:
        shown["target_value"] = f"{_SIGNS[quantity.comparator]} {quantity.value:,.6g}"
    if row.progress is not None:
        shown["progress"] = f"{row.progress:.0%}"
    for name in ("deadline", "year"):
        shown[name] = str(record[name] or "")
    return {**shown, "standing": plan_word(row.standing, language)}


def _shown(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float) else ""


def _groups(rows: Sequence[Progress], language: Language) -> TextTable:
    groups = by_group(rows)
    columns = [
        TextColumn(plan_word(standing, language), [str(count or "") for count in counts])
        for standing in STANDINGS
        if any(counts := [each[standing] for each in groups.values()])
    ]
    labels = [group_name(group, language) for group in groups]
    return TextTable(
        plan_word("monitor_groups", language), plan_word("group", language), labels, columns
    )
