"""Commands that make and reweight populations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.console import say
from olive.errors import DataError, OutputError
from olive.messages import Message


def synthesize(
    folder: Annotated[Path, typer.Argument(help="Folder to write the two Parquet files to.")],
    households: Annotated[
        int,
        typer.Option(
            min=1, help="Sample households; weights add up to the place. Taizhou has 2,636,236."
        ),
    ] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 1,
    place: Annotated[
        str | None, typer.Option(help="Installed place to draw; by default taizhou.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Year of the place's recipe; by default the latest.")
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(help="Recipe file of your own (YAML), solved by `olive recipe build`."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; the result does not depend on it.")
    ] = None,
) -> None:
    """Generate a synthetic population from a solved recipe and write it as Parquet."""
    from olive.places import registry  # noqa: PLC0415
    from olive.population import Population  # noqa: PLC0415 - heavy
    from olive.population.storage import check_folder  # noqa: PLC0415

    if recipe is not None and (place is not None or year is not None):
        raise DataError("give --recipe, which says place and year, or --place and --year, not both")
    found = registry.place(place) if recipe is None else registry.place_of_recipe(recipe)
    check_folder(folder, found.recipes.origin(year, recipe).stem)
    population = Population.synthetic(
        households, seed, found, year, recipe=recipe, threads=threads, progress=True
    )
    population.write(folder, progress=True)
    say(Message("SYNTHETIC DATA: every household is generated, none is real."), style="yellow")
    say(
        Message(
            "{number:,} households ({number2:,} persons) stand for {number3:,.0f}; "
            "written to {folder}",
            len(population),
            int(population.size.sum()),
            population.weight.sum(),
            folder,
        )
    )
    say(f"fingerprint {population.fingerprint()}")
    for note in population.notes:
        say(note)


def calibrate(
    population: Annotated[Path, typer.Argument(help="Folder with a population.")],
    targets: Annotated[Path, typer.Argument(help="CSV of targets.")],
    folder: Annotated[Path, typer.Argument(help="Folder to write the reweighted population to.")],
    method: Annotated[
        str, typer.Option(help="Distance: linear, raking, logit or truncated.")
    ] = "logit",
    lower: Annotated[float, typer.Option(help="Least ratio of new to old weight.")] = 0.2,
    upper: Annotated[float, typer.Option(help="Largest ratio of new to old weight.")] = 5.0,
    soften: Annotated[
        bool, typer.Option(help="Soften targets that cannot be met instead of refusing.")
    ] = False,
) -> None:
    """Reweight a population to targets and print how well each is met."""
    from olive.population import Population, calibration  # noqa: PLC0415 - heavy
    from olive.population.storage import check_folder  # noqa: PLC0415

    source = Population.read(population, progress=True)
    if folder.resolve() == population.resolve():
        raise OutputError("{folder}: is read as input; give another folder to write to", folder)
    check_folder(folder, source.origin.stem)
    wanted = calibration.Targets.read(targets)
    bounds = (lower, upper) if method in {"logit", "truncated"} else None
    unmet = "soften" if soften else "raise"
    result = calibration.calibrate(
        source, wanted, method=method, bounds=bounds, on_infeasible=unmet, progress=True
    )
    say(result.targets.to_string())
    say(result.summary().to_string())
    for warning in result.warnings:
        say(f"warning: {warning}")
    source.with_weights(result.weights, note=result.note).write(folder)
    say(Message("written to {folder}", folder))
