"""Faults of tables, weights and targets; conflicts; infeasibility checked by linear programming."""

from __future__ import annotations

import dataclasses
import gc
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.calibration_tables import persons_and_households, survey, target
from scipy import optimize

from olive.errors import DataError, told_where
from olive.population import Population
from olive.population.calibration import (
    CalibrationError,
    InfeasibleError,
    Targets,
    WhereError,
    calibrate,
)
from olive.population.calibration.distances import Logit
from olive.population.calibration.equations import System
from olive.population.calibration.feasibility import offenders, proves_infeasible
from olive.population.measures.gathering import gather_tables


def exact(*listed):
    return Targets(tuple(listed))


ALL = target("all", "", 3000.0)


# Infeasibility ---------------------------------------------------------------------------------


def crossed(rows=400):
    """Return units with two overlapping marks."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {"weight": np.full(rows, 10.0), "p": rng.random(rows) < 0.5, "q": rng.random(rows) < 0.5}
    )


def reachable(table, conditions, totals, bounds):
    """Ask a linear programme whether any ratios within the bounds meet the totals."""
    d = table["weight"].to_numpy()
    rows = np.array([condition(table) * d for condition in conditions])
    found = optimize.linprog(
        np.zeros(len(d)), A_eq=rows, b_eq=totals, bounds=[bounds] * len(d), method="highs"
    )
    return found.status == 0


CONDITIONS = (
    lambda table: np.ones(len(table)),
    lambda table: table["p"].to_numpy(dtype=float),
    lambda table: table["q"].to_numpy(dtype=float),
)


def crossed_targets(totals):
    return exact(
        target("all", "", totals[0]),
        target("p", "p == true", totals[1]),
        target("q", "q == true", totals[2]),
    )


@pytest.mark.parametrize("method", ["logit", "truncated"])
def test_targets_that_are_impossible_only_together_are_proved_so(method):
    table = crossed()
    bounds = (0.5, 1.6)
    starts = [float(condition(table) @ table["weight"]) for condition in CONDITIONS]
    totals = [starts[0], 1.42 * starts[1], 0.62 * starts[2]]
    for position in range(3):
        assert reachable(
            table, CONDITIONS[position : position + 1], totals[position : position + 1], bounds
        )
    assert not reachable(table, CONDITIONS, totals, bounds)
    with pytest.raises(InfeasibleError, match="impossible together") as caught:
        calibrate(table, crossed_targets(totals), method=method, bounds=bounds)
    # The named targets, and only they, are impossible: the linear programme agrees.
    named = [("all", "p", "q").index(name) for name in caught.value.offenders]
    assert not reachable(table, [CONDITIONS[n] for n in named], [totals[n] for n in named], bounds)


def test_where_it_happened_takes_nothing_from_what_an_error_tells():
    with pytest.raises(InfeasibleError) as caught, told_where("a city"), told_where("a file"):
        raise InfeasibleError("out of reach", ("rich",))
    assert str(caught.value) == caught.value.message == "a city: a file: out of reach"
    assert caught.value.offenders == ("rich",)


@given(st.floats(0.6, 1.6), st.floats(0.6, 1.6), st.sampled_from(["logit", "truncated"]))
@settings(max_examples=60, deadline=None)
def test_infeasible_exactly_when_the_linear_programme_says_so(p, q, method):
    table = crossed(rows=120)
    bounds = (0.5, 1.5)
    starts = [float(condition(table) @ table["weight"]) for condition in CONDITIONS]
    totals = [starts[0], p * starts[1], q * starts[2]]
    try:
        result = calibrate(table, crossed_targets(totals), method=method, bounds=bounds)
    except InfeasibleError:
        # Not within a hair of the edge, where the two may differ by rounding.
        wider = (bounds[0] + 1e-4, bounds[1] - 1e-4)
        assert not reachable(table, CONDITIONS, totals, wider)
    else:
        assert result.converged
        assert reachable(table, CONDITIONS, totals, (bounds[0] - 1e-4, bounds[1] + 1e-4))


def test_a_proof_needs_the_bounds_it_claims():
    design = np.array([[1.0, 1.0, 1.0, 1.0]])
    system = System(
        design=design,
        rows=np.array([0]),
        totals=np.array([10.0]),
        size=np.array([10.0]),
        start=np.ones(4),
        tolerance=np.zeros(1),
        link=Logit(0.5, 2.0),
    )
    # At most 2 * 4 = 8 can be reached: asking for 10 is impossible, and for 7.9 it is not.
    up = np.array([1.0])
    assert proves_infeasible(system, up, system.scores(up))
    possible = dataclasses.replace(system, totals=np.array([7.9]), size=np.array([7.9]))
    assert not proves_infeasible(possible, up, possible.scores(up))
    # A tolerance of 25 per cent brings 10 down to 7.5.
    assert not proves_infeasible(system.with_tolerance(np.array([0.25])), up, system.scores(up))


def test_offenders_leave_out_bystanders():
    # Unit 0 alone counts for the first target, unit 1 for the second.
    system = System(
        design=np.eye(2),
        rows=np.arange(2),
        totals=np.array([9.0, 1.1]),
        size=np.array([9.0, 1.1]),
        start=np.ones(2),
        tolerance=np.zeros(2),
        link=Logit(0.5, 2.0),
    )
    assert offenders(system, np.array([1.0, 3.0])).tolist() == [0]


def test_only_the_offenders_are_relaxed():
    table = survey(rows=2000)
    weight = table["weight"]
    total = float(weight.sum())
    rich = float(weight[table["x"] > 60].sum())
    listed = exact(
        target("all", "", total),
        target("b", "b == 1", 1.05 * float(weight[table["b"] == 1].sum())),
        target("rich", "x > 60", 4.0 * rich),
    )
    with pytest.raises(InfeasibleError, match="out of reach: 'rich'") as caught:
        calibrate(table, listed, bounds=(0.5, 2.0))
    assert caught.value.offenders == ("rich",)
    # The best that bounds of (0.5, 2) allow is twice the start, and the message says so.
    assert f"{2.0 * rich:,.10g}" in str(caught.value)
    result = calibrate(table, listed, bounds=(0.5, 2.0), on_infeasible="soften")
    assert result.status == "softened"
    assert result.softened == ("rich",)
    others = result.targets[result.targets["id"] != "rich"]
    assert others["relative_miss"].abs().max() < 1e-8
    assert result.g.max() <= 2.0
    after = float(result.targets["after"][2])
    assert rich < after <= 2.0 * rich


def test_impossible_together_can_be_softened():
    table = crossed()
    starts = [float(condition(table) @ table["weight"]) for condition in CONDITIONS]
    totals = [starts[0], 1.42 * starts[1], 0.62 * starts[2]]
    result = calibrate(table, crossed_targets(totals), bounds=(0.5, 1.6), on_infeasible="soften")
    assert result.converged
    assert result.status == "softened"
    assert result.softened
    kept = ~result.targets["id"].isin(result.softened)
    assert result.targets.loc[kept, "relative_miss"].abs().sum() < 1e-8


def test_chasing_the_impossible_stops_before_the_weights_crowd_at_the_bounds():
    table = survey(rows=2000)
    d, x = table["weight"].to_numpy(), table["x"].to_numpy()
    rows = np.vstack([d, d * (x > 30), d * x])
    totals = rows.sum(axis=1) * [1.0, 1.7, 1.0]
    found = optimize.linprog(
        np.zeros(len(d)), A_eq=rows, b_eq=totals, bounds=[(0.5, 2.0)] * len(d), method="highs"
    )
    assert found.status == 2  # infeasible
    listed = exact(
        target("all", "", totals[0]),
        target("rich", "x > 30", totals[1]),
        target("sum", "", totals[2], measure="sum:x"),
    )
    result = calibrate(table, listed, bounds=(0.5, 2.0), on_infeasible="soften")
    assert result.converged
    assert result.softened
    assert result.summary()["share_at_bounds"] <= 0.05
    rich = result.targets.set_index("id").loc["rich"]
    assert rich["before"] < rich["after"] < rich["target"]


# Targets that contradict each other ------------------------------------------------------------


def disagreeing(factor):
    table = survey()
    a = np.bincount(table["a"], weights=table["weight"])
    b = np.bincount(table["b"], weights=table["weight"]) * factor
    rows = [target(f"a{i}", f"a == {i}", v, block="ages") for i, v in enumerate(a)]
    rows += [target(f"b{i}", f"b == {i}", v, block="counties") for i, v in enumerate(b)]
    return table, rows


def test_block_totals_that_disagree_are_named_with_both_totals():
    table, rows = disagreeing(1.012)
    total = float(table["weight"].sum())
    with pytest.raises(InfeasibleError) as caught:
        calibrate(table, exact(*rows))
    text = str(caught.value)
    assert f"'counties' sums to {1.012 * total:,.10g}, 'ages' to {total:,.10g} (+1.20%)" in text
    assert "harmonize=" in text


def test_harmonizing_scales_the_other_blocks_to_the_reference():
    table, rows = disagreeing(1.012)
    result = calibrate(table, exact(*rows), harmonize="counties")
    fitted = result.targets.set_index("id")["fitted_to"]
    stated = result.targets.set_index("id")["target"]
    np.testing.assert_allclose(fitted[["a0", "a1", "a2"]], 1.012 * stated[["a0", "a1", "a2"]])
    np.testing.assert_allclose(fitted[["b0", "b1"]], stated[["b0", "b1"]])
    assert result.weights.sum() == pytest.approx(1.012 * table["weight"].sum())
    with pytest.raises(CalibrationError, match="did you mean 'counties'"):
        calibrate(table, exact(*rows), harmonize="county")


def test_conflicts_within_tolerance_are_no_conflicts():
    table, rows = disagreeing(1.012)
    loose = [dataclasses.replace(row, tolerance=0.01) for row in rows]
    result = calibrate(table, exact(*loose))
    assert result.status == "ok"
    assert result.conflicts == ()


def test_softened_conflicts_are_spread_and_listed():
    table, rows = disagreeing(1.03)
    result = calibrate(table, exact(*rows), on_infeasible="soften")
    assert set(result.softened) == {"a0", "a1", "a2", "b0", "b1"}
    assert "+3.00%" in result.conflicts[0]
    # The compromise lies between the two totals.
    total = float(table["weight"].sum())
    assert total < result.weights.sum() < 1.03 * total


def test_a_sum_that_contradicts_its_parts_is_written_out():
    table = survey()
    half = float(table["weight"][table["b"] == 0].sum())
    other = float(table["weight"][table["b"] == 1].sum())
    listed = exact(
        target("men", "b == 0", half),
        target("women", "b == 1", other),
        target("everyone", "", 1.1 * (half + other)),
    )
    with pytest.raises(InfeasibleError) as caught:
        calibrate(table, listed)
    # 1 / 1.1 - 1 = -9.09 %
    stated, implied = 1.1 * (half + other), half + other
    expected = f"'everyone' is stated as {stated:,.10g}, but men + women = {implied:,.10g} (-9.09%)"
    assert expected in str(caught.value)
    assert caught.value.offenders == ("men", "women", "everyone")


def test_agreeing_redundant_targets_are_left_out_quietly():
    table, rows = disagreeing(1.0)
    result = calibrate(table, exact(*rows))
    assert result.redundant == ("b1",)
    assert result.targets["hit"].all()


# Faulty input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -2.0, 3.0], r"1 starting weights are negative; the first is .*-2.* in row 1"),
        ([1.0, np.nan, 3.0], r"1 starting weights are not finite.*row 1"),
        ([1.0, np.inf, 3.0], "not finite"),
        ([0.0, 0.0, 0.0], "All starting weights are 0"),
        ([1.0, 1.0], r"shape \(2,\).*3 rows"),
    ],
)
def test_faulty_weights(weights, message):
    table = pd.DataFrame({"a": [0, 1, 1]})
    with pytest.raises(CalibrationError, match=message):
        calibrate(table, exact(ALL), weights=weights)


@pytest.mark.parametrize(
    "bounds", [(1.2, 5.0), (0.2, 0.9), (-0.1, 2.0), (0.5, np.inf), (np.nan, 2.0), (2.0, 0.5)]
)
def test_impossible_bounds(bounds):
    with pytest.raises(CalibrationError, match=r"Impossible bounds.*0 <= low < 1 < high"):
        calibrate(survey(), exact(ALL), bounds=bounds)


def test_unknown_options_name_the_nearest():
    with pytest.raises(CalibrationError, match="did you mean 'raking'"):
        calibrate(survey(), exact(ALL), method="rakin")
    with pytest.raises(CalibrationError, match="did you mean 'soften'"):
        calibrate(survey(), exact(ALL), on_infeasible="softer")
    with pytest.raises(CalibrationError, match="'raking' has no bounds"):
        calibrate(survey(), exact(ALL), method="raking", bounds=(0.5, 2.0))
    with pytest.raises(CalibrationError, match="did you mean 'weight'"):
        calibrate(survey(), exact(ALL), weights="wieght")
    with pytest.raises(CalibrationError, match="no targets"):
        calibrate(survey(), exact())


def test_an_empty_cell_is_named():
    with pytest.raises(CalibrationError, match="Empty cell: target 'ninth' asks for 50") as caught:
        calibrate(survey(), exact(ALL, target("ninth", "a == 9", 50.0)))
    assert "where 'a == 9'" in str(caught.value)


def test_a_missing_column_names_the_nearest_and_the_right_table():
    households, persons = persons_and_households()
    tables = {"household": households, "person": persons}
    with pytest.raises(WhereError, match=r"no column 'cuonty' \(did you mean 'county'"):
        calibrate(tables, exact(target("t", "cuonty == linhai")))
    with pytest.raises(WhereError, match=r"column of persons.*entity to 'person'"):
        calibrate(tables, exact(target("t", "age >= 60")))
    with pytest.raises(WhereError, match=r"no column 'wages' \(did you mean 'wage'"):
        calibrate(tables, exact(target("t", measure="sum:wages", entity="person")))
    with pytest.raises(WhereError, match=r"'linhia' is not a code.*did you mean 'linhai'"):
        calibrate(tables, exact(target("t", "county == linhia")))
    with pytest.raises(WhereError, match="codes have no order"):
        calibrate(tables, exact(target("t", "county >= linhai")))
    with pytest.raises(CalibrationError, match="there is no person table"):
        calibrate(households, exact(target("t", entity="person")))


def test_code_names_work_on_numbers_text_and_categories():
    codes = pd.Series([3, 3, 8, 8])  # linhai and sanmen in the catalogue of columns
    names = codes.map({3: "linhai", 8: "sanmen"})
    for column in (codes, names, names.astype("category")):
        table = pd.DataFrame({"weight": 1.0, "county": column})
        result = calibrate(table, exact(target("t", "county == sanmen", 3.0)))
        assert result.targets["before"].tolist() == [2.0]


def test_tables_that_do_not_fit_together():
    households, persons = persons_and_households()
    doubled = pd.concat([households, households.head(1)])
    with pytest.raises(CalibrationError, match="household_id 10 more than once"):
        calibrate({"household": doubled, "person": persons}, exact(ALL))
    with pytest.raises(CalibrationError, match="Row 0 of the person table has household_id 40"):
        calibrate({"household": households.head(3), "person": persons}, exact(ALL))
    with pytest.raises(CalibrationError, match=r"no column 'household' \(did you mean"):
        calibrate({"household": households, "person": persons}, exact(ALL), key="household")
    with pytest.raises(CalibrationError, match="needs the key 'household'"):
        calibrate({"household": households, "persons": persons}, exact(ALL))
    with pytest.raises(CalibrationError, match=r"different lengths \(a 3, b 2\)"):
        calibrate({"a": np.ones(3), "b": np.ones(2)}, exact(ALL))
    with pytest.raises(CalibrationError, match="is a list"):
        calibrate([households], exact(ALL))


def test_codes_that_there_are_are_named_in_chinese_too():
    men = exact(target("men", "sex == mael", 10.0, entity="person"))
    with pytest.raises(WhereError) as refused:
        calibrate(Population.synthetic(20, seed=1), men)
    assert refused.value.message.in_language("zh").endswith("；已有：male、female")


def test_a_key_that_is_no_name_is_refused():
    with pytest.raises(DataError, match=r"key is \['household_id'\]; give a text"):
        calibrate(Population.synthetic(20, seed=1), exact(ALL), key=["household_id"])


def test_what_was_gathered_of_a_population_goes_with_it():
    city = Population.synthetic(20, seed=1)
    tables = gather_tables(city, "household_id")
    assert gather_tables(city.with_weights(city.weight * 2.0), "household_id") is not tables
    assert gather_tables(city, "household_id") is tables
    gone = weakref.ref(tables)
    del city, tables
    gc.collect()
    assert gone() is None


def test_a_column_with_gaps_or_text_cannot_be_added_up():
    table = survey().assign(text="x")
    table.loc[4, "x"] = np.nan
    with pytest.raises(CalibrationError, match="is nan in row 4"):
        calibrate(table, exact(target("t", measure="sum:x")))
    with pytest.raises(CalibrationError, match="does not hold numbers"):
        calibrate(table, exact(target("t", measure="sum:text")))
