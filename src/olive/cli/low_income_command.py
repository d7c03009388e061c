"""`olive plan --low-income BEFORE AFTER`: who left low income and who fell into it, and why."""

from __future__ import annotations

from pathlib import Path

from olive.cli.answers import show_all
from olive.errors import DataError

_ONE_OR_TWO = (1, 2)


def show_low_income(
    folders: tuple[Path, Path], lines: list[float], by: str, csv: Path | None
) -> None:
    """Follow the households of two folders across a low-income line and print both tables.

    Raises
    ------
    DataError
        For folders, lines or a breakdown that cannot be used, before anything is printed.
    """
    if len(lines) not in _ONE_OR_TWO:
        raise DataError(
            "--low-income needs the line below which income per head is low: --line AMOUNT_A_YEAR, "
            "given twice when the two years have different lines"
        )
    from olive.analysis import low_income_moves  # noqa: PLC0415 - heavy
    from olive.population import Population  # noqa: PLC0415

    earlier, later = (Population.read(folder) for folder in folders)
    if later.year <= earlier.year:
        raise DataError(
            "--low-income takes the earlier year first: {folders} describes {year}, "
            "{folders2} {year2}",
            folders[0],
            earlier.year,
            folders[1],
            later.year,
        )
    moves = low_income_moves(earlier, later, line=(lines[0], lines[-1]), progress=True)
    try:
        reasons = moves.by_reason(by)
    except DataError as error:
        raise DataError("{error}; --by all needs no further column", error) from error
    show_all([moves.summary(), reasons], csv)
