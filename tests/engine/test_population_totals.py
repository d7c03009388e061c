"""Totals over the population: each ends a pass, then rules read it like a parameter."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from olive_tests.toy import both, homes, household_of, people, policy, run, tables

from olive.engine import (
    Reform,
    draw,
    evaluate_with,
    household_sum,
    population_sum,
    run_policies,
    where,
)
from olive.engine.passes import Passes
from olive.engine.program_builder import ProgramBuilder
from olive.errors import DataError, RuleError

TABLES = tables(1_500, largest=3)
HOME = household_of(TABLES)
WEIGHT = TABLES.households["weight"]


@people("bool")
def eligible(age, wage):
    return (age >= 18) & (wage == 0)


@people("bool")
def chosen(eligible, chosen_draw, eligible_total):
    return eligible & (chosen_draw * eligible_total < 100)


@homes("yuan/year")
def dividend(rents, rent, allowance):
    return where(rents > 0, rent / rents, 0.0) * allowance


RULES = {
    "eligible": eligible,
    "eligible_total": population_sum("eligible", zh="符合条件人数"),
    "chosen_draw": draw("chosen"),
    "chosen": chosen,
    "chosen_total": population_sum("chosen"),
    "rents": population_sum("rent"),
    "dividend": dividend,
}


def test_totals_are_weighted_sums() -> None:
    law = policy(**RULES)
    found = both(TABLES, law, "eligible", "chosen", "dividend")
    total = run_policies(TABLES, [law], ["chosen", "dividend"]).population_totals
    rents = (WEIGHT * TABLES.households["rent"]).sum()
    count = WEIGHT[HOME][found["eligible"]].sum()
    assert total[0, "rents"] == pytest.approx(rents, rel=1e-12)
    assert total[0, "eligible_total"] == pytest.approx(count, rel=1e-12)
    # The dividends hand out exactly the stated budget.
    assert (WEIGHT * found["dividend"]).sum() == pytest.approx(60_000, rel=1e-12)
    # As many are chosen as stated, up to chance: each of `count` with probability 100 / count.
    selected = WEIGHT[HOME][found["chosen"]].sum()
    assert abs(selected - 100) < 5 * np.sqrt(100 * WEIGHT.max())


def test_a_total_may_stand_on_another_total() -> None:
    extra = policy(
        **RULES,
        per_chosen=people("yuan/year")(lambda chosen_total, allowance: allowance / chosen_total),
    )
    found = both(TABLES, extra, "per_chosen", "chosen")
    selected = WEIGHT[HOME][found["chosen"]].sum()
    assert found["per_chosen"][0] == pytest.approx(60_000 / selected, rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_each_policy_has_its_own_totals(backend) -> None:
    """One policy without any total, one with, one whose total sums something else."""
    plain = policy(
        eligible=eligible,
        chosen=people("bool")(lambda eligible, married: eligible & married),
    )
    added = plain | Reform(
        rules=[
            people("bool")(lambda eligible, adult_total: eligible & (adult_total > 0)).named(
                "chosen"
            ),
            people("bool")(lambda age: age >= 18).named("adult"),
            population_sum("adult").named("adult_total"),
        ]
    )
    other = added | Reform(rules=[population_sum("married").named("adult_total")])
    found = run_policies(TABLES, [plain, added, other, plain], ["chosen"], backend=backend)
    persons = TABLES.persons
    adults = WEIGHT[HOME][persons["age"] >= 18].sum()
    married = WEIGHT[HOME][persons["married"]].sum()
    assert found.population_totals == {
        (1, "adult_total"): pytest.approx(adults),
        (2, "adult_total"): pytest.approx(married),
    }
    may = (persons["age"] >= 18) & (persons["wage"] == 0)
    assert (found.arrays[0, "chosen"] == (may & persons["married"])).all()
    assert (found.arrays[1, "chosen"] == may).all()


def test_a_total_is_not_an_output() -> None:
    with pytest.raises(RuleError, match=r"'rents' is one number .* population_totals"):
        run_policies(TABLES, [policy(**RULES)], ["rents"])
    with pytest.raises(RuleError, match=r"'rents' is one number"):
        run_policies(TABLES, [policy(**RULES)], [], totals=["rents"])


def test_a_total_needs_weights() -> None:
    bare = type(TABLES)(
        {"rent": TABLES.households["rent"]}, {}, TABLES.starts, TABLES.household_key
    )
    with pytest.raises(DataError, match="column 'weight' is missing; the weighted total needs it"):
        run(bare, policy(**RULES), "dividend")


def test_a_given_total_serves_one_household_alone() -> None:
    law = policy(**RULES)
    whole = run_policies(TABLES, [law], ["dividend"])
    alone = evaluate_with(
        law,
        ["dividend"],
        {"rent": TABLES.households["rent"][:1], "rents": whole.population_totals[0, "rents"]},
    )
    assert alone["dividend"][0] == whole.arrays[0, "dividend"][0]
    with pytest.raises(DataError, match=r"'rents' is a total over the population.*give it as one"):
        evaluate_with(law, ["dividend"], {"rent": [1.0]})


@pytest.mark.parametrize("value", [[1.0, 2.0], float("nan"), "many", None, []])
def test_a_given_total_is_one_finite_number(value) -> None:
    with pytest.raises(DataError, match="given 'rents' must be one finite number"):
        evaluate_with(policy(**RULES), ["dividend"], {"rent": [1.0], "rents": value})


def test_group_rules_do_not_read_totals() -> None:
    with pytest.raises(RuleError, match="'sums' reads 'rents', which is not a variable of persons"):
        policy(rents=population_sum("rent"), sums=household_sum("rents"))


def chain(*, rate: float, seed: int = 3):
    """Programmes one after the other: each takes from those whom the one before has left."""
    law = policy(
        adult=people("bool")(lambda age: age >= 18),
        adults=population_sum("adult"),
        first_draw=draw("first"),
        first=people("bool")(
            lambda adult, first_draw, adults, rate: (
                adult & (first_draw < where(rate > 0, 200.0 * rate / adults, 0.0))
            )
        ),
        left=people("bool")(lambda adult, first: adult & ~first),
        left_over=population_sum("left"),
        second_draw=draw("second"),
        second=people("bool")(
            lambda left, second_draw, left_over: left & (second_draw < 100.0 / left_over)
        ),
        second_places=population_sum("second"),
        paid=people("yuan/year")(
            lambda first, second, second_places, wage: where(
                first, wage, where(second, wage / second_places, 0.0)
            )
        ),
    )
    return law | {"rate": rate}


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_what_passes_share_changes_no_figure(backend, monkeypatch) -> None:
    """Truth values of earlier passes are reused; without room for them they are worked out anew."""
    table = tables(3_000, largest=4)
    laws = [chain(rate=0.0), chain(rate=0.5), chain(rate=0.8)]
    outputs = ["first", "second", "paid"]
    steps: list[str] = []
    real = ProgramBuilder.program

    def counted(self, *given, **how):
        program = real(self, *given, **how)
        steps.extend(step.rule.name for step in program.steps)
        return program

    monkeypatch.setattr(ProgramBuilder, "program", counted)
    shared = run_policies(table, laws, outputs, totals=["paid"], backend=backend)
    with_room = Counter(steps)
    steps.clear()
    monkeypatch.setattr(Passes, "_carry", lambda self, program, results: None)
    anew = run_policies(table, laws, outputs, totals=["paid"], backend=backend)
    assert shared.totals == anew.totals
    assert shared.population_totals == anew.population_totals
    for key, array in anew.arrays.items():
        assert array.any() or key == (0, "first")
        assert (shared.arrays[key] == array).all(), key
    assert with_room["adult"] < Counter(steps)["adult"]
    assert with_room["first_draw"] < Counter(steps)["first_draw"]
