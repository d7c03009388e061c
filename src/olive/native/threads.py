"""Work side by side on threads that are kept: to start and to end them takes a while each time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import count
from typing import Any

MOST_HELPERS = 64


def side_by_side(
    work: Callable[..., object],
    items: Sequence[Sequence[Any]],
    threads: int,
    told: Callable[[int], None] | None = None,
) -> None:
    """Do work on each item, by whichever of some threads is free; the caller is one of them.

    Helpers that have not begun when the caller is through are not waited for, so that work may be
    done side by side within such work.

    Parameters
    ----------
    work : callable
        Called with what an item holds. After an error no further item is begun.
    items : sequence of sequence
    threads : int
        How many may work, at least 1.
    told : callable, optional
        Told by the caller's thread how many items are done.

    Examples
    --------
    >>> squares = [0, 0, 0]
    >>> side_by_side(lambda place: squares.__setitem__(place, place**2), [(0,), (1,), (2,)], 2)
    >>> squares
    [0, 1, 4]
    """
    left, done = iter(items), count(1)

    def take(told: Callable[[int], None] | None = None) -> None:
        try:
            for item in left:
                work(*item)
                number = next(done)
                if told is not None:
                    told(number)
        except BaseException:
            for _ in left:
                pass
            raise

    helpers = [_helpers().submit(take) for _ in range(min(threads, len(items)) - 1)]
    try:
        take(told)
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        if begun:
            wait(begun)
    for helper in begun:
        helper.result()
    if told is not None:
        told(len(items))


@cache
def _helpers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_HELPERS, thread_name_prefix="olive")


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    # Threads stay behind when a process forks.
    os.register_at_fork(after_in_child=_helpers.cache_clear)
