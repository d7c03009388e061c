"""The tables that every peer reads: drawn once, one file a column, the same bytes for all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from generate import Table, generate

NAMES = ("persons", "households")


def read_tables(folder: Path) -> tuple[Table, Table]:
    """Return the persons and the households that `write_tables` wrote."""
    persons, households = (
        {path.stem: np.load(path) for path in sorted((folder / name).glob("*.npy"))}
        for name in NAMES
    )
    return persons, households


def write_tables(folder: Path, households: int) -> None:
    """Draw the tables in a process of its own, whose memory is then given back."""
    subprocess.run([sys.executable, __file__, str(folder), str(households)], check=True)


def _write(folder: Path, households: int) -> None:
    for name, table in zip(NAMES, generate(households), strict=True):
        (folder / name).mkdir(parents=True)
        for column, values in table.items():
            np.save(folder / name / f"{column}.npy", values)


if __name__ == "__main__":
    _write(Path(sys.argv[1]), int(sys.argv[2]))
