"""The nine groups, counties and other parts of the population: members, income, shares, gain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.breakdowns import EVERY, breakdown, primary_groups_of_persons
from olive.analysis.disclosure import Figures
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, mean_interval
from olive.analysis.pairs import PolicyPair, Truth
from olive.places.labels import Label
from olive.simulation.groups import group_flags
from olive.statistics.brackets import Definition
from olive.statistics.money import is_between

# Incomes before and after, under one definition.
Sides = tuple[FloatArray, FloatArray]

# Groups of persons may overlap; under "primary_group" everybody belongs to one at most.
OVERLAPPING = "group"
PRIMARY = "primary_group"


def group_table(
    pair: PolicyPair, by: str, uncertainty: Uncertainty | None = None
) -> tuple[pd.DataFrame, dict[str, Label], list[list[int]]]:
    """Return each group's members, mean income, both shares and gain.

    Parameters
    ----------
    by : str
        ``"group"`` (the nine groups, which overlap), ``"primary_group"`` (everybody in one at
        most) or a breakdown of households, whose persons are the members.
    uncertainty : Design, ReplicateWeights or None
        How the sample was drawn; None for no intervals.

    Returns
    -------
    frame : pandas.DataFrame
        One row a group with members and definition, and a row ``all``. ``persons`` are the members,
        ``households`` those with a member; income per head and gain (with standard error and
        interval) are means over members, collective households included; a share counts family
        households with a member, or the members who live in them. Columns that begin with ``_``
        count sample households for `share_figures`.
    words : dict of str to Label
        Labels of the groups.
    sums : list of list of int
        Rows that add up to the row ``all``.
    """
    members, words = _members(pair, by)
    whole = pair.result.population.size.astype(np.float64)
    measured = {definition: pair.measured(definition)[:2] for definition in statistics.DEFINITIONS}
    rows = [
        row
        for name, count in (*members.items(), ("all", whole))
        if name == "all" or (name != EVERY and (pair.weight * count).any())
        for row in _rows(pair, measured, name, count, uncertainty)
    ]
    frame = pd.DataFrame(rows)
    if by == OVERLAPPING:
        return _with_rest(frame), words, []
    grouped = frame[frame["category"] != "all"].groupby("definition", sort=False).groups
    sums = [list(map(int, positions)) for positions in grouped.values()]
    return frame.assign(_without=0), words, sums


def _with_rest(frame: pd.DataFrame) -> pd.DataFrame:
    """Add who is in no row of an overlapping group but told by the row ``all`` less the group's."""
    counts = [name for name in frame.columns if name.startswith("_") and name != "_without"]
    whole = frame[frame["category"] == "all"].set_index("definition")
    return frame.assign(
        **{
            f"{name}_of_rest": whole.loc[frame["definition"], name].to_numpy() - frame[name]
            for name in counts
        }
    )


def share_figures(
    pair: PolicyPair, frame: pd.DataFrame, sums: Sequence[Sequence[int]]
) -> tuple[Figures, ...]:
    """Return what the guard of small cells must know of the shares: who is inside and outside."""
    return tuple(
        Figures(
            (f"{name}_before", f"{name}_after"),
            tuple(each for each in frame.columns if each.startswith(f"_{name}_")),
            sums,
        )
        for name in pair.rule.brackets()
    )


def _members(pair: PolicyPair, by: str) -> tuple[dict[str, FloatArray], dict[str, Label]]:
    """Return how many members of each group live in every household."""
    population = pair.result.population
    if by == OVERLAPPING:
        flags: dict[str, Truth] = group_flags(population)
    elif by == PRIMARY:
        names, codes = primary_groups_of_persons(pair)
        flags = {name: codes == code for code, name in enumerate(names)}
    else:
        parts, size = breakdown(pair, by), population.size.astype(np.float64)
        members = {name: size * (parts.codes == code) for code, name in enumerate(parts.names)}
        return members, parts.words
    starts = population.arrays().starts[:-1]
    members = {
        name: np.add.reduceat(flag.astype(np.float64), starts) for name, flag in flags.items()
    }
    return members, population.place.groups.labels()


def _rows(
    pair: PolicyPair,
    measured: Mapping[Definition, Sides],
    name: str,
    members: FloatArray,
    uncertainty: Uncertainty | None,
) -> list[dict[str, object]]:
    with_member = members > 0
    weight = pair.weight * with_member
    persons = pair.weight * members
    before, after = (_mean(side.per_capita, persons) for side in (pair.before, pair.after))
    change = pair.after.per_capita - pair.before.per_capita
    figures = {
        "sample": int(np.count_nonzero(weight > 0)),
        "_without": int(np.count_nonzero((pair.weight > 0) & (members < pair.size))),
        "households": float(weight.sum()),
        "persons": float(persons.sum()),
        "mean_income_before": before,
        "mean_income_after": after,
        "gain": after - before,
        **mean_interval("gain", change, persons, uncertainty, "persons"),
    }
    return [
        {"category": name, "definition": definition, **figures}
        | _shares(pair, sides, persons if definition.endswith("persons") else weight)
        for definition, sides in measured.items()
    ]


def _mean(values: FloatArray, weight: FloatArray) -> float:
    total = float(weight.sum())
    return float((weight * values).sum()) / total if total else math.nan


def _shares(pair: PolicyPair, sides: Sides, weight: FloatArray) -> dict[str, float]:
    counted = weight * pair.family
    real = counted > 0
    shares: dict[str, float] = {}
    for name, (low, high) in pair.rule.brackets().items():
        bounds: dict[str, Any] = {"low": low, "high": high, "closed": pair.rule.closed}
        for side, values in zip(("before", "after"), sides, strict=True):
            inside = is_between(values, **bounds)
            share = statistics.share_between(values, counted, **bounds) if real.any() else math.nan
            shares[f"{name}_{side}"] = share
            shares[f"_{name}_inside_{side}"] = int(np.count_nonzero(real & inside))
            shares[f"_{name}_outside_{side}"] = int(np.count_nonzero(real & ~inside))
    return shares
