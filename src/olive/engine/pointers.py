"""Columns that name another person of the household: a spouse, a father, a mother.

A column of the catalogue says what kind of pointer it is: ``mutual`` (whoever is named names the
other one back) or ``ancestor`` (nobody is their own ancestor). Rules follow pointers without
looking, so what cannot be is refused before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Column
from olive.messages import Message

NOBODY = -1


@dataclass(frozen=True, slots=True)
class PointerFault:
    """What is wrong with a pointer.

    Attributes
    ----------
    column : str
    row : int
        First person concerned.
    persons : int
        How many persons it concerns.
    words : str
        What is wrong and how to mend it; begins with the value.
    """

    column: str
    row: int
    persons: int
    words: str


@dataclass(frozen=True, slots=True)
class Pointers:
    """Pointers that were looked at.

    Attributes
    ----------
    values : mapping of str to array
        As given, but for answers that were added.
    added : mapping of str to int
        How many persons were named by somebody whom they did not name back, and do now.
    faults : tuple of PointerFault
    """

    values: Mapping[str, NDArray[Any]]
    added: Mapping[str, int]
    faults: tuple[PointerFault, ...]


def checked_pointers(
    columns: Mapping[str, Column], given: Mapping[str, NDArray[Any]], starts: NDArray[np.int64]
) -> Pointers:
    """Look at pointers: within the household, to somebody else, mutual, without circles.

    Where one of two spouses says nothing, the other's answer holds for both, as it does in law:
    surveys often ask one of them only.

    Parameters
    ----------
    columns : mapping of str to Column
        The catalogue; its ``pointer`` says which columns are looked at.
    given : mapping of str to array, shape (persons,)
        Columns of persons; a pointer holds numbers within the household, -1 for nobody.
    starts : int64 array, shape (households + 1,)
        The persons of household ``h`` are ``starts[h]`` to ``starts[h + 1]``.

    Examples
    --------
    >>> spouse = {"spouse": Column("spouse", "person", pointer="mutual")}
    >>> found = checked_pointers(spouse, {"spouse": np.array([-1, 0])}, np.array([0, 2]))
    >>> found.values["spouse"].tolist(), found.added["spouse"]
    ([1, 0], 1)
    """
    names = [name for name in given if name in columns and columns[name].pointer]
    values, added, faults = {}, {}, []
    first = np.repeat(starts[:-1], np.diff(starts))
    size = np.repeat(np.diff(starts), np.diff(starts))
    person = np.arange(len(first))
    rows: dict[str, NDArray[np.int64]] = {}
    for name in names:
        pointer = given[name].astype(np.int64)
        wrong = (pointer < NOBODY) | (pointer >= size) | (pointer == person - first)
        wrong |= pointer != given[name]
        if wrong.any():
            row = int(wrong.argmax())
            words = Message(
                "{given:g}; it must be the number of another person of the household (0 "
                "to {size}) or -1 for none",
                given[name][row],
                size[row] - 1,
            )
            faults.append(PointerFault(name, row, int(wrong.sum()), words))
            continue
        rows[name] = np.where(pointer == NOBODY, NOBODY, first + pointer)
        values[name] = given[name]
        if columns[name].pointer == "mutual":
            rows[name], new, one_sided = _answered(rows[name])
            faults += _one_sided(name, given[name], one_sided)
            if new:
                numbers = np.where(rows[name] == NOBODY, NOBODY, rows[name] - first)
                values[name] = numbers.astype(given[name].dtype)
                added[name] = new
    ancestors = [name for name in rows if columns[name].pointer == "ancestor"]
    faults += _impossible(rows, ancestors, given)
    return Pointers(values, added, tuple(faults))


def _answered(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], int, NDArray[np.bool_]]:
    """Return pointers with missing answers added, how many, and who is not named back."""
    naming = np.flatnonzero(rows != NOBODY)
    unanswered = naming[rows[rows[naming]] == NOBODY]
    answered = rows.copy()
    answered[rows[unanswered]] = unanswered
    one_sided = np.zeros(len(rows), dtype=np.bool_)
    one_sided[naming] = answered[rows[naming]] != naming
    return answered, len(np.unique(rows[unanswered])), one_sided


def _one_sided(
    name: str, pointer: NDArray[Any], one_sided: NDArray[np.bool_]
) -> list[PointerFault]:
    if not one_sided.any():
        return []
    row = int(one_sided.argmax())
    words = Message(
        "{pointer:g}, but person {pointer:g} names somebody else or is named by "
        "two; two persons must name each other as {name}",
        pointer[row],
        name,
    )
    return [PointerFault(name, row, int(one_sided.sum()), words)]


def _impossible(
    rows: Mapping[str, NDArray[np.int64]], ancestors: list[str], given: Mapping[str, NDArray[Any]]
) -> list[PointerFault]:
    """Return persons who are their own ancestors, or have one person in two places."""
    faults = []
    parents = [rows[name] for name in ancestors]
    circling = in_circles(parents)
    for name, pointer in zip(ancestors, parents, strict=True):
        wrong = circling & (pointer != NOBODY)
        wrong[wrong] = circling[pointer[wrong]]
        if wrong.any():
            row = int(wrong.argmax())
            words = Message("{given:g}, which makes a person their own ancestor", given[name][row])
            faults.append(PointerFault(name, row, int(wrong.sum()), words))
            break
    names = list(rows)
    for place, name in enumerate(names):
        for other in names[:place]:
            same = (rows[name] != NOBODY) & (rows[name] == rows[other])
            if same.any():
                row = int(same.argmax())
                words = Message(
                    "{given:g}, who stands in the column {other!r} as well", given[name][row], other
                )
                faults.append(PointerFault(name, row, int(same.sum()), words))
    return faults


def in_circles(parents: list[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Return who has ancestors without end: who stands in a circle, or descends from one.

    Parameters
    ----------
    parents : list of int64 array, shape (persons,)
        Rows of the parents, -1 for unknown.

    Examples
    --------
    >>> in_circles([np.array([1, 0, -1])]).tolist()
    [True, True, False]
    """
    if not parents:
        return np.zeros(0, dtype=np.bool_)
    without_end = np.ones(len(parents[0]), dtype=np.bool_)
    while True:
        still = np.zeros_like(without_end)
        for pointer in parents:
            named = pointer != NOBODY
            still[named] |= without_end[pointer[named]]
        if np.array_equal(still, without_end):
            return still
        without_end = still
