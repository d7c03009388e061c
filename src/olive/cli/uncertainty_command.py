"""`olive uncertainty`: what the plausible ranges of assumed figures do to the plan's effect."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from olive.cli.answers import Chart, Households, OwnFolder, show
from olive.cli.outputs import check_targets
from olive.engine.arguments import DEFAULT_SEED
from olive.errors import DataError

_SHOWN = 20


class MethodName(StrEnum):
    """How figures are moved."""

    JOINT = "joint"
    ONE_AT_A_TIME = "one_at_a_time"
    SOBOL = "sobol"


def uncertainty(
    method: Annotated[
        MethodName,
        typer.Option(
            help="joint: all figures together; one_at_a_time: each at both ends, each clause alone "
            "and left out; sobol: shares of the variance."
        ),
    ] = MethodName.JOINT,
    draws: Annotated[
        int | None,
        typer.Option(help="Draws (joint: 1000), or the base sample of Sobol indices (64)."),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            help="Move this parameter only, NAME or NAME=LOW:HIGH in its unit; repeatable."
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Year; by default that of the plan's targets.")
    ] = None,
    households: Households = None,
    population: OwnFolder = None,
    reform: Annotated[
        Path | None, typer.Option(help="Reform file (YAML) instead of the plan.")
    ] = None,
    indicator: Annotated[
        str, typer.Option(help="Whose change is ranked, for one_at_a_time and sobol.")
    ] = "per_capita_income",
    definition: Annotated[
        str, typer.Option(help="Its definition: persons, household, three_person ...")
    ] = "persons",
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help=f"Show all columns, and all rows instead of the first {_SHOWN} of each kind.",
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(help="Seed of the design and of random draws.")
    ] = DEFAULT_SEED,
    csv: Annotated[
        Path | None, typer.Option(help="Also write all rows, of every indicator, as CSV.")
    ] = None,
    chart: Chart = None,
) -> None:
    """Show how far assumptions move what the plan changes, and whether its sign holds."""
    from olive.analysis import uncertainty as study  # noqa: PLC0415 - heavy
    from olive.analysis import uncertainty_views as views  # noqa: PLC0415
    from olive.engine import Reform  # noqa: PLC0415
    from olive.report.build import report_setting  # noqa: PLC0415
    from olive.report.request import ReportRequest  # noqa: PLC0415
    from olive.report.uncertainty_charts import fitting_chart  # noqa: PLC0415

    check_targets({"--csv": csv, "--chart": chart}, [population, reform])
    given = dict(_parameter(each) for each in parameter) if parameter else None
    request = ReportRequest(year=year, households=households, folder=population, seed=seed)
    own = None if reform is None else Reform.read(reform)
    city, in_force, planned = report_setting(request)
    definition = views.definition_of(indicator, definition, city.place)
    plan = planned if own is None else own
    table = study(
        city, in_force, plan, given, method=method.value, draws=draws, seed=seed, progress=True
    )
    if method is MethodName.JOINT:
        shown = table if every else views.in_short(table)
    else:
        shown = views.of_indicator(table, indicator, definition, most=None if every else _SHOWN)
    draw = partial(fitting_chart, indicator=indicator, definition=definition)
    show(table, csv, chart, draw, view=[shown])


def _parameter(text: str) -> tuple[str, tuple[float, float] | None]:
    name, equals, ends = text.partition("=")
    if not equals:
        return name, None
    try:
        low, high = (float(end) for end in ends.split(":"))
    except ValueError as error:
        raise DataError(
            "--parameter {text!r}: write NAME, or NAME=LOW:HIGH such as "
            "training_wage_return=0:0.05",
            text,
        ) from error
    return name, (low, high)
