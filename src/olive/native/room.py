"""Room for large arrays, kept when they are gone: memory fresh from the system is slow to enter.

Each page of it is filled with zeros when it is first touched, which takes as long as all else that
is done with it. What allocators keep of their own depends on the sizes that come and go.
"""

from __future__ import annotations

import math
from ctypes import addressof, c_char
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

FEWEST_BYTES = 1 << 17  # the usual allocators keep what is smaller
MOST_IDLE_BYTES = 1 << 28  # kept at most when nobody uses them


def empty(shape: int | tuple[int, ...], kind: DTypeLike = np.float64) -> NDArray[Any]:
    """Return a new array of undefined content, like ``numpy.empty``, in room that is used again.

    The room is free for others when the array and all its views are gone.

    Examples
    --------
    >>> empty((2, 3)).shape
    (2, 3)
    """
    rows = math.prod(shape) if isinstance(shape, tuple) else shape
    size = rows * np.dtype(kind).itemsize
    if size < FEWEST_BYTES:
        return np.empty(shape, dtype=kind)
    whole = np.asarray(_Room(size))
    return whole.view(kind).reshape(shape)


def addresses(*arrays: Any) -> list[int]:
    """Return where contiguous arrays begin.

    What ctypes can write to, it finds in a third of the time that numpy takes to be asked.

    >>> array = np.arange(2)
    >>> addresses(array, array[1:]) == [array.ctypes.data, array.ctypes.data + array.itemsize]
    True
    """
    return [
        addressof(_NOTHING.from_buffer(array)) if array.flags.writeable else array.ctypes.data
        for array in arrays
    ]


_NOTHING = c_char * 0  # what even an empty array has room for
_idle: dict[int, list[NDArray[np.uint8]]] = {}  # by size


class _Room:
    """Memory that numpy sees as bytes; arrays in it hold on to this object."""

    def __init__(self, size: int) -> None:
        try:
            self._memory = _idle[size].pop()
        except (KeyError, IndexError):
            self._memory = np.empty(size, dtype=np.uint8)
        self.__array_interface__ = self._memory.__array_interface__

    def __del__(self, idle: Any = _idle, most: int = MOST_IDLE_BYTES) -> None:
        # Any thread may come here at any point, also when modules are gone: there is no lock, each
        # step is done at a stroke.
        size = self._memory.size
        if size + sum(each * len(rooms) for each, rooms in list(idle.items())) > most:
            idle.clear()
        if size <= most:
            idle.setdefault(size, []).append(self._memory)
