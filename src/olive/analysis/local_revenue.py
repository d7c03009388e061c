"""What the city takes in a year, to set the cost of transfers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from olive.engine.yaml_loader import parse_yaml


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
def local_revenue(year: int) -> LocalRevenue:
    """Return the city's revenue of a year, or of the nearest year that is known.

    Examples
    --------
    >>> local_revenue(2025).value
    51747000000.0
    >>> local_revenue(2023).year
    2024
    """
    text = resources.files("olive.taizhou").joinpath("local_revenue.yaml").read_text("utf-8")
    known = parse_yaml(text, "local_revenue.yaml")["values"]
    nearest = min(known, key=lambda each: abs(each["year"] - year))
    return LocalRevenue(
        nearest["year"], float(nearest["value"]), nearest["status"], nearest["source"]
    )
