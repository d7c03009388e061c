"""`olive distribution`: the middle class, polarisation and who has grown, under the plan."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from olive.cli.answers import (
    Chart,
    CsvOfAll,
    Folder,
    ReformFile,
    Seed,
    population_of,
    show_all,
    simulated_under_plan,
)


def distribution(
    groups: Annotated[
        int,
        typer.Option(min=2, max=1_000, help="Equal groups of persons whose ranks are compared."),
    ] = 10,
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: CsvOfAll = None,
    chart: Chart = None,
) -> None:
    """Show what the plan does to the middle class, polarisation, and incomes at each rank."""
    from olive.analysis import compare  # noqa: PLC0415 - heavy
    from olive.report.change_charts import growth_of_ranks  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=[reform])
    compared = compare(simulated_under_plan(city, seed, reform))
    growth, relative = compared.growth_incidence(groups), compared.relative_distribution(groups)
    dominance = (compared.dominance(), compared.dominance_curves(groups))
    tables = [compared.distribution(), growth, relative, *dominance]
    show_all(tables, csv, chart, partial(growth_of_ranks, growth, relative))
