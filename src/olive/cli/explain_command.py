"""`olive explain`: how one variable of one household comes about, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.answers import FolderOrHousehold, Seed, law_of, population_of
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
    reform: Annotated[
        Path | None, typer.Option(help="Reform file (YAML) to carry out on it.")
    ] = None,
    population: FolderOrHousehold = None,
    depth: Annotated[
        int | None, typer.Option(min=0, help="How many steps deep; by default down to the data.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Explain a variable of one household: formulas, numbers, parameters, sources, clauses."""
    from olive.analysis import explain as explained  # noqa: PLC0415 - heavy
    from olive.engine import Reform  # noqa: PLC0415
    from olive.simulation import simulate  # noqa: PLC0415

    further = Reform.read(reform) if reform is not None else None
    city = population_of(population)
    policy = law_of(city, plan=under is ReformBase.PLAN)
    result = simulate(city, policy if further is None else policy | further, seed=seed)
    say(explained(result, variable, household, person=person).text(spoken(), depth=depth))
