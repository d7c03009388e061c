"""Winners and losers, and tables of groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.made_up import population, result

import olive
from olive.errors import DataError
from olive.simulation.groups import group_flags
from olive.taizhou.groups import GROUPS

BREAKDOWNS = (
    "all",
    "decile",
    "quintile",
    "county",
    "urban",
    "tenure",
    "household_type",
    "size",
    "group",
)


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_outcomes_and_categories_add_up(city_result, by):
    comparison = olive.compare(city_result)
    frame = comparison.winners_and_losers(by).frame
    wide = frame.pivot(index="category", columns="outcome")
    parts = ["winners", "losers", "contributors", "unchanged"]
    for figure in ("sample", "households", "persons", "total_change"):
        table = wide[figure]
        np.testing.assert_allclose(table[parts].sum(axis=1), table["all"], rtol=1e-12, atol=1e-6)
        rest = table.drop(index="all")
        if by != "all":  # which is one block, not the same one twice
            np.testing.assert_allclose(rest.sum(), table.loc["all"], rtol=1e-9, atol=1e-3)
        assert rest.empty == (by == "all")
    full = wide["households"]["all"] > 0
    np.testing.assert_allclose(wide["share"][parts].sum(axis=1)[full], 1, rtol=1e-12)
    # 2.51 million family households, from the published totals of the recipe.
    assert wide["households"].loc["all", "all"] == pytest.approx(2.51e6, rel=1e-3)
    assert (wide["sample"].loc["all", ["winners", "losers"]] > 0).all()


ABSOLUTE = {"threshold": 1, "relative_threshold": 0}


def test_a_worked_example():
    # Changes +2, +1, -1.5, 0 yuan; threshold 1: one winner (weight 1), one loser (weight 3).
    made = result(
        population([1, 2, 3, 4], [1, 2, 3, 4]), [100, 100, 100, 100], [102, 101, 98.5, 100]
    )
    table = olive.compare(made).winners_and_losers("all", **ABSOLUTE)
    own = table.frame.set_index(["category", "outcome"]).loc["all"]
    assert own.index.tolist() == ["winners", "losers", "contributors", "unchanged", "all"]
    assert own["households"].tolist() == [1, 3, 0, 6, 10]
    assert own["persons"].tolist() == [1, 9, 0, 4 + 16, 30]
    assert own["share"].tolist() == [0.1, 0.3, 0, 0.6, 1.0]
    assert own["mean_change"].drop("contributors").tolist() == [2, -1.5, 2 / 6, (2 + 2 - 4.5) / 10]
    strict = olive.compare(made).winners_and_losers("all", threshold=0, relative_threshold=0)
    assert strict.frame["households"].tolist() == [3, 3, 0, 4, 10]
    wide = olive.compare(made).winners_and_losers("all", threshold=2, relative_threshold=0)
    assert wide.frame["households"].tolist() == [0, 0, 0, 10, 10]
    assert "2 yuan" in wide.notes[0].en


def test_by_default_a_change_counts_above_100_yuan_and_above_a_five_hundredth_of_the_income():
    # Limits: 100 (of 20,000), 100 (of 50,000), 200 (of 100,000), 100 (of -5,000), yuan a year.
    before = np.array([20_000.0, 50_000.0, 100_000.0, 100_000.0, -5_000.0])
    change = np.array([101.0, -100.0, 200.0, -201.0, 150.0])
    made = result(population([1] * 5, [1, 2, 4, 8, 16]), before, before + change)
    table = olive.compare(made).winners_and_losers("all")
    assert table.frame["households"].tolist() == [17, 8, 0, 6, 31]
    assert "100 yuan or 0.2 % of what they had" in table.notes[0].en
    assert "100元或此前收入的0.2%（取较大者）" in table.notes[0].zh


def test_losing_by_added_contributions_alone_stands_apart():
    # Each loses 1,000. The first pays 1,000 more, the second 850 (150 lost otherwise, 100 would
    # not count), the third 950, the fourth pays nothing more.
    before = np.full(4, 10_000.0)
    more = np.array([1_000.0, 850.0, 950.0, 0.0])
    made = result(
        population([1] * 4, [1, 2, 4, 8]),
        before,
        before - 1_000,
        household_social_contributions=[np.zeros(4), more],
    )
    frame = olive.compare(made).winners_and_losers("all").frame.set_index("outcome")
    assert frame["households"].to_dict() == {
        "winners": 0,
        "losers": 2 + 8,
        "contributors": 1 + 4,
        "unchanged": 0,
        "all": 15,
    }


def test_saving_in_the_own_account_is_no_loss_in_income_before_it():
    # A flexible worker joins: 20,000 paid, 8,000 of it saved; so 12,000 less before own saving.
    # An employee joins and saves all that is paid: nothing lost.
    made = result(
        population([1, 1], [1, 1]),
        [60_000, 60_000],
        [40_000, 55_000],
        household_social_contributions=[np.zeros(2), np.array([20_000.0, 5_000.0])],
        income_before_own_saving=[np.full(2, 60_000.0), np.array([48_000.0, 60_000.0])],
    )
    comparison = olive.compare(made)
    table = comparison.winners_and_losers("all", concept="income_before_own_saving")
    own = table.frame.set_index("outcome")
    assert own.loc["contributors", ["households", "mean_change"]].tolist() == [1, -12_000]
    assert own.loc["unchanged", "households"] == 1
    assert "own-account saving" in table.notes[0].en
    with pytest.raises(DataError, match="did you mean 'disposable_income'"):
        comparison.winners_and_losers("all", concept="disposable_incom")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.floats(-9, 9)), min_size=1, max_size=9))
def test_the_way_back_swaps_winners_and_losers(rows):
    weights, changes = zip(*rows, strict=True)
    start = np.full(len(rows), 64.0)
    made = result(population([1] * len(rows), weights), start, start + np.asarray(changes))
    there = olive.compare(made, "a", "b").winners_and_losers("all", **ABSOLUTE).frame
    back = olive.compare(made, "b", "a").winners_and_losers("all", **ABSOLUTE).frame
    for figure in ("sample", "households"):
        assert there[figure].tolist()[:4] == [back[figure].tolist()[i] for i in (1, 0, 2, 3)]
    assert there["total_change"].tolist()[4] == pytest.approx(-back["total_change"].tolist()[4])


def test_deciles_hold_a_tenth_of_the_persons_each():
    # Ten households of one person each and the same weight, in no order of income.
    incomes = np.array([5, 3, 9, 1, 7, 2, 8, 10, 6, 4]) * 1000.0
    made = result(population([1] * 10, [7] * 10), incomes, incomes + 10 * incomes / 1000)
    frame = olive.compare(made).winners_and_losers("decile", **ABSOLUTE).frame
    winners = frame[(frame["outcome"] == "winners") & (frame["category"] != "all")]
    assert winners["category"].tolist() == [str(number) for number in range(1, 11)]
    assert winners["mean_change"].tolist() == [10 * number for number in range(1, 11)]


def test_types_of_household_by_hand():
    sizes = [1, 1, 2, 2, 3, 3, 2, 1]
    ages = [30, 60, 70, 61, 40, 17, 40, 66, 5, 40, 38, 18 - 1, 40, 18, 15]
    expected = [
        "single",
        "single_elderly",
        "elderly",
        "lone_adult_with_children",
        "children_and_elderly",
        "children",
        "adults",
        "single",
    ]
    city = population(sizes, [2**position for position in range(8)], ages=ages)
    made = result(city, np.ones(8), np.ones(8))
    frame = olive.compare(made).winners_and_losers("household_type").frame
    own = frame[frame["outcome"] == "all"].set_index("category")["households"]
    for category in set(expected):
        weight = sum(2**position for position in range(8) if expected[position] == category)
        assert own[category] == weight


def test_a_column_of_texts_of_the_user():
    city = population([1, 1, 1], [1, 2, 4], stratum=["north", "south", "north"])
    made = result(city, [1, 1, 1], [999, 999, 1])
    frame = olive.compare(made).winners_and_losers("stratum").frame
    own = frame.set_index(["category", "outcome"])["households"]
    assert own[("north", "winners")] == 1
    assert own[("south", "winners")] == 2
    assert own[("north", "unchanged")] == 4


def test_groups_partition_the_persons(city_result):
    comparison = olive.compare(city_result)
    frame = comparison.group_table("primary_group").frame
    for _, own in frame.groupby("definition"):
        parts, whole = own[own["category"] != "all"], own[own["category"] == "all"].iloc[0]
        assert len(parts) == len(GROUPS.groups) + 1
        assert parts["persons"].sum() == pytest.approx(whole["persons"], rel=1e-12)
        for side in ("before", "after"):
            income = (parts["persons"] * parts[f"mean_income_{side}"].fillna(0)).sum()
            assert income / parts["persons"].sum() == pytest.approx(whole[f"mean_income_{side}"])


@pytest.mark.parametrize("by", ["county", "primary_group"])
def test_the_whole_of_a_group_table_is_that_of_the_targets(city_result, by):
    comparison = olive.compare(city_result)
    frame, targets = comparison.group_table(by).frame, comparison.targets().frame
    whole = frame[frame["category"] == "all"].set_index("definition")
    for name in ("share_10_50", "share_20_60"):
        rows = targets[targets["indicator"] == name].set_index("definition")
        for definition in whole.index:
            assert whole.loc[definition, f"{name}_before"] == rows.loc[definition, "law"]
            assert whole.loc[definition, f"{name}_after"] == rows.loc[definition, "both"]
    mean = targets.set_index("indicator").loc["per_capita_income"]
    assert whole["mean_income_after"].iloc[0] == pytest.approx(mean["both"], rel=1e-12)
    assert whole["gain"].iloc[0] == pytest.approx(mean["change"], rel=1e-9)


def test_overlapping_groups_count_their_members(city_result):
    frame = olive.compare(city_result).group_table().frame
    own = frame[frame["definition"] == "household"].set_index("category")
    city = city_result.population
    weight = np.repeat(city.weight, city.size)
    for name, flag in group_flags(city).items():
        assert own.loc[name, "persons"] == pytest.approx(weight[flag].sum(), rel=1e-12)


def test_a_group_table_by_hand():
    # Linhai: 2 persons with 240,000 (weight 3); Sanmen: 1 person, 50,000 -> 80,000 (weight 4).
    city = population([2, 1], [3, 4], county=["linhai", "sanmen"])
    made = result(city, [240_000, 50_000], [240_000, 80_000])
    frame = olive.compare(made).group_table("county").frame
    own = frame.set_index(["category", "definition"])
    first, last = own.loc[("linhai", "household")], own.loc[("sanmen", "three_person")]
    assert (first["persons"], first["households"], first["mean_income_before"]) == (6, 3, 120_000)
    # Three persons with 80,000 each would have 240,000: inside both brackets, before 150,000.
    assert (last["share_10_50_before"], last["share_20_60_before"]) == (1, 0)
    assert (last["share_20_60_after"], last["gain"]) == (1, 30_000)
    everyone = own.loc[("all", "household_persons")]
    assert everyone["share_20_60_after"] == 6 / 10
    assert everyone["mean_income_before"] == (3 * 240_000 + 4 * 50_000) / 10


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("county ", "did you mean 'county'"),
        ("dezile", "did you mean 'decile'"),
        ("tenure", "lacks the column 'tenure'"),
        ("weight", "numbers, not of categories"),
        ("household_id", "no breakdown"),
    ],
)
def test_unknown_breakdowns_are_refused(by, said):
    made = result(population([1], [1]), [1], [1])
    with pytest.raises(DataError, match=said):
        olive.compare(made).winners_and_losers(by)
    with pytest.raises(DataError, match=said):
        olive.compare(made).group_table(by)


@pytest.mark.parametrize("threshold", [-1, float("nan"), float("inf"), "1", True])
def test_thresholds_are_checked(threshold):
    made = result(population([1], [1]), [1], [1])
    with pytest.raises(DataError, match="0 or more"):
        olive.compare(made).winners_and_losers("all", threshold=threshold)
    with pytest.raises(DataError, match="0 or more"):
        olive.compare(made).winners_and_losers("all", relative_threshold=threshold)


def test_groups_need_their_columns():
    made = result(population([1], [1]), [1], [1])
    with pytest.raises(DataError, match="key groups need the column"):
        olive.compare(made).group_table()
