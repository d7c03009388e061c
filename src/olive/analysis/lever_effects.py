"""What each clause of the plan that acts does by itself, and between what its figures leave it.

Every lever of the plan is laid alone on the law in force; one that needs another (subsidies to
starters need starters) is laid on top of all others. The effect is the change of income per head,
and of what is left after necessary expenses; its range is that over all corners of the plausible
ranges of the figures that it leans on. Effects of levers do not add up: they share candidates, and
raise each other's pay.

A run on the shipped sample is part of the package. It says of which data, law and levers it is;
where any of them has changed since, `shipped_effects` says so.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import astuple, dataclass, fields, replace
from itertools import product
from typing import TYPE_CHECKING

from olive.engine import Policy, Reform, Tables, run_policies
from olive.errors import PlanError
from olive.messages import Message, joined
from olive.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from olive.places.plan import Lever, Plan
    from olive.population import Population
    from olive.progress import Progress

FILE = "lever_effects.csv"
# The second is the first where the law knows no necessary expenses.
OUTCOMES = ("disposable_income", "income_after_necessary_expenses")
_MOST_FIGURES = 8  # 256 corners
_NUMBERS = ("income", "income_low", "income_high", "after_costs", "costs_low", "costs_high")


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """What a lever changes alone, in yuan per head and year of the whole population.

    Attributes
    ----------
    clause : str
        The lever's first clause.
    income, income_low, income_high : float
        Change of disposable income, at the lever's figures and over their plausible ranges.
    after_costs, costs_low, costs_high : float
        Change of income after necessary expenses.
    on_top : bool
        Whether the lever is laid on top of all others, since alone it changes nothing.
    """

    clause: str
    income: float
    income_low: float
    income_high: float
    after_costs: float
    costs_low: float
    costs_high: float
    on_top: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing moves anywhere in the range."""
        return not any(getattr(self, name) for name in _NUMBERS)


@dataclass(frozen=True, slots=True)
class LeverEffects:
    """Effects by clause, and of which state of data, law and levers they are.

    Attributes
    ----------
    state : str
        Hash of population, law and levers.
    current : bool
        Whether that is the present state.
    by_clause : mapping of str to LeverEffect
        Every clause of a lever that acts.
    """

    state: str
    current: bool
    by_clause: dict[str, LeverEffect]


def lever_effects(
    population: Population,
    policy: Policy,
    *,
    only: Iterable[str] | None = None,
    seed: int = 0,
    progress: Progress = None,
) -> tuple[LeverEffect, ...]:
    """Compute what each lever of the plan that acts does alone on a policy.

    Parameters
    ----------
    policy : Policy
        The law in force in the population's year.
    only : iterable of str, optional
        Clauses whose levers are wanted; all that act by default.
    seed : int
        For random draws.
    progress : callable or bool, optional
        Called with (levers done, levers in all); True shows a bar.

    Returns
    -------
    tuple of LeverEffect
        In the order of the lever files.

    Raises
    ------
    PlanError
        When no lever that acts carries out a clause of ``only``.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=300, seed=1)
    >>> (floor,) = lever_effects(city, olive.law("2022-07-01"), only=["path.11.dibao_floor"])
    >>> floor.income > 0 and floor.income == floor.income_low  # it leans on no assumption
    True
    """
    plan, found = population.place.plan, []
    for lever, leans_on in watched(_acting(plan, only), progress, Message("simulate")):
        effect = _effect(population, policy, lever, leans_on, seed)
        if effect.is_nothing:
            rest = policy | _others(plan, lever)
            on_top = replace(_effect(population, rest, lever, leans_on, seed), on_top=True)
            effect = effect if on_top.is_nothing else on_top
        found.append(effect)
    return tuple(found)


def _acting(plan: Plan, only: Iterable[str] | None) -> list[tuple[Lever, tuple[str, ...]]]:
    """Return the wanted levers that act, each with the uncertain figures that it leans on."""
    leans_on = {row.clause: row.leans_on for row in plan.coverage() if row.verdict == "acts"}
    found = [
        (lever, tuple(dict.fromkeys(name for each in lever.clauses for name in leans_on[each])))
        for lever in plan.levers()
        if lever.clauses[0] in leans_on
    ]
    if only is None:
        return found
    wanted = set(only)
    unknown = wanted.difference(*(lever.clauses for lever, _ in found))
    if unknown:
        raise PlanError(
            "no lever that acts carries out {unknown}; `olive plan --coverage` says "
            "what each clause does",
            joined(sorted(unknown)),
        )
    return [(lever, names) for lever, names in found if wanted.intersection(lever.clauses)]


def _others(plan: Plan, lever: Lever) -> Reform:
    """Return the plan without a lever."""
    return Reform.from_operations(
        [each for other in plan.levers() if other is not lever for each in other.own]
    )


def _designs(policy: Policy, lever: Lever, leans_on: Sequence[str]) -> list[tuple[Policy, Policy]]:
    """Return policies without and with the lever: as it is, then at every corner of its ranges.

    Figures of the lever itself move with it; those of the law, or of other levers, are the same
    on both sides.
    """
    carried_out = Reform.from_operations(lever.own)
    after = policy | carried_out
    named = leans_on[:_MOST_FIGURES]
    own = [_ends(name, after) for name in named if name in lever.parameters]
    given = [_ends(name, after) for name in named if name not in lever.parameters]
    pairs = [(policy, after)]
    if own or given:
        for base in product(*given):
            without = policy | _set(base)
            pairs += [(without, without | carried_out | _set(corner)) for corner in product(*own)]
    return pairs


def _ends(name: str, policy: Policy) -> list[tuple[str, str, float]]:
    """Return what brings a figure to either end of its range: word, parameter, number."""
    value = policy.values[name]
    plausible = value.plausible
    if plausible is None or value.is_neutral:  # an open lever is no part of the plan as stated
        return [("multiply", name, 1.0)]
    word = "set" if plausible.form == "value" else "multiply"
    return [(word, name, end) for end in (plausible.low, plausible.high)]


def _set(corner: Sequence[tuple[str, str, float]]) -> Reform:
    changes: dict[str, dict[str, float]] = {"set": {}, "multiply": {}}
    for word, name, end in corner:
        changes[word][name] = end
    return Reform(changes["set"], multiply=changes["multiply"])


def _effect(
    population: Population, policy: Policy, lever: Lever, leans_on: Sequence[str], seed: int
) -> LeverEffect:
    """Return the effect of a lever on a policy."""
    arrays, known = population.arrays(), population.place.rules.rules
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    persons = float((population.weight * population.size).sum())
    outcomes = [name if name in known else OUTCOMES[0] for name in OUTCOMES]
    pairs = _designs(policy, lever, leans_on)
    policies = list({id(each): each for pair in pairs for each in pair}.values())
    run = run_policies(tables, policies, [], totals=list(dict.fromkeys(outcomes)), seed=seed)
    figures: list[float] = []
    for outcome in outcomes:
        totals = {id(each): run.totals[at, outcome] for at, each in enumerate(policies)}
        change = [(totals[id(after)] - totals[id(before)]) / persons for before, after in pairs]
        figures += [change[0], min(change), max(change)]
    numbers = dict(zip(_NUMBERS, figures, strict=True))
    return LeverEffect(lever.clauses[0], on_top=False, **numbers)


def law_of_effects(plan: Plan) -> Policy:
    """Return the law on which the report lays the plan, and each lever is laid alone."""
    return plan.place.law(year=plan.year, carry="indexed")


def present_state(population: Population) -> str:
    """Return a hash of the population, the law of the plan's year, and the levers laid on it."""
    plan = population.place.plan
    law = law_of_effects(plan).digest()
    told = [population.fingerprint(), law, *(repr(lever.operations) for lever in plan.levers())]
    return hashlib.sha256("".join(told).encode()).hexdigest()[:16]


def computed_effects(population: Population, *, progress: Progress = None) -> LeverEffects:
    """Compute the effects on a population brought to the plan's year, as the report does."""
    state, plan = present_state(population), population.place.plan
    brought = population.brought_to(plan.year)
    found = lever_effects(brought, law_of_effects(plan), progress=progress)
    return _effects(plan, state, found, current=True)


def shipped_effects(population: Population) -> LeverEffects:
    """Return the effects that the place holds for its sample, and whether they are of today.

    Parameters
    ----------
    population : Population
        The shipped sample, to tell whether the effects are of its present state.
    """
    place = population.place
    if place.runs is None or not (place.runs / FILE).exists():
        raise PlanError(
            "no effects of levers come with the place {name!r}; compute them", place.name
        )
    head, *table = (place.runs / FILE).read_text(encoding="utf-8").splitlines()
    state = head.removeprefix("# state ").strip()
    rows = [
        LeverEffect(
            row["clause"],
            on_top=row["on_top"] == "True",
            **{name: float(row[name]) for name in _NUMBERS},
        )
        for row in csv.DictReader(table)
    ]
    return _effects(place.plan, state, rows, current=state == present_state(population))


def effects_text(effects: LeverEffects) -> str:
    """Return effects in the form of the package's file, figures to a tenth of a fen."""
    text = io.StringIO()
    text.write(f"# state {effects.state}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([each.name for each in fields(LeverEffect)])
    for effect in {each.clause: each for each in effects.by_clause.values()}.values():
        clause, *numbers, on_top = astuple(effect)
        writer.writerow([clause, *(f"{number:.3f}" for number in numbers), on_top])
    return text.getvalue()


def _effects(plan: Plan, state: str, rows: Iterable[LeverEffect], *, current: bool) -> LeverEffects:
    clauses = {lever.clauses[0]: lever.clauses for lever in plan.levers()}
    by_clause = {clause: row for row in rows for clause in clauses.get(row.clause, (row.clause,))}
    return LeverEffects(state, current, by_clause)
