"""What the levers of the plan do: their contributions, their price, and the years ahead."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.answers import (
    Chart,
    Csv,
    Definition,
    Draws,
    Folder,
    Seed,
    law_of,
    plan_of,
    population_of,
    show,
)
from olive.errors import DataError, nearest
from olive.messages import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes

    from olive.analysis import Table
    from olive.engine import Reform
    from olive.places.place import Place

_EVERY = "all"
Part = Annotated[
    str | None,
    typer.Option(
        help="A part of the plan (work, skills, ...) whose clauses are taken one by one, or all; "
        "by default the parts themselves."
    ),
]
Reforms = Annotated[
    list[Path] | None,
    typer.Option(help="Reform file (YAML), one part each, instead of the plan; repeatable."),
]


class Asked(StrEnum):
    """What is shared out."""

    CONTRIBUTIONS = "contributions"
    CROSSINGS = "crossings"
    INTERACTIONS = "interactions"


def attribute(
    what: Annotated[
        Asked,
        typer.Option(
            help="contributions: what each part adds to an indicator; crossings: who it takes over "
            "the bounds; interactions: which parts reinforce or replace each other."
        ),
    ] = Asked.CONTRIBUTIONS,
    part: Part = None,
    reform: Reforms = None,
    indicator: Annotated[
        str, typer.Option(help="Whose change is shared out; for crossings, a share.")
    ] = "share_10_50",
    definition: Definition = "household",
    orders: Annotated[
        int | None,
        typer.Option(
            help="Orders of carrying out to draw; by default all of them for up to twelve parts "
            "that move incomes, 100 beyond."
        ),
    ] = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Share out the effect of the plan, or of reforms, among its parts so that it adds up."""
    from olive.analysis.uncertainty_views import definition_of, of_indicator  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=reform or [])
    definition = definition_of(indicator, definition, city.place)
    if what is Asked.INTERACTIONS and orders is not None:
        raise DataError("interactions take all combinations; leave --orders out")
    parts = _parts(city.place, part, reform)
    study, draw = _study(what, indicator, definition)
    if what is not Asked.INTERACTIONS:
        study = partial(study, orders=orders)
    table = study(city, law_of(city), parts, seed=seed, progress=True)
    shown = table if what is Asked.CROSSINGS else of_indicator(table, indicator, definition)
    show(table, csv, chart, draw, view=[shown])


def rank(
    part: Part = None,
    reform: Reforms = None,
    definition: Definition = "household",
    draws: Draws = None,
    population: Folder = None,
    seed: Seed = 0,
    csv: Csv = None,
    chart: Chart = None,
) -> None:
    """Rank measures by public cost for each household over 100,000 yuan."""
    from olive.analysis import cost_effectiveness  # noqa: PLC0415 - heavy
    from olive.report.lever_charts import cost_and_effect  # noqa: PLC0415

    city = population_of(population, csv, chart, reforms=reform or [])
    table = cost_effectiveness(
        city,
        law_of(city),
        _parts(city.place, part, reform),
        definition=definition,  # type: ignore[arg-type]
        draws=draws,
        seed=seed,
        progress=True,
    )
    show(table, csv, chart, cost_and_effect)


def _study(
    what: Asked, indicator: str, definition: str
) -> tuple[Callable[..., Table], Callable[..., Axes]]:
    """Return the function that answers a question, and the one that draws the answer."""
    from olive import analysis  # noqa: PLC0415 - heavy
    from olive.report import lever_charts  # noqa: PLC0415

    if what is Asked.CROSSINGS:
        crossings = partial(analysis.crossings_by_part, definition=definition)  # type: ignore[arg-type]
        return crossings, partial(lever_charts.crossing_waterfall, share=indicator)
    study, draw = {
        Asked.CONTRIBUTIONS: (analysis.attribute, lever_charts.contributions),
        Asked.INTERACTIONS: (analysis.interactions, lever_charts.interaction_map),
    }[what]
    return study, partial(draw, indicator=indicator, definition=definition)


def _parts(place: Place, part: str | None, reforms: list[Path] | None) -> Mapping[str, Reform]:
    """Return the parts of the plan, the clauses of one part, or reforms from files."""
    from olive.engine import Reform  # noqa: PLC0415 - heavy

    if reforms:
        if part is not None:
            raise DataError("give --part or --reform, not both")
        read = [Reform.read(each) for each in reforms]
        found = {each.label: each for each in read}
        if len(found) < len(read):
            raise DataError(
                "reforms are told apart by their labels; found {labels}",
                joined(each.label for each in read),
            )
        return found
    plan = plan_of(place)
    if part is None:
        return plan.parts()
    clauses = dict(plan.by_clause())
    clauses[_EVERY] = {name: each for own in clauses.values() for name, each in own.items()}
    if part not in clauses:
        raise DataError(
            "no part {part!r}{hint}; give one of {parts}",
            part,
            nearest(part, clauses),
            joined(clauses),
        )
    return clauses[part]
