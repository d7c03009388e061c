"""What must be said with the report's figures: definitions, ranges or intervals, what is open."""

from __future__ import annotations

from collections import Counter

from olive.plan import coverage
from olive.report.build import STEADY_HOUSEHOLDS, Report
from olive.report.rows import policy_name
from olive.report.words import Language, word


def remarks(report: Report, language: Language) -> list[str]:
    """Return the notes of the report, the same on screen, in JSON and in CSV."""
    day = {"day": report.frozen_day, "year": report.year}
    keys = ("definition_note", "frozen_note", "share_note", "growth_note")
    found = [word(key, language, **day) for key in keys]
    if report.reforms:
        base = policy_name(report.base, language, report)
        found.append(word("reform_note", language, base=base))
    found += [
        _translated(note.in_language(language), report, language)
        for note in (*report.targets.notes, *report.programme_notes)
    ]
    found.append(_open_note(language))
    if report.synthetic and report.sample_households < STEADY_HOUSEHOLDS:
        rows, steady = (f"{each:,}" for each in (report.sample_households, STEADY_HOUSEHOLDS))
        found.append(word("few_note", language, rows=rows, steady=steady))
    return [*found, *report.notes]


def _translated(note: str, report: Report, language: Language) -> str:
    """Return a note of the table with the policies called as in the headings."""
    if language == "zh":
        for label in report.policies:
            note = note.replace(f"（{label}）", f"（{policy_name(label, language, report)}）")
    return note


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
