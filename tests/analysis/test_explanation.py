"""Explanations: their values are the simulation's, and each step recomputes from the ones below."""

from __future__ import annotations

import math
from functools import partial
from hashlib import blake2b

import numpy as np
import pandas as pd
import pytest

import olive
from olive.analysis.explanation_steps import Walk
from olive.analysis.public_purse import all_instruments
from olive.engine import (
    Column,
    RuleSet,
    formula_with_numbers,
    household_sum,
    person_rule,
    policy_on,
    where,
)
from olive.engine.expression import (
    WAY,
    Applied,
    Constant,
    LeastOf,
    LookupOf,
    Name,
    ScheduleOf,
)
from olive.engine.rules import DrawRule, PointerRule, PopulationRule
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


@pytest.mark.parametrize("policy", [pytest.param(0, marks=pytest.mark.slow), 1])
def test_values_are_those_of_the_simulation(result, policy) -> None:
    ids = result.population.households["household_id"].to_numpy()
    starts = result.population.arrays().starts
    for household in chosen(result)[1:3]:
        at = int(np.flatnonzero(ids == household)[0])
        for variable in OUTPUTS:
            entity = result.policies[policy].rules.entity_of(variable)
            row = at if entity == "household" else int(starts[at])
            found = olive.explain(result, variable, household, policy=policy)
            assert found.value == result.values(variable, policy)[row], (household, variable)


def evaluated(node, figure, seen):
    """Return the value of an expression, by plain Python arithmetic; shared parts once."""
    if id(node) not in seen:
        seen[id(node)] = evaluated_anew(node, figure, seen)
    return seen[id(node)]


def evaluated_anew(node, figure, seen):
    match node:
        case Constant(value):
            return value
        case Name(name):
            return figure(name)
        case ScheduleOf(amount, parameter):
            tariff, whole = figure(parameter), evaluated(amount, figure, seen)
            lows = tariff.thresholds.tolist()
            return sum(
                max(0.0, min(whole, high) - low) * rate
                for low, high, rate in zip(lows, [*lows[1:], math.inf], tariff.rates, strict=True)
            )
        case LookupOf(parameter, codes):
            return figure(parameter)[tuple(int(evaluated(each, figure, seen)) for each in codes)]
        case LeastOf(ways, cost):

            def told(way):
                return lambda name: way if name == WAY else figure(name)

            count = math.ceil(evaluated(ways, figure, seen))
            costs = [evaluated(cost, told(way), {}) for way in range(count)]
            return costs.index(min(costs)) if costs else 0
        case Applied(word, operands):
            if word == "where":
                condition, if_true, if_false = operands
                return evaluated(
                    if_true if evaluated(condition, figure, seen) else if_false, figure, seen
                )
            a, *rest = (evaluated(each, figure, seen) for each in operands)
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


def drawn(rule, population, row, person, seed, values):
    """Return what a draw is, by the splitmix64 finaliser written out here."""
    whole, golden = 2**64, 0x9E3779B97F4A7C15

    def mix(x):
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % whole
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB % whole
        return x ^ (x >> 31)

    stream = int.from_bytes(
        blake2b(f"{seed}:{rule.stream}".encode(), digest_size=8).digest(), "little"
    )
    if rule.key in {"household", "person"}:
        key = int(population.arrays().household_key[row])
    else:
        key = int(values(rule.key)) % whole
    first = mix(key ^ stream)
    if rule.key == "person":
        first = (first + (person + 1) * golden) % whole
    return (mix(first) >> 11) * 2.0**-53


class Recomputed:
    """The values of one household from its data, parameters, totals and keys alone.

    Only the rules' declarations are read: who is summed, who is pointed at, which formula.
    """

    def __init__(self, result, position, row):
        self.result, self.policy, self.row = result, result.policies[position], row
        self.totals = {n: v for (at, n), v in result.population_totals.items() if at == position}
        arrays = result.population.arrays()
        self.persons = range(int(arrays.starts[row + 1] - arrays.starts[row]))
        self.first, self.arrays, self.known = int(arrays.starts[row]), arrays, {}

    def value(self, name, person):
        if name in self.policy.values:
            return self.policy.values[name].datum
        rule = self.policy.rules.rules.get(name)
        if rule is None:
            return self.datum(name, person)
        if isinstance(rule, PopulationRule):
            return self.totals.get(name, 0.0)  # one that the run did not need cannot matter
        place = (name, person if self.policy.rules.entity_of(name) == "person" else None)
        if place not in self.known:
            self.known[place] = self.computed(rule, place[1])
        return self.known[place]

    def datum(self, name, person):
        if name in self.arrays.persons:
            return self.arrays.persons[name][self.first + person].item()
        if name in self.arrays.households:
            return self.arrays.households[name][self.row].item()
        return self.policy.rules.columns[name].neutral

    def computed(self, rule, person):
        node = self.policy.rules.nodes.get(rule.name)
        if node is not None:
            return evaluated(node, lambda name: self.value(name, person), {})
        if isinstance(rule, DrawRule):
            values = partial(self.value, person=person)
            own = person if rule.key == "person" else None
            return drawn(rule, self.result.population, self.row, own, self.result.seed, values)
        if isinstance(rule, PointerRule):
            pointed = int(self.value(rule.pointer, person))
            return self.value(rule.source, pointed) if pointed >= 0 else 0.0
        by = None if rule.by is None else self.value(rule.by, person)
        group = [
            each for each in self.persons if rule.by is None or self.value(rule.by, each) == by
        ]
        values = [float(self.value(rule.source, each)) for each in group]
        if rule.operation == "rank":
            own = values[group.index(person)]
            before = [
                each
                for each, value in zip(group, values, strict=True)
                if value == own and each < person
            ]
            return float(sum(value > own for value in values) + len(before))
        by_word = {"sum": in_order, "max": max, "min": min, "any": any, "count": in_order}
        return by_word[rule.operation](values)


def in_order(values):
    """Return the sum from the first on; the built-in one corrects its rounding from 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def outputs_of(policy):
    """Return everything a run gives back by itself, and every tax, contribution and benefit."""
    return list(dict.fromkeys([*OUTPUTS, *all_instruments([policy])]))


def check_exactly(result, position, rows):
    """Compare explanation, engine and the recomputation, bit by bit; return the steps compared."""
    policy, settled = result.policies[position], result.settled(position)
    wanted = outputs_of(policy)
    chosen = np.zeros(len(result.population), dtype=bool)
    chosen[rows] = True
    homes = result.population.select(chosen)
    walk = Walk.of(settled, homes, wanted, result.seed)
    whole = olive.simulate(result.population, result.policies, outputs=wanted, seed=result.seed)
    compared = 0
    for at, row in enumerate(rows):
        own = Recomputed(result, position, row)
        recomputed = set()
        for variable in wanted:
            of_person = policy.rules.entity_of(variable) == "person"
            person = 0 if of_person else None
            steps = walk.steps(variable, at, person)
            place = own.first if of_person else row
            assert steps[0].value == whole.values(variable, position)[place], (row, variable)
            for step in steps:
                expected = own.value(step.variable, step.person)
                assert step.value == expected, (row, variable, step)
                node = policy.rules.nodes.get(step.variable)
                key = (step.variable, step.person)
                if node is not None and key not in recomputed:
                    recomputed.add(key)  # what several outputs rest on is the same step
                    # The figures that are shown and the operations give it too.
                    shown = {**{n: v.datum for n, v in settled.values.items()}, **step.figures}
                    assert evaluated(node, shown.__getitem__, {}) == step.value, (row, step)
            compared += len(steps)
    return compared


@pytest.mark.slow  # quick: the values above
@pytest.mark.parametrize("position", [0, 1])
def test_leaves_and_operations_give_the_value_exactly(result, position) -> None:
    ids = result.population.households["household_id"].to_numpy()
    rows = sorted({int(np.flatnonzero(ids == each)[0]) for each in chosen(result)})
    assert check_exactly(result, position, rows) > 1_000


@pytest.mark.slow
@pytest.mark.parametrize(("position", "households"), [(0, 50), (1, 1_000)], ids=["law", "plan"])
def test_a_thousand_households_and_every_output_exactly(position, households) -> None:
    city = olive.Population.synthetic(households=4_000, seed=9)
    law = olive.law(year=2025)
    city = city.brought_to(2025)
    result = olive.simulate(city, [law, law | olive.plan.scenario()], seed=11)
    rows = np.sort(np.random.default_rng(5).choice(len(city), households, replace=False)).tolist()
    assert check_exactly(result, position, rows) > 300 * households


def test_texts(result) -> None:
    household = chosen(result)[0]
    found = olive.explain(result, "dibao", household, policy=1)
    english, chinese = found.text("en"), found.text("zh", depth=2)
    assert "Synthetic data: no real household." in english
    assert "reaches at least 13,000 yuan (path.11.dibao_floor)" in english
    assert "合成数据" in chinese
    assert "方案条款：扩大社会救助覆盖人群（path.11.relief_system）" in chinese
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
    assert obstacles(policy, "entitled", values, "zh") == ("收入（4,000） < 1,000，相差 3,000",)
    assert obstacles(policy, "entitled", {"age": 66, "income": 400}) == ()


@pytest.mark.slow  # quick: values and texts
def test_rules_that_read_a_code_or_a_total_are_told(result) -> None:
    policy, totals = result.policies[1], {name for _, name in result.population_totals}
    codes, read = False, set()
    for household in chosen(result):
        for step in olive.explain(result, "disposable_income", household, policy=1).steps:
            node = policy.rules.nodes.get(step.variable)
            codes = codes or "LookupOf" in repr(node)
            read |= totals & {*policy.rules.reads(step.variable)}
            for name in totals & {use.name for use in step.parameters}:
                shown = f"{result.population_totals[1, name]:,.2f}".rstrip("0").rstrip(".")
                assert shown in step.formula.en
    assert codes
    assert read


def poor_family(**columns):
    worker = olive.member(45, labour_status="unemployed")
    return olive.household([worker, olive.member(10, father=0)], county="sanmen", **columns)


def test_why_nothing_is_paid_and_how_far_it_is() -> None:
    claims = olive.law("2023-07-01") | olive.Reform({"dibao_take_up_rate": 1.0})
    rich = olive.simulate(poor_family(vehicles=1, financial_assets=500_000.0), claims)
    found = olive.explain(rich, "dibao", 0)
    told = [each.en for step in found.why_not for each in step.obstacles]
    # Sanmen in July 2023: 12,492 yuan a head; four years for two persons are 99,936.
    assert any(each.endswith("off by 400,064") and "monetary assets" in each for each in told)
    assert "vehicles (1) ≤ 0, off by 1" in told
    assert "不满足" in found.text("zh")
    assert len(found.text("en").splitlines()) < 60
    # Nobody is told twice for the same figures.
    marks = [(step.variable, str(step.figures)) for step in found.why_not]
    assert len(marks) == len(set(marks))
    poor = olive.explain(olive.simulate(poor_family(), claims), "dibao", 0)
    assert poor.value == pytest.approx(2 * 12_492)
    assert poor.why_not == ()


def test_one_household_before_and_after(result) -> None:
    family = result.household(7)
    assert family.disposable_income.tolist() == [
        result.values("disposable_income", at)[7] for at in (0, 1)
    ]
    start, end = result.population.arrays().starts[7:9]
    assert family.age.tolist() == result.population.persons["age"][start:end].tolist()
    # A variable that the result did not keep, with draws and totals of the run.
    whole = olive.simulate(result.population, result.policies, outputs=["wage"], seed=result.seed)
    assert family.wage.to_numpy().T.tolist() == [
        whole.values("wage", at)[start:end].tolist() for at in (0, 1)
    ]
    assert family.county == result.population.households["county"][7]
    with pytest.raises(AttributeError, match="did you mean 'dibao'"):
        _ = family.dibaoo
    with pytest.raises(DataError, match="no household 'a' among 400"):
        result.household("a")
    assert "law 2023 | the plan" in repr(family)


def test_households_are_named_by_number_or_text(result) -> None:
    city = result.population
    for name in (7, "7", np.int64(7), 7.0):
        assert city.household(name).households["household_id"].tolist() == [7]
    people = pd.DataFrame({"household_id": ["007", "08"], "age": [40, 50]})
    homes = pd.DataFrame({"household_id": ["007", "08"], "weight": 1.0, "county": "linhai"})
    named = olive.Population.from_frames(homes, people, year=2023)
    assert named.household("007").persons["age"].tolist() == [40]
    for missing in ("7", 7, None, [7]):
        with pytest.raises(DataError, match="no household"):
            named.household(missing)


def test_faults(result) -> None:
    with pytest.raises(DataError, match="no household 10000000"):
        olive.explain(result, "dibao", 10_000_000)
    with pytest.raises(DataError, match="did you mean 'dibao'"):
        olive.explain(result, "dibaoo", chosen(result)[0])
    with pytest.raises(DataError, match="no person 40"):
        olive.explain(result, "individual_income_tax", chosen(result)[0], person=40)
    with pytest.raises(DataError, match="no person 40"):
        olive.explain(result, "dibao", chosen(result)[0], person=40)


@pytest.mark.slow  # quick: the texts above
def test_firmness_sources_and_policy_are_told_in_the_language_asked_for(result) -> None:
    found = olive.explain(result, "disposable_income", chosen(result)[0], policy=1)
    zh, en = found.text("zh"), found.text("en")
    assert zh.startswith(f"2023 年法规 | 方案全面落实：住户 {chosen(result)[0]}")
    assert en.startswith(f"law 2023 | the plan: household {chosen(result)[0]}")
    told = found.why_not or found.steps
    statuses = {use.status for step in told for use in step.parameters}
    words = {"law": "法律", "published": "公布", "assumption": "假定"}
    assert statuses & words.keys()
    for status in statuses & words.keys():
        assert f"［{words[status]}］" in zh
        assert f" [{status}] " in en
        assert f"[{status}]" not in zh


def test_codes_are_named_in_the_language_asked_for(result) -> None:
    policy = result.policies[0]
    given = {"disability_grade": 1, "mental_disability": False, "age": 66}
    figures = dict.fromkeys(policy.rules.reads("may_claim_dibao_alone"), 0.0) | given
    zh, en = (
        formula_with_numbers(
            policy, "may_claim_dibao_alone", figures | {"may_claim_dibao_alone": 0.0}, language
        )
        for language in ("zh", "en")
    )
    assert "残疾等级（一级残疾） = 二级残疾" in zh
    assert "disability grade (grade 1) = grade 2" in en
    assert "grade_" not in zh + en
    for column in policy.rules.columns.values():
        assert len(column.code_labels) == len(column.codes), column.name


def test_keys_of_tables_by_no_column_are_named_in_the_language_asked_for(result) -> None:
    policy = result.policies[0]
    figures = dict.fromkeys(policy.rules.reads("medical_assistance"), 0.0) | {"relief_class": 2}
    zh, en = (
        formula_with_numbers(
            policy, "medical_assistance", figures | {"medical_assistance": 0.0}, language
        )
        for language in ("zh", "en")
    )
    assert "救助对象类别（低保）" in zh
    assert "relief class (dibao)" in en
    for parameter in policy.rules.parameters.values():
        for by, keys in zip(parameter.by, parameter.keys, strict=True):
            if by not in policy.rules.columns:
                unnamed = set(keys) - parameter.key_labels.keys()
                assert all(len(key) == 1 for key in unnamed), parameter.name
