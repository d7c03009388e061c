"""What the city takes in a year, to set the cost of transfers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from olive.engine.yaml_loader import read_yaml
from olive.places.place import Place


@dataclass(frozen=True, slots=True)
class LocalRevenue:
    """General public budget revenue of a year.

    Attributes
    ----------
    year : int
    value : float
        Yuan; funds of social insurance are not part of it.
    status, source : str
    """

    year: int
    value: float
    status: str
    source: str


@cache
def local_revenue(place: Place, year: int) -> LocalRevenue | None:
    """Return the revenue of a place in a year, or the nearest that is known; None without any.

    Examples
    --------
    >>> import olive
    >>> local_revenue(olive.place(), 2025).value
    51747000000.0
    >>> local_revenue(olive.place(), 2023).year
    2024
    """
    if place.revenue is None:
        return None
    known = read_yaml(place.revenue)["values"]
    nearest = min(known, key=lambda each: abs(each["year"] - year))
    return LocalRevenue(
        nearest["year"], float(nearest["value"]), nearest["status"], nearest["source"]
    )
