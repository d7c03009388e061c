"""The mixer behind every keyed random number: the finaliser of splitmix64.

Steele, Lea and Flood (2014): Fast splittable pseudorandom number generators. The compiled loops
write the same steps with the same constants.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15
FIRST_MULTIPLIER = 0xBF58476D1CE4E5B9
SECOND_MULTIPLIER = 0x94D049BB133111EB
SHIFTS = (30, 27, 31)


def mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the splitmix64 finaliser of 64-bit words, in an array of its own.

    Examples
    --------
    >>> int(mix(np.array([1], dtype=np.uint64))[0])
    6238072747940578789
    """
    mixed = words ^ (words >> np.uint64(SHIFTS[0]))
    mixed *= np.uint64(FIRST_MULTIPLIER)
    mixed ^= mixed >> np.uint64(SHIFTS[1])
    mixed *= np.uint64(SECOND_MULTIPLIER)
    mixed ^= mixed >> np.uint64(SHIFTS[2])
    return mixed
