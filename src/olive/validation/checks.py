"""Checks: published figures in a small language, and what a simulated population makes of them.

A check is a target that need not be a total. Its ``measure`` is one of

==================================  =================================================
``count``                           weighted rows that satisfy ``where``
``share``                           the same, over all rows
``share:condition``                 the same, over the rows that satisfy the condition
``sum:a`` or ``sum:a+b``            weighted sum of variables or columns
``mean:a``                          that sum over the count
``median:a``, ``gini:a``            of household incomes, or of incomes per head; a Gini
                                    counts losses as no income
``median_over_mean:a``              median of households ranked by income per head, as the
                                    statistical bureau takes it, over the mean per person
``fifth:a:k``                       share of the k-th fifth of households by income per head
                                    in the sum of the five mean incomes per head; losses count
                                    as no income
``bracket:definition:low:high``     share of an income bracket, see ``statistics.brackets``
==================================  =================================================

With the entity ``person`` a household's income is shared equally among its members.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Column
from olive.engine.csv_reading import CsvFault, CsvTable, parse_csv, read_csv_file
from olive.engine.numerals import number_of
from olive.errors import DataError, OliveError, nearest
from olive.messages import Message, joined
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.calibration import Target, Targets, parse_where
from olive.population.calibration.design import build_design, gather_tables
from olive.population.calibration.targets import TOLERANCE_BY_STATUS
from olive.population.cells import shortened
from olive.population.years import checked_year
from olive.statistics import DEFINITIONS, bracket_shares, gini, median, quantile_shares

FloatArray = NDArray[np.float64]
MEASURES = (
    "count",
    "share",
    "sum",
    "mean",
    "median",
    "median_over_mean",
    "gini",
    "fifth",
    "bracket",
)
_OF_VARIABLES = ("sum", "mean", "median", "median_over_mean", "gini", "fifth")
_FIFTHS = ("1", "2", "3", "4", "5")
ROLES = ("fit", "held_out", "")
INCOME = "disposable_income"
_NEEDED = ("id", "value", "year", "unit", "entity", "measure", "where", "status", "source")
_ENTITIES = ("household", "person")
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure.

    Attributes
    ----------
    id : str
        Unique name.
    value : float or None
        The figure, in ``unit``; None when none was published (status ``missing``).
    year : int
        Year of the figure.
    at : int
        Year of the population and of the law that it is compared with.
    unit, entity, measure, where : str
        What is compared; see the head of this module.
    tolerance : float
        Relative miss that is accepted.
    block : str
        Heading under which it is shown.
    role : {"fit", "held_out", ""}
        Whether the population was made to meet it; empty when that is not known.
    status, source : str
        How firm the figure is, and where it comes from.
    """

    id: str
    value: float | None
    year: int
    at: int
    unit: str
    entity: str
    measure: str
    where: str
    tolerance: float
    block: str
    role: str
    status: str
    source: str

    @property
    def kind(self) -> str:
        """First word of the measure."""
        return self.measure.split(":", 1)[0]

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables and columns that the measure adds up, averages or ranks."""
        if self.kind == "bracket":
            return (INCOME,)
        if self.kind == "share":
            return ()
        names = self.measure.split(":")[1] if ":" in self.measure else ""
        return tuple(name.strip() for name in names.split("+") if name.strip())

    @property
    def base(self) -> str:
        """Rows that a share is taken of; empty for all."""
        return self.measure.partition(":")[2] if self.kind == "share" else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that must be known: variables, and columns of the conditions."""
        conditions = (*parse_where(self.where), *parse_where(self.base))
        return (*self.variables, *(part.column for part in conditions))


def read_checks(
    source: str | Path | None = None, *, place: str | Place | None = None
) -> tuple[Check, ...]:
    """Read checks from a CSV file, or those that come with a place.

    Parameters
    ----------
    source : str or pathlib.Path, optional
        A file with the columns ``id, value, year, unit, entity, measure, where, status, source``
        and, if wanted, ``at, tolerance, block, role``; in UTF-8, or in GB18030 as spreadsheets in
        China save it, which is told in a warning.
    place : str or Place, optional
        Whose figures to read without a file.

    Raises
    ------
    DataError
        Listing every fault with its line.

    Examples
    --------
    >>> checks = read_checks()
    >>> next(check.value for check in checks if check.id == "income.2023")
    61067.0
    """
    if source is None:
        named = place_named(place)
        if named.published is None:
            raise DataError(
                "no published figures come with the place {name!r}; give a file of "
                "targets, or compare with the recipe's own figures: olive recipe check FILE",
                name=named.name,
            )
        text = named.published.read_text("utf-8")
        return _read(parse_csv(text, named.published.name, remarks=True))
    try:
        table = read_csv_file(source, remarks=True)
    except CsvFault as fault:
        raise DataError("the targets cannot be read: {fault}", fault=fault) from None
    table.warn_of_encoding()
    return _read(table)


def _read(table: CsvTable) -> tuple[Check, ...]:
    absent = [name for name in _NEEDED if name not in table.heads]
    if absent:
        raise DataError(
            "{name}: the columns {absent} are missing", name=table.name, absent=joined(absent)
        )
    checks, faults = [], []
    for line, row in table.records():
        try:
            checks.append(_check(row))
        except OliveError as fault:
            faults.append(
                Message("{name}, line {line}: {fault}", name=table.name, line=line, fault=fault)
            )
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            faults.append(
                Message(
                    "{name}: the target {id!r} stands there twice", name=table.name, id=check.id
                )
            )
        seen.add(check.id)
    if faults:
        raise DataError(joined(faults, "\n"))
    return tuple(checks)


def _check(row: Mapping[str, str]) -> Check:
    status, kind = row["status"], row["measure"].split(":", 1)[0]
    known = (*TOLERANCE_BY_STATUS, _MISSING)
    for name, word, valid in (
        ("status", status, known),
        ("entity", row["entity"], _ENTITIES),
        ("measure", kind, MEASURES),
        ("role", row.get("role", ""), ROLES),
    ):
        if word not in valid:
            raise DataError(
                "unknown {name} {word!r}{hint} (known: {valid})",
                name=name,
                word=word,
                hint=nearest(word, valid),
                valid=joined(valid),
            )
    tolerance = row.get("tolerance") or str(TOLERANCE_BY_STATUS.get(status, 0.0))
    check = Check(
        id=row["id"],
        value=None if status == _MISSING else _number("value", row["value"]),
        year=_year("year", row["year"]),
        at=_year("at", row.get("at") or row["year"]),
        unit=row["unit"],
        entity=row["entity"],
        measure=row["measure"],
        where=row["where"],
        tolerance=_number("tolerance", tolerance),
        block=row.get("block", ""),
        role=row.get("role", ""),
        status=status,
        source=row["source"],
    )
    if kind in _OF_VARIABLES and not check.variables:
        raise DataError(
            "measure {measure!r} needs a variable, such as 'mean:disposable_income'",
            measure=row["measure"],
        )
    if kind == "fifth" and (check.measure.count(":") != 2 or check.measure[-1] not in _FIFTHS):
        raise DataError(
            "measure {measure!r} must be 'fifth:variable:1' to 'fifth:variable:5'",
            measure=check.measure,
        )
    if kind == "bracket":
        _bracket(check)
    parse_where(check.where)
    parse_where(check.base)
    return check


def _number(name: str, text: str) -> float:
    found = number_of(text)
    if found is None:
        raise DataError("{name} {text} is not a number", name=name, text=shortened(text))
    return found


def _year(name: str, text: str) -> int:
    found = _number(name, text)
    return checked_year(int(found) if found == int(found) else text, name)


def _bracket(check: Check) -> tuple[str, float, float]:
    parts = check.measure.split(":")
    if len(parts) != 4 or parts[1] not in DEFINITIONS:
        raise DataError(
            "measure {measure!r} must be 'bracket:definition:low:high'; definitions "
            "are {definitions}",
            measure=check.measure,
            definitions=joined(DEFINITIONS),
        )
    return parts[1], _number("the lower bound", parts[2]), _number("the upper bound", parts[3])


@dataclass(frozen=True, slots=True)
class MeasuredTables:
    """What checks are evaluated on: columns and simulated variables by table.

    Attributes
    ----------
    households, persons : mapping of str to numpy.ndarray
        ``household`` is the row of a person's household; ``household_size`` and ``weight`` are
        among the household columns.
    columns : mapping of str to Column
        The catalogue of the place.
    """

    households: Mapping[str, NDArray[Any]]
    persons: Mapping[str, NDArray[Any]]
    columns: Mapping[str, Column]

    def with_income(self, income: FloatArray) -> MeasuredTables:
        """Return the tables with other disposable incomes."""
        return replace(self, households={**self.households, INCOME: income})


def evaluated(tables: MeasuredTables, checks: Iterable[Check]) -> dict[str, float]:
    """Return the value of every check by its identifier.

    Raises
    ------
    DataError
        When a check names an unknown column or code.
    """
    return {check.id: _value(tables, check) for check in checks}


def _value(tables: MeasuredTables, check: Check) -> float:
    weight: FloatArray = tables.households["weight"]
    if check.kind == "count":
        return float(weight @ _contribution(tables, check.entity, "count", check.where))
    if check.kind in {"share", "sum", "mean"}:
        return _ratio(tables, check, weight)
    chosen = _contribution(tables, "household", "count", check.where) > 0.0
    if not weight[chosen].any():
        return math.nan  # such as a county that a survey did not go to
    size: FloatArray = tables.households["household_size"][chosen]
    amount = np.sum([tables.households[name][chosen] for name in check.variables], axis=0)
    if check.kind == "bracket":
        definition, low, high = _bracket(check)
        shares = bracket_shares(amount, size, weight[chosen], low=low, high=high)
        return shares.as_dict()[definition]
    if check.kind == "median_over_mean":
        mean = float(weight[chosen] @ amount) / float(weight[chosen] @ size)
        return float(median(amount / size, weight[chosen])) / mean
    if check.kind == "fifth":
        a_head = np.maximum(amount / size, 0.0)
        return float(quantile_shares(a_head, weight[chosen], groups=5)[int(check.measure[-1]) - 1])
    if check.entity == "person":
        values, weights = amount / size, weight[chosen] * size
    else:
        values, weights = amount, weight[chosen]
    if check.kind == "gini":
        return gini(np.maximum(values, 0.0), weights)
    return float(median(values, weights))


def _ratio(tables: MeasuredTables, check: Check, weight: FloatArray) -> float:
    entity, where = check.entity, check.where
    count = weight @ _contribution(tables, entity, "count", where)
    if check.kind == "share":
        of = weight @ _contribution(tables, entity, "count", check.base)
        return float(count / of) if of else math.nan
    total = sum(
        float(weight @ _contribution(tables, entity, f"sum:{name}", where))
        for name in check.variables
    )
    if check.kind == "sum":
        return total
    return float(total / count) if count else math.nan


def _contribution(tables: MeasuredTables, entity: str, measure: str, where: str) -> FloatArray:
    """Return what each household adds; a household's amount is shared among its persons."""
    name = measure.removeprefix("sum:")
    households = dict(tables.households)
    if entity == "person" and measure != "count" and name in households:
        households[name] = households[name] / households["household_size"]
    target = Target(measure, entity, measure, where, 0.0, 0, "", "", "published", 0.0)
    both = {"household": households, "person": dict(tables.persons)}
    gathered = gather_tables(both, "household", tables.columns)
    row: FloatArray = build_design(gathered, Targets((target,)))[0]
    return row
