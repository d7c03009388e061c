"""Charts of what happens to households: what is drawn are the figures of the table."""

import matplotlib as mpl
import numpy as np
import pytest

import olive
from olive.report import household_charts

mpl.use("Agg")


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=600, seed=2)
    law = olive.law(year=2023)
    return olive.simulate(city, [law, law | olive.plan.scenario()])


def family(wage):
    parent = olive.member(38, sex="female", contractual_wage=wage)
    child = olive.member(9, mother=0, disability_grade="grade_1", in_education=True)
    claims = olive.law("2023-07-01") | olive.Reform({"dibao_take_up_rate": 1.0})
    return olive.simulate(olive.household([parent, child], county="sanmen", urban=False), claims)


def test_the_budget_line_and_the_parts_of_its_rate() -> None:
    table = olive.budget_line(family(36_000.0), 0, high=150_000.0)
    axes = household_charts.budget_line(table)
    line = axes.lines[0]
    assert line.get_xdata().max() == 150_000.0
    assert line.get_ydata().max() == table["income_to"].max()
    cliffs = [each.get_text() for each in axes.texts]
    assert cliffs == ["cliff -3,748"]
    lower = axes.figure.axes[1]
    tops = sum(bar.get_height() for bar in lower.patches if hasattr(bar, "get_height"))
    parts = table.frame.iloc[:, 8:].to_numpy().sum()
    assert tops == pytest.approx(100.0 * parts)


def test_rates_are_stacked_to_their_mean(result) -> None:
    table = olive.marginal_rates(result)
    axes = household_charts.marginal_rates(table, language="zh")
    rows = len(table)
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(-1, rows)
    assert widths.sum(axis=0) == pytest.approx(100.0 * table["mean"].to_numpy())
    assert [each.get_text() for each in axes.get_yticklabels()][-1] == "合计"


def test_shares_of_those_who_cross_stand_beside_the_others(result) -> None:
    table = olive.crossing_profile(result)
    households = household_charts.crossing_profile(table)
    shown = table.frame[~table["aspect"].isin(["all", "instrument"])]
    shown = shown[(shown["share"] != 0.0) | (shown["share_of_others"] != 0.0)]
    of_income = shown["aspect"].isin(["source", "moved"])
    both = households.figure.axes
    for axes, rows in zip(both, (shown[~of_income], shown[of_income]), strict=True):
        widths = [bar.get_width() for bar in axes.patches]
        assert widths == pytest.approx([*100 * rows["share"], *100 * rows["share_of_others"]])
    assert "county" in {each.get_text() for each in households.texts}
    # Shares of households are never below 0: what incomes take away leaves no empty half there.
    assert households.get_xlim()[0] == 0.0


def test_who_may_fall_back_and_who_moves(result) -> None:
    table = olive.vulnerability(result)
    axes = household_charts.vulnerability(table)
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx((100.0 * table["expected"]).tolist())
    moves = olive.transitions(result)
    drawn = household_charts.transitions(moves, language="zh").images[0].get_array()
    assert drawn.ravel().tolist() == pytest.approx((100.0 * moves["share_of_row"]).tolist())


def test_cliffs_are_bars_with_their_losses() -> None:
    table = olive.cliffs(family(40_000.0), smallest_cell=0)
    axes = household_charts.cliffs(table)
    rows = table.frame[table["falls"] != "all"]
    assert rows["mean_loss"].tolist() == pytest.approx([3_747.6])
    assert [bar.get_width() for bar in axes.patches] == pytest.approx(
        (rows["households"] / 1_000.0).tolist()
    )
    assert len(axes.texts) == len(rows)


def test_units_of_charts_are_in_their_language() -> None:
    city = olive.Population.synthetic(households=50, seed=1)
    table = olive.budget_line(olive.simulate(city, olive.law(year=2023)), 0, high=30_000)
    assert table.unit_of("income_from", "zh") == "元/年"
    assert table.unit_of("income_from", "en") == "yuan a year"
    drawn = household_charts.budget_line(table)
    assert drawn.get_ylabel() == "disposable income, yuan a year"
