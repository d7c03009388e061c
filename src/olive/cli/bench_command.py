"""`olive bench`: how fast olive is on the user's own machine."""

from __future__ import annotations

from typing import Annotated

import typer

from olive.cli.answers import Csv, show_all
from olive.cli.outputs import check_targets


def bench(
    households: Annotated[
        int, typer.Option(min=100, help="Sample households of the city that is drawn.")
    ] = 20_000,
    threads: Annotated[
        int | None, typer.Option(min=1, help="By default as many as there are cores.")
    ] = None,
    csv: Csv = None,
) -> None:
    """Print how long olive's works take on this machine, on a drawn city."""
    from olive.report.speed import measure_speed  # noqa: PLC0415 - heavy

    check_targets({"--csv": csv})
    show_all([measure_speed(households, threads=threads, progress=True)], csv)
