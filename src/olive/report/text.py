"""The report on a terminal."""

from __future__ import annotations

from rich.console import Console

from olive.analysis.terminal_table import TextTable, print_wrapped
from olive.places.labels import Language
from olive.report.build import Report
from olive.report.page import page


def print_report(
    report: Report,
    language: Language,
    console: Console,
    *,
    detail: bool = False,
    every_assumption: bool = False,
) -> None:
    """Print the report: what it says in ten lines, then the tables that explain it, then notes.

    Parameters
    ----------
    language : {"zh", "en"}
    detail : bool
        Whether to show every indicator, programme and range.
    every_assumption : bool
        Whether to list all assumptions with value, unit, status and source.
    """
    content = page(report, language, detail=detail, every_assumption=every_assumption)
    print_wrapped(content.title, console, "bold")
    print_wrapped(content.label, console, "yellow")
    for sentence in content.headline:
        print_wrapped(sentence, console)
    print_wrapped(content.subtitle, console, "dim")
    for section in content.sections:
        console.print()
        print_wrapped(section.title, console, "bold underline")
        for item in section.items:
            if isinstance(item, TextTable):
                item.print(console)
            else:
                print_wrapped(item, console)
