"""`olive cases FILE...`: analysts' worked cases, checked against the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from olive.cli.console import say
from olive.errors import DataError
from olive.messages import Message


def cases(
    files: Annotated[
        list[Path], typer.Argument(help="Case files (YAML), or folders of them.", metavar="FILE...")
    ],
) -> None:
    """Check worked cases; exit code 1 when one does not hold, with what differs."""
    from olive.simulation.cases import differences, read_cases  # noqa: PLC0415

    every = [case for path in _paths(files) for case in read_cases(path)]
    failed = 0
    for case in every:
        lines = differences(case)
        if lines:
            failed += 1
            say("\n".join([*lines, f"    source: {case.source}"]))
    say(Message("{number} of {number2} cases hold", len(every) - failed, len(every)))
    if failed:
        raise typer.Exit(1)


def _paths(files: list[Path]) -> list[Path]:
    """Return the files, and the YAML files within the folders, in order."""
    found: list[Path] = []
    for path in files:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not inside:
            raise DataError("{path}: no YAML file in this folder", path)
        found.extend(inside)
    return found
