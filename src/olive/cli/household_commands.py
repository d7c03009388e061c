"""What happens to households: one, those at a cliff, those that cross a bound or may fall back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.answers import Csv, Definition, Folder, Seed, population_of, show

if TYPE_CHECKING:
    from olive.population import Population
    from olive.simulation import Result

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
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show a household's income over an amount: exact pieces, marginal rates, cliffs."""
    from olive.analysis import budget_line as line  # noqa: PLC0415 - heavy

    result = _under(population_of(population, csv), seed, plan=plan)
    show(line(result, household, person=person, over=over, low=low, high=high), csv)


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
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show what earners of each group do not keep of a little more: marginal and average rates."""
    from olive.analysis import marginal_rates as rates  # noqa: PLC0415 - heavy

    result = _under(population_of(population, csv), seed, plan=plan)
    show(rates(result, by=by, share=share, amount=amount), csv)


def cliffs(
    within: Annotated[float, typer.Option(help="Extra earnings looked at, yuan a year.")] = 6_000.0,
    plan: Plan = False,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
) -> None:
    """Show how many households would have less if they earned a little more, and what they lose."""
    from olive.analysis import cliffs as ahead  # noqa: PLC0415 - heavy

    show(ahead(_under(population_of(population, csv), seed, plan=plan), within=within), csv)


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

    result = _before_and_after(population_of(population, csv), seed)
    show(asked(result, bound=bound, definition=definition), csv)  # type: ignore[arg-type]


def _under(city: Population, seed: int, *, plan: bool) -> Result:
    """Return a population under the law of its year, or the plan on it."""
    from olive.simulation import simulate  # noqa: PLC0415 - heavy

    policy = city.place.law(year=city.year)
    return simulate(city, policy | city.place.plan.scenario() if plan else policy, seed=seed)


def _before_and_after(city: Population, seed: int) -> Result:
    """Return a population under the law of its year and under the plan on it."""
    from olive.simulation import simulate  # noqa: PLC0415 - heavy

    before = city.place.law(year=city.year)
    return simulate(city, [before, before | city.place.plan.scenario()], seed=seed)
