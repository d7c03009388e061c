"""Policies and reforms: composition, operations, refusals, YAML, immutability."""

from __future__ import annotations

import copy
import warnings
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from olive_tests.toy import DAY, PARAMETERS, parameter, people, rule_set, run, tables

from olive.engine import (
    Operation,
    Reform,
    household_sum,
    policy_on,
    schedule,
    where,
)
from olive.engine.yaml_loader import YamlFault
from olive.errors import DateError, OliveError, ReformError, ReformWarning

pytestmark = pytest.mark.filterwarnings("ignore::olive.errors.ReformWarning")

BOUNDED = {
    **PARAMETERS,
    "standard": parameter("standard", 12_000.0, minimum=0.0, maximum=60_000.0),
    "floor": parameter("floor", 0.0, minimum=0.0, maximum="standard"),
    "kind": parameter("kind", 0.0, "code", minimum=0.0, maximum=1.0),
    "part": parameter("part", 0.5, "1", minimum=0.0, maximum=1.0),
}
RULES = rule_set(
    parameters=BOUNDED,
    charge=people("yuan/year")(lambda wage, tax, allowance: schedule(wage - allowance, tax)),
    total=household_sum("charge"),
)
LAW = policy_on(RULES, DAY)
NUMBERS = st.floats(0, 60_000)


def value(policy, name="standard"):
    found = policy.values[name].datum
    return found.tolist() if isinstance(found, np.ndarray) else found


@given(NUMBERS, NUMBERS)
def test_operations(before, figure) -> None:
    law = LAW | {"standard": before, "ceiling": before}
    assert value(law | {"standard": figure}) == figure
    assert value(law | Reform(at_least={"standard": figure})) == max(before, figure)
    assert value(law | Reform(at_most={"standard": figure})) == min(before, figure)
    assert value(law | Reform(multiply={"ceiling": figure}), "ceiling") == before * figure
    assert value(law | Reform(add={"ceiling": figure}), "ceiling") == before + figure


@given(st.lists(st.tuples(st.sampled_from(["set", "at_least", "at_most"]), NUMBERS), max_size=6))
def test_composition_is_doing_one_after_the_other(steps) -> None:
    reforms = [Reform(**{word: {"standard": figure}}) for word, figure in steps]
    together = Reform()
    for reform in reforms:
        together = together | reform
    one_by_one = LAW
    for reform in reforms:
        one_by_one = one_by_one | reform
    assert value(LAW | together) == value(one_by_one)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_composition_is_associative(first, second, third) -> None:
    a, b, c = (
        Reform({"standard": first}),
        Reform(at_least={"standard": second}),
        Reform(add={"ceiling": third}),
    )
    assert ((a | b) | c).operations == (a | (b | c)).operations
    assert value((LAW | a) | b) == value(LAW | (a | b))


def test_order_counts() -> None:
    double, more = Reform(multiply={"ceiling": 2}), Reform(add={"ceiling": 5})
    assert value(LAW | double | more, "ceiling") == 200_000 * 2 + 5
    assert value(LAW | (more | double), "ceiling") == (200_000 + 5) * 2
    # Within one reform: set, at_least, at_most, multiply, add.
    all_at_once = Reform(
        {"ceiling": 1}, add={"ceiling": 1}, multiply={"ceiling": 3}, at_least={"ceiling": 10}
    )
    assert value(LAW | all_at_once, "ceiling") == 10 * 3 + 1


@given(st.lists(NUMBERS, min_size=3, max_size=3), NUMBERS)
def test_at_least_never_lowers(entries, floor) -> None:
    table = parameter("aid", entries, by=("county",))
    law = policy_on(rule_set(parameters={**PARAMETERS, "aid": table}), DAY)
    after = value(law | Reform(at_least={"aid": floor}), "aid")
    assert all(new >= old for new, old in zip(after, entries, strict=True))
    assert after == [max(floor, old) for old in entries]


def test_unbinding_change_keeps_status_and_source() -> None:
    kept = (LAW | Reform(at_least={"standard": 9_000})).values["standard"]
    assert (kept.status, kept.source) == ("law", "a test")
    raised = LAW | Reform(at_least={"standard": 13_000}, label="floor")
    assert (raised.values["standard"].status, raised.values["standard"].source) == (
        "assumption",
        "floor",
    )
    assert "standard" in raised.uncertain()
    assert "standard" not in LAW.uncertain()
    decided = Reform.from_operations(
        [Operation("standard", "set", 1.0, clause="c.1", status="law")]
    )
    assert (LAW | decided).values["standard"].source == "c.1"
    assert "standard" not in (LAW | decided).uncertain()


def test_table_keys() -> None:
    assert value(LAW | {"grant": {"light": 5, "total": 7}}, "grant") == [0, 5, 3_600, 7]
    assert value(LAW | Reform(multiply={"grant": {"severe": 2}}), "grant") == [
        0,
        1_200,
        7_200,
        6_000,
    ]
    assert value(LAW | Reform(add={"grant": {"none": 1}}), "grant") == [1, 1_200, 3_600, 6_000]
    assert value(LAW | Reform(at_least={"grant": {"light": 2_000}}), "grant")[:2] == [0, 2_000]
    assert value(LAW | {"grant": 9}, "grant") == [9, 9, 9, 9]


def test_table_with_two_keys() -> None:
    before = value(LAW, "premium")
    after = value(LAW | {"premium": {"south": {"light": 99}, "islands": 5}}, "premium")
    assert after == [before[0], [1, 99, 21, 31], [5, 5, 5, 5]]
    doubled = value(LAW | Reform(multiply={"premium": {"south": 2}}), "premium")
    assert doubled == [before[0], [2, 22, 42, 62], before[2]]


def test_schedule_set() -> None:
    changed = LAW | {"tax": {"thresholds": [0, 50_000], "rates": [0.05, 0.5]}}
    table = tables(30)
    income = table.persons["wage"] - 60_000
    expected = 0.05 * np.clip(income, 0, 50_000) + 0.5 * np.maximum(income - 50_000, 0)
    np.testing.assert_allclose(run(table, changed, "charge")["charge"], expected, rtol=1e-12)


def test_a_bare_function_is_no_rule() -> None:
    with pytest.raises(ReformError, match=r"rules holds a function.*@household_rule"):
        Reform(rules=[lambda wage: wage])


@pytest.mark.parametrize(
    ("reform", "words"),
    [
        ({"standart": 1}, r"no parameter 'standart' \(did you mean 'standard'"),
        ({"standard": 60_001}, r"60001 is outside the allowed range \[0, 60000\] yuan/year"),
        ({"standard": -1}, r"-1 is outside the allowed range"),
        ({"standard": float("nan")}, r"standard: nan is not a finite number"),
        ({"standard": "13,000"}, r"standard must be a number, found '13,000'; write digits"),
        ({"standard": None}, r"standard must be a number, found None"),
        ({"standard": True}, r"standard must be a number, found True"),
        ({"standard": [1, 2]}, r"standard must be a number"),
        ({"standard": {"north": 1}}, r"standard is a single value and has no keys"),
        ({"generous": 2}, r"generous: must be true or false, found 2"),
        ({"kind": 2}, r"kind: 2 is outside the allowed range \[0, 1\]$"),
        ({"part": 30}, r"part: 30 is outside the allowed range \[0, 1\]; 30 % is 0.3"),
        ({"floor": 12_001}, r"\[0, standard = 12000.0\]"),
        ({"grant": {"ligth": 1}}, r"grant: no key 'ligth'; keys are none, .*did you mean 'light'"),
        ({"grant": {"light": "x"}}, r"grant, light: must be a number, found 'x'"),
        ({"grant": {"light": {"light": 1}}}, r"grant, light: must be a number"),
        ({"premium": {"south": {"ligth": 1}}}, r"premium: no key 'ligth'; .*did you mean 'light'"),
        ({"tax": 0.1}, r"tax: a schedule is changed by set"),
        ({"tax": {"rates": [0.1]}}, r"tax: thresholds must be a list of numbers, found None"),
        ({"tax": {"rates": [0.1], "thresholds": 0}}, r"thresholds must be a list of numbers"),
        ({"tax": {"rates": ["x"], "thresholds": [0]}}, r"tax: rates must be a list of numbers"),
        ({"tax": {"rates": [0.1, 0.2], "thresholds": [0]}}, r"as many rates as thresholds"),
        ({"tax": {"rates": [0.1, 0.2], "thresholds": [5, 5]}}, r"thresholds must ascend"),
        ({"tax": {"rates": [0.1], "thresholds": [float("nan")]}}, r"all finite numbers"),
        (
            {"tax": {"rate": [0.1], "thresholds": [0]}},
            r"unknown key 'rate'; .*did you mean 'rates'",
        ),
    ],
)
def test_refused(reform, words) -> None:
    with pytest.raises(ReformError, match=words):
        LAW | reform


def test_schedules_are_only_set() -> None:
    with pytest.raises(ReformError, match=r"tax: a schedule is changed by set"):
        LAW | Reform(multiply={"tax": {"thresholds": [0], "rates": [1]}})


def test_range_of_another_parameter_moves_with_its_bound() -> None:
    assert value(LAW | {"standard": 20_000, "floor": 15_000}, "floor") == 15_000
    with pytest.raises(ReformError, match=r"floor: 10000 is outside .* standard = 9000.0"):
        LAW | {"floor": 10_000} | {"standard": 9_000}


def test_numbers_of_numpy_and_truth_values() -> None:
    assert value(LAW | {"standard": np.int64(3)}) == 3.0
    assert value(LAW | {"standard": np.float32(3)}) == 3.0
    assert value(LAW | {"generous": False}, "generous") == 0.0
    assert value(LAW | {"generous": np.bool_(False)}, "generous") == 0.0


def test_baseline_is_unchanged() -> None:
    before = {name: copy.deepcopy(value(LAW, name)) for name in ("standard", "grant", "premium")}
    digest = LAW.digest()
    after = LAW | Reform({"standard": 1, "grant": {"none": 5}}, multiply={"premium": 3})
    assert {name: value(LAW, name) for name in before} == before
    assert LAW.digest() == digest != after.digest()
    with pytest.raises(ValueError, match=r"read-only"):
        after.values["grant"].datum[0] = 3
    with pytest.raises(TypeError):
        after.values["standard"] = after.values["floor"]
    with pytest.raises(AttributeError):
        after.label = "x"


def test_reforms_cannot_be_changed() -> None:
    changes = {"grant": {"none": 5}}
    reform = Reform(changes, label="first")
    changes["grant"]["none"] = 7
    changes["standard"] = 1
    assert value(LAW | reform, "grant")[0] == 5
    assert reform.parameters == ("grant",)
    with pytest.raises(AttributeError, match=r"compose a new one"):
        reform.label = "second"


@pytest.mark.parametrize("other", [None, 3, "reform.yaml", [("standard", 1)]])
def test_only_reforms_and_mappings_compose(other) -> None:
    with pytest.raises(ReformError, match=r"law 2020-01-01.*composed with a reform, found"):
        LAW | other
    with pytest.raises(ReformError, match=r"write for example"):
        Reform() | other


def test_labels() -> None:
    first, second = Reform(label="one", zh="一"), Reform(label="two", zh="二")
    assert (first | second).label == "one | two"
    assert (first | second).zh == "一 | 二"
    assert (first | Reform()).label == "one"
    assert (LAW | first).label == "law 2020-01-01 | one"
    assert (LAW | first).renamed("plan").label == "plan"


def test_a_reform_without_a_label_is_called_by_what_it_changes():
    one = LAW | {"standard": 13_000}
    assert one.label == "law 2020-01-01 | standard"
    assert (one | Reform(multiply={"standard": 2})).label == "law 2020-01-01 | standard | standard"
    assert (LAW | Reform({})).label == "law 2020-01-01"


def test_diff() -> None:
    reform = Reform.from_operations(
        [
            Operation("standard", "at_least", 13_000, clause="clause.1"),
            Operation("grant", "set", {"none": 1, "light": 5}),
            Operation("tax", "set", {"thresholds": [0], "rates": [0.1]}),
            Operation("ceiling", "add", 1_000_000.5),
        ]
    )
    lines = [line.split("  ") for line in reform.diff(LAW).splitlines()]
    rows = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert rows == [
        ["parameter", "before", "after", "unit", "clause"],
        ["standard", "12000", "13000", "yuan/year", "clause.1"],
        ["grant: none", "0", "1", "yuan/year"],
        ["grant: light", "1200", "5", "yuan/year"],
        ["tax", "3 brackets", "1 brackets", "yuan/year"],
        ["ceiling", "200000", "1200000.5", "yuan/year"],
    ]


def test_diff_of_a_table_made_even_or_left_as_it_was_has_one_row() -> None:
    even = Reform({"grant": 9}).diff(LAW).splitlines()[1:]
    assert [row.split() for row in even] == [["grant", "0", "to", "6000", "9", "yuan/year"]]
    idle = Reform(at_least={"grant": {"light": 1}}).diff(LAW).splitlines()[1:]
    expected = ["grant", "0", "to", "6000", "0", "to", "6000", "yuan/year"]
    assert [row.split() for row in idle] == [expected]


def test_yaml_round_trip(tmp_path) -> None:
    reform = Reform(
        {"standard": np.float64(13_000.0), "grant": {"none": np.int64(3)}, "generous": False},
        at_least={"ceiling": 1},
        multiply={"premium": {"south": {"none": 2.5}}},
        label="plan",
        zh="规划",
    ) | Reform.from_operations(
        [Operation("tax", "set", {"thresholds": [0], "rates": [0.1]}, "c.1", "why", "law", "doc")]
    )
    file = tmp_path / "reform.yaml"
    reform.write(file)
    again = Reform.read(file)
    assert again.operations == reform.operations
    assert (again.label, again.zh) == (reform.label, reform.zh)
    assert "规划" in file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["reform.yaml"]
    assert (LAW | again).digest() == (LAW | reform).digest()


def test_reform_with_rules_is_not_written(tmp_path) -> None:
    with pytest.raises(ReformError, match=r"keep it in Python"):
        Reform(rules=[household_sum("wage").named("wages")]).write(tmp_path / "reform.yaml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lable: x\noperations: []", r"unknown key 'lable'; .*did you mean 'label'"),
        ("- a", r"expected keys"),
        ("label: x", r"`operations` must be a list"),
        ("operations: text", r"`operations` must be a list"),
        ("operations: [3]", r"operations\[0\]: expected keys"),
        ("operations: [{parameter: a, operation: set}]", r"operations\[0\]: `value` is missing"),
        (
            "operations: [{parameter: a, operation: at_leest, value: 1}]",
            r"operations\[0\]: a: operation 'at_leest'; .*did you mean 'at_least'",
        ),
        (
            "operations: [{parameter: a, operation: set, value: 1}, {parametre: a}]",
            r"operations\[1\]: unknown key 'parametre'; .*did you mean 'parameter'",
        ),
        (
            "operations: [{parameter: a, operation: set, value: 1, status: lawful}]",
            r"operations\[0\]: a: status 'lawful'; .*did you mean 'law'",
        ),
    ],
)
def test_faults_of_a_file(text, words, tmp_path) -> None:
    file = tmp_path / "reform.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReformError, match=rf"reform.yaml.*{words}"):
        Reform.read(file)


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: !!python/name:os.system ''", "a: [1"])
def test_yaml_faults_of_a_file(text, tmp_path) -> None:
    file = tmp_path / "reform.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(YamlFault, match=r"reform.yaml, line \d"):
        Reform.read(file)


def test_structural_reform_runs() -> None:
    flat = Reform(
        rules=[
            people("yuan/year")(lambda wage, rate: where(wage > 0, wage * rate, 0)).named("charge")
        ]
    )
    table = tables(10)
    found = run(table, LAW | flat | {"rate": 0.5}, "charge", "total")
    assert found["charge"].tolist() == (table.persons["wage"] * 0.5).tolist()
    np.testing.assert_allclose(found["total"].sum(), found["charge"].sum(), rtol=1e-12)


def test_days() -> None:
    assert policy_on(RULES, "2020-01-01").period == "2020-01-01"
    assert policy_on(RULES, datetime(2020, 1, 1, 12)).period == "2020-01-01"
    assert policy_on(RULES, date(2020, 1, 1)).label == "law 2020-01-01"
    assert policy_on(RULES, year=np.int64(2020)).period == "2020"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "either a day .* or year"),
        ({"day": "2020-01-01", "year": 2020}, "either a day .* or year"),
        ({"day": "2020"}, "'2020' is not a date; write for example '2022-07-01'"),
        ({"day": "01.07.2022"}, "is not a date"),
        ({"day": "2018-12-31"}, "no value on 2018-12-31"),
        ({"year": 2018}, "no value on 2018-01-01"),
        ({"year": "2020"}, "year '2020' is not a calendar year"),
        ({"year": 20_200}, "not a calendar year"),
    ],
)
def test_bad_days(arguments, words) -> None:
    with pytest.raises(DateError, match=words):
        policy_on(RULES, **arguments)


def test_errors_are_of_olive() -> None:
    with pytest.raises(OliveError):
        LAW | {"standart": 1}


def test_a_monthly_figure_for_a_year_is_named() -> None:
    with pytest.warns(ReformWarning, match=r"standard: 1,041 .*12,000 .*month \(12,492 yuan"):
        LAW | {"standard": 12_000.0} | {"standard": 1_041.0}


def test_a_figure_in_ten_thousands_is_named() -> None:
    with pytest.warns(ReformWarning, match=r"1.3 against 12,000 .*万元\) \(13,000 yuan/year\)"):
        LAW | {"standard": 12_000.0} | Reform(at_least={"standard": 1.3}) | {"standard": 1.3}


def test_multiplying_by_nought_is_named() -> None:
    with pytest.warns(ReformWarning, match="multiplied by 0, 12,000 becomes 0"):
        LAW | {"standard": 12_000.0} | Reform(multiply={"standard": 0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LAW | {"standard": 0.0} | Reform(multiply={"standard": 0})


@pytest.mark.parametrize("rates", [[3, 10], [-0.1, 0.1], [0.1, 1.01]])
def test_rates_of_a_schedule_lie_between_nought_and_one(rates) -> None:
    with pytest.raises(ReformError, match=r"tax: the rates .* between 0 and 1 \(3 % is 0.03\)"):
        LAW | {"tax": {"thresholds": [0, 36_000], "rates": rates}}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("standard", "sett", 1), "operation 'sett'; use one of .*did you mean 'set'"),
        ((5, "set", 1), "5 is no name of a parameter"),
        (("standard", "set", 1, "", "", "guess"), "status 'guess'; use one of law, published"),
    ],
)
def test_operations_that_are_none(arguments, words) -> None:
    with pytest.raises(ReformError, match=words):
        Operation(*arguments)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Reform(5), "set is 5; give parameters and figures"),
        (lambda: Reform(add=["standard"]), "add is \\['standard'\\]; give parameters"),
        (lambda: Reform({"standard": 1}, label=5), "label is 5; it must be a text"),
        (lambda: Reform(rules=5), "rules is 5; give a list of rules"),
        (lambda: Reform.from_operations([5]), "operations hold 5, which is no Operation"),
    ],
)
def test_arguments_of_a_wrong_type(make, words) -> None:
    with pytest.raises(ReformError, match=words):
        make()


def test_a_number_beyond_all_measure() -> None:
    for figure in (10**400, -(10**5000)):
        with pytest.raises(
            ReformError, match=r"standard: a whole number of .* bits is not a finite"
        ):
            LAW | {"standard": figure}
    with pytest.raises(ReformError, match="is no name of a parameter"):
        LAW | Reform({5: 1})


@pytest.mark.parametrize("figure", [0.0, 600.0, 4_000.0, 12_000.0, 24_000.0])
def test_other_figures_pass_without_a_warning(figure) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LAW | {"standard": 12_000.0} | {"standard": figure}
