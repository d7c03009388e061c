"""Each of the nine groups feels the levers that the plan names for it."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive import plan
from olive.engine import Reform
from olive.simulation.groups import group_flags
from olive.taizhou.groups import GROUPS

# Part three of the plan treats the groups in this order. Paths of part two that the paragraphs of
# a group rest on: certificates and trainees, starters.
CLAUSES = {
    "skilled_workers": ("group.1.", "path.14."),
    "researchers": ("group.2.",),
    "business_owners": ("group.3.",),
    "graduates": ("group.4.", "path.5.startup"),
    "farmers_fishers": ("group.5.",),
    "new_employment": ("group.6.", "path.14."),
    "rural_migrants": ("group.7.", "path.5.startup"),
    "low_income_rural": ("group.8.",),
    "hardship": ("group.9.",),
}
OUTCOMES = ("disposable_income", "income_after_necessary_expenses")


@pytest.fixture(scope="module")
def result():
    law = olive.law(plan.frozen_day)
    policies = [law.renamed("before")]
    for name, clauses in CLAUSES.items():
        operations = [
            each
            for lever in plan.levers()
            if any(clause.startswith(clauses) for clause in lever.clauses)
            for each in lever.operations
        ]
        policies.append((law | Reform.from_operations(operations)).renamed(name))
    city = olive.Population.synthetic(households=3_000, seed=5)
    return olive.simulate(city, policies, outputs=list(OUTCOMES))


def test_every_group_has_its_paragraphs() -> None:
    assert list(CLAUSES) == [group.name for group in GROUPS.groups]


@pytest.mark.parametrize("name", CLAUSES)
def test_members_feel_the_levers_of_their_group(result, name) -> None:
    starts = result.population.arrays().starts[:-1]
    members = np.logical_or.reduceat(group_flags(result.population)[name], starts)
    moved = np.zeros(members.size, dtype=bool)
    for outcome in OUTCOMES:
        change = result.values(outcome, name) - result.values(outcome, "before")
        moved |= np.abs(change) > 0.005
    assert moved[members].any()
    # Levers for a group are felt more often inside it than outside.
    assert moved[members].mean() > moved[~members].mean()


def test_researchers_have_assumed_figures_alone() -> None:
    """The plan names their pay and rewards without a figure: what acts is an assumption."""
    rows = [row for row in plan.coverage() if row.clause.startswith("group.2.")]
    acting = {row.clause: row.status for row in rows if row.verdict == "acts"}
    assert acting == dict.fromkeys(
        ("group.2.4.researcher_pay", "group.2.5.transfer_incentive"), "assumed_value"
    )
