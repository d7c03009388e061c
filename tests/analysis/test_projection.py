"""Year by year: the phase-in by hand, observed years, the first year in which a target is met."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.analysis.projection import by_target, phased
from olive.engine import Reform
from olive.errors import DataError

LAW = olive.law("2023-06-01")


def test_figures_go_part_of_the_way() -> None:
    # 12,492 in force: a quarter of the way to 14,492 is 12,992.
    reform = Reform({"dibao_standard": 14_492.0, "dibao_single_claim_below_line": False})
    quarter, most = (phased(LAW, reform, share) for share in (0.25, 0.75))
    assert np.unique(quarter.values["dibao_standard"].datum).tolist() == [12_992.0]
    assert bool(quarter.values["dibao_single_claim_below_line"].datum) is True
    assert bool(most.values["dibao_single_claim_below_line"].datum) is False


def test_ends_of_the_phase_in() -> None:
    reform = olive.plan.scenario()
    none, whole = phased(LAW, reform, 0.0), phased(LAW, reform, 1.0)
    full = LAW | reform
    for name, value in LAW.values.items():
        assert np.array_equal(none.values[name].vector(), value.vector()), name
        assert np.array_equal(whole.values[name].vector(), full.values[name].vector()), name


@pytest.fixture(scope="module")
def table():
    city = olive.Population.synthetic(households=300, seed=1)
    return olive.project(city, [2022, 2023, 2025], draws=4)


def test_shares_of_the_plan_and_observed_years(table) -> None:
    by_year = table.frame.groupby("year")["carried_out"].first()
    assert by_year.tolist() == pytest.approx([0.4, 0.6, 1.0])
    mean = table.frame[table["indicator"] == "per_capita_income"].set_index("year")
    # 台州晚报 2024-02-07 (国家统计局台州调查队): 58,040 in 2022, 61,067 in 2023; 2025 not found.
    assert mean["observed"].tolist()[:2] == [58_040.0, 61_067.0]
    assert np.isnan(mean.loc["2025", "observed"])
    assert any("published 58,040" in note.en for note in table.notes)
    assert mean.loc["2023", "miss"] == pytest.approx(mean.loc["2023", "in_force"] / 61_067 - 1)
    assert (mean["in_force"].diff().dropna() > 0.0).all()


def test_ranges_are_those_of_the_joint_draws(table) -> None:
    # In 2025 the plan is carried out in full: its range is the one of `olive.uncertainty`.
    city = olive.Population.synthetic(households=300, seed=1).brought_to(2025)
    law = olive.law(year=2025, carry="indexed")
    study = olive.uncertainty(city, law, olive.plan.scenario(), draws=4).frame
    keys = ["indicator", "definition"]
    expected = study.drop_duplicates(keys).set_index(keys)
    own = table.frame[table["year"] == "2025"].set_index(keys)
    for one, other in (("plan_low", "after_low"), ("plan_high", "after_high"), ("met_in", "met")):
        np.testing.assert_allclose(own[one], expected.loc[own.index, other], rtol=1e-12)


def test_screens_show_the_path_of_each_target(table) -> None:
    every = by_target(table)
    assert len(every) == 9  # income per head, and two shares in four definitions
    assert sum(len(each.frame) for each in every) == len(table.frame)
    first = every[0]
    assert first.title.zh == "人均可支配收入（全体居民，元/年）"
    assert first["year"].tolist() == ["2022", "2023", "2025"]
    assert "unit" not in first.frame
    assert "yuan" not in first.to_text("zh", width=80)
    assert first.notes == table.notes


def test_notes_name_the_first_year(table) -> None:
    assert len([note for note in table.notes if "first time" in note.en or "none" in note.en]) == 9
    met = table.frame[(table["met"] == "yes") & (table["definition"] == "three_person")]
    if len(met):
        assert any(met["year"].iloc[0] in note.zh for note in table.notes)


def test_refusals() -> None:
    city = olive.Population.synthetic(households=50, seed=1)
    with pytest.raises(DataError, match="before it begins"):
        olive.project(city, [2023], phase_in=(2025, 2021))
    with pytest.raises(DataError, match="at least one year"):
        olive.project(city, [])
    with pytest.raises(DataError, match="years ascend, each once; found 2023, 2022"):
        olive.project(city, [2023, 2022])
    with pytest.raises(DataError, match="draws is -1"):
        olive.project(city, [2023], draws=-1)


def test_the_sample_can_be_brought_to_every_year_of_the_projection() -> None:
    # Delayed retirement leaves fewer men of sixty with a pension than weights can fall to.
    later = olive.Population.shipped().brought_to(2030)
    assert later.year == 2030
