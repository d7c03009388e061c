"""Who gains and who loses, in two concepts of income."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.analysis.budget import FEW_RECIPIENTS
from olive.analysis.terminal_table import TextColumn, TextTable
from olive.analysis.words import OUTCOME_LABELS
from olive.places.labels import Language
from olive.report.balance_table import FEW_MARK
from olive.report.indicator_rows import policy_name
from olive.report.words import word

if TYPE_CHECKING:
    from olive.analysis.effects import GainRow
    from olive.report.build import Report

_HIDDEN = "–"


def _change(row: GainRow) -> str:
    if row.mean_change is None:
        return ""
    return f"{row.mean_change:+z,.0f}{FEW_MARK if row.few else ''}"


def few_households_note(report: Report, language: Language) -> str | None:
    """Return the note on outcomes of so few sample households that their means are unsteady."""
    if not any(row.few for effect in report.effects for row in effect.gains):
        return None
    return word("few_households", language, mark=FEW_MARK, least=FEW_RECIPIENTS)


def gain_table(report: Report, language: Language, at: int) -> TextTable:
    """Return the share of households with each outcome and their mean change, by concept."""
    effect = report.effects[at]
    outcomes = list(dict.fromkeys(row.outcome for row in effect.gains))
    found = {(row.concept, row.outcome): row for row in effect.gains}
    columns, money = [], report.place.currency.in_language(language)
    for concept in dict.fromkeys(row.concept for row in effect.gains):
        rows = [found[concept, outcome] for outcome in outcomes]
        shares = ["" if row.share is None else f"{100 * row.share:.1f}" for row in rows]
        changes = [_change(row) for row in rows]
        columns.append(TextColumn(word(f"gain_share_{concept}", language), shares))
        columns.append(TextColumn(word("gain_change", language, money=money), changes))
    names = [policy_name(each, language, report) for each in (effect.before, effect.after)]
    title = word("gains_title", language, before=names[0], after=names[1])
    labels = [OUTCOME_LABELS[outcome].in_language(language) for outcome in outcomes]
    return TextTable(title, word("outcome", language), labels, columns)
