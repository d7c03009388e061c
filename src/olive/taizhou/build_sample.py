"""Build the synthetic sample that olive ships in ``data/synthetic/``: ``python -m`` this module."""

from __future__ import annotations

import csv
import io
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.china.recipes.recipe import load_recipe, recipe_folder, value_of
from olive.native.files import write_bytes
from olive.population.population import Population

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAMPLE = {"households": 20_000, "seed": 1, "place": "taizhou", "year": 2023}
FOLDER = Path("data") / "synthetic"
TARGET_COLUMNS = (
    "id",
    "value",
    "year",
    "unit",
    "entity",
    "measure",
    "where",
    "tolerance",
    "block",
    "status",
    "source",
    "url",
)


def build_sample(folder: str | Path = FOLDER) -> list[Path]:
    """Write the sample, its recipe and the figures it was fitted to, and return the paths.

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
    for name in ("households.yaml", "persons.yaml", "wealth.yaml"):
        written.append(_copy(name, target / "recipe" / name))
    stem = f"{recipe.name}_{recipe.year}"
    for name in (f"{stem}.yaml", f"{stem}.npz"):
        written.append(_copy(name, target / "recipe" / name))
    quintiles = resources.files("olive.taizhou").joinpath("quintiles.csv").read_bytes()
    written.append(_write(target / "quintiles.csv", quintiles))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, TARGET_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(census_targets(recipe.place))
    written.append(_write(target / "targets.csv", text.getvalue().encode()))
    return written


def census_targets(place: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the census totals of a place in the form that ``olive.calibrate`` reads."""
    year = place.get("census_year") or place["year"]
    for kind, truth in (("family", "false"), ("collective", "true")):
        for block, unit, entity in (
            ("households", "households", "household"),
            ("persons", "persons", "person"),
        ):
            entry = place[block][kind]
            where = f"collective == {truth}"
            yield _target(f"{block}.{kind}", entry, (unit, entity, where), block, year)
    ages = place["ages"]
    bounds = [0, *ages["bounds"]]
    for position, persons in enumerate(ages["persons"]):
        low, high = bounds[position], [*bounds, None][position + 1]
        where = f"age >= {low}" + (f" and age < {high}" if high else "")
        name = f"age.{low}_{high - 1}" if high else f"age.{low}_and_over"
        entry = {**ages, "value": persons}
        if low in ages.get("derived", {}):
            entry |= {"status": "derived", "source": ages["derived"][low]}
        yield _target(name, entry, ("persons", "person", where), "age", year)
    yield _target("male", place["male"], ("persons", "person", "sex == male"), "sex", year)
    share = value_of(place["urban_person_share"])
    people = sum(value_of(entry) for entry in place["persons"].values())
    urban = {**place["urban_person_share"], "value": round(share * people)}
    yield _target("urban", urban, ("persons", "person", "urban == true"), "urban", year)
    counties = place["counties"]
    for county, persons in counties["persons"].items():
        status = "recalled" if county in counties.get("recalled", ()) else counties["status"]
        entry = {**counties, "value": persons, "status": status}
        where = f"county == {county}"
        yield _target(f"county.{county}", entry, ("persons", "person", where), "county", year)


def _target(
    name: str, entry: Mapping[str, Any], what: tuple[str, str, str], block: str, year: int
) -> dict[str, Any]:
    unit, entity, where = what
    return {
        "id": name,
        "value": entry["value"],
        "year": year,
        "unit": unit,
        "entity": entity,
        "measure": "count",
        "where": where,
        "tolerance": "",
        "block": block,
        "status": entry["status"],
        "source": entry["source"],
        "url": entry.get("url", ""),
    }


def _copy(name: str, target: Path) -> Path:
    return _write(target, recipe_folder().joinpath(name).read_bytes())


def _write(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_bytes(target, content)


if __name__ == "__main__":
    for path in build_sample(*sys.argv[1:2]):
        sys.stdout.write(f"{path}\n")
