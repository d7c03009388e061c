"""What a survey lacks: by hand on few households, and as a user meets it."""

from __future__ import annotations

import warnings

import pytest

import olive
from olive.analysis.thin_data import columns_behind
from olive.errors import DataError

LAW = olive.law(year=2023)
HOMES = {"household_id": [1, 2, 3], "weight": [1.0, 1.0, 2.0], "county": ["linhai"] * 3}
PEOPLE = {"household_id": [1, 2, 3], "age": [40, 50, 30], "contractual_wage": [90e3, 60e3, 0.0]}


def simulated(reform, homes=(), people=()):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        survey = olive.Population.from_frames(
            HOMES | {"urban": [True] * 3} | dict(homes), PEOPLE | dict(people), year=2023
        )
        return olive.simulate(survey, [LAW, LAW | reform])


def test_a_full_city_lacks_nothing():
    city = olive.Population.synthetic(households=200, seed=1)
    result = olive.simulate(city, [LAW, LAW | olive.plan.scenario()])
    found = olive.thin_data(result)
    assert result.filled == ()
    assert (found.filled, dict(found.behind), found.notes) == ((), {}, ())
    assert found.headline is None
    assert (found.effect["change"] == found.effect["change_observed"])[
        found.effect["change"].notna()
    ].all()


def test_columns_that_decide_whom_a_parameter_reaches():
    filled = ("hukou", "disability_grade", "donations", "vehicles")
    rules = LAW.rules
    outputs = ["disposable_income"]
    # who gets the care allowance: the grade of disability, among others; never donations
    behind = columns_behind(rules, "disability_care_amount", filled, outputs)
    assert "disability_grade" in behind
    assert "donations" not in behind
    assert columns_behind(rules, "disability_care_amount", (), outputs) == ()


def test_to_enrol_the_uninsured_seems_to_reach_everybody():
    """Without pension_scheme everybody counts as uninsured: what enrolment takes is filled."""
    enrol = olive.Reform({"pension_participation": 1.0})
    thin = olive.thin_data(simulated(enrol))
    assert "pension_scheme" in thin.behind["pension_participation"]
    income = thin.effect.frame.set_index("indicator").loc["per_capita_income"]
    assert income["change"] < 0
    assert income["change_observed"] == 0
    assert income["change_filled"] == income["change"]
    assert thin.share("per_capita_income") == 1.0
    assert f"lack {len(thin.filled)} columns: 100% of what moves" in thin.headline.en
    assert "有 100% 依据按中性值填补的列" in thin.headline.zh
    schemes = {"pension_scheme": ["employee"] * 3, "medical_scheme": ["employee"] * 3}
    full = olive.thin_data(simulated(enrol, people=schemes))
    assert "pension_scheme" not in full.filled


def test_the_parts_add_up_and_the_shares_lie_between_0_and_1():
    frame = olive.thin_data(simulated(olive.plan.scenario())).effect.frame
    total = frame["change_observed"] + frame["change_filled"]
    assert total.to_numpy() == pytest.approx(frame["change"].to_numpy(), nan_ok=True)
    assert frame["share_filled"].dropna().between(0, 1).all()


def test_the_targets_say_it_in_both_languages():
    result = simulated(olive.plan.scenario())
    table = olive.compare(result, smallest_cell=0).targets()
    english = " ".join(table.remarks("en"))
    assert f"The data lack {len(result.filled)} columns, taken as neutral" in english
    assert "no target is met or missed by this figure alone" in english
    chinese = " ".join(table.remarks("zh"))
    assert f"数据缺少 {len(result.filled)} 列" in chinese
    assert "是否达到目标不能只看这一数字" in chinese


def test_a_reform_that_rests_on_what_is_there_needs_no_word():
    """The dibao standard is read against incomes, which are amounts and followed no further."""
    told = []
    found = olive.thin_data(
        simulated({"dibao_standard": 15_000.0}), progress=lambda *step: told.append(step)
    )
    assert found.differing == ("dibao_standard",)
    assert found.notes == ()
    assert told == [(1, 2), (2, 2)]  # what is observed is the change, computed already
    assert found.effect["change_observed"].equals(found.effect["change"])
    assert olive.thin_data(simulated({})).differing == ()


def test_policies_and_indicators_by_name():
    result = simulated(olive.plan.scenario())
    assert olive.thin_data(result, "law 2023", 1).differing
    with pytest.raises(DataError, match="no policy 'law 2022'"):
        olive.thin_data(result, "law 2022")
    with pytest.raises(DataError, match="no indicator 'income'"):
        olive.thin_data(result).share("income")
    table = olive.thin_data(result).levers
    assert "依据填补的列的措施" in table.to_markdown("zh")
    assert "pension_participation" in table.to_markdown("en")
