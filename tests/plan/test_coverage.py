"""Every sentence that touches income, jobs or costs leads to an outcome or to a reason."""

from __future__ import annotations

import pytest

from olive import plan
from olive.engine import Operation
from olive.plan.coverage import LEVER_KINDS, rows_of, without_outcome
from olive.plan.levers import FROZEN_DAY, Lever
from olive.policy.law import law, rule_set

TEXT = "《台州市重点群体“扩中”“提低”行动实施方案(征求意见稿)》 二（二）11"


def row(lever: Lever) -> plan.CoverageRow:
    rows = rows_of([lever], rule_set(), law(FROZEN_DAY))
    (found,) = [each for each in rows if each.clause == lever.clauses[0]]
    return found


def lever(*operations: Operation, reason: str = "", clause: str = "path.11.dibao_floor") -> Lever:
    return Lever("topic", (clause,), operations, (), reason)


def test_every_lever_clause_has_a_row() -> None:
    clauses = {each.id for each in plan.clauses() if each.kind in LEVER_KINDS}
    rows = [each.clause for each in plan.coverage()]
    assert len(rows) == len(set(rows))
    assert clauses <= set(rows)
    assert len(clauses) == 81 + 25 + 28  # by a reading of the plan


def test_every_lever_leads_to_an_outcome_or_gives_a_reason() -> None:
    assert [each.clause for each in without_outcome(plan.coverage())] == []


def test_a_reason_is_a_sentence() -> None:
    for each in plan.coverage():
        assert (each.status == "not_modelled") == bool(each.reason), each.clause
        if each.reason:
            assert len(each.reason.split()) >= 4, each.clause


def test_statuses() -> None:
    published = Operation("dibao_standard", "at_least", 13_000, status="published", source=TEXT)
    assumed = Operation("dibao_standard", "at_least", 13_000, note="why")
    neutral = Operation("star_rating_bonus", "set", 0, note="no amount in the text")
    assert row(lever(published)).status == "plan_value"
    assert row(lever(assumed)).status == "assumed_value"
    assert row(lever(published, neutral)).status == "open_value"
    assert row(lever(published, neutral)).left_open == ("star_rating_bonus",)
    unmoved = Operation("dibao_standard", "multiply", 1.0, note="no figure in the text")
    assert row(lever(unmoved)).status == "open_value"
    assert row(lever(reason="There is no such thing.")).status == "not_modelled"
    rows = rows_of([], rule_set(), law(FROZEN_DAY))
    assert {each.status for each in rows} == {"no_lever"}


def test_a_published_figure_from_elsewhere_is_not_the_plans() -> None:
    other = Operation("dibao_standard", "at_least", 1, status="published", source="yearbook")
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
    bare = plan.CoverageRow("c", "income_lever", "", ("p",), ("v",), (), "plan_value", (), "")
    excused = plan.CoverageRow("d", "income_lever", "", (), (), (), "not_modelled", (), "Because.")
    governance = plan.CoverageRow("e", "governance", "", ("p",), (), (), "plan_value", (), "")
    assert without_outcome([bare, excused, governance]) == (bare,)
