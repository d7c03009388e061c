"""Monitoring a plan: observed values of its indicators and targets, progress and pace.

Where a plan states no baseline, progress is counted from the first value that was observed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from olive.engine.csv_reading import CsvFault, read_csv_file
from olive.engine.numerals import number_of
from olive.errors import Faults, PlanError, nearest
from olive.messages import joined
from olive.places.plan.clause_files import Clause, Quantity, read_clauses
from olive.places.plan.plan_files import PlanFiles

Standing = Literal[
    "met", "on_pace", "behind", "unknown_pace", "overdue", "not_observed", "no_number"
]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
FIRST_YEAR, LAST_YEAR = 2015, 2035
COLUMNS = ("clause", "year", "value", "source")
_KINDS = ("target", "indicator")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Observation:
    """A value that was observed for a clause.

    Attributes
    ----------
    clause : str
        Clause id.
    year : int
        The year that the value describes.
    value : float
        In the unit of the clause's quantity: a percentage as 45, not 0.45. A quantity cumulated
        since 2021 is the total so far; an annual flow is that year's.
    source : str
        Where the value is published.
    """

    clause: str
    year: int
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one indicator or target has come.

    Attributes
    ----------
    clause, group, kind : str
        Clause id, affected group, ``"target"`` or ``"indicator"``.
    quantity : Quantity or None
        What is to be reached.
    first, latest : Observation or None
    gap : float or None
        What is still missing, in the unit of the quantity; 0 when it is reached.
    progress : float or None
        Share of the way from the first observed value to the target; 1 when it is reached. None
        with a single value that falls short.
    pace : float or None
        Observed change a year towards the target, from the first to the latest value.
    pace_needed : float or None
        Change a year still needed to arrive in the year of the deadline.
    standing : str
        ``"met"``; ``"on_pace"`` or ``"behind"``, as the observed pace is at least the needed one
        or not; ``"unknown_pace"`` with one value, no deadline, or an annual flow;
        ``"overdue"`` after the deadline; ``"not_observed"``; ``"no_number"`` where the plan
        names none.
    """

    clause: str
    group: str
    kind: str
    quantity: Quantity | None
    first: Observation | None
    latest: Observation | None
    gap: float | None
    progress: float | None
    pace: float | None
    pace_needed: float | None
    standing: Standing


def monitored(plan: PlanFiles) -> tuple[Clause, ...]:
    """Return the clauses to watch: the plan's targets and indicators, in the order of its text.

    Examples
    --------
    >>> import olive
    >>> len(olive.plan.monitored())
    64
    """
    return tuple(entry for entry in plan.clauses() if entry.kind in _KINDS)


def read_observations(plan: PlanFiles, path: str | Path) -> tuple[Observation, ...]:
    """Read observed values from a CSV file with the columns clause, year, value and source.

    Lines that begin with ``#`` are remarks.

    The file is in UTF-8, or in GB18030 as spreadsheets in China save it, which is told in a
    warning; its order is kept.

    Raises
    ------
    PlanError
        With every fault of the file and its line: unknown or missing columns, unknown clauses
        (with the nearest), clauses that are no indicator, years and values that are none, a
        clause and year that stand twice, a missing source.
    """
    try:
        table = read_csv_file(path, remarks=True)
    except CsvFault as fault:
        raise PlanError(
            "{fault}; its first line must be {columns}", fault, joined(COLUMNS, ",")
        ) from None
    table.warn_of_encoding()
    _check_heads(path, table.heads)
    faults = Faults()
    found: dict[tuple[str, int], Observation] = {}
    for number, row in table.records():
        here = faults.at(f"line {number}")
        each = _observation(plan, row, here)
        if each is None:
            continue
        key = each.clause, each.year
        if key in found:
            here.note("{clause} of {year} stands twice; keep one value", each.clause, each.year)
        found.setdefault(key, each)
    faults.raise_as(PlanError, "{path} has faults:\n  {faults}", path=path)
    return tuple(found.values())


def monitor(plan: PlanFiles, observations: Iterable[Observation]) -> tuple[Progress, ...]:
    """Return how far each of the plan's targets and indicators has come.

    There is one for each clause of `monitored`, in that order. A quantity that the text gives
    without a comparison (三家, 全覆盖) is read as met by at least that much.

    Examples
    --------
    >>> import olive
    >>> seen = [
    ...     Observation("path.10.pension_participation", 2021, 65.0, "yearbook"),
    ...     Observation("path.10.pension_participation", 2023, 69.0, "yearbook"),
    ... ]
    >>> (row,) = [each for each in olive.plan.monitor(seen) if each.latest]
    >>> row.gap, row.progress, row.pace, row.pace_needed, row.standing
    (6.0, 0.4, 2.0, 3.0, 'behind')
    """
    by_clause: dict[str, list[Observation]] = {}
    for each in observations:
        by_clause.setdefault(each.clause, []).append(each)
    return tuple(_progress(entry, by_clause.get(entry.id, [])) for entry in monitored(plan))


def by_group(rows: Iterable[Progress]) -> Mapping[str, Mapping[Standing, int]]:
    """Return how many clauses of each affected group stand how, in the order of the text.

    Examples
    --------
    >>> import olive
    >>> by_group(olive.plan.monitor([]))["unemployed"]["not_observed"]
    1
    """
    counts: dict[str, dict[Standing, int]] = {}
    for row in rows:
        of_group = counts.setdefault(row.group, dict.fromkeys(STANDINGS, 0))
        of_group[row.standing] += 1
    return counts


def _check_heads(path: str | Path, heads: Sequence[str]) -> None:
    for head in heads:
        if head not in COLUMNS:
            raise PlanError(
                "{path}: unknown column {head!r}; columns are {columns}{hint}",
                path,
                head,
                joined(COLUMNS),
                nearest(head, COLUMNS),
            )
    missing = [column for column in COLUMNS if column not in heads]
    if missing:
        raise PlanError(
            "{path}: column {missing!r} is missing; its first line must be {columns}",
            path,
            missing[0],
            joined(COLUMNS, ","),
        )


def _observation(plan: PlanFiles, row: Mapping[str, str], faults: Faults) -> Observation | None:
    before = len(faults)
    watched = {entry.id: entry for entry in monitored(plan)}
    clause_id, known = row["clause"], read_clauses(plan.folder)
    if clause_id not in known:
        hint = nearest(clause_id, watched)
        faults.note("the plan has no clause {clause_id!r}{hint}", clause_id, hint)
    elif clause_id not in watched:
        faults.note(
            "{clause_id!r} is a {kind}, no indicator or target", clause_id, known[clause_id].kind
        )
    year = _whole_number(row["year"])
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        faults.note(
            "year {year!r} is no year from {first_year} to {last_year}",
            row["year"],
            FIRST_YEAR,
            LAST_YEAR,
        )
    value = number_of(row["value"])
    if value is None:
        faults.note("value {value!r} is not a number; write 45.2, without a unit", row["value"])
    if not row["source"]:
        faults.note("say in `source` where the value is published")
    if len(faults) > before or year is None or value is None:
        return None
    return Observation(clause_id, year, value, row["source"])


def _whole_number(text: str) -> int | None:
    number = number_of(text)
    return None if number is None or number != math.floor(number) else int(number)


def _progress(entry: Clause, observations: Sequence[Observation]) -> Progress:
    ordered = sorted(observations, key=lambda each: each.year)
    first, latest = (ordered[0], ordered[-1]) if ordered else (None, None)
    quantity = entry.quantity
    gap = progress = pace = needed = None
    if quantity is not None and first is not None and latest is not None:
        start, gap = _gap(quantity, first.value), _gap(quantity, latest.value)
        years = latest.year - first.year
        if gap == 0:
            progress = 1.0
        elif years and start > 0:
            progress = (start - gap) / start
        if quantity.period != "annual flow":
            if years:
                pace = _towards(quantity, latest.value - first.value) / years
            needed = _pace_needed(quantity, latest.year, gap)
    return Progress(
        clause=entry.id,
        group=entry.affected_group,
        kind=entry.kind,
        quantity=quantity,
        first=first,
        latest=latest,
        gap=gap,
        progress=progress,
        pace=pace,
        pace_needed=needed,
        standing=_standing(quantity, latest, gap, pace, needed),
    )


def _towards(quantity: Quantity, change: float) -> float:
    """Return a change as positive when it leads towards the target."""
    return -change if quantity.comparator == "<=" else change


def _gap(quantity: Quantity, value: float) -> float:
    missing = _towards(quantity, quantity.value - value)
    return missing if missing > _ROUNDING * max(1.0, abs(quantity.value)) else 0.0


def _pace_needed(quantity: Quantity, year: int, gap: float) -> float | None:
    if gap == 0:
        return 0.0
    if quantity.deadline_year is None or quantity.deadline_year <= year:
        return None
    return gap / (quantity.deadline_year - year)


def _standing(
    quantity: Quantity | None,
    latest: Observation | None,
    gap: float | None,
    pace: float | None,
    needed: float | None,
) -> Standing:
    if quantity is None:
        return "no_number"
    if latest is None or gap is None:
        return "not_observed"
    if gap == 0:
        return "met"
    if quantity.deadline_year is not None and latest.year >= quantity.deadline_year:
        return "overdue"
    if pace is None or needed is None:
        return "unknown_pace"
    return "on_pace" if pace >= needed * (1 - _ROUNDING) else "behind"
