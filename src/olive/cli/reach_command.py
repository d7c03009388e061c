"""`olive reach`: what it would take to reach the targets, or how near the levers come."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from olive.cli.answers import CsvOfAll, Folder, law_of, show_all
from olive.cli.outputs import check_targets
from olive.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from olive.analysis.goal_levers import Limits

_Given = TypeVar("_Given")


class Aim(StrEnum):
    """What is preferred among the policies that meet everything."""

    SMALLEST_CHANGE = "smallest_change"
    LEAST_COST = "least_cost"
    NEAREST = "nearest"


def reach(
    lever: Annotated[
        list[str],
        typer.Option(
            help="Parameter and limits, NAME=LOW:HIGH in its unit, or NAME=xLOW:xHIGH in multiples "
            "of what is in force; repeatable."
        ),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="Indicator and value to reach, such as share_20_60=0.45; repeatable; by default "
            "the plan's three targets."
        ),
    ] = None,
    definition: Annotated[str, typer.Option(help="Definition of a share.")] = "household",
    budget: Annotated[
        float | None, typer.Option(help="What the public cost may rise by, yuan a year.")
    ] = None,
    aim: Annotated[
        Aim, typer.Option(help="What is preferred among the policies that meet everything.")
    ] = Aim.SMALLEST_CHANGE,
    plan: Annotated[bool, typer.Option("--plan", help="Lay the levers on the plan.")] = False,
    population: Folder = None,
    write: Annotated[
        Path | None, typer.Option(help="Also write the levers found as a reform (YAML).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search and of draws.")] = 0,
    csv: CsvOfAll = None,
    chart: Annotated[
        Path | None,
        typer.Option(help="Also draw the frontier of cost to this file (png, svg, pdf)."),
    ] = None,
) -> None:
    """Find levers within limits that reach the targets; exit code 1 when none does."""
    from olive.analysis import reach as search  # noqa: PLC0415 - heavy
    from olive.population import Population  # noqa: PLC0415
    from olive.report.outlook_charts import frontier  # noqa: PLC0415

    check_targets({"--write": write, "--csv": csv, "--chart": chart}, [population])
    levers = _each_once("--lever", map(_lever, lever))
    targets = _each_once("--target", map(_target, target)) if target else None
    city = Population.read(population) if population is not None else Population.shipped()
    found = search(
        city,
        law_of(city, plan=plan),
        levers,
        targets=targets,
        definition=definition,
        budget=budget,
        objective=aim.value,
        seed=seed,
        progress=True,
    )
    if write is not None:
        found.reform.write(write)
    draw = partial(frontier, found.frontier, found.targets)
    show_all([found.targets, found.levers, found.frontier], csv, chart, draw)
    if not found.met:
        raise typer.Exit(1)


def _each_once(option: str, given: Iterable[tuple[str, _Given]]) -> dict[str, _Given]:
    found: dict[str, _Given] = {}
    for name, value in given:
        if name in found:
            raise DataError("{option} names {name!r} twice; give it once", option, name)
        found[name] = value
    return found


def _lever(text: str) -> tuple[str, Limits]:
    from olive.analysis.goal_levers import Limits  # noqa: PLC0415

    name, _, limits = text.partition("=")
    ends = limits.split(":")
    factors = len(ends) == 2 and all(each.startswith("x") for each in ends)
    try:
        low, high = (float(each.removeprefix("x") if factors else each) for each in ends)
    except ValueError as error:
        raise DataError(
            "--lever {text!r}: write NAME=LOW:HIGH, such as dibao_exit_months=6:12, "
            "or NAME=xLOW:xHIGH, such as minimum_wage=x1:x1.5",
            text,
        ) from error
    return name, Limits(low, high, "factor" if factors else "value")


def _target(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise DataError("--target {text!r}: write for example share_20_60=0.45", text) from error
