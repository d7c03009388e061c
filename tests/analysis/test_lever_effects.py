"""Effects of levers alone: by hand, at the corners of their ranges, shipped and told apart."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive import plan
from olive.analysis import lever_effects as effects
from olive.errors import PlanError


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=400, seed=3).uprate(plan.year)


def test_the_effect_of_dividends_is_what_the_villages_pay(city) -> None:
    """One bn yuan less what villages pay already, over all residents; no uncertain figure."""
    (found,) = effects.lever_effects(
        city, olive.law(year=plan.year), only=["group.5.12.village_dividend_total"]
    )
    weight = city.weight
    paid = float((weight * city.arrays().households["collective_dividend"]).sum())
    persons = float((weight * city.size).sum())
    # Dibao falls by a little where a family on it gets a dividend; taxes are not touched.
    assert found.income == pytest.approx((1e9 - paid) / persons, rel=0.05)
    assert found.income_low == found.income == found.income_high


def test_ranges_hold_the_effect_and_their_ends_are_corners(city) -> None:
    clause = "path.14.training_volume"
    law = olive.law(year=plan.year)
    (found,) = effects.lever_effects(city, law, only=[clause])
    assert found.income_low == pytest.approx(0, abs=1e-9)  # nobody additional, or no return
    assert found.income_low < found.income < found.income_high
    (row,) = [each for each in plan.coverage() if each.clause == clause]
    assert set(row.leans_on) == {
        "programme_additionality",
        "training_wage_return",
        "years_of_yearly_programmes",
    }
    # The high corner by hand: two years, three fifths additional, at a return of five per cent.
    (lever,) = [each for each in plan.levers() if clause in each.clauses]
    high = law | olive.Reform.from_operations(lever.operations)
    high |= {"programme_additionality": 0.6, "training_wage_return": 0.05}
    result = olive.simulate(city, [law, high])
    change = result.values("disposable_income", 1) - result.values("disposable_income", 0)
    persons = float((city.weight * city.size).sum())
    assert found.income_high == pytest.approx(float((city.weight * change).sum()) / persons)


def test_shipped_effects_cover_every_clause_that_acts() -> None:
    found = effects.shipped_effects(olive.Population.shipped())
    acting = {row.clause for row in plan.coverage() if row.verdict == "acts"}
    assert acting == set(found.by_clause)
    for each in found.by_clause.values():
        assert each.income_low <= each.income <= each.income_high
        assert each.costs_low <= each.after_costs <= each.costs_high
        assert max(map(abs, (each.income, each.after_costs, each.income_high))) < np.inf


def test_effects_of_another_state_are_told(monkeypatch) -> None:
    monkeypatch.setattr(effects, "present_state", lambda population: "another")
    assert not effects.shipped_effects(olive.Population.shipped()).current


def test_effects_are_written_as_they_are_read(monkeypatch, tmp_path) -> None:
    sample = olive.Population.shipped()
    shipped = effects.shipped_effects(sample)
    text = effects.effects_text(shipped)
    assert text.startswith(f"# state {shipped.state}\n")
    assert text == (sample.place.runs / effects.FILE).read_text(encoding="utf-8")


def test_clauses_that_do_not_act_are_refused(city) -> None:
    with pytest.raises(PlanError, match=r"no lever that acts carries out path\.12\.charity_system"):
        effects.lever_effects(city, olive.law(year=plan.year), only=["path.12.charity_system"])
