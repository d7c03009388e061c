"""Numpy and compiled code give the same figures for every word and every form of rule."""

# ruff: noqa: PLW0108 - the argument names of a lambda are what the rule reads
from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from olive_tests.toy import both, homes, household_of, people, policy, run, small, tables

from olive.engine import (
    clip,
    draw,
    floor,
    household_any,
    household_count,
    household_max,
    household_min,
    household_rank,
    household_sum,
    lookup,
    maximum,
    minimum,
    of,
    run_policies,
    schedule,
    subgroup_any,
    subgroup_count,
    subgroup_max,
    subgroup_sum,
    where,
)

TABLES = tables(60)


def test_switch_can_be_inverted() -> None:
    @people("yuan/year")
    def unless_generous(wage, generous):
        return where(~generous, wage, 0.0)

    @people("yuan/year")
    def unless_strict(wage, strict):
        return where(~strict & (wage > 0), wage, -1.0)

    law = policy(unless_generous=unless_generous, unless_strict=unless_strict)
    found = both(TABLES, law, "unless_generous", "unless_strict")
    wage = TABLES.persons["wage"]
    assert (found["unless_generous"] == 0).all()
    assert found["unless_strict"].tolist() == [each if each > 0 else -1.0 for each in wage]


@pytest.mark.parametrize("persons", [1, 7, 8, 9, 17])
def test_brackets_that_few_rows_reach(persons) -> None:
    """Rows are charged several at a time: one who reaches a bracket has neighbours who do not."""
    law = policy(charge=people("yuan/year")(lambda wage, tax: schedule(wage, tax)))
    # By hand: 3 % up to 36,000, 10 % up to 144,000, 20 % above.
    ends = {-5.0: 0.0, 0.0: 0.0, 36_000.0: 1_080.0, 40_000.0: 1_480.0, 200_000.0: 23_080.0}
    for wage, charge in ends.items():
        for place in range(persons):
            wages = [0.0] * persons
            wages[place] = wage
            found = both(small([persons], wage=wages), law, "charge")["charge"]
            assert found[place] == pytest.approx(charge)
            assert (np.delete(found, place) == 0).all()


@pytest.mark.parametrize("persons", [1, 7, 8, 9, 17])
def test_long_branches_that_few_rows_take(persons) -> None:
    """Several rows are worked out at a time: what none of them takes is left out."""

    @people("yuan/year")
    def chosen(wage, married):
        slow = wage
        for _ in range(10):  # long enough to be left out: 0.5 x + 1 comes nearer to 2
            slow = 0.5 * slow + 1.0
        twice = where(wage > 100.0, 2.0 * slow, slow)  # one branch within the other
        return where(married, where(wage > 0.0, twice, slow - 1.0), -wage) + slow

    @people("bool")
    def above(wage, married):
        slow = wage
        for _ in range(10):
            slow = 0.5 * slow + 1.0
        return where(married, slow > 2.0, wage < 0.0)

    law = policy(chosen=chosen, above=above)
    for amount, slow, own in (
        (-3_070.0, -1.0, -2.0),
        (50.0, 2.046875, 2.046875),
        (1_026.0, 3.0, 6.0),
    ):
        for place in range(persons):
            wages, married = [2.0] * persons, [False] * persons
            wages[place], married[place] = amount, True
            found = both(small([persons], wage=wages, married=married), law, "chosen", "above")
            assert found["chosen"][place] == own + slow
            assert (np.delete(found["chosen"], place) == 0.0).all()  # -2 and 2
            assert found["above"][place] == (amount > 2.0)
            assert not np.delete(found["above"], place).any()


def test_truth_values_and_ones_are_not_shared() -> None:
    @people("bool")
    def truth(married):
        return where(married, True, False)

    @people("1")
    def number(married):
        return where(married, 1, 0)

    found = both(TABLES, policy(truth=truth, number=number), "truth", "number")
    assert found["truth"].dtype == np.bool_
    assert found["number"].dtype == np.float64
    assert found["number"].tolist() == [float(each) for each in TABLES.persons["married"]]


@pytest.mark.parametrize("by", [[-1, 0, -1, 2], [1.5, 1.25, 1.5, 2.0], [5e9, 5e9, 3.0, 5e9]])
def test_subgroups_are_equal_values_within_a_household(by) -> None:
    # Two households of two and of two persons with the same values of `by`.
    wage = [1.0, 10.0, 100.0, 1_000.0]
    table = small([2, 2], wage=wage, unit_number=by)
    found = both(table, policy(total=subgroup_sum("wage", by="unit_number")), "total")
    home = [0, 0, 1, 1]
    expected = [
        sum(wage[j] for j in range(4) if home[j] == home[i] and by[j] == by[i]) for i in range(4)
    ]
    assert found["total"].tolist() == expected


def test_rank_of_a_truth_value() -> None:
    table = small([4], married=[False, True, False, True])
    found = both(table, policy(rank=household_rank("married")), "rank")
    assert found["rank"].tolist() == [2, 0, 3, 1]


@pytest.mark.parametrize(
    "village",
    [
        np.arange(180, 220, dtype=np.uint8),
        np.arange(40, dtype=np.int8) - 20,
        2**60 + np.arange(40),
        2**64 - 1 - np.arange(40, dtype=np.uint64),
        np.arange(40, dtype=np.float32),
    ],
    ids=lambda each: f"{each.dtype}",
)
def test_draws_by_a_key_of_any_type(village) -> None:
    table = small([1] * 40, village=village)
    found = both(table, policy(number=draw("s", key="village")), "number")
    distinct = len(set(village.tolist()))
    assert len(set(found["number"].tolist())) == distinct


FORMULAS = {
    "add": ("yuan/year", lambda wage, rent: wage + rent),
    "subtract": ("yuan/year", lambda wage, rent, allowance: wage - rent - allowance),
    "multiply": ("yuan/year", lambda wage, rate, married: wage * rate * married),
    "divide": ("1", lambda wage, rent: where(rent > 0, wage / rent, 0)),
    "negate": ("yuan/year", lambda wage: -wage),
    "less": ("bool", lambda age, retirement_age: age < retirement_age),
    "less_equal": ("bool", lambda age: age <= 18),
    "greater": ("bool", lambda wage, ceiling: wage > ceiling),
    "greater_equal": ("bool", lambda wage: wage >= 0),
    "equal": ("bool", lambda grade: grade == 2),
    "not_equal": ("bool", lambda grade, county: grade != county),
    "equal_truths": ("bool", lambda married, urban: married == urban),
    "both_hold": ("bool", lambda married, urban, generous: married & urban & generous),
    "either_holds": ("bool", lambda married, urban, strict: married | urban | strict),
    "invert": ("bool", lambda married, generous: ~married | ~generous),
    "choose": ("yuan/year", lambda married, wage, rent: where(married, wage, rent)),
    "choose_truths": ("bool", lambda married, urban, age: where(age > 30, married, urban)),
    "smaller": ("yuan/year", lambda wage, ceiling: minimum(wage, ceiling)),
    "larger": ("yuan/year", lambda wage, rent: maximum(wage, rent)),
    "held": ("yuan/year", lambda wage, rent, ceiling: clip(wage, rent, ceiling)),
    "rounded_down": ("year", lambda age: floor(age / 10) * 10),
    "charge": ("yuan/year", lambda wage, allowance, tax: schedule(wage - allowance, tax)),
    "granted": ("yuan/year", lambda grant, grade: lookup(grant, grade)),
    "is_covered": ("bool", lambda covered, grade, married: lookup(covered, grade) & married),
    "insured": ("yuan/year", lambda premium, county, grade: lookup(premium, county, grade)),
    "age_band": ("yuan/year", lambda grant, age: lookup(grant, minimum(floor(age / 20), 3))),
    "constant": ("yuan/year", lambda wage: 3.5),
    "truth": ("bool", lambda wage: True),
    "spread": ("yuan/year", lambda rent: rent),
    "spread_truth": ("bool", lambda urban: ~urban),
    "shared_parts": ("1", lambda grade: (grade * grade - grade / 3) / (grade * grade + 0.5)),
}
# The same words in plain Python, one person at a time.
SCHEDULE = [(0, 0.03), (36_000, 0.10), (144_000, 0.20)]
PREMIUM = [[0, 10, 20, 30], [1, 11, 21, 31], [2, 12, 22, 32]]
GRANT = [0, 1_200, 3_600, 6_000]
PYTHON = {
    "add": lambda p: p.wage + p.rent,
    "subtract": lambda p: p.wage - p.rent - 60_000,
    "multiply": lambda p: p.wage * 0.08 * p.married,
    "divide": lambda p: p.wage / p.rent if p.rent > 0 else 0,
    "negate": lambda p: -p.wage,
    "less": lambda p: p.age < 60,
    "less_equal": lambda p: p.age <= 18,
    "greater": lambda p: p.wage > 200_000,
    "greater_equal": lambda p: p.wage >= 0,
    "equal": lambda p: p.grade == 2,
    "not_equal": lambda p: p.grade != p.county,
    "equal_truths": lambda p: p.married == p.urban,
    "both_hold": lambda p: p.married and p.urban,
    "either_holds": lambda p: p.married or p.urban,
    "invert": lambda p: not p.married,
    "choose": lambda p: p.wage if p.married else p.rent,
    "choose_truths": lambda p: p.married if p.age > 30 else p.urban,
    "smaller": lambda p: min(p.wage, 200_000),
    "larger": lambda p: max(p.wage, p.rent),
    "held": lambda p: min(max(p.wage, p.rent), 200_000),
    "rounded_down": lambda p: p.age // 10 * 10,
    "charge": lambda p: sum(
        rate * (min(p.wage - 60_000, high) - low)
        for (low, rate), high in zip(SCHEDULE, (36_000, 144_000, np.inf), strict=True)
        if p.wage - 60_000 > low
    ),
    "granted": lambda p: GRANT[p.grade],
    "is_covered": lambda p: p.grade in (1, 2) and p.married,
    "insured": lambda p: PREMIUM[p.county][p.grade],
    "age_band": lambda p: GRANT[min(p.age // 20, 3)],
    "constant": lambda p: 3.5,
    "truth": lambda p: True,
    "spread": lambda p: p.rent,
    "spread_truth": lambda p: not p.urban,
    "shared_parts": lambda p: (p.grade**2 - p.grade / 3) / (p.grade**2 + 0.5),
}


def persons(table):
    """Return every person of a table as an object with plain Python values."""
    home = household_of(table)
    columns = {name: column.tolist() for name, column in table.persons.items()}
    columns |= {name: column[home].tolist() for name, column in table.households.items()}
    return [
        SimpleNamespace(**dict(zip(columns, values, strict=True)), home=int(row))
        for values, row in zip(zip(*columns.values(), strict=True), home, strict=True)
    ]


def test_every_word() -> None:
    law = policy(**{name: people(unit)(formula) for name, (unit, formula) in FORMULAS.items()})
    numpy_arrays = run(TABLES, law, *FORMULAS, backend="numpy")
    compiled = run(TABLES, law, *FORMULAS, backend="compiled")
    everyone = persons(TABLES)
    for name in FORMULAS:
        assert numpy_arrays[name].dtype == compiled[name].dtype
        # Elementwise words give the same bits.
        assert (numpy_arrays[name] == compiled[name]).all(), name
        expected = [float(PYTHON[name](person)) for person in everyone]
        np.testing.assert_allclose(compiled[name].astype(float), expected, rtol=1e-12, err_msg=name)


def test_every_word_over_households() -> None:
    formulas = {
        "subsidy": ("yuan/year", lambda rent, ceiling, rate: minimum(rent * rate, ceiling)),
        "granted": ("yuan/year", lambda premium, county, wages: lookup(premium, county, 1) + wages),
        "helped": ("bool", lambda urban, wages, strict, rent: ~urban & (wages < rent) | strict),
        "charge": ("yuan/year", lambda wages, tax, allowance: schedule(wages - allowance, tax)),
    }
    law = policy(
        wages=household_sum("wage"),
        **{name: homes(unit)(formula) for name, (unit, formula) in formulas.items()},
    )
    found = both(TABLES, law, *formulas, "wages")
    home, wages = TABLES.households, np.bincount(household_of(TABLES), TABLES.persons["wage"])
    np.testing.assert_allclose(found["subsidy"], np.minimum(home["rent"] * 0.08, 200_000))
    np.testing.assert_allclose(found["granted"], wages + np.array([10, 11, 12])[home["county"]])
    assert (found["helped"] == (~home["urban"] & (wages < home["rent"]))).all()


GROUPS = {
    "wages": household_sum("wage"),
    "couples": household_sum("married"),
    "oldest": household_max("age"),
    "any_spouse": household_max("married"),
    "youngest": household_min("age"),
    "earners": household_count("wage"),
    "spouses": household_count("married"),
    "works": household_any("wage"),
    "has_spouse": household_any("married"),
    "rank": household_rank("wage"),
    "grade_rank": household_rank("grade"),
    "unit_wages": subgroup_sum("wage", by="unit_number"),
    "unit_spouses": subgroup_sum("married", by="unit_number"),
    "unit_oldest": subgroup_max("age", by="grade"),
    "unit_works": subgroup_any("wage", by="unit_number"),
    "unit_has_spouse": subgroup_any("married", by="unit_number"),
    "unit_earners": subgroup_count("wage", by="unit_number"),
    "by_truth": subgroup_sum("wage", by="married"),
    "spouse_wage": of("spouse", "wage"),
    "spouse_married": of("spouse", "married"),
    "spouse_age": of("spouse", "age"),
    "next_grade": of("grade", "grade"),
}


def members(everyone, person, by=None):
    return [
        each
        for each in everyone
        if each.home == person.home and (by is None or getattr(each, by) == getattr(person, by))
    ]


def pointed(everyone, person, pointer, name):
    family = members(everyone, person)
    number = getattr(person, pointer)
    return getattr(family[number], name) if 0 <= number < len(family) else 0


def ranked(everyone, person, name):
    family = members(everyone, person)
    order = sorted(family, key=lambda each: (-getattr(each, name), each.person_number))
    return order.index(person)


IN_WORDS = {
    "wages": lambda all_, p: math.fsum(each.wage for each in members(all_, p)),
    "couples": lambda all_, p: sum(each.married for each in members(all_, p)),
    "oldest": lambda all_, p: max(each.age for each in members(all_, p)),
    "any_spouse": lambda all_, p: max(each.married for each in members(all_, p)),
    "youngest": lambda all_, p: min(each.age for each in members(all_, p)),
    "earners": lambda all_, p: sum(each.wage != 0 for each in members(all_, p)),
    "spouses": lambda all_, p: sum(each.married for each in members(all_, p)),
    "works": lambda all_, p: any(each.wage for each in members(all_, p)),
    "has_spouse": lambda all_, p: any(each.married for each in members(all_, p)),
    "rank": lambda all_, p: ranked(all_, p, "wage"),
    "grade_rank": lambda all_, p: ranked(all_, p, "grade"),
    "unit_wages": lambda all_, p: math.fsum(e.wage for e in members(all_, p, "unit_number")),
    "unit_spouses": lambda all_, p: sum(e.married for e in members(all_, p, "unit_number")),
    "unit_oldest": lambda all_, p: max(each.age for each in members(all_, p, "grade")),
    "unit_works": lambda all_, p: any(each.wage for each in members(all_, p, "unit_number")),
    "unit_has_spouse": lambda all_, p: any(e.married for e in members(all_, p, "unit_number")),
    "unit_earners": lambda all_, p: sum(e.wage != 0 for e in members(all_, p, "unit_number")),
    "by_truth": lambda all_, p: math.fsum(each.wage for each in members(all_, p, "married")),
    "spouse_wage": lambda all_, p: pointed(all_, p, "spouse", "wage"),
    "spouse_married": lambda all_, p: pointed(all_, p, "spouse", "married"),
    "spouse_age": lambda all_, p: pointed(all_, p, "spouse", "age"),
    "next_grade": lambda all_, p: pointed(all_, p, "grade", "grade"),
}


def test_every_group_rule() -> None:
    law = policy(**GROUPS)
    found = both(TABLES, law, *GROUPS)
    everyone = persons(TABLES)
    for name in GROUPS:
        expected = [float(IN_WORDS[name](everyone, person)) for person in everyone]
        values = found[name]
        if law.rules.entity_of(name) == "household":
            values = values[household_of(TABLES)]
        np.testing.assert_allclose(values.astype(float), expected, rtol=1e-12, err_msg=name)


def test_ties_of_rank_go_by_person_number() -> None:
    table = small([3, 1, 4], wage=[5.0, 5.0, 9.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    found = both(table, policy(rank=household_rank("wage")), "rank")
    assert found["rank"].tolist() == [1, 2, 0, 0, 0, 1, 2, 3]


def test_pointers_that_name_nobody() -> None:
    table = small([2, 2], spouse=[1, 0, 5, -3], wage=[1.0, 2.0, 4.0, 8.0], married=[True] * 4)
    law = policy(wage_of=of("spouse", "wage"), married_of=of("spouse", "married"))
    found = both(table, law, "wage_of", "married_of")
    assert found["wage_of"].tolist() == [2, 1, 0, 0]
    assert found["married_of"].tolist() == [True, True, False, False]


NUMBERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NUMBERS += ["float32", "float64"]


@pytest.mark.parametrize("kind", NUMBERS)
def test_every_type_of_column(kind) -> None:
    """Values at both ends of the type arrive as the float64 of the same value."""
    if kind.startswith("float"):
        low, high = -np.finfo(np.float32).max / 16, np.finfo(kind).tiny
    else:
        low, high = np.iinfo(kind).min, np.iinfo(kind).max
    values = np.array([low, 3, 1, high, 2, 0], dtype=kind)
    table = small([3, 2, 1], wage=values, rent=values[[1, 2, 5]], unit_number=values)
    law = policy(
        same=people("yuan/year")(lambda wage: wage),
        mixed=people("yuan/year")(lambda wage, rent: where(wage > rent, wage, rent)),
        total=household_sum("wage"),
        largest=household_max("wage"),
        rank=household_rank("wage"),
        group=subgroup_sum("wage", by="unit_number"),
        number=draw("s", key="unit_number"),
        own=homes("yuan/year")(lambda rent, total: rent - total),
    )
    found = both(table, law, *law.rules.rules)
    assert found["same"].tolist() == [float(each) for each in values.tolist()]


@pytest.mark.parametrize("sizes", [[1], [2, 1], [1, 1, 1], [1] * 5, [40], [1, 30, 1, 2, 7, 1, 1]])
def test_few_households_and_large_ones(sizes) -> None:
    """Reductions cut a block into streams: fewer households than streams must work too."""
    count = sum(sizes)
    table = small(
        sizes,
        wage=np.arange(count) + 1.0,
        married=np.arange(count) % 2 == 0,
        age=np.arange(count) % 7,
        grade=np.arange(count) % 4,
        unit_number=np.arange(count) % 3,
        spouse=np.full(count, 0),
    )
    law = policy(**GROUPS)
    found = both(table, law, *GROUPS)
    everyone = persons(table)
    for name in ("wages", "youngest", "spouses", "unit_wages", "rank", "spouse_wage"):
        values = found[name]
        if law.rules.entity_of(name) == "household":
            values = values[household_of(table)]
        assert values.tolist() == [IN_WORDS[name](everyone, person) for person in everyone]


def test_totals() -> None:
    law = policy(**GROUPS, half=people("yuan/year")(lambda wage: wage / 2))
    totals = ["half", "wages", "married", "rent", "unit_works", "oldest", "urban"]
    found = {
        backend: run_policies(TABLES, [law], [], totals=totals, backend=backend).totals
        for backend in ("numpy", "compiled")
    }
    weight = TABLES.households["weight"]
    person_weight = weight[household_of(TABLES)]
    arrays = run(TABLES, law, *totals, backend="numpy")
    for name in totals:
        own = person_weight if arrays[name].size == person_weight.size else weight
        expected = math.fsum(own * arrays[name])
        for backend in found:
            assert found[backend][0, name] == pytest.approx(expected, rel=1e-12)
