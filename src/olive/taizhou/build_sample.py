"""Build the synthetic sample that olive ships in ``data/synthetic/``: ``python -m`` this module."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from olive.china.recipes.census_targets import TARGET_COLUMNS, census_targets
from olive.china.recipes.quintiles import FILE
from olive.china.recipes.recipe import load_recipe
from olive.native.files import write_bytes
from olive.population.population import Population

SAMPLE = {"households": 20_000, "seed": 1, "place": "taizhou", "year": 2023}
FOLDER = Path("data") / "synthetic"


def build_sample(folder: str | Path = FOLDER) -> list[Path]:
    """Write the sample and the figures it was fitted to, and return the paths.

    The same versions of olive and Arrow write the same bytes.

    Parameters
    ----------
    folder : str or pathlib.Path
        Is made when it does not exist; files of an earlier sample are replaced.
    """
    target = Path(folder)
    population = Population.synthetic(**SAMPLE)  # type: ignore[arg-type]
    population.write(target)
    recipe = load_recipe(population.origin.place, population.year)
    written = sorted(target.glob("*.parquet"))
    written.append(_write(target / "quintiles.csv", FILE.read_bytes()))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, TARGET_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(census_targets(recipe.place))
    written.append(_write(target / "targets.csv", text.getvalue().encode()))
    return written


def _write(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_bytes(target, content)


if __name__ == "__main__":
    for path in build_sample(*sys.argv[1:2]):
        sys.stdout.write(f"{path}\n")
