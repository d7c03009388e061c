"""Published mean incomes of fifths of households in China, from which shapes are borrowed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from olive.statistics.distributions.grouped import read_quintiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from olive.statistics.distributions.grouped import GroupedIncome

FILE = files("olive.china.recipes").joinpath("quintiles.csv")


@cache
def quintiles() -> Mapping[str, GroupedIncome]:
    """Return grouped incomes by name, such as ``"national urban 2022"``.

    >>> quintiles()["national urban 2022"].median
    45123.0
    """
    return read_quintiles(FILE)
