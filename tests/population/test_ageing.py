"""Static ageing against margins given from outside and laws that any ageing keeps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive.china.projected_margins import projected_margins
from olive.errors import DataError, OliveError
from olive.places import place
from olive.population import Population
from olive.population.ageing import aged, income_a_head
from olive.population.calibration import PublishedFigure, Targets


def town(households: int = 600) -> Population:
    """Households of one to four persons; a fifth of persons is 60 or older."""
    draws = np.random.default_rng(5)
    size = draws.integers(1, 5, households)
    owner = np.repeat(np.arange(households), size)
    persons = len(owner)
    age = draws.choice([8, 30, 45, 62, 75], persons, p=[0.2, 0.3, 0.3, 0.1, 0.1])
    frames = (
        pd.DataFrame(
            {
                "household_id": np.arange(households),
                "weight": 100.0,
                "urban": draws.random(households) < 0.6,
                "county": draws.choice(["linhai", "sanmen"], households),
                "rental_income": draws.choice([0.0, 12_000.0], households),
            }
        ),
        pd.DataFrame(
            {
                "household_id": owner,
                "age": age,
                "sex": draws.choice(["male", "female"], persons),
                "contractual_wage": np.where((age > 16) & (age < 60), 80_000.0, 0.0),
                "employee_pension": np.where(age >= 60, 30_000.0, 0.0),
            }
        ),
    )
    return Population.from_frames(*frames, year=2023)


def target(
    name: str, where: str, value: float, measure: str = "count", year: int = 2025
) -> PublishedFigure:
    return PublishedFigure(
        name, "person", measure, where, value, year, "persons", "made up", "published", 0.0
    )


def older(city: Population) -> Targets:
    """Ten per cent more persons of 60 and over, as many others."""
    weight = np.repeat(city.weight, city.size)
    old = city.persons["age"].to_numpy() >= 60
    return Targets(
        (
            target("old", "age >= 60", 1.1 * weight[old].sum()),
            target("young", "age < 60", weight[~old].sum()),
        )
    )


def test_margins_are_met_and_persons_stay_as_they_are():
    city = town()
    later = city.age(2025, targets=older(city))
    weight = np.repeat(later.weight, later.size)
    old = later.persons["age"].to_numpy() >= 60
    before = np.repeat(city.weight, city.size)
    assert weight[old].sum() == pytest.approx(1.1 * before[old].sum())
    assert weight[~old].sum() == pytest.approx(before[~old].sum())
    assert later.persons["age"].tolist() == city.persons["age"].tolist()
    assert later.year == 2025


def test_income_a_head_grows_as_the_path_says_whatever_happens_to_the_ages():
    # rural incomes: 6.14 % and 5.8 %; urban ones: 4.34 % and 4.3 %
    city = town()
    later = city.age(2025, targets=older(city))
    rates = {False: 1.0614 * 1.058, True: 1.0434 * 1.043}
    for urban, growth in rates.items():
        here = city.households["urban"].to_numpy() == urban
        before, after = (each.select(here).tables for each in (city, later))
        assert income_a_head(after, place()) == pytest.approx(
            growth * income_a_head(before, place())
        )


def test_all_incomes_are_scaled_alike():
    later = town().age(2025, targets=older(town()))
    wages = later.persons["contractual_wage"].to_numpy()
    pensions = later.persons["employee_pension"].to_numpy()
    # 80,000 and 30,000 in every row before, so their ratio is kept
    assert wages.max() / pensions.max() == pytest.approx(80_000 / 30_000)
    # more old people earn less a head, so incomes are scaled up beyond the rural growth
    assert wages.max() > 80_000 * 1.0614 * 1.058


def test_sums_of_money_take_no_part_in_the_reweighting():
    city = town()
    plain = aged(city, 2025, targets=older(city))
    wages = 2.0 * float(
        np.repeat(city.weight, city.size) @ city.persons["contractual_wage"].to_numpy()
    )
    with_sum = Targets((*older(city), target("wages", "", wages, "sum:contractual_wage")))
    found = aged(city, 2025, targets=with_sum)
    assert found.population.weight.tolist() == plain.population.weight.tolist()
    assert found.left_out == ("wages",)
    assert "income sums left out of the fit: wages" in found.population.notes


def test_light_calibration_to_sums_comes_last_and_is_met():
    city = town()
    wages = 1.13 * float(
        np.repeat(city.weight, city.size) @ city.persons["contractual_wage"].to_numpy()
    )
    wanted = Targets((*older(city), target("wages", "", wages, "sum:contractual_wage")))
    found = aged(city, 2025, targets=wanted, fit_income_sums=True)
    later = found.population
    reached = np.repeat(later.weight, later.size) @ later.persons["contractual_wage"].to_numpy()
    assert reached == pytest.approx(wages)
    assert [step.name for step in found.steps] == [
        "data",
        "reweighted",
        "incomes grown",
        "income sums",
    ]
    assert found.left_out == ()


def test_design_effect_of_each_step_is_reported():
    city = town()
    found = aged(city, 2025, targets=older(city))
    weight = found.population.weight
    # Kish: n times the sum of squares over the square of the sum; equal weights give 1
    kish = len(weight) * (weight**2).sum() / weight.sum() ** 2
    assert found.steps[0].design_effect == pytest.approx(1.0)
    assert found.steps[1].design_effect == pytest.approx(kish)
    assert found.steps[2].design_effect == pytest.approx(kish)
    said = " ".join(found.population.notes)
    assert f"1.000 -> {kish:.3f} -> {kish:.3f}" in said
    assert found.summary()["name"].tolist() == ["data", "reweighted", "incomes grown"]


def test_without_targets_the_data_drift_by_the_shipped_assumptions():
    city = town()
    later = city.age(2025)

    def share(people: Population, column: str, low: float, high: float) -> float:
        weight = np.repeat(people.weight, people.size)
        values = people.persons[column].to_numpy()
        return float(weight[(values >= low) & (values < high)].sum() / weight.sum())

    # two years: 65 and over + 2 x 0.4 points, 60-64 + 2 x 0.2, 0-14 - 2 x 0.3; persons + 0.66 %
    assert share(later, "age", 65, 200) - share(city, "age", 65, 200) == pytest.approx(0.008)
    assert share(later, "age", 60, 65) - share(city, "age", 60, 65) == pytest.approx(0.004)
    assert share(later, "age", 0, 15) - share(city, "age", 0, 15) == pytest.approx(-0.006)
    persons = float(later.weight @ later.size) / float(city.weight @ city.size)
    assert persons == pytest.approx(1.0066**2)
    assert any("assumption and proxy" in note for note in later.notes)


def test_back_and_forth_keeps_the_mean():
    city = town()
    back = city.age(2021)
    # the published mean fell from 61,067 to 55,499; here as much is earned in the country as in
    # town, where incomes fell by less
    fall = income_a_head(back.tables, place()) / income_a_head(city.tables, place())
    assert fall == pytest.approx(55_499 / 61_067, rel=1e-2)
    again = back.age(2023)
    assert income_a_head(again.tables, place()) == pytest.approx(
        income_a_head(city.tables, place()), rel=3e-3
    )


def test_single_person_households_need_no_other_rule():
    households = pd.DataFrame({"household_id": np.arange(90), "weight": 1.0})
    persons = pd.DataFrame(
        {"household_id": np.arange(90), "age": [10, 40, 70] * 30, "contractual_wage": 1.0}
    )
    later = Population.from_frames(households, persons, year=2023).age(2024)
    weight = later.weight
    assert weight[2::3].sum() / weight.sum() == pytest.approx(1 / 3 + 0.004)


@pytest.mark.parametrize(
    ("year", "options", "words"),
    [
        (2031, {"growth": {"wage": 1.1}}, ["2031", "2019 to 2030", "targets"]),
        (2031, {}, ["2031", "2030"]),
        (2025, {"growth": "pln"}, ["did you mean 'plan'"]),
        (2025, {"fit_income_sums": True}, ["fit_income_sums"]),
        (
            2025,
            {"targets": Targets((target("w", "", 1e9, "sum:contractual_wage"),))},
            ["sums of money only"],
        ),
        (2025, {"targets": Targets((target("m", "ages > 3", 1e9),))}, ["'ages'", "'age'"]),
    ],
)
def test_clear_refusals(year, options, words):
    with pytest.raises(OliveError) as caught:
        town(60).age(year, **options)
    for word in words:
        assert word in str(caught.value)


def test_a_population_that_nobody_draws_a_pension_in_ages() -> None:
    young = town(200)
    persons = young.persons.assign(employee_pension=0.0)
    found = Population.from_frames(young.households, persons, year=2023).age(2025)
    assert found.weight.sum() > 0.0


def test_a_handful_of_households_is_too_few_to_age() -> None:
    few = town(60).select(np.arange(60) < 2)
    with pytest.raises(DataError, match=r"sample persons are too few for the margins of 2025"):
        few.age(2025)


def test_tables_without_income_cannot_be_aged():
    households = pd.DataFrame({"household_id": np.arange(40), "weight": 1.0})
    persons = pd.DataFrame({"household_id": np.arange(40), "age": 30})
    with pytest.raises(DataError, match="hold no income"):
        Population.from_frames(households, persons, year=2023).age(2024)


def test_targets_of_another_year_are_named():
    city = town()
    wrong = Targets(tuple(target(t.id, t.where, t.value, year=2020) for t in older(city)))
    later = city.age(2025, targets=wrong)
    assert any("another year than 2025: old, young" in note for note in later.notes)


def test_the_synthetic_city_ages_from_the_census_of_2020():
    # 1,295,869 of 6,622,888 in 2020, 19.57 %, and five years of 0.6 points: 22.57 % in 2025
    later = Population.synthetic(households=5_000, seed=1).age(2025)
    weight = np.repeat(later.weight, later.size)
    old = later.persons["age"].to_numpy() >= 60
    assert weight[old].sum() / weight.sum() == pytest.approx(0.2257, abs=0.001)
    # 0.66 % a year since 2020
    assert weight.sum() == pytest.approx(6_622_888 * 1.0066**5, rel=1e-3)
    # aged once, it is of 2025 in every respect
    again = later.age(2025)
    assert (again.weight @ again.size) == pytest.approx(weight.sum())


def test_delayed_retirement_keeps_people_at_work() -> None:
    city = olive.Population.synthetic(households=4_000, seed=2)
    # The delay begins in 2025: in 2024 pensioners follow their age and sex alone.
    assert not [each for each in projected_margins(city, 2024) if each.id.startswith("pensioners")]
    wanted = {each.id: each for each in projected_margins(city, 2030)}
    margin = wanted["pensioners.male"]
    # Decision of 2024, table for men: born in 1969 they retire at 61 years and one to three
    # months, so nobody who completes 60 in 2030 draws a pension; of those who complete 61 all
    # born before October do.
    assert margin.where == "employee_pension > 0 and age < 62 and sex == male"
    found = aged(city, 2030).population
    persons, weight = found.persons, np.repeat(found.weight, found.size)
    young = (persons["employee_pension"] > 0) & (persons["age"] < 62) & (persons["sex"] == "male")
    assert weight[young].sum() == pytest.approx(margin.value, rel=2e-3)
    before = np.repeat(city.weight, city.size)[young].sum()
    assert weight[young].sum() < 0.8 * before
    # Persons of that age are as many as without the delay: others take their place.
    for each in ("age.60-64.male", "age.15-59.female"):
        low, high = (60, 65) if each.startswith("age.60") else (15, 60)
        sex = each.rsplit(".", 1)[1]
        there = persons["age"].between(low, high - 1) & (persons["sex"] == sex)
        assert weight[there].sum() == pytest.approx(wanted[each].value, rel=2e-3)
