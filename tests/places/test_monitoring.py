"""Monitoring: arithmetic of gap, progress and pace; every fault of a file with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olive import plan
from olive.errors import PlanError
from olive.places.plan import Observation, Progress
from olive.places.plan.monitoring import by_group

HEAD = "clause,year,value,source\n"
PENSION = "path.10.pension_participation"  # at least 75 percent by 2025
UNEMPLOYMENT = "path.2.registered_unemployment"  # at most 3.5 percent by 2025


def seen(clause: str, *points: tuple[int, float]) -> Progress:
    values = [Observation(clause, year, value, "bulletin") for year, value in points]
    (row,) = [each for each in plan.monitor(values) if each.clause == clause]
    return row


def test_fifty_seven_indicators_and_seven_targets() -> None:
    rows = plan.monitor([])
    kinds = [row.kind for row in rows]
    assert (kinds.count("indicator"), kinds.count("target")) == (57, 7)
    without_number = {row.clause for row in rows if row.standing == "no_number"}
    assert without_number == {each.id for each in plan.monitored() if each.quantity is None}
    assert {row.standing for row in rows} == {"no_number", "not_observed"}


def test_behind() -> None:
    row = seen(PENSION, (2021, 65.0), (2023, 69.0))
    # 75 - 69 = 6 in two years; (69 - 65) / (75 - 65); (69 - 65) / 2 years
    assert (row.gap, row.pace_needed, row.progress, row.pace) == (6.0, 3.0, 0.4, 2.0)
    assert row.standing == "behind"


def test_on_pace_exactly() -> None:
    row = seen(PENSION, (2021, 67.0), (2023, 71.0))
    assert (row.pace, row.pace_needed, row.standing) == (2.0, 2.0, "on_pace")


def test_at_most_counts_downwards() -> None:
    row = seen(UNEMPLOYMENT, (2021, 4.5), (2023, 4.25))
    assert (row.gap, row.progress, row.pace) == (0.75, 0.25, 0.125)
    assert row.standing == "behind"
    assert seen(UNEMPLOYMENT, (2021, 3.5)).standing == "met"


def test_what_goes_the_wrong_way_has_negative_progress() -> None:
    row = seen(PENSION, (2021, 65.0), (2023, 60.0))
    assert (row.progress, row.pace, row.standing) == (-0.5, -2.5, "behind")


def test_met_overdue_and_unknown_pace() -> None:
    assert seen(PENSION, (2024, 75.0)).standing == "met"
    assert seen(PENSION, (2024, 75.0)).progress == 1.0
    assert seen(PENSION, (2021, 70.0), (2025, 74.0)).standing == "overdue"
    assert seen(PENSION, (2022, 70.0)).standing == "unknown_pace"
    # 10 projects a year, each year anew: no pace
    flow = seen("group.2.6.key_projects", (2022, 4.0), (2023, 8.0))
    assert (flow.gap, flow.pace, flow.pace_needed, flow.standing) == (2, None, None, "unknown_pace")
    # 80 percent, no year in the text
    open_end = seen("path.3.mediation_success", (2022, 70.0), (2023, 75.0))
    assert (open_end.pace, open_end.pace_needed) == (5.0, None)


def test_order_of_the_file_does_not_matter() -> None:
    assert seen(PENSION, (2023, 69.0), (2021, 65.0)) == seen(PENSION, (2021, 65.0), (2023, 69.0))


@given(
    st.integers(2021, 2023), st.floats(1, 74, allow_nan=False), st.floats(1, 74, allow_nan=False)
)
def test_needed_pace_closes_the_gap_by_the_deadline(year: int, first: float, last: float) -> None:
    row = seen(PENSION, (year, first), (year + 1, last))
    assert row.pace_needed is not None
    assert last + row.pace_needed * (2025 - year - 1) == pytest.approx(75)
    assert (row.standing == "on_pace") == (row.pace >= row.pace_needed * (1 - 1e-9))


def test_groups_add_up_to_all_clauses() -> None:
    counts = by_group(plan.monitor([Observation(PENSION, 2024, 76.0, "bulletin")]))
    assert sum(sum(each.values()) for each in counts.values()) == 64
    assert counts["employees"]["met"] == 1


def test_a_file_is_read_with_remarks_quotes_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "observed.csv"
    path.write_text(
        f'\ufeff# remark\nsource,clause,year,value\n\n"book, p. 3",{PENSION}, 2021 ,65.5\n',
        encoding="utf-8",
    )
    assert plan.read_observations(path) == (Observation(PENSION, 2021, 65.5, "book, p. 3"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + f"{PENSION}x,2021,65,s\n", f"line 2: .*did you mean '{PENSION}'"),
        (HEAD + "path.11.dibao_floor,2021,1,s\n", "line 2: .*income_lever, no indicator"),
        (HEAD + f"{PENSION},2021,65,s\n{PENSION},2021,66,s\n", "line 3: .*stands twice"),
        (HEAD + f"{PENSION},2021,65%,s\n", "'65%' is not a number"),
        (HEAD + f"{PENSION},2021,nan,s\n", "'nan' is not a number"),
        (HEAD + f"{PENSION},2021,,s\n", "'' is not a number"),
        (HEAD + f"{PENSION},1921,65,s\n", "'1921' is no year from 2015 to 2035"),
        (HEAD + f"{PENSION},2021.5,65,s\n", "'2021.5' is no year"),
        (HEAD + f"{PENSION},2021,65,\n", "where the value is published"),
        (HEAD + f"{PENSION},2021,65\n", "3 cells, but 4 columns"),
        (HEAD + f'{PENSION},2021,65,"a\nb"\n', "quoted cell runs over several lines"),
        ("clause,yaer,value,source\n", "did you mean 'year'"),
        ("clause,year,value\n", "'source' is missing"),
        ("clause,year,year,value,source\n", "stands twice"),
        ("# nothing\n", "no table; its first line must be clause,year,value,source"),
    ],
)
def test_faults(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "observed.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=expected) as caught:
        plan.read_observations(path)
    assert "observed.csv" in str(caught.value)


def test_all_faults_come_together(tmp_path: Path) -> None:
    path = tmp_path / "observed.csv"
    path.write_text(HEAD + "a,2021,x,s\nb,b,2,\n", encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        plan.read_observations(path)
    assert len(str(caught.value).splitlines()) == 1 + 2 + 3


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.csv: cannot be read"):
        plan.read_observations(tmp_path / "nowhere.csv")
