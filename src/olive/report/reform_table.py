"""A reform on a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from olive.engine import Operation, Reform

_COLUMNS = ("parameter", "operation", "value", "range", "status", "clause", "source", "note")


def print_reform(reform: Reform, console: Console) -> None:
    """Print the label of a reform, its operations in order, and how many are assumed."""
    title = " · ".join(each for each in (reform.label, reform.zh) if each)
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    for operation in reform.operations:
        table.add_row(*_cells(operation))
    console.print(table)
    assumed = dict.fromkeys(each.parameter for each in reform.assumptions)
    if assumed:
        console.print(
            f"Neither law nor published ({len(assumed)}): {', '.join(assumed)}", highlight=False
        )


def _cells(operation: Operation) -> tuple[str, ...]:
    value = _lines(operation.value)
    if operation.path:
        value = "\n".join(f"{year}: {_lines(step)}" for year, step in operation.path)
    allowed = ""
    if operation.range is not None:
        low, high = ("any" if end is None else f"{end:.12g}" for end in operation.range)
        allowed = f"{low} to {high}"
    return (
        operation.parameter,
        operation.word,
        value,
        allowed,
        operation.status,
        operation.clause,
        operation.source,
        operation.note,
    )


def _lines(value: object) -> str:
    """Return a figure, or the entries of a table one below the other."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {each}" for key, each in value.items())
    return str(value)
