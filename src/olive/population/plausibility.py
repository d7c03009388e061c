"""Warn of amounts that look as if they were given in another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from olive.engine.columns import Column
from olive.errors import tell
from olive.messages import Message, joined
from olive.population.survey_units import UNITS, unit_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from olive.population.survey_mapping import TableMapping
    from olive.population.table_schema import PopulationTables

_FEWEST = 20  # positive values below which a median says little


def counted_twice(part: TableMapping) -> Iterator[str]:
    """Yield a text for each column of a survey that is mapped to two yearly amounts.

    The same yuan would then be two of a household's incomes or expenses.
    """
    uses: dict[str, list[str]] = {}
    for each in part.columns:
        for source in each.sources if each.column.unit == "yuan/year" else ():
            uses.setdefault(source, []).append(each.column.name)
    for source, names in uses.items():
        if len(names) > 1:
            yield Message(
                "{source} is mapped to {names}: the same yuan count twice; is one of them "
                "another column?",
                source,
                joined(names),
            )


def warn_of_odd_amounts(tables: PopulationTables) -> None:
    """Warn of columns of a user's tables that look as if they were given in another unit.

    Warns
    -----
    DataWarning
        Naming table, column and median.
    """
    for entity, table in (("household", tables.households), ("person", tables.persons)):
        for name in table.column_names:
            column = tables.columns.get(name)
            if column is None or column.usual_median is None:
                continue
            values = table[name].to_numpy().astype(np.float64)
            text, meant = _compared(column, values, 1.0)
            if meant:
                units = joined(map(unit_label, meant), " or ")
                text += Message("; if it is in {meant}, convert it to {unit}", units, column.unit)
            if text:
                tell(Message("{entity} table, {name}: {text}", entity, name, text))


def implausible(column: Column, values: NDArray[np.float64], stated_factor: float = 1.0) -> str:
    """Say in words that a column looks wrong, or return an empty string.

    Values are in olive's unit, and were multiplied by the stated factor already. Nothing looks
    wrong in a column without a usual median.

    Examples
    --------
    >>> wage = Column("wage", "person", unit="yuan/year", usual_median=(12_000, 400_000))
    >>> monthly = np.full(100, 5_500.0)
    >>> implausible(wage, monthly)[:64]
    'the median of its positive values is 5,500 yuan/year, below the '
    >>> implausible(wage, 12 * monthly)
    ''
    """
    text, meant = _compared(column, values, stated_factor)
    if meant:
        units = joined(map(unit_label, meant), " or ")
        text += Message(
            "; if the survey gives it in {meant}, write unit: {meant2}", units, unit_label(meant[0])
        )
    return text


def _compared(
    column: Column, values: NDArray[np.float64], stated_factor: float
) -> tuple[str, list[str]]:
    """Return what looks wrong in words, and the units in which the values would look right."""
    positive = values[values > 0]
    if column.usual_median is None or len(positive) < _FEWEST:
        return "", []
    low, high = column.usual_median
    median = float(np.median(positive))
    if low <= median <= high:
        return "", []
    unit = column.unit
    shown = f"{median:,.0f}" if median >= 10 else f"{median:.3g}"
    text = Message(
        "the median of its positive values is {shown} {unit}, {side} the usual "
        "{low:,.0f} to {high:,.0f}",
        shown,
        unit,
        "below" if median < low else "above",
        low,
        high,
    )
    stated = median / stated_factor
    factors = {theirs: factor for (theirs, ours), factor in UNITS.items() if ours == unit}
    meant = [theirs for theirs, factor in factors.items() if low <= stated * factor <= high]
    if stated_factor != 1.0 and low <= stated <= high:
        meant.insert(0, unit)
    return text, meant
