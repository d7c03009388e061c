"""Units and kinds are checked when rules are fitted together."""

# ruff: noqa: PLW0108 - the argument names of a lambda are what the rule reads
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from olive_tests.toy import PARAMETERS, homes, parameter, people, policy, rule_set

from olive.engine import (
    household_count,
    household_max,
    household_rank,
    household_sum,
    lookup,
    maximum,
    minimum,
    of,
    schedule,
    subgroup_sum,
    where,
)
from olive.engine.rules import Rule
from olive.engine.units import Unit, conversion_factor, parse_unit
from olive.errors import RuleError, UnitError

YEARLY = "yuan/year"


def build(unit, formula):
    return policy(variable=people(unit)(formula))


@pytest.mark.parametrize(
    ("unit", "formula", "words"),
    [
        (YEARLY, lambda wage, monthly_pension: wage + monthly_pension, r"by `\+`"),
        (YEARLY, lambda wage, monthly_pension: wage - monthly_pension, "by `-`"),
        ("bool", lambda wage, monthly_pension: wage > monthly_pension, "by `>`"),
        ("bool", lambda wage, monthly_pension: wage == monthly_pension, "by `==`"),
        (YEARLY, lambda wage, monthly_pension: minimum(wage, monthly_pension), "by `minimum`"),
        (YEARLY, lambda wage, monthly_pension: maximum(monthly_pension, wage), "by `maximum`"),
        (
            YEARLY,
            lambda married, wage, monthly_pension: where(married, wage, monthly_pension),
            "in where",
        ),
        (YEARLY, lambda monthly_pension, tax: schedule(monthly_pension, tax), "in tax"),
        (YEARLY, lambda wage, age: wage + age, r"year and yuan/year|yuan/year and year"),
    ],
)
def test_different_units_are_not_combined(unit, formula, words) -> None:
    with pytest.raises(UnitError, match=rf"rule 'variable': .*{words}"):
        build(unit, formula)


def test_message_names_both_units_and_the_cure() -> None:
    with pytest.raises(UnitError, match=r"yuan/year and yuan/month .* `stated_in`"):
        build(YEARLY, lambda wage, monthly_pension: wage + monthly_pension)


@pytest.mark.parametrize(
    ("unit", "formula"),
    [
        ("yuan", lambda monthly_pension, months_in_year: monthly_pension * months_in_year),
        (YEARLY, lambda wage, age: wage),
        ("year", lambda age: age + 1),
        ("bool", lambda age: age >= 60),
        ("1", lambda wage, allowance: wage / allowance),
        ("year/yuan", lambda wage: 1 / wage),
        ("yuan", lambda wage, age: wage * age),
        (YEARLY, lambda wage, tax: schedule(wage, tax)),
        (YEARLY, lambda grade, grant: lookup(grant, grade) * 2),
        ("bool", lambda grade, covered, married: lookup(covered, grade) & married),
        (YEARLY, lambda married, wage: where(married, wage, 0.0)),
        (YEARLY, lambda married, wage: wage * married),
        ("bool", lambda married, urban: married == urban),
        ("bool", lambda grade: grade == 2),
        (YEARLY, lambda wage: 0.0),
        ("bool", lambda married: where(married, True, False)),
    ],
)
def test_agreeing_units(unit, formula) -> None:
    build(unit, formula)


def test_months_need_a_period_to_become_years() -> None:
    """yuan/month x month is yuan, not yuan/year: the declared unit is checked too."""
    with pytest.raises(UnitError, match=r"declares unit 'yuan/year', but its formula is in yuan"):
        build(YEARLY, lambda monthly_pension, months_in_year: monthly_pension * months_in_year)


@pytest.mark.parametrize(
    ("unit", "formula", "words"),
    [
        (YEARLY, lambda age: age, "declares unit 'yuan/year', but its formula is in year"),
        (YEARLY, lambda wage, grade, covered: lookup(covered, grade), "is a truth value"),
        ("bool", lambda wage: wage, "declares unit 'bool', but its formula is a number"),
        ("1", lambda age: age > 3, r"declares unit '1', but its formula is a truth value"),
        ("1", lambda married, urban: married + urban, r"`add` of a truth value; .*household_count"),
        ("1", lambda married: -married, "`negate` of a truth value"),
        ("1", lambda married, urban: maximum(married, urban), "`maximum` of a truth value"),
        ("bool", lambda married, urban: married > urban, "`greater` of a truth value"),
        ("bool", lambda married, grade: married == grade, "`equal` of a truth value"),
        ("1", lambda married, urban: married * urban, r"`\*` of two truth values; write `&`"),
        ("bool", lambda married, grade: married & grade, "`&` needs truth values on both sides"),
        ("bool", lambda age: ~age, "`~` needs truth values"),
        ("1", lambda age: where(age, 1, 0), "first argument of where must be a truth value"),
        ("1", lambda married: where(married, married, 0), "between a truth value and a number"),
        (YEARLY, lambda married, tax: schedule(married, tax), "`schedule` of a truth value"),
        (YEARLY, lambda married, grant: lookup(grant, married), "`lookup` of a truth value"),
    ],
)
def test_kinds_and_declared_units(unit, formula, words) -> None:
    with pytest.raises(RuleError, match=words):
        build(unit, formula)


def test_declared_rules_take_the_unit_of_their_source() -> None:
    rules = rule_set(
        wages=household_sum("wage"),
        oldest=household_max("age"),
        couples=household_sum("married"),
        any_grade=household_max("grade"),
        children=household_count("grade"),
        rank=household_rank("wage"),
        other_wage=of("spouse", "wage"),
        other_married=of("spouse", "married"),
        unit_wage=subgroup_sum("wage", by="unit_number"),
    )
    found = {name: rule.unit for name, rule in rules.rules.items()}
    assert found == {
        "wages": "yuan/year",
        "oldest": "year",
        "couples": "1",
        "any_grade": "1",
        "children": "1",
        "rank": "1",
        "other_wage": "yuan/year",
        "other_married": "bool",
        "unit_wage": "yuan/year",
    }


def test_replacing_a_source_settles_units_anew() -> None:
    rules = rule_set(
        source=people(YEARLY)(lambda wage: wage),
        total=household_sum("source"),
        other=of("spouse", "source"),
    )
    changed = rules.with_rules([people("bool")(lambda wage: wage > 0).named("source")])
    assert changed.rules["total"].unit == "1"
    assert changed.rules["other"].unit == "bool"
    assert rules.rules["other"].unit == YEARLY


def test_unit_of_a_rule_is_a_product_of_words() -> None:
    with pytest.raises(UnitError, match=r"rule 'variable': unit 'yuan per year' .*'yuan/year'"):
        build("yuan per year", lambda wage: wage)


def test_household_rule_is_checked_too() -> None:
    rules: dict[str, Rule] = {
        "wages": household_sum("wage"),
        "oldest": household_max("age"),
        "mixed": homes(YEARLY)(lambda wages, oldest: wages + oldest),
    }
    with pytest.raises(UnitError, match=r"rule 'mixed'"):
        policy(**rules)


def test_bool_parameter_is_a_truth_value() -> None:
    with pytest.raises(RuleError, match=r"`add` of a truth value"):
        build("1", lambda generous: generous + 1)
    number = {**PARAMETERS, "generous": parameter("generous", 1.0, "1")}
    policy(parameters=number, variable=people("1")(lambda generous: generous + 1))


BASES = st.sampled_from(["yuan", "year", "month", "m2"])
UNITS = st.dictionaries(BASES, st.integers(-3, 3).filter(bool)).map(
    lambda powers: Unit(tuple(sorted(powers.items())))
)


@given(UNITS, UNITS, UNITS)
def test_units_form_a_group(first, second, third) -> None:
    assert parse_unit(str(first)) == first
    assert first * second == second * first
    assert (first * second) * third == first * (second * third)
    assert (first * second) / second == first
    assert first / first == Unit()


@pytest.mark.parametrize("text", ["yuan per year", "yuan//year", "yuan^2", "12", "", "yuan/"])
def test_malformed_units(text) -> None:
    with pytest.raises(UnitError, match=r"is not understood at"):
        parse_unit(text)


@pytest.mark.parametrize(
    ("stated", "wanted", "factor"),
    [
        ("yuan/month", "yuan/year", 12.0),
        ("yuan/year", "yuan/month", 1 / 12),
        ("month", "year", 1 / 12),
        ("yuan/m2/month", "yuan/m2/year", 12.0),
        ("yuan/month/month", "yuan/year/year", 144.0),
        ("yuan", "yuan", 1.0),
    ],
)
def test_restating_by_period(stated, wanted, factor) -> None:
    assert conversion_factor(stated, wanted) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    ("stated", "wanted"), [("yuan", "yuan/year"), ("yuan/month", "m2/year"), ("1", "yuan")]
)
def test_units_that_differ_in_more_than_the_period(stated, wanted) -> None:
    with pytest.raises(UnitError, match=r"differ in more than the period"):
        conversion_factor(stated, wanted)
