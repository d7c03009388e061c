"""`olive bench`: how fast olive is on the user's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.console import table_console
from olive.cli.language import spoken
from olive.cli.outputs import check_targets


def bench(
    households: Annotated[
        int, typer.Option(min=1, help="Sample households of the city that is drawn.")
    ] = 20_000,
    threads: Annotated[
        int | None, typer.Option(min=1, help="By default as many as there are cores.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
) -> None:
    """Print how long olive's works take on this machine, on a drawn city."""
    from olive.report.speed import measure_speed  # noqa: PLC0415 - heavy
    from olive.report.table_text import print_remarks, print_table  # noqa: PLC0415

    check_targets({"--csv": csv})
    table = measure_speed(households, threads=threads, progress=True)
    if csv is not None:
        table.to_csv(csv, spoken())
    console = table_console()
    print_table(table, spoken(), console)
    console.print()
    print_remarks([table], spoken(), console)
