"""Calibration against closed forms, proportional fitting, a quadratic programme, and laws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.calibration_tables import persons_and_households, survey, target
from scipy import optimize

from olive.population import Population
from olive.population.calibration import (
    CalibrationError,
    Targets,
    calibrate,
    design_effect,
    effective_size,
)
from olive.population.calibration.result import share_at_bounds


def two_way(table, row_totals, column_totals):
    return Targets(
        (
            *(target(f"a{i}", f"a == {i}", v, block="a") for i, v in enumerate(row_totals)),
            *(target(f"b{i}", f"b == {i}", v, block="b") for i, v in enumerate(column_totals)),
        )
    )


def test_linear_weights_are_those_of_the_regression_estimator():
    # Deville and Sarndal (1992), equation 1.4: w = d (1 + x' (X' D X)^-1 (t - X' d)).
    table = survey()
    d = table["weight"].to_numpy()
    x = np.column_stack([np.ones(len(d)), table["b"], table["x"]])
    totals = x.T @ d * np.array([1.05, 0.9, 1.1])
    expected = d * (1.0 + x @ np.linalg.solve(x.T @ (d[:, None] * x), totals - x.T @ d))
    targets = Targets(
        (
            target("all", "", totals[0]),
            target("b", "b == 1", totals[1]),
            target("x", "", totals[2], measure="sum:x"),
        )
    )
    result = calibrate(table, targets, method="linear")
    np.testing.assert_allclose(result.weights, expected, rtol=1e-10)


def test_raking_weights_are_those_of_iterative_proportional_fitting():
    # Deming and Stephan (1940): scale to the rows, then to the columns, until nothing changes.
    table = survey()
    total = table["weight"].sum()
    rows, columns = total * np.array([0.2, 0.5, 0.3]), total * np.array([0.45, 0.55])
    expected = table["weight"].to_numpy().copy()
    for _ in range(200):
        for codes, totals in ((table["a"], rows), (table["b"], columns)):
            expected *= (totals / np.bincount(codes, weights=expected))[codes]
    result = calibrate(table, two_way(table, rows, columns), method="raking")
    np.testing.assert_allclose(result.weights, expected, rtol=1e-9)
    assert result.redundant == ("b1",)


def test_truncated_weights_solve_the_bounded_quadratic_programme():
    table = survey(rows=12, seed=3)
    d, x = table["weight"].to_numpy(), table["x"].to_numpy()
    rows = np.vstack([np.ones(12), x])
    totals = rows @ (d * np.clip(1.0 + 0.02 * (x - 20.0), 0.7, 1.5))
    low, high = 0.75, 1.4
    found = optimize.minimize(
        lambda g: 0.5 * d @ (g - 1.0) ** 2,
        np.ones(12),
        jac=lambda g: d * (g - 1.0),
        bounds=[(low, high)] * 12,
        constraints={"type": "eq", "fun": lambda g: rows @ (d * g) / totals - 1.0},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.success
    targets = Targets((target("n", "", totals[0]), target("x", "", totals[1], measure="sum:x")))
    result = calibrate(table, targets, method="truncated", bounds=(low, high))
    np.testing.assert_allclose(result.g, found.x, atol=2e-6)
    assert np.isclose(result.g, low).any() or np.isclose(result.g, high).any()


def test_logit_ratios_lie_on_the_logistic_curve_between_the_bounds():
    # Deville and Sarndal (1992), case 6: log((g - L) / (U - g)) is affine in x' lambda.
    table = survey()
    low, high = 0.4, 2.5
    totals = [
        1.1 * table["weight"].sum(),
        1.3 * (table["weight"] * table["x"]).sum(),
    ]
    targets = Targets((target("n", "", totals[0]), target("x", "", totals[1], measure="sum:x")))
    result = calibrate(table, targets, bounds=(low, high))
    assert (result.weights * table["x"]).sum() == pytest.approx(totals[1], rel=1e-9)
    height = np.log((result.g - low) / (high - result.g))
    line = np.polynomial.Polynomial.fit(table["x"], height, 1)
    np.testing.assert_allclose(line(table["x"]), height, atol=1e-8)


def test_soft_target_minimises_distance_plus_penalty():
    # One target on all units, linear distance. With miss r = N / t - 1 and total d = D:
    # minimise D (g - 1)^2 / 2 + D r^2 / (2 tol^2), r = g D / t - 1  =>
    # (g - 1) + (D / t) (g D / t - 1) / tol^2 = 0.
    table = survey()
    whole = float(table["weight"].sum())
    wanted, tolerance = 1.2 * whole, 0.5
    scale = whole / wanted
    expected = (1.0 + scale / tolerance**2) / (1.0 + scale**2 / tolerance**2)
    targets = Targets((target("n", "", wanted, tolerance=tolerance),))
    result = calibrate(table, targets, method="linear")
    np.testing.assert_allclose(result.g, expected, rtol=1e-10)


def test_person_totals_are_added_up_within_households():
    households, persons = persons_and_households()
    listed = (
        target("old", "age >= 65", 1.0, entity="person"),
        target("children", "age < 15 and county == sanmen", 1.0, entity="person"),
        target("wages", "", 1.0, entity="person", measure="sum:wage"),
        target("large", "household_size >= 3", 1.0),
        target("linhai persons", "county == linhai", 1.0, entity="person"),
        target("sizes", "", 1.0, measure="sum:household_size"),
        target("linhai", "", 1.0, measure="sum:household_size", entity="person"),
    )
    table = calibrate(
        {"household": households, "person": persons},
        Targets(listed),
        hold_out=tuple(item.id for item in listed),
    ).targets
    # By hand, 100 households each: two old; one child in sanmen; wages 50 + 60 + 40; one household
    # of three; 2 + 1 persons in linhai; 7 persons; sizes seen by persons 2*2 + 1 + 3*3 + 1 = 15.
    assert table["before"].tolist() == [200.0, 100.0, 15_000.0, 100.0, 300.0, 700.0, 1500.0]
    assert not table["in_fit"].any()


def test_the_distance_over_persons_is_the_integrated_method_of_lemaitre_and_dufour():
    """Regression weights of persons, each with the averages of the household."""
    rng = np.random.default_rng(5)
    households = pd.DataFrame(
        {"household_id": np.arange(40), "weight": rng.uniform(50.0, 150.0, 40)}
    )
    size = rng.integers(1, 6, 40)
    persons = pd.DataFrame(
        {"household_id": np.repeat(np.arange(40), size), "age": rng.integers(0, 90, size.sum())}
    )
    young = (persons["age"] < 30).to_numpy(dtype=float)
    home = persons["household_id"].to_numpy()
    start = households["weight"].to_numpy()[home]
    # By hand, persons as rows: averages within households of all persons and of the young, and
    # of households (1 / size each); linear calibration d (1 + x' lambda).
    average = np.stack(
        [
            np.ones(home.size),
            (np.bincount(home, young) / size)[home],
            (1 / size)[home],
        ]
    )
    wanted = np.array([start.sum() * 1.02, start @ young * 0.97, households["weight"].sum() * 1.03])
    cross = (average * start) @ average.T
    multipliers = np.linalg.solve(cross, wanted - average @ start)
    expected = households["weight"] * (1 + (multipliers @ average)[np.unique(home, True)[1]])

    targets = Targets(
        (
            target("all", value=wanted[0], entity="person", unit="persons", block="a"),
            target("young", "age < 30", wanted[1], entity="person", unit="persons", block="b"),
            target("homes", value=wanted[2], block="c"),
        )
    )
    tables = {"household": households, "person": persons}
    found = calibrate(tables, targets, method="linear", distance_over="persons")
    np.testing.assert_allclose(found.weights, expected, rtol=1e-9)
    np.testing.assert_allclose(found.targets["after"], wanted, rtol=1e-9)
    np.testing.assert_allclose(found.g, expected / households["weight"], rtol=1e-9)
    plain = calibrate(tables, targets, method="linear")
    assert not np.allclose(plain.weights, found.weights)


def test_the_distance_over_persons_needs_persons_in_every_household():
    households, persons = persons_and_households()
    one = Targets((target("all", value=500.0),))
    with pytest.raises(CalibrationError, match="did you mean 'persons'"):
        calibrate(households, one, distance_over="person")
    with pytest.raises(CalibrationError, match="needs the person table"):
        calibrate(households, one, distance_over="persons")
    tables = {"household": households, "person": persons[persons["household_id"] != 20]}
    with pytest.raises(CalibrationError, match="1 households have no persons, the first in row 1"):
        calibrate(tables, one, distance_over="persons")


def test_plain_arrays_are_a_table():
    columns = {"a": np.array([0, 1, 1]), "sex": ["female", "male", "male"]}
    listed = Targets((target("a", "a == 1", 6.0), target("f", "sex == female", 2.0)))
    result = calibrate(columns, listed, weights=[1.0, 2.0, 2.0])
    assert result.weights.tolist() == pytest.approx([2.0, 3.0, 3.0])


def test_one_household_weight_meets_person_and_household_totals():
    households, persons = persons_and_households()
    listed = (
        target("households", "", 420.0),
        target("old", "age >= 65", 180.0, entity="person"),
        target("persons", "", 760.0, entity="person"),
    )
    result = calibrate({"household": households, "person": persons}, Targets(listed))
    w = result.weights
    # Households 1 and 4 hold one old person each? Household 20 and 40 do; sizes are 2, 1, 3, 1.
    assert w.sum() == pytest.approx(420.0)
    assert w[1] + w[3] == pytest.approx(180.0)
    assert w @ [2, 1, 3, 1] == pytest.approx(760.0)


def test_a_population_is_calibrated_and_takes_the_weights():
    households, persons = persons_and_households()
    persons = persons.sort_values("household_id", kind="stable", ignore_index=True)
    village = Population.from_frames(households, persons, year=2020)
    listed = (target("linhai", "county == linhai", 240.0), target("all", "", 400.0))
    result = calibrate(village, Targets(listed), year=2020)
    after = village.with_weights(result.weights, note=result.note)
    assert after.weight.tolist() == pytest.approx([120.0, 120.0, 80.0, 80.0])
    assert "calibrated to 2 targets" in after.notes[-1]
    # Two targets are more than five per cent of four households.
    assert result.warnings == ("2 targets for an effective sample of 4 households",)


@given(
    st.integers(0, 10_000),
    st.sampled_from(["linear", "raking", "logit", "truncated"]),
    st.lists(st.floats(0.85, 1.2), min_size=3, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_targets_are_met_and_bounds_kept(seed, method, factors):
    table = survey(seed=seed)
    before = [(table["weight"] * (table["a"] == code)).sum() for code in range(3)]
    listed = [
        target(f"a{code}", f"a == {code}", before[code] * factors[code], block="a")
        for code in range(3)
    ]
    result = calibrate(table, Targets(tuple(listed)), method=method)
    assert result.converged
    # Without other targets every distance gives the group ratio: post-stratification.
    np.testing.assert_allclose(result.g, np.array(factors)[table["a"]], rtol=1e-8)
    if method in ("logit", "truncated"):
        assert result.g.min() >= 0.2
        assert result.g.max() <= 5.0


@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
@settings(max_examples=20, deadline=None)
def test_scaling_and_reordering_change_nothing_else(seed, factor):
    table = survey(seed=seed)
    totals = np.bincount(table["a"], weights=table["weight"]) * [1.1, 0.95, 1.0]
    mean = (table["weight"] * table["x"]).sum() * 1.05
    listed = [target(f"a{i}", f"a == {i}", v) for i, v in enumerate(totals)]
    listed.append(target("x", "", mean, measure="sum:x"))
    base = calibrate(table, Targets(tuple(listed)))
    scaled = Targets(tuple(dataclasses.replace(t, value=t.value * factor) for t in listed))
    again = calibrate(table.assign(weight=table["weight"] * factor), scaled)
    np.testing.assert_allclose(again.g, base.g, rtol=1e-7)
    order = np.random.default_rng(seed).permutation(len(table))
    shuffled = calibrate(table.iloc[order], Targets(tuple(listed[::-1])))
    np.testing.assert_allclose(shuffled.g, base.g[order], rtol=1e-7)


def test_weights_that_already_meet_the_targets_stay_to_the_bit():
    table = survey()
    totals = np.bincount(table["a"], weights=table["weight"])
    listed = Targets(tuple(target(f"a{i}", f"a == {i}", v) for i, v in enumerate(totals)))
    result = calibrate(table, listed)
    assert result.iterations == 0
    assert (result.g == 1.0).all()


def test_the_same_call_gives_the_same_bits_and_results_cannot_be_changed():
    table = survey()
    total = table["weight"].sum()
    listed = two_way(table, total * np.array([0.3, 0.4, 0.3]), total * np.array([0.5, 0.5]))
    first, second = calibrate(table, listed), calibrate(table, listed)
    assert first.weights.tobytes() == second.weights.tobytes()
    with pytest.raises(ValueError, match="read-only"):
        first.weights[0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.weights = second.weights


def test_households_of_weight_zero_keep_it_and_do_not_count():
    table = survey()
    table.loc[:9, "weight"] = 0.0
    total = table["weight"].sum()
    result = calibrate(table, Targets((target("all", "", 1.1 * total),)), method="raking")
    assert (result.weights[:10] == 0.0).all()
    assert (result.g[:10] == 1.0).all()
    assert result.summary()["units"] == 290
    np.testing.assert_allclose(result.g[10:], 1.1, rtol=1e-9)


def test_a_target_of_zero_is_met_where_the_method_can():
    table = survey()
    listed = Targets(
        (target("none", "a == 0", 0.0), target("all", "", float(table["weight"].sum())))
    )
    result = calibrate(table, listed, method="truncated", bounds=(0.0, 5.0))
    assert result.weights[table["a"] == 0].sum() == pytest.approx(0.0, abs=1e-6)
    empty = Targets((target("nobody", "a == 7", 0.0), target("all", "", 3000.0)))
    assert calibrate(table, empty).converged


def test_kish_figures_by_hand():
    # Kish (1965): weights 1, 1, 2: n sum w^2 / (sum w)^2 = 3 * 6 / 16; (sum w)^2 / sum w^2 = 16/6.
    assert design_effect(np.array([1.0, 1.0, 2.0])) == pytest.approx(18 / 16)
    assert effective_size(np.array([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)


def test_summary_counts_what_it_says():
    table = pd.DataFrame({"weight": [1.0, 1.0, 2.0], "a": [0, 1, 1]})
    result = calibrate(table, Targets((target("a", "a == 1", 6.0), target("all", "", 7.0))))
    summary = result.summary()
    # w = 1, 2, 4: deff 3 * 21 / 49, effective size 49 / 21, the heaviest one holds 4 / 7.
    assert summary["design_effect"] == pytest.approx(63 / 49)
    assert summary["effective_size"] == pytest.approx(49 / 21)
    assert summary["weight_share_of_top_1%"] == pytest.approx(4 / 7)
    assert summary["g_max"] == pytest.approx(2.0)
    assert summary["negative_weights"] == 0
    assert summary["targets_missed"] == 0


def test_linear_weights_may_be_negative_and_say_so():
    table = survey()
    x_total = float((table["weight"] * table["x"]).sum())
    listed = Targets(
        (
            target("all", "", float(table["weight"].sum())),
            target("x", "", 0.55 * x_total, measure="sum:x"),
        )
    )
    result = calibrate(table, listed, method="linear")
    assert result.summary()["negative_weights"] > 0
    assert any("weights are negative" in text for text in result.warnings)


def test_held_out_targets_are_missed_by_what_the_rest_implies():
    table = survey()
    totals = np.bincount(table["a"], weights=table["weight"]) * [1.2, 1.0, 1.0]
    b = float(table["weight"][table["b"] == 1].sum())
    listed = [target(f"a{i}", f"a == {i}", v, block="a") for i, v in enumerate(totals)]
    listed.append(target("b", "b == 1", 1.5 * b))
    result = calibrate(table, Targets(tuple(listed)))
    without = calibrate(table, Targets(tuple(listed[:3])))
    expected = float(without.weights[table["b"] == 1].sum()) / (1.5 * b) - 1.0
    again = result.hold_out(["b"])
    assert again["relative_miss"].tolist() == pytest.approx([expected])
    assert not again["in_fit"].any()
    folds = result.hold_out_blocks()
    assert sorted(folds["id"]) == ["a0", "a1", "a2", "b"]
    # Without the block of a, only b is fitted, by one ratio for all units with that mark.
    ratio = np.where(table["b"] == 1, 1.5, 1.0)
    missed = np.bincount(table["a"], weights=table["weight"] * ratio) / totals - 1.0
    np.testing.assert_allclose(folds["relative_miss"][:3], missed, rtol=1e-7)
    with pytest.raises(CalibrationError, match="did you mean"):
        result.hold_out(["a00"])


def test_warnings_name_what_a_reader_must_know():
    table = survey()
    total = float(table["weight"].sum())
    small = float(table["weight"][(table["a"] == 0) & (table["x"] > 40)].sum())
    listed = Targets(
        (
            target("all", "", total, status="recalled", year=2019),
            target("few", "a == 0 and x > 40", 12.0 * small),
        )
    )
    result = calibrate(table, listed, method="raking", year=2020)
    text = "\n".join(result.warnings)
    assert "not published are to be met exactly: all" in text
    assert "another year than 2020: all" in text
    assert "largest ratio of new to starting weight" in text
    assert "warning:" in str(result)
    assert "of several years: 2019, 2020" in "\n".join(
        calibrate(table, listed, method="raking").warnings
    )


def test_pull_predicts_the_distance_saved_by_dropping_a_target():
    table = survey()
    total = float(table["weight"].sum())
    x_total = float((table["weight"] * table["x"]).sum())
    listed = (target("all", "", 1.02 * total), target("x", "", 1.1 * x_total, measure="sum:x"))
    both = calibrate(table, Targets(listed), method="linear")
    one = calibrate(table, Targets(listed[:1]), method="linear")

    def distance(result):
        return float(table["weight"] @ (0.5 * (result.g - 1.0) ** 2)) / total

    # For the linear distance the estimate is exact.
    assert both.targets["pull"][1] == pytest.approx(distance(both) - distance(one), rel=1e-8)


def test_many_households_are_calibrated_like_the_few_kinds_that_they_are_of():
    # The dual depends on the weight of each kind of row alone (Deville and Sarndal 1992).
    kinds = pd.DataFrame(
        {"a": [0, 0, 1, 1, 2, 2], "b": [0, 1, 0, 1, 0, 1], "weight": [3.0, 1, 2, 2, 1, 3]}
    )
    times = 40_000
    table = pd.concat([kinds] * times, ignore_index=True)
    table["weight"] /= times
    wanted = two_way(kinds, [4.4, 3.4, 4.2], [5.4, 6.6])
    few, many = (calibrate(each, wanted, on_infeasible="soften") for each in (kinds, table))
    np.testing.assert_allclose(many.g, np.tile(few.g, times), rtol=1e-9)
    assert many.weights @ (table["a"] == 0).to_numpy() == pytest.approx(4.4, rel=1e-8)
    assert share_at_bounds(few.link, few.g) == share_at_bounds(
        few.link, many.g[: len(kinds)], np.full(len(kinds), float(times))
    )
