"""Sums over the blocks of a population, the same to the last bit in whatever order blocks come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from olive.errors import DataError
from olive.native.immutable import ByContent, FrozenMapping
from olive.statistics.given_columns import FloatArray

Sums = Mapping[str, FloatArray]
Node = tuple[int, int]

_NOTHING: Mapping[Node, Sums] = FrozenMapping({})


@dataclass(frozen=True, slots=True, eq=False)
class BlockSums(ByContent):
    """Sums of arrays over numbered blocks: append-only, merging in any order gives the same bits.

    Float addition is not associative, so the order is fixed by the numbers of the blocks: they are
    the leaves of one binary tree, and a node is summed as soon as both of its halves are there.
    Blocks that come in their order leave no more nodes than the number of blocks has binary digits.
    The rounding error grows with the logarithm of the number of blocks, as in pairwise summation.

    Attributes
    ----------
    blocks : int
        How many there are in all.
    nodes : mapping of (level, position) to mapping of str to float64 array
        Sums over blocks ``position * 2**level`` to ``(position + 1) * 2**level`` (not included).
        A name that some blocks lack is 0 there.

    References
    ----------
    Higham (1993), "The accuracy of floating point summation", SIAM Journal on Scientific
    Computing 14(4).

    Examples
    --------
    >>> sums = [{"income": np.array([10.0 * block])} for block in range(3)]
    >>> parts = [BlockSums(3).add(block, each) for block, each in enumerate(sums)]
    >>> one = parts[0].merge(parts[1]).merge(parts[2])
    >>> other = parts[2].merge(parts[0]).merge(parts[1])
    >>> one == other, one.total()["income"].tolist()
    (True, [30.0])
    """

    blocks: int
    nodes: Mapping[Node, Sums] = _NOTHING

    def add(self, block: int, sums: Sums) -> BlockSums:
        """Return these sums and those of one block more.

        Raises
        ------
        DataError
            When there is no such block, or it is in already.
        """
        if not 0 <= block < self.blocks:
            raise DataError(
                "there is no block {block}; there are {blocks}, counted from 0", block, self.blocks
            )
        return self.merge(BlockSums(self.blocks, {(0, block): sums}))

    def merge(self, other: BlockSums) -> BlockSums:
        """Return the sums over the blocks of both.

        Raises
        ------
        DataError
            When a block is in both, or they are of different populations.
        """
        if other.blocks != self.blocks:
            raise DataError(
                "sums over {blocks} blocks do not merge with sums over {blocks2}",
                self.blocks,
                other.blocks,
            )
        twice = np.flatnonzero(self.done() & other.done())
        if twice.size:
            raise DataError("block {block} is in both sums", int(twice[0]))
        nodes = dict(self.nodes)
        for (level, position), sums in other.nodes.items():
            at, found = (level, position), sums
            while (sibling := (at[0], at[1] ^ 1)) in nodes:
                # Addition of two numbers is commutative: which half came first plays no part.
                found = _added(nodes.pop(sibling), found)
                at = (at[0] + 1, at[1] >> 1)
            nodes[at] = found
        return BlockSums(self.blocks, nodes)

    def done(self) -> np.ndarray:
        """Return which blocks are in; bool, shape (blocks,)."""
        present = np.zeros(self.blocks, dtype=np.bool_)
        for level, position in self.nodes:
            present[position << level : (position + 1) << level] = True
        return present

    def total(self) -> dict[str, FloatArray]:
        """Return the sums over all blocks.

        Raises
        ------
        DataError
            When blocks are missing.
        """
        missing = np.flatnonzero(~self.done())
        if missing.size:
            raise DataError(
                "{number} of {blocks} blocks are missing, the first is block {first}",
                missing.size,
                self.blocks,
                int(missing[0]),
            )
        ordered = [self.nodes[node] for node in sorted(self.nodes)]
        found = dict(ordered[0])
        for sums in ordered[1:]:
            found = _added(found, sums)
        return found

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return everything as plain arrays by name, for a file without code in it."""
        return {
            f"{level}/{position}/{name}": values
            for (level, position), sums in self.nodes.items()
            for name, values in sums.items()
        }

    @classmethod
    def from_arrays(cls, blocks: int, arrays: Mapping[str, np.ndarray]) -> BlockSums:
        """Return the sums that `to_arrays` gave."""
        nodes: dict[Node, dict[str, FloatArray]] = {}
        for key, values in arrays.items():
            level, position, name = key.split("/", 2)
            nodes.setdefault((int(level), int(position)), {})[name] = values
        return cls(blocks, nodes)


def _added(one: Sums, other: Sums) -> dict[str, FloatArray]:
    both = {name: one[name] + other[name] for name in one if name in other}
    return {**one, **other, **both}
