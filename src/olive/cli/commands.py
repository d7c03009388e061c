"""Commands of the command line: arguments, progress, exit codes; the work is done elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from olive import __version__
from olive.cli.answers import OwnFolder, Seed
from olive.cli.bench_command import bench
from olive.cli.case_commands import cases
from olive.cli.console import complain, prepare_streams, say, table_console
from olive.cli.distribution_command import distribution
from olive.cli.explain_command import explain
from olive.cli.feasibility_command import feasibility
from olive.cli.household_commands import (
    budget_line,
    cliffs,
    crossings,
    growth_and_shape,
    marginal_rates,
    transitions,
    vulnerability,
)
from olive.cli.language import ClosedEnds, ReformBase, SpeakingCommand, SpeakingGroup, asked
from olive.cli.law_commands import parameter, parameters, reference, rule
from olive.cli.lever_commands import attribute, rank
from olive.cli.outputs import check_targets
from olive.cli.place_commands import places
from olive.cli.plan_commands import plan
from olive.cli.population_commands import calibrate, synthesize
from olive.cli.question_commands import decompose, project, record, verify
from olive.cli.reach_command import reach
from olive.cli.recipe_commands import recipe as recipe_commands
from olive.cli.reform_commands import reform as reform_commands
from olive.cli.uncertainty_command import uncertainty
from olive.cli.validate_command import validate
from olive.engine.arguments import DEFAULT_SEED
from olive.errors import DataError, OliveError
from olive.messages import Message, speak
from olive.places.labels import spoken
from olive.places.registry import default_place

INTERRUPTED = 130

app = typer.Typer(
    cls=SpeakingGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"olive {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    place: Annotated[
        str | None,
        typer.Option(
            help="Place that is meant where none is named; `olive places` lists them. By default "
            "that of the environment variable OLIVE_PLACE, or taizhou."
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Household income distribution microsimulation."""
    context.with_resource(default_place(place))


for each in (
    synthesize,
    calibrate,
    validate,
    uncertainty,
    plan,
    places,
    cases,
    feasibility,
    explain,
    attribute,
    rank,
    budget_line,
    marginal_rates,
    cliffs,
    crossings,
    vulnerability,
    transitions,
    growth_and_shape,
    distribution,
    project,
    decompose,
    record,
    verify,
    reach,
    rule,
    parameter,
    parameters,
    reference,
    bench,
):
    app.command(cls=SpeakingCommand)(each)
app.add_typer(reform_commands, name="reform")
app.add_typer(recipe_commands, name="recipe")


@app.command(cls=SpeakingCommand)
def report(
    year: Annotated[
        int | None,
        typer.Option(
            help="Year to report (the plan's target year by default); incomes are brought there "
            "from the data's year."
        ),
    ] = None,
    households: Annotated[
        int | None,
        typer.Option(min=1, help="Generate a synthetic city of this many sample households."),
    ] = None,
    population: OwnFolder = None,
    reform: Annotated[
        list[Path] | None,
        typer.Option(help="Reform file (YAML), one more column each; repeatable."),
    ] = None,
    on: Annotated[
        ReformBase, typer.Option(help="Lay reforms on the law in force, or on the plan.")
    ] = ReformBase.LAW,
    detail: Annotated[
        bool,
        typer.Option("--detail", help="Also show every indicator, programme and recipe range."),
    ] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Also list every assumption.")
    ] = False,
    seed: Seed = DEFAULT_SEED,
    closed: Annotated[
        ClosedEnds, typer.Option(help="Which ends belong to an income bracket.")
    ] = ClosedEnds.LOW,
    model_range: Annotated[
        bool, typer.Option(help="Compute the range over recipes of synthetic data.")
    ] = True,
    parts: Annotated[
        bool,
        typer.Option(
            "--parts", help="Compute what each part of the plan contributes, for any data."
        ),
    ] = False,
    json: Annotated[
        Path | None, typer.Option(help="Also write everything as JSON to this file.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Also write the indicator table as CSV to this file.")
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Write that CSV for Excel: labels, byte order mark.")
    ] = False,
    xlsx: Annotated[
        Path | None,
        typer.Option(
            help="Also write the indicator table as a workbook (needs olive-microsim[excel])."
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write the page with two pictures as one HTML file.")
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(help="Also write the pictures alone to this file (.svg, .png or .pdf)."),
    ] = None,
) -> None:
    """Show how far the plan takes the city's households towards its targets."""
    from olive.report.build import build_report  # noqa: PLC0415
    from olive.report.files import write_csv, write_json, write_xlsx  # noqa: PLC0415
    from olive.report.html import write_html  # noqa: PLC0415
    from olive.report.pictures import write_chart  # noqa: PLC0415
    from olive.report.request import ReportRequest  # noqa: PLC0415
    from olive.report.text import print_report  # noqa: PLC0415

    targets = {"--json": json, "--csv": csv, "--xlsx": xlsx, "--html": html, "--chart": chart}
    reforms = tuple(reform or ())
    check_targets(targets, [population, *reforms])
    request = ReportRequest(
        year, households, population, reforms, on.value, seed, closed.value, model_range, parts
    )
    result = build_report(request, progress=True)
    if json is not None:
        write_json(result, json)
    if csv is not None:
        write_csv(result, csv, spoken(), excel=excel)
    if xlsx is not None:
        write_xlsx(result, xlsx, spoken())
    if html is not None:
        write_html(result, html, spoken(), detail=detail, every_assumption=assumptions)
    if chart is not None:
        write_chart(result, chart, spoken())
    print_report(result, spoken(), table_console(), detail=detail, every_assumption=assumptions)


@cache
def command_line() -> Callable[[], None]:
    """Return the commands, made of their functions once a process."""
    return typer.main.get_command(app)


def run() -> None:
    """Run the command line; errors of use and of data end in one line and exit code 1."""
    prepare_streams()
    speak(asked(sys.argv[1:]))
    try:
        if "" in sys.argv[1:]:  # a path of nothing would be the folder where one stands
            raise DataError(
                "an argument is empty: is a variable of the shell unset? (this folder is .)"
            )
        command_line()()
    except BrokenPipeError:
        _end_quietly(1)
    except KeyboardInterrupt:
        _end_quietly(INTERRUPTED)
    except (OliveError, OSError) as error:
        complain(f"olive: {error}")
        _end_quietly(1)
    except MemoryError:
        complain(
            Message("olive: there is not enough memory for this; ask for fewer households at once")
        )
        _end_quietly(1)


def _end_quietly(code: int) -> NoReturn:
    """Leave with an exit code; what a closed or full output did not take is given up."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
