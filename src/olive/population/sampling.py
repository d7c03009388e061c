"""Drawing from tables: the same numbers on every machine, for every block and thread.

Only 64-bit integer mixing, table look-ups and plain arithmetic are used between a household's key
and its values, because these give the same bits everywhere, which logarithms and exponentials of
different libraries do not. The tables themselves are rounded so that their last bits do not depend
on the library that computed them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from olive.engine.draws import GOLDEN, mix, stream_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 65_536  # a draw is cut into pieces of 16 bits
LOG_STEPS = 1024  # money is drawn on a grid of 0.1 per cent
_LOG_RANGE = 16
_ROUNDED = 2.0**20


@dataclass(frozen=True, slots=True)
class Draws:
    """Keyed random words of a block of households and their persons.

    A word depends on the seed, the name of what is drawn, the household's key and the person's
    number only: two mixing steps for a household, three for a person, the first ones shared by
    all names.

    Attributes
    ----------
    seed : int
        Seed of the population.
    household_key : numpy.ndarray of uint64, shape (households,)
        Key of each household.
    """

    seed: int
    household_key: NDArray[np.uint64]
    _household: NDArray[np.uint64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        word = mix(self.household_key ^ np.uint64(stream_key(self.seed, "population")))
        object.__setattr__(self, "_household", word)

    def households(self, name: str, rows: NDArray[Any] | None = None) -> NDArray[np.uint16]:
        """Return four 16-bit pieces for each household, or for the given rows; shape (n, 4)."""
        return _pieces(self.seed, name, _at(self._household, rows))

    def person_words(self, owner: NDArray[Any], number: NDArray[Any]) -> NDArray[np.uint64]:
        """Return the word of each person, from which :meth:`persons` draws by name."""
        step = (number.astype(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
        return mix(self._household[owner] + step)

    def persons(
        self, name: str, words: NDArray[np.uint64], rows: NDArray[Any] | None = None
    ) -> NDArray[np.uint16]:
        """Return four 16-bit pieces for each person word, or for the given rows; shape (n, 4)."""
        return _pieces(self.seed, name, _at(words, rows))


def keyed_pieces(seed: int, name: str, keys: NDArray[Any]) -> NDArray[np.uint16]:
    """Return four 16-bit pieces for each key of another kind, such as a village; shape (n, 4)."""
    return _pieces(seed, name, mix(keys.astype(np.uint64) ^ np.uint64(stream_key(seed, "keys"))))


def chance(pieces: NDArray[np.uint16], probability: Any) -> NDArray[np.bool_]:
    """Return true with the given probability (a number or one per row), to 1 in 65,536."""
    limit = np.asarray(np.rint(np.asarray(probability) * STEPS), dtype=np.int32)
    return np.asarray(pieces < limit)


def chance_of(pieces: NDArray[np.uint16], shares: Any, row: Any) -> NDArray[np.bool_]:
    """Return true with the probability that a table gives for each row, to 1 in 65,536.

    >>> chance_of(np.array([0, 40_000], dtype=np.uint16), [0.5, 0.5], np.array([0, 1])).tolist()
    [True, False]
    """
    limits = np.rint(np.asarray(shares, dtype=np.float64) * STEPS).astype(np.int32)
    return np.asarray(pieces < limits.reshape(-1).take(row))


def whole(pieces: NDArray[np.uint16], low: Any, high: Any) -> NDArray[np.int32]:
    """Return whole numbers spread evenly from ``low`` to ``high``, both included.

    >>> whole(np.array([0, 65535], dtype=np.uint16), 3, 5).tolist()
    [3, 5]
    """
    span = np.asarray(high, dtype=np.int32) - np.asarray(low, dtype=np.int32) + 1
    return np.asarray(low + ((pieces.astype(np.int32) * span) >> 16), dtype=np.int32)


def lookup_table(shares: Any, steps: int = 4096) -> NDArray[np.uint8]:
    """Return a table that turns an even whole number below ``steps`` into a category.

    Parameters
    ----------
    shares : array_like of float, shape (..., categories)
        Not negative; each last axis is scaled to add up to one.
    steps : int
        Length of the table; shares are met to half a step.

    Returns
    -------
    numpy.ndarray of uint8, shape (..., steps)

    Examples
    --------
    >>> lookup_table([0.5, 0.25, 0.25], steps=4).tolist()
    [0, 0, 1, 2]
    """
    weights = np.ascontiguousarray(shares, dtype=np.float64)
    return _lookup_table(weights.tobytes(), weights.shape, steps)


@lru_cache(maxsize=64)
def _lookup_table(content: bytes, shape: tuple[int, ...], steps: int) -> NDArray[np.uint8]:
    weights = np.frombuffer(content).reshape(shape)
    bounds = np.cumsum(weights, axis=-1)
    bounds = np.rint(bounds / bounds[..., -1:] * steps).astype(np.int64)
    place = np.arange(steps)
    chosen = (place[:, None] >= bounds[..., None, :]).sum(axis=-1)
    table: NDArray[np.uint8] = chosen.astype(np.uint8)
    table.flags.writeable = False
    return table


def choose(table: NDArray[np.uint8], row: Any, pieces: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return a category for each row of a table of :func:`lookup_table` and each draw."""
    steps = table.shape[-1]
    place = pieces // np.uint16(STEPS // steps) if steps < STEPS else pieces
    index = np.asarray(row, dtype=np.int32) * np.int32(steps) + place
    return table.reshape(-1).take(index)


def normal(pieces: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return standard normal numbers (65,536 equally likely values, at most 4.3 from zero)."""
    return _normal_table().take(pieces)


def exponential(pieces: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return standard exponential numbers (65,536 equally likely values)."""
    return _exponential_table().take(pieces)


def raise_e(logarithm: NDArray[Any]) -> NDArray[np.float64]:
    """Return e to the power of each logarithm, on a grid of 1 in 1,024.

    >>> raise_e(np.array([0.0, 1.0])).round(2).tolist()
    [1.0, 2.72]
    """
    place = (logarithm * np.float32(LOG_STEPS) + np.float32(_LOG_RANGE * LOG_STEPS)).astype(
        np.int32
    )
    return _power_table().take(place, mode="clip")


def logarithm_of(value: Any) -> NDArray[np.float32]:
    """Return rounded natural logarithms of parameters (not of drawn values)."""
    return np.asarray(_rounded(np.log(np.asarray(value, dtype=np.float64))), dtype=np.float32)


@cache
def _normal_table() -> NDArray[np.float32]:
    middle = (np.arange(STEPS) + 0.5) / STEPS
    return np.asarray(_rounded(special.ndtri(middle)), dtype=np.float32)


@cache
def _exponential_table() -> NDArray[np.float32]:
    middle = (np.arange(STEPS) + 0.5) / STEPS
    return np.asarray(_rounded(-np.log1p(-middle)), dtype=np.float32)


@cache
def _power_table() -> NDArray[np.float64]:
    places = np.arange(2 * _LOG_RANGE * LOG_STEPS)
    powers = np.exp(places / LOG_STEPS - _LOG_RANGE)
    digits = 2.0 ** (30 - np.ceil(np.log2(powers)))
    return np.asarray(np.rint(powers * digits) / digits)


def _rounded(values: Any) -> Any:
    return np.rint(np.asarray(values) * _ROUNDED) / _ROUNDED


def _at(words: NDArray[np.uint64], rows: NDArray[Any] | None) -> NDArray[np.uint64]:
    return words if rows is None else words.take(rows)


def _pieces(seed: int, name: str, words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    mixed = mix(words ^ np.uint64(stream_key(seed, name)))
    return mixed.astype("<u8", copy=False).view("<u2").reshape(-1, 4)
