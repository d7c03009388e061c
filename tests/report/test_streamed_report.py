"""The report of a population too large for memory: the figures of the one in memory."""

from __future__ import annotations

import json

import numpy as np
import pytest
from olive_tests.command_line import run_olive

import olive
from olive import PopulationStream
from olive.errors import DataError
from olive.report import request as requests
from olive.report.build import build_report
from olive.report.request import ReportRequest

HOMES = 400


@pytest.fixture(scope="module")
def reports():
    """Of 2023, so that no weights move to the margins of another year in memory."""
    asked = ReportRequest(year=2023, households=HOMES, seed=1, model_range=False)
    whole = build_report(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "STREAMED_FROM", HOMES)
        patch.setattr("olive.china.recipes.synthetic.BLOCK", 150)
        return whole, build_report(asked)


def test_effects_balance_and_gains_are_those_in_memory(reports) -> None:
    whole, streamed = reports
    assert (whole.streamed, streamed.streamed) == (False, True)
    for name in ("sample_households", "households", "persons"):
        assert getattr(streamed, name) == pytest.approx(getattr(whole, name), rel=1e-12)
    for exact, found in zip(whole.effects, streamed.effects, strict=True):
        for rows in ("targets", "balance", "gains"):
            for one, two in zip(getattr(exact, rows), getattr(found, rows), strict=True):
                assert_near(one, two)
    assert_near(whole.enrolment, streamed.enrolment)
    shares = [
        row for row in whole.targets.frame.index if "share" in whole.targets["indicator"][row]
    ]
    for label in whole.policies:
        np.testing.assert_allclose(
            streamed.targets[label][shares], whole.targets[label][shares], rtol=1e-12
        )
    assert streamed.parts is None
    assert streamed.heavy == ()
    assert streamed.assumptions == whole.assumptions


def assert_near(exact: object, found: object) -> None:
    for name in exact.__slots__:
        one, two = getattr(exact, name), getattr(found, name)
        assert two == (pytest.approx(one, rel=1e-9, abs=1e-9) if isinstance(one, float) else one)


def test_the_command_streams_by_itself(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(requests, "STREAMED_FROM", HOMES)
    done = run_olive(
        "report", "--households", HOMES, "--lang", "zh", "--json", tmp_path / "a.json",
        "--chart", tmp_path / "a.png", "--html", tmp_path / "a.html", "--csv", tmp_path / "a.csv",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "逐块累计" in done.stdout
    assert "逐块累计" in (tmp_path / "a.html").read_text(encoding="utf-8")
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert content["sample_households"] == HOMES
    assert content["parts"] == []
    assert (tmp_path / "a.png").stat().st_size > 10_000


@pytest.mark.slow  # quick: the command streams
def test_a_folder_of_several_pairs_of_files_is_streamed(tmp_path) -> None:
    stream = PopulationStream.of(olive.Population.synthetic(300, seed=2), block=120)
    stream.write(tmp_path)
    found = build_report(ReportRequest(folder=tmp_path, model_range=False))
    assert (found.streamed, found.sample_households, found.year) == (True, 300, 2025)
    fewest = next(path for path in tmp_path.iterdir() if "000002_of" in path.name)
    fewest.unlink()
    with pytest.raises(DataError, match="alone or missing"):
        build_report(ReportRequest(folder=tmp_path))


def test_parts_of_a_stream_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(requests, "STREAMED_FROM", HOMES)
    with pytest.raises(DataError, match="--parts needs every household in memory"):
        build_report(ReportRequest(households=HOMES, parts=True))
