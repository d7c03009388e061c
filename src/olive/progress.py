"""Whom long work tells how far it is: a function of the caller's, or a bar on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from olive.errors import DataError
from olive.messages import Message

#: A function that is called with (done, in all), or nobody.
Told = Callable[[int, int], None] | None
#: What every long function takes: a function, True for a bar on standard error, or nobody.
Progress = Told | bool

#: What is called when one step more is done.
Step = Callable[[], None]

Item = TypeVar("Item")


@contextmanager
def shown_progress(progress: Progress, label: str, counted: str = "") -> Iterator[Told]:
    """Yield whom to tell of progress: the caller's own function, a bar for True, or nobody.

    A bar is headed by the label. Where something is counted, such as households, it shows how many
    are done, and how many a second.

    Raises
    ------
    DataError
        When progress is anything else.

    Examples
    --------
    >>> with shown_progress(lambda done, total: print(done, total), "simulate") as told:
    ...     told(1, 2)
    1 2
    """
    if progress is True:
        # Drawing takes longer to import than most work takes.
        from olive.progress_bar import progress_bar  # noqa: PLC0415

        with progress_bar(Message(label), counted) as told:
            yield told
    elif callable(progress):
        yield progress
    elif progress is None or progress is False:
        yield None
    else:
        raise DataError(
            "progress is a {type}; give True for a bar on standard error, a function that is "
            "called with (done, in all), or None",
            type(progress).__name__,
        )


def steps(told: Told, total: int) -> Step:
    """Return what is to be called after each of so many steps.

    Examples
    --------
    >>> step = steps(lambda done, total: print(done, total), 2)
    >>> step(), step()
    1 2
    2 2
    (None, None)
    """
    done = count(1)

    def step() -> None:
        if told is not None:
            told(next(done), total)

    return step


def watched(items: Sequence[Item], progress: Progress, label: str) -> Iterator[Item]:
    """Go through things to be done, and tell after each how many are; see `shown_progress`.

    Examples
    --------
    >>> for year in watched([2023, 2025], lambda done, total: print(done, total), "simulate"):
    ...     print(year)
    2023
    1 2
    2025
    2 2
    """
    with shown_progress(progress, label) as told:
        step = steps(told, len(items))
        for item in items:
            yield item
            step()
