"""`olive recipe build|check FILE`: a synthetic population of another place from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from olive.cli.console import figures_table, plain_number, say, table_console
from olive.cli.language import SpeakingCommand, SpeakingGroup
from olive.cli.outputs import check_targets
from olive.messages import Message

if TYPE_CHECKING:
    import pandas as pd

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
    from olive.places.registry import place_of_recipe  # noqa: PLC0415
    from olive.population import Population  # noqa: PLC0415 - heavy
    from olive.validation.validation import validate  # noqa: PLC0415

    recipes = place_of_recipe(file).recipes
    people = Population.synthetic(households, seed, recipe=file)
    compared = validate(people, recipes.figures(file=file), model_range=False)
    console = table_console()
    synthetic = Message("SYNTHETIC DATA: every household is generated, none is real.")
    roles = Message("fit: used to build the population; held_out: not used, shown with its miss.")
    console.print(synthetic, style="yellow")
    for each in (_table(compared), roles, *people.notes):
        console.print(each)


def _table(found: pd.DataFrame) -> Table:
    title = Message("{number} figures compared, {number2} met", len(found), int(found["met"].sum()))
    table = figures_table(title, ("figure", "role", "status"), ("given", "here", "miss"))
    for row in found.to_dict("records"):
        texts = (row[name] for name in ("id", "role", "status"))
        figures = (plain_number(row[name]) for name in ("published", "synthetic"))
        style = None if row["met"] else "red" if row["role"] == "fit" else "yellow"
        table.add_row(*texts, *figures, f"{row['miss']:+.2%}", style=style)
    return table
