"""The two tables as the engine sees them: arrays, with persons grouped by household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.errors import DataError
from olive.native.room import empty

# Blocks are fixed ranges of households, whatever the thread count, so that partial results
# are always added in the same order. 1,024 households keep a block's columns in cache.
HOUSEHOLDS_PER_BLOCK = 1024

# What compiled code can read; anything else would be read as the wrong bytes.
_READABLE = {"bool", "float32", "float64"} | {
    f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
}


@cache  # numpy puts the name of a type together each time that it is asked
def is_readable(kind: np.dtype[Any]) -> bool:
    """Return whether compiled code can read a type."""
    return kind.name in _READABLE and kind.isnative


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Columns of households and persons.

    Attributes
    ----------
    households, persons : mapping of str to array
        Bool, integer or float columns of shape (households,) and (persons,).
    starts : int64 array, shape (households + 1,)
        Persons ``starts[h]`` to ``starts[h + 1]`` belong to household ``h``.
    household_key : uint64 array, shape (households,)
        Key of each household for random draws.
    largest : int
        Persons of the largest household.
    """

    households: Mapping[str, NDArray[Any]]
    persons: Mapping[str, NDArray[Any]]
    starts: NDArray[np.int64]
    household_key: NDArray[np.uint64]
    largest: int = field(init=False)

    def __post_init__(self) -> None:
        self._check_structure()
        entities: tuple[Entity, ...] = ("household", "person")
        for entity in entities:
            rows = self.count(entity)
            for name, column in self.of_entity(entity).items():
                if column.shape != (rows,):
                    raise DataError(
                        "column {name!r} has shape {shape}; the {entity} table has {count} rows",
                        name,
                        column.shape,
                        entity,
                        rows,
                    )
                if not is_readable(column.dtype):
                    raise DataError(
                        "column {name!r} has type {dtype}; rules read truth values, whole "
                        "numbers of 8 to 64 bits, float32 and float64 in the machine's byte order",
                        name,
                        column.dtype,
                    )

    def _check_structure(self) -> None:
        starts, keys = self.starts, self.household_key
        if starts.dtype != np.int64 or not starts.flags.c_contiguous or starts.ndim != 1:
            raise DataError("starts must be a plain int64 array, found {dtype}", starts.dtype)
        sizes = empty(max(starts.size - 1, 0), np.int64)
        np.subtract(starts[1:], starts[:-1], out=sizes)
        if sizes.min(initial=starts.size - 1) < 1:
            raise DataError(
                "every household needs at least one person, and one household is needed"
            )
        object.__setattr__(self, "largest", int(sizes.max()))
        if starts[0] != 0:
            raise DataError("starts must begin with 0, found {starts}", starts[0])
        if keys.dtype != np.uint64 or keys.shape != (starts.size - 1,):
            raise DataError(
                "household_key must be one uint64 per household ({size}), found {dtype} "
                "of shape {shape}",
                starts.size - 1,
                keys.dtype,
                keys.shape,
            )

    def count(self, entity: Entity) -> int:
        """Return the number of households or persons."""
        return int(self.starts[-1]) if entity == "person" else self.starts.size - 1

    def of_entity(self, entity: Entity) -> Mapping[str, NDArray[Any]]:
        """Return the columns of one table."""
        return self.persons if entity == "person" else self.households

    def entities(self) -> dict[str, Entity]:
        """Return the entity of every column."""
        by_name: dict[str, Entity] = dict.fromkeys(self.households, "household")
        return by_name | dict.fromkeys(self.persons, "person")

    def blocks(self) -> int:
        """Return the number of blocks."""
        return -(-self.count("household") // HOUSEHOLDS_PER_BLOCK)

    def block(self, index: int, blocks: int = 1) -> tuple[slice, slice]:
        """Return the household rows and the person rows of a block, or of several in a row."""
        first = index * HOUSEHOLDS_PER_BLOCK
        last = min(first + blocks * HOUSEHOLDS_PER_BLOCK, self.count("household"))
        return slice(first, last), slice(int(self.starts[first]), int(self.starts[last]))
