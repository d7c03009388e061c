"""Warn of amounts that look as if they were given in another unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from olive.china.columns import catalogue
from olive.errors import tell
from olive.messages import Message
from olive.population.survey_units import UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.table_schema import Tables

_FEWEST = 20  # positive values below which a median says little


@dataclass(frozen=True, slots=True)
class Usual:
    """Between which bounds the median of the positive values of a column usually lies."""

    low: float
    high: float


# Wide on purpose: a Chinese household survey of the last ten years lies well inside.
USUAL_MEDIANS: Mapping[str, Usual] = {
    "contractual_wage": Usual(12_000, 400_000),
    "operating_income": Usual(2_000, 400_000),
    "employee_pension": Usual(6_000, 150_000),
    "labour_remuneration": Usual(1_000, 400_000),
    "imputed_rent": Usual(500, 150_000),
    "rent_paid": Usual(600, 150_000),
    "financial_assets": Usual(1_000, 3_000_000),
    "floor_area": Usual(20, 400),
    "age": Usual(18, 70),
    "weekly_hours": Usual(20, 80),
    "months_worked": Usual(4, 12),
}


def warn_of_odd_amounts(tables: Tables) -> None:
    """Warn of columns of a user's tables that look as if they were given in another unit.

    Warns
    -----
    DataWarning
        Naming table, column and median.
    """
    for entity, table in (("household", tables.households), ("person", tables.persons)):
        for name in table.column_names:
            if name not in USUAL_MEDIANS:
                continue
            values = table[name].to_numpy().astype(np.float64)
            text, meant = _compared(name, values, 1.0)
            unit = catalogue()[name].unit
            if meant:
                text += f"; if it is in {' or '.join(meant)}, convert it to {unit}"
            if text:
                tell(Message("{entity} table, {name}: {text}", entity=entity, name=name, text=text))


def implausible(name: str, values: NDArray[np.float64], stated_factor: float = 1.0) -> str:
    """Say in words that a column looks wrong, or return an empty string.

    Parameters
    ----------
    name : str
        Column of the catalogue.
    values : numpy.ndarray of float64, shape (n,)
        In olive's unit.
    stated_factor : float
        What the survey's values were multiplied by already.

    Examples
    --------
    >>> monthly = np.full(100, 5_500.0)
    >>> implausible("contractual_wage", monthly)[:64]
    'the median of its positive values is 5,500 yuan/year, below the '
    >>> implausible("contractual_wage", 12 * monthly)
    ''
    """
    text, meant = _compared(name, values, stated_factor)
    if meant:
        text += f"; if the survey gives it in {' or '.join(meant)}, write unit: {meant[0]}"
    return text


def _compared(
    name: str, values: NDArray[np.float64], stated_factor: float
) -> tuple[str, list[str]]:
    """Return what looks wrong in words, and the units in which the values would look right."""
    usual = USUAL_MEDIANS.get(name)
    positive = values[values > 0]
    if usual is None or len(positive) < _FEWEST:
        return "", []
    median = float(np.median(positive))
    if usual.low <= median <= usual.high:
        return "", []
    unit = catalogue()[name].unit
    side = "below" if median < usual.low else "above"
    shown = f"{median:,.0f}" if median >= 10 else f"{median:.3g}"
    text = (
        f"the median of its positive values is {shown} {unit}, {side} the usual "
        f"{usual.low:,.0f} to {usual.high:,.0f}"
    )
    meant = [
        theirs
        for (theirs, ours), factor in UNITS.items()
        if ours == unit and usual.low <= median / stated_factor * factor <= usual.high
    ]
    if stated_factor != 1.0 and usual.low <= median / stated_factor <= usual.high:
        meant.insert(0, unit)
    return text, meant
