"""Middle class, polarisation and growth incidence of a comparison, worked out by hand."""

import numpy as np
import pytest
from olive_tests.made_up import population, result

import olive
from olive import statistics
from olive.errors import DataError

COUNT = 400
RNG = np.random.default_rng(4)
SIZES = RNG.integers(1, 5, COUNT)
BEFORE = RNG.lognormal(10.5, 0.6, COUNT) * SIZES
AFTER = BEFORE * RNG.uniform(1.0, 1.1, COUNT)


def comparison(before=BEFORE, after=AFTER, *, sizes=SIZES, synthetic=False, smallest_cell=10):
    weights = np.ones(len(sizes))
    made = result(population(sizes, weights, synthetic=synthetic), before, after)
    return olive.compare(made, smallest_cell=smallest_cell)


def test_the_bands_by_hand():
    # Per head 10, 14, 20, 24 and 45 thousand, one person each: the median is 20.
    incomes = np.array([10_000, 14_000, 20_000, 24_000, 45_000.0])
    table = comparison(incomes, incomes, sizes=[1] * 5, smallest_cell=0).distribution()
    figures = table.frame.set_index("indicator")["a"]
    assert figures["middle_67_200"] == 3 / 5
    assert figures["middle_75_200"] == 2 / 5
    assert figures["middle_75_125"] == 2 / 5
    assert figures["wolfson"] == statistics.wolfson(incomes, 1)


def test_figures_and_errors_are_those_of_the_statistics():
    table = comparison().distribution().frame.set_index("indicator")
    per_head, design = AFTER / SIZES, statistics.survey_design(COUNT)
    for name, statistic, arguments in (
        ("middle_75_200", statistics.middle_share, {"band": "median_75_200"}),
        ("wolfson", statistics.wolfson, {}),
        ("duclos_esteban_ray", statistics.duclos_esteban_ray, {}),
    ):
        options = {"weights": SIZES, "uncertainty": design, "counted": "persons", **arguments}
        level = statistics.estimate(statistic, per_head, **options)
        change = statistics.estimate_difference(statistic, BEFORE / SIZES, per_head, **options)
        row = table.loc[name]
        assert (row["b"], row["after_error"]) == pytest.approx((level.value, level.standard_error))
        assert (row["change"], row["change_error"]) == pytest.approx(
            (change.value, change.standard_error)
        )


def test_negative_incomes_count_as_none_in_polarisation():
    incomes = np.array([-5_000, 14_000, 20_000, 24_000, 45_000.0])
    table = comparison(incomes, incomes, sizes=[1] * 5, smallest_cell=0).distribution()
    figures = table.frame.set_index("indicator")["a"]
    assert figures["wolfson"] == statistics.wolfson(np.maximum(incomes, 0), 1)


def test_growth_incidence_is_that_of_the_statistics():
    frame = comparison().growth_incidence(groups=10).frame
    ranks = np.arange(1, 10) / 10
    assert frame["rank"].to_numpy() == pytest.approx(ranks)
    expected = statistics.growth_incidence(BEFORE / SIZES, AFTER / SIZES, SIZES, p=ranks)
    assert frame["growth"].to_numpy() == pytest.approx(expected)
    assert (frame["growth_low"] < frame["growth"]).all()
    with pytest.raises(DataError, match="2 or more"):
        comparison().growth_incidence(groups=1)


def test_small_cells_are_hidden():
    few = comparison(BEFORE[:30], AFTER[:30], sizes=SIZES[:30])
    # Of 30 households fewer than ten lie beyond most ranks and between some bands.
    assert few.growth_incidence().frame["growth"].isna().any()
    curves = few.dominance_curves().frame
    assert curves.loc[0, ["poverty_line", "headcount_after", "shortfall_change"]].isna().all()
    assert curves.loc[4, ["poverty_line", "headcount_after", "shortfall_change"]].notna().all()
    shown = few.distribution().frame.set_index("indicator")
    assert shown.loc["middle_75_125", ["a", "b", "change"]].isna().all()
    assert shown.loc["wolfson", ["a", "b"]].notna().all()


def test_synthetic_data_have_no_errors_and_both_languages_are_spoken():
    table = comparison(synthetic=True).distribution()
    assert "after_error" not in table.frame
    assert "沃尔夫森极化指数" in table.to_markdown("zh")
    assert "Wolfson" in table.to_markdown("en")


def test_the_bureaus_band_and_income_after_costs_stand_beside():
    # Per head 30, 40, 160 and 200 thousand in households of one: three times that is 90, 120,
    # 480 and 600 thousand, of which 120 and 480 lie in the bureau's band.
    incomes = np.array([30_000.0, 40_000.0, 160_000.0, 200_000.0])
    table = comparison(incomes, incomes, sizes=[1] * 4, smallest_cell=0).distribution()
    assert table.frame.set_index("indicator").loc["middle_bureau", "a"] == 0.5

    city = olive.Population.synthetic(households=200, seed=1)
    law = olive.law(year=2023)
    left = "income_after_necessary_expenses"
    made = olive.simulate(city, [law, law | olive.plan.scenario()], outputs=[left])
    rows = olive.compare(olive.simulate(city, made.policies)).distribution().frame
    shown = rows.set_index("indicator").loc["mean_after_costs"]
    persons = city.weight @ city.size
    for policy in made.labels:
        by_hand = city.weight @ made.values(left, policy) / persons
        assert shown[policy] == pytest.approx(by_hand, rel=1e-12)


def test_dominance_by_hand():
    # After is lower at the bottom, higher above: 20 -> 10 and 40 -> 60, others as they were.
    # Of first order, after holds more up to 10 <= x < 20 and less for 40 <= x < 60. Of second
    # order the shortfall is higher by 10 from 20 to 40 and falls by 1 a yuan from there: 50.
    before = np.array([20.0, 40.0, 100.0]) * 1_000
    after = np.array([10.0, 60.0, 100.0]) * 1_000
    table = comparison(before, after, sizes=[1] * 3, smallest_cell=0).dominance()
    rows = table.frame.set_index("order")
    assert list(rows["better"]) == ["neither", "neither"]
    assert list(rows["better_below"]) == ["before", "before"]
    assert list(rows["better_above"]) == ["after", "after"]
    assert list(rows["crossing_points"]) == [1, 1]
    assert list(rows["lowest_crossing"]) == pytest.approx([40_000.0, 50_000.0])
    raised = comparison(before, before + 1.0, sizes=[1] * 3, smallest_cell=0).dominance()
    assert list(raised["better"]) == ["after", "after"]
    assert np.isnan(raised["lowest_crossing"]).all()
    same = comparison(before, before, sizes=[1] * 3, smallest_cell=0).dominance()
    assert list(same["better"]) == ["equal", "equal"]


def test_few_households_beyond_a_crossing_are_hidden():
    before = np.array([20.0, 40.0, 100.0]) * 1_000
    after = np.array([10.0, 60.0, 100.0]) * 1_000
    rows = comparison(before, after, sizes=[1] * 3).dominance().frame
    assert rows[["lowest_crossing", "highest_crossing"]].isna().all(axis=None)


def test_relative_distribution_by_hand():
    # One of four leaves the lowest quarter for the highest: densities 0, 1, 1, 2.
    before = np.arange(1.0, 401.0)
    after = np.where(before <= 100, before + 300.0, before)
    table = comparison(before, after, sizes=[1] * 400).relative_distribution(4)
    assert list(table["density"]) == pytest.approx([0.0, 1.0, 1.0, 2.0], abs=0.02)
    assert list(table["sample"].fillna(0))[1:] == [100, 100, 200]
    with pytest.raises(DataError, match="2 or more"):
        comparison().relative_distribution(1)


def test_a_single_small_group_is_not_what_the_other_densities_leave():
    # Densities add up to 4: of 5, 100, 100 and 195 households the 5 alone would be worked out.
    before = np.arange(1.0, 401.0)
    after = np.where(before <= 95, before + 300.0, before)
    rows = comparison(before, after, sizes=[1] * 400).relative_distribution(4).frame
    shown = rows[["density", "location", "shape", "sample"]].notna()
    assert shown.all(axis=1).tolist() == [False, False, True, True]
    assert not shown.any(axis=1)[:2].any()


def test_titles_name_policies_in_the_language():
    city = olive.Population.synthetic(households=200, seed=1)
    law = olive.law(year=2023)
    compared = olive.compare(olive.simulate(city, [law, law | olive.plan.scenario()]))
    assert compared.distribution().title.zh == (
        "中等收入群体与极化：2023 年法规 → 2023 年法规 | 方案全面落实"
    )


def test_polarisation_between_groups_of_households_that_the_data_tell_apart():
    # Two counties of two persons each, means 15 and 45 thousand about 30: twice
    # (1/2)^2.3 x 1/2 x (45 - 15) / 30. One half of town and country has the mean of the other.
    incomes = np.array([10.0, 20.0, 40.0, 50.0]) * 1_000
    columns = {"county": ["linhai", "linhai", "sanmen", "sanmen"]}
    columns["urban"] = [True, False, False, True]
    made = result(population([1] * 4, [1.0] * 4, **columns), incomes, incomes * 2)
    rows = olive.compare(made).distribution().frame.set_index("indicator")
    assert rows.loc["esteban_ray_county", "a"] == pytest.approx(0.5**2.3)
    assert rows.loc["esteban_ray_county", "change"] == pytest.approx(0.0, abs=1e-12)
    assert rows.loc["esteban_ray_urban", "a"] == pytest.approx(0.0, abs=1e-12)
    # Of one county only, there is nothing between.
    assert "esteban_ray_county" not in set(comparison().distribution()["indicator"])


@pytest.mark.parametrize("synthetic", [False, True])
def test_figures_that_are_undefined_under_one_policy_are_missing(synthetic):
    # All incomes are 0 before: what is a ratio to their mean is nothing, with and without groups.
    columns = {"county": ["linhai", "linhai", "sanmen", "sanmen"]}
    city = population([1] * 4, [1.0] * 4, synthetic=synthetic, **columns)
    made = result(city, np.zeros(4), np.array([10.0, 20.0, 40.0, 50.0]) * 1_000)
    rows = olive.compare(made, smallest_cell=0).distribution().frame.set_index("indicator")
    for name in ("esteban_ray_county", "duclos_esteban_ray"):
        assert rows.loc[name, ["a", "change"]].isna().all()
        assert rows.loc[name, "b"] > 0.0


def test_errors_between_groups_are_those_of_the_statistics():
    groups = np.where(RNG.random(COUNT) < 0.4, "linhai", "sanmen")
    city = population(SIZES, np.ones(COUNT), synthetic=False, county=groups)
    rows = olive.compare(result(city, BEFORE, AFTER)).distribution().frame.set_index("indicator")
    expected = statistics.estimate_difference(
        statistics.esteban_ray,
        BEFORE / SIZES,
        AFTER / SIZES,
        groups,
        weights=SIZES,
        uncertainty=statistics.survey_design(COUNT),
        counted="persons",
    )
    row = rows.loc["esteban_ray_county"]
    assert row["change_error"] == pytest.approx(expected.standard_error, rel=1e-9)
    assert row["change_low"] < row["change"] < row["change_high"]


def test_curves_of_dominance_by_hand():
    # Lines at the quarters before: 10, 20 and 30 thousand. Of the four one rises from 10 to 25.
    before = np.array([10.0, 20.0, 30.0, 40.0]) * 1_000
    after = np.array([25.0, 20.0, 30.0, 40.0]) * 1_000
    rows = comparison(before, after, sizes=[1] * 4, smallest_cell=0).dominance_curves(4).frame
    assert list(rows["poverty_line"]) == [10_000, 20_000, 30_000]
    assert list(rows["headcount_before"]) == [0.0, 0.25, 0.5]
    assert list(rows["headcount_after"]) == [0.0, 0.0, 0.5]
    assert list(rows["shortfall_before"]) == [0.0, 2_500.0, 7_500.0]
    assert list(rows["shortfall_after"]) == [0.0, 0.0, 3_750.0]
    assert list(rows["shortfall_change"]) == [0.0, -2_500.0, -3_750.0]


def test_errors_of_dominance_by_hand():
    # The change of a mean over rows drawn one by one has the error of a mean of differences.
    rows = comparison(sizes=np.ones(COUNT, dtype=int)).dominance_curves(4).frame
    line = np.sort(BEFORE)[COUNT // 2 - 1]
    row = rows[rows["rank"] == 0.5].iloc[0]
    assert row["poverty_line"] == line
    for name, change in (
        ("headcount", (line > AFTER).astype(float) - (line > BEFORE)),
        ("shortfall", np.maximum(line - AFTER, 0) - np.maximum(line - BEFORE, 0)),
    ):
        assert row[f"{name}_change"] == pytest.approx(change.mean(), rel=1e-9)
        error = np.std(change, ddof=1) / np.sqrt(COUNT)
        assert row[f"{name}_change_error"] == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize("how", ["design", "replicates"])
def test_relative_distributions_have_errors(how):
    design = statistics.survey_design(COUNT)
    weights = np.ones(COUNT)
    made = result(population(SIZES, weights, synthetic=False), BEFORE, AFTER)
    uncertainty = design
    if how == "replicates":
        uncertainty = statistics.bootstrap_weights(design, replicates=60, seed=1)
    table = olive.compare(made, uncertainty=uncertainty).relative_distribution(4)
    expected = statistics.estimate(
        statistics.relative_density,
        AFTER / SIZES,
        BEFORE / SIZES,
        weights=SIZES,
        low=0.25,
        high=0.5,
        uncertainty=uncertainty,
        counted="persons",
    )
    row = table.frame.iloc[1]
    assert (row["density"], row["density_error"]) == pytest.approx(
        (expected.value, expected.standard_error)
    )
    assert row["shape_low"] < row["shape"] < row["shape_high"]
    assert "standard error" in "".join(table.remarks("en"))
    assert "标准误" in "".join(table.remarks("zh"))
