"""The runs that olive ships are those of the present sample, law, plan and ranges."""

from __future__ import annotations

import pytest

import olive
from olive.analysis.assumption_range import assumption_range
from olive.analysis.lever_effects import shipped_effects
from olive.report.build import report_setting
from olive.report.request import ReportRequest

REMEDY = "make it anew: python -m olive.report.build_assumption_range"
REMEDY_OF_EFFECTS = "make them anew: python -m olive.analysis.build_lever_effects"


def test_the_shipped_range_fits_the_report_and_holds_every_target() -> None:
    request = ReportRequest()
    city, in_force, plan = report_setting(request)
    found = assumption_range(city, in_force, in_force | plan, seed=request.seed)
    assert found is not None, REMEDY
    assert found.draws >= 1_000
    mean = found.of("per_capita_income", "persons")
    assert mean.change_low <= mean.change_median <= mean.change_high
    assert all(each.low <= each.figure <= each.high for each in found.decisive)
    assert sum(each.met is not None for each in found.rows.values()) == 9


def test_the_shipped_effects_of_levers_are_of_the_present_state() -> None:
    assert shipped_effects(olive.Population.shipped()).current, REMEDY_OF_EFFECTS


def test_the_shipped_effects_of_levers_are_those_on_the_law_of_the_report() -> None:
    # Amounts of which nothing is known for the year grow, as those of the care subsidy do.
    city, in_force, _ = report_setting(ReportRequest())
    (lever,) = [
        each for each in olive.plan.levers() if "group.9.22.disability_care" in each.clauses
    ]
    after = in_force | olive.Reform.from_operations(lever.own)
    found = olive.simulate(city, [in_force, after])
    before, later = (found.values("disposable_income", at) for at in (0, 1))
    change = city.weight @ (later - before) / (city.weight @ city.size)
    effect = shipped_effects(olive.Population.shipped()).by_clause[lever.clauses[0]]
    assert effect.income == pytest.approx(change, abs=0.0006), REMEDY_OF_EFFECTS
