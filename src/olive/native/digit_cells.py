"""Sums over cells of the leading binary digits of a number, by machine code in one pass."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.native.room import addresses

GENERATION = 1  # part of the cache key: raise it when the generated code changes

FloatArray = NDArray[np.float64]


class DigitCells(NamedTuple):
    """Cells of float64: those below zero mirrored, each side with one cell nearer and one farther.

    Attributes
    ----------
    shift : int
        Trailing bits that all numbers of a cell may have.
    first : int
        Leading bits of the lowest number of the first step above zero.
    steps : int
    """

    shift: int
    first: int
    steps: int

    @property
    def side(self) -> int:
        """Cells on each side of zero."""
        return self.steps + 2

    def places(self, values: FloatArray) -> NDArray[np.int64]:
        """Return the cell of each number."""
        # The leading bits of a positive float64 are its exponent and first binary digits.
        cell: NDArray[np.int64] = np.abs(values).view(np.int64)
        cell >>= self.shift
        cell -= self.first - 1
        np.clip(cell, 0, self.steps + 1, out=cell)
        # Below zero -1 - step, which in two's complement is the step with every bit turned.
        np.invert(cell, out=cell, where=values < 0.0)
        cell += self.side
        return cell

    def sums(self, values: FloatArray, weights: FloatArray, *, fewest_rows: int) -> FloatArray:
        """Return the weight, and the weighted sum of values, of each cell; shape (2, cells).

        Rows are added one by one; below ``fewest_rows`` by numpy, with the same bits.

        Examples
        --------
        >>> cells = DigitCells(shift=52, first=1023, steps=2)  # 1 to 2, 2 to 4
        >>> rows = np.array([1.5, 3.0, -3.0, 9.0, 3.5]), np.array([1.0, 1.0, 1.0, 1.0, 2.0])
        >>> cells.sums(*rows, fewest_rows=0).tolist()[1]
        [0.0, -3.0, 0.0, 0.0, 0.0, 1.5, 10.0, 9.0]
        >>> bool((cells.sums(*rows, fewest_rows=9) == cells.sums(*rows, fewest_rows=0)).all())
        True
        """
        if values.size < fewest_rows:
            cell = self.places(values)
            both = (weights, weights * values)
            return np.stack([np.bincount(cell, each, minlength=2 * self.side) for each in both])
        found = np.zeros((2, 2 * self.side))
        rows = [np.ascontiguousarray(each, dtype=np.float64) for each in (values, weights)]
        _add(self)(values.size, *addresses(*rows, *found))
        return found


@cache
def _add(cells: DigitCells) -> Any:
    # Loaded when first needed: olive.statistics is imported by many who never add that much.
    from olive.native.machine_library import load_functions  # noqa: PLC0415
    from olive.native.machine_sums import DIGIT_CELLS, digit_cells_module  # noqa: PLC0415

    write = partial(digit_cells_module, **cells._asdict())
    (add,) = load_functions(GENERATION, {f"sums {cells}": (write, DIGIT_CELLS)})
    return add
