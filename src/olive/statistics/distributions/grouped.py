"""Published group means of per-capita income, and the file they are read from.

The statistical bureau ranks *households* by per-capita income, cuts them into groups of equal
numbers of households, and publishes for each group all income divided by all persons.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from olive.errors import DataError, nearest, told_where
from olive.messages import joined

GROUPS = ("low", "lower_middle", "middle", "upper_middle", "high")
COLUMNS = ("place", "area", "year", "statistic", "value", "unit", "status", "source", "url")
STATUSES = ("published", "derived", "recalled", "proxy", "assumption")


@dataclass(frozen=True)
class GroupedIncome:
    """Per-capita income by equal groups of ranked households, in yuan per year.

    Attributes
    ----------
    place, area
        Where, for example ``"national"`` and ``"urban"``.
    year
        Year of the incomes.
    group_means
        Income per person in each group, poorest group first.
    mean
        Income per person of all groups together.
    median
        Per-capita income of the household in the middle, or None where it is not published.
    statuses
        Status of each figure used, by statistic (see `STATUSES`).
    sources
        Source of each figure, by statistic.
    """

    place: str
    area: str
    year: int
    group_means: tuple[float, ...]
    mean: float
    median: float | None = None
    statuses: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        means = self.group_means
        if len(means) < 3 or not all(0.0 < low < high for low, high in pairwise(means)):
            raise DataError(
                "{name}: group means {means} must be at least three positive figures in "
                "rising order, poorest group first.",
                self.name,
                list(means),
            )
        if not means[0] < self.mean < means[-1]:
            raise DataError(
                "{name}: the mean {mean:g} must lie between the lowest and the highest "
                "group mean, {means:g} and {means2:g}; are both in yuan per year?",
                self.name,
                self.mean,
                means[0],
                means[-1],
            )

    @property
    def name(self) -> str:
        """Place, area and year in one text."""
        return f"{self.place} {self.area} {self.year}"

    @property
    def proxies(self) -> tuple[str, ...]:
        """Statistics whose status is not published: they must be listed wherever they are used."""
        return tuple(name for name, status in self.statuses if status != "published")


def read_quintiles(path: Path | Traversable) -> dict[str, GroupedIncome]:
    """Read grouped incomes from a CSV file, by name (place, area, year).

    Parameters
    ----------
    path
        A file with the columns ``place, area, year, statistic, value, unit, status, source, url``.

    Raises
    ------
    DataError
        If a column, a statistic, a unit or a status is unknown, or a place has no mean.

    Examples
    --------
    >>> from olive.china.recipes.quintiles import FILE
    >>> read_quintiles(FILE)["national urban 2022"].median
    45123.0
    """
    return _parse(path.read_text("utf-8"), path.name)


def _parse(text: str, where: str) -> dict[str, GroupedIncome]:
    """Group the rows of a quintile file by place, area and year."""
    reader = csv.DictReader(text.splitlines())
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            hint = nearest(column, reader.fieldnames or ())
            raise DataError("{where}: column {column!r} is missing{hint}", where, column, hint)
    tables: dict[tuple[str, str, int], dict[str, dict[str, str]]] = {}
    for number, row in enumerate(reader, start=2):
        with told_where(f"{where}, line {number}"):
            _check_row(row)
        key = (row["place"], row["area"], int(row["year"]))
        tables.setdefault(key, {})[row["statistic"]] = row
    return {income.name: income for income in (_build(*item, where) for item in tables.items())}


def _check_row(row: dict[str, str]) -> None:
    """Refuse a row that cannot be read, saying which cell is wrong."""
    statistics = (*GROUPS, "mean", "median")
    if row["statistic"] not in statistics:
        statistic, hint = row["statistic"], nearest(row["statistic"], statistics)
        raise DataError("unknown statistic {statistic!r}{hint}", statistic, hint)
    if row["status"] not in STATUSES:
        status, hint = row["status"], nearest(row["status"], STATUSES)
        raise DataError("unknown status {status!r}{hint}", status, hint)
    if row["unit"] != "yuan/year":
        raise DataError("unit {unit!r}; convert the figure to 'yuan/year'.", row["unit"])
    for column in ("year", "value"):
        try:
            float(row[column])
        except ValueError:
            raise DataError("{column} {row!r} is not a number.", column, row[column]) from None


def _build(key: tuple[str, str, int], rows: dict[str, dict[str, str]], where: str) -> GroupedIncome:
    """Make one grouped income of the rows of one place, area and year."""
    absent = [statistic for statistic in (*GROUPS, "mean") if statistic not in rows]
    if absent:
        raise DataError("{where}: {key} lacks {absent}.", where, joined(key, " "), joined(absent))
    place, area, year = key
    return GroupedIncome(
        place,
        area,
        year,
        group_means=tuple(float(rows[group]["value"]) for group in GROUPS),
        mean=float(rows["mean"]["value"]),
        median=float(rows["median"]["value"]) if "median" in rows else None,
        statuses=tuple((name, row["status"]) for name, row in rows.items()),
        sources=tuple((name, row["source"]) for name, row in rows.items()),
    )
