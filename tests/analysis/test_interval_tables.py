"""Intervals beyond the targets: winners, groups, crossings and budgets of real data."""

import numpy as np
import pytest
from olive_tests.made_up import population, result
from scipy import stats

import olive
from olive.analysis.budget import budget
from olive.analysis.pairs import PolicyPair
from olive.statistics import bootstrap_weights, jackknife_weights, survey_design

COUNT = 2_400


def survey(count=COUNT, *, gain=True, copies=1):
    """Return a clustered, stratified survey; rows ``copies`` times with part of their weight."""
    rng = np.random.default_rng(11)
    income = np.exp(rng.normal(11.9, 0.7, count))
    change = rng.choice([0.0, 4_000.0, -3_000.0], count) * (1 + rng.random(count)) * gain
    sizes, weights = rng.integers(1, 6, count), rng.uniform(50, 150, count)
    psu = np.arange(count) // 12
    columns = {
        "psu": psu,
        "stratum": np.where(psu % 3 == 0, "north", "south"),
        "county": rng.choice(["linhai", "wenling"], count),
    }
    repeated = {name: np.repeat(values, copies) for name, values in columns.items()}
    city = population(
        np.repeat(sizes, copies), np.repeat(weights / copies, copies), synthetic=False, **repeated
    )
    income, change = np.repeat(income, copies), np.repeat(change, copies)
    return result(city, income, income + change)


def tables(comparison):
    return {
        "winners": comparison.winners_and_losers("county").frame,
        "groups": comparison.group_table("county").frame,
        "crossings": comparison.crossings().frame,
    }


FIGURES = {
    "winners": ("share", "mean_change", "total_change"),
    "groups": ("gain",),
    "crossings": ("households",),
}


def test_errors_are_those_of_a_textbook_for_a_simple_sample():
    # 400 households of weight 5 drawn one by one: a total has the error 5 sqrt(n) s.
    rng = np.random.default_rng(3)
    income, change = rng.uniform(9e4, 3e5, 400), rng.uniform(-3e3, 9e3, 400)
    made = result(population([2] * 400, [5] * 400, synthetic=False), income, income + change)
    comparison = olive.compare(made, smallest_cell=0)
    frame = comparison.winners_and_losers("all").frame.set_index("outcome")
    wins = change > np.maximum(100, 0.002 * income)
    assert frame.loc["winners", "share_error"] == pytest.approx(stats.sem(wins), rel=1e-9)
    assert frame.loc["all", "mean_change_error"] == pytest.approx(stats.sem(change), rel=1e-9)
    total = 5 * np.sqrt(400) * np.std(change, ddof=1)
    assert frame.loc["all", "total_change_error"] == pytest.approx(total, rel=1e-9)
    reach = stats.t.ppf(0.975, 399) * total
    assert frame.loc["all", "total_change_low"] == pytest.approx(5 * change.sum() - reach)
    assert frame.loc["all", "total_change_high"] == pytest.approx(5 * change.sum() + reach)
    # A mean over winners is a ratio: residuals over the whole sample, Woodruff (1971).
    residual = np.where(wins, change - change[wins].mean(), 0.0) / wins.mean()
    assert frame.loc["winners", "mean_change_error"] == pytest.approx(stats.sem(residual), rel=1e-9)
    groups = comparison.group_table("county").frame
    assert groups["gain_error"].to_numpy() == pytest.approx(stats.sem(change / 2), rel=1e-9)
    up = comparison.crossings().frame.query("threshold == 100000 and direction == 'up'").iloc[0]
    crossed = (income < 1e5) & (income + change >= 1e5)
    error = 5 * np.sqrt(400) * np.std(crossed, ddof=1)
    assert up["households_error"] == pytest.approx(error, rel=1e-9)
    assert any("95%" in note.en for note in comparison.crossings().notes)


def test_a_reform_that_does_nothing_changes_nothing_for_certain():
    for name, frame in tables(olive.compare(survey(gain=False))).items():
        for figure in set(FIGURES[name]) - {"share"}:
            shown = frame[frame[figure].notna()]
            ends = [f"{figure}_{end}" for end in ("error", "low", "high")]
            if name == "winners" and figure == "mean_change":
                shown = shown[shown["outcome"].isin(["unchanged", "all"])]
            assert len(shown)
            assert (shown[[figure, *ends]] == 0).all(axis=None)


def test_rows_told_twice_with_half_the_weight_leave_every_interval():
    once, twice = (
        tables(olive.compare(survey(copies=copies), smallest_cell=0)) for copies in (1, 2)
    )
    for name, figures in FIGURES.items():
        for figure in figures:
            for end in ("", "_error", "_low", "_high"):
                np.testing.assert_allclose(
                    once[name][f"{figure}{end}"].to_numpy(dtype=float),
                    twice[name][f"{figure}{end}"].to_numpy(dtype=float),
                    rtol=1e-8,
                    atol=1e-9,
                )


@pytest.mark.slow  # quick: errors of a textbook
def test_linearized_errors_are_those_of_the_bootstrap():
    made = survey()
    households = made.population.households
    design = survey_design(COUNT, strata=households["stratum"], clusters=households["psu"])
    linear = tables(olive.compare(made))
    drawn = tables(olive.compare(made, uncertainty=bootstrap_weights(design, replicates=600)))
    compared = 0
    for name, figures in FIGURES.items():
        for figure in figures:
            first, second = linear[name][f"{figure}_error"], drawn[name][f"{figure}_error"]
            # Ratios within a few households are no example: of 100 or more.
            large = (linear[name]["sample"] >= 100) & (first > 1e-6)
            np.testing.assert_allclose(second[large], first[large], rtol=0.1)
            compared += int(large.sum())
    assert compared > 20


def test_the_spread_within_a_single_cluster_is_unknown():
    city = population(
        [1] * 40,
        [1] * 40,
        synthetic=False,
        psu=np.arange(40) // 4,
        county=["linhai"] * 4 + ["wenling"] * 36,
    )
    income = np.linspace(1e5, 2e5, 40)
    made = result(city, income, income + np.arange(40.0))
    frame = olive.compare(made, smallest_cell=0).group_table("county").frame
    own = frame[frame["definition"] == "household"].set_index("category")["gain_error"]
    assert np.isnan(own["linhai"])
    assert own["wenling"] > 0


@pytest.mark.slow  # quick: intervals of the targets
def test_budgets_have_paired_intervals(city_result):
    # The rows of the city, taken as if they had been drawn: only the arithmetic is looked at.
    pair = PolicyPair.of(city_result, (0, 1), olive.compare(city_result).rule)
    weight = pair.weight
    frame = budget(pair, survey_design(weight.size)).set_index("programme")
    again = budget(pair, jackknife_weights(survey_design(weight.size))).set_index("programme")
    columns = [name for name in frame.columns if name.endswith(("_error", "_low", "_high"))]
    assert len(columns) == 6
    np.testing.assert_allclose(
        frame[["amount_after_error", "amount_change_error"]].to_numpy(),
        again[["amount_after_error", "amount_change_error"]].to_numpy(),
        rtol=1e-6,
        atol=1e-3,
    )
    # Giving more dibao moves dibao, and nothing that the tax on wages brings in.
    assert frame.loc["dibao", "amount_change_error"] > 0
    assert frame.loc["income_taxes", "amount_change_error"] == 0
    assert frame.loc["income_taxes", "amount_after_error"] > 0
    middle = (frame["amount_change_low"] + frame["amount_change_high"]) / 2
    np.testing.assert_allclose(middle, frame["amount_change"], rtol=1e-9, atol=1e-3)


def test_synthetic_data_have_none_and_say_why(city_result):
    comparison = olive.compare(city_result)
    for table in (
        comparison.winners_and_losers("county"),
        comparison.group_table("county"),
        comparison.crossings(),
        comparison.budget(),
    ):
        assert not [name for name in table.columns if name.endswith("_error")]
        assert any("no sampling error" in note.en for note in table.notes)
