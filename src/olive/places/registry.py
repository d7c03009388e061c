"""Which places are installed: found by the entry point group ``olive.places``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, nearest, shown
from olive.messages import joined
from olive.places.labels import Label
from olive.places.place import Place

GROUP = "olive.places"
#: The place that is meant where none is named, unless the environment names one.
DEFAULT = "taizhou"
VARIABLE = "OLIVE_PLACE"

_registered: dict[str, Place] = {}
_chosen: list[str] = []


@contextmanager
def default_place(name: str | None) -> Iterator[None]:
    """Take another place as the default one for a while; the present one when it is None.

    Raises
    ------
    DataError
        When no such place is installed.

    Examples
    --------
    >>> with default_place("zhejiang"):
    ...     place().name
    'zhejiang'
    """
    if name is None:
        yield
        return
    _chosen.append(place(name).name)
    try:
        yield
    finally:
        _chosen.pop()


def place(name: str | Place | None = None) -> Place:
    """Return an installed place.

    Parameters
    ----------
    name : str or Place, optional
        The default place when it is not given: that of the environment variable ``OLIVE_PLACE``,
        or Taizhou. A `Place` is returned as it is.

    Raises
    ------
    DataError
        When no such place is installed (names the nearest), or its package cannot be loaded.

    Examples
    --------
    >>> place("taizhou").label.zh, place().name, place("浙江").name
    ('台州', 'taizhou', 'zhejiang')
    """
    if isinstance(name, Place):
        return name
    if not isinstance(name, str | None):
        raise DataError("place is {shown}; give the name of a place, or a Place", shown(name))
    default = _chosen[-1] if _chosen else os.environ.get(VARIABLE)
    wanted = name or default or DEFAULT
    if wanted in _registered:
        return _registered[wanted]
    if wanted not in _entries():
        known = places()
        labels = _labels()
        for each, label in labels.items():
            if wanted in label:
                return place(each)
        raise DataError(
            "no place {wanted!r} is installed{hint}; installed are {known}{labels}",
            wanted,
            nearest(wanted, known),
            joined(known),
            f" ({', '.join(each.zh for each in labels.values())})",
        )
    try:
        found: Any = _entries()[wanted].load()
    except Exception as fault:  # whatever the package of the place raises
        raise DataError(
            "the place {wanted!r} is installed, but its package cannot be loaded ({fault}); "
            "install it again, or remove it",
            wanted,
            fault,
        ) from fault
    if not isinstance(found, Place) or found.name != wanted:
        raise DataError(
            "the entry point {wanted!r} of the group {group!r} leads to {found!r:.60}; it "
            "must lead to a Place whose name is {wanted!r}",
            wanted,
            GROUP,
            found,
        )
    return register(found)


def places() -> tuple[str, ...]:
    """Return the names of all installed places.

    Examples
    --------
    >>> {"taizhou", "zhejiang"} <= set(places())
    True
    """
    return tuple(sorted({*_entries(), *_registered}))


def register(new: Place) -> Place:
    """Make a place known under its name in this process, and return it.

    Installed places need it not: they announce themselves. It is for a place that is made in a
    notebook or a test.

    Raises
    ------
    DataError
        When another place has the name.
    """
    if not isinstance(new, Place):
        raise DataError("{new!r:.60} is no Place; build one with olive.Place(...)", new)
    known = _registered.setdefault(new.name, new)
    if known != new:
        raise DataError("another place is called {name!r} already; choose another name", new.name)
    return known


def place_of_recipe(file: Path) -> Place:
    """Return the place that a user's recipe is of: what its YAML says under ``place``.

    Raises
    ------
    DataError, YamlFault
        When the file cannot be read or names no installed place.
    """
    content = read_yaml(file)
    stated = content.get("place") if isinstance(content, Mapping) else None
    if not isinstance(stated, str):
        raise DataError(
            "{file}: `place` must name an installed place: {places}", file, joined(places())
        )
    return place(stated)


def _labels() -> dict[str, Label]:
    """Return the labels of the places that can be loaded."""
    found = {}
    for name in places():
        with suppress(DataError):  # a broken package hides no other place
            found[name] = place(name).label
    return found


@cache
def _entries() -> dict[str, Any]:
    return {each.name: each for each in entry_points(group=GROUP)}
