"""Totals of programmes that are switched off are not needed, and cannot change a result."""

from __future__ import annotations

import numpy as np
import pytest
from olive_tests.toy import homes, people, policy, tables

from olive.engine import (
    Reform,
    draw,
    evaluate_with,
    household_sum,
    population_sum,
    run_policies,
    where,
)
from olive.engine.intervals import Interval, applied
from olive.engine.liveness import read_together, reading_of
from olive.engine.relevance import Relevance, relevant_totals
from olive.errors import DataError

TABLES = tables(400, largest=3)


@homes("yuan/year")
def shared(rents, rent, allowance):
    return where(allowance > 0, rent / rents * allowance, 0.0)


@people("bool")
def chosen(is_adult, chosen_draw, adults, rate):
    return is_adult & (chosen_draw < rate * 1_000.0 / adults)


CHOICE = {
    "is_adult": people("bool")(lambda age: age >= 18),
    "adults": population_sum("is_adult"),
    "chosen_draw": draw("chosen"),
    "chosen": chosen,
}


def test_a_total_that_pays_nothing_is_not_needed() -> None:
    law = policy(rents=population_sum("rent"), shared=shared)
    off = law | Reform({"allowance": 0})
    assert relevant_totals(off, ["shared"], ()) == set()
    assert relevant_totals(law, ["shared"], ()) == {"rents"}
    assert evaluate_with(off, ["shared"], {"rent": [10.0]})["shared"].tolist() == [0.0]
    with pytest.raises(DataError, match="rents"):
        evaluate_with(law, ["shared"], {"rent": [10.0]})


def test_a_run_without_places_sums_nothing_and_chooses_nobody() -> None:
    law = policy(**CHOICE)
    off = law | Reform({"rate": 0})
    alone = run_policies(TABLES, [off], ["chosen"])
    assert not alone.population_totals
    assert not alone.arrays[0, "chosen"].any()
    both = run_policies(TABLES, [off, law], ["chosen"])
    assert set(both.population_totals) == {(1, "adults")}
    assert np.array_equal(both.arrays[0, "chosen"], alone.arrays[0, "chosen"])
    assert both.arrays[1, "chosen"].any()


@pytest.mark.parametrize(
    ("formula", "needed"),
    [
        (lambda adults, rate: where(rate > 2, adults, 0.0), False),
        (lambda adults, rate: where(rate < 2, adults, 0.0), True),
        (lambda adults, strict: where(strict & (adults > 5), 1.0, 0.0), False),
        (lambda adults, generous: where(generous | (adults > 5), 1.0, 0.0), False),
        (lambda adults, rate: (rate - rate) / adults, False),
        (lambda adults, rate: rate / adults, True),
        (lambda adults, chosen_draw: where(chosen_draw >= 1, adults, 0.0), False),
        (lambda adults, chosen_draw: where(chosen_draw > 0, adults, 0.0), True),
    ],
)
def test_only_what_can_change_a_value_is_needed(formula, needed) -> None:
    law = policy(**{**CHOICE, "read": people("1")(formula)})
    assert relevant_totals(law, ["read"], ()) == ({"adults"} if needed else set())


def test_a_total_of_nothing_is_nothing() -> None:
    given_back = homes("yuan/year")(lambda pot, rent: pot + rent)
    gift = homes("yuan/year")(lambda rent, rate: rent * rate)
    law = policy(gift=gift, pot=population_sum("gift"), given_back=given_back)
    off = law | Reform({"rate": 0})
    assert evaluate_with(off, ["given_back"], {"rent": [10.0]})["given_back"].tolist() == [10.0]
    with pytest.raises(DataError, match="pot"):
        evaluate_with(law, ["given_back"], {"rent": [10.0]})


@people("yuan/year")
def paid(age, rate, allowance):
    return where(age >= 18, rate * allowance, 0.0)


def test_a_parameter_is_live_only_where_it_can_move_the_variable() -> None:
    law = policy(paid=paid)
    none = Relevance(law | Reform({"rate": 0}), frozenset())
    assert Relevance(law, frozenset()).live(["paid"], ["rate", "allowance"]) == {
        "rate",
        "allowance",
    }
    # Beside a rate of zero no allowance matters, until the rate is let loose as well.
    assert none.live(["paid"], ["rate", "allowance"]) == {"rate"}
    assert none.live(["paid"], ["allowance"], ["rate"]) == {"allowance"}


def test_a_table_and_a_total_pass_a_parameter_on() -> None:
    """What decides who counts moves a share of the total that counts them."""
    law = policy(**CHOICE, chosen_people=population_sum("chosen"), part=_share)
    assert Relevance(law, frozenset()).live(["part"], ["rate"]) == {"rate"}


@people("1")
def _share(age, chosen_people):
    return where(age >= 18, 1.0 / chosen_people, 0.0)


def test_policies_read_together_are_read_as_each_alone() -> None:
    declared = {**CHOICE, "rents": population_sum("rent"), "shared": shared, "paid": paid}
    declared["household_paid"] = household_sum("paid")
    law = policy(**declared, both=_shared_or_paid)
    policies = [
        law | Reform({"rate": rate, "allowance": allowance})
        for rate in (0.0, 0.2, 1.0)
        for allowance in (0.0, 100.0)
    ]
    together = reading_of(policies, ())
    for place, each in enumerate(policies):
        alone = reading_of([each], ())
        assert together.under(place, ["both"]) == alone.under(0, ["both"])
        for name in law.rules.rules:
            found, single = together.interval(name), alone.interval(name)
            ends = [np.broadcast_to(end, len(policies))[place] for end in found]
            assert ends == [float(end[0]) for end in single]


def test_some_of_the_policies_read_together_are_read_as_they_are_alone() -> None:
    declared = {**CHOICE, "rents": population_sum("rent"), "shared": shared, "paid": paid}
    law = policy(**declared, household_paid=household_sum("paid"), both=_shared_or_paid)
    policies = [law | Reform({"rate": rate}) for rate in (0.0, 0.2, 0.9, 1.0)]
    chosen = [policies[each].renamed("chosen") for each in (3, 0)]
    alone = reading_of(chosen, ())
    wanted = ["both", "chosen"]
    with read_together(policies, wanted, ["rent"]):
        part = reading_of(chosen, ["rent"])
        assert part.known  # nothing is read anew
        other = reading_of([law | Reform({"rate": 0.2})], ["rent"])
        assert not other.known  # the same figures, of another policy
        assert not reading_of(chosen, ["rent", "shared"]).known  # no total is needed for it there
    assert not reading_of(chosen, ["rent"]).known
    for place in range(2):
        assert part.under(place, wanted) == alone.under(place, wanted)
    for name, mask in alone.pending(wanted).items():
        found = part.pending(wanted)[name]
        assert np.broadcast_to(found, 2).tolist() == np.broadcast_to(mask, 2).tolist()
    assert part.pending(wanted).keys() == alone.pending(wanted).keys()


@homes("yuan/year")
def _shared_or_paid(shared, household_paid, rate):
    return where(rate > 0.5, household_paid, shared * rate)


def test_totals_that_are_known_are_points() -> None:
    law = policy(**CHOICE)
    policies = [law, law | Reform({"rate": 0})]
    before = reading_of(policies, ())
    (name,) = before.pending(["chosen"])
    assert before.pending(["chosen"])[name].tolist() == [True, False]
    after = before.settled({name: np.array([50.0, np.nan])})
    assert after.pending(["chosen"]) == {}
    assert after.interval(name).low.tolist() == [50.0, -np.inf]


def test_what_lies_in_an_interval_stays_in_the_interval_of_the_result() -> None:
    """The law of intervals: f(x) lies in F(X) for every x in X, for every word."""
    random = np.random.default_rng(5)
    words = {
        "add": np.add,
        "subtract": np.subtract,
        "multiply": np.multiply,
        "divide": np.divide,
        "minimum": np.minimum,
        "maximum": np.maximum,
        "less": np.less,
        "less_equal": np.less_equal,
        "greater": np.greater,
        "greater_equal": np.greater_equal,
        "equal": np.equal,
        "not_equal": np.not_equal,
    }
    ends = np.sort(random.integers(-3, 4, (2, 2, 500)).astype(float), axis=1)
    within = [low + random.integers(0, 3, 500) / 2.0 * (high - low) for low, high in ends]
    with np.errstate(all="ignore"):
        for word, function in words.items():
            found = applied(word, [Interval(*each) for each in ends])
            value = function(*within)
            defined = np.isfinite(value)
            inside = (found.low <= value) & (value <= found.high)
            assert inside[defined].all(), word
