"""`olive explain`: how one variable of one household comes about, step by step."""

from __future__ import annotations

from typing import Annotated

import typer

from olive.cli.answers import FolderOrHousehold, FurtherReform, Seed, law_of, population_of
from olive.cli.console import say
from olive.cli.language import ReformBase
from olive.places.labels import spoken


def explain(
    variable: Annotated[str, typer.Argument(help="Variable, such as dibao.")],
    household: Annotated[str, typer.Option(help="Its household_id.")],
    person: Annotated[
        int | None, typer.Option(min=0, help="Person number, for variables of persons.")
    ] = None,
    under: Annotated[
        ReformBase, typer.Option(help="The law of the data's year, or the plan on it.")
    ] = ReformBase.LAW,
    reform: FurtherReform = None,
    population: FolderOrHousehold = None,
    depth: Annotated[
        int | None, typer.Option(min=0, help="How many steps deep; by default down to the data.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Explain a variable of one household: formulas, numbers, parameters, sources, clauses."""
    from olive.analysis import explain as explained  # noqa: PLC0415 - heavy
    from olive.simulation import simulate  # noqa: PLC0415

    city = population_of(population, reforms=[reform])
    policy = law_of(city, plan=under is ReformBase.PLAN, reform=reform)
    result = simulate(city, policy, seed=seed)
    say(explained(result, variable, household, person=person).text(spoken(), depth=depth))
