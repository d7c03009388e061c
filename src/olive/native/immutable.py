"""Objects that never change: they compare and hash by content, and travel to other processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NoReturn, Self, TypeVar

import numpy as np

K = TypeVar("K")
V = TypeVar("V")


class FrozenMapping(dict[K, V]):
    """A mapping that cannot be changed; unlike ``types.MappingProxyType`` it can be pickled.

    Examples
    --------
    >>> import pickle
    >>> frozen = FrozenMapping({"a": 1})
    >>> pickle.loads(pickle.dumps(frozen)) == frozen, hash(frozen) == hash(FrozenMapping(a=1))
    (True, True)
    >>> frozen["a"] = 2
    Traceback (most recent call last):
        ...
    TypeError: this mapping cannot be changed; make a new one: {**mapping, ...}
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a new one: {**mapping, ...}")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(_summary(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __copy__(self) -> Self:
        return self


class ByContent:
    """A dataclass whose objects are equal when all their fields are, arrays and tables included.

    To be declared with ``eq=False``: a dataclass compares arrays by their truth, which they lack.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return all(same(one, two) for one, two in zip(_values(self), _values(other), strict=True))

    def __hash__(self) -> int:
        return hash(tuple(_summary(value) for value in _values(self)))


class Rebuilt(ByContent):
    """A small object that is unpickled by its constructor, so that its arrays stay read-only."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), _values(self)


def same(one: Any, two: Any) -> bool:
    """Return whether two values have the same content; NaN equals NaN.

    >>> same({"a": np.array([1.0, np.nan])}, {"a": np.array([1.0, np.nan])})
    True
    >>> same([1, np.array([1])], [1, np.array([2])]), same(1, "1")
    (False, False)
    """
    if one is two:
        return True
    if isinstance(one, np.ndarray) or isinstance(two, np.ndarray):
        return (
            isinstance(one, np.ndarray)
            and isinstance(two, np.ndarray)
            and one.dtype == two.dtype
            and np.array_equal(one, two, equal_nan=one.dtype.kind in "fc")
        )
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if hasattr(one, "equals"):  # tables of pandas and Arrow
        return type(one) is type(two) and bool(one.equals(two))
    if isinstance(one, float) and isinstance(two, float) and one != one and two != two:  # noqa: PLR0124
        return True
    return bool(one == two)


def _values(thing: Any) -> tuple[Any, ...]:
    return tuple(getattr(thing, each.name) for each in fields(thing))


def _summary(value: Any) -> Any:
    """Return something that can be hashed and is equal for equal content."""
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, Mapping):
        return frozenset(value)
    if isinstance(value, list | tuple):
        return tuple(_summary(each) for each in value)
    if hasattr(value, "equals"):
        return value.shape
    return 0 if isinstance(value, float) and value != value else hash(value)  # noqa: PLR0124
