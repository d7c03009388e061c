"""`olive plan`: which clauses are modelled, and how far the observed indicators are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from olive.cli.console import table_console
from olive.cli.low_income_command import show_low_income
from olive.cli.outputs import check_targets
from olive.errors import PlanError
from olive.places.labels import spoken

WIDE = 200  # columns


def plan(
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="List each clause: what it does alone, or why nothing."),
    ] = False,
    compute: Annotated[
        bool,
        typer.Option(
            "--compute", help="For --coverage: compute the effects anew on the shipped sample."
        ),
    ] = False,
    monitor: Annotated[
        Path | None,
        typer.Option(help="CSV of observed values (clause,year,value,source) to set beside it."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="List what a scenario does: frozen, letter or enabling_growth."),
    ] = None,
    low_income: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="BEFORE AFTER",
            help="Folders with the same households in two years: who left low income, who fell in.",
        ),
    ] = None,
    line: Annotated[
        list[float] | None,
        typer.Option(
            help="For --low-income: amount per head and year below which income is low; give it "
            "twice for two different years."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="For --low-income: sort by group, county, household_type, size ...",
            show_default="group",
        ),
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write the rows to this CSV file.")] = None,
) -> None:
    """Show what of the plan is modelled, what a scenario does, or how far the plan is."""
    asked = [coverage, monitor is not None, scenario is not None, low_income is not None]
    if asked.count(True) > 1:
        raise PlanError(
            "give one of --coverage, --monitor FILE, --scenario NAME and --low-income BEFORE "
            "AFTER, not both"
        )
    if compute and not coverage:
        raise PlanError("--compute belongs to --coverage")
    if (line or by) and low_income is None:
        raise PlanError("--line and --by belong to --low-income BEFORE AFTER")
    if scenario is not None and csv is not None:
        raise PlanError("a scenario is written as YAML: olive.plan.scenario(...).write(file)")
    check_targets({"--csv": csv}, [monitor, *(low_income or ())])
    if low_income is not None:
        show_low_income(low_income, line or [], by or "group", csv)
    elif scenario is not None:
        _show_scenario(scenario)
    elif coverage:
        _show_coverage(csv, compute=compute)
    else:
        _show_monitor(monitor, csv)


def _console() -> Console:
    """Return a console that is wide where nobody's terminal sets the width, as in a pipe."""
    return table_console(width_of_files=WIDE)


def _show_coverage(csv: Path | None, *, compute: bool) -> None:
    from olive.analysis.lever_effects import computed_effects, shipped_effects  # noqa: PLC0415
    from olive.population import Population  # noqa: PLC0415
    from olive.report.coverage_table import coverage_csv, print_coverage  # noqa: PLC0415

    sample = Population.shipped()
    rows = sample.place.plan.coverage()
    effects = computed_effects(sample, progress=True) if compute else shipped_effects(sample)
    if csv is not None:
        coverage_csv(rows, effects, csv)
    print_coverage(rows, effects, sample.place.plan, spoken(), _console())


def _show_scenario(name: str) -> None:
    from olive.places import place  # noqa: PLC0415
    from olive.places.plan.scenarios import named_scenario  # noqa: PLC0415
    from olive.report.reform_table import print_reform  # noqa: PLC0415

    print_reform(named_scenario(place().plan, name), place(), spoken(), _console())


def _show_monitor(observed: Path | None, csv: Path | None) -> None:
    from olive.places import place  # noqa: PLC0415
    from olive.report.monitor_table import monitor_csv, print_monitor  # noqa: PLC0415

    plan = place().plan
    rows = plan.monitor(plan.read_observations(observed) if observed is not None else ())
    if csv is not None:
        monitor_csv(rows, csv)
    print_monitor(rows, plan, spoken(), _console())
