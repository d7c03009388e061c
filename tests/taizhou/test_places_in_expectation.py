"""Levers that choose at random choose as many as the plan says, on average over seeds.

`test_labour_levers` asks the same of jobs and skills; here are the levers whose numbers are too
small to be seen among the weights of a small sample, in a town whose weights are a tenth.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import olive
from olive.china.codes import code
from olive.engine import Reform, Tables, run_policies

LAW = olive.law("2023-01-01")
UNEMPLOYED, HOMEMAKER = code("labour_status", "unemployed"), code("labour_status", "homemaker")
WORKING = [
    code("labour_status", each)
    for each in ("employee", "self_employed", "farmer", "platform_worker")
]
LOCAL_URBAN = code("hukou", "local_urban")


@cache
def town() -> Tables:
    """Return households with somebody out of work, the unemployed all fresh from university."""
    arrays = olive.Population.synthetic(households=3_000, seed=5).arrays()
    sizes = np.diff(arrays.starts)
    idle = np.isin(arrays.persons["labour_status"], [UNEMPLOYED, HOMEMAKER])
    kept = np.add.reduceat(idle, arrays.starts[:-1]) > 0
    people = np.repeat(kept, sizes)
    households = {name: column[kept] for name, column in arrays.households.items()}
    persons = {name: column[people] for name, column in arrays.persons.items()}
    graduated = np.where(
        persons["labour_status"] == UNEMPLOYED, 1, persons["years_since_graduation"]
    )
    return Tables(
        households | {"weight": households["weight"] / 10},
        persons | {"years_since_graduation": graduated},
        np.append(0, np.cumsum(sizes[kept])),
        arrays.household_key[kept],
    )


@cache
def seeking_town() -> Tables:
    """Return the town with its homemakers as seekers of work and without income from assets."""
    first = town()
    status = first.persons["labour_status"]
    seeking = np.where(status == HOMEMAKER, UNEMPLOYED, status)
    none = np.zeros(first.starts.size - 1)
    return Tables(
        first.households | {"rental_income": none, "dividend_income": none},
        first.persons | {"labour_status": seeking},
        first.starts,
        first.household_key,
    )


def of_persons(
    variable: str, lever: dict[str, float], seed: int = 0, tables: Tables | None = None
) -> np.ndarray:
    """Return whether each person has any of a variable."""
    policy = LAW | Reform(lever)
    run = run_policies(tables or town(), [policy], [variable], seed=seed)
    return run.arrays[0, variable] != 0


def check_mean(
    variable: str,
    lever: dict[str, float],
    places: float,
    weights: np.ndarray,
    seeds: int,
    tables: Tables | None = None,
) -> None:
    """Compare the weighted number chosen with independent draws of equal probability.

    Each of the units, of weight w, is chosen with probability p = places / sum(w), so that the
    number chosen has mean ``places`` and variance p (1 - p) sum(w^2): binomial but for the weights.
    """
    of_each = np.repeat(town().households["weight"], np.diff(town().starts))
    numbers = [of_each[of_persons(variable, lever, seed, tables)].sum() for seed in range(seeds)]
    share = places / weights.sum()
    assert 0 < share < 1
    error = np.sqrt(share * (1 - share) * (weights**2).sum() / seeds)
    assert 4 * error < 0.25 * places  # or the test would not see a forgotten factor
    assert np.mean(numbers) == pytest.approx(places, abs=4 * error)
    assert len(set(numbers)) > 1


def test_care_posts():
    # 25 for each 10,000 of 1,295,869 old people, of which a fifth is new.
    places = 25 * 129.5869 * 0.2
    lever = {"care_workers_per_ten_thousand": 25, "share_of_care_posts_new": 0.2}
    # Nobody is in any other job of the plan, so that all who are out of work are candidates.
    weights = np.repeat(town().households["weight"], np.diff(town().starts))
    check_mean("takes_care_job", lever, places, weights[of_persons("jobless", {})], 40)


def test_placements_of_graduates():
    # 20,000 in five years, two of which are left: 8,000, so 4,000 a year.
    weights = np.repeat(town().households["weight"], np.diff(town().starts))
    persons = town().persons
    graduates = weights[persons["labour_status"] == UNEMPLOYED]
    check_mean("internship_allowance_of_person", {"internships": 20_000}, 4_000, graduates, 10)


def test_more_placements_than_graduates_are_one_for_each():
    placed = of_persons("internship_allowance_of_person", {"internships": 1_000_000})
    assert np.array_equal(placed, town().persons["labour_status"] == UNEMPLOYED)


def zero_employment_families(tables: Tables) -> np.ndarray:
    """Return, from the columns, in which urban households all who are able to work seek work.

    Nobody works, keeps house while able to work, or has income from a business, shares or rent.
    """
    persons, households, first = tables.persons, tables.households, tables.starts[:-1]
    status = persons["labour_status"]
    able = persons["able_to_work"] & ~persons["in_education"]
    seeks = able & (status == UNEMPLOYED) & (persons["hukou"] == LOCAL_URBAN)
    otherwise = np.isin(status, WORKING) | (able & (status == HOMEMAKER))
    otherwise |= persons["operating_income"] > 0
    assets = (households["rental_income"] > 0) | (households["dividend_income"] > 0)
    assets |= households["business_premises"]
    found = np.logical_or.reduceat(seeks, first) & ~np.logical_or.reduceat(otherwise, first)
    return found & ~assets


def test_zero_employment_families():
    tables = seeking_town()
    families = tables.households["weight"][zero_employment_families(tables)]
    lever = {"zero_employment_families_helped": 0.4}
    check_mean("takes_zero_employment_job", lever, 0.4 * families.sum(), families, 40, tables)


def test_every_zero_employment_family_gets_one_job_when_all_are_helped():
    for tables in (town(), seeking_town()):
        for seed in range(3):
            lever = {"zero_employment_families_helped": 1}
            chosen = of_persons("takes_zero_employment_job", lever, seed, tables)
            jobs = np.add.reduceat(chosen.astype(int), tables.starts[:-1])
            assert np.array_equal(jobs, zero_employment_families(tables).astype(int))
