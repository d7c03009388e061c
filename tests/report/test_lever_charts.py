"""Charts of what levers do: every bar is a figure of the table."""

import matplotlib as mpl
import numpy as np
import pytest

import olive
from olive.errors import DataError
from olive.report import lever_charts, outlook_charts

mpl.use("Agg")

PARTS = {
    "pension": olive.Reform(multiply={"resident_basic_pension_standard": 4.0}, zh="养老金"),
    "taxes": olive.Reform({"basic_deduction": 40_000}, zh="税收"),
    "dibao": olive.Reform(at_least={"dibao_standard": 20_000}, zh="低保"),
}


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=500, seed=2)


def ends(axes) -> list[float]:
    return [bar.get_x() + bar.get_width() for bar in axes.patches]


def test_steps_lead_from_nothing_to_the_whole_effect(city) -> None:
    table = olive.attribute(city, olive.law(year=2023), PARTS)
    axes = lever_charts.contributions(table, "per_capita_income", "persons")
    rows = table.frame[table["indicator"] == "per_capita_income"].set_index("part")
    running = rows.loc[list(PARTS), "contribution"].cumsum()
    *steps, whole = axes.patches
    assert sorted(bar.get_x() + bar.get_width() for bar in steps) == pytest.approx(sorted(running))
    assert whole.get_width() == pytest.approx(rows.loc["together", "contribution"])
    names = [each.get_text() for each in axes.get_yticklabels()]
    assert names == [*PARTS, "together"]
    left, right = axes.get_xlim()
    assert left < min(0.0, *ends(axes))
    assert right > max(0.0, *ends(axes))


def test_the_ledger_leads_to_the_change_of_the_share_in_points(city) -> None:
    table = olive.crossings_by_part(city, olive.law(year=2023), PARTS)
    axes = lever_charts.crossing_waterfall(table, "share_20_60", language="zh")
    frame = table.frame
    change = frame.loc[frame["part"] == "together", "effect_on_share_20_60"].sum()
    assert change != 0.0
    assert axes.patches[-1].get_width() == pytest.approx(100.0 * change)
    assert axes.patches[-2].get_x() + axes.patches[-2].get_width() == pytest.approx(100.0 * change)
    with pytest.raises(DataError, match="did you mean 'share_20_60'"):
        lever_charts.crossing_waterfall(table, "share_20_6")


def test_the_map_holds_each_pair_twice(city) -> None:
    table = olive.interactions(city, olive.law(year=2023), PARTS)
    axes = lever_charts.interaction_map(table, "per_capita_income", "persons")
    drawn = axes.images[0].get_array().filled(np.nan)
    rows = table.frame[table["indicator"] == "per_capita_income"]
    assert np.isnan(np.diag(drawn)).all()
    assert drawn[0, 2] == drawn[2, 0] == rows["interaction"].iloc[1]


def test_axes_say_the_unit_in_both_languages_and_the_gini_is_no_share(city) -> None:
    table = olive.attribute(city, olive.law(year=2023), PARTS)
    for indicator, definition, words in (
        ("gini", "persons", ("index", "指数")),
        ("per_capita_income", "persons", ("yuan a year", "元/年")),
        ("share_10_50", "household", ("percentage points", "百分点")),
    ):
        for language, word in zip(("en", "zh"), words, strict=True):
            axes = lever_charts.contributions(table, indicator, definition, language=language)
            assert axes.get_xlabel() == word
    pairs = olive.interactions(city, olive.law(year=2023), PARTS)
    axes = lever_charts.interaction_map(pairs, "gini", "persons")
    gini = pairs.frame[pairs["indicator"] == "gini"]
    assert axes.texts[0].get_text() == f"{gini['interaction'].iloc[0]:.5f}"


def test_cost_stands_beside_the_households_that_it_moves(city) -> None:
    table = olive.cost_effectiveness(city, olive.law(year=2023), PARTS, draws=2)
    left = lever_charts.cost_and_effect(table, "zh")
    right = left.figure.axes[1]
    frame = table.frame
    assert [bar.get_width() for bar in left.patches] == pytest.approx(frame["public_cost"] / 1e8)
    assert left.get_xlabel() == "公共成本（亿元/年）"
    assert [bar.get_width() for bar in right.patches] == pytest.approx(frame["over_100"] / 1e3)
    assert "合成数据" in left.figure.get_suptitle()


def test_years_targets_and_what_was_published(city) -> None:
    table = olive.project(city, [2022, 2023], draws=0)
    left = outlook_charts.year_by_year(table)
    right = left.figure.axes[1]
    frame = table.frame.set_index(["indicator", "definition"])
    drawn = [line.get_ydata() for line in left.lines]
    plan = 100.0 * frame.loc[("share_20_60", "household"), "plan"].to_numpy()
    assert any(len(each) == 2 and np.allclose(each, plan) for each in drawn)
    assert {float(each[0]) for each in drawn if len(set(each)) == 1} >= {70.0, 45.0}
    (crosses,) = (line for line in right.lines if line.get_marker() == "x")
    assert crosses.get_ydata().tolist() == [58_040.0, 61_067.0]


@pytest.mark.slow  # quick: the chart of reach in test_goal_seek.py
def test_the_frontier_is_drawn_over_its_cost(city) -> None:
    found = olive.reach(
        city,
        olive.law(year=2023),
        {"resident_basic_pension_standard": olive.Limits(1.0, 9.0, "factor")},
        targets={"per_capita_income": 80_000.0},
    )
    axes = outlook_charts.frontier(found.frontier, found.targets, "zh")
    line, target = axes.lines
    np.testing.assert_allclose(line.get_xdata(), found.frontier["cost"] / 1e8)
    assert axes.get_xlabel() == "公共成本（亿元/年）"
    np.testing.assert_allclose(line.get_ydata(), found.frontier["per_capita_income"] / 800.0)
    assert set(target.get_ydata()) == {100.0}


def test_room_for_inequality_is_the_table() -> None:
    table = olive.feasibility().by_size([2.8, 3.0])
    axes = outlook_charts.room_for_inequality(table)
    low, high = axes.lines
    frame = table.frame.set_index("bracket")
    assert low.get_ydata().tolist() == frame.loc["share_10_50", "gini"].tolist()
    assert high.get_ydata().tolist() == frame.loc["share_20_60", "gini"].tolist()
