"""`olive plan`: which clauses are modelled, and how far the observed indicators are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from olive.cli.language import LanguageName
from olive.errors import PlanError


def plan(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="List each clause, its lever and what it reaches.")
    ] = False,
    monitor: Annotated[
        Path | None,
        typer.Option(help="CSV of observed values (clause,year,value,source) to set beside it."),
    ] = None,
    lang: Annotated[LanguageName, typer.Option(help="Language of the tables.")] = LanguageName.EN,
    csv: Annotated[Path | None, typer.Option(help="Also write the rows to this CSV file.")] = None,
) -> None:
    """Show what of the plan is modelled (--coverage) or how far it has come (--monitor FILE)."""
    if coverage and monitor is not None:
        raise PlanError("give either --coverage or --monitor FILE, not both")
    if coverage:
        _show_coverage(lang, csv)
    else:
        _show_monitor(monitor, lang, csv)


def _show_coverage(lang: LanguageName, csv: Path | None) -> None:
    from olive.plan import coverage  # noqa: PLC0415
    from olive.report.coverage_table import coverage_csv, print_coverage  # noqa: PLC0415

    rows = coverage()
    if csv is not None:
        coverage_csv(rows, csv)
    print_coverage(rows, lang.value, Console())


def _show_monitor(observed: Path | None, lang: LanguageName, csv: Path | None) -> None:
    from olive.plan import monitor, read_observations  # noqa: PLC0415
    from olive.report.monitor_table import monitor_csv, print_monitor  # noqa: PLC0415

    rows = monitor(read_observations(observed) if observed is not None else ())
    if csv is not None:
        monitor_csv(rows, csv)
    print_monitor(rows, lang.value, Console())
