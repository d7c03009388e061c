"""One pass over a population: laws that hold whatever the figures are."""

import warnings

import numpy as np
import pandas as pd
import pytest

import olive
from olive.errors import DataError, RuleError

OUTPUTS = (*olive.place().outputs, "dibao", "wage")
COMPONENTS = ("wage_income", "net_operating_income", "net_property_income", "net_transfer_income")


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=1_500, seed=3)


@pytest.fixture(scope="module")
def policies() -> list[olive.Policy]:
    before = olive.law(year=2023)
    return [olive.law("2022-07-01"), before, before | olive.plan.scenario()]


@pytest.fixture(scope="module")
def result(city, policies):
    return olive.simulate(city, policies, outputs=OUTPUTS, backend="numpy")


def test_components_add_up_to_disposable_income(result) -> None:
    for position in range(3):
        total = sum(result.values(name, position) for name in COMPONENTS)
        np.testing.assert_allclose(
            total, result.values("disposable_income", position), rtol=0, atol=1e-6
        )


def test_both_backends_agree_on_every_variable_of_the_law(city, policies) -> None:
    plan = policies[-1]  # under which no rule of the law stands still
    every = [
        name for name, rule in plan.rules.rules.items() if rule.entity in ("person", "household")
    ]
    plain = olive.simulate(city, plan, outputs=every, backend="numpy")
    compiled = olive.simulate(city, plan, outputs=every, backend="compiled")
    for key, array in plain.arrays.items():
        np.testing.assert_allclose(compiled.arrays[key], array, rtol=1e-9, atol=1e-6, err_msg=key)


def test_threads_change_no_bit(city, policies) -> None:
    one, two = (
        olive.simulate(city, policies, outputs=OUTPUTS, backend="compiled", threads=threads)
        for threads in (1, 3)
    )
    for key, array in one.arrays.items():
        np.testing.assert_array_equal(two.arrays[key], array)


def test_one_at_a_time_equals_together(city, policies, result) -> None:
    for position, policy in enumerate(policies):
        alone = olive.simulate(city, policy, outputs=OUTPUTS, backend="numpy")
        for name in OUTPUTS:
            np.testing.assert_array_equal(alone.values(name), result.values(name, position))


def test_a_selection_of_households_keeps_their_results(city, policies, result) -> None:
    # Under the plan a stated number of places is shared out among whoever is in the population,
    # so only the law alone, whose rules read no totals, treats a part of the city like the whole.
    keep = np.arange(len(city)) % 3 != 1
    part = olive.simulate(city.select(keep), policies[:2], outputs=("dibao",), backend="numpy")
    for position in range(2):
        np.testing.assert_array_equal(
            part.values("dibao", position), result.values("dibao", position)[keep]
        )


def test_baseline_is_not_changed_by_a_reform(city) -> None:
    before = olive.law(year=2023)
    first = olive.simulate(city, before, outputs=("dibao",))
    reformed = before | olive.Reform({"dibao_standard": 30_000})
    olive.simulate(city, reformed, outputs=("dibao",))
    again = olive.simulate(city, before, outputs=("dibao",))
    np.testing.assert_array_equal(first.values("dibao"), again.values("dibao"))


def test_a_higher_dibao_standard_never_lowers_who_takes_the_larger_claim(city) -> None:
    # As the line rises persons may pass from dibao to tekun: assistance as a whole never falls.
    # Without the gradual exit, whose flat amount a family loses once it is below the line again.
    free = olive.law(year=2023) | olive.Reform({"dibao_exit_share": 0})
    standards = [12_000, 13_000, 16_000, 20_000]
    raised = [free | olive.Reform({"dibao_standard": each}) for each in standards]
    result = olive.simulate(city, raised, outputs=("social_assistance",), backend="numpy")
    for position in range(len(standards) - 1):
        higher = result.values("social_assistance", position + 1)
        assert (higher >= result.values("social_assistance", position) - 1e-6).all()


def test_totals_are_weighted_sums(city, policies) -> None:
    result = olive.simulate(
        city, policies[1], outputs=("disposable_income",), totals=("disposable_income", "wage")
    )
    expected = (city.weight * result.values("disposable_income")).sum()
    assert result.totals[0, "disposable_income"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        ({"outputs": ["disposable_incom"]}, RuleError, "did you mean 'disposable_income'"),
        ({"outputs": ["彩票收入"]}, RuleError, "no variable '彩票收入'$"),
        ({"outputs": ["可支配收入"]}, RuleError, r"'disposable_income' \(可支配收入\)"),
        ({"outputs": "dibao"}, DataError, r"outputs is one text; give a list: outputs=\['dibao'\]"),
        ({"totals": "dibao"}, DataError, r"give a list: totals=\['dibao'\]"),
        ({"year": 2025}, DataError, "uprate"),
        ({"backend": "gpu"}, RuleError, "it is one of auto, numpy, compiled"),
        ({"threads": 0}, DataError, "at least 1"),
    ],
)
def test_mistakes_are_refused(city, policies, arguments, error, expected) -> None:
    with pytest.raises(error, match=expected):
        olive.simulate(city, policies, **arguments)


def test_what_is_no_population_or_no_policy_is_named(city, policies) -> None:
    with pytest.raises(DataError, match="the population is a str; build one with"):
        olive.simulate("my_city", policies)
    with pytest.raises(DataError, match=r"policy 0 is a Reform; .*\| reform"):
        olive.simulate(city, olive.Reform({"dibao_standard": 13_000}))
    with pytest.raises(DataError, match="policy 1 is a str"):
        olive.simulate(city, [policies[0], "plan"])


def test_a_policy_is_shown_in_a_line(policies) -> None:
    assert len(repr(policies[2])) < 200
    assert policies[2].label in repr(policies[2])


def test_no_policy_is_refused(city) -> None:
    with pytest.raises(DataError, match="at least one policy"):
        olive.simulate(city, [])


def test_a_variable_that_was_not_kept_is_named(result) -> None:
    with pytest.raises(DataError, match="outputs="):
        result.values("tekun")


def test_an_unknown_policy_label_is_named(result) -> None:
    with pytest.raises(DataError, match="no policy"):
        result.values("dibao", "planned")


def test_a_missing_column_names_the_rule_that_needs_it(city, policies) -> None:
    households = city.households.drop(columns="county")
    smaller = olive.Population.from_frames(households, city.persons, year=2023)
    with pytest.raises(DataError, match=r"'county' is missing; rule '\w+' needs it"):
        olive.simulate(smaller, policies)


def test_an_absent_column_with_a_neutral_value_is_noted(city, policies) -> None:
    households = city.households.drop(columns="rental_income")
    smaller = olive.Population.from_frames(households, city.persons, year=2023)
    assert any("rental_income" in note for note in olive.simulate(smaller, policies).notes)


def test_frames_have_a_column_for_each_policy_and_variable(result) -> None:
    frame = result.households
    assert ("law 2023", "dibao") in frame.columns
    assert len(frame) == 1_500
    assert ("law 2023", "wage") in result.persons.columns


def _village(**columns: object) -> olive.Population:
    households = pd.DataFrame({"household_id": [1], "weight": [10.0], "county": ["linhai"]})
    persons = pd.DataFrame(
        {"household_id": [1], "age": [40], "contractual_wage": [60_000.0], **columns}
    )
    return olive.Population.from_frames(households.assign(urban=True), persons, year=2023)


def test_wages_without_schemes_are_warned_of() -> None:
    law = olive.law(year=2023)
    with pytest.warns(olive.population.DataWarning, match="no medical_scheme and no pension"):
        olive.simulate(_village(labour_status=["employee"]), law)
    insured = _village(
        labour_status=["employee"], pension_scheme=["employee"], medical_scheme=["employee"]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        olive.simulate(insured, law)


def test_a_later_law_than_the_incomes_is_noted(city) -> None:
    assert not olive.simulate(city, olive.law("2022-07-01")).notes
    notes = " ".join(olive.simulate(city, olive.law(year=2025)).notes)
    assert "incomes of 2023 under later law (law 2025)" in notes


def test_the_frame_of_households_is_grouped_by_a_column_of_the_population(city, result) -> None:
    # The identifiers of this city are its row numbers, so pandas aligns the two indices.
    income = result.households["law 2023", "disposable_income"]
    county = city.households["county"]
    grouped = income.groupby(county, observed=True).mean()
    values = result.values("disposable_income", "law 2023")
    assert grouped["linhai"] == pytest.approx(values[(county == "linhai").to_numpy()].mean())


def test_rules_and_comparisons_are_shown_in_a_line(policies, result) -> None:
    assert len(repr(policies[0].rules)) < 100
    shown = repr(olive.compare(result))
    assert shown.startswith("Comparison(law 2022-07-01 -> law 2023 | the plan; ")
    assert len(shown) < 300


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("低保申领率", "did you mean 'dibao_take_up_rate' "),
        ("最低工资", "'minimum_wage'"),
        ("dibao", "parameters that begin so are dibao_standard, "),
    ],
)
def test_parameters_are_found_by_chinese_label_and_by_first_word(name, expected) -> None:
    with pytest.raises(olive.OliveError, match=f"no parameter '{name}'.*{expected}"):
        _ = olive.law("2023-01-01") | {name: 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": "1"}, "seed is '1'"),
        ({"seed": 1.0}, "seed is 1.0"),
        ({"threads": "2"}, "threads is '2'"),
        ({"progress": "yes"}, "progress is a str"),
        ({"outputs": [5]}, r"outputs is \[5\]; give a list of variables"),
        ({"totals": None}, "totals is None"),
    ],
)
def test_arguments_of_another_type_are_refused_before_any_work(arguments, words):
    city = olive.Population.synthetic(households=10, seed=1)
    with pytest.raises(olive.OliveError, match=words):
        olive.simulate(city, olive.law(year=2023), **arguments)


def test_other_questions_that_cannot_be_meant():
    for call, words in (
        (lambda: olive.Population.synthetic(households=10, seed="1"), "seed"),
        (lambda: olive.Population.synthetic(households=10, progress=1), "progress"),
        (lambda: olive.evaluate("dibao", None, "2023-01-01"), "given is a NoneType"),
        (lambda: olive.evaluate("dibao", {5: 1}, "2023-01-01"), "not by 5"),
        (lambda: olive.evaluate("dibao", {"age": [1, [2]]}, "2023-01-01"), "one list of values"),
        (lambda: olive.evaluate("dibao", {"age": 1}, "2023-01-01", seed="x"), "seed"),
        (lambda: olive.evaluate("dibao", {"age": 10**400}, "2023-01-01"), "beyond what float64"),
        (lambda: olive.law(pd.NaT), "the day is missing"),
    ):
        with pytest.raises(olive.OliveError, match=words):
            call()
