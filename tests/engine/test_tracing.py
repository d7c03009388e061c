"""What cannot be traced is refused with file, line and the word to use."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from olive_tests.toy import people, policy, run, tables

from olive.engine import lookup, maximum, plain_numpy, schedule, where
from olive.errors import RuleError, TraceError


def branch(age):
    if age > 60:
        return 1.0
    return 0.0


def ternary(age):
    return 1.0 if age > 60 else 0.0


def both_hold(age, wage):
    return where(age > 60 and wage > 0, 1, 0)


def either_holds(age, wage):
    return where(age > 60 or wage > 0, 1, 0)


def negation(married):
    return where(not married, 1, 0)


def chained(age):
    return where(18 <= age < 60, 1, 0)


def membership(grade):
    return where(grade in (1, 2), 1, 0)


def larger(age):
    return max(age, 18)


def smaller(age):
    return min(age, 18)


def absolute(age):
    return abs(age)


def rounded(age):
    return round(age)


def whole(age):
    return int(age)


def real(age):
    return float(age)


def whole_division(age):
    return age // 10


def remainder(age):
    return 100 % age


def power(age):
    return age**2


def power_in_place(age):
    age **= 2
    return age


def division_in_place(age):
    age //= 10
    return age


def remainder_in_place(age):
    age %= 10
    return age


def exclusive_in_place(married, urban):
    married ^= urban
    return married


def power_of_two(age):
    return 2**age


def exclusive(married, urban):
    return where(married ^ urban, 1, 0)


def for_loop(wage):
    total = 0
    for each in wage:
        total = total + each
    return total


def while_loop(age):
    while age > 10:
        age = age - 10
    return age


def summed(wage):
    return sum(wage)


def largest_of(wage):
    return max(wage)


def indexed(wage):
    return wage[0]


def length(wage):
    return len(wage)


def numpy_where(age):
    return np.where(age > 60, 1, 0)


def numpy_larger(age):
    return np.maximum(age, 18)


def numpy_and(married, urban):
    return where(np.logical_and(married, urban), 1, 0)


def numpy_log(wage):
    return np.log1p(wage)


def numpy_percentile(wage):
    return np.percentile(wage, 50)


def square_root(wage):
    return math.sqrt(wage)


def method(wage):
    return wage.astype(int)


def text(age):
    return where(age == "old", 1, 0)


def table_as_number(grant):
    return grant * 2


def number_as_table(rate, grade):
    return lookup(rate, grade)


def number_as_schedule(wage, rate):
    return schedule(wage, rate)


def wrong_count(age):
    return where(age > 60, 1)


FORBIDDEN = [
    (branch, "if age > 60:", "where(condition, a, b) instead of `if`"),
    (ternary, "return 1.0 if age > 60 else 0.0", "where(condition, a, b) instead of `if`"),
    (both_hold, "age > 60 and wage > 0", "`&` between bracketed conditions instead of `and`"),
    (either_holds, "age > 60 or wage > 0", "`|` between bracketed conditions instead of `or`"),
    (negation, "not married", "`~condition` instead of `not`"),
    (chained, "18 <= age < 60", "(a < x) & (x < b) instead of the chained a < x < b"),
    (membership, "grade in (1, 2)", "(x == a) | (x == b) instead of `in`"),
    (larger, "max(age, 18)", "maximum(a, b) instead of max"),
    (smaller, "min(age, 18)", "minimum(a, b) instead of min"),
    (absolute, "abs(age)", "maximum(x, -x) instead of abs"),
    (rounded, "round(age)", "floor(x + 0.5) instead of round"),
    (whole, "int(age)", "floor(x) instead of int"),
    (real, "float(age)", "leave float out"),
    (whole_division, "age // 10", "floor(a / b) instead of a // b"),
    (remainder, "100 % age", "a - b * floor(a / b) instead of a % b"),
    (power, "age**2", "x * x"),
    (power_of_two, "2**age", "x * x"),
    (power_in_place, "age **= 2", "x * x"),
    (division_in_place, "age //= 10", "floor(a / b) instead of a // b"),
    (remainder_in_place, "age %= 10", "a - b * floor(a / b) instead of a % b"),
    (exclusive_in_place, "married ^= urban", "`!=` between two truth values instead of ^"),
    (exclusive, "married ^ urban", "`!=` between two truth values instead of ^"),
    (for_loop, "for each in wage:", "a rule has no loop"),
    (while_loop, "while age > 10:", "a rule has no loop"),
    (summed, "sum(wage)", "declare household_sum(...)"),
    (largest_of, "max(wage)", "declare household_max(...)"),
    (indexed, "wage[0]", "lookup(table, code)"),
    (length, "len(wage)", "household_count"),
    (numpy_where, "np.where", "where of olive.engine"),
    (numpy_larger, "np.maximum", "maximum of olive.engine"),
    (numpy_and, "np.logical_and", "`&`"),
    (numpy_log, "np.log1p", "@plain_numpy"),
    (numpy_percentile, "np.percentile", "@plain_numpy"),
    (square_root, "math.sqrt", "float"),
    (method, "wage.astype", "@plain_numpy"),
    (text, 'age == "old"', "str is not in the vocabulary"),
    (table_as_number, "grant * 2", "lookup(table, code)"),
    (number_as_table, "lookup(rate, grade)", "a parameter that has `by`"),
    (number_as_schedule, "schedule(wage, rate)", "a parameter of `kind: schedule`"),
    (wrong_count, "where(age > 60, 1)", "if_false"),
]


@pytest.mark.parametrize(
    ("formula", "source", "word"), FORBIDDEN, ids=lambda x: getattr(x, "__name__", "")
)
def test_forbidden(formula, source, word) -> None:
    with pytest.raises(TraceError) as caught:
        policy(variable=people("1")(formula))
    message = str(caught.value)
    line = next(
        number
        for number, text in enumerate(Path(__file__).read_text().splitlines(), 1)
        if number > formula.__code__.co_firstlineno and source in text
    )
    assert f"{Path(__file__).name}, line {line}: " in message
    assert source in message
    assert word in message


@pytest.mark.parametrize("result", [None, "text", (1, 2), np.zeros(3)])
def test_result_that_is_no_expression(result) -> None:
    def forgot(age):
        return result

    line = forgot.__code__.co_firstlineno
    kind = type(result).__name__
    with pytest.raises(TraceError, match=rf"'x' \(test_tracing.py, line {line}\) returns {kind}"):
        policy(x=people("1")(forgot))


def test_table_is_read_with_as_many_codes_as_it_has() -> None:
    with pytest.raises(RuleError, match=r"'premium' is read with 2 code\(s\), found 1"):
        policy(x=people("yuan/year")(lambda premium, grade: 1 * lookup(premium, grade)))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda grant, wage: schedule(wage, grant), "'grant' is a table, but is used as a sche"),
        (lambda tax, grade: 1 * lookup(tax, grade), "'tax' is a schedule, but is used as a table"),
    ],
)
def test_tables_and_schedules_are_kept_apart(formula, message) -> None:
    with pytest.raises(RuleError, match=message):
        policy(x=people("yuan/year")(formula))


def test_helpers_and_local_names_are_welcome() -> None:
    """A rule may call functions, loop over constants and reuse parts: it is plain Python."""

    def above(amount, line):
        return maximum(amount - line, 0.0)

    def stepped(wage):
        charge = 0.0
        for line in (10_000.0, 20_000.0):
            charge = charge + 0.1 * above(wage, line)
        return +charge

    table = tables(20)
    found = run(table, policy(x=people("yuan/year")(stepped)), "x")["x"]
    wage = table.persons["wage"]
    expected = 0.1 * np.maximum(wage - 10_000, 0) + 0.1 * np.maximum(wage - 20_000, 0)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_plain_numpy_lifts_the_limits() -> None:
    table = tables(20)
    found = run(table, policy(x=plain_numpy(people("1")(numpy_log))), "x")["x"]
    assert (found == np.log1p(table.persons["wage"])).all()


@pytest.mark.parametrize("formula", [lambda *wage: 1.0, lambda wage=1: 1.0, lambda **wage: 1.0])
def test_arguments_are_plain_names(formula) -> None:
    with pytest.raises(RuleError, match=r"argument 'wage' must be a plain name"):
        people("1")(formula)


def test_words_on_constants_alone_and_numpy_scalars_are_constants() -> None:
    limit = np.int64(18)

    def adult(age):
        return where(age >= limit, where(3 > 2, 1.5, 2), maximum(1, 2) * np.float64(3))

    law = policy(x=people("1")(adult), y=people("1")(lambda age: where(True, 5, 6)))
    table = tables(20)
    found = run(table, law, "x", "y")
    assert found["x"].tolist() == [1.5 if age >= 18 else 6 for age in table.persons["age"]]
    assert set(found["y"].tolist()) == {5}


def test_numpy_scalars_on_either_side() -> None:
    two, yes = np.float64(2), np.bool_(True)
    rules = {
        "right": people("yuan/year")(lambda wage: (wage + two) * two / two - two),
        "left": people("yuan/year")(lambda wage: (two + wage) * two / two - two),
        "compared": people("bool")(lambda wage: (two < wage) & (yes & (wage != two))),
    }
    table = tables(20)
    found = run(table, policy(**rules), *rules)
    assert (found["left"] == found["right"]).all()
    assert (found["compared"] == (table.persons["wage"] > 2)).all()
