"""The digest of a policy: what plain rules hold and read tells them apart."""

# ruff: noqa: PLW0108 - the argument names of a lambda are what the rule reads

from __future__ import annotations

from ctypes import c_int, pointer
from datetime import date
from fractions import Fraction
from functools import cache, partial
from threading import Lock
from types import FunctionType

import numpy as np
import pytest
from olive_tests import toy
from olive_tests.toy import DAY, people, rule_set

from olive.engine import Reform, household_max, household_sum, plain_numpy, policy_on

RULES = rule_set(
    charge=people("yuan/year")(lambda wage, rate: wage * rate), total=household_sum("charge")
)
LAW = policy_on(RULES, DAY)


def test_it_tells_rules_apart() -> None:
    rules = [
        household_sum("wage").named("total"),
        household_max("wage").named("total"),
        people("yuan/year")(lambda wage: wage).named("charge"),
        people("yuan/year")(lambda wage: wage * 2).named("charge"),
        plain_numpy(people("yuan/year")(lambda wage: wage)).named("charge"),
        plain_numpy(people("yuan/year")(lambda wage: wage * 2)).named("charge"),
        plain_numpy(people("yuan/year")(lambda wage: wage * 3)).named("charge"),
        plain_numpy(people("yuan/year")(lambda wage: np.exp(wage))).named("charge"),
        plain_numpy(people("yuan/year")(lambda wage: np.sqrt(wage))).named("charge"),
    ]
    digests = [LAW.digest(), *((LAW | Reform(rules=[rule])).digest() for rule in rules)]
    assert len(set(digests)) == len(digests)
    assert LAW.digest() == policy_on(RULES, DAY).digest()
    labelled = Reform(rules=[household_sum("wage", zh="合计").named("total")])
    assert (LAW | labelled).digest() == digests[1]


def multiplied_by(factor):
    return lambda wage: np.asarray(wage) * factor


TWICE, THRICE, LISTED = 2.0, 3.0, [1.0, 2.0]


def of_listed(wage):
    return wage * LISTED[1]


def test_it_tells_apart_what_plain_rules_read_around_them() -> None:
    functions = [
        multiplied_by(2.0),
        multiplied_by(3.0),
        multiplied_by(np.array([2.0])),
        multiplied_by(np.array([3.0])),
        lambda wage: wage * TWICE,
        lambda wage: wage * THRICE,
        lambda wage: np.vectorize(lambda each: each * 2)(wage),
        lambda wage: np.vectorize(lambda each: each * 3)(wage),
        lambda wage: of_listed(wage),
        lambda wage: np.where(wage > 0, np.vectorize(lambda each: each in {1, 2})(wage), THRICE),
    ]

    def digests() -> list[str]:
        rules = [plain_numpy(people("yuan/year")(each)).named("charge") for each in functions]
        return [(LAW | Reform(rules=[rule])).digest() for rule in rules]

    found = digests()
    assert len(set(found)) == len(functions)
    assert digests() == found


def times(wage, by=2.0, *, less=0.0):
    return wage * by - less


class Rates:
    HIGH = 2.0

    def __init__(self, rate):
        self.rate = rate
        self.itself = self

    def of(self, wage, *others):
        return wage * self.rate


def copied(function, **others):
    """Return the same function with other defaults."""
    found = FunctionType(function.__code__, function.__globals__, function.__name__)
    found.__defaults__, found.__kwdefaults__ = (others.pop("by", 2.0),), {"less": 0.0, **others}
    return found


@pytest.mark.parametrize(
    "made",
    [
        lambda number: copied(times, by=number),
        lambda number: copied(times, less=number),
        lambda number: partial(times, by=number),
        lambda number: np.vectorize(copied(times, by=number)),
        lambda number: cache(copied(times, by=number)),
        lambda number: Rates(number),
        lambda number: Rates(number).__init__,
        lambda number: date(2023, 1, int(number)),
        lambda number: Fraction(number),
        lambda number: np.array([float(str(number)), None], dtype=object),
        lambda number: {"rates": [Rates(number)]},
    ],
)
def test_it_follows_whatever_a_plain_rule_holds(made) -> None:
    def digest(number: float) -> str:
        held = made(number)
        rule = plain_numpy(people("yuan/year")(lambda wage: (held, wage)[1])).named("charge")
        return (LAW | Reform(rules=[rule])).digest()

    assert digest(2.0) == digest(2.0)
    assert digest(2.0) != digest(3.0)


@pytest.mark.parametrize("held", [Lock(), pointer(c_int(1)), np.random.default_rng(), partial])
def test_it_names_what_cannot_be_followed(held) -> None:
    rules = [plain_numpy(people("yuan/year")(lambda wage: (held, wage)[1])) for _ in range(2)]
    first, second = ((LAW | Reform(rules=[each.named("charge")])).digest() for each in rules)
    assert first == second


@pytest.mark.parametrize(
    ("owner", "name"), [(Rates, "HIGH"), (Rates, "of"), (toy, "KEYS"), (toy, "tables")]
)
def test_it_follows_what_stands_in_classes_and_modules(monkeypatch, owner, name) -> None:
    rates = Rates(2.0)

    def digest() -> str:
        rule = plain_numpy(
            people("yuan/year")(lambda wage: rates.of(wage, Rates.HIGH, toy.KEYS, toy.tables))
        )
        return (LAW | Reform(rules=[rule.named("charge")])).digest()

    before = digest()
    monkeypatch.setattr(owner, name, multiplied_by)
    assert digest() != before


def test_it_follows_a_list_that_a_helper_reads(monkeypatch) -> None:
    def digest() -> str:
        rule = plain_numpy(people("yuan/year")(lambda wage: of_listed(wage))).named("charge")
        return (LAW | Reform(rules=[rule])).digest()

    before = digest()
    monkeypatch.setitem(globals(), "LISTED", [1.0, 2.5])
    assert digest() != before
