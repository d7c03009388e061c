"""Tables of a streamed population are those of the same population in memory."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import olive
from olive import PopulationStream, simulate_stream
from olive.analysis import ReplicateColumns
from olive.analysis.comparison import Comparison
from olive.analysis.indicators import measures
from olive.errors import DataError
from olive.statistics.income_grid import IncomeGrid

TABLES = ("crossings", "cells", "winners_and_losers", "budget")


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=800, seed=3)


@pytest.fixture(scope="module")
def policies() -> list[olive.Policy]:
    law = olive.law(year=2023)
    give = law | olive.Reform({"dibao_standard": 40_000}, label="give")
    both = give | olive.Reform({"basic_deduction": 30_000}, label="both")
    return [law.renamed("law"), give.renamed("give"), both.renamed("both")]


@pytest.fixture(scope="module")
def in_memory(city, policies):
    return olive.simulate(city, policies)


@pytest.fixture(scope="module")
def streamed(city, policies):
    return simulate_stream(
        PopulationStream.of(city, block=210),
        policies,
        tables=TABLES,
        pairs=[("law", "give"), (0, "both")],
    )


@pytest.mark.parametrize("after", ["give", "both"])
@pytest.mark.parametrize("table", TABLES)
def test_tables_are_those_in_memory(in_memory, streamed, after: str, table: str) -> None:
    by = ("all",) if table == "winners_and_losers" else ()
    exact = getattr(olive.compare(in_memory, "law", after, model_range=False), table)(*by)
    found = getattr(streamed.compare("law", after), table)(*by)
    columns = [name for name in exact.columns if not name.startswith("_")]
    pd.testing.assert_frame_equal(
        pd.DataFrame(found[columns]), pd.DataFrame(exact[columns]), rtol=1e-11, atol=1e-9
    )


def test_blocks_where_no_family_counts_belong_to_the_whole(city, policies) -> None:
    homes, people = city.households, city.persons
    collective = homes["collective"].astype(bool).to_numpy()
    homes.loc[homes.index[200:300], "weight"] = 0.0
    order = np.argsort(~collective, kind="stable")  # collective households first
    rank = pd.Series(np.argsort(order), index=homes["household_id"].to_numpy())
    for frame in (homes, people):
        frame["household_id"] = frame["household_id"].map(rank)
    homes, people = (
        homes.sort_values("household_id"),
        people.sort_values(["household_id", "person_number"]),
    )
    sorted_city = olive.Population.from_frames(homes, people, year=2023, origin=city.origin)
    together = olive.simulate(sorted_city, policies)
    assert 5 < collective.sum() < 100
    found = simulate_stream(
        PopulationStream.of(sorted_city, block=5), policies, tables=TABLES, pairs=[("law", "give")]
    )
    for table in TABLES:
        test_tables_are_those_in_memory(together, found, "give", table)


def test_a_stream_of_collective_households_alone_has_a_budget_and_no_crossings(policies) -> None:
    city = olive.Population.synthetic(households=800, seed=3)
    city = city.select(city.households["collective"].astype(bool))
    found = simulate_stream(PopulationStream.of(city, block=4), policies[:2], tables=TABLES)
    exact = olive.compare(olive.simulate(city, policies[:2]), model_range=False).budget()
    amounts = found.compare(smallest_cell=0).budget()["amount_after"]
    np.testing.assert_allclose(amounts, exact["amount_after"], rtol=1e-11)
    with pytest.raises(DataError, match="no family household has a weight"):
        found.compare().crossings()


def test_other_concepts_of_income_are_summed_too(in_memory, streamed) -> None:
    arguments = ("all",), {"concept": "income_before_own_saving"}
    exact = olive.compare(in_memory, "law", "both", model_range=False)
    one, two = (
        each.winners_and_losers(*arguments[0], **arguments[1])
        for each in (exact, streamed.compare("law", "both"))
    )
    np.testing.assert_allclose(two["total_change"], one["total_change"], rtol=1e-11)


def test_indicators_are_exact_or_within_their_bounds(in_memory, streamed) -> None:
    rule = streamed.reduction.rule
    for after in ("give", "both"):
        exact = olive.compare(in_memory, "law", after, model_range=False).targets()
        found = streamed.compare("law", after).targets()
        assert list(found.columns) == list(exact.columns)
        for place, measure in enumerate(measures(rule)):
            for position, label in ((0, "law"), (streamed.run.example.position(after), after)):
                bounds = streamed.reduction.bounded(measure, place, position, streamed.run.sums)
                room = 1e-12 * max(1.0, abs(bounds.value))
                value = float(exact[label].iloc[place])
                assert bounds.low - room <= value <= bounds.high + room, measure.id
                grid = measure.id.startswith(("median", "gini"))
                assert grid == (bounds.high > bounds.low)
        np.testing.assert_array_equal(found["sample"], exact["sample"])
        growth = (found["residual_growth"] - exact["residual_growth"]).abs()
        assert growth.max() <= 0.002
        assert (growth.notna() == exact["residual_growth"].notna()).all()


def test_a_note_says_how_far_off_the_grid_a_figure_may_lie(in_memory, streamed) -> None:
    notes = " ".join(each.en for each in streamed.compare("law", "give").targets().notes)
    medians, ginis = re.search(r"within ([\d,]+) yuan, the Gini within ([\d.]+),", notes).groups()
    size = np.diff(in_memory.population.tables.starts)
    weight = in_memory.population.weight
    widest = {"median": 0.0, "gini": 0.0}
    for label in ("law", "give", "both"):
        income = in_memory.values("disposable_income", label) / size
        ranked = [IncomeGrid.of(income, each).quantile(0.5) for each in (weight, weight * size)]
        gini = IncomeGrid.of(np.maximum(income, 0.0), weight * size).gini()
        widest["median"] = max(widest["median"], *(each.high - each.low for each in ranked))
        widest["gini"] = max(widest["gini"], gini.high - gini.low)
    assert float(medians.replace(",", "")) == pytest.approx(widest["median"], abs=0.5)
    assert float(ginis) == pytest.approx(widest["gini"], rel=0.5)  # one digit is shown


def test_incomes_are_on_a_grid(in_memory, streamed) -> None:
    sizes = in_memory.population.tables.starts
    persons = in_memory.population.weight * np.diff(sizes)
    for by, weights in (("persons", persons), ("households", in_memory.population.weight)):
        grid = streamed.incomes("both", by=by)
        assert grid.weights.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert streamed.households == pytest.approx(in_memory.population.weight.sum(), rel=1e-12)
    assert streamed.persons == pytest.approx(persons.sum(), rel=1e-12)
    with pytest.raises(DataError, match="not by 'cats'"):
        streamed.incomes(by="cats")


def test_small_cells_of_real_data_are_hidden(city, policies) -> None:
    tables = dataclasses.replace(city.origin, synthetic=False)
    real = dataclasses.replace(city, origin=tables)
    in_memory = olive.compare(olive.simulate(real, policies[:2])).crossings()
    stream = PopulationStream.of(real, block=300)
    found = simulate_stream(stream, policies[:2]).compare().crossings()
    assert found["households"].isna().any()
    pd.testing.assert_series_equal(
        found["households"].isna(), in_memory["households"].isna(), check_names=False
    )


@pytest.fixture(scope="module")
def survey(city) -> olive.Population:
    """Households that pass for real ones, with replicate weights that leave out a tenth each."""
    homes = city.households
    for replicate in range(10):
        left = homes["household_id"] % 10 == replicate
        homes[f"rep_{replicate}"] = homes["weight"] * np.where(left, 0.0, 10.0 / 9.0)
    return olive.Population.from_frames(homes, city.persons, year=city.year)


REPLICATES = ReplicateColumns(tuple(f"rep_{number}" for number in range(10)), "jackknife")


def test_errors_of_replicates_are_those_in_memory(survey, policies) -> None:
    columns = survey.households[list(REPLICATES.columns)].to_numpy()
    how = olive.statistics.supplied_weights(columns, survey.weight, method="jackknife")
    result = olive.simulate(survey, [policies[0], policies[2]])
    exact = olive.compare(result, uncertainty=how).targets()
    stream = PopulationStream.of(survey, block=300)
    run = simulate_stream(stream, result.policies, replicates=REPLICATES)
    found = run.compare().targets()
    means = ~found["indicator"].str.contains("median|gini")
    for end in ("error", "low", "high"):
        for figure in ("after", "change"):
            name = f"{figure}_{end}"
            assert found[name][~means].isna().all()
            np.testing.assert_allclose(
                found[name][means], exact[name][means], rtol=1e-9, atol=1e-9, err_msg=name
            )
    assert (found["after_error"][means] > 0).sum() > 10
    assert any("10 replicates" in note.en for note in found.notes)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("rep_1", "rep_11"), "no column 'rep_11' of replicate weights.*rep_1"),
        (("rep_1",), "two columns"),
    ],
)
def test_replicates_that_cannot_be_used_are_refused(survey, policies, columns, said: str) -> None:
    with pytest.raises(DataError, match=said):
        simulate_stream(
            PopulationStream.of(survey), policies, replicates=ReplicateColumns(columns, "jackknife")
        )


def test_what_is_wrong_in_a_block_says_in_which(survey, policies) -> None:
    homes = survey.households
    homes.loc[homes.index[-1], "rep_0"] = -1.0
    changed = olive.Population.from_frames(homes, survey.persons, year=2023)
    with pytest.raises(DataError, match="block 3: the replicate weights 'rep_0' must be 0 or"):
        simulate_stream(
            PopulationStream.of(changed, block=-(-len(changed) // 4)),
            policies,
            replicates=ReplicateColumns(("rep_0", "rep_1"), "jackknife"),
        )


def test_synthetic_households_have_no_replicates(city, policies) -> None:
    with pytest.raises(DataError, match="no sampling error"):
        simulate_stream(PopulationStream.of(city), policies, replicates=REPLICATES)


def test_one_policy_has_indicators_alone(city, policies) -> None:
    found = simulate_stream(PopulationStream.of(city), policies[0])
    mean = next(each for each in found.indicators() if each.id == "per_capita_income")
    assert mean.values[0] > 0
    with pytest.raises(DataError):
        found.compare()
    with pytest.raises(DataError, match="no two policies were compared"):
        found.targets()
    with pytest.raises(DataError, match="no policy at position 1; there are 1"):
        found.indicators(1)


@pytest.mark.parametrize("given", [None, 5, "law"])
def test_what_is_no_policy_is_refused(city, given) -> None:
    with pytest.raises(DataError, match="policy 0 is a"):
        simulate_stream(PopulationStream.of(city), given, tables=["budget"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"tables": ["crossing"]}, "no table 'crossing' of a stream.*crossings"),
        ({"pairs": [("law", "giv")]}, "no policy 'giv' to compare.*give"),
        ({"pairs": [(0, 7)]}, "no policy 7 to compare"),
        ({"pairs": [(0, 0)]}, "compared with itself"),
        ({"pairs": [0, 1]}, r"pairs is \[0, 1\]; give a list of pairs"),
        ({"pairs": 5}, "pairs is 5"),
        ({"pairs": [("law",)]}, "give a list of pairs of policies"),
        ({"tables": None}, "no table None"),
        ({"outputs": "dibao"}, "outputs is one text"),
        ({"outputs": 5}, "outputs is 5"),
        ({"replicates": ["rep_1", "rep_2"]}, "replicates is a list"),
        ({"folder": 5}, "5 is no path"),
        ({"folder": ""}, "'' is no path"),
        ({"checkpoint": 5}, "5 is no path"),
        ({"threads": 0}, "threads"),
        ({"seed": -1}, "seed"),
        ({"outputs": ["dibaoo"]}, "dibaoo"),
        ({"client": "localhost"}, "client is a str"),
        ({"checkpoint": "/no/such/folder/a.npz"}, "cannot be written"),
    ],
)
def test_bad_arguments_are_refused(city, policies, arguments, said: str) -> None:
    with pytest.raises(olive.errors.OliveError, match=said):
        simulate_stream(PopulationStream.of(city), policies, **arguments)


def test_what_was_not_summed_is_not_told(city, streamed, policies) -> None:
    comparison = streamed.compare("law", "give")
    with pytest.raises(DataError, match=r'winners_and_losers\("all"\)'):
        comparison.winners_and_losers("county")
    summed = {*TABLES, "targets"}
    for name in {each for each in dir(Comparison) if not each.startswith("_")} - summed:
        if callable(getattr(comparison, name)) and name != "enrolment":
            with pytest.raises(DataError, match="a stream keeps none"):
                getattr(comparison, name)()
    assert "800 households" in repr(comparison)
    with pytest.raises(DataError, match="was not compared with"):
        streamed.compare("give", "both")
    plain = simulate_stream(PopulationStream.of(city), policies[:2]).compare()
    with pytest.raises(DataError, match="'budget' was not summed"):
        plain.budget()
    with pytest.raises(DataError, match="the stream is a Population; build one"):
        simulate_stream(city, policies)
