"""The questions after the first table: year by year, prices and policy, records."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from olive.cli.answers import (
    Chart,
    Csv,
    Draws,
    Folder,
    ReformFile,
    Seed,
    law_of,
    population_of,
    show,
)
from olive.cli.outputs import check_targets
from olive.errors import DataError


def project(
    first: Annotated[int, typer.Option("--from", help="First year.")] = 2021,
    last: Annotated[int, typer.Option("--to", help="Last year.")] = 2030,
    growth: Annotated[str, typer.Option(help="Growth path: trend or plan.")] = "trend",
    definition: Annotated[str, typer.Option(help="Definition of the shares in the chart.")] = (
        "household"
    ),
    draws: Draws = None,
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show the targets year by year: in force, the plan phased in, and what was observed."""
    from olive.analysis import project as projected  # noqa: PLC0415 - heavy
    from olive.analysis.bracket_rule import check_definition  # noqa: PLC0415
    from olive.analysis.projection import by_target  # noqa: PLC0415
    from olive.engine import Reform  # noqa: PLC0415
    from olive.engine.passes import expect_passes  # noqa: PLC0415
    from olive.report.outlook_charts import year_by_year  # noqa: PLC0415

    check_definition(definition)
    if first > last:
        raise DataError(
            "--from {first} lies after --to {last}; give the earlier year first", first, last
        )
    expect_passes()
    city = population_of(population, csv, chart, reforms=[reform])
    table = projected(
        city,
        range(first, last + 1),
        reform=None if reform is None else Reform.read(reform),
        growth=growth,
        draws=draws,
        seed=seed,
        progress=True,
    )
    show(table, csv, chart, partial(year_by_year, definition=definition), view=by_target(table))


def decompose(
    first: Annotated[int, typer.Option("--from", help="Earlier year.")] = 2021,
    last: Annotated[int, typer.Option("--to", help="Later year.")] = 2025,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Split the change between two years into nominal level, policy, and people and incomes."""
    from olive.analysis import decompose as split  # noqa: PLC0415 - heavy
    from olive.report.change_charts import parts_of_change  # noqa: PLC0415

    city = population_of(population, csv, chart)
    show(split(city, first, last, seed=seed, progress=True), csv, chart, parts_of_change)


def verify(
    card: Annotated[Path, typer.Argument(help="Record of a run (YAML).")],
    population: Folder = None,
    csv: Csv = None,
) -> None:
    """Compute a recorded run again; exit code 1 when a figure differs."""
    from olive.analysis import verify_card  # noqa: PLC0415 - heavy

    data = None if population is None else population_of(population, csv)
    table = verify_card(card, data, progress=True)
    show(table, csv)
    if (table["same"] == "no").any():
        raise typer.Exit(1)


def record(
    card: Annotated[Path, typer.Argument(help="File to write (YAML).")],
    reform: Annotated[
        Path | None, typer.Option(help="Reform file (YAML) to carry out on the law.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of data and law.")] = None,
    population: Folder = None,
    seed: Seed = 0,
) -> None:
    """Simulate the law, the plan and a reform, and write the record of the run."""
    from olive.analysis import write_card  # noqa: PLC0415 - heavy
    from olive.engine import Reform  # noqa: PLC0415
    from olive.simulation import simulate  # noqa: PLC0415

    check_targets({str(card): card}, [population, reform])
    reforms = [] if reform is None else [Reform.read(reform)]
    city = population_of(population)
    if year is not None:
        city = city.brought_to(year)
    base = law_of(city)
    scenarios = [city.place.plan.scenario()] if city.place.has_plan else []
    policies = [base, *(base | each for each in (*scenarios, *reforms))]
    write_card(simulate(city, policies, seed=seed), card, command=["olive", *sys.argv[1:]])
    typer.echo(str(card))
