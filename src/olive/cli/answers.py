"""What commands that answer one question have in common: options, the population, the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.console import table_console
from olive.cli.outputs import check_targets
from olive.errors import PlanError
from olive.places.labels import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from olive.analysis import Table
    from olive.engine import Policy
    from olive.places.labels import Language
    from olive.places.place import Place
    from olive.places.plan import Plan
    from olive.population import Population
    from olive.simulation import Result

Folder = Annotated[
    Path | None, typer.Option(help="Folder with a population; by default the shipped sample.")
]
FolderOrHousehold = Annotated[
    Path | None,
    typer.Option(
        help="Folder with a population, or file (YAML) with one household, number 0; by default "
        "the shipped sample."
    ),
]
_DESCRIBED = (".yaml", ".yml")
ReformFile = Annotated[
    Path | None, typer.Option("--reform", help="Reform file (YAML) instead of the plan.")
]
FurtherReform = Annotated[
    Path | None, typer.Option("--reform", help="Reform file (YAML) to carry out on it.")
]
Households = Annotated[
    int | None, typer.Option(min=1, help="Generate a city of this many sample households.")
]
OwnFolder = Annotated[
    Path | None, typer.Option(help="Folder with a population of your own (Parquet).")
]
Csv = Annotated[Path | None, typer.Option(help="Also write the table as CSV.")]
CsvOfAll = Annotated[Path | None, typer.Option(help="Also write all tables as CSV.")]
Chart = Annotated[Path | None, typer.Option(help="Also draw a chart to this file (png, svg, pdf).")]
Definition = Annotated[str, typer.Option(help="Definition of the household's income.")]
Draws = Annotated[
    int | None,
    typer.Option(help="Joint draws of the assumed figures for the ranges (10); 0 leaves them out."),
]
Seed = Annotated[int, typer.Option(help="Seed of random draws.")]


def population_of(
    folder: Path | None,
    csv: Path | None = None,
    chart: Path | None = None,
    *,
    reforms: Sequence[Path | None] = (),
) -> Population:
    """Return the population, after a look at table and chart to be written and reforms to be read.

    A file (YAML) in place of the folder describes one household.
    """
    from olive.engine import Reform  # noqa: PLC0415 - heavy
    from olive.population import Population  # noqa: PLC0415
    from olive.simulation import read_household  # noqa: PLC0415

    check_targets({"--csv": csv, "--chart": chart}, [folder, *reforms])
    for each in reforms:
        if each is not None:
            Reform.read(each)  # what is wrong in it is told before a large population is read
    if folder is None:
        return Population.shipped()
    return read_household(folder) if folder.suffix in _DESCRIBED else Population.read(folder)


def law_of(city: Population, *, plan: bool = False, reform: Path | None = None) -> Policy:
    """Return the law of a population's year, with the plan and a reform file on it where asked."""
    from olive.engine import Reform  # noqa: PLC0415 - heavy

    law = city.place.law(year=city.year)
    if plan:
        law |= plan_of(city.place).scenario()
    return law if reform is None else law | Reform.read(reform)


def plan_of(place: Place) -> Plan:
    """Return the plan of a place.

    Raises
    ------
    PlanError
        When it has none, with what can be asked all the same.
    """
    if not place.has_plan:
        raise PlanError(
            "the place {name!r} has no plan; give a reform instead, --reform FILE", place.name
        )
    return place.plan


def simulated_under_plan(city: Population, seed: int, reform: Path | None = None) -> Result:
    """Return a population under the law of its year, and under the plan or a reform on it."""
    from olive.simulation import simulate  # noqa: PLC0415 - heavy

    after = law_of(city, plan=reform is None, reform=reform)
    return simulate(city, [law_of(city), after], seed=seed)


def show(
    table: Table,
    csv: Path | None,
    chart: Path | None = None,
    draw: Callable[..., Axes] | None = None,
    *,
    view: Sequence[Table] | None = None,
) -> None:
    """Print a table, or what of it a screen shows; write all of it, and its chart, where asked.

    ``draw`` takes the table, and the language by name.
    """
    from olive.report.chart_frame import write_axes  # noqa: PLC0415 - heavy
    from olive.report.table_text import print_remarks, print_table  # noqa: PLC0415

    if csv is not None:
        table.to_csv(csv, spoken())
    if chart is not None and draw is not None:
        write_axes(draw(table, language=spoken()), chart)
    shown = [table] if view is None else view
    console = table_console()
    for each in shown:
        print_table(each, spoken(), console)
    print_remarks(shown, spoken(), console)


def show_all(
    tables: Sequence[Table],
    csv: Path | None,
    chart: Path | None = None,
    draw: Callable[[Language], Axes] | None = None,
) -> None:
    """Print several tables of one answer; write them to one file, and the chart, where asked."""
    from olive.report.chart_frame import write_axes  # noqa: PLC0415 - heavy
    from olive.report.table_text import print_remarks, print_table, write_tables  # noqa: PLC0415

    if csv is not None:
        write_tables(tables, csv, spoken())
    if chart is not None and draw is not None:
        write_axes(draw(spoken()), chart)
    console = table_console()
    for each in tables:
        print_table(each, spoken(), console)
        console.print()
    print_remarks(tables, spoken(), console)
