"""Sums over blocks: the same bits whatever order and grouping blocks come in, never one twice."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olive.errors import DataError
from olive.statistics.block_sums import BlockSums

# Sums of these depend on the order of addition.
UNLIKE = [1e16, 1.0, -1e16, 3.0, 1e-9, 7e15, -2.0, 0.1, 5e15, 1e8, -1e-3]


def of_blocks(numbers: list[int], values: list[float]) -> BlockSums:
    found = BlockSums(len(values))
    for number in numbers:
        found = found.add(number, {"x": np.array([values[number], 1.0])})
    return found


@given(st.permutations(range(len(UNLIKE))), st.lists(st.integers(0, len(UNLIKE)), max_size=5))
def test_no_order_and_no_grouping_changes_a_bit(order: list[int], cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), len(order)]
    whole = BlockSums(len(UNLIKE))
    for first, last in pairwise(bounds):
        whole = whole.merge(of_blocks(order[first:last], UNLIKE))
    straight = of_blocks(list(range(len(UNLIKE))), UNLIKE)
    assert whole.total()["x"].tobytes() == straight.total()["x"].tobytes()
    assert whole.total()["x"][1] == len(UNLIKE)


@given(st.lists(st.floats(0.0, 1e12), min_size=1, max_size=70))
def test_the_error_grows_with_the_logarithm_of_the_number(values: list[float]) -> None:
    exact = math.fsum(values)
    depth = math.ceil(math.log2(len(values))) + 1
    found = of_blocks(list(range(len(values))), values).total()["x"][0]
    assert abs(found - exact) <= depth * 2.0**-53 * exact * 1.01


def test_blocks_in_order_leave_few_nodes() -> None:
    sums = BlockSums(1_000)
    for number in range(1_000):
        sums = sums.add(number, {"x": np.ones(1)})
        assert len(sums.nodes) == (number + 1).bit_count()


def test_arrays_give_everything_back() -> None:
    half = of_blocks([4, 0, 1, 9], UNLIKE)
    again = BlockSums.from_arrays(half.blocks, half.to_arrays())
    assert again == half
    assert again.done().tolist() == [number in {0, 1, 4, 9} for number in range(len(UNLIKE))]


def test_a_name_that_some_blocks_lack_is_nought_there() -> None:
    one = BlockSums(2).add(0, {"x": np.array([2.0]), "y": np.array([5.0])})
    assert one.add(1, {"x": np.array([3.0])}).total() == {"x": [5.0], "y": [5.0]}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: of_blocks([0, 0], [1.0, 2.0]), "block 0 is in both sums"),
        (lambda: of_blocks([1], [1.0, 2.0]).total(), "1 of 2 blocks are missing, the first is"),
        (lambda: BlockSums(2).add(2, {}), "there is no block 2"),
        (lambda: BlockSums(2).merge(BlockSums(3)), "do not merge"),
    ],
)
def test_what_does_not_add_up_is_refused(act, said: str) -> None:
    with pytest.raises(DataError, match=said):
        act()
