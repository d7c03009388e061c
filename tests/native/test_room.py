"""Room of large arrays: never shared by two, used again when nobody needs it, bounded."""

import threading

import numpy as np
import pytest

from olive.native import room
from olive.native.room import FEWEST_BYTES, empty


@pytest.fixture(autouse=True)
def _nothing_idle():
    room._idle.clear()
    yield
    room._idle.clear()


def address(array):
    return array.ctypes.data


@pytest.mark.parametrize("kind", [np.bool_, np.int32, np.float64])
@pytest.mark.parametrize("shape", [0, 5, (3, 4), 300_000, (2, 150_000)])
def test_arrays_are_as_those_of_numpy(shape, kind):
    array, expected = empty(shape, kind), np.empty(shape, kind)
    assert (array.shape, array.dtype) == (expected.shape, expected.dtype)
    assert array.flags.c_contiguous
    assert array.flags.aligned
    array[...] = 1
    assert array.all()


def test_room_is_used_again_once_no_view_is_left():
    first = empty(FEWEST_BYTES)
    place, view = address(first), first[10:].reshape(-1, 2)[:, 0]
    first.fill(7.0)
    del first
    second = empty(FEWEST_BYTES)
    assert address(second) != place
    second.fill(8.0)
    assert (view == 7.0).all()
    del view
    assert address(empty(FEWEST_BYTES)) == place
    assert address(empty((FEWEST_BYTES, 8), np.bool_)) == place


def test_what_lies_idle_is_bounded(monkeypatch):
    monkeypatch.setattr(room._Room.__del__, "__defaults__", (room._idle, 10 * FEWEST_BYTES))

    def idle():
        return sum(size * len(kept) for size, kept in room._idle.items())

    for count in range(1, 30):
        arrays = [empty(count * FEWEST_BYTES, np.bool_) for _ in range(3)]
        del arrays
        assert idle() <= 10 * FEWEST_BYTES
    assert idle() == 0


def test_threads_never_share_room():
    wrong = []

    def work(number):
        for _ in range(300):
            array = empty(FEWEST_BYTES // 8)
            array.fill(number)
            if not (array == number).all():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
