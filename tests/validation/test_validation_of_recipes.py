"""Bad tables get one clear error that names column, row, value and remedy; nothing is lost."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from olive.errors import DataError
from olive.population import DataWarning, Population


def households(**columns) -> pd.DataFrame:
    base = {"household_id": [1, 2, 3], "weight": [10.0, 20.0, 30.0], "urban": [True, False, True]}
    return pd.DataFrame(base | columns)


def persons(**columns) -> pd.DataFrame:
    base = {"household_id": [1, 1, 2, 3], "age": [40, 38, 70, 25], "sex": [0, 1, 1, 0]}
    return pd.DataFrame(base | columns)


def build(household_columns=None, person_columns=None, **options) -> Population:
    return Population.from_frames(
        households(**(household_columns or {})),
        persons(**(person_columns or {})),
        year=options.pop("year", 2023),
        **options,
    )


@pytest.mark.parametrize(
    ("household_columns", "person_columns", "words"),
    [
        ({"weight": [1.0, np.nan, 1.0]}, {}, ["weight", "1 missing", "row 1"]),
        ({"weight": [1.0, 1.0, np.inf]}, {}, ["weight", "finite", "inf", "row 2"]),
        ({"weight": [1.0, -2.5, 1.0]}, {}, ["weight", "at least 0", "-2.5", "row 1"]),
        ({"weight": [0.0, 0.0, 0.0]}, {}, ["weight", "0 in every row"]),
        ({"rent_paid": [0, 0, np.nan]}, {}, ["rent_paid", "missing", "row 2"]),
        ({"rent_paid": [0, -np.inf, 0]}, {}, ["rent_paid", "finite", "row 1"]),
        ({"my_number": [0, np.inf, 0]}, {}, ["my_number", "finite", "row 1"]),
        (
            {"rent_paid": ["12", "x", "3"]},
            {},
            ["rent_paid", "'x' in row 1", "numbers in yuan/year"],
        ),
        ({"county": [0, 10, 1]}, {}, ["county", "10", "row 1", "codes 0 to 8", "sanmen"]),
        ({"county": ["linhai", "wenlin", "sanmen"]}, {}, ["'wenlin'", "row 1", "'wenling'"]),
        ({"urban": [0, 2, 1]}, {}, ["urban", "true or false", "2", "row 1"]),
        ({"urban": ["yes", "no", "town"]}, {}, ["urban", "true or false", "'town'"]),
        ({}, {"age": [40, 38, 121, 25]}, ["age", "at most 120", "121", "row 2"]),
        ({}, {"age": [40, 38.5, 70, 25]}, ["age", "whole", "38.5", "row 1"]),
        ({}, {"age": [40, None, 70, 25]}, ["age", "missing", "row 1"]),
        ({}, {"sex": ["male", "femal", "male", "male"]}, ["'femal'", "'female'"]),
        ({}, {"county": [0, 0, 1, 1]}, ["county", "belongs in the household table"]),
        ({}, {"household_id": [1, 1, 2, 7]}, ["not in the household table", "row 3", "7"]),
        ({"household_id": [1, 2, 2]}, {}, ["more than once", "2"]),
        ({}, {"household_id": [1, 1, 3, 3]}, ["no person", "2"]),
        ({"household_id": [1, 2, None]}, {}, ["household_id", "missing", "row 2"]),
        ({"household_id": [1.5, 2, 3]}, {}, ["household_id", "whole numbers or text", "1.5"]),
        ({"household_id": ["1", "2", "3"]}, {}, ["household_id", "both as whole numbers"]),
        ({}, {"person_number": [0, 0, 0, 0]}, ["household 1", "0, 1, 2", "found 0 where 1"]),
        ({}, {"person_number": [0, 2, 0, 0]}, ["household 1", "found 2 where 1"]),
        ({}, {"spouse": [1, 0, 3, -1]}, ["spouse", "household 2", "is 3", "-1 for none"]),
        ({}, {"mother": [0, -1, -1, -1]}, ["mother", "another person"]),
        ({"mixed": [1, "a", 2.0]}, {}, ["mixed", "mixes types"]),
    ],
)
def test_each_fault_is_named(household_columns, person_columns, words):
    with pytest.raises(DataError) as caught:
        build(household_columns, person_columns)
    for word in words:
        assert word in str(caught.value)


def test_several_faults_are_listed_together():
    with pytest.raises(DataError) as caught:
        build({"weight": [1.0, -1.0, 1.0]}, {"age": [40, 38, 200, 25]})
    message = str(caught.value)
    assert "2 faults" in message
    assert "weight" in message
    assert "200" in message


def test_missing_key_column_names_the_nearest():
    with pytest.raises(DataError, match=r"lacks the column 'weight' \(did you mean 'weigth'\?\)"):
        Population.from_frames(
            households().rename(columns={"weight": "weigth"}), persons(), year=2023
        )


def test_both_tables_need_the_household_id():
    with pytest.raises(DataError) as caught:
        Population.from_frames(
            households(), persons().rename(columns={"household_id": "hh"}), year=2023
        )
    assert "person table lacks the column 'household_id'" in str(caught.value)
    # household_class is a column of its own, no misspelt household_id
    with pytest.raises(DataError, match=r"household table lacks the column 'household_id'$"):
        Population.from_frames(
            households(household_class=0).drop(columns="household_id"), persons(), year=2023
        )


def test_empty_table_is_refused():
    with pytest.raises(DataError, match="household table is empty"):
        Population.from_frames(households().iloc[:0], persons(), year=2023)


@pytest.mark.parametrize("year", ["2023", 23, 2023.5, True, None])
def test_year_must_be_a_calendar_year(year):
    with pytest.raises(DataError, match="calendar year"):
        build(year=year)


def test_tables_must_be_frames():
    with pytest.raises(DataError, match="give a frame"):
        Population.from_frames([1, 2], persons(), year=2023)  # type: ignore[arg-type]


def test_doubled_column_name():
    frame = pd.concat([households(), households()[["weight"]]], axis=1)
    with pytest.raises(DataError, match="'weight' more than once"):
        Population.from_frames(frame, persons(), year=2023)


def test_unsorted_tables_are_sorted_and_said_so():
    with pytest.warns(DataWarning) as caught:
        city = Population.from_frames(
            households().iloc[[2, 0, 1]], persons().iloc[[3, 2, 0, 1]], year=2023
        )
    said = " ".join(str(warning.message) for warning in caught)
    assert "household table was not sorted" in said
    assert "person table was not sorted" in said
    assert city.households["household_id"].tolist() == [1, 2, 3]
    assert city.persons["age"].tolist() == [40, 38, 70, 25]
    assert city.weight.tolist() == [10.0, 20.0, 30.0]


def test_person_number_orders_the_persons():
    with pytest.warns(DataWarning, match="person table was not sorted"):
        city = build({}, {"person_number": [1, 0, 0, 0]})
    assert city.persons["age"].tolist() == [38, 40, 70, 25]


def test_misspelt_column_is_kept_with_a_warning():
    with pytest.warns(DataWarning, match="did you mean 'contractual_wage'"):
        city = build({}, {"contractual_wages": [1.0, 2.0, 3.0, 4.0]})
    assert city.persons["contractual_wages"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_household_of_thirty_is_kept_with_a_warning():
    frame = pd.DataFrame({"household_id": [1] * 30 + [2, 3], "age": 40})
    with pytest.warns(DataWarning, match="1 household.* more than 20 persons: 1"):
        city = Population.from_frames(households(), frame, year=2023)
    assert city.size.tolist() == [30, 1, 1]


def test_household_beyond_a_hundred_is_refused():
    frame = pd.DataFrame({"household_id": [1] * 101 + [2, 3], "age": 40})
    with pytest.raises(DataError, match="household 1 has 101 persons; at most 100"):
        Population.from_frames(households(), frame, year=2023)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1.0, 2.0], "one for each of the 3"),
        ([1.0, np.nan, 1.0], "missing"),
        ([1.0, -1.0, 1.0], "at least 0"),
        ([1.0, np.inf, 1.0], "finite"),
        (["a", "b", "c"], "numbers"),
    ],
)
def test_new_weights_are_checked(weights, words):
    with pytest.raises(DataError, match=re.escape(words)):
        build().with_weights(weights)


@pytest.mark.parametrize("mask", [[True, False], [1, 0, 1], [False, False, False]])
def test_selection_needs_a_mask_of_households(mask):
    with pytest.raises(DataError):
        build().select(mask)
