"""Which sentence of the plan reaches which outcome of a household, through which lever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from olive.engine import Policy, Reform
from olive.engine.relevance import Relevance
from olive.places.plan.clause_files import Clause
from olive.places.plan.lever_files import Lever, in_the_text, levers_of, of_the_plan
from olive.places.plan.plan_files import PlanFiles

Outcome = Literal["disposable_income", "household_costs", "labour_status"]
Status = Literal[
    "plan_value",
    "assumed_value",
    "in_force",
    "credited_elsewhere",
    "no_effect",
    "open_value",
    "not_modelled",
    "no_income",
    "no_lever",
]
Verdict = Literal["acts", "open", "credited_elsewhere", "no_household_income"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
STATUSES: tuple[Status, ...] = get_args(Status)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_VERDICT: dict[Status, Verdict] = {
    "plan_value": "acts",
    "assumed_value": "acts",
    "in_force": "credited_elsewhere",
    "credited_elsewhere": "credited_elsewhere",
    "no_effect": "open",
    "open_value": "open",
    "no_lever": "open",
    "not_modelled": "no_household_income",
    "no_income": "no_household_income",
}
LEVER_KINDS = ("income_lever", "labour_market_lever", "cost_lever")


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
    status : str
        How the clause stands in the whole plan. ``"plan_value"``: a figure of its text moves an
        outcome. ``"assumed_value"``: named assumptions or figures from elsewhere do.
        ``"in_force"``: the law before the plan says as much already. ``"credited_elsewhere"``: a
        measure of state or province, or an earlier one, see `olive.plan.credited_elsewhere`.
        ``"no_effect"``: its figures move nothing until somebody sets ``waits_for``.
        ``"open_value"``: at rest until somebody sets what is ``left_open``.
        ``"not_modelled"``: impossible, for ``reason``. ``"no_income"``: a target, an indicator or
        an act of governing that by itself changes no income or cost of a household.
        ``"no_lever"``: missing.
    left_open : tuple of str
        Parameters for which nothing can be said, so that they stay as without the plan.
    reason : str
        Why it cannot be modelled, or why nothing can be said about what is left open.
    waits_for : tuple of str
        Parameters at zero in the plan that keep its figures from moving anything.
    reason_zh : str
        In Chinese, why it cannot be modelled.
    leans_on : tuple of str
        Figures with a plausible range, its own or of the law, that the effect depends on.
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
    waits_for: tuple[str, ...] = ()
    leans_on: tuple[str, ...] = ()
    reason_zh: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the clause acts, is open, is credited elsewhere, or reaches no household."""
        return _VERDICT[self.status]


@cache
def coverage(plan: PlanFiles) -> tuple[CoverageRow, ...]:
    """Return how every clause of a plan is modelled, or why it is not.

    Returns
    -------
    tuple of CoverageRow
        In the order of the plan's text.

    Examples
    --------
    >>> import olive
    >>> (row,) = [x for x in olive.plan.coverage() if x.clause == "path.11.dibao_floor"]
    >>> row.parameters, row.reaches, row.status
    (('dibao_standard',), ('disposable_income', 'household_costs'), 'plan_value')
    """
    return rows_of(plan, levers_of(plan))


def rows_of(plan: PlanFiles, found: Iterable[Lever]) -> tuple[CoverageRow, ...]:
    """Return the rows of given levers, on the law before the plan."""
    found = list(found)
    before = plan.place.law(plan.frozen_day)
    final = [name for names in plan.settings["outcomes"].values() for name in names]
    every = Reform.from_operations(each for lever in found for each in lever.own)
    carried_out = Relevance(before | every, frozenset())
    moved = [_moved(lever, before) for lever in found]
    every_live = carried_out.live(final, set().union(*moved))
    by_clause: dict[str, tuple[Lever, _Effect]] = {}
    for lever, own in zip(found, moved, strict=True):
        live = every_live.intersection(own)
        effect = _Effect(
            moves=bool(own),
            live=frozenset(live),
            left_open=_left_open(lever, own, before | Reform.from_operations(lever.own)),
            waits_for=_missing(own, carried_out, final) if own and not live else (),
            leans_on=_uncertain(lever, carried_out.policy) if live else (),
        )
        for clause_id in lever.clauses:
            by_clause[clause_id] = lever, effect
    rows = []
    for entry in plan.clauses():
        lever_of_clause, effect = by_clause.get(entry.id, (None, _Effect()))
        rows.append(_row(plan, entry, lever_of_clause, effect))
    return tuple(rows)


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


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a lever moves: anything at all, what acts in the whole plan, and what is missing."""

    moves: bool = False
    live: frozenset[str] = frozenset()
    left_open: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    leans_on: tuple[str, ...] = ()


def _row(plan: PlanFiles, entry: Clause, lever: Lever | None, effect: _Effect) -> CoverageRow:
    return CoverageRow(
        clause=entry.id,
        kind=entry.kind,
        quote_zh=entry.quote_zh,
        parameters=lever.parameters if lever else (),
        variables=lever.variables if lever else (),
        reaches=_reached(plan, lever.parameters) if lever else (),
        status=_status(plan, entry.kind, lever, effect),
        left_open=effect.left_open,
        reason=_reason(lever, effect) if lever else "",
        waits_for=effect.waits_for,
        leans_on=effect.leans_on,
        reason_zh=lever.not_modelled_zh if lever else "",
    )


def _reason(lever: Lever, effect: _Effect) -> str:
    """Return why a clause is not modelled, or the notes of what is left open or rests."""
    if lever.not_modelled or effect.live:
        return lever.not_modelled
    elsewhere = [each.parameter for each in lever.operations if not of_the_plan(each)]
    wanted = elsewhere or effect.left_open or lever.parameters
    notes = [each.note for each in lever.operations if each.parameter in wanted]
    return " ".join(dict.fromkeys(note for note in notes if note))


def _reached(plan: PlanFiles, parameters: Iterable[str]) -> tuple[Outcome, ...]:
    rules = plan.place.rules
    moved = set(rules.moved_by(*parameters))
    reached = []
    for outcome in OUTCOMES:
        names = set(plan.settings["outcomes"].get(outcome, ()))
        if outcome == "household_costs":  # whatever income after expenses reads besides income
            read = {each for name in names for each in rules.reads(name)}
            names = read - set(plan.settings.get("not_costs", ()))
        if moved & names:
            reached.append(outcome)
    return tuple(reached)


def _status(plan: PlanFiles, kind: str, lever: Lever | None, effect: _Effect) -> Status:
    if lever is None:
        return "no_lever" if kind in LEVER_KINDS else "no_income"
    if lever.not_modelled:
        return "not_modelled"
    if effect.live:
        acting = [each for each in lever.operations if each.parameter in effect.live]
        return "plan_value" if any(in_the_text(each, plan) for each in acting) else "assumed_value"
    if lever.own != lever.operations:
        return "credited_elsewhere"
    if effect.moves:
        return "no_effect"
    return "open_value" if effect.left_open else "in_force"


def _moved(lever: Lever, before: Policy) -> list[str]:
    """Return the parameters that the lever changes as the plan's own."""
    own = Reform.from_operations(lever.own)
    after = before | own
    return [name for name in own.parameters if not before.values[name].same_as(after.values[name])]


def _uncertain(lever: Lever, plan: Policy) -> tuple[str, ...]:
    """Return the uncertain figures that the lever's own rules read, its own figures first."""
    rules = plan.rules
    own = set(lever.parameters)
    reading = [
        rule
        for name, rule in rules.rules.items()
        if name in lever.variables or own.intersection(rule.arguments)
    ]
    read = (name for rule in reading for name in rule.arguments if name in rules.parameters)
    names = dict.fromkeys((*lever.parameters, *read))
    return tuple(name for name in names if plan.values[name].plausible is not None)


def _left_open(lever: Lever, moved: list[str], own: Policy) -> tuple[str, ...]:
    """Return the parameters for which nothing is said: assumed to be as without the plan.

    These are the assumed ones that stay zero (but for codes, where zero is a choice), and all of
    them where the whole lever moves nothing and no figure is in the text.
    """
    assumed = {each.parameter for each in lever.operations if each.is_assumed}
    at_rest = [name for name in lever.parameters if name in assumed and name not in moved]
    if len(at_rest) == len(lever.parameters):
        return tuple(at_rest)
    return tuple(name for name in at_rest if _is_zero(name, own))


def _missing(moved: list[str], plan: Relevance, final: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters at zero that keep those moved from acting; none that can be spared."""
    rules = plan.policy.rules
    reading = [rule for rule in rules.rules.values() if set(moved).intersection(rule.arguments)]
    candidates = [
        name
        for name in dict.fromkeys(name for rule in reading for name in rule.arguments)
        if name in rules.parameters and name not in moved and _is_zero(name, plan.policy)
    ]
    if not plan.live(final, moved, candidates):
        return ()
    needed = candidates
    for name in candidates:
        fewer = [each for each in needed if each != name]
        if plan.live(final, moved, fewer):
            needed = fewer
    return tuple(needed)


def _is_zero(name: str, policy: Policy) -> bool:
    is_code = policy.rules.parameters[name].unit == "code"
    return not is_code and not policy.values[name].vector().any()
