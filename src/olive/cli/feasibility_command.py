"""`olive feasibility`: whether the targets can be met together, and under what conditions."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from olive.cli.answers import Chart, CsvOfAll, Folder, law_of, population_of, show_all
from olive.cli.outputs import check_targets


def feasibility(
    income: Annotated[
        float | None,
        typer.Option(help="Disposable income per head and year; by default the plan's target."),
    ] = None,
    city: Annotated[
        bool, typer.Option(help="Also ask the population under the law of its year.")
    ] = True,
    population: Folder = None,
    csv: CsvOfAll = None,
    chart: Chart = None,
) -> None:
    """Show whether income per head and both shares can be reached together."""
    from olive.analysis import feasibility as ask  # noqa: PLC0415 - heavy
    from olive.report.outlook_charts import room_for_inequality  # noqa: PLC0415
    from olive.simulation import simulate  # noqa: PLC0415

    check_targets({"--csv": csv, "--chart": chart}, [population])
    question = ask(income)
    tables = [question.by_size(), question.lognormal(), question.shapes()]
    tables += [question.any_distribution(), question.mixture()]
    if city:
        sample = population_of(population)
        tables.append(question.city(simulate(sample, law_of(sample))))
    show_all(tables, csv, chart, partial(room_for_inequality, tables[0]))
