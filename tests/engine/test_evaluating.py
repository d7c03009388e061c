"""One variable from given variables: structure of households, filling, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from olive_tests.toy import DAY, homes, people, policy, rule_set, run, tables

from olive.engine import (
    draw,
    evaluate_with,
    household_count,
    household_rank,
    household_sum,
    lookup,
    of,
    policy_on,
    schedule,
    subgroup_sum,
    where,
)
from olive.errors import DataError, RuleError

YEARLY = "yuan/year"
RULES = {
    "taxable": people(YEARLY)(lambda wage, allowance: where(wage > allowance, wage - allowance, 0)),
    "charge": people(YEARLY)(lambda taxable, tax: 1 * schedule(taxable, tax)),
    "net": people(YEARLY)(lambda wage, charge: wage - charge),
    "income": household_sum("net"),
    "left": homes(YEARLY)(lambda income, rent: income - rent),
    "aid": people(YEARLY)(lambda grant, grade, urban: where(urban, lookup(grant, grade), 0)),
    "rank": household_rank("wage"),
    "spouse_wage": of("spouse", "wage"),
    "unit_wage": subgroup_sum("wage", by="unit_number"),
    "children": household_count("is_child"),
    "is_child": people("bool")(lambda age: age < 18),
    "home_draw": draw("s", key="household"),
}
LAW = policy(**RULES)


def evaluate(variable, given=None, **how):
    return evaluate_with(LAW, [variable], given or {}, **how)[variable]


def test_a_variable_from_columns() -> None:
    # 100,000 - 60,000 = 40,000 taxable; 3 % of 36,000 + 10 % of 4,000 = 1,480
    assert evaluate("charge", {"wage": [100_000.0, 50_000.0]}).tolist() == [1_480, 0]
    assert evaluate("charge", {"wage": 100_000}).tolist() == [1_480]


def test_a_given_variable_stops_the_computation() -> None:
    """No wage is needed, and a wage that contradicts the given variable changes nothing."""
    assert evaluate("charge", {"taxable": 40_000}).tolist() == [1_480]
    assert evaluate("charge", {"taxable": 40_000, "wage": 0}).tolist() == [1_480]
    assert evaluate("taxable", {"taxable": 40_000}).tolist() == [40_000]
    assert evaluate("left", {"income": [10.0, 20.0], "rent": [1.0, 2.0]}).tolist() == [9, 18]


def test_nothing_behind_a_given_variable_counts() -> None:
    """Without household_id each person stands alone, unless a rule must look across a household."""
    law = policy(
        **RULES,
        couple_wage=people(YEARLY)(lambda wage, spouse_wage: wage + spouse_wage),
        shared=people(YEARLY)(lambda couple_wage: couple_wage / 2),
    )
    found = evaluate_with(law, ["shared"], {"couple_wage": [10.0, 30.0]})["shared"]
    assert found.tolist() == [5, 15]
    with pytest.raises(DataError, match=r"'spouse_wage' looks across whole households"):
        evaluate_with(law, ["shared"], {"wage": [10.0, 30.0], "spouse": [1, 0]})


def test_household_structure() -> None:
    given = {"net": [1.0, 2.0, 4.0], "household_id": [7, 7, 3]}
    assert evaluate("income", given).tolist() == [3, 4]
    assert evaluate("left", {**given, "rent": [1.0, 1.0]}).tolist() == [2, 3]
    assert evaluate("left", {**given, "rent": 1.0}).tolist() == [2, 3]
    given = {"wage": [5.0, 9.0, 1.0], "household_id": ["a", "a", "b"]}
    assert evaluate("rank", given).tolist() == [1, 0, 0]
    assert evaluate("spouse_wage", {**given, "spouse": [1, 0, -1]}).tolist() == [9, 5, 0]
    assert evaluate("unit_wage", {**given, "unit_number": [1, 1, 1]}).tolist() == [14, 14, 1]
    assert evaluate("children", {"age": [3, 40, 17], "household_id": [1, 1, 1]}).tolist() == [2]


def test_several_variables_at_once() -> None:
    found = evaluate_with(LAW, ["net", "income"], {"wage": [1.0, 2.0], "household_id": [1, 1]})
    assert found["net"].tolist() == [1, 2]
    assert found["income"].tolist() == [3]


def test_one_household_alone_agrees_with_the_whole_table() -> None:
    table = tables(30)
    outputs = ["left", "aid", "rank", "spouse_wage", "unit_wage", "children", "home_draw"]
    whole = run(table, LAW, *outputs, seed=9)
    for home in (0, 7, 29):
        rows = slice(table.starts[home], table.starts[home + 1])
        given = {name: column[rows] for name, column in table.persons.items()}
        given |= {name: column[home : home + 1] for name, column in table.households.items()}
        given["household_id"] = np.repeat(table.household_key[home], rows.stop - rows.start)
        alone = evaluate_with(LAW, outputs, given, seed=9)
        for name in outputs:
            own = rows if LAW.rules.entity_of(name) == "person" else slice(home, home + 1)
            assert (alone[name] == whole[name][own]).all(), name


def test_codes_by_name() -> None:
    given = {"grade": ["light", "total"], "urban": True}
    assert evaluate("aid", given).tolist() == [1_200, 6_000]
    assert evaluate("aid", {**given, "grade": pd.Series(["light", "total"])}).tolist() == [
        1_200,
        6_000,
    ]
    assert evaluate("aid", {**given, "grade": [1, 3]}).tolist() == [1_200, 6_000]


def test_missing_column_names_the_rule_and_the_nearest() -> None:
    with pytest.raises(DataError, match=r"column 'wage' is missing; rule 'taxable' needs it"):
        evaluate("net", {"rent": 1.0})
    with pytest.raises(DataError, match=r"column 'urban' is missing; rule 'aid' needs it"):
        evaluate("aid", {"grade": 1})


def test_neutral_fill() -> None:
    # No wage, no rent, no grade; not urban.
    assert evaluate("left", absent="neutral").tolist() == [0]
    assert evaluate("aid", {"urban": True}, absent="neutral").tolist() == [0]
    assert evaluate("aid", {"grade": 2}, absent="neutral").tolist() == [0]
    # Age has no neutral value.
    with pytest.raises(DataError, match=r"column 'age' is missing; rule 'is_child' needs it"):
        evaluate("children", absent="neutral")
    with pytest.raises(DataError, match=r"absent 'zero' is unknown.* it is one of error, neutral"):
        evaluate("left", absent="zero")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wage": [1.0, float("nan")]}, r"given 'wage' has a value that is NaN or infinite"),
        ({"wage": float("-inf")}, r"given 'wage' has a value that is NaN or infinite"),
        ({"wage": "much"}, r"given 'wage' must hold numbers or truth values"),
        ({"wage": [1, None]}, r"given 'wage' must hold numbers or truth values"),
        ({"wage": []}, r"given 'wage' must be one value or a list of values, found shape \(0,\)"),
        ({"wage": [[1, 2], [3, 4]]}, r"one value or a list of values, found shape \(2, 2\)"),
        ({"wages": 1}, r"given 'wages' is no variable or column \(did you mean 'wage'"),
        ({"allowance": 1}, r"'allowance' is a parameter; change it with a Reform"),
        ({"wage": [1, 2], "age": [1, 2, 3]}, r"arrays of person variables have lengths \[2, 3\]"),
        ({"rent": [1, 2], "income": [1, 2, 3]}, r"household variables have lengths \[2, 3\]"),
        ({"grade": "sever"}, r"given 'grade': no code 'sever' \(did you mean 'severe'"),
        ({"grade": 4}, r"given 'grade': codes are 0 to 3: none, light"),
        ({"grade": 1.5}, r"given 'grade': codes are 0 to 3"),
        ({"grade": [None, "light"]}, r"given 'grade': no code 'None'"),
        ({"urban": 2}, r"given 'urban' must hold truth values"),
        ({"wage": [1, 2], "household_id": [1, 2, 3]}, r"lengths \[2, 3\]"),
        ({"wage": [1, 2, 3], "household_id": [1, 2, 1]}, r"must stand together in household_id"),
        (
            {"wage": [1, 2, 3], "household_id": [1, 1, 2], "rent": [1, 2, 3]},
            r"household_id names 2 households, but arrays of households have length 3",
        ),
        ({"net": [1.0, 2.0]}, r"'income' looks across whole households: give household_id"),
    ],
)
def test_bad_input(given, words) -> None:
    with pytest.raises(DataError, match=words):
        evaluate("left", given)


def test_households_beside_persons_need_to_know_who_lives_where() -> None:
    given = {"grade": [1, 2, 3], "urban": [True, False]}
    with pytest.raises(DataError, match=r"households are given too, so whole households"):
        evaluate("aid", given)
    assert evaluate("aid", {**given, "household_id": [1, 1, 2]}).tolist() == [1_200, 3_600, 0]


def test_unknown_variable() -> None:
    with pytest.raises(RuleError, match=r"no variable 'incom' \(did you mean 'income'"):
        evaluate("incom", {"wage": 1})


def test_given_data_are_left_alone() -> None:
    wage = np.array([1.0, 2.0])
    evaluate("wage", {"wage": wage})
    wage[0] = 5  # still writeable: the caller's array was not frozen
    assert evaluate("net", {"wage": wage}).tolist() == [5, 2]


def test_large_keys_are_kept() -> None:
    law = policy_on(rule_set(place=draw("s", key="village")), DAY)
    big = [2**60, 2**60 + 1]
    found = evaluate_with(law, ["place"], {"village": big})["place"]
    assert found[0] != found[1]
