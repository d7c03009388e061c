"""The report on Zhejiang: its own name, and nothing of the plan of Taizhou."""

import re

import pytest
from rich.console import Console

import olive
from olive.report.build import build_report
from olive.report.request import ReportRequest
from olive.report.text import print_report


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_on_zhejiang_has_no_target(tmp_path, language) -> None:
    olive.Population.synthetic(households=300, seed=1, place="zhejiang").write(tmp_path / "people")
    report = build_report(ReportRequest(folder=tmp_path / "people", model_range=False))
    console = Console(record=True, width=160, file=(tmp_path / "screen").open("w"))
    print_report(report, language, console)
    text = console.export_text()
    assert ("浙江 2021" if language == "zh" else "Zhejiang, 2021") in text
    assert (report.year, report.target_year, report.parts, report.outlook) == (
        2021,
        None,
        None,
        None,
    )
    assert all(row.target is None for row in report.effects[0].targets)
    assert not re.search("75,000|70%|45%|方案|the plan", text)
    # The notes of the recipe say whose law stands in, and nothing else names the city.
    without_notes = text.split("Notes" if language == "en" else "说明")[0]
    assert not re.search("Taizhou|台州", without_notes)
