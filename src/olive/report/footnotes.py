"""What must be said with the report's figures: definitions, ranges or intervals, what is open."""

from __future__ import annotations

from olive.analysis.ranges import EXPLAINED, NOT_COMPUTED
from olive.messages import said_in
from olive.places.labels import Label, Language
from olive.report.build import STEADY_HOUSEHOLDS, Report
from olive.report.indicator_rows import policy_name
from olive.report.words import word


def remarks(report: Report, language: Language) -> list[str]:
    """Return the notes of the report, the same on screen, in JSON and in CSV."""
    day = {"day": report.frozen_day, "year": report.year}
    brackets, has_plan = report.place.brackets_shown(), report.place.has_plan
    share = brackets[0].label.in_language(language) if brackets else ""
    keys = ["definitions", "before", "share"]
    if has_plan:
        keys = ["definition", "sure", "frozen", "share", "growth"]
    if not brackets:
        keys = keys[1:]  # there is no share to define
    found = [word(f"{key}_note", language, share=share, **day) for key in keys]
    if report.reforms:
        base = policy_name(report.base, language, report)
        found.append(word("reform_note", language, base=base))
    notes = (note.in_language(language) for note in _table_notes(report))
    found += [_translated(note, report, language) for note in notes]
    if has_plan:
        found.append(word("open_note", language))
    if report.synthetic and report.sample_households < STEADY_HOUSEHOLDS:
        rows, steady = (f"{each:,}" for each in (report.sample_households, STEADY_HOUSEHOLDS))
        found.append(word("few_note", language, rows=rows, steady=steady))
    return [*found, *(_of_run(note, report, language) for note in report.notes)]


def _of_run(note: str, report: Report, language: Language) -> str:
    """Return a note of the population or the run; in Chinese, policies as in the headings."""
    text = said_in(note, language)
    if language == "zh":
        for label in sorted(report.policies, key=len, reverse=True):
            text = text.replace(label, policy_name(label, language, report))
    return text


def _table_notes(report: Report) -> list[Label]:
    """Return the notes of all tables, each once; that of the gains stands with its table."""
    tables = (report.targets, *(table for each in report.effects for table in each.tables))
    notes = dict.fromkeys(note for table in tables for note in table.notes)
    # Which households count as winners stands with their table; only targets have recipe ranges.
    left = {table.notes[0] for each in report.effects for table in each.tables[1:]}
    if EXPLAINED in notes:
        left.add(NOT_COMPUTED)
    return [note for note in notes if note not in left]


def _translated(note: str, report: Report, language: Language) -> str:
    """Return a note of the table with the policies called as in the headings."""
    if language == "zh":
        for label in report.policies:
            note = note.replace(f"（{label}）", f"（{policy_name(label, language, report)}）")
    return note
