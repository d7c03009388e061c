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
    shown = few.distribution().frame.set_index("indicator")
    assert shown.loc["middle_75_125", ["a", "b", "change"]].isna().all()
    assert shown.loc["wolfson", ["a", "b"]].notna().all()


def test_synthetic_data_have_no_errors_and_both_languages_are_spoken():
    table = comparison(synthetic=True).distribution()
    assert "after_error" not in table.frame
    assert "沃尔夫森极化指数" in table.to_markdown("zh")
    assert "Wolfson" in table.to_markdown("en")
