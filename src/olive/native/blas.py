"""Matrix products on one thread: faster on a busy machine, and the same bits every time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from numpy.typing import NDArray

Given = ParamSpec("Given")
Found = TypeVar("Found")


def single_blas_thread() -> AbstractContextManager[Any]:
    """Limit matrix products to one thread inside a ``with`` block, where that is possible.

    Small Gram matrices of many rows are slower on two busy threads than on one, and the order of
    additions then depends on the number of threads. Without the package threadpoolctl nothing is
    limited; set ``OPENBLAS_NUM_THREADS=1`` before Python starts to get the same effect.
    """
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    limits: AbstractContextManager[Any] = _libraries(len(sys.modules)).limit(
        limits=1, user_api="blas"
    )
    return limits


@lru_cache(maxsize=1)  # to look for libraries takes long; new ones come with new modules alone
def _libraries(_: int) -> Any:
    return import_module("threadpoolctl").ThreadpoolController()


def sum_of_products(left: NDArray[Any], right: NDArray[Any]) -> float:
    """Return the sum of products of two columns, added in one order for any number of threads.

    ``left @ right`` of long columns is added by as many threads as the processor has.

    Examples
    --------
    >>> import numpy as np
    >>> sum_of_products(np.array([1.0, 2.0]), np.array([3.0, 0.5]))
    4.0
    """
    return float((left * right).sum())


def one_blas_thread(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Run a function whose figures rest on matrix products under `single_blas_thread`."""

    @wraps(function)
    def limited(*given: Given.args, **named: Given.kwargs) -> Found:
        with single_blas_thread():
            return function(*given, **named)

    return limited
