"""Many policies in one pass: equal to one at a time, and nothing is computed twice."""

# ruff: noqa: PLW0108 - the argument names of a lambda are what the rule reads
from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.toy import COLUMNS, people, policy, run, tables

from olive.engine import (
    Reform,
    draw,
    household_max,
    household_sum,
    lookup,
    minimum,
    of,
    plain_numpy,
    run_policies,
    schedule,
    where,
)
from olive.engine.program_builder import build_program
from olive.errors import DataError, RuleError

YEARLY = "yuan/year"
AVAILABLE = {name: column.entity for name, column in COLUMNS.items()}
RULES = {
    "gross": people(YEARLY)(lambda wage, married: where(married, wage, wage * 2)),
    "taxable": people(YEARLY)(lambda gross, allowance: gross - allowance),
    "charge": people(YEARLY)(lambda taxable, tax: 1 * schedule(taxable, tax)),
    "aid": people(YEARLY)(lambda grant, grade: 1 * lookup(grant, grade)),
    "levy": people(YEARLY)(lambda gross, rate, ceiling: minimum(gross * rate, ceiling)),
    "net": people(YEARLY)(lambda gross, charge, levy, aid: gross - charge - levy + aid),
    "income": household_sum("net"),
}
LAW = policy(**RULES)
# Each lever, and the variables that it moves, by hand.
LEVERS = {
    "allowance": (1_000.0, {"taxable", "charge", "net", "income"}),
    "rate": (0.5, {"levy", "net", "income"}),
    "ceiling": (5.0, {"levy", "net", "income"}),
    "grant": ({"light": 7.0}, {"aid", "net", "income"}),
    "tax": ({"thresholds": [0], "rates": [0.5]}, {"charge", "net", "income"}),
}


def steps(policies, outputs=("income",)):
    """Return how often each rule stands in the program."""
    names = [step.rule.name for step in build_program(policies, AVAILABLE, outputs).steps]
    return {name: names.count(name) for name in names}


def subsets(levers):
    """Return the policies of all subsets of levers."""
    chosen = itertools.product([False, True], repeat=len(levers))
    return [
        LAW | {name: LEVERS[name][0] for name, on in zip(levers, each, strict=True) if on}
        for each in chosen
    ]


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_one_pass_equals_one_at_a_time(backend) -> None:
    table = tables(100)
    policies = subsets(list(LEVERS))
    outputs = ["charge", "levy", "aid", "income", "wage"]
    together = run_policies(table, policies, outputs, totals=["net"], backend=backend)
    for position, each in enumerate(policies):
        alone = run_policies(table, [each], outputs, totals=["net"], backend=backend)
        for name in outputs:
            assert (together.arrays[position, name] == alone.arrays[0, name]).all()
        assert together.totals[position, "net"] == alone.totals[0, "net"]


@pytest.mark.parametrize("lever", LEVERS)
def test_only_what_the_lever_moves_is_computed_again(lever) -> None:
    value, moved = LEVERS[lever]
    found = steps([LAW, LAW | {lever: value}])
    assert found == {name: 2 if name in moved else 1 for name in RULES}
    assert set(LAW.rules.moved_by(lever)) == moved


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(LEVERS)), unique=True))
def test_once_for_each_combination_of_what_it_depends_on(levers) -> None:
    """Over all subsets, a variable behind k of the levers is computed 2^k times."""
    found = steps(subsets(levers))
    for name in RULES:
        behind = sum(name in LEVERS[lever][1] for lever in levers)
        assert found[name] == 2**behind


def test_same_policy_twice_costs_nothing() -> None:
    assert set(steps([LAW, LAW, LAW | {"rate": 0.08}, LAW | Reform()]).values()) == {1}


def test_equal_policies_share_their_arrays() -> None:
    found = run_policies(tables(5), [LAW, LAW | {"rate": 0.5}], ["charge", "levy"]).arrays
    assert found[0, "charge"] is found[1, "charge"]
    assert found[0, "levy"] is not found[1, "levy"]


def test_rules_that_compute_the_same_are_shared_between_names() -> None:
    law = policy(
        first=people(YEARLY)(lambda wage, allowance: wage - allowance),
        second=people(YEARLY)(lambda wage, allowance: wage - allowance),
        third=people(YEARLY)(lambda wage, ceiling: wage - ceiling),
    )
    assert steps([law], ["first", "second", "third"]) == {"first": 1, "third": 1}
    table = tables(5)
    found = run(table, law, "first", "second", "third")
    assert (found["first"] == found["second"]).all()
    assert (found["first"] != found["third"]).any()


def test_structural_reforms_share_the_rest() -> None:
    flat = Reform(rules=[people(YEARLY)(lambda taxable, rate: taxable * rate).named("charge")])
    policies = [LAW, LAW | flat, LAW | flat | {"allowance": 1.0}]
    found = steps(policies)
    assert found["gross"] == 1
    assert found["levy"] == 1
    assert found["taxable"] == 2
    assert found["charge"] == 3
    table = tables(40)
    for backend in ("numpy", "compiled"):
        together = run_policies(table, policies, ["income"], backend=backend).arrays
        for position, each in enumerate(policies):
            alone = run(table, each, "income", backend=backend)["income"]
            assert (together[position, "income"] == alone).all()


def test_draws_are_shared_and_rates_stay_levers() -> None:
    law = policy(
        number=draw("take_up"),
        claims=people("bool")(lambda number, share: number < share),
        other=draw("other"),
    )
    policies = [law | {"share": share} for share in (0.0, 0.3, 0.7, 1.0)]
    outputs = ("claims", "other")
    assert steps(policies, outputs) == {"number": 1, "claims": 4, "other": 1}
    found = run_policies(tables(200), policies, outputs).arrays
    claims = [found[position, "claims"] for position in range(4)]
    assert not claims[0].any()
    assert claims[3].all()
    # Whoever claims at a low rate claims at a higher one too.
    assert all((high >= low).all() for low, high in itertools.pairwise(claims))


def test_only_what_is_asked_for_is_computed() -> None:
    assert steps([LAW], ["levy"]) == {"gross": 1, "levy": 1}
    assert steps([LAW], ["wage"]) == {}
    assert set(steps([LAW], ["charge", "aid"])) == {"gross", "taxable", "charge", "aid"}


def test_given_variables_are_not_computed() -> None:
    at_hand = {**AVAILABLE, "taxable": "person", "income": "household"}
    program = build_program([LAW], at_hand, ["charge", "income"])
    assert [step.rule.name for step in program.steps] == ["charge"]
    columns = {slot.column for slot in program.slots}
    assert columns == {"taxable", "income", None}


def test_outputs_that_are_columns() -> None:
    table = tables(5)
    for backend in ("numpy", "compiled"):
        found = run(table, LAW, "wage", "urban", "gross", backend=backend)
        assert (found["wage"] == table.persons["wage"]).all()
        assert found["urban"].dtype == np.bool_
        assert (found["urban"] == table.households["urban"]).all()


def test_groups_pointers_and_plain_rules_are_shared_too() -> None:
    law = policy(
        **RULES,
        most=household_max("gross"),
        spouse_gross=of("spouse", "gross"),
        rooted=plain_numpy(people("1")(lambda gross: np.sqrt(gross))),
        rooted_levy=plain_numpy(people("1")(lambda levy: np.sqrt(levy))),
    )
    outputs = ["most", "spouse_gross", "rooted", "rooted_levy"]
    found = steps([law, law | {"rate": 0.5}], outputs)
    assert found == {
        "gross": 1,
        "most": 1,
        "spouse_gross": 1,
        "rooted": 1,
        "levy": 2,
        "rooted_levy": 2,
    }


@pytest.mark.parametrize(
    ("missing", "error", "words"),
    [
        ("grade", DataError, r"column 'grade' is missing; rule 'aid' needs it"),
        ("wage", DataError, r"column 'wage' is missing; rule 'gross' needs it"),
        ("weight", DataError, r"column 'weight' is missing; the weighted total needs it"),
    ],
)
def test_missing_columns(missing, error, words) -> None:
    at_hand = {name: entity for name, entity in AVAILABLE.items() if name != missing}
    with pytest.raises(error, match=words):
        build_program([LAW], at_hand, ["income"], ["net"])


def test_nearest_column() -> None:
    with pytest.raises(DataError, match=r"'grade' is missing.*did you mean 'grades'"):
        build_program([LAW], {"grades": "person", "wage": "person", "married": "person"}, ["aid"])


def test_unknown_outputs() -> None:
    with pytest.raises(RuleError, match=r"no variable 'incom' \(did you mean 'income'"):
        build_program([LAW], AVAILABLE, ["incom"])
    with pytest.raises(RuleError, match=r"no variable 'nett'"):
        build_program([LAW], AVAILABLE, [], ["nett"])


def test_totals_are_kept_once() -> None:
    program = build_program([LAW, LAW | {"rate": 0.5}], AVAILABLE, [], ["charge", "levy", "rent"])
    assert len(program.totals) == 4  # charge and rent are shared, levy is not
    assert program.total_of[0, "charge"] == program.total_of[1, "charge"]
    assert program.total_of[0, "levy"] != program.total_of[1, "levy"]
