"""Splits of a change add up; pure growth is growth, a pure spread is shape; flows by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive.errors import DataError

LAW = olive.law(year=2023)


def incomes_of(amounts):
    """Return a survey whose disposable income is a pension of the given amounts."""
    ids = np.arange(len(amounts))
    homes = pd.DataFrame({"household_id": ids, "weight": 1.0, "county": "linhai", "urban": True})
    people = pd.DataFrame(
        {"household_id": ids, "age": 55, "labour_status": "retired", "employee_pension": amounts}
    )
    return olive.Population.from_frames(homes, people, year=2023)


def test_parts_add_up() -> None:
    city = olive.Population.synthetic(households=300, seed=1)
    table = olive.growth_and_shape(olive.simulate(city, [LAW, LAW | olive.plan.scenario()])).frame
    assert (table["growth"] + table["shape"] - table["change"]).abs().max() < 1e-9
    mean = table.set_index("indicator").loc["per_capita_income"]
    assert mean["shape"] == pytest.approx(0.0, abs=1e-6)  # a mean has no shape
    gini = table.set_index("indicator").loc["gini"]
    assert gini["growth"] == pytest.approx(0.0, abs=1e-9)  # a Gini has no level


def test_between_years() -> None:
    city = olive.Population.synthetic(households=300, seed=1)
    table = olive.decompose(city, 2022, 2024).frame
    parts = table["nominal"] + table["other"] + table["policy"]
    assert (parts - table["change"]).abs().max() < 1e-9
    # Where nothing but the level moves, only the nominal part is left: the same households with
    # the same factor on everything, under a law that grows with it but for what is not indexed.
    with pytest.raises(DataError, match="earlier year comes first"):
        olive.decompose(city, 2024, 2022)


def test_transitions_by_hand() -> None:
    # 90,000 to 110,000 crosses 100,000; 150,000 stays; 250,000 to 180,000 falls below 200,000.
    old, new = (
        incomes_of([90_000.0, 150_000.0, 250_000.0]),
        incomes_of([110_000.0, 150_000.0, 180_000.0]),
    )
    table = olive.transitions(olive.simulate(old, LAW), olive.simulate(new, LAW), smallest_cell=0)
    flows = table.frame[table["households"] > 0].set_index(["from", "to"])["households"]
    assert sorted(flows.tolist()) == [1.0, 1.0, 1.0]
    assert flows.index.get_level_values(0).nunique() == 3
    assert flows.index.get_level_values(1).nunique() == 1
    # Mean of |log(110/90)|, 0 and |log(180/250)| by hand: (0.20067 + 0 + 0.32850) / 3 = 0.17639.
    assert any("0.1764" in note.en for note in table.notes)


def test_transitions_need_common_households() -> None:
    first = olive.simulate(incomes_of([1.0, 2.0]), LAW)
    homes = pd.DataFrame({"household_id": [77], "weight": 1.0, "county": "linhai", "urban": True})
    other = olive.Population.from_frames(
        homes, pd.DataFrame({"household_id": [77], "age": 55}), year=2023
    )
    with pytest.raises(DataError, match="no household_id in common"):
        olive.transitions(first, olive.simulate(other, LAW))
    with pytest.raises(DataError, match="definition 'x'"):
        olive.transitions(first, first, definition="x")


def test_mobility_indices() -> None:
    from olive.statistics import fields_ok, shorrocks

    # (3 - (0.6 + 0.5 + 0.7)) / 2 = 0.6
    assert shorrocks([[0.6, 0.4, 0], [0.25, 0.5, 0.25], [0, 0.3, 0.7]]) == pytest.approx(0.6)
    assert fields_ok([1, 1], [2, 1], [1, 3]) == pytest.approx(np.log(2) / 4)
    for matrix in ([[1.0]], [[0.5, 0.4], [0, 1]], [[1, 0]]):
        with pytest.raises(DataError):
            shorrocks(matrix)
    with pytest.raises(DataError, match="above 0"):
        fields_ok([0.0], [1.0], 1)


def test_few_movers_of_real_data_are_not_shown() -> None:
    # 4 of 30 rise above 100,000 and 4 of 30 fall below it; 30 stay above 200,000. Their cells are
    # hidden, and with them those who stay, from whom they would follow.
    was = np.repeat([90_000.0, 150_000.0, 250_000.0], 30)
    now = np.repeat([90_000.0, 150_000.0, 90_000.0, 250_000.0], [26, 30, 4, 30])
    both = [olive.simulate(incomes_of(each), LAW) for each in (was, now)]
    table = olive.transitions(*both)
    flows = table.frame["households"].to_numpy().reshape(5, 5)
    assert np.isnan(flows[:2, :2]).all()
    assert (flows[3:, 3:] == 0.0).all()  # that nobody is there is shown
    assert any("suppressed" in note.en for note in table.notes)
    every = olive.transitions(*both, smallest_cell=0)
    cells = every.frame["households"].to_numpy().reshape(5, 5)
    assert cells[:2, :2].tolist() == [[26.0, 4.0], [4.0, 26.0]]
    # (3 cells - 26/30 - 26/30 - 1) / 2 = 0.1333: with the totals of rows it tells who moved.
    assert any("Shorrocks 0.1333;" in note.en for note in every.notes)
    assert any("Shorrocks –;" in note.en for note in table.notes)


def test_moves_into_a_cell_where_nobody_was_have_no_trace_index() -> None:
    # Nobody was above 200,000, so that nothing says who would leave there: no square matrix.
    both = [
        olive.simulate(incomes_of(each), LAW)
        for each in ([90_000.0, 150_000.0], [90_000.0, 250_000.0])
    ]
    table = olive.transitions(*both, smallest_cell=0)
    assert table.frame["households"].sum() == 2.0
    assert any("Shorrocks –;" in note.en for note in table.notes)


def test_moves_of_households_without_an_income_above_nought() -> None:
    loss = olive.household(
        [olive.member(38, operating_income=-500_000, business_type="individual_business")],
        county="sanmen",
    )
    table = olive.transitions(olive.simulate(loss, [LAW, LAW.renamed("same")]))
    assert any("positive incomes) –" in note.en for note in table.notes)
