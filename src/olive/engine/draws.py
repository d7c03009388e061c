"""Keyed uniform random numbers: a pure function of seed, stream, key and person number.

Two rounds of the splitmix64 finaliser (Steele, Lea and Flood 2014, "Fast splittable
pseudorandom number generators") mix the key, so a draw never depends on row position, call
order, blocks or threads, and any row can be drawn alone.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.errors import DataError
from olive.native.mixing import GOLDEN, mix

TO_UNIT_INTERVAL = 2.0**-53


def stream_key(seed: int, stream: str) -> int:
    """Return the 64-bit key of a named stream under a seed.

    >>> stream_key(1, "take_up") == stream_key(1, "take_up") != stream_key(2, "take_up")
    True
    """
    digest = hashlib.blake2b(f"{seed}:{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def household_keys(ids: NDArray[Any]) -> NDArray[np.uint64]:
    """Return the 64-bit key of each household: whole numbers modulo 2^64, text by a fixed hash.

    Raises
    ------
    DataError
        When identifiers are neither whole numbers nor text.

    Examples
    --------
    >>> household_keys(np.array([7, 8])).tolist()
    [7, 8]
    >>> keys = household_keys(np.array(["a", "b"]))
    >>> (keys[1:] == household_keys(np.array(["b"]))).all()
    np.True_
    """
    if ids.dtype.kind in "iu":
        return ids.astype(np.uint64)
    if ids.dtype.kind == "f" and (ids == np.floor(ids)).all() and (np.abs(ids) < 2**53).all():
        return ids.astype(np.int64).astype(np.uint64)
    if all(isinstance(each, int) for each in ids.tolist()):
        return np.array([each % 2**64 for each in ids.tolist()], dtype=np.uint64)
    if all(isinstance(each, str) for each in ids.tolist()):
        from pandas.util import hash_array  # noqa: PLC0415 - slow to load, seldom needed

        return np.asarray(hash_array(ids.astype(object), categorize=False), dtype=np.uint64)
    raise DataError("household_id must hold whole numbers or text, found {dtype}", ids.dtype)


def uniform(
    stream: int, keys: NDArray[Any], numbers: NDArray[Any] | None = None
) -> NDArray[np.float64]:
    """Return uniform numbers in [0, 1).

    Parameters
    ----------
    stream : int
        From `stream_key`.
    keys : integer array, shape (n,)
        Household keys (64-bit) or any whole numbers.
    numbers : integer array, shape (n,), optional
        Person numbers within the household; absent for draws of households.

    Examples
    --------
    >>> uniform(stream_key(1, "a"), np.array([7, 8, 7])).round(3).tolist()
    [0.447, 0.599, 0.447]
    """
    with np.errstate(over="ignore"):
        first = mix(keys.astype(np.uint64) ^ np.uint64(stream))
        if numbers is not None:
            first = first + (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
        second = mix(first)
    return (second >> np.uint64(11)).astype(np.float64) * TO_UNIT_INTERVAL
