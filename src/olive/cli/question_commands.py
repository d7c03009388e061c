"""The questions after the first table: rank, vulnerability, budget line, year by year."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.console import table_console
from olive.cli.language import spoken
from olive.cli.outputs import check_targets
from olive.progress import progress_bar

if TYPE_CHECKING:
    from olive.analysis import Table
    from olive.population import Population

Folder = Annotated[
    Path | None, typer.Option(help="Folder with a population; by default the shipped sample.")
]
Csv = Annotated[Path | None, typer.Option(help="Also write the table as CSV.")]
Definition = Annotated[str, typer.Option(help="Definition of the household's income.")]
Seed = Annotated[int, typer.Option(help="Seed of random draws.")]


class Ranked(StrEnum):
    """What is ranked."""

    PARTS = "parts"
    CLAUSES = "clauses"


def rank(
    what: Annotated[
        Ranked, typer.Option(help="The eight parts of the plan, or every clause that acts.")
    ] = Ranked.PARTS,
    definition: Definition = "household",
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Rank measures of the plan by public cost for each household over 100,000 yuan."""
    from olive.analysis import cost_effectiveness  # noqa: PLC0415 - heavy
    from olive.engine import Reform  # noqa: PLC0415
    from olive.places.plan.lever_files import of_the_plan  # noqa: PLC0415

    city = _population(population, csv)
    measures = dict(city.place.plan.parts())
    if what is Ranked.CLAUSES:
        measures = {
            lever.clauses[0]: Reform.from_operations(own, label=lever.clauses[0])
            for lever in city.place.plan.levers()
            if (own := [each for each in lever.operations if of_the_plan(each)])
        }
    with progress_bar("simulate") as progress:
        table = cost_effectiveness(
            city,
            city.place.law(year=city.year),
            measures,
            definition=definition,  # type: ignore[arg-type]
            seed=seed,
            progress=progress,
        )
    _show(table, csv)


def vulnerability(
    bound: Annotated[
        float | None,
        typer.Option(help="Bound of a year's income; by default the lowest of the brackets."),
    ] = None,
    definition: Definition = "household",
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show who crosses a bound under the plan and may fall back within a year."""
    from olive.analysis import vulnerability as asked  # noqa: PLC0415 - heavy
    from olive.simulation import simulate  # noqa: PLC0415

    city = _population(population, csv)
    before = city.place.law(year=city.year)
    result = simulate(city, [before, before | city.place.plan.scenario()], seed=seed)
    _show(asked(result, bound=bound, definition=definition), csv)  # type: ignore[arg-type]


def budget_line(
    household: Annotated[str, typer.Option(help="Its household_id.")],
    person: Annotated[int, typer.Option(min=0, help="Person number.")] = 0,
    over: Annotated[
        str | None, typer.Option(help="Amount that varies; by default wages, or what stands first.")
    ] = None,
    low: Annotated[float, typer.Option(help="From this amount a year.")] = 0.0,
    high: Annotated[float, typer.Option(help="To this amount a year.")] = 300_000.0,
    plan: Annotated[bool, typer.Option("--plan", help="Under the plan.")] = False,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show a household's income over an amount: exact pieces, marginal rates, cliffs."""
    from olive.analysis import budget_line as line  # noqa: PLC0415 - heavy
    from olive.simulation import simulate  # noqa: PLC0415

    city = _population(population, csv)
    policy = city.place.law(year=city.year)
    result = simulate(city, [policy | city.place.plan.scenario() if plan else policy], seed=seed)
    _show(line(result, household, person=person, over=over, low=low, high=high), csv)


def project(
    first: Annotated[int, typer.Option("--from", help="First year.")] = 2021,
    last: Annotated[int, typer.Option("--to", help="Last year.")] = 2030,
    growth: Annotated[str, typer.Option(help="Growth path: trend or plan.")] = "trend",
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show the targets year by year: in force, the plan phased in, and what was observed."""
    from olive.analysis import project as projected  # noqa: PLC0415 - heavy

    city = _population(population, csv)
    with progress_bar("simulate") as progress:
        table = projected(city, range(first, last + 1), growth=growth, seed=seed, progress=progress)
    _show(table, csv)


def decompose(
    first: Annotated[int, typer.Option("--from", help="Earlier year.")] = 2021,
    last: Annotated[int, typer.Option("--to", help="Later year.")] = 2025,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Split the change between two years into nominal level, policy, and people and incomes."""
    from olive.analysis import decompose as split  # noqa: PLC0415 - heavy

    _show(split(_population(population, csv), first, last, seed=seed), csv)


def verify(
    card: Annotated[Path, typer.Argument(help="Record of a run (YAML).")],
    population: Folder = None,
    csv: Csv = None,
) -> None:
    """Compute a recorded run again; exit code 1 when a figure differs."""
    from olive.analysis import verify_card  # noqa: PLC0415 - heavy

    table = verify_card(card, None if population is None else _population(population, csv))
    _show(table, csv)
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
    import sys  # noqa: PLC0415

    from olive.analysis import write_card  # noqa: PLC0415 - heavy
    from olive.engine import Reform  # noqa: PLC0415
    from olive.simulation import simulate  # noqa: PLC0415

    own = None if reform is None else Reform.read(reform)
    city = _population(population, card)
    if year is not None and year != city.year:
        city = city.brought_to(year)
    base = city.place.law(year=city.year)
    policies = [base, base | city.place.plan.scenario(), *([base | own] if own is not None else [])]
    write_card(simulate(city, policies, seed=seed), card, command=["olive", *sys.argv[1:]])
    typer.echo(str(card))


def _population(folder: Path | None, csv: Path | None) -> Population:
    """Return the population, after a look at whether the table can be written."""
    from olive.population import Population  # noqa: PLC0415

    check_targets({"--csv": csv}, [folder])
    return Population.shipped() if folder is None else Population.read(folder)


def _show(table: Table, csv: Path | None) -> None:
    from olive.report.table_text import print_remarks, print_table  # noqa: PLC0415

    if csv is not None:
        table.to_csv(csv, spoken())
    console = table_console()
    print_table(table, spoken(), console)
    print_remarks([table], spoken(), console)
