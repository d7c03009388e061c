"""Rules marked as plain numpy run in the same pass, anywhere among traced rules."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from olive_tests.toy import both, homes, household_of, people, policy, run, tables

from olive.engine import household_sum, plain_numpy, where
from olive.errors import RuleError

BACKENDS = pytest.mark.parametrize("backend", ["numpy", "compiled"])
TABLES = tables(2_500, largest=3)  # three blocks


@plain_numpy
@people("1")
def log_wage(wage):
    return np.log1p(wage)


@people("1")
def twice_log(log_wage):
    return log_wage * 2


@plain_numpy
@people("bool")
def lucky(twice_log, married):
    return np.logical_xor(twice_log > 20, married)


lucky_persons = household_sum("lucky")


@plain_numpy
@homes("yuan/year")
def bill(lucky_persons, rent, allowance, generous):
    return np.sqrt(rent) * lucky_persons + (allowance if generous else 0.0)


@people("yuan/year")
def left(bill, wage):
    return where(wage > bill, wage - bill, 0.0)


@plain_numpy
@people("1")
def order_of_size(left, log_wage):
    return np.round(left) + log_wage


RULES = {
    "log_wage": log_wage,
    "twice_log": twice_log,
    "lucky": lucky,
    "lucky_persons": lucky_persons,
    "bill": bill,
    "left": left,
    "order_of_size": order_of_size,
}


@pytest.mark.parametrize("kept", [tuple(RULES), ("order_of_size",), ("left", "bill")])
def test_start_middle_and_end(kept) -> None:
    found = both(TABLES, policy(**RULES), *kept)
    person, home = TABLES.persons, household_of(TABLES)
    logs = np.log1p(person["wage"])
    lucky_here = (2 * logs > 20) != person["married"]
    count = np.bincount(home, lucky_here)
    expected = {"log_wage": logs, "lucky": lucky_here, "lucky_persons": count}
    expected["bill"] = np.sqrt(TABLES.households["rent"].astype(float)) * count + 60_000
    expected["left"] = np.maximum(person["wage"] - expected["bill"][home], 0)
    expected["order_of_size"] = np.round(expected["left"]) + logs
    for name in kept:
        if name in expected:
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-12)


def test_threads_do_not_change_bits() -> None:
    law = policy(**RULES)
    one, two = (run(TABLES, law, *RULES, backend="compiled", threads=threads) for threads in (1, 2))
    for name in RULES:
        assert (one[name] == two[name]).all()


@BACKENDS
def test_a_plain_rule_cannot_write_into_the_data(backend) -> None:
    def doubling(wage):
        wage *= 2
        return wage

    table = tables(5)
    before = table.persons["wage"].copy()
    law = policy(doubled=plain_numpy(people("yuan/year")(doubling)))
    with pytest.raises(ValueError, match="read-only"):
        run(table, law, "doubled", backend=backend)
    assert (table.persons["wage"] == before).all()


@BACKENDS
def test_a_plain_rule_must_be_elementwise(backend) -> None:
    law = policy(short=plain_numpy(people("yuan/year")(lambda wage: wage[:3])))
    with pytest.raises(RuleError, match=r"'short' returned shape \(3,\) .* must be elementwise"):
        run(tables(5), law, "short", backend=backend)


@BACKENDS
def test_guarded_division_is_silent(backend) -> None:
    guarded = plain_numpy(people("1")(lambda age: np.where(age > 0, 1 / age, 0.0)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(tables(200), policy(guarded=guarded), "guarded", backend=backend)


def test_only_formulas_can_be_marked() -> None:
    with pytest.raises(RuleError, match="@plain_numpy above @person_rule"):
        plain_numpy(household_sum("wage"))
