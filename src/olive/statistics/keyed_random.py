"""Keyed random numbers for replicate weights: pure functions of seed, cluster and replicate.

Two rounds of the splitmix64 finaliser (Steele, Lea and Flood 2014, "Fast splittable pseudorandom
number generators"); a 64-bit word gives the draws of four replicates, 16 bits each.
"""

from __future__ import annotations

import hashlib

import numpy as np
import scipy
from numpy.typing import NDArray

from olive.native.mixing import GOLDEN, mix
from olive.statistics.given_columns import FloatArray

DRAWS_IN_A_WORD = 4
LEVELS = 2**16


def seeded(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return keys mixed with a seed, ready for `draws`."""
    digest = hashlib.blake2b(f"replicate weights:{seed}".encode(), digest_size=8).digest()
    return mix(keys ^ np.uint64(int.from_bytes(digest, "little")))


def draws(seeded_keys: NDArray[np.uint64], word: int) -> NDArray[np.uint16]:
    """Return the draws of four replicates, uniform on 0 to 65,535.

    Parameters
    ----------
    seeded_keys : uint64 array, shape (m,)
        From `seeded`.
    word : int
        Replicates 4 x word to 4 x word + 3.

    Returns
    -------
    uint16 array, shape (m, 4)
    """
    step = np.uint64((word + 1) * GOLDEN % 2**64)
    words = mix(seeded_keys + step)
    return words.astype("<u8", copy=False).view("<u2").reshape(-1, DRAWS_IN_A_WORD)


def gamma_levels(shape: float) -> FloatArray:
    """Return the gamma distribution in 65,536 equally likely levels, each at its mean.

    Examples
    --------
    >>> levels = gamma_levels(0.5)
    >>> round(float(levels.mean()), 12), round(float(levels.var()), 3)
    (0.5, 0.5)
    """
    edges = scipy.special.gammaincinv(shape, np.arange(LEVELS + 1) / LEVELS)
    partial_means = shape * scipy.special.gammainc(shape + 1.0, edges)
    return np.asarray(np.diff(partial_means) * LEVELS)
