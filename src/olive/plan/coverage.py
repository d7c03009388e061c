"""Which sentence of the plan reaches which outcome of a household, through which lever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np

from olive.engine import Policy, Reform, RuleSet
from olive.plan.catalogue import clause, clauses
from olive.plan.levers import FROZEN_DAY, Lever, in_the_text, levers
from olive.policy.law import law, rule_set

Outcome = Literal["disposable_income", "household_costs", "labour_status"]
Status = Literal["plan_value", "assumed_value", "open_value", "not_modelled", "no_lever"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
STATUSES: tuple[Status, ...] = get_args(Status)
LEVER_KINDS = ("income_lever", "labour_market_lever", "cost_lever")

_LABOUR_STATUS = ("is_employed", "is_working")
_AFTER_COSTS = "income_after_necessary_expenses"
# What that rule reads besides costs: an income, and a correction of that income.
_NOT_COSTS = frozenset({"cash_disposable_income", "counted_medical_reimbursements"})


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """How one clause of the plan is carried out.

    Attributes
    ----------
    clause, kind : str
        Clause id and what it is to a model.
    quote_zh : str
        The words of the plan.
    parameters : tuple of str
        Parameters that carry it out.
    variables : tuple of str
        Rules that they reach first.
    reaches : tuple of {"disposable_income", "household_costs", "labour_status"}
        Outcomes that depend on the parameters.
    status : {"plan_value", "assumed_value", "open_value", "not_modelled", "no_lever"}
        With a figure of the plan's text; with named assumptions only; working, but at rest
        until somebody sets what is ``left_open``; impossible, for ``reason``; missing.
    left_open : tuple of str
        Parameters for which nothing can be said, so that they stay as without the plan.
    reason : str
        Why it cannot be modelled.
    """

    clause: str
    kind: str
    quote_zh: str
    parameters: tuple[str, ...]
    variables: tuple[str, ...]
    reaches: tuple[Outcome, ...]
    status: Status
    left_open: tuple[str, ...]
    reason: str


@cache
def coverage() -> tuple[CoverageRow, ...]:
    """Return how every lever clause of the plan, and every other clause with a lever, is modelled.

    Returns
    -------
    tuple of CoverageRow
        In the order of the plan's text.

    Examples
    --------
    >>> (row,) = [each for each in coverage() if each.clause == "path.11.dibao_floor"]
    >>> row.parameters, row.reaches, row.status
    (('dibao_standard',), ('disposable_income', 'household_costs'), 'plan_value')
    """
    return rows_of(levers(), rule_set(), law(FROZEN_DAY))


def rows_of(found: Iterable[Lever], rules: RuleSet, before: Policy) -> tuple[CoverageRow, ...]:
    """Return the rows of given levers, rules and law before the plan."""
    by_clause = {clause_id: lever for lever in found for clause_id in lever.clauses}
    return tuple(
        _row(entry.id, by_clause.get(entry.id), rules, before)
        for entry in clauses()
        if entry.kind in LEVER_KINDS or entry.id in by_clause
    )


def without_outcome(rows: Iterable[CoverageRow]) -> tuple[CoverageRow, ...]:
    """Return the lever clauses that lead to no outcome and give no reason: there should be none.

    >>> rows = [CoverageRow("c", "cost_lever", "", ("fee",), ("cost",), (), "plan_value", (), "")]
    >>> [row.clause for row in without_outcome(rows)]
    ['c']
    """
    return tuple(
        row
        for row in rows
        if row.kind in LEVER_KINDS and not row.reaches and row.status != "not_modelled"
    )


def _row(clause_id: str, lever: Lever | None, rules: RuleSet, before: Policy) -> CoverageRow:
    entry = clause(clause_id)
    left_open = _left_open(lever, before) if lever else ()
    return CoverageRow(
        clause=clause_id,
        kind=entry.kind,
        quote_zh=entry.quote_zh,
        parameters=lever.parameters if lever else (),
        variables=lever.variables if lever else (),
        reaches=_reached(lever.parameters, rules) if lever else (),
        status=_status(lever, left_open),
        left_open=left_open,
        reason=lever.not_modelled if lever else "",
    )


def _reached(parameters: Iterable[str], rules: RuleSet) -> tuple[Outcome, ...]:
    moved = {variable for name in parameters for variable in rules.moved_by(name)}
    variables: dict[Outcome, Iterable[str]] = {
        "disposable_income": ("disposable_income",),
        "household_costs": set(rules.reads(_AFTER_COSTS)) - _NOT_COSTS,
        "labour_status": _LABOUR_STATUS,
    }
    return tuple(outcome for outcome in OUTCOMES if moved.intersection(variables[outcome]))


def _status(lever: Lever | None, left_open: tuple[str, ...]) -> Status:
    if lever is None:
        return "no_lever"
    if lever.not_modelled:
        return "not_modelled"
    if left_open:
        return "open_value"
    texts = any(in_the_text(operation) for operation in lever.operations)
    return "plan_value" if texts else "assumed_value"


def _left_open(lever: Lever, before: Policy) -> tuple[str, ...]:
    """Return the parameters for which nothing is said: assumed to be as without the plan.

    These are the assumed ones that stay zero (but for codes, where zero is a choice), and all of
    them where the whole lever moves nothing and no figure is in the text.
    """
    after = before | Reform.from_operations(lever.operations)
    assumed = {each.parameter for each in lever.operations if each.is_assumed}
    at_rest = [
        name
        for name in lever.parameters
        if name in assumed
        and np.array_equal(before.values[name].vector(), after.values[name].vector())
    ]
    if len(at_rest) == len(lever.parameters):
        return tuple(at_rest)
    return tuple(
        name
        for name in at_rest
        if before.rules.parameters[name].unit != "code" and not before.values[name].vector().any()
    )
