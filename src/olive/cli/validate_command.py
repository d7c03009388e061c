"""The validate command: every published figure beside the population's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.answers import Csv, Folder, Households
from olive.cli.console import table_console
from olive.cli.outputs import check_targets
from olive.native.files import write_text
from olive.places.labels import spoken

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
    from olive.report.request import ReportRequest, chosen_population  # noqa: PLC0415 - heavy
    from olive.report.validation_table import print_validation  # noqa: PLC0415 - heavy
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
    print_validation(found, city, spoken(), table_console(), seeds=seeds)
