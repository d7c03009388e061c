"""The catalogue of columns, read once from ``columns.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from olive.engine.columns import Column, read_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Column", "catalogue"]


@cache
def catalogue() -> Mapping[str, Column]:
    """Return every column that the law reads and populations have, by name.

    The regions of a place are not among them: `olive.places.Place.columns` has them.

    >>> catalogue()["age"].unit
    'year'
    """
    text = resources.files("olive.china").joinpath("columns.yaml").read_text(encoding="utf-8")
    return read_columns(text)
