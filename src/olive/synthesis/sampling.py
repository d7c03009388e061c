"""The words that the generator's rules draw with, and the tables that these words read.

Each word is made of the engine's vocabulary (arithmetic, ``floor``, ``where``, ``lookup``), so a
rule that uses it runs as numpy and as compiled loops, with the same bits. No logarithm or power is
taken while drawing: libraries differ in their last bits. The tables are rounded so that theirs
do not depend on the library that computed them.

A draw is a uniform number in [0, 1) (``draw`` of the engine). It has digits enough for three
independent uses: the draw itself, and two draws from its later digits, see `sub_draw`.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine import floor, lookup, where

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

NORMAL_STEPS = 2048
EXPONENTIAL_STEPS = 1024
_DIGITS = 65_536.0  # later digits begin after 16 bits
_LOWEST_POWER, _HIGHEST_POWER = -40, 40
_ROUNDED = 2.0**20
_normal = NormalDist().inv_cdf
_BITS_A_NAT = 1.4426950408889634
# Taylor coefficients of 2 to the power of x, for x from -1/2 to 1/2: right to a ten-millionth.
_POWER_SERIES = (
    1.5252733804059841e-05,
    0.00015403530393381609,
    0.0013333558146428443,
    0.0096181291076284772,
    0.055504108664821580,
    0.24022650695910072,
    0.69314718055994531,
)


def sub_draw(drawn: Any, number: int) -> Any:
    """Return the draw that the digits of a draw beyond its first 16 bits are, or the first 32.

    Parameters
    ----------
    drawn : uniform draw
    number : {1, 2}
        Each rule that uses a draw of the generator's takes digits of its own.

    >>> float(sub_draw(0.5 + 0.25 / 65536, 1)), float(sub_draw(0.5 + 0.25 / 65536**2, 2))
    (0.25, 0.25)
    """
    for _ in range(number):
        drawn = drawn * _DIGITS - floor(drawn * _DIGITS)
    return drawn


def choose(drawn: Any, choices: Any, count: Any, *codes: Any) -> Any:
    """Return a category, from 0 to ``count`` - 1, with the shares of a table's row.

    Walker's alias method: the draw picks a category evenly, and a second use of its digits keeps
    it or takes its alias, so one look-up serves any number of categories.

    Parameters
    ----------
    drawn : uniform draw
    choices : table from `choice_table`; its last axis are the categories
    count : number of categories
    codes : the row

    >>> table = choice_table([[0.25, 0.75]])
    >>> choose(np.array([0.1, 0.3, 0.6]), table, 2, np.zeros(3)).tolist()
    [0.0, 1.0, 1.0]
    """
    position = drawn * count
    category = floor(position)
    entry = lookup(choices, *codes, category)
    alias = floor(entry)
    return where(position - category < entry - alias, category, alias)


def choice_table(shares: Any) -> Array:
    """Return what `choose` reads: per category its alias plus the chance to keep it.

    Parameters
    ----------
    shares : array_like of float, shape (..., categories)
        Not negative; each last axis is scaled to add up to one.

    >>> choice_table([0.25, 0.75]).tolist()
    [1.5, 1.0]
    """
    wanted = np.asarray(shares, dtype=np.float64)
    rows = wanted.reshape(-1, wanted.shape[-1])
    table = np.array([_aliases(row / row.sum() * row.size) for row in rows])
    return _fixed(table.reshape(wanted.shape))


def _fixed(table: Array) -> Array:
    table.flags.writeable = False
    return table


def _aliases(left: Array) -> Array:
    """Fill the cells of one row: each holds its own category, topped up from a larger one."""
    entry = np.arange(left.size, dtype=np.float64)
    small = [place for place in range(left.size) if left[place] < 1.0]
    large = [place for place in range(left.size) if left[place] >= 1.0]
    while small and large:
        place, giver = small.pop(), large[-1]
        kept = giver + left[place]
        if kept < giver + 1:  # else it is full but for rounding, and keeps its own
            entry[place] = kept
        left[giver] -= 1.0 - left[place]
        if left[giver] < 1.0:
            small.append(large.pop())
    return entry


def whole_number(drawn: Any, low: Any, high: Any) -> Any:
    """Return a whole number spread evenly from ``low`` to ``high``, both included.

    >>> whole_number(np.array([0.0, 0.999]), 3, 5).tolist()
    [3.0, 5.0]
    """
    return low + floor(drawn * (high - low + 1))


def normal(drawn: Any, normal_knots: Any) -> Any:
    """Return a standard normal number, linear between 2,049 quantiles."""
    return _between(drawn * NORMAL_STEPS, normal_knots)


def exponential(drawn: Any, exponential_knots: Any) -> Any:
    """Return a standard exponential number, linear between 1,025 quantiles."""
    return _between(drawn * EXPONENTIAL_STEPS, exponential_knots)


def _between(position: Any, knots: Any) -> Any:
    place = floor(position)
    low = lookup(knots, place)
    return low + (lookup(knots, place + 1) - low) * (position - place)


def power_of_e(logarithm: Any, powers_of_two: Any) -> Any:
    """Return e to the power of a number between -27 and 27, right to a ten-millionth.

    >>> power_of_e(np.array([0.0, 1.0]), powers_of_two()).round(6).tolist()
    [1.0, 2.718282]
    """
    bits = logarithm * _BITS_A_NAT
    whole = floor(bits + 0.5)
    part = bits - whole
    series: Any = _POWER_SERIES[0]
    for coefficient in _POWER_SERIES[1:]:
        series = series * part + coefficient
    return (series * part + 1.0) * power_of_two(whole, powers_of_two)


def power_of_two(exponent: Any, powers: Any) -> Any:
    """Return 2 to the power of a whole number from -40 to 40."""
    return lookup(powers, exponent - _LOWEST_POWER)


def rounded_to(amount: Any, step: float) -> Any:
    """Return the nearest multiple of a step.

    >>> rounded_to(np.array([14.0, 15.0]), 10.0).tolist()
    [10.0, 20.0]
    """
    return floor(amount / step + 0.5) * step


@cache
def normal_knots() -> Array:
    """Return the quantiles that `normal` reads; the outermost keep their cells' means."""
    inner = [_normal(step / NORMAL_STEPS) for step in range(1, NORMAL_STEPS)]
    return _knots(np.array([-np.inf, *inner, np.inf]), _normal_end())


def _normal_end() -> float:
    inner = _normal(1.0 - 1.0 / NORMAL_STEPS)
    mean = np.exp(-inner * inner / 2.0) / np.sqrt(2.0 * np.pi) * NORMAL_STEPS
    return float(2.0 * mean - inner)


@cache
def exponential_knots() -> Array:
    """Return the quantiles that `exponential` reads."""
    inner = np.log(EXPONENTIAL_STEPS)
    quantiles = -np.log1p(-np.arange(EXPONENTIAL_STEPS) / EXPONENTIAL_STEPS)
    return _knots(np.append(quantiles, np.inf), float(inner + 2.0))


def _knots(quantiles: Array, end: float) -> Array:
    return _fixed(np.round(np.clip(quantiles, -end, end) * _ROUNDED) / _ROUNDED)


@cache
def powers_of_two() -> Array:
    """Return the table that `power_of_two` reads."""
    return _fixed(2.0 ** np.arange(_LOWEST_POWER, _HIGHEST_POWER + 1, dtype=np.float64))
