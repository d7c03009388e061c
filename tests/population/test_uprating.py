"""Uprating against published incomes, hand arithmetic and algebraic laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olive.china.columns import catalogue
from olive.errors import DataError, DataWarning
from olive.places import place
from olive.population import Population
from olive.population.growth import growth_between, growth_data

MAIN = ("wage", "operating", "property", "transfers")


def village(**household_columns) -> Population:
    households = pd.DataFrame(
        {
            "household_id": [1, 2],
            "weight": [1.0, 1.0],
            "urban": [True, False],
            "interest_income": [1_000.0, 1_000.0],
            "rent_paid": [10_000.0, 0.0],
            "mortgage_interest": [5_000.0, 0.0],
            "floor_area": [90.0, 120.0],
        }
        | household_columns
    )
    persons = pd.DataFrame(
        {
            "household_id": [1, 1, 2],
            "age": [40, 38, 70],
            "contractual_wage": [100_000.0, 0.0, 20_000.0],
            "operating_income": [0.0, -40_000.0, 8_000.0],
            "employee_pension": [0.0, 0.0, 30_000.0],
        }
    )
    return Population.from_frames(households, persons, year=2023)


def test_every_money_column_has_one_component():
    money = {c.name for c in catalogue().values() if c.unit in {"yuan", "yuan/year", "yuan/month"}}
    listed = [
        column
        for entry in growth_data(place())["components"].values()
        for column in entry["columns"]
    ]
    assert sorted(listed) == sorted(money)  # none forgotten, none listed twice


def test_after_2023_town_and_country_grow_at_rates_of_other_places():
    later = village(urban=[True, False]).uprate(2025)
    # urban: 78,251 / 74,997 in Zhejiang in 2024, 4.34 %, and 4.3 % in the nation in 2025
    urban = 1.0434 * 1.043
    # rural: 42,786 / 40,311, 6.14 %, and 5.8 %
    rural = 1.0614 * 1.058
    wages = [100_000.0 * urban, 0.0, 20_000.0 * rural]
    assert later.persons["contractual_wage"].tolist() == pytest.approx(wages)
    assert later.persons["operating_income"].tolist() == pytest.approx(
        [0.0, -40_000.0 * urban, 8_000.0 * rural]
    )
    assert later.persons["employee_pension"].tolist() == pytest.approx([0.0, 0.0, 30_000 * rural])
    # consumer prices rose by 0.3 % in 2024 (published): 10,000 -> 10,030 -> 10,060.09
    assert later.households["rent_paid"].tolist() == [pytest.approx(10_060.09), 0.0]
    # fixed by contract; no money
    assert later.households["mortgage_interest"].tolist() == [5_000.0, 0.0]
    assert later.households["floor_area"].tolist() == [90.0, 120.0]
    assert later.persons["age"].tolist() == [40, 38, 70]
    assert later.weight.tolist() == [1.0, 1.0]
    assert later.year == 2025


def test_published_components_of_2023_give_the_published_total_of_2022():
    # 36,467 + 11,294 + 6,969 + 6,337 = 61,067 in 2023; 58,040 in 2022
    income = dict(zip(MAIN, (36_467, 11_294, 6_969, 6_337), strict=True))
    back = growth_between(place(), 2023, 2022).overall
    assert sum(income[name] * back[name] for name in MAIN) == pytest.approx(58_040, rel=3e-4)
    for name, rate in zip(MAIN, (0.054, 0.050, 0.039, 0.059), strict=True):
        assert back[name] == pytest.approx(1 / (1 + rate))


def test_cast_back_to_2021_meets_the_published_mean_and_ratio():
    # urban and rural components of 2023 per head of their residents (proxy structure fitted to
    # 73,879 and 40,153), urban weight 0.6201
    urban = dict(zip(MAIN, (43_192, 11_865, 10_514, 8_308), strict=True))
    rural = dict(zip(MAIN, (25_489, 10_362, 1_182, 3_120), strict=True))
    back = growth_between(place(), 2023, 2021)
    town = sum(urban[name] * back.urban[name] for name in MAIN)
    country = sum(rural[name] * back.rural[name] for name in MAIN)
    assert 0.6201 * town + 0.3799 * country == pytest.approx(55_499, rel=1e-3)
    # published: 1.92 in 2021; the urban share is held at 2023's, so only the ratio can be met
    assert town / country == pytest.approx(1.92, abs=0.01)


@pytest.mark.parametrize(("year", "total"), [(2019, 47_988), (2020, 50_643), (2021, 55_499)])
def test_total_follows_the_published_series(year, total):
    assert growth_between(place(), year, 2022).overall["wage"] == pytest.approx(58_040 / total)


def test_plan_reaches_75000_a_head_in_2025():
    assert growth_between(place(), 2023, 2025, "plan").overall["wage"] * 61_067 == pytest.approx(
        75_000
    )
    assert growth_between(place(), 2021, 2025, "plan").overall[
        "property"
    ] * 55_499 == pytest.approx(75_000)
    half_way = growth_between(place(), 2023, 2024, "plan").overall["transfers"]
    assert half_way**2 * 61_067 == pytest.approx(75_000)


def test_plan_from_2024_says_that_its_start_is_assumed():
    # three quarters of income are urban: 61,067 x (0.7502 x 1.0434 + 0.2498 x 1.0614) = 63,991.9
    found = growth_between(place(), 2024, 2025, "plan")
    assert found.overall["wage"] == pytest.approx(75_000 / 63_991.9)
    assert "63,992 yuan per head in 2024 (assumption)" in " ".join(found.notes)


def test_later_years_take_the_last_known_rates():
    found = growth_between(place(), 2025, 2027)
    assert found.rural["wage"] == pytest.approx(1.058**2)
    assert found.urban["property"] == pytest.approx(1.043**2)
    said = " ".join(found.notes)
    assert "2027: every urban income grows by 4.3%" in said
    assert "as in 2025, assumption" in said


def test_mean_and_ratio_of_2025():
    # 0.6201 x 73,879 and 0.3799 x 40,153 grow to 66,987 yuan; the ratio of 1.84 falls to 1.78
    grown = growth_between(place(), 2023, 2025)
    town, country = 73_879 * grown.urban["total"], 40_153 * grown.rural["total"]
    assert 0.6201 * town + 0.3799 * country == pytest.approx(66_987, abs=10)
    assert town / country == pytest.approx(1.783, abs=0.001)


def test_own_factors():
    city = village().uprate(2030, growth={"wage": 1.5, "property": 2})
    assert city.persons["contractual_wage"].tolist() == [150_000.0, 0.0, 30_000.0]
    assert city.households["interest_income"].tolist() == [2_000.0, 2_000.0]
    assert city.persons["employee_pension"].tolist() == [0.0, 0.0, 30_000.0]
    assert city.year == 2030
    said = " ".join(city.notes)
    assert "wage x 1.5" in said
    assert "stay as they are: operating, transfers" in said


def test_assumptions_travel_with_the_population(tmp_path):
    city = village().uprate(2025)
    assert city.notes[0] == "incomes grown from 2023 to 2025 on the path trend"
    assert any("6.1% (proxy: Zhejiang's" in note for note in city.notes)
    city.write(tmp_path)
    assert Population.read(tmp_path).notes == city.notes
    assert village().notes == ()


def test_same_year_changes_nothing():
    city = village().uprate(2023)
    assert city.notes == ()
    assert city.fingerprint() == village().fingerprint()


def test_without_area_one_factor_is_used_and_said():
    households = village().households.drop(columns="urban")
    city = Population.from_frames(households, village().persons, year=2023).uprate(2022)
    assert city.persons["contractual_wage"].tolist()[0] == pytest.approx(100_000 / 1.054)
    assert any("no column 'urban'" in note for note in city.notes)


@pytest.mark.parametrize(
    ("year", "growth", "words"),
    [
        (2025, "trnd", ["'trnd'", "did you mean 'trend'", "plan"]),
        (2018, "trend", ["2018", "2019 to 2030", "nearest year: 2019"]),
        (2031, "trend", ["2031", "nearest year: 2030"]),
        (2026, "plan", ["2025", "2026"]),
        (2022, "plan", ["2023", "2022"]),
        (2025, {"wages": 1.1}, ["'wages'", "did you mean 'wage'"]),
        (2025, {"wage": 0.05}, ["0.05", "1.05 for growth of five per cent"]),
        (2025, {"wage": float("nan")}, ["nan", "0.25 to 4"]),
        (2025, {"wage": True}, ["True"]),
        (2025, {"fixed": 1.1}, ["'fixed'"]),
        (2025, {}, ["no factor"]),
        ("2025", "trend", ["calendar year"]),
    ],
)
def test_clear_refusals(year, growth, words):
    with pytest.raises(DataError) as caught:
        village().uprate(year, growth=growth)
    for word in words:
        assert word in str(caught.value)


def test_plan_starts_before_2025():
    late = village().uprate(2025)
    with pytest.raises(DataError, match="these data describe 2025"):
        late.uprate(2025, growth="plan")


years = st.integers(2019, 2030)


@settings(max_examples=60, deadline=None)
@given(years, years, years)
def test_steps_compose_and_the_way_back_leads_home(first, middle, last):
    for area in ("rural", "urban", "overall"):
        one = getattr(growth_between(place(), first, middle), area)
        two = getattr(growth_between(place(), middle, last), area)
        whole = getattr(growth_between(place(), first, last), area)
        back = getattr(growth_between(place(), last, first), area)
        for name, factor in whole.items():
            assert one[name] * two[name] == pytest.approx(factor)
            assert factor * back[name] == pytest.approx(1.0)


def test_town_and_country_together_shrink_as_the_component_did():
    # wages of 2023: 73.45 % urban (proxy). Cast back alone and added up, they are 1 / 1.054 of
    # what they were; rural over urban income rose by (40,153 / 73,879) / (37,703 / 70,766).
    back = growth_between(place(), 2023, 2022)
    assert 0.7345 * back.urban["wage"] + 0.2655 * back.rural["wage"] == pytest.approx(1 / 1.054)
    moved = (40_153 / 73_879) / (37_703 / 70_766)
    assert back.urban["wage"] / back.rural["wage"] == pytest.approx(moved)


def test_single_precision_stays_and_loses_nothing_that_matters():
    city = Population.synthetic(households=500, seed=3)
    later = city.uprate(2025)
    before, after = city.arrays().persons["contractual_wage"], later.arrays().persons
    assert after["contractual_wage"].dtype == before.dtype
    urban = np.repeat(city.arrays().households["urban"], city.size)
    factor = np.where(urban, 1.0434 * 1.043, 1.0614 * 1.058)
    assert np.allclose(after["contractual_wage"], before * factor, rtol=1e-6)
    assert later.fingerprint() != city.fingerprint()


@pytest.mark.parametrize(("end", "factor"), [(2024, 5), (2024, 0.05), (2025, 105), (2024, -1.0)])
def test_growth_in_per_cent_is_refused(end, factor):
    with pytest.raises(DataError, match=r"1\.05 for growth of five per cent"):
        village().uprate(end, growth={"wage": factor})


def test_growth_beyond_a_quarter_a_year_is_told():
    with pytest.warns(DataWarning, match=r"more than 25% a year from 2023 to 2030: wage x 5"):
        village().uprate(2030, growth={"wage": 5})
