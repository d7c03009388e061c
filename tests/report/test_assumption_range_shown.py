"""The report with an assumption range at hand: headings, widths, words, pictures."""

from __future__ import annotations

import io
import re
from functools import partial

import matplotlib as mpl
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from rich.cells import cell_len
from rich.console import Console

from olive import plan
from olive.analysis.assumption_range import assumption_range
from olive.places.labels import Language
from olive.report import build
from olive.report.build import Report, build_report
from olive.report.charts import draw_shares
from olive.report.request import IN_FORCE, PLAN, ReportRequest
from olive.report.text import print_report

mpl.use("Agg")
pytestmark = pytest.mark.slow  # quick: test_shipped_run.py, and test_pages.py without a range
DRAWS = 4


@pytest.fixture(scope="module")
def report() -> Report:
    """A report whose range is computed with a few draws instead of read."""
    patch = pytest.MonkeyPatch()
    computed = partial(assumption_range, reform=plan.scenario(), draws=DRAWS)
    patch.setattr(build, "assumption_range", computed)
    try:
        return build_report(ReportRequest(households=120))
    finally:
        patch.undo()


def shown(report: Report, language: Language, columns: int, **options: bool) -> str:
    file = io.StringIO()
    print_report(report, language, Console(file=file, width=columns), **options)
    return file.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_targets_with_their_range_fit_80_columns_in_one_block(
    report: Report, language: Language
) -> None:
    lines = shown(report, language, 80).splitlines()
    assert max(map(cell_len, lines)) <= 80
    heads = {
        "en": ["in force", "plan", "change", "assumptions", "target", "gap"],
        "zh": ["现行", "方案", "变化", "假设区间", "目标", "差距"],
    }[language]
    at = next(i for i, line in enumerate(lines) if all(head in line for head in heads))
    section = "\n".join(lines[at : at + 14])
    assert report.doubt is not None
    for row in report.effects[0].targets:
        spread = report.doubt.of(row.indicator, row.definition)
        assert (row.low, row.high) == (spread.change_low, spread.change_high)
        if row.indicator != "per_capita_income":
            cells = f"{100 * row.change:+.2f} {100 * row.low:+.2f}…{100 * row.high:+.2f}"
            assert re.search(re.escape(cells).replace("\\ ", r"\s+"), section), cells


def test_first_lines_say_the_sign_and_what_decides_it(report: Report) -> None:
    lines = shown(report, "en", 400).splitlines()
    assert report.doubt is not None
    spread = report.doubt.of("per_capita_income", "persons")
    said = "its sign survives them" if spread.sign_is_known else "of unknown sign"
    assert said in lines[3]
    assert f"{DRAWS} draws" in lines[3]
    assert lines[4].startswith("What decides it: ")
    for each in report.doubt.decisive[:3]:
        assert each.en[1:] in lines[4]


def test_recipe_range_and_assumption_range_never_share_a_heading(report: Report) -> None:
    for columns in (80, 400):
        for line in shown(report, "en", columns, detail=True).splitlines():
            assert not ("assumptions" in line and "recipe range (" in line)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ten_assumptions_stand_in_a_table_with_value_range_and_basis(
    report: Report, language: Language
) -> None:
    text = shown(report, language, 200)
    title = {"en": "The assumptions that matter most", "zh": "最要紧的假设"}[language]
    section = text.split(f"\n{title}\n")[1]
    assert report.doubt is not None
    assert len(report.doubt.decisive) == 10
    reach = [abs(each.change_at_high - each.change_at_low) for each in report.doubt.decisive]
    assert reach == sorted(reach, reverse=True)
    for each in report.doubt.decisive:
        label = each.zh if language == "zh" else each.en
        line = next(line for line in section.splitlines() if line.startswith(label))
        assert f"{each.change_at_low:+,.0f}…{each.change_at_high:+,.0f}" in line
        if language == "en":
            assert each.basis in section
    if language == "zh":
        plain = re.sub(r"olive [a-z]+( --[a-z]+)*", "", text)
        assert not re.findall(r"[A-Za-z]{2,}(?:[ ,;']+[A-Za-z]{2,}){2,}", plain)


def test_the_picture_shows_the_range_apart_from_that_of_recipes(report: Report) -> None:
    axes = draw_shares(
        report.targets,
        report.result,
        (IN_FORCE, PLAN),
        PLAN,
        axes=Figure().subplots(),
        doubt=report.doubt,
    )
    labels = axes.get_legend_handles_labels()[1]
    assert "assumption range (plan)" in labels
    assert "recipe range (plan)" in labels
    (lines,) = [each for each in axes.collections if each.get_label() in labels[:1]] or [
        each for each in axes.collections if isinstance(each, LineCollection)
    ][:1]
    frame = report.targets.frame
    rows = frame[frame["indicator"].isin(["share_10_50", "share_20_60"])].iloc[::-1]
    assert report.doubt is not None
    for segment, (_, row) in zip(lines.get_segments(), rows.iterrows(), strict=True):
        spread = report.doubt.of(row["indicator"], row["definition"])
        assert segment[:, 0].tolist() == pytest.approx(
            [100 * spread.after_low, 100 * spread.after_high]
        )
