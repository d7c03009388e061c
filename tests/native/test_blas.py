"""Matrix products on one thread, whatever libraries have been loaded by then."""

import subprocess
import sys

_LATER_LIBRARY = """
import numpy, threadpoolctl
from olive.native.blas import single_blas_thread
counts = lambda: [each["num_threads"] for each in threadpoolctl.threadpool_info()]
with single_blas_thread():
    pass
numpy_alone, free = counts(), len(counts())
import scipy.linalg
after = counts()
with single_blas_thread():
    assert set(counts()) == {1}, counts()
assert counts() == after and numpy_alone == after[:free], (numpy_alone, after)
"""


def test_libraries_that_are_loaded_later_are_limited_too() -> None:
    subprocess.run([sys.executable, "-c", _LATER_LIBRARY], check=True)
