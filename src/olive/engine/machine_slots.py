"""Where arrays and buffers of machine code stand: buffers share room where their lives part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.machine_driver import FIXED
from olive.engine.results import Results
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK, Tables

Source = Callable[[Tables, Results], NDArray[Any]]  # finds an array of the user
ALIGNMENT = 64  # bytes: buffers begin with a line of the cache


class Slots:
    """Arrays and buffers by number; buffers share room where their lives do not meet."""

    def __init__(self) -> None:
        self.kinds: list[np.dtype[Any]] = []
        self.moves: list[int] = []
        self.sources: list[Source | None] = []
        self._rows: list[str] = []

    def array(self, kind: np.dtype[Any], move: int, source: Source) -> int:
        """Add an array that stands as a whole; ``move`` says how it moves from block to block."""
        return self._add(kind, move, source, "")

    def buffer(self, rows: str, kind: np.dtype[Any]) -> int:
        """Add a buffer for as many rows as a block may have."""
        return self._add(kind, FIXED, None, rows)

    def _add(self, kind: np.dtype[Any], move: int, source: Source | None, rows: str) -> int:
        self.kinds.append(kind)
        self.moves.append(move)
        self.sources.append(source)
        self._rows.append(rows)
        return len(self.kinds) - 1

    def place_buffers(
        self, calls: list[list[int]], lengths: dict[str, int]
    ) -> tuple[list[int], int]:
        """Give each buffer a place from the first call that names it to the last, and the room."""
        last = {slot: place for place, operands in enumerate(calls) for slot in operands}
        bases = [0] * len(self.kinds)
        placed: set[int] = set()
        free: dict[int, list[int]] = {}
        room = 0
        for place, operands in enumerate(calls):
            buffers = [slot for slot in dict.fromkeys(operands) if self.sources[slot] is None]
            for slot in buffers:
                if slot in placed:
                    continue
                placed.add(slot)
                size = self._bytes(slot, lengths)
                spare = free.setdefault(size, [])
                if not spare:
                    spare.append(room)
                    room += size
                bases[slot] = spare.pop()
            for slot in buffers:
                if last[slot] == place:
                    free[self._bytes(slot, lengths)].append(bases[slot])
        return bases, room

    def _bytes(self, slot: int, lengths: dict[str, int]) -> int:
        """Return the room of a buffer, in whole lines of the cache."""
        size = lengths[self._rows[slot]] * self.kinds[slot].itemsize
        return -(-size // ALIGNMENT) * ALIGNMENT


def room_for(tables: Tables) -> dict[str, int]:
    """Return room for the rows of a block: households, persons, and groups of members."""
    edges = np.append(
        np.arange(0, tables.count("household"), HOUSEHOLDS_PER_BLOCK), tables.count("household")
    )
    persons = int(np.diff(tables.starts[edges]).max())
    # Groups begin with their number and end with the number of persons.
    groups = int(np.diff(tables.starts).max()) + 2
    # In steps, so that tables of about the same size share their layout; a line of the cache more,
    # so that buffers do not all begin at the same place of a page.
    return {
        "household": HOUSEHOLDS_PER_BLOCK,
        "person": -(-persons // 128) * 128 + 8,
        "group": -(-groups // 16) * 16,
    }
