"""Rates of all earners and cliffs ahead: by hand, by finite differences, by a fine grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import olive
from olive.analysis.cliffs import _drops
from olive.analysis.earners import Earners
from olive.analysis.held_draws import HeldDraws
from olive.engine.rules import DrawRule
from olive.errors import DataError

DAY = olive.law("2023-07-01")
FULL = DAY | olive.Reform({"contribution_base_compliance": 1.0})
CLAIMS = DAY | olive.Reform({"dibao_take_up_rate": 1.0})


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=400, seed=4)
    law = olive.law(year=2023)
    return olive.simulate(city, [law, law | olive.Reform({"dibao_standard": 40_000})], seed=5)


@pytest.fixture(scope="module")
def planned():
    city = olive.Population.synthetic(households=2_000, seed=4)
    return olive.simulate(city, olive.law(year=2023) | olive.plan.scenario(), seed=5)


def of_family(members, policy, **home):
    return olive.simulate(olive.household(members, **{"county": "wenling", **home}), policy, seed=3)


def family_in_sanmen(wage):
    parent = olive.member(38, sex="female", contractual_wage=wage)
    child = olive.member(9, mother=0, disability_grade="grade_1", in_education=True)
    return of_family([parent, child], CLAIMS, county="sanmen", urban=False)


def test_the_rate_of_an_employee_by_hand() -> None:
    # 8 + 2 + 0.5 % of the wage, and of the rest 10 % in tax: 0.105 + 0.895 x 0.1.
    found = of_family([olive.member(40, contractual_wage=140_000.0)], FULL)
    row = olive.marginal_rates(found, by="all", smallest_cell=0).frame.iloc[0]
    assert row["mean"] == pytest.approx(0.1945, abs=1e-6)
    assert (row["contribution"], row["tax"]) == pytest.approx((0.105, 0.0895), abs=1e-6)
    assert (row["benefit"], row["not_received"]) == pytest.approx((0.0, 0.0), abs=1e-6)
    # 14,700 in contributions; taxable 140,000 - 14,700 - 60,000 = 65,300: 0.1 x 65,300 - 2,520.
    assert row["average"] == pytest.approx((14_700 + 4_010) / 140_000, abs=1e-6)


def test_dibao_takes_what_is_earned() -> None:
    row = olive.marginal_rates(
        family_in_sanmen(25_000.0), by="all", amount=100.0, smallest_cell=0
    ).frame.iloc[0]
    assert (row["mean"], row["benefit"]) == pytest.approx((1.0, 1.0), abs=1e-6)
    assert (row["high"], row["whole"]) == (1.0, 1.0)


def test_rates_are_differences_between_two_simulations(result) -> None:
    # Incomes of the city with one earner of every household a hundred yuan up, totals held.
    table = olive.marginal_rates(result, by="all", amount=100.0, policy=1)
    city, settled = result.population, [result.settled(1)]
    earners = Earners.of(city)
    order = np.arange(len(earners)) - np.searchsorted(earners.household, earners.household)
    base = olive.simulate(city, settled, seed=5).values("disposable_income")
    rates = np.empty(len(earners))
    for number in range(order.max() + 1):
        chosen = np.flatnonzero(order == number)
        columns = {
            name: city.persons[name].to_numpy(dtype=float).copy() for name in earners.columns
        }
        for each in chosen:
            columns[earners.columns[earners.source[each]]][earners.person[each]] += 100.0
        moved = olive.simulate(city.with_columns(columns), settled, seed=5)
        homes = earners.household[chosen]
        rates[chosen] = 1.0 - (moved.values("disposable_income") - base)[homes] / 100.0
    weights = city.weight[earners.household]
    assert table["mean"][0] == pytest.approx(np.average(rates, weights=weights), rel=1e-9)
    assert table["earners"][0] == pytest.approx(weights.sum())
    high = np.average(rates >= 0.5, weights=weights)
    assert 0.0 < high < 0.5
    assert table["high"][0] == pytest.approx(high, rel=1e-9)


def test_parts_and_groups_add_up(result) -> None:
    frame = olive.marginal_rates(result, by="county").frame
    parts = frame[["tax", "contribution", "benefit", "not_received"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(frame["mean"].tolist(), abs=1e-12)
    single, whole = frame.iloc[:-1], frame.iloc[-1]
    assert np.average(single["mean"], weights=single["earners"]) == pytest.approx(whole["mean"])
    assert single["sample"].sum() == whole["sample"]


@pytest.mark.parametrize("entity", ["household", "person"])
def test_no_draw_changes_when_somebody_earns_more(planned, entity) -> None:
    held, rules = HeldDraws.of(planned, 0, planned.population), planned.policies[0].rules
    draws = tuple(
        name
        for name, rule in rules.rules.items()
        if isinstance(rule, DrawRule) and rule.key == entity
    )
    assert len(draws) > 10
    outputs = replace(held, outputs=draws, kinds=("component",) * len(draws))
    earners = Earners.of(planned.population).main()
    moved = earners.earning_more(outputs, np.full(len(earners), 5_000.0))
    run = olive.simulate(planned.population, planned.policies, outputs=draws, seed=5)
    rows = np.isin(np.arange(len(planned.population)), earners.household)
    if entity == "person":
        rows = np.repeat(rows, planned.population.size)
    assert np.array_equal(moved, [run.values(name)[rows] for name in draws])


def test_a_farther_look_loses_no_cliff() -> None:
    # The loss of 3,747.6 is seen from 1,000 yuan before it and from 11,000, however far one looks.
    whole = olive.cliffs(family_in_sanmen(40_000.0), smallest_cell=0).frame.iloc[0]
    for before, within in ((1_000.0, 6_000.0), (1_000.0, 60_000.0), (11_000.0, 120_000.0)):
        start = 40_000.0 + whole["distance"] - before
        found = olive.cliffs(family_in_sanmen(start), within=within, smallest_cell=0).frame.iloc[0]
        assert found["distance"] == pytest.approx(before, abs=0.01)
        assert found["mean_loss"] == pytest.approx(0.3 * 12_492, abs=0.1)


def test_the_cliff_of_the_disability_living_subsidy_is_seen_from_below() -> None:
    # Sanmen 2023: 30 % of dibao, 12,492 x 0.3 = 3,747.6, ends when income passes 1.5 times it.
    end = olive.budget_line(family_in_sanmen(36_000.0), 0, high=60_000.0).frame
    cliff = float(end["to"][end["notch"] < 0.0].iloc[0])
    found = olive.cliffs(family_in_sanmen(cliff - 1_234.0), smallest_cell=0).frame.iloc[0]
    assert found["falls"] == "disability_living_subsidy"
    assert found["distance"] == pytest.approx(1_234.0, abs=0.01)
    assert found["mean_loss"] == pytest.approx(3_747.6, abs=0.01)
    assert (found["households"], found["share"]) == (1.0, 1.0)
    for wage in (cliff + 1.0, cliff - 6_001.0):  # behind the cliff; too far from it
        assert olive.cliffs(family_in_sanmen(wage))["households"].tolist() == [0.0]


@pytest.mark.slow  # quick: one cliff from below
def test_cliffs_are_those_of_a_fine_grid(planned) -> None:
    held = HeldDraws.of(planned, 0, planned.population)
    earners = Earners.of(planned.population).main()
    drops = _drops(held, earners, 6_000.0, None)
    assert len(drops.earner) >= 3
    grid = np.arange(0.0, 6_000.5, 5.0)
    some = earners.chosen(np.unique([*drops.earner, *range(0, len(earners), 40)]))
    copies = some.chosen(np.repeat(np.arange(len(some)), grid.size))
    outputs = copies.earning_more(held, np.tile(grid, len(some)))
    income, *_, relief = held.by_kind(outputs)
    steps = np.diff((income + relief).reshape(len(some), grid.size))
    found = dict(zip(earners.household[drops.earner], range(drops.earner.size), strict=True))
    jumps = held.by_kind(drops.jumps)
    for household, own in zip(some.household, steps, strict=True):
        deep = np.flatnonzero(own < -500.0)
        if household not in found:
            assert not deep.size, household
            continue
        at = found[household]
        step = int(np.ceil(drops.distance[at] / 5.0)) - 1
        loss = jumps[0, at] + jumps[-1, at]
        assert own[step] == pytest.approx(loss, abs=10.0)  # what is earned within the step
        assert not deep.size or step <= deep[0]


def test_small_cells_of_real_data_are_blank(planned) -> None:
    city = planned.population
    real = olive.Population.from_frames(city.households, city.persons, year=2023)
    frame = olive.cliffs(olive.simulate(real, planned.policies, seed=5), smallest_cell=50).frame
    assert frame["households"].isna().any()
    assert olive.cliffs(planned).frame["households"].notna().all()


def test_refusals(result) -> None:
    for more, fault in [
        ({"share": 0.1, "amount": 5.0}, "not both"),
        ({"share": 0.0}, "share must be above 0 and at most 1"),
        ({"amount": float("nan")}, "amount must be above 0"),
        ({"by": "countie"}, "did you mean 'county'"),
        ({"policy": "plan"}, "no policy 'plan'"),
    ]:
        with pytest.raises(DataError, match=fault):
            olive.marginal_rates(result, **more)
    with pytest.raises(DataError, match="above 0 and at most 120,000, found"):
        olive.cliffs(result, within=1e6)
    with pytest.raises(DataError, match="within must be above 0"):
        olive.cliffs(result, within=-1.0)
    idle = of_family([olive.member(70)], DAY)
    for asked in (olive.marginal_rates, olive.cliffs):
        with pytest.raises(DataError, match="nobody earns anything"):
            asked(idle)
