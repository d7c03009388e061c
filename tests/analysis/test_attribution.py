"""Contributions of the parts of a reform on a city; laws of the values: test_joining_orders."""

from itertools import combinations, permutations

import numpy as np
import pytest

import olive
from olive.errors import DataError


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


def test_drawn_orders_of_parts_without_effect_contribute_nothing(city, parts) -> None:
    idle = {"nothing": parts["nothing"], "again": parts["nothing"]}
    rows = olive.attribute(city, olive.law(year=2023), idle, orders=4).frame
    assert (rows[["alone", "on_top", "contribution", "error"]] == 0.0).all(axis=None)


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
        ({}, "0 parts; give at least two"),
        ({"a": olive.Reform({})}, "1 parts; give at least two"),
        ({"a": {"dibao_standard": 1}, "b": olive.Reform({})}, "part 'a' is a dict"),
        ({"together": olive.Reform({}), "b": olive.Reform({})}, "no part can be called"),
    ],
)
def test_bad_parts_are_refused(city, wrong, message) -> None:
    with pytest.raises(DataError, match=message):
        olive.attribute(city, olive.law(year=2023), wrong)


PENSION = olive.Reform(multiply={"resident_basic_pension_standard": 4.0})
ALLOWANCE = olive.Reform(multiply={"old_age_allowance_from_80": 3.0})


def test_groups_stand_beside_their_parts(city, parts) -> None:
    every = parts | {"pension": PENSION}
    groups = {"help": ["dibao", "pension"], "pay": ["wages", "nothing"]}
    law = olive.law(year=2023)
    owen = olive.attribute(city, law, every, groups=groups).frame
    joined = {
        "help": parts["dibao"] | PENSION,
        "pay": parts["wages"] | parts["nothing"],
    }
    quotient = olive.attribute(city, law, joined).frame
    of_groups = quotient[quotient["part"] != "together"]
    summed = (
        owen[owen["part"] != "together"].groupby(
            ["indicator", "definition", "line", "group"], sort=False, dropna=False
        )
    )["contribution"].sum()
    # The Owen values of a group add up to its Shapley value in the game of the groups.
    np.testing.assert_allclose(
        summed.to_numpy(), of_groups["contribution"].to_numpy(), rtol=1e-9, atol=1e-12
    )


def test_drawn_orders_add_up_and_state_their_error(city, parts) -> None:
    law, every = olive.law(year=2023), parts | {"pension": PENSION, "allowance": ALLOWANCE}
    exact = olive.attribute(city, law, every, seed=3).frame
    drawn = olive.attribute(city, law, every, orders=40, seed=3).frame
    again = olive.attribute(city, law, every, orders=40, seed=3).frame
    assert drawn.equals(again)
    assert "error" not in exact
    gap = (drawn["contribution"] - exact["contribution"]).abs()
    assert (gap <= 5.0 * drawn["error"] + 1e-9).all()
    keys = ["indicator", "definition", "line"]
    together = drawn["part"] == "together"
    summed = drawn[~together].groupby(keys, sort=False, dropna=False)["contribution"].sum()
    np.testing.assert_allclose(
        summed.to_numpy(), drawn[together]["contribution"].to_numpy(), rtol=1e-9, atol=1e-12
    )


def test_interactions_are_second_differences_of_two(city, parts) -> None:
    law = olive.law(year=2023)
    two = {"dibao": parts["dibao"], "pension": PENSION}
    found = olive.interactions(city, law, two).frame
    table = olive.attribute(city, law, two).frame
    mean = table[table["indicator"] == "per_capita_income"].set_index("part")
    row = found[found["indicator"] == "per_capita_income"].iloc[0]
    # Both together less each alone; dibao gives way to a higher pension, so it is below nought.
    expected = mean.loc["together", "alone"] - mean.loc[["dibao", "pension"], "alone"].sum()
    assert row["interaction"] == pytest.approx(expected, rel=1e-9)
    assert row["interaction"] < 0.0


@pytest.fixture(scope="module")
def ledger(city):
    return olive.crossings_by_part(city, olive.law(year=2023), _LEDGER)


_LEDGER = {
    "pension": PENSION,
    "taxes": olive.Reform({"basic_deduction": 40_000}),
    "dibao": olive.Reform(at_least={"dibao_standard": 20_000}),
}


def test_the_ledger_adds_up_to_crossings_and_shares(city, ledger) -> None:
    law = after = olive.law(year=2023)
    for part in _LEDGER.values():
        after = after | part
    comparison = olive.compare(olive.simulate(city, [law, after]), model_range=False)
    crossed = comparison.crossings().frame.query("definition == 'household'")
    frame = ledger.frame
    single = frame[frame["part"] != "together"]
    together = frame[frame["part"] == "together"].set_index("threshold")
    sums = single.groupby("threshold")[["up", "down", "back", "net"]].sum()
    for direction in ("up", "down"):
        stated = crossed[crossed["direction"] == direction].set_index("threshold")["households"]
        np.testing.assert_allclose(sums[direction], stated, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(together[direction], stated, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(sums["back"], 0.0, atol=1e-9)
    targets = comparison.targets().frame.query("definition == 'household'").set_index("indicator")
    for name in ("share_10_50", "share_20_60"):
        change = targets.loc[name, "change"]
        assert change != 0.0
        assert single[f"effect_on_{name}"].sum() == pytest.approx(change, rel=1e-12, abs=1e-15)
        assert together[f"effect_on_{name}"].sum() == pytest.approx(change, rel=1e-12, abs=1e-15)


def test_the_ledger_is_the_mean_over_orders_of_single_households(city, ledger) -> None:
    # By hand: each household's side of 100,000 under all eight combinations, in all six orders.
    law, names = olive.law(year=2023), list(_LEDGER)
    chosen = [each for size in range(4) for each in combinations(range(3), size)]
    policies = []
    for number, each in enumerate(chosen):
        policy = law
        for part in each:
            policy = policy | _LEDGER[names[part]]
        policies.append(policy.renamed(str(number)))
    result = olive.simulate(city, policies)
    above = {
        each: result.values("disposable_income", number) >= 100_000 - 0.005
        for number, each in enumerate(chosen)
    }
    family = ~city.households["collective"].to_numpy(bool)
    weight = city.weight * family
    crossed = ~above[()] & above[0, 1, 2]
    for part in range(3):
        credit = np.zeros(len(city))
        for order in permutations(range(3)):
            ahead = tuple(sorted(order[: order.index(part)]))
            credit += above[tuple(sorted((*ahead, part)))] * 1.0 - above[ahead]
        expected = float((weight * crossed) @ credit) / 6.0
        row = ledger.frame.query(f"threshold == 100000 and part == {names[part]!r}").iloc[0]
        assert row["up"] == pytest.approx(expected, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"orders": 5}, "even number"),
        ({"orders": 2}, "at least 4"),
        ({"groups": {"a": ["dibao"]}}, "exactly one group; not so"),
        ({"groups": {"a": ["dibao", "wages"], "b": ["nothin"]}}, "did you mean 'nothing'"),
    ],
)
def test_bad_orders_and_groups_are_refused(city, parts, more, message) -> None:
    with pytest.raises(DataError, match=message):
        olive.attribute(city, olive.law(year=2023), parts, **more)


def test_too_many_interactions_are_refused(city) -> None:
    many = {str(n): olive.Reform(multiply={"minimum_wage": 1.0 + n / 100}) for n in range(13)}
    with pytest.raises(DataError, match="13 parts that move incomes"):
        olive.interactions(city, olive.law(year=2023), many)
