"""The report as files: JSON with everything, CSV with the indicator table."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from olive.analysis.effects import Effect
from olive.analysis.spreadsheets import csv_text, write_workbook
from olive.native.files import write_text
from olive.places.labels import LANGUAGES, Language
from olive.report.build import Report
from olive.report.footnotes import remarks
from olive.report.indicator_rows import number_rows
from olive.report.words import word


def write_json(report: Report, path: Path) -> None:
    """Write all of the report as JSON."""
    parts, heavy = (report.parts.parts, report.parts.heavy) if report.parts else ((), ())
    content = {
        "label": word("synthetic" if report.synthetic else "own_data", "en"),
        "place": report.place.label.en,
        **{
            name: getattr(report, name)
            for name in (
                "synthetic",
                "year",
                "data_year",
                "target_year",
                "sample_households",
                "households",
                "persons",
                "policies",
                "base",
                "frozen_day",
                "notes",
                "provenance",
            )
        },
        "remarks": {language: remarks(report, language) for language in LANGUAGES},
        "indicators": number_rows(report),
        "headline": {
            language: [each.in_language(language) for each in report.headline]
            for language in LANGUAGES
        },
        "effects": [_effect(each) for each in report.effects],
        "parts": [
            {
                "part": each.part,
                "contributions": [
                    {"indicator": name, "definition": definition, "change": value}
                    for (name, definition), value in each.figures.items()
                ],
            }
            for each in parts
        ],
        "enrolment": None if report.enrolment is None else asdict(report.enrolment),
        "growth_outlook": None if report.outlook is None else asdict(report.outlook),
        "heavy_values": [asdict(each) for each in (*report.heavy, *heavy)],
        "carried_forward": [asdict(each) | {"since": str(each.since)} for each in report.carried],
        "assumptions": [asdict(each) for each in report.assumptions],
    }
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _effect(each: Effect) -> dict[str, Any]:
    found: dict[str, Any] = {"before": each.before, "after": each.after}
    for name in ("targets", "balance", "gains"):
        found[name] = [asdict(row) for row in getattr(each, name)]
    return found


def write_xlsx(report: Report, path: Path, language: Language) -> None:
    """Write the indicator table as a workbook, with where it comes from on the first sheet."""
    said = remarks(report, language)
    about = {"": word("synthetic" if report.synthetic else "own_data", language)}
    about |= {name: str(value) for name, value in report.provenance.items()}
    about |= {f"{number}.": text for number, text in enumerate(said, 1)}
    write_workbook(path, [report.targets], language, about=about)


def write_csv(report: Report, path: Path, language: Language, *, excel: bool = False) -> None:
    """Write the indicator table as CSV; first lines with ``#`` say how to read it.

    ``excel`` writes labels instead of names and a byte order mark, see `Table.to_csv`.
    """
    if excel:
        report.targets.to_csv(path, language, excel=True)
        return
    rows = number_rows(report)
    label = word("synthetic" if report.synthetic else "own_data", language)
    cells = (row.values() for row in rows)
    write_text(path, csv_text(list(rows[0]), map(list, cells), (label, *remarks(report, language))))
