"""Arguments that many functions share: seeds and threads."""

from __future__ import annotations

from typing import Any

from olive.native.given_numbers import whole_number

#: Seed of the law's random draws, such as take-up, unless another is given. Weights of synthetic
#: populations are calibrated to the draws of this seed.
DEFAULT_SEED = 0


def check_run(seed: Any, threads: Any = None) -> None:
    """Refuse a seed or threads of another kind, before any work.

    Raises
    ------
    DataError
    """
    whole_number("seed", seed, 0)
    if threads is not None:
        whole_number("threads", threads, 1)
