"""Low incomes followed between two years: who moved, why, and an account that closes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive.analysis.low_income import low_income_moves
from olive.errors import DataError

LINE = 20_000.0


def panel(year: int, rows: dict[int, tuple]) -> olive.Population:
    """Households of adults who live on transfers and interest; assets keep them from dibao.

    ``rows``: household_id -> (weight, persons, private transfers, interest).
    """
    households = pd.DataFrame(
        [
            {
                "household_id": key,
                "weight": weight,
                "county": "sanmen" if key % 2 else "linhai",
                "private_transfers_received": gifts,
                "interest_income": interest,
                "financial_assets": 2e6,
            }
            for key, (weight, _, gifts, interest) in rows.items()
        ]
    )
    persons = pd.DataFrame(
        [{"household_id": key, "age": 40} for key, row in rows.items() for _ in range(row[1])]
    )
    return olive.Population.from_frames(households, persons, year=year)


EARLIER = {
    1: (10.0, 1, 10_000.0, 0.0),  # 30,000 later: left by transfers
    2: (20.0, 1, 10_000.0, 30_000.0),  # 15,000 later: fell by property income
    3: (30.0, 1, 30_000.0, 0.0),  # a second person: 15,000 a head, fell by size
    4: (40.0, 2, 20_000.0, 0.0),  # low in both years; another weight
    5: (50.0, 1, 5_000.0, 0.0),  # low, not in the later data
    6: (60.0, 1, 90_000.0, 0.0),  # never low
}
LATER = {
    1: (10.0, 1, 30_000.0, 0.0),
    2: (25.0, 1, 10_000.0, 5_000.0),
    3: (30.0, 2, 30_000.0, 0.0),
    4: (44.0, 2, 22_000.0, 0.0),
    6: (60.0, 1, 90_000.0, 0.0),
    7: (70.0, 1, 1_000.0, 0.0),  # low, not in the earlier data
}


@pytest.fixture(scope="module")
def moves():
    return low_income_moves(panel(2021, EARLIER), panel(2023, LATER), line=LINE, smallest_cell=0)


def test_account_by_hand(moves) -> None:
    table = moves.summary().frame.set_index("flow")
    assert table["households"].to_dict() == {
        "low_before": 10 + 40 + 50,
        "left": 10,
        "fell": 20 + 30,
        "gone": 50,
        "new": 70,
        "reweighted": 5 + 4,  # household 2 from 20 to 25, household 4 from 40 to 44
        "low_after": 25 + 30 + 44 + 70,
    }
    assert table["persons"].to_dict() == {
        "low_before": 10 + 2 * 40 + 50,
        "left": 10,
        "fell": 20 + 2 * 30,
        "gone": 50,
        "new": 70,
        "reweighted": 5 + 2 * 4,
        "low_after": 25 + 2 * 30 + 2 * 44 + 70,
    }


def test_reasons_by_hand(moves) -> None:
    frame = moves.by_reason().frame
    found = [tuple(row) for row in frame[["flow", "reason", "households", "persons"]].to_numpy()]
    assert found == [
        ("left", "other_receipts", 10, 10),
        ("fell", "net_property_income", 20, 20),
        ("fell", "household_size", 30, 60),
    ]
    # 30,000 - 10,000; 15,000 - 40,000; 30,000 / 2 - 30,000
    assert frame["mean_change_per_head"].tolist() == pytest.approx([20_000, -25_000, -15_000])


def test_categories_are_those_of_the_earlier_year_and_add_up(moves) -> None:
    frame = moves.by_reason("county").frame
    assert frame[["flow", "category"]].to_numpy().tolist() == [
        ["left", "sanmen"],
        ["fell", "linhai"],
        ["fell", "sanmen"],
    ]
    assert frame["households"].sum() == moves.by_reason().frame["households"].sum()


def test_a_higher_line_is_a_reason_of_its_own() -> None:
    same = panel(2021, EARLIER)
    moved = low_income_moves(same, same, line=(20_000.0, 35_000.0), smallest_cell=0)
    frame = moved.by_reason().frame
    # 30,000 a head lies between the two lines; 40,000 above both
    assert frame[["flow", "reason", "households"]].to_numpy().tolist() == [["fell", "line", 30.0]]


def test_contributions_add_up_to_the_change(moves) -> None:
    here, there = moves._matched
    before = (moves.earlier.income / moves.earlier.size)[here]
    after = (moves.later.income / moves.later.size)[there]
    total = np.sum(list(moves._contributions().values()), axis=0)
    assert total == pytest.approx(after - before)


def test_account_closes_on_a_city() -> None:
    city = olive.Population.synthetic(households=1_000, seed=1)
    part = city.select(np.arange(len(city)) % 7 != 0)
    moved = low_income_moves(city, part.uprate(2025), line=(30_000, 32_000))
    for column in ("households", "persons"):
        before, left, fell, gone, new, reweighted, after = moved.summary().frame[column]
        assert before - left + fell - gone + new + reweighted == pytest.approx(after)
        assert gone > 0
    for flow in ("left", "fell"):
        total = moved.summary().frame.set_index("flow").loc[flow, "households"]
        for by in ("all", "group", "county", "household_type"):
            frame = moved.by_reason(by).frame
            assert frame.loc[frame["flow"] == flow, "households"].sum() == pytest.approx(total)


def test_results_and_populations_give_the_same() -> None:
    first, second = panel(2021, EARLIER), panel(2023, LATER)
    results = [olive.simulate(each, olive.law(year=each.year)) for each in (first, second)]
    pd.testing.assert_frame_equal(
        low_income_moves(*results, line=LINE).summary().frame,
        low_income_moves(first, second, line=LINE).summary().frame,
    )


def test_small_cells_of_real_data_are_suppressed() -> None:
    table = low_income_moves(panel(2021, EARLIER), panel(2023, LATER), line=LINE).by_reason()
    assert table.frame["households"].isna().all()
    assert not table.synthetic


def test_synthetic_data_are_labelled() -> None:
    city = olive.Population.synthetic(households=100, seed=1)
    table = low_income_moves(city, city.uprate(2024), line=LINE).summary()
    assert table.to_markdown("zh").count("合成数据") == 1


@pytest.mark.parametrize("line", [0, -1, float("nan"), "20000", (1, 2, 3), True])
def test_faulty_lines_are_refused(line) -> None:
    city = panel(2021, EARLIER)
    with pytest.raises(DataError, match="positive amount per head and year"):
        low_income_moves(city, city, line=line)


def test_strangers_cannot_be_followed() -> None:
    strangers = panel(2023, {90: (1.0, 1, 1_000.0, 0.0)})
    with pytest.raises(DataError, match="same `household_id`"):
        low_income_moves(panel(2021, EARLIER), strangers, line=LINE)
