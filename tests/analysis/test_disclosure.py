"""The guard of small cells on random surveys: recounted by hand, and attacked by subtraction."""

import numpy as np
import pandas as pd
import pytest
from olive_tests.made_up import population, result

import olive
from olive.analysis.disclosure import Figures, suppress
from olive.population import Origin
from olive.simulation.groups import group_flags

LEAST = 10
BRACKETS = {"share_10_50": (1e5, 5e5), "share_20_60": (2e5, 6e5)}
EDGES = [1e5, 2e5, 5e5, 6e5]
CELLS = ["0-100", "100-200", "200-500", "500-600", "600+"]
SEEDS = range(25)


def survey(seed):
    """Return a random survey of 20 to 200 households in four counties, and its incomes."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(20, 200))
    before = np.exp(rng.normal(rng.uniform(11.2, 12.8), rng.uniform(0.2, 0.9), count))
    after = before + rng.choice([0, 500, 20_000], count)
    sizes = rng.integers(1, 6, count)
    counties = rng.choice(
        ["jiaojiang", "linhai", "wenling", "yuhuan"], count, p=[0.4, 0.3, 0.2, 0.1]
    )
    city = population(sizes, rng.integers(1, 9, count), synthetic=False, county=counties)
    made = result(city, before, after)
    return olive.compare(made), sizes, counties, {"before": before, "after": after}


def measured(definition, income, size):
    return income * 3.0 / size if definition.startswith("three_person") else income


def small(count):
    return 0 < count < LEAST


def determined(equations, hidden):
    """Return which hidden unknowns follow from sums of them that are known."""
    sums = np.array([[float(each in rows) for each in hidden] for rows in equations])
    units = np.eye(len(hidden))
    if not sums.size:
        return []
    rank = np.linalg.matrix_rank(sums)
    return [
        each
        for each, unit in zip(hidden, units, strict=True)
        if np.linalg.matrix_rank(np.vstack([sums, unit])) == rank
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_printed_share_has_enough_households_inside_and_outside(seed):
    comparison, sizes, counties, incomes = survey(seed)
    targets = comparison.targets().frame
    table = comparison.group_table("county").frame
    printed = 0
    for name, (low, high) in BRACKETS.items():
        for _, row in targets[targets["indicator"] == name].iterrows():
            if not np.isnan(row["b"]):
                values = measured(row["definition"], incomes["after"], sizes)
                inside = int(np.count_nonzero((values >= low) & (values < high)))
                assert not small(inside)
                assert not small(sizes.size - inside)
                printed += 1
        for side, income in incomes.items():
            for _, row in table[table[f"{name}_{side}"].notna()].iterrows():
                here = (counties == row["category"]) | (row["category"] == "all")
                values = measured(row["definition"], income, sizes)[here]
                inside = int(np.count_nonzero((values >= low) & (values < high)))
                assert not small(inside)
                assert not small(values.size - inside)
                assert values.size >= LEAST
    lines = targets[targets["indicator"].isin(["headcount", "poverty_gap"])]
    for _, row in lines[lines["b"].notna()].iterrows():
        below = int(np.count_nonzero(incomes["after"] / sizes < row["line"]))
        assert not small(below)
        assert not small(sizes.size - below)
    assert printed or sizes.size < 100


@pytest.mark.parametrize("seed", SEEDS)
def test_no_share_of_a_county_is_the_whole_less_the_others(seed):
    comparison, sizes, counties, incomes = survey(seed)
    table = comparison.group_table("county").frame
    targets = comparison.targets().frame.set_index(["indicator", "definition"]).sort_index()
    for name, (low, high) in BRACKETS.items():
        for definition, rows in table.groupby("definition"):
            whole = rows[rows["category"] == "all"].iloc[0]
            # The sister table shows the same figure, or neither does.
            hidden_there = np.isnan(targets.loc[(name, definition), "b"])
            assert np.isnan(whole[f"{name}_after"]) == hidden_there
            if hidden_there:
                continue
            values = measured(definition, incomes["after"], sizes)
            inside = (values >= low) & (values < high)
            missing = rows.loc[rows[f"{name}_after"].isna(), "category"].tolist()
            here = np.isin(counties, missing)
            assert len(missing) != 1
            assert not small(int(np.count_nonzero(inside & here)))
            assert not small(int(np.count_nonzero(~inside & here)))


@pytest.mark.slow  # quick: the shares
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_cell_follows_from_the_cells_and_the_targets_together(seed):
    comparison, sizes, _, incomes = survey(seed)
    cells = comparison.cells().frame
    targets = comparison.targets().frame.set_index(["indicator", "definition"]).sort_index()
    for definition, rows in cells.groupby("definition"):
        own = rows.set_index("cell")
        hidden = own.index[own["share_after"].isna()].tolist()
        equations = [CELLS]
        for name, parts in (("share_10_50", CELLS[1:3]), ("share_20_60", CELLS[2:4])):
            if not np.isnan(targets.loc[(name, definition), "b"]):
                equations.append(parts)
        for income in incomes.values():
            values = measured(definition, income, sizes)
            counts = np.bincount(np.searchsorted(EDGES, values, side="right"), minlength=5)
            of_cell = dict(zip(CELLS, counts, strict=True))
            assert not any(small(of_cell[cell]) for cell in CELLS if cell not in hidden)
            for cell in determined(equations, hidden):
                assert not small(of_cell[cell])


@pytest.mark.slow  # quick: the shares
@pytest.mark.parametrize("seed", SEEDS)
def test_no_winners_follow_from_outcomes_and_categories_together(seed):
    comparison, _, counties, incomes = survey(seed)
    frame = comparison.winners_and_losers("county").frame
    change = incomes["after"] - incomes["before"]
    happened = {"winners": change > 1, "losers": change < -1, "unchanged": np.abs(change) <= 1}
    places = sorted(set(counties))
    count = {
        (place, outcome): int(np.count_nonzero(yes & (counties == place)))
        for place in places
        for outcome, yes in happened.items()
    }
    shown = frame.set_index(["category", "outcome"])
    hidden = [key for key in count if pd.isna(shown.loc[key, "sample"])]
    assert not any(small(number) for key, number in count.items() if key not in hidden)
    known = [[(place, each) for each in happened] for place in places]
    known = [rows for rows in known if pd.notna(shown.loc[(rows[0][0], "all"), "sample"])]
    across = [[(place, each) for place in places] for each in happened]
    known += [rows for rows in across if pd.notna(shown.loc[("all", rows[0][1]), "sample"])]
    for key in determined(known, hidden):
        assert not small(count[key])
    # Nobody loses here, so the change of all is that of the winners.
    for category in places:
        if pd.notna(shown.loc[(category, "all"), "total_change"]):
            assert not small(count[category, "winners"])


@pytest.mark.parametrize(("others", "shown"), [(5, False), (40, True)])
def test_everybody_less_a_group_tells_of_few_neither(others, shown):
    # 60 family households with a farmer and a few without: the row "all" tells of the few.
    city = olive.Population.synthetic(households=1_000, seed=3)
    starts = np.cumsum(city.size) - city.size
    farming = np.add.reduceat(group_flags(city)["farmers_fishers"].astype(int), starts) > 0
    family = ~city.households["collective"].to_numpy(dtype=bool)
    kept = np.zeros(len(city), dtype=bool)
    kept[np.flatnonzero(family & farming)[:60]] = True
    kept[np.flatnonzero(family & ~farming)[:others]] = True
    some = city.select(kept)
    real = olive.Population.from_frames(
        some.households, some.persons, year=2023, origin=Origin(2023, synthetic=False)
    )
    # A third of the households inside the first bracket, whatever their group.
    income = np.where(np.arange(60 + others) % 3 == 0, 150_000.0, 50_000.0)
    frame = olive.compare(result(real, income, income)).group_table().frame
    own = frame.set_index(["category", "definition"]).sort_index()
    assert own.loc[("farmers_fishers", "household"), "sample"] == 60
    assert own.loc[("all", "household"), "sample"] == 60 + others
    assert pd.notna(own.loc[("all", "household"), "share_10_50_after"])
    assert pd.notna(own.loc[("farmers_fishers", "household"), "share_10_50_after"]) == shown


def test_a_category_that_nearly_everybody_is_in_tells_of_the_few_who_are_not():
    # 95 of 100 households are a person of 60 or over: "all" less them are five households.
    ages = [70] * 95 + [30] * 5
    city = population([1] * 100, [1] * 100, synthetic=False, ages=ages)
    made = result(city, np.full(100, 3e5), np.full(100, 3e5))
    frame = olive.compare(made).winners_and_losers("household_type").frame
    types = frame[frame["category"] != "all"]
    assert set(types["category"]) == {"single", "single_elderly"}  # empty ones are left out
    assert types.loc[types["outcome"].isin(["unchanged", "all"]), "households"].isna().all()


def test_a_figure_is_hidden_where_its_row_is_shown():
    frame = pd.DataFrame(
        {
            "county": ["a", "b", "c"],
            "sample": [50, 60, 70],
            "share": [0.1, 0.5, 0.9],
            "_inside": [5, 30, 63],
            "_outside": [45, 30, 7],
        }
    )
    figure = Figures(("share",), ("_inside", "_outside"))
    shown, notes = suppress(
        frame, smallest_cell=10, samples=["sample"], keys=["county"], figures=[figure]
    )
    assert shown["sample"].tolist() == [50, 60, 70]
    assert shown["share"].isna().tolist() == [True, False, True]
    assert list(shown.columns) == ["county", "sample", "share"]
    assert "0 rows are missing, and some figures of 2 more" in notes[0].en


def test_what_three_sums_tell_together_is_hidden_too():
    # Each sum misses two rows, but a+b, b+c and a+c together give a = 5.
    frame = pd.DataFrame({"cell": list("abcd"), "sample": [5, 20, 30, 40]})
    sums = [[0, 1, 3], [1, 2, 3], [0, 2, 3]]
    shown, _ = suppress(frame, smallest_cell=10, samples=["sample"], keys=["cell"], sums=sums)
    assert shown["sample"].isna().all()
