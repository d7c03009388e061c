"""The public balance: transfers, in-kind benefits, taxes, contributions, employers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.analysis.budget import FEW_RECIPIENTS, SUMMARY_LABELS
from olive.analysis.local_revenue import local_revenue
from olive.analysis.terminal_table import TextColumn, TextTable
from olive.messages import joined
from olive.places.labels import Language
from olive.places.unit_words import status_name
from olive.report.indicator_rows import policy_name
from olive.report.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from olive.analysis.effects import BalanceRow
    from olive.report.build import Report

# Units of amounts and of households: the largest that leaves a figure of one and more.
_AMOUNTS = (100_000_000, 1_000_000, 1_000)
_HOUSEHOLDS = (10_000, 1)
_HIDDEN = "–"
FEW_MARK = "*"
_ALL_SPENDING = "all_spending"


def balance_table(report: Report, language: Language, *, every_line: bool) -> TextTable:
    """Return sums by kind and the balance, with the programmes that the plan or a reform changes.

    Parameters
    ----------
    language : {"zh", "en"}
    every_line : bool
        Whether to show programmes that nothing changes too.
    """
    plan = report.effects[0]
    shown = [
        at
        for at, row in enumerate(plan.balance)
        if row.is_sum or _is_shown(report, at, every_line=every_line)
    ]
    before = policy_name(plan.before, language, report)
    columns = [TextColumn(before, _column(report, 0, shown, "before"))]
    for number, each in enumerate(report.effects):
        name = policy_name(each.after, language, report)
        columns.append(TextColumn(name, _column(report, number, shown, "after")))
        change = word("change_of" if number else "change_short", language, name=name)
        columns.append(TextColumn(change, _column(report, number, shown, "change")))
    if every_line:
        scale = _scale((row.recipients for row in plan.balance), _HOUSEHOLDS)
        recipients = [_households(plan.balance[at].recipients, scale) for at in shown]
        after = policy_name(plan.after, language, report)
        columns.append(TextColumn(word(f"receiving_{scale}", language, after=after), recipients))
    labels = [_label(plan.balance[at], report, language) for at in shown]
    title = word("a_year", language, amount=_money(report, language))
    return TextTable(title, word("programme", language), labels, columns)


def _scale(values: Iterable[float | None], scales: tuple[int, ...]) -> int:
    """Return the largest of some units that leaves the largest value at one or more."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return next((each for each in scales if largest >= each), scales[-1])


def _unit(report: Report) -> int:
    """Return what amounts of the balance are shown in."""
    return _scale((row.after for row in report.effects[0].balance), _AMOUNTS)


def _money(report: Report, language: Language) -> str:
    money = report.place.currency.in_language(language)
    return word(f"amount_{_unit(report)}", language, money=money)


def _is_shown(report: Report, at: int, *, every_line: bool) -> bool:
    rows = [each.balance[at] for each in report.effects]
    if _is_alone(report, at):
        return False  # its sum says as much
    if every_line:
        return any(row.before != 0.0 or row.after != 0.0 for row in rows)
    unit = _unit(report)
    return any(_amount(row.change, unit, signed=True) != "+0.00" for row in rows)


def _is_alone(report: Report, at: int) -> bool:
    balance = report.effects[0].balance
    return [row.kind for row in balance if not row.is_sum].count(balance[at].kind) == 1


def _column(report: Report, number: int, shown: list[int], name: str) -> list[str]:
    rows, unit = report.effects[number].balance, _unit(report)
    return [_amount(getattr(rows[at], name), unit, signed=name == "change") for at in shown]


def _label(row: BalanceRow, report: Report, language: Language) -> str:
    if row.is_sum:
        return SUMMARY_LABELS[row.id].in_language(language)
    return f"  {_name(row, report, language)}{FEW_MARK if row.few else ''}"


def _name(row: BalanceRow, report: Report, language: Language) -> str:
    label = report.programme_labels[row.id]
    if language == "zh" and label.zh:
        return label.zh.replace("（全户）", "").replace("（全户，", "（")
    return label.en[0].lower() + label.en[1:]


def _amount(amount: float | None, unit: int, *, signed: bool) -> str:
    return _HIDDEN if amount is None else f"{amount / unit:{'+' if signed else '-'}z,.2f}"


def _households(number: float | None, unit: int) -> str:
    return "" if number is None else f"{number / unit:,.{0 if unit == 1 else 1}f}"


def revenue_line(report: Report, language: Language) -> str | None:
    """Return what share of the city's revenue the added transfers are; only of the city itself."""
    if not report.synthetic:
        return None
    row = next(each for each in report.effects[0].balance if each.id == _ALL_SPENDING)
    revenue = local_revenue(report.result.place, report.year)
    if row.after is None or row.change is None or revenue is None:
        return None
    return word(
        "revenue",
        language,
        year=revenue.year,
        revenue=f"{revenue.value / _unit(report):,.2f}",
        money=_money(report, language),
        status=status_name(revenue.status, language),
        share=f"{100 * row.after / revenue.value:.1f}",
        added=f"{100 * row.change / revenue.value:+z.1f}",
    )


def few_note(report: Report, language: Language) -> str | None:
    """Return what the mark of small programmes means, where there are any."""
    few = [row for row in report.effects[0].balance if row.few]
    if not few:
        return None
    names = joined(_name(row, report, language) for row in few).in_language(language)
    return word("few_recipients", language, mark=FEW_MARK, least=FEW_RECIPIENTS, names=names)
