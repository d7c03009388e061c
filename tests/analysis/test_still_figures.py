"""Every figure that is neither law nor published has a plausible range, or is of a stated kind."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import olive
from olive.analysis.assumed import assumptions
from olive.analysis.indicators import income_variables
from olive.analysis.still_figures import KINDS, NOTES, ROWS, still_kind
from olive.engine import Operation, PlausibleRange, Reform
from olive.errors import DataError

LAW = olive.law(year=2025)
PLAN = olive.plan.scenario()
AFTER = LAW | PLAN
INCOMES = income_variables(olive.place())
FOUND = assumptions(LAW, PLAN, INCOMES)

# Tables at nothing, in which a multiple of the figures is nothing as well.
TABLES_AT_NOTHING = {"medical_assistance_rate", "ecological_compensation_per_head"}
READINGS_OF_THE_LAW = {
    "couples_choose_best_child_claim",
    "countable_income_deducts_housing_fund",
    "countable_income_deducts_transfers_paid",
    "dibao_counts_central_basic_pension",
    "dibao_counts_old_age_allowance",
    "dibao_single_claim_below_line",
    "disability_subsidies_with_tekun",
    "flexible_subsidy_for_disabled",
    "flexible_subsidy_for_zero_employment_families",
    "housing_fund_contribution_deducted",
    "housing_fund_employer_part_counted",
    "residents_eligible_for_assistance",
    "rigid_expense_deducted",
    "trainee_lawyer_minimum_wage",
}


def by_kind() -> dict[str, set[str]]:
    found = defaultdict(set)
    for name, kind in FOUND.still.items():
        found[kind].add(name)
    return found


@pytest.mark.parametrize("policy", [LAW, AFTER], ids=["law", "plan"])
def test_no_figure_is_without_a_range_or_a_kind(policy) -> None:
    """Over all figures, whether they move a default run or not."""
    bare = [
        name
        for name, value in policy.uncertain().items()
        if value.plausible is None
        and still_kind(policy.rules.parameters[name], value) == "no_range"
    ]
    assert bare == []


def test_what_stands_still_in_the_default_run_by_kind() -> None:
    found = by_kind()
    assert set(found) == {"switch", "code", "open_lever", "neutral", "carried_along"}
    assert found["switch"] == READINGS_OF_THE_LAW
    assert found["code"] == {"minimum_wage_group", "minimum_wage_finding"}
    assert found["carried_along"] == {"minimum_wage_of_the_notices"}
    # Measures that the law does not have: the plan sets them to a figure of its own, or some
    # other text (a national or an earlier measure) does.
    for name in found["neutral"]:
        assert LAW.values[name].is_neutral
        firm = AFTER.values[name].status in {"law", "published"}
        assert firm or name not in PLAN.parameters, name


def test_a_lever_left_open_has_a_range_up_to_a_plausible_end_unless_it_is_a_table_at_nothing() -> (
    None
):
    levers = by_kind()["open_lever"]
    assert len(levers) > 25
    assert {name for name in levers if AFTER.values[name].plausible is None} == TABLES_AT_NOTHING
    for name in levers - TABLES_AT_NOTHING:
        plausible = AFTER.values[name].plausible
        assert plausible.basis
        assert plausible.low <= float(AFTER.values[name].datum) <= plausible.high, name


def test_no_switch_and_no_open_lever_is_drawn() -> None:
    drawn = {each.name for each in FOUND.drawn}
    singly = {each.name for each in FOUND.singly}
    assert not drawn & set(FOUND.still)
    assert singly == by_kind()["switch"] | by_kind()["open_lever"] - TABLES_AT_NOTHING
    assert {each.side for each in FOUND.singly if FOUND.still[each.name] == "open_lever"} == {
        "plan"
    }


def test_a_switch_is_set_both_ways_in_both_policies() -> None:
    for end in (0.0, 1.0):
        before, after = FOUND.policies({"dibao_single_claim_below_line": end}, 0)
        assert before.values["dibao_single_claim_below_line"].datum == end
        assert after.values["dibao_single_claim_below_line"].datum == end


def test_an_open_lever_moves_the_plan_alone() -> None:
    before, after = FOUND.policies({"public_posts (plan)": 1_000.0}, 0)
    assert before.values["public_posts"] is LAW.values["public_posts"]
    assert after.values["public_posts"].datum == 1_000


def test_a_figure_moves_with_the_one_that_it_repeats() -> None:
    """Drawn a tenth up, the minimum wage is no rise over the notices."""
    before, after = FOUND.policies({"minimum_wage": 1.04}, 0)
    notices = LAW.values["minimum_wage_of_the_notices"].datum
    for policy in (before, after):
        assert policy.values["minimum_wage_of_the_notices"].datum == pytest.approx(1.04 * notices)
    assert np.allclose(before.values["minimum_wage"].datum, 1.04 * LAW.values["minimum_wage"].datum)


def test_an_open_lever_is_drawn_where_a_user_names_it_or_a_reform_gives_it_a_range() -> None:
    named = assumptions(LAW, PLAN, INCOMES, {"public_posts": (0, 500)})
    assert [(each.name, each.side, each.high) for each in named.drawn] == [
        ("public_posts", "plan", 500)
    ]
    assert [each.high for each in assumptions(LAW, PLAN, INCOMES, ["public_posts"]).drawn] == [
        LAW.rules.parameters["public_posts"].plausible.high
    ]
    stated = Operation("public_posts", "set", 0, plausible=PlausibleRange(0, 700, "a survey"))
    found = assumptions(LAW, Reform.from_operations([stated]), INCOMES)
    assert "public_posts" in {each.name for each in found.drawn}


@pytest.mark.slow  # quick: a switch, an open lever
def test_switches_and_open_levers_have_rows_of_their_own_one_at_a_time() -> None:
    city = olive.Population.synthetic(households=300, seed=1)
    reform = Reform.from_operations([Operation("business_burden_cut", "set", 0)])
    table = olive.uncertainty(city, LAW, reform, method="one_at_a_time")
    frame = table.frame[
        (table.frame["indicator"] == "per_capita_income") & (table.frame["definition"] == "persons")
    ]
    row = frame[frame["name"] == "business_burden_cut"].iloc[0]
    assert row["kind"] == "open_lever"
    assert row["change_at_low"] == 0.0
    assert row["change_at_high"] > 0.0
    both = frame[frame["name"] == "housing_fund_contribution_deducted"].iloc[0]
    assert (both["kind"], both["low"], both["high"]) == ("switch", 0.0, 1.0)
    for language, word in (("en", "switches between two readings"), ("zh", "两种读法的开关")):
        assert word in table.to_markdown(language)


@pytest.mark.parametrize(
    ("name", "method", "message"),
    [
        ("dibao_single_claim_below_line", "joint", "method='one_at_a_time'"),
        ("minimum_wage_finding", "one_at_a_time", "is a switch or code and is not drawn"),
    ],
)
def test_naming_a_switch_or_code_is_answered(name, method, message) -> None:
    city = olive.Population.synthetic(households=20, seed=1)
    with pytest.raises(DataError, match=message):
        olive.uncertainty(city, LAW, PLAN, [name], method=method)


def test_every_kind_has_words_in_both_languages() -> None:
    assert set(NOTES) == set(ROWS) == set(KINDS)
