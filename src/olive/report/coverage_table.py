"""The coverage of the plan on a terminal and as CSV: what each clause does, and on what basis."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from olive.analysis.lever_effects import LeverEffect, LeverEffects, law_of_effects
from olive.analysis.spreadsheets import csv_text
from olive.analysis.terminal_table import TextColumn, TextTable, print_wrapped
from olive.engine import Reform
from olive.native.files import write_text
from olive.places.labels import Language
from olive.places.plan import CoverageRow, Plan
from olive.places.plan.coverage import LEVER_KINDS, VERDICTS
from olive.places.unit_words import status_name
from olive.report.plan_words import plan_word

if TYPE_CHECKING:
    from olive.engine import Policy

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
    after = _plan_policy(plan)
    lines = [line for row in rows for line in _lines(row, effects, plan, after, language)]
    labels, figures, ranges, asides = zip(*lines, strict=True)
    money = plan.place.currency.in_language(language)
    columns = [
        TextColumn(plan_word("effect", language, money=money), figures),
        TextColumn(plan_word("range", language), ranges),
    ]
    title, head = plan_word("coverage", language), plan_word("clause", language)
    TextTable(title, head, labels, columns, asides).print(console)
    print_wrapped(plan_word("effects_current", language, year=plan.year), console)
    if not effects.current:
        print_wrapped(plan_word("effects_stale", language), console, style="bold")
    console.print()
    _counts(rows, language).print(console)


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
    return law_of_effects(plan) | Reform.from_operations(operations)


def _lines(
    row: CoverageRow, effects: LeverEffects, plan: Plan, after: Policy, language: Language
) -> list[tuple[str, str, str, str]]:
    """Return label, effect, range and remark of each line of a clause: income, then costs."""
    effect = effects.by_clause.get(row.clause) if row.verdict == "acts" else None
    standing: list[str] = [row.verdict, row.status]
    if effect is not None:
        standing += ["nothing_moves"] * effect.is_nothing + ["on_top"] * effect.on_top
    said = " · ".join(dict.fromkeys(plan_word(each, language) for each in standing))
    remark = "\n".join(filter(None, (said, row.quote_zh, _basis(row, plan, after, language))))
    *figures, (label, figure, between) = [
        (f"  {plan_word(key, language)}" if key else row.clause, *_effect(*moved))
        for key, moved in _moved(effect)
    ] or [(row.clause, "", "")]
    return [*((*each, "") for each in figures), (label, figure, between, remark)]


def _moved(effect: LeverEffect | None) -> list[tuple[str, tuple[float, float, float]]]:
    """Return the effect with its range, and what is left of it after costs where that differs."""
    if effect is None or effect.is_nothing:
        return []
    income = effect.income, effect.income_low, effect.income_high
    costs = effect.after_costs, effect.costs_low, effect.costs_high
    differs = max(abs(a - b) for a, b in zip(costs, income, strict=True)) > _SMALLEST
    return [("", income), *([("after_costs", costs)] if differs else [])]


def _effect(figure: float, low: float, high: float) -> tuple[str, str]:
    return f"{figure:+z,.2f}", f"{low:+z,.2f} … {high:+z,.2f}" if low < high else ""


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


def _counts(rows: Sequence[CoverageRow], language: Language) -> TextTable:
    """Return the count by verdict (rows) and kind of clause (columns)."""
    kinds = [*LEVER_KINDS, *sorted({row.kind for row in rows} - {*LEVER_KINDS})]
    counted = Counter(
        key
        for row in rows
        for key in itertools.product((row.verdict, "total"), (row.kind, "total"))
    )
    lines = [*VERDICTS, "total"]
    columns = [
        TextColumn(plan_word(kind, language), [str(counted[line, kind]) for line in lines])
        for kind in (*kinds, "total")
    ]
    labels = [plan_word(line, language) for line in lines]
    title, head = plan_word("verdicts", language), plan_word("status", language)
    return TextTable(title, head, labels, columns)
