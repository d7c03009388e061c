"""What must be said with the report's figures: definitions, ranges or intervals, what is open."""

from __future__ import annotations

from collections import Counter

from olive.plan import coverage
from olive.report.build import Report
from olive.report.words import Language, word


def remarks(report: Report, language: Language) -> list[str]:
    """Return the notes of the report, the same on screen, in JSON and in CSV."""
    day = {"day": report.frozen_day, "year": report.year}
    keys = ("definition_note", "frozen_note", "share_note", "growth_note")
    return [
        *(word(key, language, **day) for key in keys),
        *(note.in_language(language) for note in report.targets.notes),
        _open_note(language),
        *report.notes,
    ]


def _open_note(language: Language) -> str:
    """Return how many clauses stand on figures of the plan, on assumed ones, or on none yet."""
    counts = Counter(row.status for row in coverage())
    return word(
        "open_note",
        language,
        plan=counts["plan_value"],
        assumed=counts["assumed_value"],
        in_force=counts["in_force"],
        waiting=counts["no_effect"],
        open=counts["open_value"],
    )
