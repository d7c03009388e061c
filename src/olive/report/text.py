"""The report on a terminal."""

from __future__ import annotations

from typing import Literal

from rich.console import Console
from rich.table import Table

from olive.report.build import PLAN_POSITION, Report
from olive.report.remarks import remarks
from olive.report.rows import heads, policy_name, text_rows
from olive.report.unit_words import source_name, status_name
from olive.report.words import Language, word

_TEXT_COLUMNS = 2
_HUNDRED_MILLION = 1e8
_TEN_THOUSAND = 1e4


def print_report(report: Report, language: Language, console: Console) -> None:
    """Print the report: label, indicators, programmes, assumptions, notes."""
    console.print(word("title", language, place=report.place, year=report.year), style="bold")
    label = "synthetic" if report.synthetic else "own_data"
    console.print(word(label, language), style="yellow")
    console.print(
        word(
            "households",
            language,
            rows=f"{report.sample_households:,}",
            weighted=f"{report.households:,.0f}",
            persons=f"{report.persons:,.0f}",
        )
    )
    console.print(_indicators(report, language))
    console.print(_programmes(report, language))
    console.print(_assumptions(report, language))
    zero = ", ".join(sorted(_assumed_zero(report)))
    if zero:
        console.print(word("assumed_zero", language, names=zero), highlight=False)
    console.print(word("notes", language), style="bold")
    for remark in remarks(report, language):
        console.print("  " + remark, highlight=False)


def _table(title: str, columns: list[str], texts: int) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for position, column in enumerate(columns):
        side: Literal["left", "right"] = "left" if position < texts else "right"
        table.add_column(column, justify=side, overflow="fold")
    return table


def _indicators(report: Report, language: Language) -> Table:
    table = _table(word("targets", language), heads(report, language), _TEXT_COLUMNS)
    before = ""
    for row in text_rows(report, language):
        if before and row[0] != before:
            table.add_section()
        table.add_row("" if row[0] == before else row[0], *row[1:])
        before = row[0]
    return table


def _programmes(report: Report, language: Language) -> Table:
    columns = [
        word("programme", language),
        *(policy_name(label, language, report) for label in report.policies),
        word("change", language),
        word("receiving", language),
    ]
    table = _table(word("programmes", language), columns, 1)
    for each in report.programmes:
        change = each.cost[PLAN_POSITION] - each.cost[PLAN_POSITION - 1]
        table.add_row(
            each.zh if language == "zh" and each.zh else each.en,
            *(f"{cost / _HUNDRED_MILLION:,.2f}" for cost in each.cost),
            f"{change / _HUNDRED_MILLION:+,.2f}",
            f"{each.receiving[PLAN_POSITION] / _TEN_THOUSAND:,.1f}",
        )
    return table


def _assumed_zero(report: Report) -> set[str]:
    """Return the parameters whose only assumed value is zero: named in one line, not a row."""
    values: dict[str, set[str]] = {}
    for each in report.assumptions:
        values.setdefault(each.parameter, set()).add(each.value)
    return {name for name, found in values.items() if found == {"0"}}


def _assumptions(report: Report, language: Language) -> Table:
    columns = [word(key, language) for key in ("parameter", "value", "unit", "status", "source")]
    table = _table(word("assumptions", language), columns, 1)
    zero = _assumed_zero(report)
    for each in report.assumptions:
        if each.parameter in zero:
            continue
        label = each.zh if language == "zh" else each.en
        table.add_row(
            f"{label} ({each.parameter})",
            each.value,
            each.unit,
            status_name(each.status, language),
            source_name(each.source, language),
        )
    for position in (2, 3, 4):
        table.columns[position].justify = "left"
    return table
