"""What `olive bench` times is what its lines say, and the clock is read as it says."""

from __future__ import annotations

import platform

import numpy as np
import pytest

from olive.native.this_machine import this_machine
from olive.places.labels import Label
from olive.report import speed
from olive.report.speed import measure_speed, timed
from olive.report.works import WORKS, Work, Workbench

BY_KEY = {work.key: work for work in WORKS}


class Clock:
    """A clock that a job moves; the processor works half of the time."""

    def __init__(self, monkeypatch, seconds):
        self.now, self.calls, self.seconds = 0.0, 0, seconds
        monkeypatch.setattr(speed, "perf_counter", lambda: self.now)
        monkeypatch.setattr(speed, "process_time", lambda: self.now / 2)

    def job(self):
        self.calls += 1
        self.now += self.seconds


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Workbench(400, 1, tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize(
    ("seconds", "rounds", "calls"),
    # rounds until a second is full, at most five; a round of at least 10 ms, after one call to see
    [(3.0, 1, 1), (0.4, 3, 3), (0.05, 5, 5), (0.001, 5, 1 + 5 * 10)],
)
def test_rounds_and_calls(monkeypatch, seconds, rounds, calls):
    clock = Clock(monkeypatch, seconds)
    timing = timed(clock.job)
    assert timing.seconds == pytest.approx([seconds] * rounds)
    assert timing.processor_seconds == pytest.approx([seconds / 2] * rounds)
    assert clock.calls == pytest.approx(calls, abs=5)  # the division of floats may lose a call


def test_a_table_of_time_and_pace(monkeypatch):
    clock = Clock(monkeypatch, 0.25)
    works = [
        Work("one", Label("一", "one"), lambda _: clock.job),
        Work("tenth", Label("十分之一", "tenth"), lambda _: clock.job, divisor=10),
        Work("alone", Label("一户", "alone"), lambda _: clock.job, divisor=0),
        Work("absent", Label("无", "absent"), lambda _: clock.job, rule="no_such_rule"),
    ]
    told = []
    table = measure_speed(500, works, threads=3, progress=lambda *done: told.append(done))
    assert table["work"].tolist() == ["one", "tenth", "alone"]
    assert table["households"].tolist() == [500, 50, 1]
    assert table["time"].tolist() == pytest.approx([250.0] * 3)
    assert table["processor_time"].tolist() == pytest.approx([125.0] * 3)
    assert table["per_second"].tolist() == pytest.approx([2_000, 200, 4])
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert "threads: 3;" in table.remarks("en")[-1]
    assert "合成数据" in table.remarks("zh")[0]


def test_nothing_of_who_or_where():
    machine = this_machine()
    shown = f"{machine.processor} {machine.system} {machine.python}"
    assert platform.python_version() in machine.python
    assert platform.node() not in shown
    assert "/" not in shown


@pytest.mark.slow  # quick: the works below, one by one
def test_every_work_runs(bench):
    for work in WORKS:
        if work.divisor <= 1:
            work.prepare(bench)()


def test_the_plan_is_simulated_beside_the_law(bench):
    result = BY_KEY["law_and_plan"].prepare(bench)()
    law, plan = (result.values("disposable_income", at) for at in (0, 1))
    assert len(law) == len(plan) == 400
    assert plan.mean() > law.mean()


@pytest.mark.slow  # quick: the plan beside the law
def test_64_policies_are_every_subset_of_six_parts(bench):
    result = BY_KEY["many_policies"].prepare(bench)()
    assert len(result.policies) == 2**6
    assert len(set(result.policies)) == 2**6


def test_weights_are_calibrated_to_totals_that_they_did_not_have(bench):
    table = BY_KEY["calibration"].prepare(bench)().targets
    np.testing.assert_allclose(table["after"], table["target"], rtol=1e-8)
    # the oldest are one in twenty more, the youngest one in twenty fewer
    wanted = table["target"] / table["before"]
    np.testing.assert_allclose(wanted.iloc[[0, -1]], [0.95, 1.05])


def test_what_is_written_is_read(bench):
    assert BY_KEY["read"].prepare(bench)().fingerprint() == bench.city.fingerprint()


@pytest.mark.parametrize("key", ["evaluate", "evaluator"])
def test_income_tax_of_60_000_yuan(bench, key):
    # Individual Income Tax Law, table 1: 36,000 x 3 % + 24,000 x 10 %
    assert float(np.squeeze(BY_KEY[key].prepare(bench)())) == pytest.approx(1_080 + 2_400)
