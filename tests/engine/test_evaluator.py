"""A prepared function of given variables gives what evaluating each time gives, to the bit."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.toy import homes, people, policy

import olive
from olive.engine import (
    draw,
    evaluate_with,
    household_sum,
    lookup,
    plain_numpy,
    population_sum,
    schedule,
    where,
)
from olive.engine.evaluator import Evaluator
from olive.errors import DataError

YEARLY = "yuan/year"
RULES = {
    "taxable": people(YEARLY)(lambda wage, allowance: where(wage > allowance, wage - allowance, 0)),
    "charge": people(YEARLY)(lambda taxable, tax: 1 * schedule(taxable, tax)),
    "aid": people(YEARLY)(lambda grant, grade, urban: where(urban, lookup(grant, grade), 0)),
    "lucky": people("bool")(lambda luck, share: luck < share),
    "luck": draw("luck"),
    "income": household_sum("wage"),
    "left": homes(YEARLY)(lambda income, rent: income - rent),
    "rough": plain_numpy(people(YEARLY)(lambda charge, aid: np.round(charge + aid))),
    "ratio": people("1")(lambda wage, charge: wage / charge),
    "rents": population_sum("rent"),
    "rent_share": homes("1")(lambda rent, rents: rent / rents),
}
LAW = policy(**RULES)
GIVEN = ("wage", "grade", "urban", "rent")


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1e7), st.integers(0, 3), st.booleans(), st.floats(0, 1e5)),
        min_size=1,
        max_size=8,
    )
)
def test_the_same_bits_as_evaluating_each_time(rows) -> None:
    columns = dict(zip(GIVEN, map(list, zip(*rows, strict=True)), strict=True))
    for variable in ("charge", "aid", "left", "rough", "wage"):
        function = Evaluator(LAW, variable, GIVEN)
        for row in rows:
            given = dict(zip(GIVEN, row, strict=True))
            found = function(*row)
            assert type(found) is float
            assert [found] == evaluate_with(LAW, [variable], given)[variable].tolist()
            assert function(**given) == found
        if variable != "left":
            together = function(**columns).tolist()
            assert together == [function(*row) for row in rows]


def test_hand_arithmetic() -> None:
    # 100,000 - 60,000 = 40,000 taxable; 3 % of 36,000 + 10 % of 4,000 = 1,480
    charge = Evaluator(LAW, "charge", ["wage"])
    assert charge(100_000) == charge(np.float32(100_000)) == charge(wage=100_000.0) == 1_480
    assert charge([100_000, 50_000]).tolist() == [1_480, 0]
    assert charge(100_000) == 1_480  # a list in between changes nothing
    assert Evaluator(LAW, "charge", ["taxable"])(40_000) == 1_480
    assert Evaluator(LAW, "aid", ["grade", "urban"])("severe", True) == 3_600
    assert Evaluator(LAW, "aid", ["grade", "urban"])(2, 1) == 3_600


def test_draws_are_those_of_the_seed() -> None:
    for seed in (0, 5):
        lucky = Evaluator(LAW, "lucky", [], seed=seed)
        assert lucky() is bool(evaluate_with(LAW, ["lucky"], {}, seed=seed)["lucky"][0])


def test_absent_columns() -> None:
    with pytest.raises(DataError, match=r"'rent' is missing; rule 'left' needs it"):
        Evaluator(LAW, "left", ["wage"])
    assert Evaluator(LAW, "left", ["wage"], absent="neutral")(70_000.0) == 70_000.0


def test_results_are_ones_own() -> None:
    charge = Evaluator(LAW, "charge", ["wage"])
    first = charge([100_000.0, 70_000.0])
    charge([0.0, 0.0])
    assert first.tolist() == [1_480, 300]


def test_several_threads_and_processes() -> None:
    charge = Evaluator(LAW, "charge", ["wage"])
    wages = np.linspace(0, 3e5, 400).tolist()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(charge, wages)) == charge(wages).tolist()
    law = olive.law("2023-01-01")
    tax = olive.evaluator("comprehensive_income_tax", ["taxable_income"], law)
    assert pickle.loads(pickle.dumps(tax))(36_000.0) == 1_080


def test_no_other_thread_comes_between_a_result_and_its_refusal() -> None:
    ratio = Evaluator(LAW, "ratio", ["wage", "charge"])
    refuse = ratio._one.refuse

    def after_another_call() -> None:
        other = Thread(target=ratio, args=(6.0, 2.0), daemon=True)
        other.start()
        other.join(0.2)
        refuse()

    ratio._one = replace(ratio._one, refuse=after_another_call)
    with pytest.raises(DataError, match="'ratio' is inf"):
        ratio(1.0, 0.0)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), r"needs a value of 'wage'"),
        ((1.0,), r"needs a value of 'grade'"),
        ((1.0, 0, 3), r"one value for each name, found 3"),
        ((float("nan"), 0), r"'wage' has a value that is NaN or infinite"),
        ((1.0, 4), r"'grade': codes are 0 to 3"),
        ((1.0, "grave"), r"'grade': no code 'grave'"),
        (("much", 0), r"'wage' must hold numbers or truth values"),
        (([1.0, 2.0], [0, 0, 0]), r"lengths \[2, 3\]"),
    ],
)
def test_bad_values_are_refused(values, words) -> None:
    function = Evaluator(LAW, "wage", ["wage", "grade"])
    with pytest.raises(DataError, match=words):
        function(*values)
    assert function(7.0, 1) == 7.0


def test_what_cannot_be_prepared() -> None:
    for variable, names, words in (
        ("charge", ["wages"], r"'wages' is no variable or column \(did you mean 'wage'"),
        ("charge", ["allowance"], r"'allowance' is a parameter"),
        ("income", ["wage", "household_id"], r"use evaluate\(\) with household_id"),
        ("rent_share", ["rent", "rents"], r"'rents' is a total over the population"),
        ("rent_share", ["rent"], r"'rents' is a total over the population"),
        ("charge", "wage", r"given is one text"),
        ("charge", None, r"given is None; give a list of names"),
        ("charge", ["wage", "grade", "wage"], r"given names 'wage' twice"),
    ):
        with pytest.raises(DataError, match=words):
            Evaluator(LAW, variable, names)
    income = Evaluator(LAW, "income", ["wage"])
    assert income(5.0) == 5.0
    with pytest.raises(DataError, match=r"'income' looks across whole households"):
        income([5.0, 6.0])
    with pytest.raises(DataError, match=r"no variable or column"):
        income(wages=3.0)
    with pytest.raises(DataError, match=r"one value for each name"):
        income(3.0, wage=3.0)


def test_results_that_are_no_number_are_refused() -> None:
    ratio = Evaluator(LAW, "ratio", ["wage"])
    with pytest.raises(DataError, match=r"'ratio' is inf for row 0 of the person table"):
        ratio(50_000.0)
    with pytest.raises(DataError, match=r"'ratio' is inf for row 1 of the person table"):
        ratio([100_000.0, 50_000.0])
