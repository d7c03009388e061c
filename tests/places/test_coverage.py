"""Every sentence that touches income, jobs or costs leads to an outcome or to a reason."""

from __future__ import annotations

import pytest

from olive import plan
from olive.engine import Operation
from olive.places.plan import CoverageRow
from olive.places.plan.coverage import LEVER_KINDS, rows_of, without_outcome
from olive.places.plan.lever_files import Lever

TEXT = "《台州市重点群体“扩中”“提低”行动实施方案(征求意见稿)》 二（二）11"


def row(lever: Lever) -> CoverageRow:
    rows = rows_of(plan, [lever])
    (found,) = [each for each in rows if each.clause == lever.clauses[0]]
    return found


def lever(*operations: Operation, reason: str = "", clause: str = "path.11.dibao_floor") -> Lever:
    return Lever("topic", (clause,), operations, (), reason)


def test_every_lever_clause_has_a_row() -> None:
    rows = plan.coverage()
    assert [each.clause for each in rows] == [each.id for each in plan.clauses()]
    levers = [each for each in rows if each.kind in LEVER_KINDS]
    assert len(levers) == 81 + 25 + 28  # by a reading of the plan
    assert all(each.status != "no_income" for each in levers)


def test_every_lever_leads_to_an_outcome_or_gives_a_reason() -> None:
    assert [each.clause for each in without_outcome(plan.coverage())] == []


def test_what_moves_nothing_gives_a_reason_and_what_acts_needs_none() -> None:
    for each in plan.coverage():
        if each.status in {"not_modelled", "no_effect", "open_value", "credited_elsewhere"}:
            assert len(each.reason.split()) >= 4, each.clause
        elif each.verdict == "acts":
            assert not each.reason, each.clause


def test_statuses() -> None:
    published = Operation("dibao_standard", "at_least", 13_000, status="published", source=TEXT)
    assumed = Operation("dibao_standard", "at_least", 13_000, note="why")
    neutral = Operation("star_rating_bonus", "set", 0, note="no amount in the text")
    assert row(lever(published)).status == "plan_value"
    assert row(lever(assumed)).status == "assumed_value"
    # What is left open beside a figure that acts is still named.
    assert row(lever(published, neutral)).status == "plan_value"
    assert row(lever(published, neutral)).left_open == ("star_rating_bonus",)
    assert row(lever(neutral)).status == "open_value"
    # 11,400 yuan were in force on the day before the plan: 950 a month.
    already = Operation("dibao_standard", "at_least", 11_400, status="published", source=TEXT)
    assert row(lever(already)).status == "in_force"
    unmoved = Operation("dibao_standard", "multiply", 1.0, note="no figure in the text")
    assert row(lever(unmoved)).status == "open_value"
    assert row(lever(reason="There is no such thing.")).status == "not_modelled"
    rows = rows_of(plan, [])
    levers = {each.status for each in rows if each.kind in LEVER_KINDS}
    others = {each.status for each in rows if each.kind not in LEVER_KINDS}
    assert (levers, others) == ({"no_lever"}, {"no_income"})


def test_what_others_do_is_credited_elsewhere() -> None:
    national = Operation("dibao_standard", "at_least", 13_000, note="why", credit="national")
    found = row(lever(national))
    assert (found.status, found.verdict, found.reason) == (
        "credited_elsewhere",
        "credited_elsewhere",
        "why",
    )
    # A figure of the plan beside it acts for itself.
    own = Operation("dibao_take_up_rate", "set", 1, note="all")
    assert row(lever(national, own)).verdict == "acts"


def test_what_acts_names_the_uncertain_figures_it_leans_on() -> None:
    leans_on = {each.clause: set(each.leans_on) for each in plan.coverage()}
    assert leans_on["path.14.training_volume"] == {
        "programme_additionality",
        "training_wage_return",
        "years_of_yearly_programmes",
    }
    assert leans_on["path.11.dibao_floor"] == set()
    for each in plan.coverage():
        assert each.verdict == "acts" or not each.leans_on


def test_a_published_figure_from_elsewhere_is_not_the_plans() -> None:
    other = Operation("dibao_standard", "at_least", 13_000, status="published", source="yearbook")
    assert row(lever(other)).status == "assumed_value"


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        # costs depend on income where help is for low incomes, never the other way round
        ("dibao_standard", ("disposable_income", "household_costs")),
        ("new_urban_jobs", ("disposable_income", "household_costs", "labour_status")),
        ("affordable_rental_units", ("household_costs",)),
    ],
)
def test_outcomes_that_a_parameter_reaches(parameter: str, expected: tuple[str, ...]) -> None:
    assert row(lever(Operation(parameter, "set", 0, note="x"))).reaches == expected


def test_what_reaches_nothing_is_found() -> None:
    """A lever on a parameter that only orders tables, say, would be named."""
    bare = CoverageRow("c", "income_lever", "", ("p",), ("v",), (), "plan_value", (), "")
    excused = CoverageRow("d", "income_lever", "", (), (), (), "not_modelled", (), "Because.")
    governance = CoverageRow("e", "governance", "", ("p",), (), (), "plan_value", (), "")
    assert without_outcome([bare, excused, governance]) == (bare,)


def test_a_figure_of_the_text_that_cannot_act_is_no_plan_value() -> None:
    """200 workshops without jobs, and a bonus nobody is chosen for, change no household."""
    workshops = Operation("workshops", "set", 200, status="published", source=TEXT)
    alone = row(lever(workshops))
    assert (alone.status, alone.waits_for) == ("no_effect", ("jobs_per_workshop",))
    with_jobs = Operation("jobs_per_workshop", "set", 40, note="why")
    assert row(lever(workshops, with_jobs)).status == "plan_value"
    # The bonus needs rated workers, and only those: nothing that could be spared is named.
    bonus = Operation("star_rating_bonus", "set", 1_000, status="published", source=TEXT)
    assert row(lever(bonus)).waits_for == ("star_rating_share",)
    # An assumption that acts does not make the figure beside it one that does.
    rate = Operation("dibao_take_up_rate", "set", 1, note="why")
    assert row(lever(workshops, rate)).status == "assumed_value"


def test_partners_may_stand_in_another_lever() -> None:
    cut = Operation("own_premium_cut", "at_least", 0.1, status="published", source=TEXT)
    rest = [
        Operation("exporting_business_share", "set", 0.1, note="why"),
        Operation("export_insurance_premium", "set", 1_000, note="why"),
    ]
    first = lever(cut, clause="group.3.8.insurance_own_cut")
    second = lever(*rest, clause="group.3.8.insurance_platform_cut")
    found = rows_of(plan, [first, second])
    statuses = {each.clause: each.status for each in found}
    assert statuses["group.3.8.insurance_own_cut"] == "plan_value"
    assert set(row(first).waits_for) == {"exporting_business_share", "export_insurance_premium"}
