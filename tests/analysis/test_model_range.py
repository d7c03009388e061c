"""The recipe range beside the figures of synthetic data, and which ends belong to a bracket."""

import numpy as np
import pytest
from olive_tests.made_up import population, result

import olive
from olive.errors import DataError, DataWarning


@pytest.fixture(scope="module")
def frame(city_result):
    return olive.compare(city_result).targets().frame


def test_the_range_holds_the_figure_itself(frame, city_result):
    # The first variant is the recipe as it is, so no range can leave the figure out.
    ranged = frame[frame["after_range_low"].notna()]
    assert len(ranged) == len(frame) - 2
    assert (ranged["after_range_low"] <= ranged["both"] + 1e-12).all()
    assert (ranged["both"] <= ranged["after_range_high"] + 1e-12).all()
    assert (ranged["change_range_low"] <= ranged["change"] + 1e-12).all()
    assert (ranged["change"] <= ranged["change_range_high"] + 1e-12).all()
    shares = ranged[ranged["indicator"] == "share_10_50"]
    assert (shares["after_range_high"] - shares["after_range_low"] > 0.01).all()


def test_means_are_published_and_have_no_range(frame):
    means = frame[frame["indicator"].isin(["per_capita_income", "cash_per_capita_income"])]
    assert len(means) == 2
    assert means[["after_range_low", "change_range_high"]].isna().all(axis=None)


def test_a_reform_that_does_nothing_changes_nothing_under_any_spread():
    city = olive.Population.synthetic(households=300, seed=2)
    law = olive.law(year=2023)
    made = olive.simulate(city, [law.renamed("one"), law.renamed("two")])
    table = olive.compare(made).targets().frame.dropna(subset=["change_range_low"])
    assert len(table) > 0
    assert (table[["change_range_low", "change_range_high"]] == 0).all(axis=None)


def test_the_notes_say_which_it_is(city_result):
    notes = [note.en for note in olive.compare(city_result).targets().notes]
    assert any(note.startswith("The recipe range is no sampling error") for note in notes)
    assert any("over all four definitions" in note for note in notes)
    without = olive.compare(city_result, model_range=False).targets()
    assert "after_range_low" not in without.frame
    assert any("which was not computed here" in note.en for note in without.notes)


def test_households_that_no_recipe_drew_have_no_range():
    table = olive.compare(result(population([1], [1]), [50_000], [75_000])).targets()
    assert "after_range_low" not in table.frame
    assert any("not drawn from a recipe" in note.en for note in table.notes)


# Households with exactly 100,000, 300,000, 500,000 and 700,000 yuan.
@pytest.mark.parametrize(
    ("closed", "inside"), [("low", 2), ("high", 2), ("both", 3), ("neither", 1)]
)
def test_the_ends_of_a_bracket(closed, inside):
    incomes = [100_000, 300_000, 500_000, 700_000]
    made = result(population([1] * 4, [1] * 4), [0] * 4, incomes)
    comparison = olive.compare(made, closed=closed)
    row = comparison.targets().frame.set_index(["indicator", "definition"])
    assert row.sort_index().loc[("share_10_50", "household"), "b"] == inside / 4
    crossings = comparison.crossings().frame
    own = crossings[crossings["definition"] == "household"]
    assert set(own["threshold"]) == {100_000, 200_000, 500_000, 600_000}
    assert own["effect_on_share_10_50"].sum() == pytest.approx(inside / 4, abs=1e-15)
    cells = comparison.cells().frame
    own = cells[cells["definition"] == "household"].set_index("cell")
    assert own.loc[["100-200", "200-500"], "share_after"].sum() == inside / 4
    told = {"low": "lower <= income < upper", "high": "lower < income <= upper"} | {
        "both": "lower <= income <= upper",
        "neither": "lower < income < upper",
    }
    assert any(told[closed] in note.en for note in comparison.targets().notes)


def test_unknown_ends_are_refused():
    made = result(population([1], [1]), [1], [2])
    with pytest.raises(DataError, match="did you mean 'both'"):
        olive.compare(made, closed="bothh")


def test_the_deflator_moves_bounds_only():
    made = result(population([1] * 2, [1] * 2), [90_000] * 2, [102_000, 110_000])
    plain, deflated = (
        olive.compare(made, deflator=each).targets().frame.set_index(["indicator", "definition"])
        for each in (1.0, 1.05)
    )
    share = ("share_10_50", "household")
    assert plain.sort_index().loc[share, "b"] == 1
    assert deflated.sort_index().loc[share, "b"] == 0.5  # 102,000 < 1.05 x 100,000 < 110,000
    mean = ("per_capita_income", "persons")
    for name in ("a", "b", "change", "target"):
        assert plain.sort_index().loc[mean, name] == deflated.sort_index().loc[mean, name]
    assert np.isnan(plain.sort_index().loc[mean, "line"])


def test_a_deflator_of_five_is_told():
    made = result(population([1], [1]), [1], [2])
    with pytest.warns(DataWarning, match="deflator 5 moves every bracket"):
        olive.compare(made, deflator=5)


@pytest.mark.parametrize("households", [1, 5, 50])
def test_a_very_small_city_has_a_table_without_a_range(households):
    law = olive.law(year=2023)
    city = olive.Population.synthetic(households=households, seed=1)
    made = olive.simulate(city, [law, law | {"dibao_standard": 15_000.0}])
    table = olive.compare(made).targets()
    assert len(table.frame) > 10
    assert any("families of some size do not occur" in note.en for note in table.notes)
