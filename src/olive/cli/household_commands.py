"""What happens to households: at a cliff, across a bound, back below it, and to them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.answers import (
    Chart,
    Csv,
    Definition,
    Folder,
    FolderOrHousehold,
    FurtherReform,
    ReformFile,
    Seed,
    law_of,
    population_of,
    show,
    simulated_under_plan,
)

if TYPE_CHECKING:
    from pathlib import Path

    from olive.analysis.crossing_profile import Direction
    from olive.population import Population
    from olive.simulation import Result

Bound = Annotated[
    float | None,
    typer.Option(help="Bound of a year's income; by default the lowest of the brackets."),
]
Plan = Annotated[bool, typer.Option("--plan", help="Under the plan.")]


def budget_line(
    household: Annotated[str, typer.Option(help="Its household_id.")],
    person: Annotated[int, typer.Option(min=0, help="Person number.")] = 0,
    over: Annotated[
        str | None, typer.Option(help="Amount that varies; by default wages, or what stands first.")
    ] = None,
    low: Annotated[float, typer.Option(help="From this amount a year.")] = 0.0,
    high: Annotated[float, typer.Option(help="To this amount a year.")] = 300_000.0,
    plan: Plan = False,
    reform: FurtherReform = None,
    population: FolderOrHousehold = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show a household's income over an amount: exact pieces, marginal rates, cliffs."""
    from olive.analysis import budget_line as line  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    result = _under(population_of(population, csv, chart, reforms=[reform]), seed, plan, reform)
    table = line(result, household, person=person, over=over, low=low, high=high)
    show(table, csv, chart, household_charts.budget_line)


def marginal_rates(
    by: Annotated[
        str, typer.Option(help="Groups: quintile, decile, county, group, household_type, size ...")
    ] = "quintile",
    share: Annotated[
        float | None, typer.Option(help="What each earner earns more, as a share; 0.01 by default.")
    ] = None,
    amount: Annotated[
        float | None, typer.Option(help="What each earner earns more, yuan a year.")
    ] = None,
    plan: Plan = False,
    reform: FurtherReform = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show what earners of each group do not keep of a little more: marginal and average rates."""
    from olive.analysis import marginal_rates as rates  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    result = _under(population_of(population, csv, chart, reforms=[reform]), seed, plan, reform)
    table = rates(result, by=by, share=share, amount=amount, progress=True)
    show(table, csv, chart, household_charts.marginal_rates)


def cliffs(
    within: Annotated[float, typer.Option(help="Extra earnings looked at, yuan a year.")] = 6_000.0,
    plan: Plan = False,
    reform: FurtherReform = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show how many households would have less if they earned a little more, and what they lose."""
    from olive.analysis import cliffs as ahead  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    result = _under(population_of(population, csv, chart, reforms=[reform]), seed, plan, reform)
    show(ahead(result, within=within, progress=True), csv, chart, household_charts.cliffs)


def vulnerability(
    bound: Bound = None,
    definition: Definition = "household",
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show who crosses a bound under the plan and may fall back within a year."""
    from olive.analysis import vulnerability as asked  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=[reform])
    result = simulated_under_plan(city, seed, reform)
    table = asked(result, bound=bound, definition=definition, progress=True)  # type: ignore[arg-type]
    show(table, csv, chart, household_charts.vulnerability)


def crossings(
    bound: Bound = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Breakdown: size, household_type, county, urban, group ...; repeatable."),
    ] = None,
    down: Annotated[
        bool, typer.Option("--down", help="Those that fall below instead of rising above.")
    ] = False,
    definition: Definition = "household",
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show who crosses a bound under the plan: households, sources of income, what moved them."""
    from olive.analysis import crossing_profile  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=[reform])
    result = simulated_under_plan(city, seed, reform)
    way: Direction = "down" if down else "up"
    table = crossing_profile(result, bound=bound, by=by, direction=way, definition=definition)  # type: ignore[arg-type]
    show(table, csv, chart, household_charts.crossing_profile)


def transitions(
    definition: Definition = "household",
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Show how many households move between income cells under the plan."""
    from olive.analysis import transitions as moves  # noqa: PLC0415 - heavy
    from olive.report import household_charts  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=[reform])
    result = simulated_under_plan(city, seed, reform)
    table = moves(result, definition=definition)  # type: ignore[arg-type]
    show(table, csv, chart, household_charts.transitions)


def growth_and_shape(
    reform: ReformFile = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Split what the plan changes into growth of the mean and change of the shape."""
    from olive.analysis import growth_and_shape as split  # noqa: PLC0415 - heavy
    from olive.report.change_charts import parts_of_change  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=[reform])
    result = simulated_under_plan(city, seed, reform)
    show(split(result), csv, chart, parts_of_change)


def _under(city: Population, seed: int, plan: bool, reform: Path | None) -> Result:
    """Return a population under the law of its year, with the plan or a reform on it."""
    from olive.simulation import simulate  # noqa: PLC0415 - heavy

    return simulate(city, law_of(city, plan=plan, reform=reform), seed=seed)
