"""Tables: forms, labels, the guard of small cells, and refusals."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.made_up import population, result

import olive
from olive.analysis.disclosure import suppress
from olive.analysis.words import words_of
from olive.errors import DataError, OliveError

METHODS = (
    "targets",
    "crossings",
    "cells",
    "winners_and_losers",
    "group_table",
    "budget",
    "progressivity",
    "distribution",
    "growth_incidence",
)


@pytest.mark.parametrize("method", METHODS)
def test_every_table_in_every_form(city_result, method, tmp_path):
    table = getattr(olive.compare(city_result), method)()
    assert table.synthetic
    assert set(table.units) == set(table.labels) == set(table.frame.columns)
    policies = set(city_result.labels) if method in {"targets", "distribution"} else set()
    assert set(table.frame.columns) - policies <= set(words_of(olive.place()))
    path = tmp_path / "table.csv"
    table.to_csv(path)
    assert path.read_text(encoding="utf-8").startswith("# SYNTHETIC DATA")
    again = pd.read_csv(path, comment="#")
    assert list(again.columns) == list(table.frame.columns)
    for name in table.frame.columns:
        if table.units[name]:
            np.testing.assert_array_equal(
                again[name].to_numpy(dtype=float), table.frame[name].to_numpy(dtype=float)
            )
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]
    arrow = table.to_arrow()
    assert arrow.num_rows == len(table)
    assert json.loads(arrow.schema.metadata[b"olive"])["synthetic"] is True
    assert (
        arrow.schema.field("sample" if "sample" in table.units else "sample_after").metadata[
            b"unit"
        ]
        == b"rows"
    )
    for language, first in (("zh", "合成数据"), ("en", "SYNTHETIC DATA")):
        for text in (table.to_markdown(language), table.to_latex(language)):
            assert first in text
    rows = [line for line in table.to_markdown().splitlines() if line.startswith("|")]
    assert len(rows) == len(table) + 2
    assert table._repr_html_().count("<tr>") == len(table) + 1
    assert "SYNTHETIC DATA" in repr(table)


def test_names_are_translated(city_result):
    comparison = olive.compare(city_result)
    text = comparison.winners_and_losers("county").to_markdown("zh")
    assert "椒江区" in text
    assert "受益" in text
    assert "jiaojiang" not in text
    assert "Jiaojiang" in comparison.winners_and_losers("county").to_markdown("en")
    assert "本户收入，按户" in comparison.cells().to_markdown("zh")


def test_a_table_is_read_like_a_frame(city_result):
    table = olive.compare(city_result).targets()
    assert isinstance(table[["indicator", "definition", "change"]].head(), pd.DataFrame)
    assert table["gap"].iloc[0] == table["both"].iloc[0] - 75_000


def test_an_unknown_language_and_a_missing_folder(city_result, tmp_path):
    table = olive.compare(city_result).targets()
    with pytest.raises(DataError, match="language 'cn' is unknown"):
        table.to_markdown("cn")
    with pytest.raises(OliveError, match="there is no folder"):
        table.to_csv(tmp_path / "nowhere" / "table.csv")


def test_refused_comparisons():
    made = result(population([1], [1]), [1], [2], [3])
    with pytest.raises(DataError, match="needs two policies"):
        olive.compare(result(population([1], [1]), [1]))
    with pytest.raises(DataError, match="no policy 'd'"):
        olive.compare(made, "a", "d")
    with pytest.raises(DataError, match="no policy at position 3"):
        olive.compare(made, 3)
    with pytest.raises(DataError, match="compared with itself"):
        olive.compare(made, "b", 1)
    with pytest.raises(DataError, match="by its label or its position"):
        olive.compare(made, 1.5)
    for deflator in (0, -1, float("nan"), "1", 105, 0.01):
        with pytest.raises(DataError, match="deflator"):
            olive.compare(made, deflator=deflator)
    for least in (-1, 2.5, True, "10"):
        with pytest.raises(DataError, match="smallest_cell"):
            olive.compare(made, smallest_cell=least)
    with pytest.raises(DataError, match="name of a column"):
        olive.compare(result(population([1], [1]), [1], [2], labels=("gap", "b"))).targets()


def test_a_column_of_a_bracket_stays_itself_beside_a_policy_of_its_name():
    label = "effect_on_share_10_50"
    made = result(population([1], [1]), [1], [2], labels=(label, "b"))
    table = olive.compare(made).crossings()
    assert table.units[label] == "1"
    assert table.labels[label].en == "effect on the share 100,000-500,000"
    assert "100,000-500,000" in table.to_markdown()


def test_growth_is_on_top_of_the_policy_after():
    made = result(population([1], [1]), [50_000], [75_000], [60_000])
    own = [olive.compare(made, "a", label).targets().frame.iloc[0] for label in ("b", "c")]
    assert [row["residual_growth"] for row in own] == [0, 0.25]
    assert [row["gap"] for row in own] == [0, -15_000]


def real(winners, rest, **options):
    """Return a comparison on microdata that are not synthetic."""
    count = winners + rest
    city = population([1] * count, [1] * count, synthetic=False)
    start = np.full(count, 99_999.0)
    gain = np.where(np.arange(count) < winners, 300.0, 0.0)
    return olive.compare(result(city, start, start + gain), **options)


def test_small_cells_of_real_data_are_suppressed_by_default():
    frame = real(9, 91).winners_and_losers("all").frame.set_index(["category", "outcome"])
    own = frame.loc["all"]
    # Nine winners could be worked out from all less the others, or from the change of all.
    assert own.loc["winners"].isna().all()
    assert own.loc["unchanged"].isna().all()
    assert own.loc["all", "households"] == 100
    assert own.loc["all", ["mean_change", "total_change"]].isna().all()
    assert own.loc["losers", "sample"] == 0
    ten = real(10, 90).winners_and_losers("all").frame
    assert ten.notna().loc[ten["sample"] > 0].all(axis=None)


def test_the_guard_is_switched_by_an_explicit_argument():
    open_table = real(9, 91, smallest_cell=0).winners_and_losers("all")
    assert open_table.frame["sample"].tolist() == [9, 0, 0, 91, 100]
    assert not any("suppressed" in note.en for note in open_table.notes)
    assert any("suppressed" in note.en for note in real(9, 91).winners_and_losers("all").notes)
    wide = real(9, 91, smallest_cell=5).winners_and_losers("all").frame
    assert wide["sample"].tolist() == [9, 0, 0, 91, 100]
    synthetic = olive.compare(result(population([1], [1]), [1], [900])).winners_and_losers("all")
    assert synthetic.frame["sample"].tolist() == [1, 0, 0, 0, 1]


def test_no_table_of_real_data_shows_a_small_cell():
    comparison = real(9, 91)
    for table in (
        comparison.crossings(),
        comparison.cells(),
        comparison.targets(),
        comparison.group_table("county"),
    ):
        counts = [name for name in table.frame.columns if name.startswith("sample")]
        shown = table.frame[counts].stack().dropna()
        assert ((shown == 0) | (shown >= 10)).all()
    crossings = comparison.crossings().frame
    # Cells show how many more are above 100,000 now, so neither direction may be shown.
    assert crossings[crossings["threshold"] == 100_000]["households"][:2].isna().all()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4),
    st.integers(1, 12),
)
def test_no_small_cell_can_be_worked_out_from_one_sum(counts, least):
    table = np.asarray(counts)
    frame = pd.DataFrame({"cell": np.arange(table.size), "sample": table.ravel()})
    positions = np.arange(table.size).reshape(table.shape)
    sums = [*positions.tolist(), *positions.T.tolist()]
    shown, _ = suppress(frame, smallest_cell=least, samples=["sample"], keys=["cell"], sums=sums)
    hidden = shown["sample"].isna().to_numpy()
    small = (table.ravel() > 0) & (table.ravel() < least)
    assert hidden[small].all()
    if not small.any():
        assert not hidden.any()
    for rows in sums:
        missing = hidden[rows]
        if missing.any() and not missing.all():
            assert missing.sum() >= 2
            assert table.ravel()[rows][missing].sum() >= least
    assert shown["cell"].tolist() == frame["cell"].tolist()


@pytest.fixture(scope="module")
def sparse():
    city = olive.Population.synthetic(households=200, seed=1)
    law = olive.law(year=2023)
    reform = law | olive.Reform({"dibao_standard": 40_000}, label="give")
    return {
        name: olive.compare(olive.simulate(city, [law, reform], outputs=[name]))
        for name in ("disposable_income", "dibao")
    }


@pytest.mark.parametrize("method", METHODS[1:])
def test_tables_need_only_the_outputs_that_they_use(sparse, city_result, method):
    few = sparse["disposable_income"]
    whole = olive.compare(city_result)
    few_columns, columns = (set(getattr(each, method)().columns) for each in (few, whole))
    assert few_columns - set(few.result.labels) == columns - set(city_result.labels)
    if method == "budget":
        assert len(sparse["dibao"].budget()) == len(few.budget())
    else:
        with pytest.raises(DataError, match="'disposable_income' was not kept"):
            getattr(sparse["dibao"], method)()


def test_targets_name_the_output_that_they_lack(sparse):
    with pytest.raises(DataError, match="'cash_disposable_income' was not kept"):
        sparse["disposable_income"].targets()


def test_the_median_of_households_stands_beside_that_of_persons():
    # Per head 10,000 (four persons), 20,000 and 30,000: the middle of 6 persons, and of 3 homes.
    made = result(
        population([4, 1, 1], [1] * 3, synthetic=False), [40_000, 20_000, 30_000], [40_000] * 3
    )
    table = olive.compare(made, smallest_cell=0).targets()
    before = table.frame.set_index(["indicator", "definition"]).sort_index()["a"]
    assert before.loc["median_per_capita", "persons"] == 10_000
    assert before.loc["median_per_capita_of_households", "households"] == 20_000
    assert "按户排序，统计部门口径" in table.to_markdown("zh")
    assert "households ranked (as the statistical bureau)" in table.to_markdown("en")
