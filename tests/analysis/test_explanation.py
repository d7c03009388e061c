"""Explanations: their values are the simulation's, and each step recomputes from the ones below."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

import olive
from olive.engine import Column, RuleSet, household_sum, person_rule, policy_on, where
from olive.engine.expression import Constant, LookupOf, Name, Operation, ScheduleOf
from olive.errors import DataError

OUTPUTS = ("dibao", "individual_income_tax", *olive.place().outputs)
HOUSEHOLDS = 6


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=400, seed=3)
    law = olive.law(year=2023)
    return olive.simulate(city, [law, law | olive.plan.scenario()], outputs=OUTPUTS, seed=2)


def chosen(result):
    """Return households of all kinds: recipients of dibao first, then every thirtieth."""
    ids = result.population.households["household_id"].to_numpy()
    poor = ids[result.values("dibao", 1) > 0][:2]
    return [*poor.tolist(), *ids[:: len(ids) // (HOUSEHOLDS - 2)].tolist()][:HOUSEHOLDS]


@pytest.mark.parametrize("policy", [0, 1])
def test_values_are_those_of_the_simulation(result, policy) -> None:
    ids = result.population.households["household_id"].to_numpy()
    starts = result.population.arrays().starts
    for household in chosen(result):
        at = int(np.flatnonzero(ids == household)[0])
        for variable in OUTPUTS:
            entity = result.policies[policy].rules.entity_of(variable)
            row = at if entity == "household" else int(starts[at])
            found = olive.explain(result, variable, household, policy=policy)
            assert found.value == result.values(variable, policy)[row], (household, variable)


def evaluated(node, figure):
    """Return the value of an expression, by plain Python arithmetic."""
    match node:
        case Constant(value):
            return value
        case Name(name):
            return figure(name)
        case ScheduleOf(amount, parameter):
            tariff, whole = figure(parameter), evaluated(amount, figure)
            lows = tariff.thresholds.tolist()
            return sum(
                max(0.0, min(whole, high) - low) * rate
                for low, high, rate in zip(lows, [*lows[1:], math.inf], tariff.rates, strict=True)
            )
        case LookupOf(parameter, codes):
            return figure(parameter)[tuple(int(evaluated(each, figure)) for each in codes)]
        case Operation(word, operands):
            if word == "where":
                condition, if_true, if_false = operands
                return evaluated(if_true if evaluated(condition, figure) else if_false, figure)
            a, *rest = (evaluated(each, figure) for each in operands)
            b = rest[0] if rest else None
            return {
                "add": lambda: a + b,
                "subtract": lambda: a - b,
                "multiply": lambda: a * b,
                "divide": lambda: a / b if b else math.inf,
                "negate": lambda: -a,
                "floor": lambda: math.floor(a),
                "minimum": lambda: min(a, b),
                "maximum": lambda: max(a, b),
                "less": lambda: a < b,
                "less_equal": lambda: a <= b,
                "greater": lambda: a > b,
                "greater_equal": lambda: a >= b,
                "equal": lambda: a == b,
                "not_equal": lambda: a != b,
                "and": lambda: bool(a) and bool(b),
                "or": lambda: bool(a) or bool(b),
                "not": lambda: not a,
            }[word]()


def test_every_step_recomputes_from_the_steps_below_and_the_data(result) -> None:
    policy = result.policies[1]
    arrays = result.population.arrays()
    ids = result.population.households["household_id"].to_numpy()
    checked = 0
    for household in chosen(result):
        at = int(np.flatnonzero(ids == household)[0])
        found = olive.explain(result, "disposable_income", household, policy=1)
        known = {(step.variable, step.person): step.value for step in found.steps}
        totals = {name: v for (place, name), v in result.population_totals.items() if place == 1}
        for step in found.steps:
            node = policy.rules.nodes.get(step.variable)
            if node is not None:
                person = arrays.starts[at] + (step.person or 0)
                figure = partial(looked_up, policy, known, totals, arrays, (at, person), step)
                assert evaluated(node, figure) == pytest.approx(
                    float(step.value), rel=1e-12, abs=1e-9
                )
                checked += 1
    assert checked > 250


def looked_up(policy, known, totals, arrays, rows, step, name):
    """Return a figure that a step reads: parameter, total, value of a step below, or datum."""
    if name in policy.values:
        return policy.values[name].datum
    if name in totals:
        return totals[name]
    if name in policy.rules.rules:
        of_person = policy.rules.entity_of(name) == "person"
        # What the parameters alone settle as nought, or a nought multiplies, has no step.
        return known.get((name, step.person if of_person else None), 0.0)
    column = policy.rules.columns[name]
    if name in arrays.persons:
        return float(arrays.persons[name][rows[1]])
    if name in arrays.households:
        return float(arrays.households[name][rows[0]])
    return column.neutral


def test_texts(result) -> None:
    household = chosen(result)[0]
    found = olive.explain(result, "dibao", household, policy=1)
    english, chinese = found.text("en"), found.text("zh", depth=2)
    assert "Synthetic data: no real household." in english
    assert "clause of the plan path.11.dibao_floor" in english
    assert "合成数据" in chinese
    assert "方案条款 path.11.relief_system" in chinese
    assert len(chinese) < len(english)
    assert found.text("en") == olive.explain(result, "dibao", household, policy=1).text("en")


def test_why_not() -> None:
    @person_rule(unit="bool", en="entitled", zh="符合条件")
    def entitled(age, income):
        return (age >= 60) & (income < 1000)

    @person_rule(unit="yuan/year", en="grant", zh="补贴")
    def grant(entitled):
        return where(entitled, 500, 0)

    columns = {
        "age": Column("age", "person", unit="year", zh="年龄"),
        "income": Column("income", "person", unit="yuan/year", zh="收入"),
    }
    rules = RuleSet.build(
        [{"entitled": entitled, "grant": grant, "grants": household_sum("grant")}], columns=columns
    )
    policy = policy_on(rules, "2023-01-01")
    from olive.engine import obstacles

    values = {"age": 66, "income": 4_000}
    assert obstacles(policy, "entitled", values, "zh") == ("收入（4,000） < 1,000",)
    assert obstacles(policy, "entitled", {"age": 66, "income": 400}) == ()


def test_faults(result) -> None:
    with pytest.raises(DataError, match="no household 10000000"):
        olive.explain(result, "dibao", 10_000_000)
    with pytest.raises(DataError, match="did you mean 'dibao'"):
        olive.explain(result, "dibaoo", chosen(result)[0])
    with pytest.raises(DataError, match="no person 40"):
        olive.explain(result, "individual_income_tax", chosen(result)[0], person=40)
