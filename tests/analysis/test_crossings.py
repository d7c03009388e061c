"""Crossings and cells: they reconcile with the change of each share, for any pair of policies."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.made_up import population, result

import olive
from olive.analysis.bracket_rule import BracketRule
from olive.statistics import DEFINITIONS

BRACKETS = {"share_10_50": (100_000, 500_000), "share_20_60": (200_000, 600_000)}

# Incomes at and around the bounds, and anything else; a third of a yuan for awkward binaries.
INCOMES = st.one_of(
    st.sampled_from([99_999.99, 1e5, 2e5, 5e5, 6e5, 599_999.99, -5_000.0, 1e5 / 3, 2e5 / 3]),
    st.floats(-1e5, 2e6),
)
HOUSEHOLDS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(0, 10**7), INCOMES, INCOMES, INCOMES),
    min_size=1,
    max_size=12,
).filter(lambda rows: any(weight for _, weight, *_ in rows))


def inside(income, bounds):
    # Amounts within half a fen of a bound count as equal to it.
    return bounds[0] - 0.005 <= income < bounds[1] - 0.005


def measure(definition, income, size):
    return income * 3.0 / size if definition.startswith("three_person") else income


@pytest.mark.slow  # quick: the city reconciles
@settings(max_examples=60, deadline=None)
@given(HOUSEHOLDS, st.sampled_from([("a", "b"), ("b", "a"), ("a", "c"), ("c", "b")]))
def test_crossings_add_up_to_the_change_of_each_share(rows, pair):
    sizes, weights, *incomes = zip(*rows, strict=True)
    made = result(population(sizes, weights), *incomes)
    before, after = (incomes["abc".index(label)] for label in pair)
    comparison = olive.compare(made, *pair)
    crossings, targets = comparison.crossings().frame, comparison.targets().frame
    for definition in DEFINITIONS:
        persons = definition.endswith("persons")
        own = crossings[crossings["definition"] == definition]
        whole = sum(w * (n if persons else 1) for n, w in zip(sizes, weights, strict=True))
        for name, bounds in BRACKETS.items():
            # Weights are whole numbers, so weighted counts are exact and so is the identity.
            change = Fraction(0)
            for size, weight, old, new in zip(sizes, weights, before, after, strict=True):
                moved = inside(measure(definition, new, size), bounds) - inside(
                    measure(definition, old, size), bounds
                )
                change += Fraction(int(moved) * weight * (size if persons else 1))
            column = own["persons" if persons else "households"]
            signs = np.where(own["direction"] == "up", 1, -1) * np.where(
                own["threshold"] == bounds[0], 1, np.where(own["threshold"] == bounds[1], -1, 0)
            )
            exact = sum(
                int(sign) * Fraction(value) for sign, value in zip(signs, column, strict=True)
            )
            assert exact == change
            effect = own[f"effect_on_{name}"].sum()
            row = targets[(targets["indicator"] == name) & (targets["definition"] == definition)]
            assert effect == pytest.approx(float(change / whole), abs=1e-14)
            assert effect == pytest.approx(float(row["change"].iloc[0]), abs=1e-14)


@pytest.mark.slow  # quick: the city reconciles
@settings(max_examples=15, deadline=None)
@given(HOUSEHOLDS)
def test_cells_partition_and_make_up_the_shares(rows):
    sizes, weights, *incomes = zip(*rows, strict=True)
    comparison = olive.compare(result(population(sizes, weights), *incomes))
    cells, targets = comparison.cells().frame, comparison.targets().frame
    for definition in DEFINITIONS:
        own = cells[cells["definition"] == definition].set_index("cell")
        for side in ("before", "after"):
            assert own[f"share_{side}"].sum() == pytest.approx(1, abs=1e-12)
            assert own[f"households_{side}"].sum() == sum(weights)
            assert own[f"sample_{side}"].sum() == sum(weight > 0 for weight in weights)
        share = own["share_after"]
        for name, parts in (
            ("share_10_50", ["100-200", "200-500"]),
            ("share_20_60", ["200-500", "500-600"]),
        ):
            row = targets[(targets["indicator"] == name) & (targets["definition"] == definition)]
            assert share[parts].sum() == pytest.approx(float(row["c"].iloc[0]), abs=1e-12)


def test_a_worked_example():
    # Household 1 (weight 10, 2 persons): 90,000 -> 250,000; three-person 135,000 -> 375,000.
    # Household 2 (weight 30, 3 persons): 510,000 -> 490,000, the same in both measures.
    # Household 3 (weight 60, 1 person): 100,000 -> 100,000; three-person 300,000.
    made = result(population([2, 3, 1], [10, 30, 60]), [9e4, 51e4, 1e5], [25e4, 49e4, 1e5])
    frame = (
        olive.compare(made).crossings().frame.set_index(["definition", "threshold", "direction"])
    )
    own = frame.loc["household"]
    assert own.loc[(1e5, "up"), ["sample", "households", "persons"]].tolist() == [1, 10, 20]
    assert own.loc[(1e5, "up"), "effect_on_share_10_50"] == 10 / 100
    assert own.loc[(1e5, "up"), "effect_on_share_20_60"] == 0
    assert own.loc[(2e5, "up"), "effect_on_share_20_60"] == 10 / 100
    assert own.loc[(5e5, "down"), ["households", "persons"]].tolist() == [30, 90]
    assert own.loc[(5e5, "down"), "effect_on_share_10_50"] == 30 / 100
    assert own.loc[(5e5, "down"), "effect_on_share_20_60"] == 0
    assert own["households"].sum() == 10 + 10 + 30
    # Persons: 10 x 2 + 30 x 3 + 60 = 170 in all; 90 of them fall below 500,000.
    by_persons = frame.loc["household_persons"]
    assert by_persons.loc[(5e5, "down"), "effect_on_share_10_50"] == pytest.approx(90 / 170)
    # Three-person: household 1 was above 100,000 already.
    three = frame.loc["three_person"]
    assert three.loc[(1e5, "up"), "households"] == 0
    assert three.loc[(2e5, "up"), "households"] == 10


def test_collective_households_stay_out():
    city = population([1, 1], [50, 50], collective=[False, True])
    made = result(city, [90_000, 90_000], [110_000, 110_000])
    own = olive.compare(made).crossings().frame.iloc[0]
    assert (own["direction"], own["households"], own["effect_on_share_10_50"]) == ("up", 50, 1)


def test_constant_prices_move_the_bounds():
    made = result(population([3, 3], [1, 1]), [104_000, 300_000], [106_000, 300_000])
    nominal, constant = olive.compare(made), olive.compare(made, deflator=1.05)
    assert nominal.crossings()["households"].sum() == 0
    row = constant.crossings().frame.iloc[0]
    assert (row["threshold"], row["direction"], row["households"]) == (105_000, "up", 1)
    share = constant.targets().frame.set_index(["indicator", "definition"])
    assert share.loc[("share_10_50", "household"), ["a", "b"]].tolist() == [0.5, 1.0]
    assert constant.cells()["cell"].tolist() == nominal.cells()["cell"].tolist()
    assert constant.cells()["share_before"].tolist()[:3] == [0.5, 0, 0.5]
    assert any("1.05" in note.en for note in constant.cells().notes)


def test_the_city_reconciles(city_result):
    for before, after in (("law", "give"), ("give", "both"), ("both", "law")):
        comparison = olive.compare(city_result, before, after)
        effects = comparison.crossings().frame.groupby("definition")
        targets = comparison.targets().frame.set_index(["definition", "indicator"])
        for name in BRACKETS:
            for definition, effect in effects[f"effect_on_{name}"].sum().items():
                assert effect == pytest.approx(targets.loc[(definition, name), "change"], abs=1e-14)
    both = olive.compare(city_result).crossings().frame
    assert both.loc[both["direction"] == "up", "sample"].sum() > 0
    assert both.loc[both["direction"] == "down", "sample"].sum() > 0


def test_half_a_fen_moves_nobody_over_a_bound():
    made = result(
        population([1] * 4, [1] * 4),
        [99_999.999999999, 100_000, 99_999.9, 100_000.0000001],
        [100_000, 99_999.999999999, 100_000, 99_999.9],
    )
    comparison = olive.compare(made)
    crossings = comparison.crossings().frame
    own = crossings[(crossings["definition"] == "household") & (crossings["threshold"] == 100_000)]
    # Only the last two households move by more than rounding.
    assert own.set_index("direction")["households"].to_dict() == {"up": 1, "down": 1}
    cells = comparison.cells().frame
    first = cells[(cells["definition"] == "household") & (cells["cell"] == "100-200")].iloc[0]
    assert (first["share_before"], first["share_after"]) == (0.75, 0.75)
    table = comparison.winners_and_losers("all", threshold=0, relative_threshold=0).frame
    outcome = table.set_index("outcome")["households"].to_dict()
    assert (outcome["winners"], outcome["losers"], outcome["unchanged"]) == (1, 1, 2)


def test_transitions_have_the_cells_of_the_crossings():
    made = result(
        population([1] * 3, [1] * 3),
        [99_999.999999999, 99_999.9, 500_000],
        [100_000, 100_000, 499_999.999999999],
    )
    found = olive.transitions(made).frame.set_index(["from", "to"])["households"]
    occupied = found[found > 0].to_dict()
    assert occupied == {("100-200", "100-200"): 1, ("0-100", "100-200"): 1, ("500-600",) * 2: 1}
    high = olive.transitions(made, rule=BracketRule(closed="high")).frame
    high = high.set_index(["from", "to"])["households"]
    # Ends belong to the cell below: 100,000 to 0-100, 500,000 to 200-500.
    assert high[high > 0].to_dict() == {("0-100", "0-100"): 2, ("200-500", "200-500"): 1}
