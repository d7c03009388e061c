"""`olive bench` shows the user's own machine."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from olive.report import speed
from olive.report.works import WORKS


@pytest.fixture
def few_works(monkeypatch):
    chosen = [work for work in WORKS if work.key in {"draw", "evaluator"}]
    monkeypatch.setattr(speed, "measure_speed", partial(speed.measure_speed, works=chosen))


@pytest.mark.usefixtures("few_works")
def test_times_on_this_machine(olive, tmp_path):
    file = tmp_path / "speed.csv"
    done = olive("bench", "--households", "300", "--threads", "1", "--csv", file)
    assert done.returncode == 0, done.stderr
    assert "draw a synthetic city" in done.stdout
    assert "SYNTHETIC DATA" in done.stdout
    assert "threads: 1;" in done.stdout
    written = pd.read_csv(file, comment="#")
    assert written["households"].tolist() == [300, 1]
    assert (written["time"] > 0).all()
    pace = 1e3 * written["households"] / written["time"]  # times are milliseconds
    assert written["per_second"].tolist() == pytest.approx(pace.tolist())


@pytest.mark.usefixtures("few_works")
def test_in_chinese(olive):
    done = olive("bench", "--households", "300", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "生成合成人口" in done.stdout
    assert "draw" not in done.stdout


def test_a_size_that_cannot_be(olive):
    assert olive("bench", "--households", "0").returncode != 0
