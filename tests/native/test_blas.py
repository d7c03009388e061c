"""Matrix products on one thread, whatever libraries have been loaded by then."""

import os
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


_FIGURES = """
import numpy as np
from olive.population.calibration.result import design_effect, effective_size
from olive.statistics import duclos_esteban_ray, fields_ok
from olive.statistics.design import CalibratedWeights
draw = np.random.default_rng(7)
before, after = draw.lognormal(10.0, 1.0, (2, 30_000))
weights, columns = draw.uniform(0.5, 1.5, 30_000), draw.normal(size=(30_000, 12))
figures = [
    duclos_esteban_ray(before, weights, alpha=0.5),
    fields_ok(before, after, weights),
    design_effect(weights),
    effective_size(weights),
    *CalibratedWeights(columns, weights).residual_scores(after),
]
print(*map(float.hex, map(float, figures)))
"""


def test_figures_do_not_depend_on_the_threads_of_matrix_products() -> None:
    found = [
        subprocess.run(
            [sys.executable, "-c", _FIGURES],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
        ).stdout.split()
        for threads in ("1", "2")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 30_004
