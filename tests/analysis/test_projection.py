"""Year by year: the phase-in by hand, observed years, the first year in which a target is met."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.analysis.projection import by_target
from olive.engine import Reform
from olive.errors import DataError


def test_a_share_of_the_plan_has_that_share_of_its_effect() -> None:
    # A floor of a rate moves nothing below the rate in force, a product of two figures goes with
    # its square: were figures to go part of the way, three fifths of the plan would not be that.
    city = olive.Population.synthetic(households=300, seed=1)
    reform = Reform(
        {
            "pension_participation": 0.75,
            "agency_pay_gap": 0.2,
            "agency_gap_closed_share": 0.5,
            "dibao_single_claim_below_line": False,
        }
    )
    part, whole = (
        olive.project(city, [2023], reform=reform, phase_in=years, draws=0).frame
        for years in ((2021, 2025), (2023, 2023))
    )
    steps = olive.project(city, [2023], reform=reform, phase_in=(2022, 2026), draws=0)
    assert any("the first in 2022, the last in 2026" in note.en for note in steps.notes)
    effect = whole["plan"] - whole["in_force"]
    assert effect.abs().max() > 100.0
    np.testing.assert_allclose(part["plan"] - part["in_force"], 0.6 * effect, rtol=0, atol=1e-9)


def test_ends_of_the_phase_in() -> None:
    city = olive.Population.synthetic(households=100, seed=1)
    early = olive.project(city, [2023], phase_in=(2024, 2025), draws=2).frame
    assert early["carried_out"].eq(0.0).all()
    assert early["plan"].tolist() == early["in_force"].tolist()
    both = [city.brought_to(2025), olive.law(year=2025, carry="indexed")]
    plan = olive.simulate(both[0], [both[1], both[1] | olive.plan.scenario()])
    mean = olive.compare(plan).targets().frame
    mean = mean[mean["indicator"] == "per_capita_income"]
    late = olive.project(city, [2025], draws=0).frame
    late = late[late["indicator"] == "per_capita_income"]
    assert late["plan"].tolist() == pytest.approx(mean[plan.labels[1]].tolist(), rel=1e-12)


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
    province = olive.household([olive.member(40)], place="zhejiang", county="zhejiang")
    with pytest.raises(DataError, match="no indicator of 'zhejiang' has a target"):
        olive.project(province, [2023], reform=Reform({"dibao_standard": 15_000.0}))


def test_the_sample_can_be_brought_to_every_year_of_the_projection() -> None:
    # Delayed retirement leaves fewer men of sixty with a pension than weights can fall to.
    later = olive.Population.shipped().brought_to(2030)
    assert later.year == 2030
