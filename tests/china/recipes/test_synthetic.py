"""The generator: any block alone, any number of threads, sensible people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import olive
from olive.china.columns import catalogue
from olive.china.households.generator import generator
from olive.china.households.income_mapping import mapped
from olive.china.recipes.recipe import knots, load_recipe
from olive.china.recipes.synthetic import DrawnBlock, undrawn
from olive.engine.units import parse_unit
from olive.errors import DataError
from olive.population import Population
from olive.simulation.groups import group_flags, primary_group
from olive.synthesis.sampling import powers_of_two
from olive.taizhou.groups import GROUPS

HOUSEHOLDS = 3_000
RECIPE = load_recipe("taizhou", 2023)
WHOLE = undrawn(RECIPE, HOUSEHOLDS, seed=5)
REFERENCE = WHOLE.block(0, HOUSEHOLDS)


@pytest.fixture(scope="module")
def city() -> Population:
    return Population.synthetic(households=60_000, seed=3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, HOUSEHOLDS - 1), st.integers(1, 400))
def test_any_block_alone_gives_the_same_bits(first, length):
    last = min(first + length, HOUSEHOLDS)
    block = WHOLE.block(first, last)
    rows = slice(REFERENCE.starts[first], REFERENCE.starts[last])
    for name, column in block.households.items():
        assert np.array_equal(column, REFERENCE.households[name][first:last]), name
    for name, column in block.persons.items():
        assert np.array_equal(column, REFERENCE.persons[name][rows]), name


def test_a_block_depends_on_no_other():
    """Blocks drawn in any order, one by one, are the rows of the whole."""
    for first in (2_048, 0, 1_024):
        alone = undrawn(RECIPE, HOUSEHOLDS, seed=5).block(first, first + 700)
        for name, column in alone.households.items():
            assert np.array_equal(column, REFERENCE.households[name][first : first + 700]), name


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_compiled_loops_and_numpy_give_the_same_bits(monkeypatch, threads):
    """Every column, every bit, for any number of threads."""
    monkeypatch.setattr("olive.china.recipes.synthetic.COMPILED_FROM", 1)
    compiled = undrawn(RECIPE, HOUSEHOLDS, seed=5, threads=threads).block(
        0, HOUSEHOLDS, threads=threads
    )
    assert_same_bits(compiled, REFERENCE)


def assert_same_bits(one: DrawnBlock, other: DrawnBlock) -> None:
    for mine, theirs in ((one.households, other.households), (one.persons, other.persons)):
        assert list(mine) == list(theirs)
        for name, column in mine.items():
            assert column.dtype == theirs[name].dtype, name
            assert column.tobytes() == theirs[name].tobytes(), name


def test_columns_have_the_units_of_the_catalogue():
    rules = generator(RECIPE, seed=1).living.rules
    for name, column in catalogue().items():
        if name in rules.rules and name != "household_id":  # which both tables have
            assert rules.quantities[name].unit == parse_unit(column.unit), name
            assert rules.quantities[name].truth == (column.kind == "bool"), name
            assert rules.rules[name].entity == column.entity, name


def within(found: float, count: int, share: float) -> bool:
    """Whether a count of independent draws fits its share: 4.5 standard deviations."""
    return abs(found - count * share) <= 4.5 * np.sqrt(count * share * (1.0 - share)) + 1e-9


def test_shares_are_those_of_the_recipe(city):
    """Of all draws with a share in the recipe, counts fit the binomial distribution."""
    arrays = city.arrays()
    households, persons = arrays.households, arrays.persons
    klass = households["household_class"][np.repeat(np.arange(len(city)), city.size)]
    settings, wealth = RECIPE.persons, RECIPE.wealth
    tested = 0
    employed = (persons["labour_status"] == code("labour_status", "employee")) & (
        persons["age"] < 60
    )
    insured = persons["pension_scheme"] == code("pension_scheme", "employee")
    wage = persons["contractual_wage"] > 0
    for number in range(7):
        own = klass == number
        for group, has, share in (
            (employed, insured, settings["insurance"]["employee"][number]),
            (insured, persons["housing_fund_rate"] > 0, settings["housing_fund"]["share"][number]),
            (insured, persons["unemployment_insured"], settings["insurance"]["unemployment"]),
            (wage, persons["annual_bonus"] > 0, settings["bonus"]["share"][number]),
        ):
            assert within((group & own & has).sum(), (group & own).sum(), share), number
            tested += 1
        for area, urban in (("rural", False), ("urban", True)):
            name = catalogue()["household_class"].codes[number]
            young = persons["age"][arrays.starts[:-1]] < wealth["old_without_mortgage"]
            living = (households["household_class"] == number) & (households["urban"] == urban)
            living &= young & ~households["collective"]
            for tenure, share in enumerate(wealth["tenure"][area][name]):
                found = (living & (households["tenure"] == tenure)).sum()
                assert within(found, living.sum(), share), (area, name, tenure)
                tested += 1
    assert tested == 7 * (4 + 2 * 5)
    for grade, share in enumerate(wealth["disability"]["grades"], start=1):
        certified = (persons["disability_grade"] > 0) & (persons["labour_status"] == 9)
        assert within(
            (certified & (persons["disability_grade"] == grade)).sum(), certified.sum(), share
        )
    working = np.isin(persons["labour_status"], [2, 3, 4, 5])
    gives = (persons["donations"] > 0).sum()
    assert within(gives, working.sum(), settings["donation"]["share"])


def test_a_larger_city_begins_with_the_smaller_one():
    small = Population.synthetic(households=500, seed=9).persons
    large = Population.synthetic(households=1_500, seed=9).persons
    assert small.equals(large.iloc[: len(small)])


def test_seeds_differ():
    one = Population.synthetic(households=500, seed=1)
    assert one.fingerprint() != Population.synthetic(households=500, seed=2).fingerprint()


@pytest.mark.parametrize("households", [1, 2, 7, 50, 999, 20_000])
def test_weights_add_up_whatever_the_number(households):
    """2,510,062 family and 126,174 collective households (2020 census)."""
    people = Population.synthetic(households=households, seed=1)
    collective = people.arrays().households["collective"]
    assert people.weight[~collective].sum() == pytest.approx(2_510_062)
    if collective.any():
        assert people.weight[collective].sum() == pytest.approx(126_174)


def test_every_column_is_there_and_valid():
    people = Population.synthetic(households=2_000, seed=4)
    again = Population.from_frames(people.households, people.persons, year=2023)
    assert again.fingerprint() == people.fingerprint()
    assert {"household_id", *catalogue()} == {
        *people.households.columns,
        *people.persons.columns,
    }


def test_tables_say_that_they_are_synthetic():
    people = Population.synthetic(households=10)
    assert people.is_synthetic
    assert people.origin.recipe == RECIPE.digest()
    assert people.origin.seed == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"households": 0}, "households is 0"),
        ({"households": 2.5}, "whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0; it must be a whole number of at least 1"),
        ({"threads": -2}, "threads is -2"),
        ({"threads": True}, "threads is True"),
        ({"place": "taizou"}, "did you mean 'taizhou'"),
        ({"year": 1990}, "known: 2023"),
    ],
)
def test_unusable_arguments(arguments, words):
    with pytest.raises(DataError, match=words):
        Population.synthetic(**({"households": 10} | arguments))


def code(column: str, name: str) -> int:
    return catalogue()[column].codes.index(name)


def test_people_make_sense(city):
    arrays = city.arrays()
    persons, starts = arrays.persons, arrays.starts
    owner = np.repeat(np.arange(len(city)), city.size)
    first = starts[:-1][owner]
    age = persons["age"]
    assert not persons["contractual_wage"][age < 16].any()
    assert not persons["employee_pension"][age < 50].any()
    assert (persons["annual_bonus"] <= persons["contractual_wage"]).all()
    employed = persons["labour_status"] == code("labour_status", "employee")
    assert (persons["contractual_wage"][employed] > 0).mean() > 0.999
    assert not persons["contractual_wage"][~employed].any()
    married = persons["spouse"] >= 0
    partner = first[married] + persons["spouse"][married]
    assert np.array_equal(persons["spouse"][partner], persons["person_number"][married])
    assert (persons["sex"][partner] != persons["sex"][married]).all()
    assert np.abs(age[partner] - age[married]).max() <= 20
    for parent, sex in (("father", 0), ("mother", 1)):
        child = persons[parent] >= 0
        elder = first[child] + persons[parent][child]
        assert (persons["sex"][elder] == sex).all()
        gap = age[elder].astype(int) - age[child]
        assert np.quantile(gap, 0.001) >= 16
        assert np.quantile(gap, 0.999) <= 48
    own = persons["disability_grade"] == 0
    assert not persons["mental_disability"][own].any()
    assert (persons["medical_reimbursement"] <= persons["medical_expense"]).all()
    assert persons["months_worked"][employed].min() >= 1
    working = np.isin(persons["labour_status"], [2, 3, 4, 5])
    assert not persons["months_worked"][~working].any()


def test_households_make_sense(city):
    arrays = city.arrays()
    owned = arrays.households
    renter = owned["tenure"] == code("tenure", "market_renter")
    assert not owned["imputed_rent"][renter].any()
    assert not owned["rent_paid"][owned["tenure"] == code("tenure", "owner")].any()
    assert (owned["dwellings"][owned["tenure"] == code("tenure", "owner")] >= 1).all()
    mortgage = owned["tenure"] == code("tenure", "owner_with_mortgage")
    assert np.array_equal(owned["mortgage_interest"] > 0, mortgage)
    assert ((owned["village"] >= 0) | (owned["collective_dividend"] == 0)).all()
    hukou = arrays.persons["hukou"][arrays.starts[:-1]]
    assert (owned["village"][hukou != code("hukou", "local_rural")] == -1).all()


def test_villages_pay_their_members_alike(city):
    owned = city.arrays().households
    member = owned["village"] >= 0
    a_head = owned["collective_dividend"][member] / city.size[member]
    village = owned["village"][member]
    order = np.argsort(village, kind="stable")
    same = np.diff(village[order]) == 0
    assert not np.diff(a_head[order])[same].any()
    paying = a_head > 0
    assert 0.08 < paying.mean() < 0.18  # 13 % of villages in the recipe


def test_incomes_go_together_within_households(city):
    """Earnings of couples, and wealth and earnings, are positively related."""
    arrays = city.arrays()
    persons = arrays.persons
    head = persons["person_number"] == 0
    first = arrays.starts[:-1]
    married = head & (persons["spouse"] >= 0)
    wife = np.flatnonzero(married) + persons["spouse"][married]
    his, hers = persons["contractual_wage"][married], persons["contractual_wage"][wife]
    both = (his > 0) & (hers > 0)
    assert np.corrcoef(np.log(his[both]), np.log(hers[both]))[0, 1] > 0.15
    names = ("contractual_wage", "operating_income", "employee_pension")
    earned = np.add.reduceat(sum(persons[name].astype(float) for name in names), first) / city.size
    earning = (earned > 0) & (arrays.households["financial_assets"] > 0)
    assets = arrays.households["financial_assets"][earning]
    assert np.corrcoef(np.log(earned[earning]), np.log(assets))[0, 1] > 0.25


def test_who_had_dibao_last_year_mostly_gets_it_this_year():
    """Last year's recipients are told by the law's own draws, so few are in gradual exit."""
    drawn = Population.synthetic(households=20_000, seed=4)
    result = olive.simulate(
        drawn, olive.law(year=2023), outputs=["dibao_recipient", "countable_income_per_head"]
    )
    weight = np.repeat(drawn.weight, drawn.size)
    gets = result.values("dibao_recipient") > 0
    before = np.repeat(drawn.arrays().households["received_dibao_last_year"], drawn.size)
    assert weight[before & gets].sum() > 0.75 * weight[before].sum()
    above = result.values("countable_income_per_head") >= 12_492  # 1,041 yuan a month
    assert weight[gets & above].sum() < 0.15 * weight[gets].sum()


def test_nine_groups(city):
    flags = group_flags(city)
    persons = city.arrays().persons
    assert list(flags) == [group.name for group in GROUPS.groups]
    assert sorted(GROUPS.precedence) == sorted(flags)
    assert all(flag.any() for flag in flags.values())
    platform = persons["labour_status"] == code("labour_status", "platform_worker")
    assert np.array_equal(flags["new_employment"], platform)
    primary = primary_group(city)
    for position, group in enumerate(GROUPS.groups):
        assert flags[group.name][primary == position].all()
    anywhere = np.any(list(flags.values()), axis=0)
    assert np.array_equal(primary >= 0, anywhere)
    assert (primary[flags["hardship"]] == list(flags).index("hardship")).all()


def test_groups_name_the_column_they_lack(city):
    households = city.households[["household_id", "weight", "urban"]].iloc[:50]
    persons = city.persons[["household_id", "age"]]
    few = persons[persons["household_id"].isin(households["household_id"])]
    with pytest.raises(DataError, match="need the column"):
        group_flags(Population.from_frames(households, few, year=2023))


@given(
    st.lists(st.floats(64.0, 16_000_000.0), min_size=1, max_size=50),
    st.integers(0, 3),
)
def test_mapping_is_linear_between_knots(incomes, cell):
    """The same as numpy's interpolation on the same knots."""
    rng = np.random.default_rng(0)
    table = np.cumsum(rng.random((4, len(knots()))), axis=1)
    values = np.array(incomes)
    found = mapped(values, table, powers_of_two(), np.full(len(values), float(cell)))
    assert np.allclose(found, np.interp(values, knots(), table[cell]), rtol=1e-12)
