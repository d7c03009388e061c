"""Sums over cells by machine code are those of numpy, bit by bit, for any number of threads."""

import numpy as np
import pytest

from olive.native.cell_sums import cell_sums


@pytest.mark.parametrize("stored", [np.float32, np.float64])
@pytest.mark.parametrize(("rows", "columns", "cells"), [(1, 1, 1), (50, 200, 50), (900, 37, 11)])
def test_any_cells_any_threads(stored, rows, columns, cells):
    generator = np.random.default_rng(3)
    matrix = generator.random((rows, columns)).astype(stored)
    factors, order = generator.random(rows), generator.permutation(rows)
    inner = generator.choice(np.arange(1, rows), cells - 1, replace=False) if cells > 1 else []
    starts = np.array([0, *np.sort(inner), rows], dtype=np.int64)
    expected = np.zeros((cells, columns))
    for cell in range(cells):
        for place in range(starts[cell], starts[cell + 1]):
            expected[cell] += factors[place] * matrix[order[place]].astype(np.float64)
    for threads in (1, 2, 5):
        found = cell_sums(matrix, factors, order, starts, threads=threads, fewest_rows=0)
        assert np.array_equal(found, expected)
    small = cell_sums(matrix, factors, order, starts)
    assert np.allclose(small, expected, rtol=1e-12)
