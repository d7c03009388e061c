"""Contributions of the parts of a reform: laws of the Shapley value, and reforms on a city."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import olive
from olive.analysis.attribution import shapley
from olive.errors import DataError

GAMES = st.integers(1, 5).flatmap(
    lambda players: arrays.arrays(np.float64, 2**players, elements=st.floats(-100, 100))
)


def test_the_glove_game() -> None:
    # One left glove (player 0), two right ones (1 and 2); a pair is worth 1. Of the six orders
    # the left glove completes the pair in four, each right one in one: 4/6, 1/6, 1/6.
    worth = [0, 0, 0, 1, 0, 1, 0, 1]
    np.testing.assert_allclose(shapley(np.array(worth, float)), [4 / 6, 1 / 6, 1 / 6])


@given(GAMES)
def test_contributions_add_up(figures) -> None:
    np.testing.assert_allclose(shapley(figures).sum(), figures[-1] - figures[0], atol=1e-9)


@given(GAMES, GAMES)
def test_contributions_of_a_sum_are_sums_of_contributions(one, other) -> None:
    if one.shape == other.shape:
        np.testing.assert_allclose(shapley(one + other), shapley(one) + shapley(other), atol=1e-9)


@given(arrays.arrays(np.float64, 8, elements=st.floats(-100, 100)))
def test_who_changes_nothing_contributes_nothing(figures) -> None:
    figures[4:] = figures[:4]  # player 2 adds nothing to any coalition
    assert shapley(figures)[2] == 0.0


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=1_000, seed=2)


@pytest.fixture(scope="module")
def parts() -> dict[str, olive.Reform]:
    return {
        "dibao": olive.Reform(at_least={"dibao_standard": 20_000}, zh="低保"),
        "wages": olive.Reform(multiply={"minimum_wage": 1.2}),
        "nothing": olive.Reform(at_least={"dibao_standard": 1.0}),
    }


@pytest.fixture(scope="module")
def table(city, parts):
    return olive.attribute(city, olive.law(year=2023), parts)


def test_the_table_adds_up_to_the_simulated_effect(city, parts, table) -> None:
    law = olive.law(year=2023)
    whole = law | parts["dibao"] | parts["wages"]
    targets = olive.compare(olive.simulate(city, [law, whole])).targets().frame
    keys = ["indicator", "definition", "line"]
    frame = table.frame.fillna({"line": 0.0})
    together = frame[frame["part"] == "together"].set_index(keys)["contribution"]
    expected = targets.fillna({"line": 0.0}).set_index(keys)["change"]
    np.testing.assert_allclose(together, expected.loc[together.index], rtol=1e-12, atol=1e-12)
    summed = frame[frame["part"] != "together"].groupby(keys, sort=False)["contribution"].sum()
    np.testing.assert_allclose(summed, together, rtol=1e-9, atol=1e-12)


def test_alone_and_on_top_are_single_comparisons(city, parts, table) -> None:
    law = olive.law(year=2023)
    policies = [
        law,
        law | parts["dibao"],
        law | parts["wages"],
        law | parts["dibao"] | parts["wages"],
    ]
    result = olive.simulate(city, [each.renamed(str(i)) for i, each in enumerate(policies)])
    weight = city.weight / (city.weight * city.size).sum()
    mean = [(weight * result.values("disposable_income", i)).sum() for i in range(4)]
    row = table.frame.query("indicator == 'per_capita_income' and part == 'dibao'").iloc[0]
    assert row["alone"] == pytest.approx(mean[1] - mean[0], rel=1e-9)
    assert row["on_top"] == pytest.approx(mean[3] - mean[2], rel=1e-9)


def test_a_part_without_effect_contributes_nothing(table) -> None:
    idle = table.frame[table.frame["part"] == "nothing"]
    assert (idle[["alone", "on_top", "contribution"]] == 0.0).all(axis=None)


def test_assumptions_that_drive_the_effect_are_named(table) -> None:
    said = " ".join(table.remarks("en"))
    assert "Model-implied" in said
    assert (
        "Assumption-driven: the change rests on assumed parameters dibao_standard, minimum" in said
    )


def test_the_parts_of_the_plan_together_are_the_plan() -> None:
    for letter, name in ((False, "enabling_growth"), (True, "letter")):
        joined = law = olive.law(year=2023)
        for part in olive.plan.parts(letter=letter).values():
            joined = joined | part
        scenario = law | olive.plan.scenario(name)
        for parameter, value in scenario.values.items():
            np.testing.assert_array_equal(joined.values[parameter].vector(), value.vector())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "0 parts; give 2 to 8"),
        ({str(i): olive.Reform({}) for i in range(9)}, "9 parts; give 2 to 8"),
        ({"a": {"dibao_standard": 1}, "b": olive.Reform({})}, "part 'a' is a dict"),
        ({"together": olive.Reform({}), "b": olive.Reform({})}, "no part can be called"),
    ],
)
def test_bad_parts_are_refused(city, wrong, message) -> None:
    with pytest.raises(DataError, match=message):
        olive.attribute(city, olive.law(year=2023), wrong)
