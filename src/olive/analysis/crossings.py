"""Who crosses the bounds of the brackets, and the disjoint cells between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, total_interval
from olive.analysis.pairs import PolicyPair
from olive.places.labels import Label
from olive.places.place import Place


def crossings(pair: PolicyPair, uncertainty: Uncertainty | None = None) -> pd.DataFrame:
    """Return who crosses each bound, with the effect on the share of each bracket.

    A household crosses upwards when its income is below the bound before and at or above it after.
    A share grows by those who cross its lower bound upwards and its upper bound downwards, and
    falls by the others, so the effects of a definition add up to the change of its share: the
    indicator of a bracket is that of its lower bound less that of its upper one. Columns are those
    of `Comparison.crossings`.
    """
    rows = []
    households, counted, brackets = pair.family_weight, pair.counted, pair.rule.brackets()
    persons, sample = households * pair.size, int(np.count_nonzero(pair.counted))
    for definition in statistics.DEFINITIONS:
        before, after, weight = pair.measured(definition)
        total = float(weight.sum())
        for threshold, edge in zip(pair.rule.thresholds(), pair.rule.edges(), strict=True):
            was, now = before >= edge, after >= edge
            sides = {"up": ~was & now, "down": was & ~now}
            for direction, crossed in sides.items():
                crossing = int(np.count_nonzero(crossed & counted))
                share = _sum_where(crossed, weight) / total
                row: dict[str, Any] = {
                    "definition": definition,
                    "threshold": threshold,
                    "direction": direction,
                    "sample": crossing,
                    "_stayed": sample - crossing,
                    "households": _sum_where(crossed, households),
                    "persons": _sum_where(crossed, persons),
                }
                for name, bounds in brackets.items():
                    # Adding 0.0 turns -0.0 into 0.0.
                    sign = _sign(bounds, threshold, up=direction == "up")
                    row[f"effect_on_{name}"] = share * sign + 0.0
                who = crossed.astype(np.float64)
                rows.append(row | total_interval("households", who, households, uncertainty))
    return pd.DataFrame(rows)


def _sum_where(rows: NDArray[np.bool_], weights: FloatArray) -> float:
    return float(np.where(rows, weights, 0.0).sum())


def _sign(bounds: tuple[float, float], threshold: float, *, up: bool) -> float:
    """Return 1 when the crossing leads into the bracket, -1 when out of it, else 0."""
    if threshold not in bounds:
        return 0.0
    return 1.0 if (threshold == bounds[0]) == up else -1.0


def crossing_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that the cells give away together: both directions at one threshold."""
    groups = frame.groupby(["definition", "threshold"], sort=False).indices
    return [np.asarray(positions).tolist() for positions in groups.values()]


def cells(pair: PolicyPair) -> pd.DataFrame:
    """Return the disjoint cells between the bounds, before and after.

    Each cell holds incomes from its lower bound up to, but without, its upper one; the lowest is
    open downwards (negative incomes count there), the highest upwards. Columns are those of
    `Comparison.cells`.
    """
    bounds, edges = [-np.inf, *pair.rule.thresholds(), np.inf], pair.rule.edges()
    names = cell_names(pair.result.place)
    counted, households = pair.counted, pair.family_weight
    persons = households * pair.size
    rows = []
    for definition in statistics.DEFINITIONS:
        before, after, weight = pair.measured(definition)
        sides = {
            side: _cell_figures(values, counted, (households, persons, weight), edges)
            for side, values in (("before", before), ("after", after))
        }
        change = sides["after"]["share"] - sides["before"]["share"]
        for position, name in enumerate(names):
            rows.append(
                {
                    "definition": definition,
                    "cell": name,
                    "low": bounds[position],
                    "high": bounds[position + 1],
                    **{
                        f"{figure}_{side}": sides[side][figure][position]
                        for figure in ("sample", "households", "persons", "share")
                        for side in ("before", "after")
                    },
                    "share_change": change[position],
                }
            )
    return pd.DataFrame(rows)


def _cell_figures(
    values: FloatArray,
    counted: NDArray[np.bool_],
    weights: tuple[FloatArray, FloatArray, FloatArray],
    edges: list[float],
) -> dict[str, NDArray[Any]]:
    # How many edges are reached: there are few, so that a search of each value takes longer.
    cell = np.zeros(values.size, dtype=np.int64)
    for edge in edges:
        cell += values >= edge
    households, persons, weight = (np.bincount(cell, each, len(edges) + 1) for each in weights)
    sample = np.bincount(cell[counted], minlength=len(edges) + 1)
    share = weight / weights[-1].sum()
    return {"sample": sample, "households": households, "persons": persons, "share": share}


def cell_names(place: Place) -> list[str]:
    """Return the names of the cells, in thousands of the currency at nominal prices.

    >>> import olive
    >>> cell_names(olive.place())
    ['0-100', '100-200', '200-500', '500-600', '600+']
    """
    bounds = [f"{threshold / 1000:g}" for threshold in BracketRule(place=place).thresholds()]
    between = [f"{low}-{high}" for low, high in zip(["0", *bounds], bounds, strict=False)]
    return [*between, f"{bounds[-1]}+"]


def cell_words(place: Place) -> dict[str, Label]:
    """Return the labels of the cells.

    >>> import olive
    >>> cell_words(olive.place())["100-200"]
    Label(zh='10—20万元', en='100-200 thousand yuan')
    """
    words, money = {}, place.currency
    for name in cell_names(place):
        if name.endswith("+"):
            top = float(name[:-1])
            words[name] = Label(
                f"{top / 10:g}万{money.zh}及以上", f"{top:g} thousand {money.en} and more"
            )
        else:
            low, high = (float(part) for part in name.split("-"))
            words[name] = Label(
                f"{low / 10:g}—{high / 10:g}万{money.zh}", f"{low:g}-{high:g} thousand {money.en}"
            )
    return words


def cell_sums(frame: pd.DataFrame, rule: BracketRule) -> list[list[int]]:
    """Return the rows that add up to something known.

    The cells of a definition add up to 1, those of a bracket to its share, which the targets show,
    and those outside to the rest.
    """
    sums = []
    for positions in frame.groupby("definition", sort=False).indices.values():
        everyone, rows = np.asarray(positions), frame.iloc[positions]
        sums.append(everyone.tolist())
        for low, high in rule.brackets().values():
            inside = ((rows["low"] >= low) & (rows["high"] <= high)).to_numpy()
            sums += [everyone[side].tolist() for side in (inside, ~inside)]
    return sums
