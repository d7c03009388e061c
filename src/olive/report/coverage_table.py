"""The coverage of the plan on a terminal and as CSV: what each clause does, and on what basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from olive.analysis.lever_effects import LeverEffect, LeverEffects
from olive.analysis.spreadsheets import csv_text
from olive.engine import Reform
from olive.native.files import write_text
from olive.places.labels import Language
from olive.places.plan import CoverageRow, Plan
from olive.places.plan.coverage import LEVER_KINDS, VERDICTS
from olive.places.unit_words import status_name
from olive.report.plan_words import plan_word

if TYPE_CHECKING:
    from olive.engine import Policy

_COLUMNS = ("clause", "quote", "status", "effect", "range", "basis")
_FIGURES = (
    "income",
    "income_low",
    "income_high",
    "after_costs",
    "costs_low",
    "costs_high",
    "on_top",
)
_SMALLEST = 0.005  # yuan per head: half a fen shows as nothing


def print_coverage(
    rows: Sequence[CoverageRow],
    effects: LeverEffects,
    plan: Plan,
    language: Language,
    console: Console,
) -> None:
    """Print a row for each clause with its effect alone, then the count by verdict and kind."""
    table = Table(title=plan_word("coverage", language), title_justify="left", title_style="bold")
    for column in _COLUMNS:
        figure = column in ("effect", "range")
        table.add_column(
            plan_word(column, language, money=plan.place.currency.in_language(language)),
            overflow="fold",
            no_wrap=column == "clause" or figure,
            justify="right" if figure else "left",
        )
    after = _plan_policy(plan)
    for row in rows:
        table.add_row(*_cells(row, effects, plan, after, language))
    console.print(table)
    console.print(plan_word("effects_current", language, year=plan.year), highlight=False)
    if not effects.current:
        console.print(plan_word("effects_stale", language), highlight=False, style="bold")
    console.print(_counts(rows, language))


def coverage_csv(rows: Sequence[CoverageRow], effects: LeverEffects, path: Path) -> None:
    """Write the rows as CSV with names, several of them joined by semicolons, and the effects."""
    columns = [*CoverageRow.__dataclass_fields__]
    lines = []
    for row in rows:
        cells = (getattr(row, column) for column in columns)
        effect = effects.by_clause.get(row.clause) if row.verdict == "acts" else None
        figures = ["" if effect is None else f"{getattr(effect, name)}" for name in _FIGURES]
        texts = (";".join(cell) if isinstance(cell, tuple) else cell for cell in cells)
        lines.append([*texts, row.verdict, *figures, effects.current])
    write_text(path, csv_text([*columns, "verdict", *_FIGURES, "effects_current"], lines))


def _plan_policy(plan: Plan) -> Policy:
    operations = [each for lever in plan.levers() for each in lever.operations]
    return plan.place.law(year=plan.year) | Reform.from_operations(operations)


def _cells(
    row: CoverageRow, effects: LeverEffects, plan: Plan, after: Policy, language: Language
) -> tuple[str, ...]:
    effect = effects.by_clause.get(row.clause) if row.verdict == "acts" else None
    figure, between = _effect(effect, language)
    return (
        row.clause,
        row.quote_zh,
        "\n".join(dict.fromkeys(plan_word(each, language) for each in (row.verdict, row.status))),
        figure,
        between,
        _basis(row, plan, after, language),
    )


def _effect(effect: LeverEffect | None, language: Language) -> tuple[str, str]:
    """Return the effect and its range; what is left after costs stands below where it differs."""
    if effect is None:
        return "", ""
    if effect.is_nothing:
        return plan_word("nothing_moves", language), ""
    lines = [("on_income", effect.income, effect.income_low, effect.income_high)]
    costs = (effect.after_costs, effect.costs_low, effect.costs_high)
    if max(abs(a - b) for a, b in zip(costs, lines[0][1:], strict=True)) > _SMALLEST:
        lines.append(("after_costs", *costs))
    figures = [f"{plan_word(key, language)} {figure:+,.2f}" for key, figure, _, _ in lines]
    if effect.on_top:
        figures.append(plan_word("on_top", language))
    ranges = [f"{low:+,.2f} … {high:+,.2f}" if low < high else "" for _, _, low, high in lines]
    return "\n".join(figures), "\n".join(ranges)


def _basis(row: CoverageRow, plan: Plan, after: Policy, language: Language) -> str:
    if row.verdict == "acts":
        lines = [_figure(name, after, language) for name in row.leans_on]
        if row.left_open:
            names = ", ".join(_name(each, after, language) for each in row.left_open)
            lines.append(f"{plan_word('left_open', language)}: {names}")
        return "\n".join(lines)
    waiting = row.waits_for or row.left_open
    if waiting:
        key = "waits_for" if row.waits_for else "left_open"
        names = ", ".join(_name(each, after, language) for each in waiting)
        return f"{plan_word(key, language)}: {names}"
    if row.status == "no_income":
        return plan_word("not_counted", language)
    if row.status == "credited_elsewhere":
        said = plan_word(_credit(plan, row.clause), language)
        return said if language == "zh" else f"{said}. {row.reason}"
    return row.reason_zh if language == "zh" else row.reason


def _credit(plan: Plan, clause: str) -> str:
    """Return whose measure a clause is that is credited elsewhere."""
    (lever,) = [each for each in plan.levers() if clause in each.clauses]
    return next(str(each.credit) for each in lever.operations if each.credit != "plan")


def _figure(name: str, after: Policy, language: Language) -> str:
    """Return a figure with its status and plausible range: ``name = 0.3 (assumption, 0 … 0.6)``."""
    value = after.values[name]
    plausible, entries = value.plausible, value.vector()
    shown = f" = {entries[0]:.12g}" if entries.size == 1 else ""
    firm = status_name(value.status, language)
    if plausible is not None:
        times = "×" if plausible.form == "factor" else ""
        firm += f", {times}{plausible.low:.12g} … {times}{plausible.high:.12g}"
    return f"{_name(name, after, language)}{shown} ({firm})"


def _name(name: str, after: Policy, language: Language) -> str:
    return after.rules.parameters[name].zh if language == "zh" else name


def _counts(rows: Sequence[CoverageRow], language: Language) -> Table:
    """Return the count by verdict (rows) and kind of clause (columns)."""
    kinds = [*LEVER_KINDS, *sorted({row.kind for row in rows} - {*LEVER_KINDS})]
    table = Table(title=plan_word("verdicts", language), title_justify="left", title_style="bold")
    table.add_column(plan_word("status", language))
    for kind in (*kinds, "total"):
        table.add_column(plan_word(kind, language), justify="right")
    counted = Counter((row.verdict, row.kind) for row in rows)
    for verdict in VERDICTS:
        figures = [counted[verdict, kind] for kind in kinds]
        table.add_row(plan_word(verdict, language), *map(str, (*figures, sum(figures))))
    table.add_section()
    totals = [sum(counted[verdict, kind] for verdict in VERDICTS) for kind in kinds]
    table.add_row(plan_word("total", language), *map(str, (*totals, sum(totals))))
    return table
