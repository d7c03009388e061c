"""Work side by side: every item once, errors told, threads kept, in forks and inside such work."""

import os
import threading
import time

import pytest

from olive.native.threads import side_by_side


@pytest.mark.parametrize("threads", [1, 2, 5, 200])
@pytest.mark.parametrize("items", [0, 1, 7, 300])
def test_each_item_is_done_once(threads, items):
    done, told = [], []
    side_by_side(done.append, [(number,) for number in range(items)], threads, told.append)
    assert sorted(done) == list(range(items))
    assert told == sorted(told)
    assert told[-1] == items


def test_several_threads_work_and_are_kept():
    met = threading.Barrier(2, timeout=20)

    def met_by():
        names = []
        side_by_side(lambda: (met.wait(), names.append(threading.current_thread())), [()] * 2, 2)
        return set(names)

    first, second = met_by(), met_by()
    assert len(first) == 2
    assert threading.current_thread() in first & second
    assert all(thread.is_alive() for thread in first)


def test_an_error_ends_the_work_once_nobody_works_any_more():
    begun, ended = [], []

    def work(number):
        begun.append(number)
        if number == 3:
            raise ValueError("the third")
        time.sleep(0.002)
        ended.append(number)

    with pytest.raises(ValueError, match="the third"):
        side_by_side(work, [(number,) for number in range(500)], 2)
    assert len(begun) < 500
    assert sorted(begun) == sorted([*ended, 3])


def test_work_within_work_waits_for_nobody():
    done = []

    def inner(number):
        side_by_side(done.append, [(number + part,) for part in range(10)], 4)

    side_by_side(inner, [(10 * number,) for number in range(200)], 100)
    assert sorted(done) == list(range(2_000))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_works_too():
    side_by_side(time.sleep, [(0.001,)] * 8, 4)
    child = os.fork()
    if child == 0:
        done = []
        try:
            side_by_side(done.append, [(number,) for number in range(50)], 4)
        finally:
            os._exit(0 if sorted(done) == list(range(50)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
