"""Pointers between persons: mutual ones are mended, what cannot be is refused; by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import olive
from olive.engine.columns import Column
from olive.engine.pointers import checked_pointers, in_circles
from olive.errors import DataError, DataWarning

COLUMNS = {
    "spouse": Column("spouse", "person", pointer="mutual"),
    "father": Column("father", "person", pointer="ancestor"),
    "mother": Column("mother", "person", pointer="ancestor"),
}


def look(starts=(0, 3), **pointers):
    given = {name: np.array(values) for name, values in pointers.items()}
    return checked_pointers(COLUMNS, given, np.array(starts))


def test_a_missing_answer_is_added_in_every_household():
    found = look((0, 2, 4, 6), spouse=[1, -1, -1, 0, 1, 0])
    assert found.values["spouse"].tolist() == [1, 0, 1, 0, 1, 0]
    assert found.added == {"spouse": 2}
    assert not found.faults


@pytest.mark.parametrize(
    ("pointers", "column", "row"),
    [
        ({"spouse": [1, 2, -1]}, "spouse", 0),  # a chain
        ({"spouse": [1, 2, 0]}, "spouse", 0),  # a ring of three
        ({"spouse": [2, 2, -1]}, "spouse", 0),  # two name a third, who says nothing
        ({"spouse": [0, -1, -1]}, "spouse", 0),  # oneself
        ({"spouse": [3, -1, -1]}, "spouse", 0),  # beyond the household
        ({"father": [1, 0, -1]}, "father", 0),  # each other's father
        ({"father": [1, 2, -1], "mother": [-1, -1, 0]}, "father", 0),  # through both
        ({"father": [-1, -1, 0], "mother": [-1, -1, 0]}, "mother", 2),  # one person as both
        ({"spouse": [1, 0, -1], "father": [-1, 0, -1]}, "father", 1),  # married to the father
        ({"spouse": [0.5, -1, -1]}, "spouse", 0),
    ],
)
def test_what_cannot_be_is_refused(pointers, column, row):
    found = look(**pointers)
    assert (column, row) in {(each.column, each.row) for each in found.faults}


@given(st.lists(st.integers(-1, 5), min_size=6, max_size=6))
def test_circles_are_those_that_a_walk_never_leaves(father):
    def endless(person: int) -> bool:
        for _ in range(7):
            if person < 0:
                return False
            person = father[person]
        return person >= 0

    assert in_circles([np.array(father)]).tolist() == [endless(each) for each in range(6)]


FAMILY = {
    "household_id": [1, 1, 1],
    "age": [40, 38, 10],
    "contractual_wage": [100_000.0, 500_000.0, 0.0],
    "father": [-1, -1, 0],
    "mother": [-1, -1, 1],
    "in_education": [0, 0, 1],
    "county": ["linhai"],
    "urban": [True],
    "weight": [1.0],
}


def test_a_child_is_deducted_once_when_one_spouse_answers():
    """国发〔2018〕41号: one deduction a child; 2,000 yuan a month from 2023 (国发〔2023〕13号)."""
    with pytest.warns(DataWarning, match="spouse: 1 person"):
        claim = olive.evaluate(
            "child_claim", {**FAMILY, "spouse": [-1, 0, -1]}, "2023-07-01", absent="neutral"
        )
    assert claim.sum() == 24_000


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"spouse": [1, 2, -1]}, ["'spouse' of person 0 is 1", "must name each other"]),
        ({"father": [1, 0, -1]}, ["'father' of person 0 is 1", "own ancestor"]),
        ({"months_worked": [20, 12, 0]}, ["months_worked", "at most 12", "20 at position 0"]),
        ({"annual_bonus": [0, -1, 0]}, ["annual_bonus", "at least 0", "-1 at position 1"]),
        ({"age": [40, 38, 130]}, ["age", "at most 120", "position 2"]),
        (
            {
                "age": pd.Series([40, 38, 10], index=["a", "b", "c"]),
                "contractual_wage": pd.Series([1.0, 2.0, 3.0], index=["b", "a", "c"]),
            },
            ["'contractual_wage' and 'age'", "another order"],
        ),
    ],
)
def test_evaluate_refuses_what_no_person_can_have(given, words):
    with pytest.raises(DataError) as caught:
        olive.evaluate("child_claim", {**FAMILY, **given}, "2023-07-01", absent="neutral")
    for word in words:
        assert word in str(caught.value)
