"""Where arrays and buffers of machine code stand: buffers share room where their lives part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.machine_code import SIDE_BY_SIDE
from olive.engine.machine_driver import FIXED
from olive.engine.results import Results
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK, Tables

Source = Callable[[Tables, Results], NDArray[Any]]  # finds an array of the user
ALIGNMENT = 64  # bytes: buffers begin with a line of the cache
_ADDRESS = 8  # bytes


class Slots:
    """Arrays and buffers by number; buffers share room where their lives do not meet.

    Attributes
    ----------
    kinds : list of dtype
    moves : list of int
        How each moves from block to block.
    sources : dict of slot to function
        Finds the array of a slot; a slot without one is a buffer.
    """

    def __init__(self) -> None:
        self.kinds: list[np.dtype[Any]] = []
        self.moves: list[int] = []
        self.sources: dict[int, Source] = {}
        self._rows: list[str] = []

    def array(self, kind: np.dtype[Any], move: int, source: Source) -> int:
        """Add an array that stands as a whole; ``move`` says how it moves from block to block."""
        slot = self.buffer("", kind)
        self.moves[slot] = move
        self.sources[slot] = source
        return slot

    def buffer(self, rows: str, kind: np.dtype[Any]) -> int:
        """Add a buffer for as many rows as a block may have."""
        self.buffers([rows], [kind])
        return len(self.kinds) - 1

    def buffers(self, rows: Sequence[str], kinds: Sequence[np.dtype[Any]]) -> None:
        """Add many buffers."""
        self._rows += rows
        self.kinds += kinds
        self.moves += [FIXED] * len(kinds)

    def place_buffers(
        self, operands: NDArray[np.int64], calls: NDArray[np.int64], lengths: Mapping[str, int]
    ) -> tuple[NDArray[np.uint64], int]:
        """Give each buffer a place from the first call that names it to the last, and the room.

        The room begins with the address of each slot. Operands are the slots, beside the number of
        the call that names each; lengths are the most rows of a block.
        """
        first, last = np.full(len(self.kinds), calls.size), np.full(len(self.kinds), -1)
        np.minimum.at(first, operands, calls)
        np.maximum.at(last, operands, calls)
        last[[*self.sources]] = -1
        buffers = np.flatnonzero(last >= 0)
        begun = buffers[np.argsort(first[buffers], kind="stable")].tolist()
        ended = buffers[np.argsort(last[buffers], kind="stable")].tolist()
        begins, ends = first.tolist(), last.tolist()
        bases = [0] * len(self.kinds)
        free: dict[int, list[int]] = {}
        gone = 0
        room = _in_whole_lines(_ADDRESS * len(self.kinds))
        for slot in begun:
            while ends[ended[gone]] < begins[slot]:
                free[self._bytes(ended[gone], lengths)].append(bases[ended[gone]])
                gone += 1
            size = self._bytes(slot, lengths)
            spare = free.setdefault(size, [])
            if spare:
                bases[slot] = spare.pop()
            else:
                bases[slot] = room
                room += size
        return np.array(bases, dtype=np.uint64), room

    def _bytes(self, slot: int, lengths: Mapping[str, int]) -> int:
        """Return the room of a buffer, in whole lines of the cache."""
        return _in_whole_lines(lengths[self._rows[slot]] * self.kinds[slot].itemsize)


def _in_whole_lines(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def room_for(tables: Tables) -> dict[str, int]:
    """Return room for the rows of a block: households, persons, and groups of members."""
    begins = tables.starts[:-1:HOUSEHOLDS_PER_BLOCK]
    ends = [*begins[1:].tolist(), int(tables.starts[-1])]
    persons = int((ends - begins).max())
    # Groups begin with their number and end with the number of persons.
    groups = tables.largest + 2
    # In steps, so that tables of about the same size share their layout; some rows more, for those
    # behind the last, and so that buffers do not all begin at the same place of a page.
    return {
        "household": HOUSEHOLDS_PER_BLOCK,
        "person": -(-persons // 128) * 128 + SIDE_BY_SIDE,
        "group": -(-groups // 16) * 16,
    }
