"""What a rule is for: words, sums by role, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.toy import homes, people, policy, rule_set, run, tables

from olive.engine import Reform, household_sum, purposes, run_policies, sum_of_role
from olive.engine.purposes import PAYERS, PUBLIC, ROLES, Purpose
from olive.errors import RuleError, UnitError

YEARLY = "yuan/year"


def paid(amount: float, **meant: str):
    """Return a rule that pays every household an amount."""
    return homes(YEARLY, **meant)(lambda rent: rent * 0.0 + amount)


def total(rules, name: str) -> float:
    return float(run(tables(), policy(**rules), name)[name][0])


def test_sums_follow_from_roles() -> None:
    rules = {
        "aid": paid(100.0, role="cash_benefit"),
        "pension": paid(20.0, role="cash_benefit", payer="social_insurance"),
        "gift": paid(3.0, role="cash_benefit", payer="charity"),
        "service": paid(7_000.0, role="in_kind_benefit"),
        "levy": paid(50_000.0, role="tax"),
        "all_cash": sum_of_role("cash_benefit"),
        "public_cash": sum_of_role("cash_benefit", payer=PUBLIC),
        "charity": sum_of_role("cash_benefit", payer="charity"),
        "employers": sum_of_role("contribution", payer="employer"),
    }
    assert total(rules, "all_cash") == 100 + 20 + 3
    assert total(rules, "public_cash") == 100 + 20
    assert total(rules, "charity") == 3
    assert total(rules, "employers") == 0  # nobody: nothing
    fitted = rule_set(**rules)
    assert fitted.with_role("cash_benefit") == ("aid", "gift", "pension")
    assert fitted.with_role("cash_benefit", PUBLIC) == ("aid", "pension")
    assert fitted.reads("all_cash") == ("aid", "gift", "pension")


def test_headings_part_a_role() -> None:
    rules = {
        "dole": paid(100.0, role="cash_benefit", heading="assistance"),
        "bonus": paid(20.0, role="cash_benefit"),
        "assistance": sum_of_role("cash_benefit", heading="assistance"),
        "others": sum_of_role("cash_benefit", heading=""),
        "everything": sum_of_role("cash_benefit"),
    }
    assert total(rules, "assistance") == 100
    assert total(rules, "others") == 20
    assert total(rules, "everything") == 120


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["cash_benefit", "in_kind_benefit"]),
            st.sampled_from(["government", "social_insurance", "employer", "charity"]),
            st.integers(0, 10_000),
        ),
        max_size=5,
    )
)
def test_payers_and_roles_part_what_is_paid(programmes) -> None:
    """Sums by payer add up to the role's, and the roles' to everything (whole yuan: exactly)."""
    rules = {
        f"programme_{place}": paid(float(amount), role=role, payer=payer)
        for place, (role, payer, amount) in enumerate(programmes)
    }
    for role in ("cash_benefit", "in_kind_benefit"):
        rules[f"sum_{role}"] = sum_of_role(role)
        for payer in PAYERS:
            rules[f"sum_{role}_{payer}"] = sum_of_role(role, payer=payer)
    names = [name for name in rules if name.startswith("sum_")]
    found = run_policies(tables(), [policy(**rules)], names).arrays
    for role in ("cash_benefit", "in_kind_benefit"):
        parts = sum(found[0, f"sum_{role}_{payer}"] for payer in PAYERS)
        np.testing.assert_array_equal(parts, found[0, f"sum_{role}"])
        by_hand = sum(amount for own, _, amount in programmes if own == role)
        assert found[0, f"sum_{role}"][0] == by_hand


def test_a_reforms_own_rule_enters_the_sums() -> None:
    law = policy(
        aid=paid(100.0, role="cash_benefit"),
        levy=paid(10.0, role="tax"),
        income=homes(YEARLY)(lambda benefits, taxes: benefits - taxes),
        benefits=sum_of_role("cash_benefit"),
        taxes=sum_of_role("tax"),
    )
    grant = Reform(rules=[paid(30.0, role="cash_benefit").named("bonus")], label="bonus")
    surtax = Reform(rules=[paid(4.0, role="tax").named("surtax")], label="surtax")
    after = [law | grant, law | surtax, law | grant | surtax]
    found = run_policies(tables(), [law, *after], ["income"]).arrays
    assert [found[place, "income"][0] for place in range(4)] == [90, 120, 86, 116]


def test_a_replacing_rule_keeps_the_role() -> None:
    law = policy(
        aid=paid(100.0, role="cash_benefit", payer="social_insurance"),
        benefits=sum_of_role("cash_benefit"),
    )
    more = law | Reform(rules=[paid(150.0).named("aid")])
    assert more.rules.rules["aid"].purpose == Purpose("cash_benefit", "social_insurance")
    assert run(tables(), more, "benefits")["benefits"][0] == 150
    moved = law | Reform(rules=[paid(150.0, role="in_kind_benefit").named("aid")])
    assert run(tables(), moved, "benefits")["benefits"][0] == 0


def test_sums_travel_and_compare() -> None:
    rules = rule_set(
        aid=household_sum("wage", role="cash_benefit"), cash=sum_of_role("cash_benefit")
    )
    again = pickle.loads(pickle.dumps(rules))
    assert again == rules
    assert again.reads("cash") == ("aid",)
    assert again.rules["aid"].purpose == rules.rules["aid"].purpose


BENEFIT = {"role": "cash_benefit"}


@pytest.mark.parametrize(
    ("meant", "message"),
    [
        ({"role": "cash_benefits"}, "role 'cash_benefits' is unknown (did you mean 'cash_benefit'"),
        ({"role": "tax", "payer": "employers"}, "'employers' is unknown (did you mean 'employer'"),
        ({"payer": "charity"}, "payer='charity' without a role"),
        ({"heading": "aid"}, "heading='aid' without a role"),
        (BENEFIT | {"payer": "household"}, "a benefit is paid to households"),
        ({"role": "tax", "entitlement": "rent"}, "only a benefit has one"),
    ],
)
def test_what_a_declaration_must_not_say(meant, message) -> None:
    with pytest.raises(RuleError) as error:
        paid(1.0, **meant)
    assert message in str(error.value)
    assert ("it is one of" in str(error.value)) == ("is unknown" in message)


def test_what_a_sum_must_not_say() -> None:
    with pytest.raises(RuleError, match=r"role 'taxes' is unknown \(did you mean 'tax'"):
        sum_of_role("taxes")
    with pytest.raises(RuleError, match=r"payer 'state' is unknown"):
        sum_of_role("tax", payer="state")
    with pytest.raises(RuleError, match=r"on a variable of persons"):
        people(YEARLY, role="tax")(lambda wage: wage)


def test_what_would_be_lost_is_refused() -> None:
    sums = {
        "assistance": sum_of_role("cash_benefit", heading="assistance"),
        "others": sum_of_role("cash_benefit", heading=""),
    }
    with pytest.raises(RuleError, match=r"heading 'asistance'.*did you mean 'assistance'"):
        rule_set(aid=paid(1.0, role="cash_benefit", heading="asistance"), **sums)
    with pytest.raises(RuleError, match=r"entitlement 'wages'.*did you mean 'wage'"):
        rule_set(aid=household_sum("wage", role="cash_benefit", entitlement="wages"))
    monthly = household_sum("monthly_pension", role="cash_benefit")
    cash = sum_of_role("cash_benefit")
    with pytest.raises(UnitError, match="cash"):
        rule_set(aid=paid(1.0, role="cash_benefit"), old=monthly, cash=cash)
    with pytest.raises(RuleError, match="circle"):
        rule_set(
            aid=homes(YEARLY, role="cash_benefit")(lambda cash: cash * 0.5),
            cash=cash,
        )


def test_every_role_and_payer_has_its_meaning_written_down() -> None:
    for word in (*ROLES, *PAYERS):
        assert f"``{word}``" in (purposes.__doc__ or "")
