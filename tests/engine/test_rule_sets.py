"""Rules that do not fit together are refused with the name and the remedy."""

from __future__ import annotations

import types

import pytest
from olive_tests.toy import COLUMNS, PARAMETERS, homes, parameter, people, policy, rule_set

from olive.engine import (
    Reform,
    RuleSet,
    draw,
    household_any,
    household_count,
    household_rank,
    household_sum,
    of,
    population_sum,
    read_columns,
    subgroup_sum,
    where,
)
from olive.errors import DataError, RuleError

YEARLY = "yuan/year"


def test_unknown_name_gives_the_rule_and_the_nearest() -> None:
    with pytest.raises(
        RuleError, match=r"'net' reads 'wages', which is no .* \(did you mean .*'wage'"
    ):
        rule_set(net=people(YEARLY)(lambda wages: wages))
    with pytest.raises(RuleError, match=r"'net' reads 'allowanse'.*did you mean 'allowance'"):
        rule_set(net=people(YEARLY)(lambda wage, allowanse: wage - allowanse))
    with pytest.raises(RuleError, match=r"'total' reads 'vage'.*did you mean .*'wage'"):
        rule_set(total=household_sum("vage"))


def test_circle_is_shown() -> None:
    with pytest.raises(RuleError) as caught:
        rule_set(
            first=people(YEARLY)(lambda second: second),
            second=people(YEARLY)(lambda third: third),
            third=people(YEARLY)(lambda first: first),
        )
    message = str(caught.value)
    assert "circle" in message
    # Each name is followed by one that reads it, or the other way round: a true circle.
    names = message.split(": ")[1].split(";", maxsplit=1)[0].split(" -> ")
    assert names[0] == names[-1]
    assert set(names) == {"first", "second", "third"}


def test_rule_that_reads_itself() -> None:
    with pytest.raises(RuleError, match=r"circle: wages -> wages"):
        rule_set(wages=people(YEARLY)(lambda wages: wages))


def test_two_rules_for_one_variable() -> None:
    first = {"net": people(YEARLY)(lambda wage: wage)}
    second = {"net": people(YEARLY)(lambda wage: wage * 2)}
    with pytest.raises(RuleError, match=r"'net' is defined by two rules"):
        RuleSet.build([first, second], columns=COLUMNS)
    # The same rule met twice (imported from one topic into another) is one rule.
    assert list(RuleSet.build([first, first], columns=COLUMNS).rules) == ["net"]


@pytest.mark.parametrize(("name", "what"), [("wage", "an input column"), ("rate", "a parameter")])
def test_name_is_taken(name, what) -> None:
    with pytest.raises(RuleError, match=rf"variable '{name}' has the name of {what}"):
        rule_set(**{name: people("1")(lambda age: 0.0)})


def test_household_rule_does_not_read_persons() -> None:
    with pytest.raises(
        RuleError, match=r"'bill' reads 'wage' of persons; .*household_sum\('wage'\)"
    ):
        rule_set(bill=homes(YEARLY)(lambda wage: wage))
    with pytest.raises(RuleError, match=r"'bill' reads 'net' of persons"):
        rule_set(net=people(YEARLY)(lambda wage: wage), bill=homes(YEARLY)(lambda net, rent: net))


@pytest.mark.parametrize(
    "declared",
    [
        household_sum("rent"),
        household_any("urban"),
        household_rank("rent"),
        of("spouse", "rent"),
        of("county", "wage"),
        subgroup_sum("wage", by="county"),
        household_count("allowance"),
    ],
)
def test_groups_are_over_persons(declared) -> None:
    with pytest.raises(RuleError, match=r"'variable' reads .* is not a variable of persons"):
        rule_set(variable=declared)


def test_key_of_a_draw_is_a_column() -> None:
    with pytest.raises(RuleError, match=r"'number' reads 'vilage'.*did you mean 'village'"):
        rule_set(number=draw("s", key="vilage"))
    with pytest.raises(RuleError, match=r"draw 'number': key 'allowance' is no column"):
        rule_set(number=draw("s", key="allowance"))
    entities = {
        name: rule_set(number=draw("s", key=name)).entity_of("number")
        for name in ("person", "household", "village", "unit_number")
    }
    assert entities == {
        "person": "person",
        "household": "household",
        "village": "household",
        "unit_number": "person",
    }


def test_rules_are_collected_from_modules_under_the_name_of_the_attribute() -> None:
    module = types.ModuleType("topic")
    module.net = people(YEARLY)(lambda wage, rate: wage * (1 - rate))  # type: ignore[attr-defined]
    module.total = household_sum("net", zh="合计")  # type: ignore[attr-defined]
    module.CONSTANT = 3  # type: ignore[attr-defined]
    rules = RuleSet.build([module], columns={**COLUMNS, "rate": COLUMNS["grade"]})
    assert list(rules.rules) == ["net", "total"]
    assert rules.rules["total"].en == "total"


def test_order_and_dependencies() -> None:
    rules = rule_set(
        bill=homes(YEARLY)(lambda total, rent: total - rent),
        total=household_sum("net"),
        net=people(YEARLY)(lambda wage, rate: wage * rate),
        apart=people(YEARLY)(lambda wage, allowance: wage - allowance),
    )
    order = list(rules.rules)
    assert order.index("net") < order.index("total") < order.index("bill")
    assert rules.reads("bill") == ("total", "rent")
    assert rules.depends_on(["bill"]) == {"bill", "total", "rent", "net", "wage", "rate"}
    assert rules.entity_of("bill") == "household"
    assert rules.entity_of("wage") == "person"


def test_what_a_parameter_can_move() -> None:
    rules = rule_set(
        net=people(YEARLY)(lambda wage, rate: wage * rate),
        total=household_sum("net"),
        everywhere=population_sum("total"),
        bill=homes(YEARLY)(lambda everywhere, rent: everywhere - rent),
        apart=people(YEARLY)(lambda wage, allowance: wage - allowance),
    )
    assert rules.moved_by("rate") == ("net", "total", "everywhere", "bill")
    assert rules.moved_by("allowance") == ("apart",)
    assert set(rules.moved_by("wage")) == {"net", "total", "everywhere", "bill", "apart"}
    assert rules.moved_by("total") == ("everywhere", "bill")
    assert rules.moved_by("ceiling") == ()
    assert rules.moved_by("rate", "total") == ("net", "total", "everywhere", "bill")
    with pytest.raises(RuleError, match=r"'allowanse' \(did you mean 'allowance'"):
        rules.moved_by("allowanse")


def test_what_moves_is_what_depends() -> None:
    """`moved_by` and `depends_on` are two ways to walk the same graph."""
    rules = policy(
        a=people(YEARLY)(lambda wage, rate: wage * rate),
        b=people(YEARLY)(lambda a, allowance: a - allowance),
        c=household_sum("b"),
        d=people("bool")(lambda c, age: (c > 0) & (age > 3)),
        e=draw("s"),
        f=people("bool")(lambda d, e, share: d & (e < share)),
    ).rules
    for name in [*rules.rules, *rules.columns, *rules.parameters]:
        moved = {each for each in rules.rules if name in rules.depends_on([each]) and each != name}
        assert set(rules.moved_by(name)) == moved


def test_structural_reform_adds_and_replaces() -> None:
    before = policy(net=people(YEARLY)(lambda wage, rate: wage * rate), total=household_sum("net"))
    after = before | Reform(
        rules=[
            people(YEARLY)(lambda wage, bonus: wage + bonus).named("net"),
            people(YEARLY)(lambda married, allowance: where(married, allowance, 0)).named("bonus"),
        ]
    )
    assert set(after.rules.rules) == {"net", "total", "bonus"}
    assert after.rules.reads("net") == ("wage", "bonus")
    assert before.rules.reads("net") == ("wage", "rate")
    with pytest.raises(RuleError, match=r"a rule without a name"):
        before | Reform(rules=[household_sum("wage")])
    with pytest.raises(RuleError, match=r"'net' reads 'bonus'"):
        before | Reform(rules=[people(YEARLY)(lambda bonus: bonus).named("net")])


def test_rule_sets_cannot_be_changed() -> None:
    rules = rule_set(net=people(YEARLY)(lambda wage: wage))
    with pytest.raises(TypeError):
        rules.rules["net"] = household_sum("wage")  # type: ignore[index]
    with pytest.raises(AttributeError):
        rules.rules = {}  # type: ignore[misc]


def test_columns_from_yaml() -> None:
    columns = read_columns(
        """
        person:
          pay: {kind: number, unit: yuan/year, storage: float32, range: [0, 9], zh: 工资}
          grade: {kind: code, storage: int8, codes: [none, light]}
        household:
          home: {kind: bool, unit: bool, storage: bool}
        """
    )
    assert columns["pay"].minimum == 0
    assert columns["pay"].maximum == 9
    assert columns["pay"].zh == "工资"
    assert (columns["grade"].minimum, columns["grade"].maximum) == (0, 1)
    rules = rule_set(
        columns=columns,
        parameters={"rate": parameter("rate", 0.5, "1")},
        half=people(YEARLY)(lambda pay, rate, home: where(home, pay * rate, pay)),
    )
    assert rules.depends_on(["half"]) == {"half", "pay", "rate", "home"}


def test_parameters_are_unique_names_too() -> None:
    with pytest.raises(RuleError, match=r"'tax' has the name of a parameter"):
        rule_set(parameters=PARAMETERS, tax=people(YEARLY)(lambda wage: wage))


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{kind: number}", "columns: pay: `storage` is missing"),
        ("{storage: float64}", "columns: pay: `kind` is missing"),
        ("{kind: number, storage: float64, rnage: [0, 1]}", "unknown key 'rnage'.*'range'"),
        ("{kind: number, storage: float64, minimum: 0}", "unknown key 'minimum'"),
    ],
)
def test_columns_with_a_slip_in_their_keys_are_refused(entry: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read_columns(f"person: {{pay: {entry}}}")
