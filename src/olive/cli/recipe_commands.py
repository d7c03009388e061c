"""`olive recipe build|check FILE`: a synthetic population of another place from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.console import say, table_console
from olive.cli.language import SpeakingCommand, SpeakingGroup
from olive.cli.outputs import check_targets
from olive.messages import Message
from olive.places.labels import spoken

recipe = typer.Typer(
    cls=SpeakingGroup, help="Synthetic populations of other places.", no_args_is_help=True
)

RecipeFile = Annotated[Path, typer.Argument(help="Recipe file (YAML).", metavar="FILE")]


@recipe.command(cls=SpeakingCommand)
def build(
    file: RecipeFile,
    draft: Annotated[
        bool, typer.Option("--draft", help="A first look in seconds; incomes are met less well.")
    ] = False,
) -> None:
    """Check a recipe, fit it to its figures and the law, and keep the numbers beside it."""
    from olive.places.registry import place_of_recipe  # noqa: PLC0415

    recipes = place_of_recipe(file).recipes
    check_targets({Message("solved recipe"): recipes.solved_file(file)}, [file])
    kept = recipes.build(file, draft=draft, report=say)
    say(Message("solved; the numbers are kept in {kept}", kept))
    say(Message("next: olive recipe check {file}; olive synthesize FOLDER --recipe {file}", file))


@recipe.command(cls=SpeakingCommand)
def check(
    file: RecipeFile,
    households: Annotated[
        int, typer.Option(min=1, help="Households to draw for the comparison.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 1,
) -> None:
    """Show every figure of a solved recipe beside what a population drawn from it gives."""
    from olive.analysis.terminal_table import print_wrapped  # noqa: PLC0415 - heavy
    from olive.places.registry import place_of_recipe  # noqa: PLC0415
    from olive.population import Population  # noqa: PLC0415
    from olive.report.validation_table import print_validation  # noqa: PLC0415
    from olive.validation.validation import validate  # noqa: PLC0415

    recipes = place_of_recipe(file).recipes
    people = Population.synthetic(households, seed, recipe=file)
    compared = validate(people, recipes.figures(file=file), model_range=False)
    console = table_console()
    print_validation(compared, people, spoken(), console)
    for note in people.notes:
        print_wrapped(note, console)
