"""Where households stand before and after: transitions between income cells, and mobility."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.bracket_rule import BracketRule, check_definition
from olive.analysis.crossings import cell_names, cell_words
from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.indicators import bracket_rows, incomes
from olive.analysis.rendering import RATIO, as_text
from olive.analysis.table import Table, placed_table
from olive.analysis.words import ALL, COLUMNS, DEFINITION_LABELS, ColumnWords, of_year
from olive.errors import DataError
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.statistics.mobility import fields_ok, shorrocks

if TYPE_CHECKING:
    from olive.simulation.result import Result
    from olive.statistics.brackets import Definition

FloatArray = NDArray[np.float64]
_WORDS = {
    **COLUMNS,
    "from": ColumnWords(Label("之前", "before"), ""),
    "to": ColumnWords(Label("之后", "after"), ""),
    "share_of_row": ColumnWords(Label("占之前该组比例", "share of the cell before"), "1"),
}


@checked_objects
def transitions(
    earlier: Result,
    later: Result | None = None,
    *,
    before: int | str = 0,
    after: int | str | None = None,
    definition: Definition = "household",
    rule: BracketRule | None = None,
    smallest_cell: int | None = None,
) -> Table:
    """Return how many households move between the income cells of the plan's brackets.

    Parameters
    ----------
    earlier : Result
    later : Result, optional
        Of the same households in a later year, matched by ``household_id``; when left out, two
        policies of one result are compared.
    before, after : int or str
        Policies of the two results (of the one result: ``after`` is its second by default).
    definition : str
        One of the four definitions of a share.
    rule : BracketRule
        Which ends belong to the cells.
    smallest_cell : int, optional
        As in `olive.compare`.

    Returns
    -------
    Table
        One row a cell ``from`` and a cell ``to``: ``sample``, ``households`` (weights of the
        earlier year; those in both years) and ``share_of_row``. The notes give the
        trace index of Shorrocks, unless cells are hidden or one is moved into that was empty, and
        the mean absolute change of log income of Fields and Ok.

    Raises
    ------
    DataError
        For an unknown definition, or years without a common household.

    References
    ----------
    Shorrocks (1978), "The measurement of mobility", Econometrica 46; Fields and Ok (1999),
    "Measuring movement of incomes", Economica 66.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> table = transitions(olive.simulate(city, [law, law | olive.plan.scenario()]))
    >>> float(table.frame.groupby("from")["share_of_row"].sum().max().round(9))
    1.0
    """
    check_definition(definition)
    second = earlier if later is None else later
    position = (1 if later is None else 0) if after is None else after
    old, new, weight = _matched(earlier, before, second, position, definition)
    rule = BracketRule(place=earlier.place) if rule is None else rule
    edges = np.array(rule.edges())
    sides = tuple(np.searchsorted(edges, values, side="right") for values in (old, new))
    names = cell_names(earlier.place)
    flows, sample = np.zeros((2, len(names), len(names)))
    np.add.at(flows, sides, weight)
    np.add.at(sample, sides, weight > 0.0)
    rows = flows.sum(axis=1)
    frame = pd.DataFrame(
        {
            "from": names[i],
            "to": names[j],
            "sample": int(sample[i, j]),
            "households": flows[i, j],
            "share_of_row": flows[i, j] / rows[i] if rows[i] else np.nan,
        }
        for i, j in np.ndindex(flows.shape)
    )
    at = np.arange(sample.size).reshape(sample.shape)
    synthetic = earlier.population.is_synthetic and second.population.is_synthetic
    frame, hidden = suppress(
        frame,
        smallest_cell=smallest_cell_for(smallest_cell, synthetic=synthetic),
        samples=["sample"],
        keys=["from", "to"],
        sums=[each.tolist() for each in (*at, *at.T)],
    )
    # Beside the totals, the trace index would give away cells that are hidden.
    trace = np.nan if frame["sample"].isna().any() else _trace_index(flows)
    return placed_table(
        earlier.place,
        frame,
        Label("收入组之间的流动", "Transitions between income cells"),
        _WORDS,
        words={each: {**cell_words(earlier.place), "all": ALL} for each in ("from", "to")},
        notes=(
            *map(of_year, dict.fromkeys((earlier.population.year, second.population.year))),
            *rule.notes(),
            Label(
                f"口径：{DEFINITION_LABELS[definition].zh}；权数为前一年。",
                f"Definition: {DEFINITION_LABELS[definition].en}; weights of the earlier year.",
            ),
            _mobility_note(trace, old, new, weight),
            *hidden,
        ),
        synthetic=earlier.population.is_synthetic,
    )


def _trace_index(flows: FloatArray) -> float:
    """Return the index of the cells that were occupied; missing where others are moved into."""
    rows = flows.sum(axis=1)
    occupied = rows > 0.0
    if flows[:, ~occupied].any():
        return np.nan
    matrix = flows[np.ix_(occupied, occupied)] / rows[occupied][:, None]
    return shorrocks(matrix) if len(matrix) > 1 else 0.0


def _mobility_note(trace: float, old: FloatArray, new: FloatArray, weight: FloatArray) -> Label:
    positive = (old > 0.0) & (new > 0.0) & (weight > 0.0)
    moved = fields_ok(old[positive], new[positive], weight[positive]) if positive.any() else np.nan
    index, mean = as_text(trace, RATIO), as_text(moved, RATIO)
    return Label(
        f"Shorrocks迹指数{index}；Fields-Ok指数（对数收入变化绝对值的均值，收入为正的住户）{mean}。",
        f"Trace index of Shorrocks {index}; Fields and Ok (mean absolute change of log income, "
        f"households with positive incomes) {mean}.",
    )


def _matched(
    earlier: Result, before: int | str, later: Result, after: int | str, definition: Definition
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return incomes of both years and weights of the earlier one, of households in both."""
    old, weight = bracket_rows(incomes(earlier, before), definition)
    new, _ = bracket_rows(incomes(later, after), definition)
    if earlier is later:
        return old, new, weight
    ids = [each.population.households["household_id"].to_numpy() for each in (earlier, later)]
    common, first, second = np.intersect1d(ids[0], ids[1], return_indices=True)
    if not common.size:
        raise DataError("the two results have no household_id in common: no one can be followed")
    return old[first], new[second], weight[first]
