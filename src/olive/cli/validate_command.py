"""The validate command: every published figure beside the population's."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from olive.cli.answers import Csv, Folder, Households
from olive.cli.console import figures_table, plain_number, table_console
from olive.cli.language import spoken
from olive.cli.outputs import check_targets
from olive.native.files import write_text

if TYPE_CHECKING:
    import pandas as pd

    from olive.places.labels import Language
    from olive.places.place import Place

_SMALL, _SEEDS_OF_A_PAGE = 50_000, 9  # households; other seeds drawn for a page


def validate(
    population: Folder = None,
    households: Households = None,
    targets: Annotated[
        Path | None, typer.Option(help="CSV of published figures; by default those of its place.")
    ] = None,
    model_range: Annotated[
        bool, typer.Option(help="Vary shape, spread and size gradient of synthetic incomes.")
    ] = True,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Other seeds to draw, for the spread between seeds; by default none, and nine for "
            "the page of a small synthetic population.",
        ),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Also write the page (Markdown) to this file.")
    ] = None,
    csv: Csv = None,
) -> None:
    """Print every published figure, what the population gives, and whether it is met."""
    from olive.analysis.spreadsheets import frame_text  # noqa: PLC0415 - heavy
    from olive.places.unit_words import status_name  # noqa: PLC0415
    from olive.report.request import ReportRequest, chosen_population  # noqa: PLC0415 - heavy
    from olive.report.validation_words import figure_name, validation_word  # noqa: PLC0415
    from olive.validation import validation  # noqa: PLC0415
    from olive.validation.validation_page import write_validation  # noqa: PLC0415

    check_targets({"--page": page, "--csv": csv}, [population, targets])
    city = chosen_population(ReportRequest(households=households, folder=population), progress=True)
    if seeds is None:
        wanted = page is not None and len(city) <= _SMALL and validation.as_drawn(city)
        seeds = _SEEDS_OF_A_PAGE if wanted else 0
    found = validation.validate(city, targets, model_range=model_range, seeds=seeds, progress=True)
    if page is not None:
        write_validation(found, city, page)
    if csv is not None:
        write_text(csv, frame_text(found))
    console = table_console()
    language: Language = spoken()
    if city.is_synthetic:
        console.print(validation_word("synthetic", language), style="yellow")
    known = found[found["published"].notna()]
    unknown = len(found) - len(known)
    counts = {"compared": len(known), "met": int(known["met"].sum()), "unknown": unknown}
    title = validation_word("title" if unknown else "title_of_known", language, **counts)
    texts, figures = ("figure", "role", "status"), ("year", "published", "here", "miss")
    words = [[validation_word(each, language) for each in names] for names in (texts, figures)]
    table = figures_table(title, *words)
    table.add_column(validation_word("model_range", language), justify="right")
    for row in found.to_dict("records"):
        low, high, published = (
            "" if row[name] != row[name] else plain_number(row[name])  # a missing figure
            for name in ("low", "high", "published")
        )
        missed = "red" if row["role"] == "fit" else "yellow"
        table.add_row(
            figure_name(row["id"], language, city.place),
            validation_word(row["role"], language) if row["role"] else "",
            status_name(row["status"], language),
            str(row["year"]),
            published,
            plain_number(row["synthetic"]),
            _miss(row),
            validation_word("to", language, low=low, high=high) if low else "",
            style=missed if published and not row["met"] else None,
        )
    console.print(table)
    console.print(validation_word("roles", language))
    if seeds:
        console.print(_seeds_table(found, seeds, city.place, language))


def _seeds_table(found: pd.DataFrame, seeds: int, place: Place, language: Language) -> Table:
    """Return the headline figures over the seed shown and the others."""
    from olive.report.validation_words import figure_name, validation_word  # noqa: PLC0415
    from olive.validation.validation import headlines  # noqa: PLC0415 - heavy

    title = validation_word("seeds", language, count=seeds + 1)
    figures = ("here", "mean", "least", "most", "deviation")
    words = [validation_word(each, language) for each in figures]
    table = figures_table(title, [validation_word("figure", language)], words)
    names = ("synthetic", "seed_mean", "seed_low", "seed_high", "seed_spread")
    for row in headlines(found, place).to_dict("records"):
        table.add_row(
            figure_name(row["id"], language, place), *(plain_number(row[name]) for name in names)
        )
    return table


def _miss(row: dict[Hashable, Any]) -> str:
    """Return a miss in per cent; of a published nought, the value; nothing beside no figure."""
    if not row["published"]:
        return f"{row['miss']:,.0f}"
    return "" if row["published"] != row["published"] else f"{row['miss']:+.2%}"
